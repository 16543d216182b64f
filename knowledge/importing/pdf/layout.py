"""Pages of lines become a document: running heads out, the columns of a letterhead one after the other. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from statistics import median
from typing import Final

from knowledge.importing.document import RAISED, Block, Document, Paragraph, Table, make_document
from knowledge.importing.pdf.lines import Line, Piece

_PAGE_NUMBER = re.compile(r"\W*(?:[^\W\d_]+\W+)?(\d{1,4})(?:\s*/\s*\d{1,4})?\W*")
_LEADER = re.compile(r"\S.*?(?:\s?[.…]){5,}\s*\d{1,3}")
_FEWEST_LEADERS: Final = 3  # lines of a page that lead to page numbers: a table of contents
_AT_THE_EDGE: Final = 2  # lines at the top and at the bottom among which running heads are looked for
_RUNS_ALONG: Final = 3  # pages on which the same line has to stand
_SAME_HEIGHT: Final = 4  # points
_SMALL_PRINT: Final = 0.95  # of the size of a page's text: footnotes are smaller
_FEWEST_CELLS: Final = 2  # pieces that may be the two columns of a letterhead; more are cells of a table
_LETTERHEAD: Final = 12  # lines of the first page within which it ends


@dataclass(slots=True)
class PageLines:
    """A page: its lines from the top, and its tables with the height at which each stands."""

    number: int
    lines: list[Line]
    tables: list[tuple[float, Table]] = field(default_factory=list)


def make_pages_document(pages: Sequence[PageLines]) -> Document:
    """The document of all pages; page numbers, running heads and feet are left out, footnotes stand apart."""
    _drop_running(pages)
    blocks: list[Block] = []
    notes: list[Paragraph] = []
    for page in pages:
        _drop_contents(page)
        marks = _take_notes(page, notes)
        lines = _letterhead_first(page.lines) if page is pages[0] else page.lines
        placed: list[tuple[float, Block]] = [(height, table) for height, table in page.tables]
        placed += [
            (line[0].y, Paragraph(_without(marks, _text(line)), page.number, line[0].scanned)) for line in lines if line
        ]
        blocks.extend(_in_order(placed, page.tables))
    return make_document(blocks, notes)


def _in_order(placed: list[tuple[float, Block]], tables: list[tuple[float, Table]]) -> Iterable[Block]:
    """Tables between the lines above and below them; the lines in the order in which they come."""
    waiting = sorted(tables, key=lambda each: -each[0])
    for height, block in placed[len(tables) :]:
        while waiting and waiting[0][0] > height:
            yield waiting.pop(0)[1]
        yield block
    yield from (table for _, table in waiting)


def _text(line: Line) -> str:
    """Its pieces, one behind the other; of a picture, in which no table can be told by its lines, far apart."""
    gap = "   " if line[0].scanned is not None and len(line) > _FEWEST_CELLS else " "
    return gap.join(piece.mark.translate(RAISED) + piece.text for piece in line)


def _edges(page: PageLines) -> tuple[list[int], list[int]]:
    """The places of the lines at the top and at the bottom of a page, outermost first."""
    places = list(range(len(page.lines)))
    return places[:_AT_THE_EDGE], places[: -_AT_THE_EDGE - 1 : -1]


def _drop_running(pages: Sequence[PageLines]) -> None:
    """Take out page numbers, and what stands at the edge of page after page in the same place, from the outside in."""
    offsets: Counter[int] = Counter()
    heads: Counter[tuple[str, int]] = Counter()
    for page in pages:
        edges = [page.lines[place] for place in dict.fromkeys(chain.from_iterable(_edges(page)))]
        values = filter(None, map(_page_number, map(_text, edges)))
        offsets.update({page.number - value for value in values})
        heads.update({_head(line, page.number) for line in edges})
    usual = {offset for offset, count in offsets.items() if offset == 0 or count >= _RUNS_ALONG}
    often = max(_RUNS_ALONG, len(pages) / 2)
    running = {head for head, count in heads.items() if count >= often and any(map(str.isalpha, head[0]))}
    for page in pages:
        dropped: set[int] = set()
        for edge in _edges(page):
            for place in edge:
                value = _page_number(_text(page.lines[place]))
                is_number = value is not None and page.number - value in usual
                if not is_number and _head(page.lines[place], page.number) not in running:
                    break
                dropped.add(place)
        page.lines[:] = [line for place, line in enumerate(page.lines) if place not in dropped]


def _head(line: Line, page: int) -> tuple[str, int]:
    """A line, the page's own number aside, and where it stands."""
    return re.sub(rf"\b{page}\b", "#", _text(line)), round(line[0].y / _SAME_HEIGHT)


def _drop_contents(page: PageLines) -> None:
    """Take out the lines of a table of contents, which say twice what stands further on."""
    leading = [place for place, line in enumerate(page.lines) if _LEADER.fullmatch(_text(line))]
    if len(leading) >= _FEWEST_LEADERS:
        page.lines[:] = [line for place, line in enumerate(page.lines) if place not in leading]


def _page_number(text: str) -> int | None:
    match = _PAGE_NUMBER.fullmatch(text)
    return int(match[1]) if match else None


def _take_notes(page: PageLines, notes: list[Paragraph]) -> frozenset[str]:
    """Move the footnotes of a page, the small print below its text that begins with a mark, to `notes`: their marks."""
    sizes = [line[0].size for line in page.lines]
    if len(sizes) < 2:
        return frozenset()
    small = _SMALL_PRINT * median(sizes)
    begin = len(sizes)
    while begin and sizes[begin - 1] < small:
        begin -= 1
    begin = next((place for place in range(begin, len(sizes)) if page.lines[place][0].mark), len(sizes))
    marks: list[str] = []
    texts: list[str] = []
    for line in page.lines[begin:]:
        if line[0].mark:
            marks.append(line[0].mark)
            texts.append(line[0].text)
        else:
            texts[-1] += f" {line[0].text}"
        texts[-1] = " ".join([texts[-1], *(piece.text for piece in line[1:])])
    notes.extend(Paragraph(text, page.number) for text in texts)
    del page.lines[begin:]
    return frozenset(mark.translate(RAISED) for mark in marks)


_RAISED_RUN = re.compile(f"[{''.join(RAISED.values())}]+")


def _without(marks: frozenset[str], text: str) -> str:
    """The text without the marks of its page's footnotes."""
    return _RAISED_RUN.sub(lambda match: "" if match[0] in marks else match[0], text) if marks else text


def _letterhead_first(lines: list[Line]) -> list[Line]:
    """The lines of the first page, those of a letterhead in two columns put down the left, then down the right."""
    first = next((line for line in lines[:_LETTERHEAD] if len(line) == 2), None)
    if first is None:
        return lines
    end, corridor = 0, (first[0].right, first[1].x)
    for place, line in enumerate(lines[:_LETTERHEAD]):
        sides = [_side(piece, corridor) for piece in line]
        if sides not in (["left"], ["right"], ["left", "right"]):
            break
        if len(line) == 2:
            end = place + 1
            corridor = max(corridor[0], line[0].right), min(corridor[1], line[1].x)
    columns: dict[str, list[Line]] = {"left": [], "right": []}
    for line in lines[:end]:
        for piece in line:
            columns[_side(piece, corridor) or "right"].append([piece])
    return [*columns["left"], *columns["right"], *lines[end:]]


def _side(piece: Piece, corridor: tuple[float, float]) -> str | None:
    """The side of the corridor on which a piece stands; None where it crosses it."""
    if piece.x < corridor[0] and piece.right <= corridor[1]:
        return "left"
    return "right" if piece.x >= corridor[0] else None
