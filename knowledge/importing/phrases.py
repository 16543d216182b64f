"""The words that plans are written with; data: `phrases.toml`."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Final

from knowledge.catalogue import read_toml
from knowledge.number_words import NUMBER_WORDS
from knowledge.wordlists import WordLists


@cache
def load_phrases() -> dict[str, tuple[str, ...]]:
    """The lists by name, as they are written, with their marks; the file says what each is for."""
    return read_toml(files("knowledge.importing") / "phrases.toml", dict[str, tuple[str, ...]])


@cache
def _lists() -> WordLists:
    return WordLists({**load_phrases(), "number_words": tuple(NUMBER_WORDS)})


def phrases(name: str) -> tuple[str, ...]:
    """The phrases of a list, folded, in the order of the list."""
    return tuple(" ".join(words) for words in _lists().phrases(name))


_EDGES: Final = {"begin": r"(?<![^\W_])", "end": r"(?![^\W_])"}
_INCLUDED = re.compile(r"<<(\w+)>>")
_BROKEN = re.compile(r"\n *")


@cache
def _sources() -> dict[str, dict[str, str]]:
    return read_toml(files("knowledge.importing") / "patterns.toml", dict[str, dict[str, str]])


def named(name: str) -> re.Pattern[str]:
    """The pattern of that name ("deadlines.day") in `patterns.toml`, over a shadow.

    `%list%` stands for any phrase of a list, the longest first; `<<other>>` for another pattern of the same module,
    `<<begin>>` and `<<end>>` for the edges of a word, where a figure counts as a word.
    """
    room, _, own = name.partition(".")
    known = {**_EDGES, **_sources()[room]}
    source = known[own]
    while _INCLUDED.search(source):
        source = _INCLUDED.sub(lambda met: known[met[1]], source)
    return _lists().composed(_BROKEN.sub("", source))
