"""Everyday words beside those of plans; data: `words.toml`, `everyday.toml`."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import msgspec

from knowledge.catalogue import read_toml


class AlikeWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file as written; it says of each list what it is."""

    alike: tuple[tuple[str, ...], ...]
    common: tuple[str, ...]
    asking: tuple[str, ...]
    people: tuple[str, ...]
    bodies: tuple[str, ...]
    counters: tuple[str, ...]
    money: tuple[str, ...]
    units: tuple[tuple[str, ...], ...]
    shares: tuple[str, ...]
    frames: tuple[str, ...]
    present: tuple[str, ...]
    nationwide: tuple[str, ...]
    nation: str
    acts: tuple[tuple[str, ...], ...]
    joints: tuple[str, ...]
    owning: tuple[str, ...]
    aside: tuple[str, ...]
    openings: tuple[str, ...]


class EverydayWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """More lists of what means nearly the same, written without a question in view."""

    alike: tuple[tuple[str, ...], ...]


@cache
def load_alike() -> AlikeWords:
    """The lists, read once."""
    folder = files("knowledge.subjects")
    lists = read_toml(folder / "words.toml", AlikeWords)
    more = read_toml(folder / "everyday.toml", EverydayWords)
    return msgspec.structs.replace(lists, alike=(*lists.alike, *more.alike))
