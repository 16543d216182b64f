"""A broadcast to many: each hears it once, or is listed as in doubt."""

from __future__ import annotations

from collections import Counter

from tests.e2e.chat import Seat
from tests.faults.loads import Load
from tests.faults.reminders import add_supervisor
from tests.faults.reports import seated
from tests.faults.rig import Rig

SUPERVISOR = 8000
WORDS = "Họp ban chấp hành chiều thứ Sáu tại hội trường lớn."


class Broadcast(Load):
    """What a supervisor says to some officers, once `confirm` was called."""

    @classmethod
    async def prepared(cls, rig: Rig, officers: int) -> Broadcast:
        """In the rig's database, which is empty."""
        found = await seated(rig, officers)
        supervisor = await add_supervisor(rig, "T", "Lê Văn Hùng", SUPERVISOR)
        return cls(supervisor, [seat for _, seat in found])

    def __init__(self, supervisor: Seat, readers: list[Seat]) -> None:
        self._supervisor = supervisor
        self.readers = readers
        self.expected = len(readers)

    async def confirm(self) -> None:
        """Have it made and sent; a program has to run."""
        await self._supervisor.says("/thongbao")
        await self._supervisor.sees("gõ nội dung")
        await self._supervisor.says(WORDS)
        await self._supervisor.sees("Xem trước")
        await self._supervisor.taps(f"Gửi cho {self.expected} người")

    def feed(self, share: float) -> None:
        """Nothing is put in by portions."""

    @property
    def done(self) -> int:
        return sum(bool(self._heard(reader)) for reader in self.readers)

    def _heard(self, reader: Seat) -> int:
        return sum(WORDS in message.text for message in reader.room.shown if message.by_bot)

    async def finish(self, rig: Rig) -> None:
        await rig.sandbox.wait_until(lambda: self.done >= self.expected - rig.figures.on_wire, 20)

    async def count(self, rig: Rig, doubts: Counter[int]) -> list[str]:
        lost = [reader.id for reader in self.readers if not self._heard(reader) and not doubts[reader.id]]
        doubled = [reader.id for reader in self.readers if self._heard(reader) > 1]
        rig.figures.messages += self.expected
        rig.figures.lost += len(lost)
        rig.figures.doubled += len(doubled)
        rig.figures.unsent += sum(bool(doubts[reader.id]) and not self._heard(reader) for reader in self.readers)
        return [f"never heard the broadcast: {lost[:5]}"] * bool(lost) + [f"heard it twice: {doubled[:5]}"] * bool(
            doubled
        )

    def speakers(self) -> list[Seat]:
        return [self._supervisor, *self.readers]
