"""PDF files as office programs write them: in one font or two drawn one after the other, with ruled tables."""

from __future__ import annotations

import io
import textwrap
import unicodedata
import zlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import matplotlib as mpl
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = A4
LEFT, TOP, LEADING = 72, 780, 20


@cache
def fonts() -> tuple[str, str]:
    """Two fonts with Vietnamese letters, which come with matplotlib."""
    for name in ("DejaVuSans", "DejaVuSerif"):
        pdfmetrics.registerFont(TTFont(name, font_file(name)))
    return "DejaVuSans", "DejaVuSerif"


def font_file(name: str) -> Path:
    return Path(mpl.get_data_path()) / "fonts" / "ttf" / f"{name}.ttf"


class Sheet:
    """A PDF being written."""

    def __init__(self, *, mixed: bool = False, **settings: Any) -> None:
        """`mixed`: letters beyond ASCII in another font, drawn after all others of the page."""
        self._out = io.BytesIO()
        self.canvas = Canvas(self._out, pagesize=A4, pageCompression=1, **settings)
        self._mixed = mixed
        self._written = True
        self._late: list[tuple[float, float, float, str]] = []

    def write(self, x: float, y: float, text: str, size: float = 11) -> float:
        """A line; where it ends."""
        plain, other = fonts()
        self._written = True
        if not self._mixed:
            self.canvas.setFont(plain, size)
            self.canvas.drawString(x, y, text)
            return x + float(pdfmetrics.stringWidth(text, plain, size))
        for letter in text:
            if letter.isascii():
                self.canvas.setFont(plain, size)
                self.canvas.drawString(x, y, letter)
            else:
                self._late.append((x, y, size, letter))
            x += pdfmetrics.stringWidth(letter, plain if letter.isascii() else other, size)
        return x

    def lines(self, lines: Sequence[str], y: float = TOP, size: float = 11) -> float:
        """Lines one below the other; the height of the next."""
        for line in lines:
            self.write(LEFT, y, line, size)
            y -= LEADING
        return y

    def table(self, rows: Sequence[Sequence[str]], x: Sequence[float], y: float, high: float = 24) -> float:
        """A ruled table with columns that begin and end at `x`; its lower edge."""
        for place in range(len(rows) + 1):
            self.canvas.line(x[0], y - place * high, x[-1], y - place * high)
        for edge in x:
            self.canvas.line(edge, y, edge, y - len(rows) * high)
        for place, row in enumerate(rows):
            for edge, text in zip(x, row, strict=False):
                self.write(edge + 4, y - place * high - 16, text, 9)
        return y - len(rows) * high

    def end_page(self) -> None:
        for x, y, size, letter in self._late:
            self.canvas.setFont(fonts()[1], size)
            self.canvas.drawString(x, y, letter)
        self._late.clear()
        self._written = False
        self.canvas.showPage()

    def save(self, path: Path) -> Path:
        if self._written:
            self.end_page()
        self.canvas.save()
        path.write_bytes(self._out.getvalue())
        return path


def packed_page(content: bytes, times: int) -> bytes:
    """A PDF by hand whose one page is that content so many times, packed."""
    packer = zlib.compressobj(9)
    stream = b"".join(packer.compress(content) for _ in range(times)) + packer.flush()
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    written, places = b"%PDF-1.4\n", []
    for number, content_of in enumerate(objects, 1):
        places.append(len(written))
        written += b"%d 0 obj%sendobj\n" % (number, content_of)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(written)
    return written + b"xref\n0 6\n0000000000 65535 f \n" + table + end


def drawable(text: str) -> str:
    """The text without letters that the fonts of these files do not have."""
    known = pdfmetrics.getFont(fonts()[0]).face.charToGlyph
    return "".join(letter for letter in unicodedata.normalize("NFC", text) if letter == "\n" or ord(letter) in known)


def write_pages(path: Path, text: str, *, mixed: bool) -> Path:
    """A text on pages with numbers at the head of all but the first."""
    sheet = Sheet(mixed=mixed)
    lines = [line for paragraph in text.split("\n") for line in textwrap.wrap(paragraph, 80)]
    for first in range(0, len(lines), 40):
        if first:
            sheet.write(WIDTH / 2, 815, str(first // 40 + 1), 10)
        y = TOP
        for line in lines[first : first + 40]:
            sheet.write(LEFT, y, line, 10)
            y -= 17
        sheet.end_page()
    return sheet.save(path)
