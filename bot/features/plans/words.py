"""The plans that are known: the list of them, one of them, one section."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import groupby

from bot.features.plans.taps import LONGEST_ID, FetchPlan, ShowPlan
from bot.road.reply import Attachment, Reply
from bot.words import plans
from bot.words.dates import day
from knowledge.model.plans import Plan


def plan_list(shown: Sequence[Plan]) -> Reply:
    """All plans, each with a button that shows it."""
    if not shown:
        return Reply("Tôi chưa có kế hoạch nào.")
    lines = []
    for number, plan in enumerate(shown, 1):
        name = f"{plan.kind} {plan.number}" if plan.number else plan.kind
        issued = f", ngày {day(plan.issued_on)}" if plan.issued_on else ""
        counted = ((plan.targets, "chỉ tiêu"), (plan.tasks, "nhiệm vụ"), (plan.deadlines, "thời hạn"))
        counts = ", ".join(f"{len(found)} {what}" for found, what in counted if found)
        lines.append(f"{number}. <b>{escape(plan.short)}</b>\n{escape(name)}{issued}{f' – {counts}' if counts else ''}")
    buttons = tuple((ShowPlan(plan.id).button(_label(plan)),) for plan in shown if len(plan.id.encode()) <= LONGEST_ID)
    return Reply("<b>Các kế hoạch tôi biết</b>\n" + "\n".join(lines) + "\n\nChạm vào một kế hoạch để xem.", buttons)


def _label(plan: Plan) -> str:
    return plan.short if len(plan.short) <= 56 else plan.short[:55].rstrip() + "…"


def plan(shown: Plan, *, has_file: bool = False) -> Reply:
    """A plan's identity, then what it sets: all its targets, or its deadlines where it sets none."""
    lines = [plans.document(shown), ""]
    ordered = sorted(shown.targets, key=lambda target: (target.order, target.section))
    for (horizon, section), run in groupby(ordered, key=lambda target: (plans.horizon(target), target.section)):
        lines.append(f"<i>{horizon} (mục {escape(section)})</i>")
        lines += [plans.target(each) for each in run]
    if not shown.targets:
        lines.append("<i>Thời hạn</i>")
        lines += [f"{plans.deadline(due)} (mục {escape(due.section)})" for due in shown.deadlines]
    file = ((FetchPlan(shown.id).button("Lấy tệp"),),) if has_file and len(shown.id.encode()) <= LONGEST_ID else ()
    return Reply("\n".join(lines).rstrip(), file)


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
