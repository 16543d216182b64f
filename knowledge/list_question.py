"""Questions for all targets of a plan or of one of its years; data: `list_question.toml`. Pure."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import Final

import msgspec

from knowledge.catalogue import read_toml
from knowledge.text import fold
from knowledge.wordlists import WordLists


class _Lists(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Lists of words; the file says of each what it is."""

    many: tuple[str, ...]
    targets: tuple[str, ...]
    of_something: tuple[str, ...]


_WORDS: Final = WordLists.of(read_toml(files("knowledge") / "list_question.toml", _Lists))
_LIST: Final = _WORDS.composed(r"\b%many% (?:\w+ ){0,2}?%targets%\b(?! %of_something%\b)")
_CLAUSE: Final = re.compile(r"[.;:!?\n](?!\d)|,(?!\d)")


def find_list(text: str) -> str | None:
    """The clause of a text that asks for targets by the word itself, several or all of them; None where none does.

    Examples: "năm 2030 đặt mấy con số", "có bao nhiêu chỉ tiêu"; not "chỉ tiêu là bao nhiêu", "các chỉ tiêu về nhà ở".
    """
    return next((clause for clause in _CLAUSE.split(text) if _LIST.search(fold(clause))), None)
