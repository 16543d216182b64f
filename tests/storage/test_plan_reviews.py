"""Reviews of files: kept with every decision, each made once, dropped whole."""

from __future__ import annotations

from datetime import UTC, datetime

from knowledge.model.plan_reviews import TAKEN, ReviewMatter, ReviewRow, ReviewVerdict
from storage import plan_reviews, plans
from storage.engine import Database
from tests.bot.test_living import plan_of

NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)
ROWS = (
    ReviewRow(place=1, matter=ReviewMatter.TARGET, verdict=ReviewVerdict.SURE, content={"value": "80"}),
    ReviewRow(
        place=2, matter=ReviewMatter.TARGET, verdict=ReviewVerdict.DOUBTFUL, content={"value": "60"}, doubt="vague"
    ),
    ReviewRow(place=3, matter=ReviewMatter.LEFT_OVER, verdict=ReviewVerdict.OPEN, content={"number": "20"}),
)


async def opened(database: Database, content: bytes = b"text") -> int:
    async with database.write() as db:
        file = await plan_reviews.keep(db, "KH.txt", content, NOW)
        return await plan_reviews.open_review(db, file, {"issuer": "LĐLĐ"}, ROWS, by=None, now=NOW)


async def test_the_same_file_has_one_review(database: Database) -> None:
    first = await opened(database)
    assert await opened(database) == first
    assert await opened(database, b"other") != first
    async with database.read() as db:
        found = await plan_reviews.find_review(db, first)
        assert found is not None
        assert (found.rows, found.identity, found.plan_id) == (ROWS, {"issuer": "LĐLĐ"}, None)
        assert [each.id for each in await plan_reviews.list_open(db)][-1] == first


async def test_a_row_is_decided_once(database: Database) -> None:
    review = await opened(database)
    async with database.write() as db:
        accepted, dropped = ReviewVerdict.ACCEPTED, ReviewVerdict.DROPPED
        assert await plan_reviews.decide(db, review, [2], accepted, by=None, now=NOW)
        assert not await plan_reviews.decide(db, review, [2], dropped, by=None, now=NOW)
        assert not await plan_reviews.decide(db, review, [1], dropped, by=None, now=NOW)
        assert await plan_reviews.decide(db, review, [1], dropped, was=TAKEN, by=None, now=NOW)
        corrected = {"number": "21"}
        assert await plan_reviews.decide(db, review, [3], ReviewVerdict.CORRECTED, content=corrected, by=None, now=NOW)
        assert await plan_reviews.append(db, review, ROWS[2], by=None, now=NOW) == 4
        found = await plan_reviews.find_review(db, review)
    assert found is not None
    assert [row.verdict for row in found.rows] == [dropped, accepted, ReviewVerdict.CORRECTED, ReviewVerdict.OPEN]
    assert found.rows[2].content == corrected


async def test_a_review_is_dropped_with_its_file_but_not_once_a_plan_was_made(database: Database) -> None:
    dropped, kept = await opened(database), await opened(database, b"other")
    async with database.write() as db:
        files = [each.file for each in await plan_reviews.list_open(db)]
        assert await plan_reviews.drop(db, dropped, by=None, now=NOW)
        assert not await plan_reviews.drop(db, dropped, by=None, now=NOW)
        assert await plans.find_file(db, files[-1]) is None
        assert await plan_reviews.finish(db, kept, "vinhan-2026", by=None, now=NOW)
        assert not await plan_reviews.finish(db, kept, "vinhan-2027", by=None, now=NOW)
        assert not await plan_reviews.drop(db, kept, by=None, now=NOW)
        assert await plan_reviews.list_open(db) == []


async def test_a_plan_that_is_discarded_takes_its_review_along(database: Database) -> None:
    review = await opened(database)
    async with database.write() as db:
        plan = plan_of("vinhan-2026", 90)
        await plan_reviews.finish(db, review, plan.id, by=None, now=NOW)
        stored = await plans.add(db, plan, file=("KH.txt", b"text"), by=None, now=NOW)
        assert stored.file is not None
        await plans.discard(db, plan.id, by=None, now=NOW)
        assert await plan_reviews.find_review(db, review) is None
        assert await plans.find_file(db, stored.file) is None


async def test_scanned_pages_are_kept_once_and_go_with_their_file(database: Database) -> None:
    async with database.write() as db:
        file = await plan_reviews.keep(db, "KH.pdf", b"scan", NOW)
        for page, content in ((2, b"two"), (1, b"one"), (2, b"other")):
            await plan_reviews.keep_page(db, file, page, content)
    async with database.write() as db:
        assert await plan_reviews.list_pages(db, file) == {1: b"one", 2: b"two"}
        assert await plan_reviews.find_page(db, file, 2) == b"two"
        assert await plan_reviews.find_page(db, file, 3) is None
        review = await plan_reviews.open_review(db, file, {}, ROWS, by=None, now=NOW)
        await plan_reviews.drop_file(db, file)
        assert await plan_reviews.find_page(db, file, 1) == b"one"
        assert await plan_reviews.drop(db, review, by=None, now=NOW)
        assert await plan_reviews.list_pages(db, file) == {}
