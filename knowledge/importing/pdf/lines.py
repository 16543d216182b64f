"""Letters in their places become lines of text. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from itertools import groupby
from operator import attrgetter
from statistics import median
from typing import Final, NamedTuple

from knowledge.importing.document import RAISED, Scanned
from knowledge.importing.old_fonts import to_unicode
from knowledge.importing.pdf.glyphs import Glyph

# Parts of the size of a letter:
_SAME_LINE: Final = 0.35  # baselines nearer than this are one line
_SAME_PLACE: Final = 0.12  # the same letter drawn twice, to make it bold
_NO_GAP: Final = 0.05  # a blank that was drawn is none: the letters touch
_GAP: Final = 0.15  # a blank stands here, where a page draws none at all
_SURE_GAP: Final = 0.45  # a blank stands here, though others were drawn and this was not
_COLUMN_GAP: Final = 2.0  # what stands beyond is another column
_SMALLER: Final = 0.8  # raised and lowered letters are no larger than this
_RAISED: Final = 0.12  # and their baselines this far up
_FAR_UP, _FAR_DOWN = 0.75, 0.4  # and no further off
_LETTERS_FOR_A_BLANK: Final = 15  # a page with fewer blanks than one for so many letters draws none


class Piece(NamedTuple):
    """Words that stand together on a line, without a wide gap between them; `mark`: a raised number in front."""

    x: float
    right: float
    y: float
    size: float
    text: str
    mark: str = ""
    scanned: Scanned | None = None


Line = list[Piece]


def lines_of(glyphs: Iterable[Glyph]) -> list[Line]:
    """The lines of a page or of a cell, from the top, each in pieces from the left."""
    rows = _attached(_rows(glyphs))
    seen = sum(not glyph.text.isspace() for row in rows for glyph in row)
    blanks = sum(map(len, rows)) - seen
    gap = _SURE_GAP if blanks * _LETTERS_FOR_A_BLANK > seen else _GAP
    return [_pieces(row, gap) for row in rows]


def _rows(glyphs: Iterable[Glyph]) -> list[list[Glyph]]:
    """Letters whose baselines are near each other, from the top; rows of blanks alone are none."""
    rows: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=attrgetter("y"), reverse=True):
        last = rows[-1][-1] if rows else None
        if last is not None and last.y - glyph.y <= _SAME_LINE * min(last.size, glyph.size):
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
    return [row for row in rows if not all(glyph.text.isspace() for glyph in row)]


def _attached(rows: list[list[Glyph]]) -> list[list[Glyph]]:
    """Rows of raised or lowered letters joined to the row that they belong to."""
    joined: list[list[Glyph]] = []
    for row in rows:
        above = joined[-1] if joined else None
        if above is None:
            joined.append(row)
        elif _hangs_on(above, row, _FAR_UP) or _hangs_on(row, above, _FAR_DOWN):
            above.extend(row)
        else:
            joined.append(row)
    return joined


def _hangs_on(small: list[Glyph], row: list[Glyph], far: float) -> bool:
    size = _size(row)
    left, right = min(map(attrgetter("x"), row)), max(map(attrgetter("right"), row))
    return (
        max(map(attrgetter("size"), small)) <= _SMALLER * size
        and abs(_baseline(small) - _baseline(row)) < far * size
        and all(left - size < glyph.x < right + size for glyph in small)
    )


def _size(row: list[Glyph]) -> float:
    return median(glyph.size for glyph in row)


def _baseline(row: list[Glyph]) -> float:
    size = _size(row)
    return median(glyph.y for glyph in row if glyph.size > _SMALLER * size)


def _pieces(row: list[Glyph], gap_of_blank: float) -> Line:
    size, baseline = _size(row), _baseline(row)
    pieces: list[Piece] = []
    current: list[Glyph] = []
    blank = False
    for glyph in sorted(row, key=_from_left):
        if glyph.text.isspace():
            blank = True
            continue
        last = current[-1] if current else None
        gap = 0.0 if last is None else glyph.x - last.right
        if last is not None and glyph.text == last.text and glyph.x - last.x < _SAME_PLACE * size:
            continue
        if gap > _COLUMN_GAP * size:
            pieces.append(_piece(current, size, baseline))
            current = []
        elif current and (gap > gap_of_blank * size or (blank and gap > _NO_GAP * size)):
            current.append(Glyph(glyph.x, glyph.x, glyph.y, glyph.size, " ", glyph.font))
        current.append(glyph)
        blank = False
    if current:
        pieces.append(_piece(current, size, baseline))
    return pieces


def _from_left(glyph: Glyph) -> float:
    """A mark that is drawn where the next letter begins belongs to the letter before."""
    return glyph.x - (_SAME_PLACE * glyph.size if unicodedata.combining(glyph.text[0]) else 0)


def _piece(glyphs: list[Glyph], size: float, baseline: float) -> Piece:
    def is_raised(glyph: Glyph) -> bool:
        return glyph.text.isdigit() and glyph.size <= _SMALLER * size and glyph.y > baseline + _RAISED * size

    mark = ""
    text: list[str] = []
    for (raised, font), run in groupby(glyphs, lambda glyph: (is_raised(glyph), glyph.font)):
        words = "".join(glyph.text for glyph in run)
        if raised and not text:
            mark = words
        else:
            text.append(words.translate(RAISED) if raised else to_unicode(words, font))
    return Piece(glyphs[0].x, glyphs[-1].right, baseline, size, "".join(text).strip(), mark)
