"""What a chat is in the middle of while something is asked of the supervisor, or sent back by them."""

from __future__ import annotations

from datetime import date
from typing import Final

import msgspec

from bot.hands.dialogs import DialogKeeper
from storage.requests import RequestKind


class Explaining(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Giving the reason of a request; `period` is the period's code, `until` a day that was named before."""

    kind: RequestKind
    unit_id: int
    form: str
    period: str
    until: date | None = None


class Remarking(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Writing why a report is sent back."""

    submission_id: int


class Refusing(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Giving the reason of a refusal; the request stays open until then."""

    request_id: int


KEEPER: Final[DialogKeeper[Explaining | Remarking | Refusing]] = DialogKeeper(
    "request",
    Explaining | Remarking | Refusing,  # type: ignore[arg-type]
)
