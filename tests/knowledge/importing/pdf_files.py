"""PDF files as office programs write them: in one font or two drawn one after the other, with ruled tables."""

from __future__ import annotations

import io
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
    folder = Path(mpl.get_data_path()) / "fonts" / "ttf"
    for name in ("DejaVuSans", "DejaVuSerif"):
        pdfmetrics.registerFont(TTFont(name, folder / f"{name}.ttf"))
    return "DejaVuSans", "DejaVuSerif"


class Sheet:
    """A PDF being written."""

    def __init__(self, *, mixed: bool = False, **settings: Any) -> None:
        """`mixed`: letters beyond ASCII in another font, drawn after all others of the page."""
        self._out = io.BytesIO()
        self.canvas = Canvas(self._out, pagesize=A4, pageCompression=1, **settings)
        self._mixed = mixed
        self._late: list[tuple[float, float, float, str]] = []

    def write(self, x: float, y: float, text: str, size: float = 11) -> float:
        """A line; where it ends."""
        plain, other = fonts()
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
        self.canvas.showPage()

    def save(self, path: Path) -> Path:
        if self._late or self.canvas.pageHasData():
            self.end_page()
        self.canvas.save()
        path.write_bytes(self._out.getvalue())
        return path
