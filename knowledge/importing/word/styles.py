"""What Word's styles say that matters to the text: their fonts, their numbers, and the rules of tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from knowledge.importing.old_fonts import OldFont, old_font

_UNRULED = {"nil", "none"}
_LONGEST_CHAIN = 20


@dataclass(frozen=True, slots=True)
class NumberUse:
    """A place in a list: the list's id ("0": in none) and the level; None where it is said elsewhere."""

    list_id: str | None
    level: int | None


@dataclass(frozen=True, slots=True)
class Style:
    """One style as it stands in the file, without what it takes from the style it is based on."""

    name: str
    based_on: str | None
    font: str | None
    number: NumberUse | None
    ruled: bool | None


class Styles:
    """The styles of a document, by their ids."""

    def __init__(self, elements: Iterable[Element]) -> None:
        """`elements`: what stands in the part of styles."""
        self._styles: dict[str, Style] = {}
        self._font: str | None = None
        self._default: str | None = None
        for element in elements:
            if element.tag == "docDefaults":
                self._font = font_of(element.find("rPrDefault/rPr"))
            elif element.tag == "style":
                name = element.find("name")
                self._styles[element.get("styleId", "")] = Style(
                    "" if name is None else name.get("val", "").lower(),
                    value_of(element.find("basedOn")),
                    font_of(element.find("rPr")),
                    number_of(element.find("pPr")),
                    ruled_of(element.find("tblPr/tblBorders")),
                )
                if element.get("type") == "paragraph" and element.get("default") in {"1", "true", "on"}:
                    self._default = element.get("styleId")

    def _chain(self, style: str | None) -> Iterator[tuple[str, Style]]:
        for _ in range(_LONGEST_CHAIN):
            if style is None or style not in self._styles:
                return
            yield style, self._styles[style]
            style = self._styles[style].based_on

    def font(self, character_style: str | None, paragraph_style: str | None) -> OldFont | None:
        """The old font that text of these styles is set in."""
        named = (
            *self._chain(character_style),
            *self._chain(paragraph_style or self._default),
        )
        found = next((style.font for _, style in named if style.font), self._font)
        return old_font(found) if found else None

    def number(self, paragraph_style: str | None) -> tuple[NumberUse, str] | None:
        """The number that a style gives to its paragraphs, and the id of the style that says so."""
        chain = self._chain(paragraph_style or self._default)
        return next(((style.number, name) for name, style in chain if style.number), None)

    def is_contents(self, paragraph_style: str | None) -> bool:
        """Whether it is a line of the table of contents, which says twice what stands further on."""
        return any(style.name.startswith("toc ") for _, style in self._chain(paragraph_style))

    def ruled(self, table_style: str | None) -> bool:
        """Whether tables of that style have lines."""
        return next((style.ruled for _, style in self._chain(table_style) if style.ruled is not None), False)


def value_of(element: Element | None) -> str | None:
    """The value of an element such as <w:pStyle w:val="…"/>."""
    return None if element is None else element.get("val")


def is_on(element: Element | None) -> bool:
    """Whether a switch such as <w:vanish/> stands there and is on."""
    return element is not None and element.get("val", "1") not in {"0", "false", "off"}


def font_of(properties: Element | None) -> str | None:
    """The font of Latin letters that these properties of text name."""
    fonts = None if properties is None else properties.find("rFonts")
    return None if fonts is None else fonts.get("hAnsi") or fonts.get("ascii")


def number_of(properties: Element | None) -> NumberUse | None:
    """The number that these properties of a paragraph give it."""
    found = None if properties is None else properties.find("numPr")
    if found is None:
        return None
    level = value_of(found.find("ilvl"))
    return NumberUse(value_of(found.find("numId")), int(level) if level and level.isdecimal() else None)


def ruled_of(borders: Element | None) -> bool | None:
    """Whether these borders draw a line; None where there are none to say so."""
    return None if borders is None else any(border.get("val", "nil") not in _UNRULED for border in borders)
