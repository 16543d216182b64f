"""Known names of people and units, read from the database for masking, and again after a while."""

from __future__ import annotations

import asyncio
import time
from typing import Final

from bot.reader.masking import Masker, Phrase, words_of
from knowledge.answer import Adviser
from storage import people, units
from storage.engine import Database

FRESH_FOR: Final = 300.0
"""Seconds after which names are read anew."""


class KnownNames:
    """A maker of the masker, which it keeps for `FRESH_FOR` seconds."""

    def __init__(self, adviser: Adviser) -> None:
        """Names of the plans of `adviser` are public, and so are the places that everybody knows."""
        self._public = find_public(adviser)
        self._making: asyncio.Task[Masker] | None = None
        self._made_at = 0.0

    async def get_masker(self, database: Database) -> Masker:
        """The masker of what is stored now. Whoever gives up waiting does not stop it for others."""
        making = self._making
        is_stale = time.monotonic() - self._made_at > FRESH_FOR
        if making is None or (making.done() and (is_stale or making.exception() is not None)):
            making = self._making = asyncio.create_task(self._make(database))
            self._made_at = time.monotonic()
        return await asyncio.shield(making)

    async def _make(self, database: Database) -> Masker:
        async with database.read() as db:
            known = await people.list_names(db)
            places = await units.list_names(db)
        return await asyncio.to_thread(Masker, known, places, self._public)


def find_public(adviser: Adviser) -> frozenset[Phrase]:
    """The names that everybody may know: those of the plans and their issuers, and of places."""
    named = [*adviser.glossary.elsewhere.places]
    for plan in adviser.plans.values():
        named += [plan.issuer, plan.short, plan.place, *plan.aliases]
    return frozenset(words_of(name) for name in named if name)
