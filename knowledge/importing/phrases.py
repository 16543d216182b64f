"""The words that plans are written with; data: `phrases.toml`."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Final

import msgspec

from knowledge.catalogue import read_toml
from knowledge.wordlists import WordLists


class Phrases(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Lists of phrases by what they are for.

    `*_before` and `*_behind` say how a figure binds; `units` are counted things; `people`, `holders` tell who is
    counted ("doanh nghiệp có từ 25 lao động"); `legal`, `awards`, `ranks`, `support`, `past`, `enumerated` stand with
    figures that are no targets; `predicates` begin what those counted do; `*_headings` tell what a part is about;
    `documents` stand before numbers of documents and names; `foreign` are no slips though no syllables.
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


@cache
def _lists() -> WordLists:
    return WordLists.of(read_toml(files("knowledge.importing") / "phrases.toml", Phrases))


def pattern(source: str) -> re.Pattern[str]:
    """A pattern over a shadow; `%name%` stands for any phrase of that list, the longest first."""
    return _lists().composed(source)


BEGIN: Final = r"(?<![^\W_])"
END: Final = r"(?![^\W_])"
"""Edges of words, where a figure counts as a word."""
