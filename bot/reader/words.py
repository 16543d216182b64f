"""The reader's words: masks, beginnings of names, and the text of the prompt."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import msgspec

from knowledge.catalogue import read_toml
from knowledge.errors import CatalogueError
from knowledge.meanings import Meaning

FILE = "words.toml"


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of the words file."""


class Masks(_Part, frozen=True):
    """The masks, by what they stand for."""

    number: str
    link: str
    code: str
    person: str
    unit: str


class NameWords(_Part, frozen=True):
    """Words by which names of people and of workplaces are found; see the file."""

    titles: tuple[str, ...]
    surnames: tuple[str, ...]
    plain: tuple[str, ...]
    middle: tuple[str, ...]
    unit_kinds: tuple[str, ...]


class PromptWords(_Part, frozen=True):
    """The instructions of the prompt."""

    instructions: str


class ReaderWords(_Part, frozen=True):
    """The whole words file. It describes every meaning once."""

    masks: Masks
    names: NameWords
    prompt: PromptWords
    meanings: dict[Meaning, str]


@cache
def load_words() -> ReaderWords:
    """The words that ship with the product, read once; raises CatalogueError where a meaning is not told."""
    words = read_toml(files(__package__) / FILE, ReaderWords)
    if missing := set(Meaning).difference(words.meanings):
        raise CatalogueError(FILE, f"not told: {', '.join(sorted(missing))}")
    return words
