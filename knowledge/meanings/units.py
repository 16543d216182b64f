"""Whether a message names one of some units, by code or by what is distinctive of its name."""

from __future__ import annotations

from collections.abc import Iterable

from knowledge.meanings.words import load_words, plain

SHORTEST_NAME = 2  # words


class UnitNames:
    """The units known, for finding them in what is said."""

    def __init__(self, units: Iterable[tuple[str, str]]) -> None:
        """Take (code, name) of each."""
        kinds = load_words().unit_kinds
        self._names: dict[str, str] = {}
        for code, name in units:
            self._names[plain(code)] = code
            said = plain(name).split()
            while len(said) > SHORTEST_NAME and (kind := next((k for k in kinds if said[: len(k)] == list(k)), None)):
                said = said[len(kind) :]
            if len(said) >= SHORTEST_NAME:
                self._names.setdefault(" ".join(said), code)

    def find(self, text: str) -> str | None:
        """The code of the unit that a text names; the longest name wins; None where it names none.

        Example: with ("TD01", "CĐCS Công ty May Tân Định"), "may tan dinh nộp chưa" → "TD01".
        """
        said = f" {plain(text)} "
        named = [name for name in self._names if f" {name} " in said]
        return self._names[max(named, key=len)] if named else None

    def names_one(self, text: str) -> bool:
        """Whether a text names one of them."""
        return self.find(text) is not None
