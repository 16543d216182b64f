"""The buttons of plans. A plan is named by its mark: ten digits that stand for its id, which may be long."""

from __future__ import annotations

import hashlib

from bot.hands.taps import Tap


def mark_of(plan_id: str) -> str:
    """What buttons carry for a plan, whatever the length of its id: ten hexadecimal digits."""
    return hashlib.blake2s(plan_id.encode(), digest_size=5).hexdigest()


class ListPlans(Tap, name="plans"):
    """A page of the plans, from 0."""

    page: int


class ShowPlan(Tap, name="plan"):
    """One plan: who issued it, and what it sets. `plan` is its mark, or the id that earlier buttons carried."""

    plan: str


class FetchPlan(Tap, name="planfile"):
    """The text of a plan as a file."""

    plan: str


# For ADMIN_IDS -------------------------------------------------------------------------------------------------------


class BackToPlan(Tap, name="pl"):
    """**Quay lại** to the page of a plan, and **Xong** with its units."""

    plan: str


class ApprovePlan(Tap, name="pl:ok"):
    """**Duyệt**. `replaces` is the mark of the plan it replaces; "" where it has not been asked, "-" for none."""

    plan: str
    replaces: str = ""


class DropPlan(Tap, name="pl:no"):
    """**Hủy** under a plan that waits for approval."""

    plan: str


class OfferReplacing(Tap, name="pl:rs"):
    """**Thay thế…**: by which plan."""

    plan: str
    page: int = 0


class ReplacePlan(Tap, name="pl:r"):
    """A plan is replaced by another one."""

    plan: str
    by: str


class AskWithdrawing(Tap, name="pl:w"):
    """**Rút lại**."""

    plan: str


class WithdrawPlan(Tap, name="pl:w!"):
    """**Rút lại**, confirmed."""

    plan: str


class RestorePlan(Tap, name="pl:b"):
    """**Đưa trở lại** a plan that was withdrawn."""

    plan: str


class AskPlanUnits(Tap, name="pl:u"):
    """**Đơn vị áp dụng**: for which units a plan is set, and for which else."""

    plan: str


class SetPlanUnit(Tap, name="pl:u+"):
    """A unit, with all below it, for which a plan is set."""

    plan: str
    unit: int


class ClearPlanUnit(Tap, name="pl:u-"):
    """A unit for which a plan is set no longer."""

    plan: str
    unit: int
