"""The buttons of what needs the supervisor."""

from __future__ import annotations

from enum import StrEnum

from bot.hands.taps import Tap


class DecideRequest(Tap, name="r:q"):
    """**Đồng ý** or **Từ chối**."""

    request: int
    approved: bool


class RefusalReason(StrEnum):
    """The usual reasons of a refusal; NONE where none is given."""

    TOTALS_DUE = "t"
    NOT_A_REASON = "r"
    TOO_OFTEN = "o"
    NONE = "n"


class RefuseRequest(Tap, name="r:q:no"):
    """One of the usual reasons, or none: with it the request is refused."""

    request: int
    why: RefusalReason


class LeaveRequest(Tap, name="r:q:leave"):
    """**Hủy** where a reason or remark is asked for."""
