"""Pages as scanners and phones make them: a text drawn on paper, turned a little, grained, dark at one side."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Sequence

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from knowledge.importing.scans.engine import can_read_scans
from tests.knowledge.importing.pdf_files import font_file

DPI = 300
needs_tesseract = pytest.mark.skipif(not can_read_scans(), reason="tesseract with Vietnamese is not installed")


def draw_pages(text: str, *, size: int = 12, width: int = 78, lines: int = 46) -> list[Image.Image]:
    """A text on pages of A4 at 300 dpi."""
    wrapped = [line for paragraph in text.split("\n") for line in textwrap.wrap(paragraph, width) or [""]]
    return [draw_lines(wrapped[first : first + lines], size=size) for first in range(0, len(wrapped), lines)]


def draw_lines(lines: Sequence[str], *, size: int = 12) -> Image.Image:
    points = round(size * DPI / 72)
    font = ImageFont.truetype(str(font_file("DejaVuSerif")), points)
    page = Image.new("L", (2480, 3508), 255)
    drawing = ImageDraw.Draw(page)
    for place, line in enumerate(lines):
        drawing.text((270, 240 + place * round(points * 1.45)), line, font=font, fill=0)
    return page


def draw_table(
    page: Image.Image, rows: Sequence[Sequence[str]], edges: Sequence[int], top: int, *, high: int = 90
) -> Image.Image:
    """The page with a ruled table whose columns begin and end at `edges`; lines of a cell are parted by "\\n"."""
    drawn = page.copy()
    drawing = ImageDraw.Draw(drawn)
    font = ImageFont.truetype(str(font_file("DejaVuSerif")), 42)
    upper = top
    for row in rows:
        lower = upper + high * max(cell.count("\n") + 1 for cell in row)
        for left, right, cell in zip(edges[:-1], edges[1:], row, strict=True):
            drawing.rectangle((left, upper, right, lower), outline=0, width=4)
            for place, line in enumerate(cell.split("\n")):
                drawing.text((left + 20, upper + 18 + place * high), line, font=font, fill=0)
        upper = lower
    return drawn


def worn(page: Image.Image, *, dpi: int = 150, angle: float = 0.7, grain: float = 12, seed: int = 1) -> Image.Image:
    """The page as a poor scanner sees it."""
    small = page.rotate(angle, fillcolor=255, resample=Image.Resampling.BICUBIC)
    wide, high = (round(side * dpi / DPI) for side in page.size)
    small = small.resize((wide, high), Image.Resampling.LANCZOS).filter(ImageFilter.GaussianBlur(0.5))
    points = np.asarray(small).astype(np.float32)
    shade = np.linspace(0.75, 1, wide, dtype=np.float32)
    grained = points * shade + np.random.default_rng(seed).normal(0, grain, points.shape)
    return Image.fromarray(grained.clip(0, 255).astype(np.uint8))


def as_file(pages: Sequence[Image.Image], kind: str) -> bytes:
    """Pages as a file of that kind: "PDF", "TIFF", or of one page "JPEG", "PNG" and so on."""
    out = io.BytesIO()
    more = {"save_all": True, "append_images": pages[1:]} if kind in {"PDF", "TIFF"} else {}
    pages[0].save(out, kind, **more, **({"resolution": pages[0].width / 8.27} if kind == "PDF" else {}))
    return out.getvalue()
