"""What is drawn on a PDF's page beside letters: the lines of its tables, and how many pictures.

PDFium is not thread-safe: to be used in a process of its own only.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import pypdfium2.raw as pdfium

_MOST_NESTED: Final = 3  # forms within forms that are looked into
_MOST_RULES: Final = 5_000  # a page with more is a drawing
_STRAIGHT: Final = 1.0  # points that a line across or down may be off
_SHORTEST: Final = 3.0  # points: what is shorter is the thickness of a line


class Placing(NamedTuple):
    """How points of a page's own become points from the lower left of the page as it is shown."""

    box: tuple[float, float, float, float]  # left, bottom, right, top
    angle: int  # by which the page is shown turned, clockwise

    def put(self, x: float, y: float) -> tuple[float, float]:
        """A point as shown."""
        left, bottom, right, top = self.box
        if self.angle == 90:
            return y - bottom, right - x
        if self.angle == 180:
            return right - x, top - y
        if self.angle == 270:
            return top - y, x - left
        return x - left, y - bottom


class DrawnLine(NamedTuple):
    """A line across or down, in points from the lower left."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def is_across(self) -> bool:
        """Whether it runs from left to right."""
        return self.right - self.left >= self.top - self.bottom


def read_drawings(page: Any, place: Placing) -> tuple[list[DrawnLine], int]:
    """The lines of a page that a table may be made of, none where it is a drawing; and how many pictures it has."""
    rules: list[DrawnLine] = []
    pictures = 0
    for drawn, matrices in _objects(page):
        if pdfium.FPDFPageObj_GetType(drawn) == pdfium.FPDF_PAGEOBJ_IMAGE:
            pictures += 1
        elif len(rules) <= _MOST_RULES:
            rules.extend(_rules(drawn, matrices, place))
    return (rules if len(rules) <= _MOST_RULES else []), pictures


def _objects(page: Any) -> Iterator[tuple[Any, list[Any]]]:
    """Pictures and paths of a page, each with the matrices that put it there, its own first."""
    for index in range(pdfium.FPDFPage_CountObjects(page.raw)):
        yield from _within(pdfium.FPDFPage_GetObject(page.raw, index), [], 0)


def _within(drawn: Any, matrices: list[Any], nested: int) -> Iterator[tuple[Any, list[Any]]]:
    kind = pdfium.FPDFPageObj_GetType(drawn)
    if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
        yield drawn, matrices
    elif kind == pdfium.FPDF_PAGEOBJ_PATH:
        yield drawn, [_matrix(drawn), *matrices]
    elif kind == pdfium.FPDF_PAGEOBJ_FORM and nested < _MOST_NESTED:
        inside = [_matrix(drawn), *matrices]
        for index in range(pdfium.FPDFFormObj_CountObjects(drawn)):
            yield from _within(pdfium.FPDFFormObj_GetObject(drawn, index), inside, nested + 1)


def _matrix(drawn: Any) -> Any:
    matrix = pdfium.FS_MATRIX(1, 0, 0, 1, 0, 0)
    pdfium.FPDFPageObj_GetMatrix(drawn, matrix)
    return matrix


def _rules(path: Any, matrices: list[Any], place: Placing) -> Iterator[DrawnLine]:
    """The straight pieces of a path that run across or down and can be seen."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(path, fill, stroke)
    if not fill.value and not stroke.value:
        return
    begin = last = (0.0, 0.0)
    for index in range(min(pdfium.FPDFPath_CountSegments(path), _MOST_RULES)):
        segment = pdfium.FPDFPath_GetPathSegment(path, index)
        point = _point(segment, matrices, place)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            begin = point
        elif kind == pdfium.FPDF_SEGMENT_LINETO:
            yield from _straight(last, point)
        last = point
        if pdfium.FPDFPathSegment_GetClose(segment):
            yield from _straight(last, begin)
            last = begin


def _point(segment: Any, matrices: list[Any], place: Placing) -> tuple[float, float]:
    x, y = ctypes.c_float(), ctypes.c_float()
    pdfium.FPDFPathSegment_GetPoint(segment, x, y)
    at = x.value, y.value
    for by in matrices:
        at = by.a * at[0] + by.c * at[1] + by.e, by.b * at[0] + by.d * at[1] + by.f
    return place.put(*at)


def _straight(one: tuple[float, float], other: tuple[float, float]) -> Iterator[DrawnLine]:
    wide, high = abs(one[0] - other[0]), abs(one[1] - other[1])
    if min(wide, high) <= _STRAIGHT and max(wide, high) >= _SHORTEST:
        yield DrawnLine(min(one[0], other[0]), min(one[1], other[1]), max(one[0], other[0]), max(one[1], other[1]))
