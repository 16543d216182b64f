"""The numbers that Word counts itself: "1.2.", "a)", "–". Rules: ECMA-376, part 1, 17.9."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Final
from xml.etree.ElementTree import Element

from knowledge.importing.word.styles import NumberUse, Styles, is_on, value_of

LEVELS: Final = 9
_PLACE = re.compile(r"%([1-9])")
_ROMAN_LETTERS: Final = "ivxlcdm"
_ROMAN_DIGITS: Final = ("", "0", "00", "000", "01", "1", "10", "100", "1000", "02")  # by the one, the five, the ten
_HIGHEST: Final = 32_767  # Word's own


@dataclass(frozen=True, slots=True)
class _Level:
    """How one level of a list is numbered."""

    start: int = 1
    form: str = "decimal"
    text: str = ""
    plain: bool = False  # all its numbers in digits, whatever their own levels say
    restarts_after: int | None = None  # the level (1-based) whose number restarts this; 0 none, None any above
    style: str | None = None


@dataclass(frozen=True, slots=True)
class _List:
    """One use of a definition: which, and what it does otherwise."""

    definition: str
    levels: dict[int, _Level]
    starts: dict[int, int]


class Numbering:
    """Counts a document's lists as its paragraphs come, in their order."""

    def __init__(self, elements: Iterable[Element], styles: Styles) -> None:
        """`elements`: what stands in the part of numbering."""
        self._styles = styles
        self._definitions: dict[str, dict[int, _Level]] = {}
        self._lists: dict[str, _List] = {}
        self._same_as: dict[str, str] = {}
        for element in elements:
            if element.tag == "abstractNum":
                key = element.get("abstractNumId", "")
                self._definitions[key] = dict(map(_level, element.findall("lvl")))
                linked = value_of(element.find("numStyleLink"))
                if linked:
                    self._same_as[key] = linked
            elif element.tag == "num":
                self._add_list(element)
        self._counts: dict[str, list[int | None]] = {}
        self._started: set[tuple[str, int]] = set()

    def _add_list(self, element: Element) -> None:
        levels: dict[int, _Level] = {}
        starts: dict[int, int] = {}
        for override in element.findall("lvlOverride"):
            place = _number(override.get("ilvl"), 0)
            own = override.find("lvl")
            if own is not None:
                levels[place] = _level(own)[1]
            start = value_of(override.find("startOverride"))
            if start is not None:
                starts[place] = _number(start, 1)
        definition = value_of(element.find("abstractNumId")) or ""
        self._lists[element.get("numId", "")] = _List(definition, levels, starts)

    def _find(self, list_id: str) -> _List | None:
        """The list of an id; one that only points to a style's is that style's."""
        found = self._lists.get(list_id)
        linked = self._same_as.get(found.definition) if found else None
        if found is None or linked is None:
            return found
        use = self._styles.number(linked)
        target = self._lists.get(use[0].list_id or "") if use else None
        return found if target is None else replace(found, definition=target.definition)

    def _place(self, own: NumberUse | None, style: str | None) -> tuple[str, _List, int] | None:
        """The list that a paragraph stands in, and its level: its own word, otherwise its style's."""
        styled = self._styles.number(style)
        list_id = own.list_id if own and own.list_id is not None else styled[0].list_id if styled else None
        found = self._find(list_id) if list_id not in (None, "0") and list_id else None
        if found is None or list_id is None:
            return None
        level = own.level if own else None
        if level is None and styled and (own is None or own.list_id is None):
            levels = self._levels(found)
            named = (place for place, each in levels.items() if each.style in {style, styled[1]})
            level = next(named, styled[0].level)
        return list_id, found, min(level or 0, LEVELS - 1)

    def _levels(self, found: _List) -> dict[int, _Level]:
        return self._definitions.get(found.definition, {}) | found.levels

    def label(self, own: NumberUse | None, style: str | None) -> str:
        """The number of the next paragraph, "" where it has none; `own`: what the paragraph itself says."""
        place = self._place(own, style)
        if place is None:
            return ""
        list_id, found, level = place
        levels = self._levels(found)
        counts = self._counts.setdefault(found.definition, [None] * LEVELS)
        self._count(list_id, found, levels, counts, level)
        here = levels.get(level, _Level())
        if here.form == "none":
            return _PLACE.sub("", here.text).strip()
        if here.form == "bullet":
            return _bullet(here.text)

        def shown(match: re.Match[str]) -> str:
            other = int(match[1]) - 1
            form = "decimal" if here.plain else levels.get(other, _Level()).form
            count = counts[other]
            return _FORMS.get(form, str)(levels.get(other, _Level()).start if count is None else count)

        return _PLACE.sub(shown, here.text).strip()

    def _count(
        self, list_id: str, found: _List, levels: dict[int, _Level], counts: list[int | None], level: int
    ) -> None:
        before = counts[level]
        start = levels.get(level, _Level()).start
        if level in found.starts and (list_id, level) not in self._started:
            self._started.add((list_id, level))
            before, start = None, found.starts[level]
        counts[level] = start if before is None else min(before + 1, _HIGHEST)
        for above in range(level):
            if counts[above] is None:
                counts[above] = found.starts.get(above, levels.get(above, _Level()).start)
        for below in range(level + 1, LEVELS):
            after = levels.get(below, _Level()).restarts_after
            if after is None or level < after:
                counts[below] = None


def _level(element: Element) -> tuple[int, _Level]:
    restart = value_of(element.find("lvlRestart"))
    form = value_of(element.find("numFmt")) or "decimal"
    text = value_of(element.find("lvlText")) or ""
    return min(_number(element.get("ilvl"), 0), LEVELS - 1), _Level(
        start=_number(value_of(element.find("start")), 0 if form == "decimalZero" else 1),
        form=form,
        text=text,
        plain=is_on(element.find("isLgl")),
        restarts_after=None if restart is None else _number(restart, 0),
        style=value_of(element.find("pStyle")),
    )


def _number(text: str | None, otherwise: int) -> int:
    return min(int(text), _HIGHEST) if text and text.isascii() and text.isdecimal() and len(text) < 9 else otherwise


def _bullet(text: str) -> str:
    """A bullet as a sign: fonts of symbols, and the "o" that draws a ring, say nothing as letters."""
    sign = text.strip()
    return sign if sign and not any(c.isalnum() or unicodedata.category(c) == "Co" for c in sign) else "•"


def _letters(count: int) -> str:
    return chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1) if 0 < count < 26 * 30 else str(count)


def _roman(count: int) -> str:
    if not 0 < count < 4000:
        return str(count)
    digits = ((place, _ROMAN_DIGITS[count // 10**place % 10]) for place in (3, 2, 1, 0))
    return "".join(_ROMAN_LETTERS[2 * place + int(sign)] for place, signs in digits for sign in signs)


_FORMS: Final[dict[str, Callable[[int], str]]] = {
    "lowerLetter": _letters,
    "upperLetter": lambda count: _letters(count).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda count: _roman(count).upper(),
    "decimalZero": lambda count: f"{count:02}",
}
