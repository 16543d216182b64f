"""Words of questions that ask for a yes or no, and of what they quote; data: `words.toml`."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

import msgspec

from knowledge.catalogue import read_toml
from knowledge.text import fold
from knowledge.wordlists import WordLists


class _Papers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words around papers and their numbers."""

    based_on: tuple[str, ...]
    no_basis: tuple[str, ...]
    before_number: tuple[str, ...]
    asks_number: tuple[str, ...]
    asks_day: tuple[str, ...]
    idle: tuple[str, ...]
    writes: tuple[str, ...]
    sent_to: tuple[str, ...]
    term: tuple[str, ...]
    which: tuple[str, ...]


class _Times(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words of days, and of how often something is due."""

    which_day: str
    how_often: str
    last_of_year: tuple[str, ...]
    first_of_year: tuple[str, ...]
    months: tuple[str, ...]
    days: tuple[str, ...]
    years: tuple[str, ...]
    first_month: tuple[str, ...]
    last_month: tuple[str, ...]
    rough: tuple[str, ...]
    every: tuple[str, ...]
    each: tuple[str, ...]
    once: tuple[str, ...]
    quarters: tuple[str, ...]
    half_years: tuple[str, ...]
    yearly: tuple[str, ...]
    weeks: tuple[str, ...]
    terms: tuple[str, ...]
    half: tuple[str, ...]
    in_whole: tuple[str, ...]


class _Counts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words of what is counted, and of how a number binds."""

    people: tuple[str, ...]
    counted: tuple[str, ...]
    once_unit: tuple[str, ...]
    timed: tuple[str, ...]
    below: tuple[str, ...]
    softly: tuple[str, ...]
    strictly: tuple[str, ...]


class _Bodies(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Names of bodies, and what they do."""

    organs: tuple[str, ...]
    does: tuple[str, ...]
    done_to: tuple[str, ...]
    done_by: tuple[str, ...]
    jointly: tuple[str, ...]
    unknown: str


class _Rows(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words for rows of forms."""

    row: tuple[str, ...]
    small: tuple[str, ...]
    sought: str


class _Data(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file as written; it says of each list what it is."""

    right: tuple[str, ...]
    filled: tuple[str, ...]
    asks: tuple[str, ...]
    asks_last: tuple[str, ...]
    runs_on: tuple[str, ...]
    calls: tuple[str, ...]
    so: tuple[str, ...]
    is_it: tuple[str, ...]
    nominal: tuple[str, ...]
    confirms: tuple[str, ...]
    never: tuple[str, ...]
    negates: tuple[str, ...]
    unsure: tuple[str, ...]
    forbids: tuple[str, ...]
    no_negation: tuple[str, ...]
    signs: tuple[str, ...]
    signs_more: tuple[str, ...]
    signs_less: tuple[str, ...]
    persons: tuple[str, ...]
    sayings: tuple[str, ...]
    before_person: tuple[str, ...]
    after_names: tuple[str, ...]
    no_names: tuple[str, ...]
    titles: tuple[str, ...]
    issuing: tuple[str, ...]
    own_day: tuple[str, ...]
    own_number: tuple[str, ...]
    kinds: dict[str, str]
    papers: _Papers
    times: _Times
    counts: _Counts
    bodies: _Bodies
    rows: _Rows


_DATA: Final = read_toml(files("knowledge.verdicts") / "words.toml", _Data)
_LISTS: Final = {name: value for name, value in msgspec.structs.asdict(_DATA).items() if isinstance(value, tuple)}
WORDS: Final = WordLists(
    {
        **_LISTS,
        **msgspec.structs.asdict(_DATA.papers),
        **{name: value for name, value in msgspec.structs.asdict(_DATA.times).items() if isinstance(value, tuple)},
        **msgspec.structs.asdict(_DATA.counts),
        **{name: value for name, value in msgspec.structs.asdict(_DATA.bodies).items() if name != "unknown"},
        "row": _DATA.rows.row,
        "row_small": _DATA.rows.small,
        "kind": tuple(_DATA.kinds),
    }
)
KINDS: Final = {fold(name): letters for name, letters in _DATA.kinds.items()}
"""The letters that stand in a paper's number for its kind, by the folded words for it."""

WHICH_BODY: Final = _DATA.bodies.unknown
WHICH_DAY: Final = _DATA.times.which_day
HOW_OFTEN: Final = _DATA.times.how_often
FORBIDS: Final = _DATA.forbids
"""Words, as they are written, by which a plan says that something is not to be done."""

WHICH_ROW: Final = _DATA.rows.sought
NEVER: Final = frozenset(_DATA.never)
"""Words in lower case that are folded like those that ask for a yes or no, and are others."""

ADDRESSES: Final = frozenset(_DATA.persons)
"""Words by which persons are called, before their names, as they are written."""
