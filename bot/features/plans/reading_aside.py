"""A file that was kept is read aside: at once, or page by page where its pages are pictures, with progress told."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.features.plans import entering, review_words, reviews
from bot.features.plans.entering import ReadFile
from bot.features.plans.reading_words import refused
from bot.features.plans.reviews import ReviewView
from bot.hands import errands
from bot.hands.errands import Made, Maker, Workplace
from bot.road.reply import Reply
from bot.rules import Rules
from knowledge.answer import Adviser

READING, SCANNING = "plans.read", "plans.scan"
"""Errands."""


class FileErrand(msgspec.Struct, frozen=True):
    """A file that is to be read, by its hash; `told` is the key of the message that says so."""

    file: str
    told: str


class ScanErrand(msgspec.Struct, frozen=True):
    """The next of a file's scanned pages that is to be read, by its place among their `pages`."""

    file: str
    told: str
    pages: tuple[int, ...]
    place: int


async def read_aside(place: Workplace, errand: FileErrand) -> Made:
    """Read a file that was kept, and show what was understood; its scanned pages, if any, before that."""
    adviser = place.resource(Adviser)
    async with place.reading() as asking:
        kept = await reviews.find_kept(asking, errand.file)
        pages = await reviews.list_pages(asking, errand.file)
    if kept is None:
        return Made()
    known = tuple(adviser.plans.values())
    read = await asyncio.to_thread(entering.read_kept, *kept, pages, known, adviser.understanding)
    if read.unread:
        first = ScanErrand(errand.file, errand.told, read.unread, 0)
        return Made([review_words.scanning(1, len(read.unread), errand.told)], _then(place, SCANNING, first, "1"))
    async with place.writing() as asking:
        review_id = await reviews.keep_reading(asking, errand.file, read)
        view = (
            await reviews.find_view(asking, review_id, adviser, place.resource(Rules))
            if review_id is not None
            else None
        )
    return Made([_found(read, view)])


async def scan_aside(place: Workplace, errand: ScanErrand) -> Made:
    """Read a scanned page, keep it, and go on with the next one, or with the whole."""
    number = errand.pages[errand.place]
    async with place.reading() as asking:
        kept = await reviews.find_kept(asking, errand.file)
        is_read = await reviews.has_page(asking, errand.file, number)
    if kept is None:
        return Made()
    if not is_read:
        page = await asyncio.to_thread(entering.scan_page, *kept, number)
        async with place.writing() as asking:
            if not isinstance(page, bytes):
                await reviews.keep_reading(asking, errand.file, ReadFile(why=page))
                return Made([Reply(refused(page))])
            await reviews.keep_page(asking, errand.file, number, page)
    following, count = errand.place + 1, len(errand.pages)
    if following == count:
        whole = FileErrand(errand.file, errand.told)
        return Made([review_words.scanned(count, errand.told)], _then(place, READING, whole, "whole"))
    again = msgspec.structs.replace(errand, place=following)
    progress = review_words.scanning(following + 1, count, errand.told)
    return Made([progress], _then(place, SCANNING, again, str(following + 1)))


def _then(
    place: Workplace, kind: str, errand: FileErrand | ScanErrand, step: str
) -> Callable[[AsyncConnection], Awaitable[None]]:
    async def note(db: AsyncConnection) -> None:
        await errands.add_next(db, kind, place, errand, key=f"{errand.told}:{step}")

    return note


def _found(read: ReadFile, view: ReviewView | None) -> Reply:
    if view is not None:
        return review_words.card(view)
    if read.why is not None:
        return Reply(refused(read.why))
    return review_words.known_already(read.same) if read.same is not None else review_words.no_plan()


MAKERS: Final[dict[str, Maker[Any]]] = {
    READING: Maker(FileErrand, read_aside, failed=review_words.reading_failed()),
    SCANNING: Maker(ScanErrand, scan_aside, failed=review_words.reading_failed()),
}
