"""Wording of plans and their parts: a plan's identity, the place of a figure in it, a task, a deadline."""

from __future__ import annotations

from datetime import date
from html import escape
from itertools import takewhile
from typing import Final

from bot.words.dates import day
from knowledge.calendar.duties import find_rule
from knowledge.calendar.rules import Frequency
from knowledge.model.answers import Passage
from knowledge.model.plans import ANNUAL, Deadline, Plan, PlanState, Target

_YEAR_BEGINS: Final = date(2000, 12, 31)
_YEAR_ENDS: Final = date(2001, 12, 31)
"""A year, no leap year, to name the days of each year by."""


def horizon(target: Target) -> str:
    """When a target is to be met: "Hằng năm", "Đến 2025", or that the plan names no year.

    A yearly pace inside a stage is called one where its figure does not.
    """
    if target.horizon is None:
        return "Không nêu năm"
    if target.horizon == ANNUAL:
        return "Hằng năm"
    is_untold = target.each_year and "năm" not in target.figure.lower()
    return f"Mỗi năm đến {target.horizon}" if is_untold else f"Đến {target.horizon}"


def source(plan: Plan, section: str) -> str:
    """The plan and the place in it, as every figure carries them."""
    return f"{escape(plan.citation)}, mục {escape(section)}"


def target(each: Target) -> str:
    """A figure and whom it is set for, in one line."""
    return f"• <b>{escape(each.figure)}</b> – {escape(each.population)}"


def deadline(due: Deadline) -> str:
    """What is due when and by whom, in one line."""
    return f"• {escape(due.what)}: <b>{escape(due.when)}</b> – {escape(due.who)}"


def document_line(plan: Plan) -> str:
    """A plan's identity in one line, enough to tell it from others."""
    issued = f", ngày {day(plan.issued_on)}" if plan.issued_on else ""
    carried = f" Thực hiện: {escape('; '.join(plan.carries_out))}" if plan.carries_out else ""
    return f"• <b>{escape(plan.citation)}</b>{issued} – {escape(plan.kind)} {escape(plan.title)}.{carried}"


def document(plan: Plan, successor: Plan | None = None) -> str:
    """A plan's identity; what its text does not say is said to be missing, not guessed.

    Args:
        successor: the plan that stands in its place, where the caller knows it.
    """
    number = f" số {escape(plan.number)}" if plan.number else " (văn bản không ghi số)"
    issued = f"ban hành ngày {day(plan.issued_on)}" if plan.issued_on else "không ghi ngày ban hành"
    signer = f"{escape(plan.signer)}" if plan.signer else "không ghi"
    title = f", {escape(plan.signer_title)}" if plan.signer_title else ""
    lines = [
        f"<b>{escape(plan.kind)}{number}</b>, {issued}",
        f"Tên: {escape(plan.title)}",
        f"Cơ quan ban hành: {escape(plan.issuer)}",
        f"Người ký: {signer}{title}",
    ]
    if plan.carries_out:
        lines.append(f"Thực hiện: {escape('; '.join(plan.carries_out))}")
    if plan.recipients:
        lines.append(f"Nơi nhận: {escape('; '.join(plan.recipients))}")
    lines.append(state(plan, successor))
    return "\n".join(line for line in lines if line)


def state(plan: Plan, successor: Plan | None = None) -> str:
    """The state of a plan, in the words of its file or made from its years; empty while it is in force.

    Args:
        successor: the plan that stands in its place, where the caller knows it.
    """
    if plan.state is PlanState.IN_FORCE:
        return ""
    return f"⚠️ {escape(plan.state_note or _state_note(plan, successor))}"


_SHORT_STATES: Final = {
    PlanState.ENDED: "hết giai đoạn",
    PlanState.REPLACED: "đã được thay thế",
    PlanState.ISSUER_REORGANISED: "cơ quan ban hành đã sắp xếp lại",
}


def short_state(plan: Plan) -> str:
    """What became of a plan in a few words, for a list; empty while it is in force."""
    return _SHORT_STATES.get(plan.state, "")


def _state_note(plan: Plan, successor: Plan | None) -> str:
    since = f" từ {day(plan.state_since)}" if plan.state_since else ""
    match plan.state:
        case PlanState.REPLACED:
            by = f" bằng {successor.citation}" if successor is not None else ""
            return f"{plan.citation} đã được thay thế{by}{since}."
        case PlanState.ENDED:
            return f"{plan.citation} đã hết giai đoạn thực hiện ({plan.covers_from}–{plan.covers_to})."
        case _:
            return f"Cơ quan ban hành {plan.short} đã được sắp xếp lại{since}."


def passage(found: Passage) -> str:
    """A task or a deadline in one or two lines."""
    if found.deadline is not None:
        due = found.deadline
        to = f" → {escape(due.to)}" if due.to else ""
        via = f" ({escape(due.via)})" if due.via else ""
        return (
            f"• {escape(due.what)}: <b>{escape(due.when)}</b>{_latest(due)}\n"
            f"  {escape(due.who)}{to}{via} – {source(found.plan, due.section)}"
        )
    task = found.task
    assert task is not None
    if task.quoted:
        return f"Trích {source(found.plan, task.label or task.section)}:\n{quotation(task.summary)}"
    lead = f"\n  Chủ trì, thực hiện: {escape(', '.join(task.lead))}" if task.lead else ""
    joined = f"\n  Phối hợp: {escape(', '.join(task.with_))}" if task.with_ else ""
    refs = f"\n  Văn bản dẫn: {escape(', '.join(task.refs))}" if task.refs else ""
    return f"• {escape(task.summary)}{lead}{joined}{refs}\n  {source(found.plan, task.label or task.section)}"


def quotation(text: str) -> str:
    """Words of a plan, to be unfolded where they are long."""
    return f"<blockquote expandable>“{escape(text)}”</blockquote>"


def _latest(due: Deadline) -> str:
    """The last day, where the plan names the day before which it falls due."""
    if not due.when.lower().startswith("trước ngày"):
        return ""
    if due.due is not None:
        return "" if day(due.due) in due.when else f" (chậm nhất {day(due.due)})"
    rule = find_rule(due)
    if rule is None or rule.frequency is not Frequency.MONTHLY or rule.every != 12:
        return ""
    days = takewhile(lambda each: each <= _YEAR_ENDS, rule.occurrences(_YEAR_BEGINS))
    return f" (chậm nhất {', '.join(f'{each:%d/%m}' for each in days)})"
