"""The words of a workbook that describes a form, as data: what is met in its cells, and what is written into them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Final

import msgspec

from knowledge.catalogue import read_toml
from knowledge.text import fold, tidy

_NO_LETTER: Final = re.compile(r"[^\w%\s]")


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table of the file."""


class _Months(_Table, frozen=True):
    """Words for a month, so many after the last one of a period."""

    after: int
    words: tuple[str, ...]


class _Dates(_Table, frozen=True):
    """Words of days."""

    day: tuple[str, ...]
    before: tuple[str, ...]
    last: tuple[str, ...]
    month: tuple[str, ...]
    next_year: tuple[str, ...]
    months: tuple[_Months, ...]


class _Alike(_Table, frozen=True):
    """Units in which the same is counted."""

    units: tuple[str, ...]


class _Names(_Table, frozen=True):
    """Words before names, and units of measure."""

    of_which: tuple[str, ...]
    same_units: tuple[_Alike, ...]


class _Written(_Table, frozen=True):
    """Days as they are written."""

    months: tuple[str, ...]
    day: str
    last: str
    same_year: str
    next_year: str
    halves: tuple[str, str]


class _Guide(_Table, frozen=True):
    """Names of sheets, and what is written for whoever fills in a workbook."""

    sheet: str
    rules_sheet: str
    measures_sheet: str
    guide_sheet: str
    title: str
    ignored: tuple[str, ...]
    lines: tuple[str, ...]
    written: _Written


Lists = Mapping[str, tuple[str, ...]]


class Wording(_Table, frozen=True, dict=True):
    """The file as written; `named_in` finds what a cell names."""

    labels: Lists
    columns: Lists
    rules: Lists
    measures: Lists
    counted: Lists
    sentences: Lists
    made: Mapping[str, str]
    periods: Lists
    dates: _Dates
    kinds: Lists
    ways: Lists
    flags: Lists
    units: Lists
    names: _Names
    guide: _Guide

    def named_in(self, table: str, text: str) -> str | None:
        """The name of the list of a table that holds a text, whatever its marks, case and punctuation, or None."""
        return self._by_words[table].get(plain(text))

    @cached_property
    def _by_words(self) -> Mapping[str, Mapping[str, str]]:
        tables: dict[str, Lists] = {
            name: getattr(self, name)
            for name in (
                *("labels", "columns", "rules", "measures", "counted"),
                *("sentences", "periods", "kinds", "ways", "flags", "units"),
            )
        }
        found: dict[str, dict[str, str]] = {}
        for table, lists in tables.items():
            for name, words in lists.items():
                for each in words:
                    found.setdefault(table, {}).setdefault(plain(each), name)
        return found

    @cached_property
    def months(self) -> Mapping[str, int]:
        """How many months after the last one of a period words name."""
        return {plain(words): each.after for each in self.dates.months for words in each.words}


def plain(text: str) -> str:
    """A text without marks, case and punctuation, blanks single: what two spellings of a label have in common."""
    return _plain(text)


@lru_cache(maxsize=4096)
def _plain(text: str) -> str:
    return " ".join(_NO_LETTER.sub(" ", fold(tidy(text))).split())


WORDING: Final = read_toml(files(__package__) / "words.toml", Wording)
