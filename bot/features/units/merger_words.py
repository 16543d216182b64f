"""What is said of the shares of targets that a merger brought together."""

from __future__ import annotations

from html import escape

from bot.features.units.merging import MergedShare, MergedTold, MovedShare
from bot.road.reply import MessageKind, Reply
from bot.words.dates import day
from bot.words.progress import goal_amount


def told(found: MergedTold) -> Reply:
    """To whoever serves a unit whose share, or what it hands down, is another after a merger."""
    lines = [
        "🎯 <b>Chỉ tiêu thay đổi do sáp nhập</b>",
        f"{escape(found.gone.name)} sáp nhập vào {escape(found.into.name)} từ {day(found.on)}.",
        *(_line(each, found) for each in found.shares),
        "Số đã báo cáo của đơn vị sáp nhập tính cho nơi nhận. Anh/chị gõ /chitieu để xem đầy đủ.",
    ]
    return Reply("\n".join(lines), kind=MessageKind.BROADCAST, key=found.key, not_before=found.leaves_at)


def _line(each: MergedShare, found: MergedTold) -> str:
    goal, old, new = each.goal, each.old, each.new
    head = f"• {escape(goal.name)} {goal.year}, {escape(each.unit_name)}: "
    if each.what is MovedShare.GIVES_NO_MORE and old is not None:
        return f"{head}thôi giao {goal_amount(goal, old)} cho {escape(found.gone.name)}"
    if each.what is MovedShare.GIVES_NOW and new is not None:
        return f"{head}nay giao {goal_amount(goal, new)} cho {escape(found.into.name)}"
    if old is None or new is None:
        return f"{head}<b>{goal_amount(goal, new)}</b>" if new is not None else f"{head}không còn"
    return f"{head}{goal_amount(goal, old)} → <b>{goal_amount(goal, new)}</b>"
