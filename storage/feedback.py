"""Unanswered questions and votes on answers, counted so that the glossary can grow; who asked is not kept."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.purge import Stale
from storage.rows import insert_into
from storage.schema import ballots, missed_questions
from storage.tallies import Tally, tally

KEPT_FOR = timedelta(days=365)
_LONG_NUMBER = re.compile(r"\d(?:[ .-]?\d){8,}")
_ADDRESS = re.compile(r"\S+@\S+|@\w{4,}")


@dataclass(frozen=True, slots=True)
class MissedQuestion:
    """A question with its counts: how often nothing was found, how often the answer was voted up or down."""

    question: str
    missed: int
    voted_up: int
    voted_down: int
    last_on: date


def normalise_question(question: str) -> str:
    """The question as it is kept: one line, lower case, 200 letters at most, numbers and addresses masked as "…"."""
    text = " ".join(question.lower().split())
    return _ADDRESS.sub("…", _LONG_NUMBER.sub("…", text))[:200]


async def _count(db: AsyncConnection, question: str, on: date, *, missed: int = 0, up: int = 0, down: int = 0) -> None:
    table = missed_questions.c
    counted = {"missed": missed, "voted_up": up, "voted_down": down}
    new = insert_into(db, missed_questions).values(question=question, last_on=on, **counted)
    await db.execute(
        new.on_conflict_do_update(
            index_elements=["question"],
            set_={
                "missed": table.missed + missed,
                "voted_up": table.voted_up + up,
                "voted_down": table.voted_down + down,
                "last_on": on,
            },
        )
    )


async def record_missed(db: AsyncConnection, question: str, on: date) -> None:
    """Count a question that found nothing."""
    tally(db, Tally.SILENT)
    if kept := normalise_question(question):
        await _count(db, kept, on, missed=1)


async def record_vote(db: AsyncConnection, question: str, *, good: bool, ballot: str, on: date) -> bool:
    """Count a vote on the answer to `question`. A ballot has one vote, which may change; True where something changed.

    Args:
        ballot: what makes this answer unique, such as its button's token; only its hash is kept.
    """
    kept, ballot = normalise_question(question), hashlib.sha256(ballot.encode()).hexdigest()
    before = await db.scalar(select(ballots.c.good).where(ballots.c.ballot == ballot))
    if before == good or not kept:
        return False
    if before is None:
        await db.execute(ballots.insert().values(ballot=ballot, question=kept, good=good, voted_on=on))
        await _count(db, kept, on, up=int(good), down=int(not good))
    else:
        await db.execute(update(ballots).where(ballots.c.ballot == ballot).values(good=good, voted_on=on))
        await _count(db, kept, on, up=1 if good else -1, down=-1 if good else 1)
    return True


async def list_missed(db: AsyncConnection, *, most: int = 20) -> list[MissedQuestion]:
    """The questions most often unanswered or voted down, the worst first."""
    weight = missed_questions.c.missed + missed_questions.c.voted_down
    rows = await db.execute(
        select(missed_questions)
        .where(weight > 0)
        .order_by(weight.desc(), missed_questions.c.last_on.desc(), missed_questions.c.question)
        .limit(most)
    )
    return [MissedQuestion(*row) for row in rows]


def stale(now: datetime) -> list[Stale]:
    """What is kept no longer: questions that were not asked for a year."""
    before = now.date() - KEPT_FOR
    return [
        Stale(missed_questions, missed_questions.c.last_on < before),
        Stale(ballots, ballots.c.voted_on < before, along=ballots.c.voted_on),
    ]
