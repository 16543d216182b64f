"""The buttons of what needs the supervisor."""

from __future__ import annotations

from bot.hands.taps import Tap


class DecideRequest(Tap, name="r:q"):
    """**Đồng ý** or **Từ chối**."""

    request: int
    approved: bool


class LeaveRequest(Tap, name="r:q:leave"):
    """**Hủy** where a reason or remark is asked for."""
