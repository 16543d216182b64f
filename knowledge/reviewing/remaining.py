"""What a plan's text says that no fact was made of: kept word for word, to be quoted where nothing else answers."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from knowledge.importing.model import ReadPassage
from knowledge.importing.sentences import Span, clauses, sentences
from knowledge.importing.shadow import mend_font, shadow
from knowledge.text import shorten

FEWEST_WORDS: Final = 6
"""Words from which a sentence says something by itself."""

LONGEST_HEADING: Final = 16
"""Words that a heading has fewer than."""

LONGEST: Final = 900
"""Letters that are kept of one passage."""

_WORD = re.compile(r"\w+")


def remaining(passages: Iterable[ReadPassage], quotes: Iterable[str]) -> Iterator[ReadPassage]:
    """The parts of paragraphs in which none of these quotes stands, and that stand in none of them."""
    told = [_words(quote) for quote in quotes]
    for passage in passages:
        near = [quote for quote in told if quote & _words(passage.text)]
        spans = list(_spans(passage.text))
        parts = [passage.text[begin:end] for begin, end in spans]
        free = [not (part.rstrip().endswith(":") or _is_told(part, near)) for part in parts]
        for is_free, run in itertools.groupby(zip(spans, free, strict=True), key=lambda each: each[1]):
            if not is_free:
                continue
            own = [span for span, _ in run]
            text = " ".join(mend_font(passage.text[own[0][0] : own[-1][1]]).split()).strip(" ;,–-")
            if len(_WORD.findall(text)) >= FEWEST_WORDS and not _is_heading(text):
                yield ReadPassage(passage.section, shorten(text, LONGEST), passage.lines, passage.page)


def _is_heading(text: str) -> bool:
    """Whether it only names what follows: short, without a figure and an end."""
    is_short = len(_WORD.findall(text)) < LONGEST_HEADING and text[-1:].isalpha()
    return is_short and not any(letter.isdigit() for letter in text)


def _spans(text: str) -> Iterator[Span]:
    folded = shadow(text)
    for sentence in sentences(text, folded):
        yield from clauses(folded, sentence)


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(shadow(text)))


def _is_told(part: str, quotes: Sequence[frozenset[str]]) -> bool:
    """Whether all words of a part stand in one quote, or one quote's in it."""
    words = _words(part)
    return any(words <= quote or quote <= words for quote in quotes)
