"""What can be seen on a picture of a page beside letters: its tilt, the shade of its paper, the lines of its tables.

For the process that reads one page: it takes tenths of a second and some tens of megabytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

from knowledge.importing.pdf.drawings import DrawnLine

_Mask = npt.NDArray[np.bool_]

_SMALL: Final = 800  # points across of the picture that the tilt is told from
_STRIPS: Final = 40  # columns of it that are held against each other
_TILTS: Final = np.arange(-3.0, 3.01, 0.1)  # degrees
_STRAIGHT: Final = 0.15  # degrees that need no turning
_HALF: Final = 2  # lines are looked for at half the size: 150 dpi
_PAPER: Final = 32  # points of that over which the paper changes its shade
_WHITE: Final = 255
_INK: Final = 60  # greys darker than paper
# In points of the half size:
_PIECE, _GAP = 24, 12  # an unbroken piece of a line, and what may be missing between two of them
_ACROSS, _DOWN = 70, 40  # the shortest lines: longer than any stroke of a letter
_THICKEST: Final = 12
_MOST_PIECES: Final = 20_000  # a page with more is a drawing


def straighten(page: Image.Image) -> Image.Image:
    """The page, turned so that its lines of text run across."""
    tilt = _find_tilt(page)
    if abs(tilt) < _STRAIGHT:
        return page
    paper = int(np.median(np.asarray(page.reduce(8))))
    return page.rotate(tilt, resample=Image.Resampling.BICUBIC, fillcolor=paper)


def _find_tilt(page: Image.Image) -> float:
    """Degrees clockwise that lines of text fall: then the rows of ink part most clearly from those of paper."""
    small = page.resize((_SMALL, max(1, round(page.height * _SMALL / page.width))), Image.Resampling.BOX)
    points = np.asarray(small).astype(np.float32)
    ink = np.clip(np.median(points) - _INK - points, 0, None)
    wide = _SMALL // _STRIPS
    strips = ink.reshape(ink.shape[0], _STRIPS, wide).sum(axis=2).T
    middles = (np.arange(_STRIPS) + 0.5) * wide - _SMALL / 2

    def clarity(tilt: float) -> float:
        fallen = np.round(middles * np.tan(np.radians(tilt))).astype(int)
        rows = sum(np.roll(strip, -fall) for strip, fall in zip(strips, fallen, strict=True))
        return float(np.square(np.diff(rows)).sum())

    found = [clarity(float(tilt)) for tilt in _TILTS]
    best = int(np.argmax(found))
    is_clear = found[best] > 1.05 * found[len(found) // 2]
    return float(_TILTS[best]) if is_clear and 0 < best < len(found) - 1 else 0.0


def whiten(page: Image.Image) -> Image.Image:
    """The page with its paper white, however it is shaded."""
    shade = np.maximum(np.asarray(_paper(page)).astype(np.float32), 1)
    white = np.asarray(page).astype(np.float32) * 255 / shade
    return Image.fromarray(white.clip(0, 255).astype(np.uint8))


def _paper(page: Image.Image) -> Image.Image:
    """The shade of the paper at each point."""
    return page.reduce(_PAPER).filter(ImageFilter.MaxFilter(3)).resize(page.size, Image.Resampling.BILINEAR)


def find_rules(page: Image.Image) -> list[DrawnLine]:
    """Lines across and down of a white page, in points from its lower left; none where it is a drawing."""
    ink = np.asarray(page.reduce(_HALF)) < _WHITE - _INK
    rules = []
    for top, left, bottom, right in _lines(ink, _ACROSS):
        middle = page.height - (top + bottom) / 2 * _HALF
        rules.append(DrawnLine(left * _HALF, middle, right * _HALF, middle))
    for left, top, right, bottom in _lines(ink.T, _DOWN):
        middle = (left + right) / 2 * _HALF
        rules.append(DrawnLine(middle, page.height - bottom * _HALF, middle, page.height - top * _HALF))
    return rules


def _lines(ink: _Mask, shortest: int) -> Iterator[tuple[int, int, int, int]]:
    """Lines across: first row, first column, last row and last column of each."""
    thick = ink.copy()  # a line that falls a little is unbroken in two rows together
    thick[1:] |= ink[:-1]
    padded = np.zeros((thick.shape[0], thick.shape[1] + 2), np.int8)
    padded[:, 1:-1] = thick
    steps = np.diff(padded, axis=1)
    rows, begins = np.nonzero(steps == 1)
    ends = np.nonzero(steps == -1)[1]
    long = ends - begins >= _PIECE
    if np.count_nonzero(long) > _MOST_PIECES:
        return
    going: list[list[int]] = []
    for row, begin, end in zip(rows[long].tolist(), begins[long].tolist(), ends[long].tolist(), strict=True):
        for line in going:
            if line[2] >= row - 2 and line[1] - _GAP <= end and begin <= line[3] + _GAP:
                line[1], line[2], line[3] = min(line[1], begin), row, max(line[3], end)
                break
        else:
            going.append([row, begin, row, end])
        if len(going) > 400:
            yield from (_as_line(line) for line in going if line[2] < row - 2 and _is_line(line, shortest))
            going = [line for line in going if line[2] >= row - 2]
    yield from (_as_line(line) for line in going if _is_line(line, shortest))


def _as_line(line: list[int]) -> tuple[int, int, int, int]:
    top, left, bottom, right = line
    return top, left, bottom, right


def _is_line(line: list[int], shortest: int) -> bool:
    top, left, bottom, right = line
    return bottom - top < _THICKEST and right - left >= shortest
