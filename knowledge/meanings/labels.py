"""Labels: whole messages whose meaning is known, because they are printed somewhere or are what people type for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from knowledge.errors import CatalogueError
from knowledge.meanings.model import Meaning
from knowledge.meanings.words import load_words, plain, shape

LONGEST_LABEL = 80
"""Letters."""

Printed = Mapping[Meaning, Iterable[str]]


class Labels:
    """What is printed on buttons and menus, by its meaning, beside the phrases that people type for it.

    What is printed is given by whoever prints it.
    """

    def __init__(
        self,
        printed: Printed | None = None,
        made_up: Printed | None = None,
        commands: Mapping[str, Meaning] | None = None,
    ) -> None:
        """Index them.

        Args:
            printed: labels as they stand.
            made_up: labels with a number or a name in them: 0 is any number, and behind a colon anything may follow.
            commands: what stands behind a slash.

        Raises:
            CatalogueError: a label stands for two meanings.
        """
        self._commands = dict(commands or {})
        self._by_phrase = dict(load_words().phrases)
        self._by_shape: dict[str, Meaning] = {}
        for meaning, labels in (printed or {}).items():
            for label in labels:
                _put(self._by_phrase, plain(label), meaning)
        for meaning, labels in (made_up or {}).items():
            for label in labels:
                _put(self._by_shape, shape(label), meaning)

    def find(self, text: str) -> Meaning | None:
        """The meaning of a message that is a label or a known phrase, courtesies aside; None for any other.

        Example: "Huỷ" → `Meaning.CANCEL`.
        """
        if len(text) > LONGEST_LABEL:
            return None
        shortened = load_words().shorten(plain(text))
        found = next((self._by_phrase[each] for each in shortened if each in self._by_phrase), None)
        return found or self._by_shape.get(shape(text))

    def find_command(self, text: str) -> Meaning | None:
        """The meaning of a message that begins with a command; None where there is no such command.

        Example: "/nhac@bot 9h15" → `Meaning.REMINDER_SETTINGS`.
        """
        words = text.removeprefix("/").split(maxsplit=1) if text.startswith("/") else []
        return self._commands.get(words[0].partition("@")[0].lower()) if words else None


def _put(index: dict[str, Meaning], label: str, meaning: Meaning) -> None:
    if index.setdefault(label, meaning) is not meaning:
        raise CatalogueError("labels", f"{label!r} stands for two meanings")


@cache
def phrases_alone() -> Labels:
    """The labels where nothing is printed."""
    return Labels()
