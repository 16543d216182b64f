"""The buttons of what needs the supervisor."""

from __future__ import annotations

from bot.hands.taps import Tap
from knowledge.model.periods import Period


class AskExtension(Tap, name="r:more"):
    """**Xin gia hạn** for a unit's report. Handed over, it asks for a campaign's report as well."""

    unit: int
    form: str
    period: Period


class AskReopening(Tap, name="r:o"):
    """**Xin mở lại** on a report that is locked; `submission` is any version of it."""

    submission: int


class SendReportBack(Tap, name="r:b"):
    """**Gửi trả** on a report that was sent; `submission` is the version looked at."""

    submission: int


class DecideRequest(Tap, name="r:q"):
    """**Đồng ý** or **Từ chối**."""

    request: int
    approved: bool


class LeaveRequest(Tap, name="r:q:leave"):
    """**Hủy** where a reason or remark is asked for."""
