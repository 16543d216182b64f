"""The words around shares, as they are read."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import msgspec

from knowledge.catalogue import read_toml
from knowledge.text import fold
from knowledge.tokens import PhraseIndex, index_phrases
from knowledge.wordlists import WordLists


class _ShareWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file of the words around shares; it says what each list is."""

    giving: tuple[str, ...]
    taking_back: tuple[str, ...]
    wishes: tuple[str, ...]
    polite_giving: tuple[str, ...]
    granted: tuple[str, ...]
    later: tuple[str, ...]
    slip: tuple[str, ...]
    only: tuple[str, ...]
    asking_last: tuple[str, ...]
    against_standing: tuple[str, ...]
    not_this: tuple[str, ...]
    not_giving: tuple[str, ...]
    target: tuple[str, ...]
    others: tuple[str, ...]
    everyone: tuple[str, ...]
    each: tuple[str, ...]
    each_of_kind: tuple[str, ...]
    groups: tuple[str, ...]
    several: tuple[str, ...]
    alike: tuple[str, ...]
    evenly: tuple[str, ...]
    by_members: tuple[str, ...]
    as_last_year: tuple[str, ...]
    unchanged: tuple[str, ...]
    because: tuple[str, ...]
    to: tuple[str, ...]
    joined: tuple[str, ...]
    year: tuple[str, ...]
    this_year: tuple[str, ...]
    next_year: tuple[str, ...]
    past_year: tuple[str, ...]
    kinds: tuple[str, ...]
    between: tuple[str, ...]
    in_parts: tuple[str, ...]
    money: tuple[str, ...]
    percent: tuple[str, ...]
    bodies: tuple[str, ...]
    roughly: tuple[str, ...]
    or_else: tuple[str, ...]
    documents: tuple[str, ...]
    times: tuple[str, ...]
    by_time: tuple[str, ...]
    places: tuple[str, ...]
    whole: tuple[str, ...]
    from_word: tuple[str, ...]
    becoming: tuple[str, ...]
    moving: tuple[str, ...]
    out_of: tuple[str, ...]
    into: tuple[str, ...]
    growing: tuple[str, ...]
    shrinking: tuple[str, ...]
    raising: tuple[str, ...]
    lowering: tuple[str, ...]
    more: tuple[str, ...]
    more_behind: tuple[str, ...]
    excepting: tuple[str, ...]
    against: tuple[str, ...]
    corrected: tuple[str, ...]
    therefore: tuple[str, ...]
    questions: tuple[str, ...]
    opening_questions: tuple[str, ...]
    remarks: tuple[str, ...]
    done: tuple[str, ...]
    told: tuple[str, ...]
    told_behind: tuple[str, ...]
    owing: tuple[str, ...]
    courtesy: tuple[str, ...]
    goal_words: tuple[str, ...]
    counted: tuple[str, ...]


@cache
def _read() -> _ShareWords:
    return read_toml(files("knowledge.shares") / "words.toml", _ShareWords)


@cache
def load_words() -> WordLists:
    """The lists by name."""
    return WordLists.of(_read())


@cache
def index_lists() -> PhraseIndex:
    """The phrases of the lists, with their marks."""
    return index_phrases(msgspec.structs.asdict(_read()))


def takes_parts(measured_in: str) -> bool:
    """Whether a goal in that unit of measure takes decimals: a percentage and money do, people do not."""
    return measured_in.strip() == "%" or fold(measured_in) in load_words().folded("in_parts")


def is_money(measured_in: str) -> bool:
    """Whether amounts in that unit of measure are sums of money in triệu đồng."""
    return fold(measured_in) in load_words().folded("money")
