"""The buttons of forms. `held` is the row of a form that waits, `mark` the beginning of its workbook's hash."""

from __future__ import annotations

from bot.hands.taps import Tap
from knowledge.model.periods import Period


class HeldTap(Tap):
    """Base of the buttons about a form that is held: rows' numbers are used anew, so its workbook must be the same."""

    held: int
    mark: str


class ShowHeld(HeldTap, name="fm:h"):
    """A form that waits to be approved, or what is still asked of it."""


class DecideDoubt(HeldTap, name="fm:d"):
    """A doubt is decided: `left` is how many were open when it was asked, `choice` the place of the answer."""

    left: int
    choice: int


class ApproveForm(HeldTap, name="fm:A"):
    """**Duyệt**: put it in force from a period on; None for a form that is asked for in campaigns."""

    since: Period | None = None


class DropForm(HeldTap, name="fm:D"):
    """**Hủy**: drop what is held."""


class ShowForm(Tap, name="fm:v"):
    """One form, by its id."""

    form: str


class FetchForm(Tap, name="fm:x"):
    """The workbook that describes a form."""

    form: str


class WithdrawForm(Tap, name="fm:w"):
    """**Rút biểu này**: it asks for nothing any more."""

    form: str


class RestoreForm(Tap, name="fm:b"):
    """**Dùng lại biểu này**: the withdrawal is taken back."""

    form: str
