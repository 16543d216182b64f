"""The plans that are known: the list of them, one of them, its file, and its life for those who approve it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from html import escape
from itertools import groupby
from typing import Final

from bot.features.plans import taps
from bot.features.plans.service import MOST_OFFERED, MOST_PLACES, KnownPlan, NewsReach, PlansPage
from bot.features.plans.taps import mark_of, mark_of_waiting
from bot.road.reply import Attachment, Button, Reply
from bot.words import plans
from bot.words.dates import day
from bot.words.reports import short, short_unit
from knowledge.model.plans import Plan
from knowledge.model.stored_plans import PlanStatus
from knowledge.numbers import format_count
from storage.units import Unit

_LABEL: Final = 56
_ON_A_PHONE: Final = 38
"""Letters of a button that a phone shows."""
_SHORTER: Final = (("Kế hoạch sơ", "Sơ"), (" Việt Nam", ""), ("Công đoàn", "CĐ"))

_STATUS: Final = {PlanStatus.READ: "chờ duyệt", PlanStatus.WITHDRAWN: "đã rút lại"}


def plan_list(shown: PlansPage, *, edits: int | None = None) -> Reply:
    """A page of the plans, each with a button that shows it."""
    if not shown.count:
        return Reply("Tôi chưa có kế hoạch nào.")
    lines = [_line(number, each) for number, each in enumerate(shown.plans, shown.first)]
    labels = _labels([each.plan for each in shown.plans], [_waiting(each) for each in shown.plans])
    rows = [(taps.ShowPlan(each.mark).button(label),) for each, label in zip(shown.plans, labels, strict=True)]
    where = f" (trang {shown.page + 1}/{shown.pages})" if shown.pages > 1 else ""
    text = f"<b>Các kế hoạch tôi biết</b>{where}\n" + "\n".join(lines) + "\n\nBấm vào một kế hoạch để xem."
    return Reply(text, (*rows, *_turning(shown)), edits=edits)


def _turning(shown: PlansPage) -> list[tuple[Button, ...]]:
    back = [taps.ListPlans(shown.page - 1).button("‹ Trang trước")] if shown.page else []
    on = [taps.ListPlans(shown.page + 1).button("Trang sau ›")] if shown.page + 1 < shown.pages else []
    return [tuple(back + on)] if back or on else []


def _line(number: int, each: KnownPlan) -> str:
    shown = each.plan
    name = f"{shown.kind} {shown.number}" if shown.number else shown.kind
    issued = f", ngày {day(shown.issued_on)}" if shown.issued_on else ""
    counted = ((shown.targets, "chỉ tiêu"), (shown.given_tasks, "nhiệm vụ"), (shown.deadlines, "thời hạn"))
    counts = ", ".join(f"{len(found)} {what}" for found, what in counted if found)
    status = _waiting(each) or plans.short_state(shown)
    mark = f" – <i>{escape(status)}</i>" if status else ""
    return f"{number}. <b>{escape(shown.short)}</b>{mark}\n{escape(name)}{issued}{f' – {counts}' if counts else ''}"


def _waiting(each: KnownPlan) -> str:
    """Why a plan is not answered from; empty where it is."""
    return f"có hiệu lực từ {day(each.begins_on)}" if each.begins_on is not None else _STATUS.get(each.status, "")


def _labels(shown: Sequence[Plan], waiting: Sequence[str] = ()) -> list[str]:
    """What buttons call these plans: their short names; where two are called alike, why one waits, number or years."""
    called = Counter(each.short for each in shown)
    whys = waiting or [""] * len(shown)
    return [
        _label(each.short, "" if called[each.short] == 1 else why or _telling(each))
        for each, why in zip(shown, whys, strict=True)
    ]


def _telling(shown: Plan) -> str:
    return shown.number or f"{shown.covers_from}–{shown.covers_to}"


def _label(name: str, telling: str) -> str:
    more = f" – {telling}" if telling else ""
    for words, letters in _SHORTER:
        if len(name) + len(more) > _ON_A_PHONE:
            name = name.replace(words, letters)
    most = _LABEL - len(more)
    return (name if len(name) <= most else name[: most - 1].rstrip() + "…") + more


def plan(known: KnownPlan, *, has_file: bool = False, manages: bool = False, edits: int | None = None) -> Reply:
    """A plan's identity, then what it sets: all its targets, or its deadlines where it sets none.

    Args:
        manages: whether the reader approves plans; then with what can be done with it.
    """
    shown = known.plan
    lines = [plans.document(shown), ""]
    if waiting := _waiting(known):
        not_yet = "không" if known.status is PlanStatus.WITHDRAWN else "chưa"
        lines.insert(0, f"⏳ <b>{waiting.capitalize()}</b>: tôi {not_yet} trả lời theo kế hoạch này.")
    ordered = sorted(shown.targets, key=lambda target: (target.order, target.section))
    for (horizon, section), run in groupby(ordered, key=lambda target: (plans.horizon(target), target.section)):
        lines.append(f"<i>{horizon} (mục {escape(section)})</i>")
        lines += [plans.target(each) for each in run]
    if not shown.targets and shown.deadlines:
        lines.append("<i>Thời hạn</i>")
        lines += [f"{plans.deadline(due)} (mục {escape(due.section)})" for due in shown.deadlines]
    if manages:
        lines += ["", _places(known)]
    file = [(taps.FetchPlan(known.mark).button("Lấy tệp"),)] if has_file else []
    doing = _doing(known) if manages else []
    return Reply("\n".join(lines).rstrip(), (*file, *doing), edits=edits)


def _places(known: KnownPlan) -> str:
    if not known.places:
        return "Đơn vị áp dụng: chưa đặt cho đơn vị nào."
    names = [escape(unit.name) for unit in known.places[:MOST_PLACES]]
    if len(known.places) > MOST_PLACES:
        names.append(f"và {format_count(len(known.places) - MOST_PLACES)} đơn vị khác")
    return f"Đơn vị áp dụng (cùng các đơn vị trực thuộc): {'; '.join(names)}."


def _doing(known: KnownPlan) -> list[tuple[Button, ...]]:
    mark, units = known.mark, taps.AskPlanUnits(known.mark).button("Đơn vị áp dụng")
    match known.status:
        case PlanStatus.READ:
            approve, drop = taps.ApprovePlan(mark).button("Duyệt"), taps.DropPlan(mark).button("Hủy")
            return [(approve, drop), (units,)]
        case PlanStatus.IN_FORCE:
            replace = taps.OfferReplacing(mark).button("Thay thế…")
            return [(replace, taps.AskWithdrawing(mark).button("Rút lại")), (units,)]
        case PlanStatus.REPLACED:
            return []
        case PlanStatus.WITHDRAWN:
            return [(taps.RestorePlan(mark).button("Đưa trở lại"),)]


def original(shown: Plan, kept: tuple[str, bytes] | None) -> Reply:
    """A plan's text as a file (its name and content); where none is kept, who has it."""
    if kept is None:
        return Reply(
            f"Tôi không giữ tệp của {escape(shown.citation)}. Bản gốc lưu tại {escape(shown.issuer)}. "
            "Các chỉ tiêu và nhiệm vụ của văn bản này xem ở /kehoach."
        )
    name, content = kept
    caption = (
        f"<b>{escape(shown.citation)}</b>: {escape(shown.kind)} {escape(shown.title)}\n"
        f"Đây là phần chữ như tôi nhận được; bản có chữ ký lưu tại {escape(shown.issuer)}."
    )
    return Reply(caption, document=Attachment(content, name))


# For ADMIN_IDS -------------------------------------------------------------------------------------------------------


def ask_what_it_replaces(shown: Plan, replaceable: Sequence[Plan], *, edits: int | None = None) -> Reply:
    """Before a plan is approved: whether it replaces one of its issuer."""
    mark = mark_of_waiting(shown.id)
    rows = [
        (taps.ApprovePlan(mark, mark_of(each.id)).button(f"Thay {short(each.number or each.short, _LABEL)}"),)
        for each in replaceable[:MOST_OFFERED]
    ]
    rows.append((taps.ApprovePlan(mark, "-").button("Không thay kế hoạch nào"),))
    rows.append((taps.BackToPlan(mark).button("Quay lại"),))
    known = "\n".join(f"• {escape(each.citation)}" for each in replaceable[:MOST_OFFERED])
    return Reply(
        f"Duyệt <b>{escape(shown.citation)}</b>.\nCùng cơ quan ban hành và cùng nội dung, tôi đang có:\n{known}\n"
        "Kế hoạch mới có thay kế hoạch nào không?",
        tuple(rows),
        edits=edits,
    )


def approved(
    shown: Plan,
    replaced: Plan | None,
    told: NewsReach,
    *,
    begins_on: date | None = None,
    is_over: bool = False,
    edits: int | None = None,
) -> Reply:
    """A plan is in force, from `begins_on` where that day is still to come; who is told, unless it `is_over`."""
    instead = f", thay cho {escape(replaced.citation)}" if replaced is not None else ""
    since = f"từ ngày {day(begins_on)}" if begins_on is not None else "từ bây giờ"
    lines = [f"✅ Đã duyệt <b>{escape(shown.citation)}</b>{instead}. Tôi trả lời theo kế hoạch này {since}."]
    mark = mark_of(shown.id)
    rows: list[tuple[Button, ...]] = [
        (taps.ShowPlan(mark).button("Xem kế hoạch"), taps.AskWithdrawing(mark).button("Rút lại"))
    ]
    if is_over:
        lines.append("Kế hoạch đã hết giai đoạn hoặc đã được thay thế nên tôi không báo cho cán bộ.")
    elif told.people:
        names = "; ".join(escape(unit.name) for unit in told.units)
        telling = "Tôi đang báo" if begins_on is None else "Đến ngày đó tôi báo"
        lines.append(f"{telling} cho {format_count(told.people)} cán bộ của {names}.")
    else:
        lines.append("Kế hoạch chưa đặt cho đơn vị nào có cán bộ dùng trợ lý; anh/chị chọn đơn vị áp dụng nếu cần.")
        rows.insert(0, (taps.AskPlanUnits(mark).button("Đơn vị áp dụng"),))
    return Reply("\n".join(lines), tuple(rows), edits=edits)


def news(shown: Plan, replaced: Plan | None) -> str:
    """What the officers whom a plan governs are told; plain text."""
    counted = ((shown.targets, "chỉ tiêu"), (shown.deadlines, "thời hạn"), (shown.given_tasks, "nhiệm vụ"))
    counts = ", ".join(f"{len(found)} {what}" for found, what in counted if found)
    instead = f" Kế hoạch này thay cho {replaced.citation}." if replaced is not None else ""
    return (
        f"Kế hoạch có hiệu lực: {shown.citation} – {shown.kind} {shown.title}.{instead}"
        f"{f' Gồm {counts}.' if counts else ''} Anh/chị xem ở /kehoach, hoặc hỏi tôi về từng chỉ tiêu."
    )


def dropped(shown: Plan, *, edits: int | None = None) -> Reply:
    """A plan that waited for approval is gone."""
    return Reply(f"Đã hủy {escape(shown.citation)}; tôi không giữ bản này nữa.", edits=edits)


def choose_successor(shown: Plan, successors: Sequence[Plan], page: int, *, edits: int | None = None) -> Reply:
    """By which plan another is replaced."""
    mark = mark_of(shown.id)
    back = (taps.BackToPlan(mark).button("Quay lại"),)
    if not successors:
        return Reply(
            "Chưa có kế hoạch nào khác đang có hiệu lực để thay. Anh/chị thêm và duyệt kế hoạch mới trước.",
            (back,),
            edits=edits,
        )
    some = successors[page * MOST_OFFERED : (page + 1) * MOST_OFFERED]
    labels = zip(some, _labels(some), strict=True)
    rows = [(taps.ReplacePlan(mark, mark_of(each.id)).button(label),) for each, label in labels]
    known = "\n".join(f"• {escape(each.citation)}" for each in some)
    if len(successors) > (page + 1) * MOST_OFFERED:
        rows.append((taps.OfferReplacing(mark, page + 1).button("Kế hoạch khác ›"),))
    return Reply(f"<b>{escape(shown.citation)}</b> được thay bằng kế hoạch nào?\n{known}", (*rows, back), edits=edits)


def replaced(old: Plan, new: Plan, *, edits: int | None = None) -> Reply:
    """One plan stands in the place of another."""
    text = (
        f"✅ <b>{escape(new.citation)}</b> thay cho {escape(old.citation)} từ bây giờ. "
        "Kế hoạch cũ chỉ còn được nêu khi hỏi đích danh hoặc khi kế hoạch mới không nói đến."
    )
    return Reply(text, ((taps.ShowPlan(mark_of(new.id)).button("Xem kế hoạch"),),), edits=edits)


def confirm_withdrawing(shown: Plan, back: Sequence[Plan], *, edits: int | None = None) -> Reply:
    """Whether to take a plan back, and what is in force again then."""
    text = (
        f"Rút lại <b>{escape(shown.citation)}</b>? Tôi sẽ không trả lời và không nhắc hạn theo kế hoạch này."
        f"{_again(back)}"
    )
    mark = mark_of(shown.id)
    rows = ((taps.WithdrawPlan(mark).button("Rút lại"), taps.BackToPlan(mark).button("Quay lại")),)
    return Reply(text, rows, edits=edits)


def _again(back: Sequence[Plan]) -> str:
    """What is in force again once a plan is taken back."""
    return f" {escape('; '.join(each.citation for each in back))} có hiệu lực trở lại." if back else ""


def withdrawn(shown: Plan, back: Sequence[Plan], *, edits: int | None = None) -> Reply:
    """A plan was taken back, and what is in force again."""
    restore = taps.RestorePlan(mark_of(shown.id)).button("Đưa trở lại")
    return Reply(f"Đã rút lại {escape(shown.citation)}.{_again(back)}", ((restore,),), edits=edits)


def restored(shown: Plan, *, edits: int | None = None) -> Reply:
    """A withdrawal was taken back."""
    show = taps.ShowPlan(mark_of(shown.id)).button("Xem kế hoạch")
    return Reply(f"Đã đưa {escape(shown.citation)} trở lại như trước.", ((show,),), edits=edits)


def refused() -> str:
    """The toast where somebody else was quicker, or the plan is no longer as the button shows."""
    return "Kế hoạch này đã thay đổi; anh/chị mở lại /kehoach."


def does_not_fit(problem: str) -> Reply:
    """A plan contradicts what is known; `problem` is for whoever mends its file, in English."""
    return Reply(
        "Kế hoạch này không khớp với các kế hoạch đang có nên chưa thay đổi gì. "
        f"Người chuẩn bị tệp cần sửa:\n<code>{escape(short(problem, 600))}</code>"
    )


def plan_units(known: KnownPlan, *, edits: int | None = None) -> Reply:
    """For which units a plan is set; others are typed."""
    rows = [
        (taps.ClearPlanUnit(known.mark, unit.id).button(f"✕ {short(unit.name, 40)}"),)
        for unit in known.places[:MOST_PLACES]
    ]
    rows.append((taps.BackToPlan(known.mark).button("Xong"),))
    return Reply(
        f"<b>{escape(known.plan.citation)}</b>\n{_places(known)}\n"
        "Gõ tên hoặc mã đơn vị để áp dụng cho đơn vị đó và các đơn vị trực thuộc; bấm ✕ để bỏ.",
        tuple(rows),
        edits=edits,
    )


def choose_unit(mark: str, found: Sequence[Unit], *, has_more: bool) -> Reply:
    """Which of several units of that name."""
    rows = [(taps.SetPlanUnit(mark, unit.id).button(short_unit(unit.name)),) for unit in found]
    more = " (còn nữa, gõ thêm chữ để thu hẹp)" if has_more else ""
    return Reply(f"Có mấy đơn vị như vậy, anh/chị chọn giúp:{more}", (*rows, (taps.BackToPlan(mark).button("Xong"),)))


def no_unit(mark: str, said: str) -> Reply:
    """No unit fits what was typed."""
    return Reply(
        f"Tôi không thấy đơn vị nào là “{escape(short(said, 60))}”. Gõ lại tên hoặc mã, hoặc /huy.",
        ((taps.BackToPlan(mark).button("Xong"),),),
    )


def unit_set(known: KnownPlan, unit: Unit, told: NewsReach, *, waiting: bool) -> Reply:
    """A plan is set for a unit and all below."""
    shown = known.plan
    text = f"✅ {escape(unit.name)} và các đơn vị trực thuộc áp dụng {escape(shown.citation)}."
    if known.begins_on is not None:
        text += f" Kế hoạch có hiệu lực từ ngày {day(known.begins_on)}; đến hôm đó tôi báo cho cán bộ."
    elif waiting:
        text += " Kế hoạch còn chờ duyệt nên tôi chưa báo cho cán bộ."
    elif told.people:
        text += f" Tôi đang báo cho {format_count(told.people)} cán bộ."
    return Reply(f"{text}\nGõ đơn vị khác, hoặc bấm Xong.", ((taps.BackToPlan(known.mark).button("Xong"),),))


def unit_cleared(unit: Unit) -> str:
    """The toast where a plan is set for a unit no longer."""
    return f"Đã bỏ {short(unit.name, 60)}."


def units_done() -> Reply:
    """The units of a plan are as they should be."""
    return Reply("Đã lưu các đơn vị áp dụng. Xem lại ở /kehoach.")
