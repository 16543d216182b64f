"""Buttons as typed values: small classes, packed into callback data and parsed from it.

Callback data may be forged: it parses into a value of the right types or into nothing, and proves no right.

    class OpenReport(Tap, name="r:n"):
        unit: int
        form: str
        period: Period

    OpenReport(7, "bien-dong", Period.month(2026, 10)).pack()  ->  "r:n:7:bien-dong:2026-10"
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import MISSING, dataclass, fields
from datetime import date
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, ClassVar, Final, Generic, Self, TypeVar, dataclass_transform, get_args, get_type_hints

from bot.road.reply import BUTTON_DATA_LIMIT, Button
from bot.road.turn import Turn
from bot.words.talk import button_gone
from knowledge.model.periods import Period

Value = TypeVar("Value")

LONGEST_NUMBER: Final = 18  # digits: every id of the database, and nothing that overflows it


@dataclass_transform(frozen_default=True)
class Tap:
    """Base of what buttons carry; subclasses have a unique `name`, and are made frozen dataclasses here.

    Fields are int (no sign, at most 18 digits), str, bool, date, Period, a StrEnum, a class whose `parse` reads what
    its str() writes, or one of these or None. Text may hold a colon in the last field only. Trailing fields that have
    their default are left out of the data.
    """

    name: ClassVar[str]

    def __init_subclass__(cls, *, name: str = "") -> None:
        super().__init_subclass__()
        if name:
            cls.name = name
        dataclass(frozen=True)(cls)

    def pack(self) -> str:
        """The callback data; raises ValueError where it exceeds 64 bytes or would not parse to the same value."""
        values = [(getattr(self, each.name), each) for each in fields(self)]  # type: ignore[arg-type]
        while values and values[-1][1].default is not MISSING and values[-1][0] == values[-1][1].default:
            values.pop()
        data = ":".join([self.name, *(_pack(value) for value, _ in values)])
        if len(data.encode()) > BUTTON_DATA_LIMIT or self.parse(data) != self:
            raise ValueError(f"callback data is too long or cannot be read back: {data!r}")
        return data

    def button(self, label: str) -> Button:
        """The inline button with this label."""
        return Button(label, data=self.pack())

    @classmethod
    def parse(cls, data: str) -> Self | None:
        """The value in callback data; None where it is another's, forged or broken."""
        if data != cls.name and not data.startswith(f"{cls.name}:"):
            return None
        rest = data[len(cls.name) + 1 :]
        readers = _readers(cls)  # type: ignore[arg-type]
        parts = rest.split(":", len(readers) - 1) if readers and data != cls.name else []
        needed = sum(each.default is MISSING for each in fields(cls))  # type: ignore[arg-type]
        if len(parts) < needed or (not readers and data != cls.name):
            return None
        try:
            return cls(*(read(part) for read, part in zip(readers, parts, strict=False)))
        except ValueError:
            return None


class UnitTap(Tap):
    """Base of the buttons about one unit, by its id."""

    unit: int


class TapRefusedError(Exception):
    """What a button is for cannot be done, or not any more; `toast` tells whoever tapped it. Nothing is undone."""

    def __init__(self, toast: str) -> None:
        super().__init__(toast)
        self.toast = toast


def or_gone(found: Value | None, toast: str = "") -> Value:
    """What a button stands for; raises TapRefusedError where there is nothing, with the usual words or its own."""
    if found is None:
        raise TapRefusedError(toast or button_gone())
    return found


Given = TypeVar("Given", bound=Tap)


@dataclass(frozen=True, slots=True)
class On(Generic[Given]):
    """What is done at a tap on such a button. A handler that does just what its tap says has no docstring."""

    tap: type[Given]
    handle: Callable[[Turn, Given], Awaitable[None]]

    async def run(self, turn: Turn, data: str) -> bool:
        """Handle callback data that bears this type's name; False where the rest of it is broken."""
        found = self.tap.parse(data)
        if found is None:
            return False
        await self.handle(turn, found)
        return True


class Taps:
    """The handlers of a set of buttons, found by the longest name with which callback data begins."""

    def __init__(self, handlers: Iterable[On[Any]]) -> None:
        """Raises ValueError where two buttons have one name."""
        self._by_name: dict[str, On[Any]] = {}
        for each in handlers:
            if each.tap.name in self._by_name:
                raise ValueError(f"{each.tap.name!r} stands for two buttons")
            self._by_name[each.tap.name] = each

    def find(self, data: str) -> On[Any] | None:
        """The handler of this data; None where it is none's."""
        parts = data.split(":")
        for count in range(len(parts), 0, -1):
            found = self._by_name.get(":".join(parts[:count]))
            if found is not None:
                return found
        return None


def _pack(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "1" if value else "0"
        case date():
            return value.isoformat()
        case Period():
            return value.code
        case _:
            return str(value)


@cache
def _readers(kind: type[Tap]) -> tuple[Callable[[str], Any], ...]:
    hints = get_type_hints(kind)
    return tuple(_reader(hints[each.name]) for each in fields(kind))  # type: ignore[arg-type]


def _reader(hint: Any) -> Callable[[str], Any]:
    if isinstance(hint, UnionType):
        read = _reader(next(each for each in get_args(hint) if each is not NoneType))
        return lambda text: read(text) if text else None
    if hint is bool:
        return _read_bool
    if hint is int:
        return read_number
    if hint is date:
        return date.fromisoformat
    if hint is Period:
        return Period.parse
    if hint is str or (isinstance(hint, type) and issubclass(hint, StrEnum)):
        return hint
    if hasattr(hint, "parse"):
        read_own: Callable[[str], Any] = hint.parse
        return read_own
    raise TypeError(f"a button cannot carry {hint}")


def read_number(text: str) -> int:
    """A number from outside, "12" → 12; raises ValueError for anything but at most 18 plain digits."""
    if not (text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER):
        raise ValueError(text)
    return int(text)


def _read_bool(text: str) -> bool:
    if text not in {"0", "1"}:
        raise ValueError(text)
    return text == "1"
