"""What units are to reach and how far they are, in words."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from html import escape
from typing import Final
from zoneinfo import ZoneInfo

from bot.features.targets import taps
from bot.features.targets.following import SharesOfUnit, UnitBelow, UnitShare, UnitsOfGoal
from bot.road.reply import Attachment, Button, MessageKind, Reply
from bot.words.dates import day
from bot.words.progress import amount, goal_amount, reached, reports_line, share_line, share_lines
from bot.words.reports import percent, short, short_unit
from knowledge.model.shares import Goal, Share
from knowledge.numbers import format_count
from knowledge.progress import Standing
from knowledge.share_progress import ShareProgress
from storage.units import Unit

_BUTTONS: Final = 4
_PICTURE_NAME: Final = "chi-tieu.png"


def shares_text(found: SharesOfUnit, zone: ZoneInfo) -> str:
    """Every share of a unit: bar, what is missing, at which pace, who gave it and when."""
    head = f"<b>{escape(found.unit.name)}</b> – chỉ tiêu được giao năm {found.year}"
    return "\n\n".join([head, *(_block(each, zone) for each in found.shares)])


def _block(each: UnitShare, zone: ZoneInfo) -> str:
    goal, value = each.held.goal, each.held.share.value
    lines = [f"<b>{escape(goal.name)}</b>"]
    if each.progress is not None:
        lines += share_lines(each.progress)
    elif value is not None:
        lines.append(
            f"Chỉ tiêu: <b>{goal_amount(goal, value)}</b>. "
            "Chưa có biểu báo cáo nào đo chỉ tiêu này nên tôi chưa theo dõi được."
        )
    elif each.given is not None:
        lines.append(_given_down(each.held.goal, each.given))
    lines.append(f"<i>{_given(each, zone)}</i>")
    return "\n".join(lines)


def _given_down(goal: Goal, given: tuple[Decimal, Decimal, int]) -> str:
    lowest, highest, count = given
    amounts = f"<b>{goal_amount(goal, lowest)}</b>"
    if highest != lowest:
        amounts = f"từ {amounts} đến <b>{goal_amount(goal, highest)}</b>"
    looking = "Bấm nút bên dưới để xem từng nơi, nơi chậm đứng trước."
    return f"Giao riêng cho {format_count(count)} đơn vị: {amounts}. {looking}"


def _given(each: UnitShare, zone: ZoneInfo) -> str:
    share = each.held.share
    set_on = day(share.set_at.astimezone(zone).date())
    if each.inherits:
        text = f"Áp dụng chung, giao ngày {set_on}"
    elif each.given is not None:
        text = f"Giao ngày {set_on}"
    elif each.giver is not None:
        text = f"{escape(each.giver)} giao ngày {set_on}"
    else:
        text = f"Chỉ tiêu của đơn vị, ghi ngày {set_on}"
    if each.before is not None and each.before.value is not None:
        text = f"{text}, điều chỉnh từ {goal_amount(each.held.goal, each.before.value)}{_why(share)}"
    return f"{text}."


def _why(share: Share) -> str:
    if share.merged_with is not None:
        return " do sáp nhập"
    return f": {escape(share.reason)}" if share.reason else ""


def share_buttons(found: SharesOfUnit) -> tuple[tuple[Button, ...], ...]:
    """The ways to the units below, one for each goal."""
    if not found.children:
        return ()
    return tuple(
        (taps.ShowUnitsOfGoal(each.held.goal.id, found.unit.id).button(short(f"Các đơn vị: {each.held.goal.name}")),)
        for each in found.shares[:_BUTTONS]
    )


def shares_answer(found: SharesOfUnit, zone: ZoneInfo, *, more: str = "", edits: int | None = None) -> Reply:
    """To /chitieu: the shares first; `more` is what the plan sets beside them."""
    text = shares_text(found, zone) + (f"\n\n{more}" if more else "")
    return Reply(text, share_buttons(found), edits=edits)


# The units below -----------------------------------------------------------------------------------------------------


def units_of_goal(found: UnitsOfGoal, *, edits: int | None = None) -> Reply:
    """The units right below, the furthest behind first, each with a button to look at it."""
    goal, unit = found.goal, found.unit
    lines = [f"<b>{escape(goal.name)} năm {goal.year}</b> – {escape(unit.name)}"]
    if found.how is None:
        lines.append("Chưa có biểu báo cáo nào đo chỉ tiêu này, nên tôi chỉ nêu số đã giao.")
    if found.whole is not None:
        lines += [*share_lines(found.whole)[:1], reports_line(found.whole)]
    at = f", trang {found.page + 1}/{found.pages}" if found.pages > 1 else ""
    first = ", chậm nhất đứng trước" if found.how is not None and len(found.below) > 1 else ""
    lines.append(f"{format_count(len(found.below))} đơn vị bên dưới{first}{at}. Bấm để xem từng nơi.")
    if not found.below:
        lines[-1:] = ["Không có đơn vị nào bên dưới."]
    rows: list[tuple[Button, ...]] = [
        (taps.ShowUnitOfGoal(goal.id, each.unit.id, found.page).button(_below(each)),) for each in found.shown
    ]
    rows += _page_row(found)
    if found.how is not None and found.below:
        rows.append((taps.DrawUnitsOfGoal(goal.id, unit.id).button("Ảnh gửi nhóm"),))
    rows.append((taps.ShowShareProgress(unit.id, goal.year).button("Quay lại"),))
    return Reply("\n".join(lines), tuple(rows), edits=edits)


def _below(each: UnitBelow) -> str:
    name = short_unit(each.unit.name, 30)
    if each.progress is None:
        return f"{name} · {amount(each.amount) if each.amount is not None else 'chưa giao'}"
    mark = "✓ " if each.progress.standing is Standing.REACHED else ""
    missing = each.progress.reached.missing
    return f"{mark}{name} · {reached(each.progress)}" + (f" · thiếu {format_count(missing)} BC" if missing else "")


def _page_row(found: UnitsOfGoal) -> list[tuple[Button, ...]]:
    row = []
    if found.page > 0:
        row.append(taps.ShowUnitsOfGoal(found.goal.id, found.unit.id, found.page - 1).button("‹ Trang trước"))
    if found.page + 1 < found.pages:
        row.append(taps.ShowUnitsOfGoal(found.goal.id, found.unit.id, found.page + 1).button("Trang sau ›"))
    return [tuple(row)] if row else []


def unit_of_goal(
    found: SharesOfUnit,
    goal: Goal,
    zone: ZoneInfo,
    *,
    above: Unit | None,
    may_nudge: bool,
    page: int,
    edits: int | None = None,
) -> Reply:
    """One unit in one goal, with the ways further down, back up, and to remind it."""
    if found.shares:
        text = shares_text(found, zone)
    else:
        text = f"<b>{escape(found.unit.name)}</b>\n{escape(goal.name)} năm {goal.year}: chưa được giao chỉ tiêu."
    rows = list(share_buttons(found))
    if may_nudge and found.shares:
        rows.append((taps.NudgeUnitOfGoal(goal.id, found.unit.id).button("Nhắc"),))
    if above is not None:
        rows.append((taps.ShowUnitsOfGoal(goal.id, above.id, page).button("Quay lại"),))
    return Reply(text, tuple(rows), edits=edits)


# Reminding -----------------------------------------------------------------------------------------------------------


def note(unit: Unit, progress: ShareProgress | None, goal: Goal, by: str, *, key: str, at: datetime | None) -> Reply:
    """A word to a unit's officers about their share, at the wish of whoever handed it down."""
    told = share_line(progress) if progress is not None else f"{escape(goal.name)} {goal.year}"
    wish = f"<i>{escape(by)} nhờ nhắc. Anh/chị gõ /chitieu để xem đầy đủ.</i>"
    text = f"📌 <b>Nhắc chỉ tiêu – {escape(unit.name)}</b>\n{told}.\n{wish}"
    return Reply(text, kind=MessageKind.BROADCAST, key=key, not_before=at)


def noted(count: int, name: str) -> str:
    """The toast of a reminder about a share."""
    return f"Đã nhắc {format_count(count)} cán bộ của {name[:80]} về chỉ tiêu."


def noted_today(name: str) -> str:
    """The toast where it was done today."""
    return f"Hôm nay đã nhắc {name[:80]} về chỉ tiêu này rồi."


def nobody_there(name: str) -> str:
    """The toast where nobody of the unit can be written to."""
    return f"{name[:80]} chưa có cán bộ nào nhận được tin ở đây."


# The picture ---------------------------------------------------------------------------------------------------------


def picture_title(found: UnitsOfGoal) -> str:
    """What stands above the bars."""
    return f"{found.goal.name} {found.goal.year}: các đơn vị so với chỉ tiêu"


def picture_subtitle(found: UnitsOfGoal, today: str, shown: int) -> str:
    """Whose units, on which day, what is missing."""
    parts = [found.unit.name, f"ngày {today}"]
    if found.whole is not None:
        share = f"{reached(found.whole)} {'' if found.goal.is_percent else found.goal.measured_in}".strip()
        parts.append(f"chung {share} ({percent(found.whole.part)})")
    missing = sum(each.progress.reached.missing for each in found.below if each.progress is not None)
    parts.append(f"thiếu {format_count(missing)} báo cáo đã đến hạn" if missing else "đủ báo cáo đã đến hạn")
    if shown < sum(each.progress is not None for each in found.below):
        parts.append(f"{shown} đơn vị chậm nhất trong {format_count(len(found.below))}")
    return " · ".join(parts)


PICTURE_NAMES: Final = ("Đã đạt chỉ tiêu", "Kịp tiến độ", "Chậm tiến độ")


def bar_label(each: ShareProgress) -> str:
    """What stands behind a bar."""
    return reached(each)


def picture(found: UnitsOfGoal, content: bytes) -> Reply:
    """The picture of the units, to be sent on."""
    text = f"<b>{escape(picture_title(found))}</b>\n{escape(found.unit.name)}"
    return Reply(text, photo=Attachment(content, _PICTURE_NAME))


def drawing() -> str:
    """While the picture is being made."""
    return "Đang vẽ ảnh, xong tôi gửi vào đây."


def not_drawn() -> Reply:
    """Where it could not be made."""
    return Reply("Xin lỗi, tôi chưa vẽ được ảnh này. Anh/chị thử lại sau ít phút giúp.")


def nothing_to_draw() -> Reply:
    """Where no unit below has a share that is followed."""
    return Reply("Chưa có đơn vị nào bên dưới được giao chỉ tiêu này, nên chưa có gì để vẽ.")


def goal_gone() -> str:
    """The toast to a goal that is there no more."""
    return "Chỉ tiêu này không còn nữa."
