"""What the registry promises: names are unique, plain words mean commands, and no real question is taken for one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.handlers.registry import REGISTRY
from bot.handlers.shape import Audience, Command, Registry
from bot.views.commands import Wording

QUESTIONS = Path(__file__).parents[1] / "knowledge" / "data" / "questions.jsonl"


async def nothing(_update: object, _turn: object) -> None:
    """Do nothing."""


def command(name: str, *words: str) -> Command:
    return Command(name, nothing, Wording("Giúp", words))


def test_two_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="hai"):
        Registry((command("hai"), command("hai")))
    with pytest.raises(ValueError, match="nop bao cao"):
        Registry((command("mot", "Nộp báo cáo"), command("hai", "nộp  báo cáo!")))


def test_what_telegram_would_refuse_is_refused() -> None:
    with pytest.raises(ValueError, match="Báo"):
        command("Báo")


@pytest.mark.parametrize(
    "said", ["nộp báo cáo", "NOP BAO CAO", "cho em nộp báo cáo với ạ", "em muốn nộp báo cáo", "nộp báo cáo nhé!"]
)
def test_plain_words_mean_a_command_courtesies_aside(said: str) -> None:
    registry = Registry((command("baocao", "nộp báo cáo"),))
    meant = registry.find_meant(said)
    assert meant is not None
    assert meant.name == "baocao"


@pytest.mark.parametrize("said", ["hạn nộp báo cáo", "nộp báo cáo sơ kết khi nào", "ai nộp báo cáo", "", "ạ", "cho em"])
def test_what_only_contains_the_words_is_a_question(said: str) -> None:
    assert Registry((command("baocao", "nộp báo cáo"),)).find_meant(said) is None


def test_no_known_question_is_taken_for_a_command() -> None:
    files = [QUESTIONS, *(Path(__file__).parents[3] / "shared").glob("questions-*.jsonl")]
    rows = [
        json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines() if line.strip()
    ]
    taken = {text for row in rows for text in (row["q"], *row["context"]) if REGISTRY.find_meant(text)}
    assert taken == set()


@settings(deadline=None, max_examples=80)
@given(st.text(max_size=120))
def test_anything_may_be_said_or_tapped(text: str) -> None:
    REGISTRY.find_meant(text)
    REGISTRY.find_command(text)
    REGISTRY.find_alike(text)
    REGISTRY.find_tap(text)


def test_every_menu_is_one_that_telegram_takes() -> None:
    for audience in Audience:
        menu = REGISTRY.seen_by({audience})
        assert 1 <= len(menu) <= 100
        assert all(3 <= len(each.wording.help) <= 256 for each in menu)
    everyone = {each.name for each in REGISTRY.seen_by(())}
    assert {"start", "help", "kehoach", "huy", "xoadulieu"} <= everyone
    assert everyone <= {each.name for each in REGISTRY.seen_by({Audience.ADMIN})}
