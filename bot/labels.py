"""What features print and people type: commands with their menu lines, and labels of buttons, each with its meaning.

Each feature writes its own into `labels.toml` in its folder. Whatever is printed works when it is typed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

import msgspec

from knowledge.catalogue import read_toml
from knowledge.meanings import Labels, Meaning

FILE = "labels.toml"


class _Command(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a command means, and its line in the menu and in /help; none where nothing obeys it yet."""

    means: Meaning
    menu: str = ""


class _FeatureLabels(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file as written; `made_up` are labels with a number (written 0) or a name (behind a colon) in them."""

    commands: dict[str, _Command] = {}
    labels: dict[Meaning, tuple[str, ...]] = {}
    made_up: dict[Meaning, tuple[str, ...]] = {}


@cache
def _read() -> tuple[_FeatureLabels, ...]:
    return tuple(_read_all())


def _read_all() -> Iterator[_FeatureLabels]:
    folders = (files("bot") / "features").iterdir()
    for folder in sorted(folders, key=lambda each: each.name):
        if folder.is_dir() and (folder / FILE).is_file():
            yield read_toml(folder / FILE, _FeatureLabels)


@cache
def load_labels() -> Labels:
    """All features' labels; raises CatalogueError where one stands for two meanings."""
    printed: dict[Meaning, list[str]] = {}
    made_up: dict[Meaning, list[str]] = {}
    commands: dict[str, Meaning] = {}
    for each in _read():
        commands |= {name: command.means for name, command in each.commands.items()}
        for meaning, labels in each.labels.items():
            printed.setdefault(meaning, []).extend(labels)
        for meaning, labels in each.made_up.items():
            made_up.setdefault(meaning, []).extend(labels)
        for command in each.commands.values():
            printed.setdefault(command.means, []).extend([command.menu] if command.menu else [])
    return Labels(printed, made_up, commands)


@cache
def load_menu() -> Mapping[str, str]:
    """The line of each command, by its name."""
    return {name: command.menu for each in _read() for name, command in each.commands.items() if command.menu}
