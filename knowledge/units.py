"""The kinds of unit in words: how each is called, and how officers write it; the words are data, `units.toml`."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Final

import msgspec

from knowledge.catalogue import read_toml, require_unique
from knowledge.errors import CatalogueError
from knowledge.model.units import UnitKind
from knowledge.text import fold, tidy
from knowledge.wordlists import WordLists

FILE = "units.toml"


class _Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one kind is called."""

    kind: UnitKind
    label: str
    short: str
    written: tuple[str, ...]


class _Grassroots(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Lists of what may stand before the kind of a grassroots union."""

    names: tuple[str, ...]
    belongs: tuple[str, ...]
    sectors: tuple[str, ...]


class _Data(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file as written."""

    kinds: tuple[_Entry, ...]
    grassroots: _Grassroots


@cache
def _data() -> _Data:
    data = read_toml(files("knowledge") / FILE, _Data)
    require_unique(FILE, "kinds", [entry.kind for entry in data.kinds])
    if missing := set(UnitKind) - {entry.kind for entry in data.kinds}:
        raise CatalogueError(FILE, f"kinds missing: {', '.join(sorted(missing))}")
    return data


UNIT_KIND_LABELS: Final = {entry.kind: entry.label for entry in _data().kinds}
"""What an officer reads for each kind."""

UNIT_KIND_SHORT: Final = {entry.kind: entry.short for entry in _data().kinds}
"""The words a unit file may use, in the order in which a refusal lists them."""

_GRASSROOTS_PREFIX = WordLists.of(_data().grassroots).composed(r"^%names%\s+(?:%belongs%\s+)?(?:%sectors%\s+)?")


def _key(text: str) -> str:
    """`text` without marks, case and punctuation: what two spellings of a kind have in common."""
    return " ".join(re.findall(r"[a-z0-9]+", fold(tidy(text))))


_BY_KEY: Final = {
    _key(words): entry.kind
    for entry in _data().kinds
    for words in (*entry.written, entry.label, entry.short, entry.kind.value)
}
_BY_SQUEEZED: Final = {key.replace(" ", ""): kind for key, kind in _BY_KEY.items()}


def parse_unit_kind(text: str) -> UnitKind | None:
    """The kind that `text` names in full, in short or without marks; None where it names none.

    Examples: "LĐLĐ tỉnh" → PROVINCE, "cap tren" → UPPER, "CĐCS thuộc khối FDI" → FOREIGN.
    """
    key = _key(text)
    for candidate in (key, _GRASSROOTS_PREFIX.sub("", key)):
        found = _BY_KEY.get(candidate) or _BY_SQUEEZED.get(candidate.replace(" ", ""))
        if found is not None:
            return found
    return None
