"""The buttons of shares that are handed down; `token` proves that a button belongs to the shares being looked at."""

from __future__ import annotations

from bot.hands.taps import Tap
from knowledge.shares.reading import Spread


class OpenGiving(Tap, name="gt"):
    """What a unit can hand down in a year."""

    unit: int
    year: int
    page: int = 0


class OpenSource(Tap, name="gt:o"):
    """One of these things, by its mark."""

    unit: int
    year: int
    mark: str


class SplitShare(Tap, name="gt:s"):
    """**Giao cho cấp dưới**: a goal of which a unit was given a share."""

    unit: int
    goal: int


class NameOwnGoal(Tap, name="gt:n"):
    """**Chỉ tiêu khác**: one of the unit's own."""

    unit: int
    year: int


class ProposeShares(Tap, name="gt:p"):
    """**Chia đều**, **Theo số đoàn viên**, **Như năm trước**."""

    token: str
    spread: Spread


class FetchShareTable(Tap, name="gt:x"):
    """**Bằng Excel**: the workbook to fill in."""

    token: str


class ShowShares(Tap, name="gt:v"):
    """A page of the shares that are being looked at."""

    token: str
    page: int


class ChooseNamed(Tap, name="gt:u"):
    """Which unit is meant by the first name that may be several; 0 leaves it out."""

    token: str
    unit: int


class GiveShares(Tap, name="gt:ok"):
    """**Giao**, or **Vẫn giao** where less is handed down than was handed to the giver."""

    token: str


class ChangeShares(Tap, name="gt:e"):
    """**Sửa**: how shares are typed."""

    token: str


class LeaveGiving(Tap, name="gt:no"):
    """**Hủy**."""


class ShowShareHistory(Tap, name="gt:h"):
    """**Các lần thay đổi** of what a unit handed down."""

    unit: int
    goal: int


class CloseGoal(Tap, name="gt:c"):
    """**Kết thúc chỉ tiêu**: asks first."""

    unit: int
    goal: int
    is_sure: bool = False


class SayClear(Tap, name="gt:a"):
    """**Đã rõ** under a share; with `goal`, under the shares of several units: that of the giver in `share`'s place."""

    share: int
    goal: int = 0


class SayOpinion(Tap, name="gt:b"):
    """**Có ý kiến** on a share."""

    share: int


class LeaveOpinion(Tap, name="gt:b:no"):
    """**Hủy** where an opinion, a number or a remark is asked for."""


class AnswerByChange(Tap, name="gt:d"):
    """**Sửa chỉ tiêu** under an opinion."""

    share: int


class AnswerByKeeping(Tap, name="gt:k"):
    """**Giữ nguyên** under an opinion."""

    share: int


class KeepWithoutRemark(Tap, name="gt:k:no"):
    """**Không nêu lý do** where the remark is asked for."""

    share: int
