"""What units are told of their shares, and what is said to and of their opinions."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from html import escape
from typing import Final

from bot.features.targets.giving import taps
from bot.features.targets.giving.amount_words import amount, number
from bot.features.targets.giving.closing import ClosedTold
from bot.features.targets.giving.opinions import KeptShare, SaidOpinion, SharedUnit
from bot.features.targets.giving.telling import ToldPerson, ToldShare
from bot.road.reply import Button, MessageKind, Reply
from bot.words.dates import day
from bot.words.reports import short
from knowledge.model.shares import Goal
from knowledge.numbers import format_count

_MOST: Final = 8
_LEAVE: Final = taps.LeaveOpinion().button("Hủy")


def told(found: ToldPerson) -> Reply:
    """Who was given shares hears of them, of all their units in one message."""
    goal = found.goal
    first = all(each.changed.old is None for each in found.shares)
    head = "🎯 <b>Chỉ tiêu được giao</b>" if first else "🎯 <b>Chỉ tiêu điều chỉnh</b>"
    lines = [f"{head} từ {escape(found.giver.name)}", f"<b>{escape(goal.name)}, năm {goal.year}</b>"]
    lines += [_told_line(each, goal, found.on) for each in found.shares]
    reason = next((each.changed.after.reason for each in found.shares if each.changed.after.reason), None)
    if reason:
        lines.append(f"Lý do: {escape(reason)}")
    return Reply(
        "\n".join(lines),
        tuple(_buttons(found)),
        kind=MessageKind.BROADCAST,
        key=found.key,
        not_before=found.leaves_at,
    )


def _told_line(each: ToldShare, goal: Goal, on: date) -> str:
    old, new = each.changed.old, each.changed.after.value
    measure = escape(goal.measured_in)
    name = escape(each.unit_name)
    if new is None:
        return f"• {name}: thôi giao chỉ tiêu này từ {day(on)}"
    if old is None or old == new:
        own = each.replaced
        aside = f", thay cho số đơn vị tự đặt ({amount(own, measure)})" if own is not None else ""
        return f"• {name}: <b>{amount(new, measure)}</b>{aside}"
    return f"• {name}: {_step(old, new, goal)}, áp dụng từ {day(on)}"


def _step(old: Decimal, new: Decimal, goal: Goal) -> str:
    way = "xuống" if new < old else "lên"
    return f"điều chỉnh từ {number(old, goal.measured_in)} {way} <b>{amount(new, escape(goal.measured_in))}</b>"


def _buttons(found: ToldPerson) -> list[tuple[Button, ...]]:
    held = [each for each in found.shares if each.changed.after.value is not None]
    if not held:
        return []
    if len(held) == 1:
        [only] = held
        share = only.changed.after.id
        rows: list[tuple[Button, ...]] = [
            (taps.SayClear(share).button("Đã rõ"), taps.SayOpinion(share).button("Có ý kiến"))
        ]
    else:
        rows = [(taps.SayClear(found.giver.id, found.goal.id).button("Đã rõ"),)]
        rows += [
            (taps.SayOpinion(each.changed.after.id).button(short(f"Có ý kiến: {each.unit_name}")),)
            for each in held[:_MOST]
        ]
    rows += [
        (taps.SplitShare(each.unit_id, found.goal.id).button("Giao cho cấp dưới"),)
        for each in held[:_MOST]
        if each.may_split
    ]
    return rows


def told_closed(found: ClosedTold) -> Reply:
    """A goal of which somebody's units held a share is followed no more."""
    goal = found.goal
    lines = [
        f"🎯 <b>Chỉ tiêu đã kết thúc</b> – {escape(found.owner.name)}",
        f"<b>{escape(goal.name)}, năm {goal.year}</b>",
        *(f"• {escape(name)}: {amount(value, escape(goal.measured_in))}" for name, value in found.shares[:_MOST]),
    ]
    if len(found.shares) > _MOST:
        lines.append(f"• và {format_count(len(found.shares) - _MOST)} đơn vị nữa")
    lines.append(f"Từ {day(found.on)} chỉ tiêu này không còn được theo dõi; báo cáo đã nộp vẫn được lưu.")
    return Reply("\n".join(lines), kind=MessageKind.BROADCAST, key=found.key, not_before=found.leaves_at)


def noted() -> str:
    """The toast to **Đã rõ**."""
    return "Cảm ơn anh/chị, đã ghi nhận."


def noted_already() -> str:
    """The toast to a second tap, or to one on a share that was changed meanwhile."""
    return "Chỉ tiêu này đã được trả lời hoặc đã thay đổi; gõ /chitieu để xem số hiện nay."


def ask_opinion(about: SharedUnit) -> Reply:
    """What the unit has to say."""
    return Reply(
        f"{_about(about)}\nÝ kiến của đơn vị là gì? Anh/chị gõ trong một tin, "
        f"tôi chuyển tới {escape(about.giver.name)}.",
        ((_LEAVE,),),
    )


def _about(about: SharedUnit) -> str:
    goal, value = about.goal, about.share.value
    shown = f": <b>{amount(value, escape(goal.measured_in))}</b>" if value is not None else ""
    return f"<b>{escape(goal.name)}, năm {goal.year}</b> – {escape(about.unit.name)}{shown}"


def too_short() -> Reply:
    """To a letter or two."""
    return Reply("Anh/chị viết rõ hơn vài chữ giúp, hoặc gõ /huy để thôi.", ((_LEAVE,),))


def said(opinion: SaidOpinion) -> Reply:
    """After an opinion was given."""
    return Reply(f"Đã chuyển ý kiến tới {escape(opinion.about.giver.name)}. Khi có quyết định, tôi báo anh/chị ngay.")


def said_already() -> Reply:
    """To a second opinion, or one on a share that was changed meanwhile."""
    return Reply("Chỉ tiêu này đã có ý kiến hoặc đã thay đổi; gõ /chitieu để xem số hiện nay.")


def to_decide(opinion: SaidOpinion) -> Reply:
    """The giver's supervisors hear the opinion."""
    share = opinion.about.share
    return Reply(
        f"💬 <b>Ý kiến về chỉ tiêu</b>\n{_about(opinion.about)}\n{escape(opinion.by)}: “{escape(share.remark or '')}”",
        (
            (
                taps.AnswerByChange(share.id).button("Sửa chỉ tiêu"),
                taps.AnswerByKeeping(share.id).button("Giữ nguyên"),
            ),
        ),
    )


def decided_already() -> str:
    """The toast to a button under an opinion that was decided on."""
    return "Ý kiến này đã được giải quyết."


def ask_number(about: SharedUnit) -> Reply:
    """What the share is to be instead."""
    return Reply(
        f"{_about(about)}\nSửa thành bao nhiêu? Anh/chị gõ số mới, có thể kèm lý do, ví dụ: "
        "<i>40, do chuyển một tổ đi</i>.",
        ((_LEAVE,),),
    )


def ask_remark(about: SharedUnit) -> Reply:
    """Why it stays."""
    without = taps.KeepWithoutRemark(about.share.id).button("Không nêu lý do")
    return Reply(f"{_about(about)}\nGiữ nguyên vì sao? Anh/chị gõ vài chữ để đơn vị hiểu rõ.", ((without, _LEAVE),))


def kept(found: KeptShare) -> Reply:
    """After **Giữ nguyên**."""
    return Reply(f"Đã trả lời {escape(found.about.unit.name)}: giữ nguyên chỉ tiêu.")


def decision(found: KeptShare) -> Reply:
    """The unit hears that its share stays."""
    remark = f"\n“{escape(found.remark)}”" if found.remark else ""
    return Reply(
        f"🎯 {escape(found.about.giver.name)} giữ nguyên chỉ tiêu sau khi xem ý kiến.\n{_about(found.about)}{remark}"
    )


def dropped() -> Reply:
    """After **Hủy** where an opinion or a decision was asked for."""
    return Reply("Đã dừng, chưa ghi gì.")
