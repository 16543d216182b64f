"""A message made ready to be scanned: its lines, and its tokens, figures parted from words stuck to them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from typing import Final

from knowledge.calendar.words import composed
from knowledge.number_words import SCALES, is_number_word
from knowledge.reports.answers.names import NamesOfRows
from knowledge.reports.answers.words import is_counted, load
from knowledge.text import fold, is_syllable
from knowledge.tokens import Token, TokenSort

_STUCK: Final = re.compile(r"([-−]?\d+(?:[.,]\d+)*)([^\W\d_]+)", re.UNICODE)
_LED: Final = re.compile(r"([^\W\d_]+)(\d+(?:[.,]\d+)*)", re.UNICODE)
_LEAST_SQUEEZED: Final = 5
_OWNED: Final = re.compile(r"(?<=[A-Za-z])[’'](?:s\b|(?=\s|$))")
_NUMBERED: Final = re.compile(
    r"(?:^|(?<=[\s;,|]))\(?(?P<no>\d{1,2})(?:\s?[/.):]\s?(?=[^\W\d_])|[.)] (?=\d))", re.MULTILINE
)
_LEAST_NUMBERED: Final = 3
_NAME: Final = r"[^\W\d_](?:[^\W\d_]| ){0,40}?"
_PAIR: Final = r"(?P<a>\d{1,4}) ?/ ?(?P<b>\d{1,4})"
_PAIRED_FIRST: Final = re.compile(rf"(?P<one>{_NAME}) ?/ ?(?P<two>{_NAME}) ?[:=]? ?{_PAIR}(?![\d/])")
_PAIRED_LAST: Final = re.compile(rf"{_PAIR} ?\((?P<one>{_NAME}) ?/ ?(?P<two>{_NAME}) ?\)")


def lines_of(text: str, names: NamesOfRows) -> str:
    """The text in composed letters, with tabs as cells and single blanks; what is numbered along a line, and two rows
    that share a stroke ("gt/kn: 2/1"), each written out.
    """
    return _paired(broken(_OWNED.sub("", _counted(_tidy(text)))), names)


@cache
def _tens() -> dict[str, str]:
    """Tens in one word, with and without its marks, and how they are said in full."""
    return {key: said for word, said in load().tens.items() for key in (word, fold(word))}


def _counted(text: str) -> str:
    """The text with tens in one word said in full: "hăm ba" → "hai mươi ba"."""
    words = text.split(" ")
    for at, (word, after) in enumerate(pairwise(words)):
        tens = _tens().get(word.lower())
        if tens is not None and (is_number_word(after) or is_counted(after)):
            words[at] = tens
    return " ".join(words)


def broken(text: str) -> str:
    """The text with a line of its own for each of "1/ … 2/ … 3/ …" where they count on from one without a gap."""
    found = list(_NUMBERED.finditer(text))
    begins = bool(found) and not text[: found[0].start()].rstrip(" ").rstrip(":\n")
    is_count = [int(match["no"]) for match in found] == list(range(1, len(found) + 1))
    if len(found) < _LEAST_NUMBERED or not is_count or not (begins or text[: found[0].start()].rstrip().endswith(":")):
        return text
    for match in reversed(found[1:]):
        text = f"{text[: match.start()].rstrip(' ')}\n{text[match.start() :]}"
    return text


def _paired(text: str, names: NamesOfRows) -> str:
    def named(said: str) -> str:
        """The name of a row that words end with; empty where none does."""
        words = said.split()
        tails = (words[at:] for at in range(len(words)))
        return next((" ".join(tail) for tail in tails if _is_whole_name(tail, names)), "")

    def written_out(match: re.Match[str]) -> str:
        one, two = named(match["one"]), named(match["two"])
        if not one or two != match["two"].strip():
            return match[0]
        lead = match["one"].strip().removesuffix(one)
        return f"{lead}{one}: {match['a']}, {two}: {match['b']}"

    return _PAIRED_LAST.sub(written_out, _PAIRED_FIRST.sub(written_out, text))


def _is_whole_name(words: Sequence[str], names: NamesOfRows) -> bool:
    known = names.by_first.get(fold(words[0]), ()) if words else ()
    return any([fold(word) for word in words] == [fold(word) for word in each.words] for each in known)


def _tidy(text: str) -> str:
    lines = (" ".join(line.replace("\t", " | ").split()) for line in composed(text).replace("\r\n", "\n").split("\n"))
    return "\n".join(lines)


def plain(text: str) -> str:
    """The text without marks, letter by letter."""
    return "".join((fold(letter)[:1] or " ") for letter in text)


@lru_cache(maxsize=4096)
def _is_scale(word: str) -> bool:
    return fold(word) in SCALES


def _apart(token: Token, words: Sequence[str]) -> Iterator[Token]:
    """The words that are written as one: "doithoai"."""
    at = token.start
    for word in words:
        text = token.text[at - token.start : at - token.start + len(word)]
        yield Token(at, at + len(word), text, TokenSort.WORD, text)
        at += len(word)


def _is_name(letters: str, names: NamesOfRows) -> bool:
    known = (each for each in names.by_first.get(fold(letters), ()) if len(each.words) == 1 and not each.is_part)
    return any(letters.isupper() or not each.is_raised for each in known)


def parted(tokens: Sequence[Token], names: NamesOfRows) -> Iterator[Token]:
    """The tokens with figures parted from the words that are stuck to them: "28l", "tv11"."""
    for token in tokens:
        stuck = _STUCK.fullmatch(token.text) if token.sort is TokenSort.NUMBER else None
        led = _LED.fullmatch(token.text) if token.sort is TokenSort.WORD else None
        if led is not None and token.keyed != token.text and not _is_name(led[1], names):
            led = None
        squeezed = names.squeezed.get(token.folded) if token.sort is TokenSort.WORD and token.text.isascii() else None
        if squeezed is not None and len(token.text) >= _LEAST_SQUEEZED and not is_syllable(token.folded):
            yield from _apart(token, squeezed)
        elif stuck is not None and not _is_scale(stuck[2]):
            at = token.start + len(stuck[1])
            yield Token(token.start, at, stuck[1], TokenSort.NUMBER, stuck[1])
            yield Token(at, token.end, stuck[2], TokenSort.WORD, stuck[2])
        elif led is not None:
            at = token.start + len(led[1])
            yield Token(token.start, at, led[1], TokenSort.WORD, led[1])
            yield Token(at, token.end, led[2], TokenSort.NUMBER, led[2])
        else:
            yield token
