"""What people put around a question costs nothing, nor does the way it is typed."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable

import pytest

from knowledge.text import fold
from tests.knowledge.grid import cells, changed, first_answer, read_grid

SAMPLE = 300


@pytest.mark.slow
def test_clauses_and_particles_beside_a_question_change_nothing() -> None:
    """A seeded sample; `python -m tests.knowledge.grid` puts all 3,600."""
    chosen = random.Random(18).sample(list(cells(read_grid())), SAMPLE)
    lost = changed(chosen)
    assert len(lost) <= 0.03 * SAMPLE, [cell.said for cell in lost]


@pytest.mark.parametrize(
    "typed",
    [fold, str.upper, str.capitalize, lambda said: unicodedata.normalize("NFD", said)],
    ids=["without marks", "capitals", "capitalised", "decomposed"],
)
def test_marks_capitals_and_composition_change_no_answer(typed: Callable[[str], str]) -> None:
    questions = read_grid().questions
    assert [typed(q) for q in questions if first_answer(typed(q)) != first_answer(q)] == []


def test_a_subject_in_a_clause_of_ones_own_doings_is_not_asked_about() -> None:
    bare = first_answer("Bảo Lộc mỗi năm kết nạp bao nhiêu đoàn viên")
    assert first_answer("Bảo Lộc mỗi năm kết nạp bao nhiêu đoàn viên, mai em đi tập huấn rồi") == bare
    both = first_answer("em hỏi về tập huấn, Bảo Lộc mỗi năm bao nhiêu phần trăm")
    assert both != first_answer("Bảo Lộc mỗi năm bao nhiêu phần trăm")
