"""The buttons of reminders; `step` is the id of a recorded step, which only whoever it was sent to may act on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

from bot.hands.taps import Tap
from knowledge.reminders import SnoozeChoice


class StepTap(Tap):
    """A button under a reminder or digest: about the decided step of that id."""

    step: int


class OpenDueReport(StepTap, name="m:go"):
    """**Nộp ngay**, **Tiếp tục**."""


class SayNoChange(StepTap, name="m:same"):
    """**Không có biến động**."""


class TellChanges(StepTap, name="m:moved"):
    """**Có thay đổi**."""


class MarkDone(StepTap, name="m:done"):
    """**Đã xong**, of what is no report."""


class MarkUndone(Tap, name="m:undo"):
    """**Chưa xong, nhắc tiếp**; `group` is the duty that `unit` had marked as done."""

    unit: int
    group: str


class AddEvidence(Tap, name="m:proof"):
    """**Gửi ảnh minh chứng** of a duty that a unit has done."""

    unit: int
    group: str


class ChooseExtension(StepTap, name="m:extend"):
    """**Xin gia hạn**: which of the reports in the message it is for."""


class ExtendDueReport(StepTap, name="m:extend1"):
    """That very report."""


class OfferSnooze(StepTap, name="m:later"):
    """**Nhắc lại sau**."""


class SnoozeReminder(Tap, name="m:z"):
    """When to be reminded again of everything in the message."""

    step: int
    choice: SnoozeChoice


class FetchCalendar(StepTap, name="m:ics"):
    """**Đưa vào lịch**, of what one message is about."""


class FetchWholeCalendar(Tap, name="m:ics:all"):
    """**Đưa vào lịch**, of everything ahead."""


class ShowEvidence(StepTap, name="m:ev"):
    """**Xem minh chứng**, under a digest; 0 for all work of the units below."""


class RemindAll(StepTap, name="m:all"):
    """**Nhắc tất cả**, under a digest."""


@dataclass(frozen=True, slots=True)
class ClockTime:
    """A time of day in callback data: 0830."""

    at: time

    def __str__(self) -> str:
        """As it stands in callback data."""
        return f"{self.at:%H%M}"

    @classmethod
    def parse(cls, text: str) -> ClockTime:
        """The time in callback data; raises ValueError where it is none."""
        found = cls(time.fromisoformat(text))
        if str(found) != text:
            raise ValueError(text)
        return found


class SetHour(Tap, name="m:hour"):
    """The hour at which somebody is reminded."""

    hour: ClockTime


class MuteReminders(Tap, name="m:mute"):
    """For how many days somebody is not reminded; 0 for being reminded again."""

    days: int
