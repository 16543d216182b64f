"""Choosing a part of the tree, in words."""

from __future__ import annotations

from collections.abc import Callable

from bot.hands.scopes import OfferedScopes, ScopeChoice
from bot.hands.taps import Tap
from bot.road.reply import Reply


def choose_scope(offered: OfferedScopes, tap: Callable[[ScopeChoice], Tap], edits: int | None = None) -> Reply:
    """Which part of the tree; `tap` makes the button of a choice."""
    rows = tuple((tap(ScopeChoice(unit.id)).button(unit.name[:60]),) for unit in offered.units)
    back = (tap(ScopeChoice(goes_up=offered.may_go_up)).button("Quay lại"),)
    return Reply("Chọn phạm vi, hoặc gõ một phần tên đơn vị:", (*rows, back), edits=edits)
