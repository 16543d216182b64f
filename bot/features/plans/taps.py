"""The buttons of plans. A plan is named by its mark: ten digits that stand for its id, which may be long."""

from __future__ import annotations

import hashlib

from bot.hands.taps import Tap


def mark_of(plan_id: str) -> str:
    """What buttons carry for a plan, whatever the length of its id: ten hexadecimal digits."""
    return hashlib.blake2s(plan_id.encode(), digest_size=5).hexdigest()


def mark_of_waiting(plan_id: str) -> str:
    """What buttons carry for a text that waits for approval: a plan of its id may be in force beside it."""
    return mark_of(f"{plan_id} waiting")


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


# A file that becomes a plan: buttons carry the number of its review ---------------------------------------------------


class OpenReview(Tap, name="rv"):
    """The card of a review."""

    review: int


class GoOn(Tap, name="rv:n"):
    """**Xem từng chỗ**: what is to be decided next."""

    review: int


class ListFacts(Tap, name="rv:p"):
    """**Xem đã đọc**: a page of what enters the plan, from 0."""

    review: int
    page: int = 0


class ShowFact(Tap, name="rv:i"):
    """One thing of that page, with its source."""

    review: int
    place: int


class DropFact(Tap, name="rv:-"):
    """**Bỏ** under something that was sure, or was agreed to."""

    review: int
    place: int


class TakeBack(Tap, name="rv:+"):
    """**Lấy lại** under something that was left out."""

    review: int
    place: int


class JudgeFact(Tap, name="rv:j"):
    """**Đúng** or **Bỏ** under a doubtful fact."""

    review: int
    place: int
    is_right: bool


class MendFact(Tap, name="rv:m"):
    """**Sửa** under a doubtful fact."""

    review: int
    place: int


class JudgeNumber(Tap, name="rv:l"):
    """**Là chỉ tiêu** or **Bỏ qua** under a number left over."""

    review: int
    place: int
    is_target: bool


class JudgeTogether(Tap, name="rv:a"):
    """**Đúng cả bảng** or **Bỏ cả bảng** under doubtful targets of a table, from the row `first` to the row `last`."""

    review: int
    first: int
    last: int
    is_right: bool


class SkipTogether(Tap, name="rv:g"):
    """**Bỏ qua cả bảng** or **Bỏ qua cả câu** under numbers left over, from the row `first` to the row `last`."""

    review: int
    first: int
    last: int


class GoThrough(Tap, name="rv:e"):
    """**Xem từng số** under what is decided together: the first of it alone."""

    review: int
    place: int


class SkipNumbers(Tap, name="rv:s"):
    """**Bỏ qua tất cả** under a number left over."""

    review: int


class ConfirmSubjects(Tap, name="rv:c"):
    """**Đồng ý tất cả** under new subjects, from the row `first` to the row `last`."""

    review: int
    first: int
    last: int


class OfferSubjects(Tap, name="rv:o"):
    """Which known subject one is, or whether it is new."""

    review: int
    place: int


class ChooseSubject(Tap, name="rv:x"):
    """**Là mới** (`number` 0) or **Trùng với …**, the known subject of that number."""

    review: int
    place: int
    number: int


class ConfirmDuties(Tap, name="rv:d"):
    """**Đồng ý nhắc**: deadlines are reminded of, from the row `first` to the row `last`."""

    review: int
    first: int
    last: int


class DropDuty(Tap, name="rv:d-"):
    """**Không nhắc**: a deadline stands in the plan, and nobody is reminded of it."""

    review: int
    place: int


class CompareReview(Tap, name="rv:v"):
    """**So với …**: what changes against the plan of that mark."""

    review: int
    plan: str


class TryQuestions(Tap, name="rv:t"):
    """**Câu trả lời nào đổi**: questions asked before and after, against the plan of that mark."""

    review: int
    plan: str


class FinishReview(Tap, name="rv:f"):
    """**Duyệt** under a review."""

    review: int


class AskDropping(Tap, name="rv:q"):
    """**Hủy** under a review."""

    review: int


class DropReview(Tap, name="rv:q!"):
    """**Hủy**, confirmed."""

    review: int
