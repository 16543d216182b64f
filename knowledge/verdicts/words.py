"""Words of questions that ask for a yes or no, and of what they quote; data: `words.toml`."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

import msgspec

from knowledge.catalogue import read_toml
from knowledge.text import fold
from knowledge.wordlists import WordLists


class _Data(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file as written; it says of each list what it is."""

    lists: dict[str, tuple[str, ...]]
    anew: dict[str, str]
    kinds: dict[str, str]
    months: dict[str, int]
    bodies: dict[str, str]


_DATA: Final = read_toml(files("knowledge.verdicts") / "words.toml", _Data)

WORDS: Final = WordLists({**_DATA.lists, "kind": tuple(_DATA.kinds), "month_name": tuple(_DATA.months)})

KINDS: Final = {fold(name): letters for name, letters in _DATA.kinds.items()}
"""The letters that stand in a paper's number for its kind, by the folded words for it."""

MONTH_NAMES: Final = {fold(name): month for name, month in _DATA.months.items()}
"""Months by the folded names that are no plain numbers."""

SHORT_BODIES: Final = {fold(short): tuple(fold(name).split()) for short, name in _DATA.bodies.items()}
"""The folded words of bodies by their short forms."""

NEVER: Final = frozenset(_DATA.lists["never"])
"""Words in lower case that are folded like those that ask for a yes or no, and are others."""

ADDRESSES: Final = frozenset(_DATA.lists["persons"])
"""Words by which persons are called, before their names, as they are written."""

FORBIDS: Final = _DATA.lists["forbids"]
"""Words, as they are written, by which a plan says that something is not to be done."""

WHICH_BODY: Final = _DATA.anew["body"]
WHICH_ROW: Final = _DATA.anew["row"]
WHICH_DAY: Final = _DATA.anew["day"]
HOW_OFTEN: Final = _DATA.anew["interval"]
