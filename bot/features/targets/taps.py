"""The buttons by which shares are followed."""

from __future__ import annotations

from bot.hands.taps import Tap


class ShowShareProgress(Tap, name="tg:o"):
    """What a unit is to reach in a year, all of it: the way back from what lies below."""

    unit: int
    year: int


class ShowUnitsOfGoal(Tap, name="tg:u"):
    """**Các đơn vị**: those right below a unit, the furthest behind in a goal first."""

    goal: int
    unit: int
    page: int = 0


class ShowUnitOfGoal(Tap, name="tg:v"):
    """How far one unit is in a goal; `page` is where it stands in the list that it was opened from."""

    goal: int
    unit: int
    page: int = 0


class NudgeUnitOfGoal(Tap, name="tg:n"):
    """**Nhắc** under a unit: about the report that is missing, or about its share."""

    goal: int
    unit: int


class DrawUnitsOfGoal(Tap, name="tg:g"):
    """**Ảnh gửi nhóm**: a picture of the units below, to be sent on."""

    goal: int
    unit: int
