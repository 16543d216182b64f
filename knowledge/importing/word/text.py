"""The words within a paragraph of Word: insertions in, deletions and hidden text out, symbols as letters."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final
from xml.etree.ElementTree import Element

from knowledge.importing.document import RAISED
from knowledge.importing.old_fonts import OldFont, old_font, to_unicode
from knowledge.importing.word.styles import Styles, font_of, is_on, value_of

GONE: Final = frozenset({"del", "moveFrom"})
"""What a tracked change takes away."""

_UNREAD: Final = GONE | {
    *("pPr", "rPr", "sdtPr", "sdtEndPr", "smartTagPr", "customXmlPr", "tblPr", "fldData", "ffData"),
    *("instrText", "delText", "delInstrText", "annotationRef", "rt", "binData"),
}
_SIGNS: Final = {"tab": " ", "ptab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_SYMBOLS: Final = {
    **{0xA3: "≤", 0xB3: "≥", 0xB1: "±", 0xB4: "×", 0xB8: "÷", 0xB9: "≠", 0xBB: "≈", 0xA5: "∞", 0xB0: "°", 0x2D: "-"},
    **{0x25: "%", 0x2B: "+", 0x2C: ",", 0x2E: ".", 0x2F: "/", 0x3C: "<", 0x3D: "=", 0x3E: ">", 0xA2: "′", 0xB2: "″"},
    **{0x30 + digit: str(digit) for digit in range(10)},
}
"""What fonts of symbols draw at a place of theirs (Adobe's Symbol encoding), as far as texts need it."""

_PRIVATE: Final = 0xF000


@dataclass(slots=True)
class Words:
    """The words of one paragraph, and what hangs on it."""

    text: str = ""
    boxes: list[Element] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)  # "footnote" or "endnote", and its id


def words_of(paragraph: Element, styles: Styles) -> Words:
    """What a paragraph says when all tracked changes are accepted."""
    found = Words()
    pieces: list[str] = []
    style = value_of(paragraph.find("pPr/pStyle"))
    _gather(paragraph, _Setting(styles, style), pieces, found)
    lines = "".join(pieces).split("\n")
    found.text = "\n".join(" ".join(line.split()) for line in lines).strip()
    return found


@dataclass(frozen=True, slots=True)
class _Setting:
    """How a run of text is set."""

    styles: Styles
    paragraph_style: str | None
    font: OldFont | None = None
    symbols: bool = False
    raised: bool = False


def _gather(element: Element, setting: _Setting, pieces: list[str], found: Words) -> None:
    for child in element:
        tag = child.tag
        if tag == "t":
            pieces.append(_shown(child.text or "", setting))
        elif tag == "r":
            run = _run(child, setting)
            if run is not None:
                _gather(child, run, pieces, found)
        elif tag in _SIGNS:
            pieces.append(_SIGNS[tag])
        elif tag == "sym":
            pieces.append(_symbol(child.get("char", "")))
        elif tag in {"footnoteReference", "endnoteReference"}:
            found.notes.append((tag.removesuffix("Reference"), child.get("id", "")))
        elif tag == "txbxContent":
            found.boxes.append(child)
        elif tag == "AlternateContent":
            chosen = next(iter(child), None)
            if chosen is not None:
                _gather(chosen, setting, pieces, found)
        elif tag not in _UNREAD:
            _gather(child, setting, pieces, found)


def _run(run: Element, around: _Setting) -> _Setting | None:
    """How a run is set; None where it is hidden."""
    properties = run.find("rPr")
    if properties is None:
        return _Setting(around.styles, around.paragraph_style, around.styles.font(None, around.paragraph_style))
    if is_on(properties.find("vanish")):
        return None
    named = font_of(properties)
    styled = around.styles.font(value_of(properties.find("rStyle")), around.paragraph_style)
    return _Setting(
        around.styles,
        around.paragraph_style,
        old_font(named) if named else styled,
        symbols=(named or "").lower() == "symbol",
        raised=value_of(properties.find("vertAlign")) == "superscript",
    )


def _shown(text: str, setting: _Setting) -> str:
    shown = to_unicode(text, setting.font)
    if setting.symbols:
        shown = "".join(_SYMBOLS.get(ord(c) % _PRIVATE, c) for c in shown)
    elif any(_PRIVATE <= ord(c) <= _PRIVATE + 0xFF for c in shown):
        shown = "".join(_SYMBOLS.get(ord(c) - _PRIVATE, "•") if _PRIVATE <= ord(c) <= 0xF0FF else c for c in shown)
    return shown.translate(RAISED) if setting.raised else shown


def _symbol(code: str) -> str:
    try:
        place = int(code, 16)
    except ValueError:
        return ""
    if place < _PRIVATE:
        return chr(place) if place >= 0x20 else ""
    return _SYMBOLS.get(place - _PRIVATE, "•")
