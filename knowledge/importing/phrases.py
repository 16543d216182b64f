"""The words that plans are written with; data: `phrases.toml`."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Final

import msgspec

from knowledge.catalogue import read_toml
from knowledge.number_words import NUMBER_WORDS
from knowledge.wordlists import WordLists


class Phrases(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Lists of phrases by what they are for.

    `*_before` and `*_behind` say how a figure binds; `units` are counted things; `people`, `holders` tell who is
    counted ("doanh nghiệp có từ 25 lao động"); `legal`, `awards`, `ranks`, `support`, `past`, `enumerated` stand with
    figures that are no targets; `predicates` begin what those counted do; `*_headings` tell what a part is about;
    `documents` stand before numbers of documents and names; `foreign` are no slips though no syllables;
    `ordinals` number parts, the first first; `idle` words tell
    no subject from another; `kinds` are kinds of documents; a dot behind
    `abbreviations` ends no sentence; a word that is nearly one of `binding` beside a figure is damaged;
    `contrasts` tell one population from another; `short_forms` go behind "|" with what they stand for;
    `total` is what a bare number of members or unions counts.
    """

    goal: tuple[str, ...]
    floor_before: tuple[str, ...]
    above_before: tuple[str, ...]
    ceiling_before: tuple[str, ...]
    below_before: tuple[str, ...]
    about_before: tuple[str, ...]
    floor_behind: tuple[str, ...]
    ceiling_behind: tuple[str, ...]
    grades: tuple[str, ...]
    units: tuple[str, ...]
    people: tuple[str, ...]
    holders: tuple[str, ...]
    durations: tuple[str, ...]
    enumerated: tuple[str, ...]
    money: tuple[str, ...]
    legal: tuple[str, ...]
    awards: tuple[str, ...]
    award_units: tuple[str, ...]
    ranks: tuple[str, ...]
    support: tuple[str, ...]
    past: tuple[str, ...]
    predicates: tuple[str, ...]
    second_acts: tuple[str, ...]
    stage_words: tuple[str, ...]
    target_headings: tuple[str, ...]
    past_headings: tuple[str, ...]
    past_headings_inside: tuple[str, ...]
    duty_headings: tuple[str, ...]
    most: tuple[str, ...]
    documents: tuple[str, ...]
    foreign: tuple[str, ...]
    ordinals: tuple[str, ...]
    idle: tuple[str, ...]
    kinds: tuple[str, ...]
    abbreviations: tuple[str, ...]
    binding: tuple[str, ...]
    contrasts: tuple[str, ...]
    short_forms: tuple[str, ...]
    total: str


@cache
def load_phrases() -> Phrases:
    """The lists as they are written, with their marks."""
    return read_toml(files("knowledge.importing") / "phrases.toml", Phrases)


@cache
def _lists() -> WordLists:
    return WordLists(
        {
            **{name: words for name, words in msgspec.structs.asdict(load_phrases()).items() if name != "total"},
            "number_words": tuple(NUMBER_WORDS),
        }
    )


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
