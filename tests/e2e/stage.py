"""A stage for chats: units in a database, the product at work, and people who join with roles and past reports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.sandbox import MovableClock
from knowledge.forms import MONTHLY_FORM
from knowledge.model.periods import Period
from storage import audit, people, submissions
from storage.engine import Database
from storage.people import RoleName
from storage.submissions import Submission
from storage.units import Unit
from tests.e2e.chat import Chat, Seat
from tests.monthly import monthly_figures


@dataclass
class Stage:
    """The base of `Town` and `Region`."""

    chat: Chat
    database: Database
    clock: MovableClock

    async def join(self, name: str, *roles: tuple[Unit, RoleName]) -> Seat:
        """Somebody with these roles since today, in the private chat."""
        seat = self.chat.person(name)
        seat.person.started = True
        async with self.database.write() as db:
            person = await people.add(db, name, self.clock(), telegram_id=seat.id)
            for unit, role in roles:
                await people.grant(db, person.id, unit.id, role, self.clock())
        return seat

    async def reported(
        self,
        unit: Unit,
        period: Period,
        workers: int,
        members: int,
        admitted: int = 0,
        lost: int = 0,
        *,
        on_time: bool = True,
        reasons: dict[str, str] | None = None,
    ) -> Submission:
        """A monthly report that was sent two days ago."""
        async with self.database.write() as db:
            recorded = await submissions.record(
                db,
                unit_id=unit.id,
                form=MONTHLY_FORM,
                period=period,
                figures=monthly_figures(workers, members, admitted, lost),
                sent_at=self.clock() - timedelta(days=2),
                sent_by=None,
                on_time=on_time,
                reasons=reasons,
            )
            subject = f"submission:{recorded.submission.id}"
            await audit.note(db, "submission.recorded", self.clock(), by=None, unit_id=unit.id, subject=subject)
        return recorded.submission
