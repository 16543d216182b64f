"""A plan with subjects that no other has is answered from its file alone."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec
import pytest

from bot.road.reply import to_plain
from bot.words import answers
from knowledge.answer import Adviser
from knowledge.errors import CatalogueError
from knowledge.forms import load_forms
from knowledge.glossary import load_glossary
from knowledge.plans import load_plans, read_plan
from knowledge.question import Understanding
from tests.knowledge.examiner import Row, faults_in, read_rows

FOLDER = Path(__file__).parents[1] / "data" / "new-plan"


@cache
def adviser() -> Adviser:
    plans = (*load_plans(), read_plan(FOLDER / "lamgiang-2026.toml"))
    return Adviser(Understanding(plans, load_glossary()), load_forms())


def reply_to(row: Row) -> str:
    return to_plain(answers.answer(adviser().ask(row.q)))


def test_fourteen_of_fifteen_are_answered() -> None:
    rows = read_rows(FOLDER / "questions.jsonl")
    wrong = {row.q: faults_in(row, reply_to(row)) for row in rows if faults_in(row, reply_to(row))}
    assert len(rows) == 15
    assert len(wrong) <= 1, wrong


def test_its_figures_stand_in_its_text() -> None:
    lines = (FOLDER / "lamgiang-2026.txt").read_text(encoding="utf-8").splitlines()
    for target in read_plan(FOLDER / "lamgiang-2026.toml").targets:
        stated = " ".join(lines[number - 1] for number in target.lines)
        assert any(figure in stated for figure in (f"{target.value:,}".replace(",", "."), f"{target.value:02}"))


def test_a_target_of_no_known_subject_is_refused() -> None:
    plan = load_plans()[0]
    target = msgspec.structs.replace(plan.targets[0], indicator="colective_agreement")
    broken = msgspec.structs.replace(plan, targets=(target,))
    with pytest.raises(CatalogueError, match="colective_agreement"):
        Understanding((broken,), load_glossary())
