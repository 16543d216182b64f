"""The words beside numbers in a question, and how years are written; data: `quantities.toml`."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import Final

import msgspec

from knowledge.catalogue import read_toml
from knowledge.number_words import AROUND_NUMBERS
from knowledge.wordlists import WordLists


class _Data(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Lists of the words beside numbers; the file says of each what it is."""

    year: tuple[str, ...]
    year_mark: tuple[str, ...]
    after: tuple[str, ...]
    before: tuple[str, ...]
    joined: tuple[str, ...]
    range_to: tuple[str, ...]
    before_year: tuple[str, ...]
    each: tuple[str, ...]
    year_tens: tuple[str, ...]
    year_ones: tuple[str, ...]
    before_short_year: tuple[str, ...]
    after_short_year: tuple[str, ...]
    document: tuple[str, ...]
    document_tail: tuple[str, ...]
    number: tuple[str, ...]
    not_document: tuple[str, ...]
    section: tuple[str, ...]
    named_part: tuple[str, ...]
    of: tuple[str, ...]
    ordinal: tuple[str, ...]
    part: tuple[str, ...]
    row: tuple[str, ...]
    row_name_end: tuple[str, ...]
    row_numbered: tuple[str, ...]
    row_of_form: tuple[str, ...]
    row_joined: tuple[str, ...]
    workers: tuple[str, ...]
    members: tuple[str, ...]
    admitting: tuple[str, ...]
    between: tuple[str, ...]
    admitted: tuple[str, ...]
    below: tuple[str, ...]
    size: tuple[str, ...]
    size_never_first: tuple[str, ...]
    scale_of_figures: tuple[str, ...]
    vague_behind: tuple[str, ...]


BESIDE_NUMBERS: Final = WordLists.of(read_toml(files("knowledge") / "quantities.toml", _Data), AROUND_NUMBERS)
YEAR: Final = re.compile(r"(?:19|20)\d\d")
THOUSAND_YEAR: Final = re.compile(r"\b2[kK](\d\d)\b")
"""A year with a letter for the thousands: "2k25"."""
