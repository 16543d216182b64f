"""Whether a message asks for a yes or no, and what is left of it without the words that ask."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from knowledge.text import decode_keys, fold, tidy
from knowledge.verdicts.words import NEVER, WORDS

_END: Final = r"(?=\s*(?:$|[.,;:!?)…]|%calls%\b))"
_TAG: Final = WORDS.composed(rf"\b%right%(?: %filled%)?\s*(?:%asks%\b(?! %runs_on%\b)|%asks_last%\b{_END})")
_RIGHT_ALONE: Final = WORDS.composed(r"\b%right_alone%\s*[?]")
_IS_IT: Final = WORDS.composed(r"\b%is_it%(?= (?:%nominal%\b|%row% \d|\d))")
_IS_NOT: Final = WORDS.composed(r"\b%negates% %so%\b(?= (?:%nominal%\b|%row% \d|\d))")
_NEGATED: Final = WORDS.composed(r"\b%negates%\b(?! %unsure%\b)(?!\s*(?:$|[.,;:!?]|%calls%\s*(?:$|[.,;:!?])))")
_NO_NEGATION: Final = WORDS.composed(r"\b%no_negation%\b")
_CLAUSES: Final = re.compile(r"[,;:!?]\s|\.\s")
_CONFIRMS: Final = WORDS.composed(r"\b%confirms%\b")
_BLANKS: Final = re.compile(r"\s+")


@lru_cache(maxsize=64)
def plain(text: str) -> str:
    """A message in folded letters, typing keys read, blanks single; its punctuation stands."""
    return _BLANKS.sub(" ", fold(_read(text))).strip()


@lru_cache(maxsize=64)
def claim_of(text: str) -> str | None:
    """What a message wants confirmed, in folded letters; None where it asks for no yes or no.

    Example: "chương trình này do ông A ký, đúng không ạ" → "chuong trinh nay do ong a ky, a".
    """
    whole = plain(text)
    marked = _BLANKS.sub(" ", _read(text)).strip().lower()
    patterns = (_IS_IT, _CONFIRMS, _TAG, _RIGHT_ALONE)
    spans = [match.span() for each in patterns for match in each.finditer(whole) if _is_meant(marked, whole, match)]
    if not spans or _is_denied(whole, spans):
        return None
    kept, done = [], 0
    for start, end in sorted(spans):
        kept.append(whole[done : max(start, done)])
        done = max(done, end)
    return _BLANKS.sub(" ", " ".join((*kept, whole[done:]))).strip()


def is_negated(claim: str) -> bool:
    """Whether a claim says that something is not so, beside what who asks does not know himself."""
    told = [clause for clause in _CLAUSES.split(claim) if any(map(str.isdigit, clause))]
    return any(_NEGATED.search(_NO_NEGATION.sub(" ", clause)) for clause in told or _CLAUSES.split(claim))


def _is_denied(whole: str, spans: list[tuple[int, int]]) -> bool:
    """Whether what is asked to be confirmed is itself denied: "không phải ông A ký, đúng không"."""
    denied = [match.end() for match in _IS_NOT.finditer(whole)]
    return any(start > end for end in denied for start, _ in spans)


def _is_meant(marked: str, whole: str, match: re.Match[str]) -> bool:
    """Whether folded words are written as those that ask: not the word for using, nor that for ending."""
    if len(marked) != len(whole):
        return True
    written = marked[match.start() : match.end()]
    return written.isascii() or NEVER.isdisjoint(written.split())


def _read(text: str) -> str:
    """A message with its typing keys read."""
    return " ".join(map(_decoded, tidy(text).split(" ")))


def _decoded(word: str) -> str:
    """A word as its typing keys write it; what is no word stays."""
    return decode_keys(word) if word.isalnum() and not word.isalpha() and len(word) < 10 else word
