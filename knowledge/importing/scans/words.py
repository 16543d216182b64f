"""What tesseract says of a page: words with their boxes become lines, and two looks are held against each other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from statistics import median
from typing import Final, NamedTuple

from knowledge.importing.document import Differing
from knowledge.importing.scans.page import ScannedLine, ScannedPiece

_FIELDS: Final = 12  # of a line of tesseract's TSV
_WORD: Final = "5"  # the level of a word: below page, block, paragraph and line
_LONG, _SURE = 3, 70.0  # letters of a word that is wider than high; how sure of them one is of a fair page, 0–100
_SHORTEST: Final = 2  # letters of a word that only the second look saw
_OF_SECOND: Final = 1_000_000  # set off from the numbers of lines of the first look
_APART: Final = 0.5  # of the smaller of two words: what overlaps more is the same place
_COLUMN_GAP: Final = 2.0  # heights of a line beyond which another column begins
_EDGE = re.compile(r"^[^\w%]+|[^\w%]+$")
_SPECK = re.compile(r"[^\w%()\-–—+*•.,;:\"“”/]+|[_]+")
_LEADING = re.compile(r"^(?:[_|ˆ`'‘’~°\\{}\[\]]+)(?=\S)|[_|ˆ`~°\\]+$")


class SeenWord(NamedTuple):
    """A word and its box, in points from the upper left; `line` tells words of one line, `sure` is 0–100."""

    line: tuple[int, int, int]
    left: int
    top: int
    right: int
    bottom: int
    sure: float
    text: str

    @property
    def has_digit(self) -> bool:
        """Whether it is a figure, or has one in it."""
        return any(map(str.isdigit, self.text))


def seem_upright(words: Sequence[SeenWord]) -> bool:
    """Whether a page was looked at the right way up: then its words are wide, and tesseract is sure of most."""
    long = [word for word in words if len(word.text) >= _LONG]
    if not long:
        return True
    wide = median((word.right - word.left) - (word.bottom - word.top) for word in long) > 0
    return wide and sum(word.sure for word in long) >= _SURE * len(long)


def read_tsv(tsv: str, scale: float = 1.0) -> list[SeenWord]:
    """The words of tesseract's TSV, in its reading order; places are those of a picture `scale` times as large."""
    found = []
    for row in tsv.splitlines():
        fields = row.split("\t")
        if len(fields) != _FIELDS or fields[0] != _WORD:
            continue
        try:
            block, paragraph, line = map(int, fields[2:5])
            left, top, width, height = (round(int(field) * scale) for field in fields[6:10])
            sure = float(fields[10])
        except ValueError:
            continue
        text = _LEADING.sub("", fields[11].strip())
        if text and not _SPECK.fullmatch(text):
            found.append(SeenWord((block, paragraph, line), left, top, left + width, top + height, sure, text))
    return found


def make_lines(words: Sequence[SeenWord], differing: Mapping[SeenWord, Differing]) -> tuple[ScannedLine, ...]:
    """The lines of a page in reading order, with what was read differently (`join_looks`)."""
    lines = []
    for _, run in groupby(words, attrgetter("line")):
        line = sorted(run, key=attrgetter("left"))
        pieces = tuple(_pieces(line))
        found = tuple(differing[word] for word in line if word in differing)
        lines.append(ScannedLine(min(each.top for each in line), max(each.bottom for each in line), pieces, found))
    return tuple(lines)


def _pieces(line: Sequence[SeenWord]) -> Iterable[ScannedPiece]:
    gap = _COLUMN_GAP * median(word.bottom - word.top for word in line)
    begin = 0
    for place in range(1, len(line) + 1):
        if place == len(line) or line[place].left - line[place - 1].right > gap:
            piece = line[begin:place]
            yield ScannedPiece(piece[0].left, piece[-1].right, " ".join(word.text for word in piece))
            begin = place


def join_looks(
    words: Sequence[SeenWord], others: Sequence[SeenWord]
) -> tuple[list[SeenWord], dict[SeenWord, Differing]]:
    """The words of a page in reading order, with what a second look saw where the first saw nothing.

    Returned too are the figures that were read differently, each under its first word.
    """
    differing = _compare(words, others)
    missed = [other for other in others if other.sure >= _SURE and not _is_seen(other, words)]
    joined = list(words)
    for other in missed:
        at, line = _find_line(other, joined)
        found = other._replace(line=line if line is not None else (*other.line[:2], other.line[2] + _OF_SECOND))
        joined.insert(at, found)
        if other.has_digit:
            differing[found] = Differing("", _shown([other]))
    return joined, differing


def _is_seen(other: SeenWord, words: Iterable[SeenWord]) -> bool:
    """Whether anything was seen in the place of a word; specks and single letters are not worth a place."""
    if not any(map(str.isalnum, other.text)) or (len(other.text) < _SHORTEST and not other.has_digit):
        return True
    return any(
        min(word.right, other.right) > max(word.left, other.left)
        and min(word.bottom, other.bottom) > max(word.top, other.top)
        for word in words
    )


def _find_line(other: SeenWord, words: Sequence[SeenWord]) -> tuple[int, tuple[int, int, int] | None]:
    """Where a word is put among others: behind those of its line, or before what stands below it on a line anew."""
    beside = [at for at, word in enumerate(words) if _is_beside(word, other)]
    if beside:
        nearest = min(beside, key=lambda at: abs(words[at].left - other.left))
        line = words[nearest].line
        return max(at for at, word in enumerate(words) if word.line == line) + 1, line
    below = (at for at, word in enumerate(words) if word.top >= other.bottom)
    return next(below, len(words)), None


def _is_beside(word: SeenWord, other: SeenWord) -> bool:
    down = min(word.bottom, other.bottom) - max(word.top, other.top)
    return down > _APART * min(word.bottom - word.top, other.bottom - other.top)


def _compare(words: Sequence[SeenWord], others: Sequence[SeenWord]) -> dict[SeenWord, Differing]:
    """The figures that were read otherwise at a second look, each under its first word."""
    mine, theirs = _Places(words), _Places(others)
    found: dict[SeenWord, Differing] = {}
    figures = [word for word in words if word.has_digit]
    figures += [first for other in others if other.has_digit for first in mine.at(other)[:1]]
    for word in dict.fromkeys(figures):
        second = theirs.at(word)
        first = sorted({word, *(each for other in second for each in mine.at(other))}, key=attrgetter("left"))
        first = [each for each in first if each.line == word.line]
        read, read_again = _plain(first), _plain(second)
        if read != read_again and not found.keys() & set(first):
            found[first[0]] = Differing(_shown(first), _shown(second))
    return found


def _plain(words: Iterable[SeenWord]) -> str:
    return _EDGE.sub("", "".join(word.text for word in words)).lower()


def _shown(words: Iterable[SeenWord]) -> str:
    return " ".join(filter(None, (_EDGE.sub("", word.text) for word in words)))


class _Places:
    """Words, found by where they stand."""

    _BAND: Final = 64  # points

    def __init__(self, words: Iterable[SeenWord]) -> None:
        self._bands: dict[int, list[SeenWord]] = {}
        for word in words:
            for band in range(word.top // self._BAND, word.bottom // self._BAND + 1):
                self._bands.setdefault(band, []).append(word)

    def at(self, word: SeenWord) -> list[SeenWord]:
        """The words in the place of another, from the left."""
        bands = range(word.top // self._BAND, word.bottom // self._BAND + 1)
        near = {each for band in bands for each in self._bands.get(band, ()) if _overlap(each, word)}
        return sorted(near, key=attrgetter("left"))


def _overlap(one: SeenWord, other: SeenWord) -> bool:
    across = min(one.right, other.right) - max(one.left, other.left)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    narrower = min(one.right - one.left, other.right - other.left)
    lower = min(one.bottom - one.top, other.bottom - other.top)
    return across > _APART * narrower and down > _APART * lower
