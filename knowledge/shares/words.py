"""The words around shares, as they are read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import product
from typing import Final

import msgspec

from knowledge.catalogue import read_toml
from knowledge.text import fold
from knowledge.tokens import PhraseIndex, index_phrases
from knowledge.wordlists import WordLists


class _ShareWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file of the words around shares; it says what each list is."""

    giving: tuple[str, ...]
    dividing: tuple[str, ...]
    taking_back: tuple[str, ...]
    wishes: tuple[str, ...]
    above: tuple[str, ...]
    polite_giving: tuple[str, ...]
    granted: tuple[str, ...]
    later: tuple[str, ...]
    like: tuple[str, ...]
    by: tuple[str, ...]
    whose: tuple[str, ...]
    slip: tuple[str, ...]
    slip_apart: tuple[str, ...]
    only: tuple[str, ...]
    asking_last: tuple[str, ...]
    whether: tuple[str, ...]
    have: tuple[str, ...]
    against_standing: tuple[str, ...]
    not_this: tuple[str, ...]
    not_giving: tuple[str, ...]
    target: tuple[str, ...]
    others: tuple[str, ...]
    alone: tuple[str, ...]
    everyone: tuple[str, ...]
    each: tuple[str, ...]
    each_of_kind: tuple[str, ...]
    groups: tuple[str, ...]
    several: tuple[str, ...]
    both: tuple[str, ...]
    over_kinds: tuple[str, ...]
    all_of_kind: tuple[str, ...]
    federations: tuple[str, ...]
    alike: tuple[str, ...]
    also: tuple[str, ...]
    evenly: tuple[str, ...]
    by_members: tuple[str, ...]
    as_last_year: tuple[str, ...]
    unchanged: tuple[str, ...]
    because: tuple[str, ...]
    happened: tuple[str, ...]
    counted_else: tuple[str, ...]
    workers: tuple[str, ...]
    union_members: tuple[str, ...]
    to: tuple[str, ...]
    then: tuple[str, ...]
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
    rates: tuple[str, ...]
    bodies: tuple[str, ...]
    roughly: tuple[str, ...]
    at_least: tuple[str, ...]
    rough_behind: tuple[str, ...]
    or_else: tuple[str, ...]
    until: tuple[str, ...]
    was_given: tuple[str, ...]
    documents: tuple[str, ...]
    times: tuple[str, ...]
    by_time: tuple[str, ...]
    places: tuple[str, ...]
    whole: tuple[str, ...]
    from_word: tuple[str, ...]
    becoming: tuple[str, ...]
    former: tuple[str, ...]
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
    ten: tuple[str, ...]
    against: tuple[str, ...]
    corrected: tuple[str, ...]
    therefore: tuple[str, ...]
    questions: tuple[str, ...]
    opening_questions: tuple[str, ...]
    remarks: tuple[str, ...]
    done: tuple[str, ...]
    lately: tuple[str, ...]
    decided: tuple[str, ...]
    told: tuple[str, ...]
    told_behind: tuple[str, ...]
    open_words: tuple[str, ...]
    in_turn: tuple[str, ...]
    doubting: tuple[str, ...]
    owing: tuple[str, ...]
    courtesy: tuple[str, ...]
    goal_words: tuple[str, ...]
    counted: tuple[str, ...]
    parts: dict[str, tuple[str, ...]]
    spellings: dict[str, tuple[str, ...]]
    same_kinds: dict[str, str]
    wide_kinds: dict[str, tuple[str, ...]]


_PART: Final = re.compile(r"\{(\w+)\}")


@cache
def _read() -> _ShareWords:
    return read_toml(files("knowledge.shares") / "words.toml", _ShareWords)


@cache
def _lists() -> Mapping[str, tuple[str, ...]]:
    """The phrases of the lists with their marks, each made of its parts and in its short forms, too."""
    read = _read()
    lists = {name: phrases for name, phrases in msgspec.structs.asdict(read).items() if isinstance(phrases, tuple)}
    return {name: tuple(dict.fromkeys(_expand(phrases, read))) for name, phrases in lists.items()}


def _expand(phrases: Sequence[str], read: _ShareWords) -> Iterator[str]:
    for phrase in phrases:
        names = _PART.findall(phrase)
        for parts in product(*(read.parts[name] for name in names)):
            whole = phrase
            for name, part in zip(names, parts, strict=True):
                whole = whole.replace(f"{{{name}}}", part, 1)
            whole = " ".join(whole.split())
            yield whole
            for word, shorts in read.spellings.items():
                if f" {word} " in f" {whole} " and whole != word:
                    yield from (f" {whole} ".replace(f" {word} ", f" {short} ").strip() for short in shorts)


@cache
def load_words() -> WordLists:
    """The lists by name."""
    return WordLists(_lists())


@cache
def index_lists() -> PhraseIndex:
    """The phrases of the lists, with their marks."""
    return index_phrases(_lists())


def takes_parts(measured_in: str) -> bool:
    """Whether a goal in that unit of measure takes decimals: a percentage and money do, people do not."""
    return measured_in.strip() == "%" or fold(measured_in) in load_words().folded("in_parts")


def is_money(measured_in: str) -> bool:
    """Whether amounts in that unit of measure are sums of money in triệu đồng."""
    return fold(measured_in) in load_words().folded("money")


@cache
def kind_meant(kind: str) -> tuple[tuple[str, ...], bool]:
    """What a folded kind of units is called in their names, and whether that is wider than the one kind."""
    wide = {fold(name): kinds for name, kinds in _read().wide_kinds.items()}
    if kind in wide:
        return tuple(map(fold, wide[kind])), True
    same = {fold(name): other for name, other in _read().same_kinds.items()}
    return (kind, *([fold(same[kind])] if kind in same else [])), False


@cache
def all_kinds() -> frozenset[str]:
    """Every kind of units, folded."""
    return frozenset(map(fold, _read().parts["kind"]))


@cache
def is_of_first_kind(name: str, kinds: tuple[str, ...]) -> bool:
    """Whether one of the kinds is what a unit is by its folded name, and none that stands later in it: a hospital of a
    region is no region.
    """
    said = f" {name} "
    places = [(said.find(f" {kind} "), -len(kind), kind) for kind in all_kinds() if f" {kind} " in said]
    return bool(places) and min(places)[2] in kinds


def has_kind(name: str, kinds: Sequence[str]) -> bool:
    """Whether a folded name of a unit says one of the kinds."""
    return any(f" {kind} " in f" {name} " for kind in kinds)
