"""What is in no fact: every number of the text is in a fact, a reference, or here."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator

from knowledge.importing.figures import Number, Use
from knowledge.importing.model import LeftOver
from knowledge.importing.outline import OutlineItem
from knowledge.importing.sentences import Span, cut, sentences

_LONGEST = 300


def left_over(item: OutlineItem, numbers: Iterable[Number], used: Iterable[Span]) -> Iterator[LeftOver]:
    """The numbers of a paragraph that are in no fact and no reference, each with its sentence."""
    taken = bytearray(len(item.text))
    for start, end in used:
        taken[start:end] = b"\1" * (end - start)
    free = [
        number
        for number in numbers
        if number.use in {Use.FIGURE, Use.FRACTION} and not all(taken[number.start : number.end])
    ]
    if not free:
        return
    spans = sentences(item.text, item.shadow)
    begins = [span[0] for span in spans]
    for number in free:
        span = spans[max(0, bisect_right(begins, number.start) - 1)] if spans else (0, len(item.text))
        if span[1] - span[0] > _LONGEST:
            span = (max(span[0], number.start - _LONGEST // 2), min(span[1], number.end + _LONGEST // 2))
        yield LeftOver(item.text[number.start : number.end], cut(item.text, span), item.section)
