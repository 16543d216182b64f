"""The letters of a PDF's page as PDFium finds them, each with its place, its size and its font.

PDFium is not thread-safe: to be used in a process of its own only.
"""

from __future__ import annotations

import ctypes
import math
from typing import Any, Final, NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

from knowledge.importing.old_fonts import OldFont, old_font
from knowledge.importing.pdf.drawings import DrawnLine, Placing, read_drawings
from knowledge.importing.refusals import MOST_PAGES, FileRefusedError, WhyRefused

UNKNOWN: Final = "\ufffd"
"""Stands for a letter of which the file does not say which it is."""

_LINE_END_HYPHEN: Final = 0x02  # PDFium's sign for a hyphen that ends a line
_MAYBE_ADDED: Final = frozenset({0x0D, 0x0A, 0x20, 0x2D, _LINE_END_HYPHEN})  # signs that PDFium adds of its own
_SOFT_HYPHEN: Final = "\xad"  # a letter like any other in old fonts
_LONGEST_NAME: Final = 200  # bytes of a font's name
_TILTED: Final = 10  # degrees off the horizontal from which on letters are a stamp or a watermark


class Glyph(NamedTuple):
    """A letter: where it begins and ends on its baseline, in points from the page's lower left, and how it is set."""

    x: float
    right: float
    y: float
    size: float
    text: str
    font: OldFont | None = None


class Page(NamedTuple):
    """A page's letters, and what else decides how it is read."""

    number: int
    glyphs: list[Glyph]
    unseen: int  # letters drawn without being shown: the text layer of a scan
    rules: list[DrawnLine]
    pictures: int


class _Style(NamedTuple):
    size: float
    family: int
    font: OldFont | None
    upright: bool
    shown: bool


def open_pdf(content: bytes) -> Any:
    """PDFium's document of a file.

    Raises:
        FileRefusedError: it is protected, damaged or has too many pages.
    """
    try:
        opened = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        locked = getattr(error, "err_code", None) in {pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY}
        raise FileRefusedError(WhyRefused.ENCRYPTED if locked else WhyRefused.DAMAGED) from None
    if len(opened) > MOST_PAGES:
        raise FileRefusedError(WhyRefused.TOO_MANY_PAGES)
    if len(opened) == 0:
        raise FileRefusedError(WhyRefused.DAMAGED)
    return opened


def read_page(opened: Any, index: int) -> Page:
    """The letters of a page (0 is the first), in no particular order.

    Raises:
        FileRefusedError: the page is damaged.
    """
    try:
        page = opened[index]
        text = page.get_textpage()
    except pypdfium2.PdfiumError:
        raise FileRefusedError(WhyRefused.DAMAGED) from None
    place = Placing(page.get_mediabox(), page.get_rotation())
    seen, unseen = _Letters(text, place).read()
    rules, pictures = read_drawings(page, place)
    text.close()
    page.close()
    return Page(index + 1, seen, unseen, rules, pictures)


class _Letters:
    """Reads one page's letters."""

    def __init__(self, text: Any, place: Placing) -> None:
        self._text, self._place = text, place
        self._styles: dict[int, _Style] = {}
        self._fonts: dict[int, OldFont | None] = {}
        self._letters: dict[tuple[int, int], str] = {}

    def read(self) -> tuple[list[Glyph], int]:
        """The letters that are shown upright, and how many more are drawn without being shown."""
        raw, seen, unseen = self._text.raw, [], 0
        x, y, box = ctypes.c_double(), ctypes.c_double(), pdfium.FS_RECTF()
        for index in range(self._text.count_chars()):
            code = pdfium.FPDFText_GetUnicode(raw, index)
            if code in _MAYBE_ADDED and pdfium.FPDFText_IsGenerated(raw, index) == 1:
                continue
            style = self._style(index)
            letter = self._letters.get((style.family, code))
            if letter is None:
                unknown = pdfium.FPDFText_HasUnicodeMapError(raw, index) == 1
                letter = self._letters[style.family, code] = UNKNOWN if unknown else _letter(code, style.font)
            if not letter or not style.upright:
                continue
            if not style.shown:
                unseen += 1
                continue
            pdfium.FPDFText_GetCharOrigin(raw, index, x, y)
            pdfium.FPDFText_GetLooseCharBox(raw, index, box)
            at, baseline = self._place.put(x.value, y.value)
            edges = self._place.put(box.left, box.bottom)[0], self._place.put(box.right, box.top)[0]
            seen.append(Glyph(at, max(edges), baseline, style.size, letter, style.font))
        return seen, unseen

    def _style(self, index: int) -> _Style:
        drawn = pdfium.FPDFText_GetTextObject(self._text.raw, index)
        key = ctypes.cast(drawn, ctypes.c_void_p).value or 0
        if key not in self._styles:
            self._styles[key] = self._look(drawn, index)
        return self._styles[key]

    def _look(self, drawn: Any, index: int) -> _Style:
        size, matrix = ctypes.c_float(12.0), pdfium.FS_MATRIX(1, 0, 0, 1, 0, 0)
        family, shown = 0, True
        if drawn:
            pdfium.FPDFTextObj_GetFontSize(drawn, size)
            pdfium.FPDFPageObj_GetMatrix(drawn, matrix)
            family = self._family(pdfium.FPDFTextObj_GetFont(drawn))
            shown = pdfium.FPDFTextObj_GetTextRenderMode(drawn) != pdfium.FPDF_TEXTRENDERMODE_INVISIBLE
        tilt = math.degrees(pdfium.FPDFText_GetCharAngle(self._text.raw, index))
        off = (abs((tilt + turned + 180) % 360 - 180) for turned in (self._place.angle, -self._place.angle))
        upright = tilt < 0 or min(off) < _TILTED
        scale = math.hypot(matrix.c, matrix.d) or 1.0
        return _Style(max(abs(size.value) * scale, 1.0), family, self._fonts.get(family), upright, shown)

    def _family(self, font: Any) -> int:
        """A number for a font, whose name was looked at."""
        family = ctypes.cast(font, ctypes.c_void_p).value or 0
        if family and family not in self._fonts:
            name = ctypes.create_string_buffer(_LONGEST_NAME)
            pdfium.FPDFFont_GetBaseFontName(font, name, _LONGEST_NAME)
            self._fonts[family] = old_font(name.value.decode("utf-8", "replace"))
        return family


def _letter(code: int, font: OldFont | None) -> str:
    """What a code stands for, "" where it is nothing that is read."""
    if code == _LINE_END_HYPHEN:
        return "-" if font is None else _SOFT_HYPHEN
    if code < 0x20 or 0xD800 <= code <= 0xDFFF or code in {0xFFFE, 0xFFFF} or code > 0x10FFFF:
        return " " if code in {0x09, 0x0A, 0x0D} else ""
    return chr(code)
