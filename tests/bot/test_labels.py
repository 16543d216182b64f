"""What features print: every label means one thing to whoever types it, and none outlives its button or command."""

from __future__ import annotations

import ast
from datetime import date
from pathlib import Path

import pytest

import bot
from bot.features.registry import REGISTRY
from bot.labels import FILE, load_labels, load_menu
from knowledge.catalogue import read_toml
from knowledge.errors import CatalogueError
from knowledge.meanings import AskerRole, Labels, Meaning, Situation, understand
from knowledge.meanings.words import plain

TODAY = date(2026, 11, 28)
FEATURES = Path(bot.__file__).parent / "features"
FOLDERS = sorted(path.parent for path in FEATURES.glob(f"*/{FILE}"))


def labels_in(folder: Path) -> dict[Meaning, tuple[str, ...]]:
    return {Meaning(meaning): tuple(said) for meaning, said in read_toml(folder / FILE, dict).get("labels", {}).items()}


@pytest.mark.parametrize("role", (AskerRole.GUEST, AskerRole.OFFICER, AskerRole.SUPERVISOR))
def test_every_label_means_what_it_says_to_whoever_types_it(role: AskerRole) -> None:
    printed = [(label, meaning) for folder in FOLDERS for meaning, said in labels_in(folder).items() for label in said]
    assert len(printed) > 50
    for label, meaning in printed:
        for typed in (label, f"{label.upper()}!"):
            assert understand(typed, Situation(role, TODAY), load_labels()).means is meaning, label


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_no_label_outlives_its_button(folder: Path) -> None:
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in folder.rglob("*.py")]
    told = " | ".join(
        plain(node.value)
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    assert [label for said in labels_in(folder).values() for label in said if plain(label) not in told] == []


def test_each_command_has_its_menu_line_and_its_meaning() -> None:
    assert {command.name for command in REGISTRY.commands} == set(load_menu())
    for command in REGISTRY.commands:
        meant = load_labels().find_command(f"/{command.name} gì đó")
        assert meant is not None
        assert load_labels().find(command.line) is meant


@pytest.mark.parametrize(
    ("said", "meant"),
    (
        ("/nhac 9h15", Meaning.REMINDER_SETTINGS),
        ("/dathan Nộp danh sách khen thưởng: ngày 20 hằng tháng", Meaning.SET_DEADLINE),
        ("/tonghop", Meaning.SUMMARY),
        ("/TOI@troly_congdoan_bot", Meaning.ME),
        ("/giaochitieu 40 người", Meaning.SHARE),
        ("cho em xin Excel với ạ", Meaning.SUMMARY),
        ("Chưa nộp 7", Meaning.MISSING),
        ("Đóng đợt: Quý III", Meaning.BEGIN_REPORT),
    ),
)
def test_commands_and_labels_are_found(said: str, meant: Meaning) -> None:
    for role in AskerRole:
        assert understand(said, Situation(role, TODAY), load_labels()).means is meant


def test_what_is_no_label_is_none() -> None:
    assert load_labels().find("Đóng đợt giúp em, Quý III") is None
    assert load_labels().find_command("/khongco") is None
    assert load_labels().find_command("/") is None


def test_a_label_for_two_things_is_refused() -> None:
    with pytest.raises(CatalogueError, match="two meanings"):
        Labels({Meaning.PLANS: ["Lấy tệp"], Meaning.SUMMARY: ["lấy tệp"]})


@pytest.mark.parametrize("text", ["mới: 5, giảm: 2, đv: 191, lđ: 200", "moi: 5 giam: 2", "giảm: 3", "đoàn viên: 1250"])
def test_no_label_swallows_what_begins_a_report(text: str) -> None:
    assert load_labels().find(text) is None
