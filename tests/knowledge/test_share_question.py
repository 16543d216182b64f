"""Questions about shares: whether they ask for the units below, and which goals they mean."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge.forms import load_forms
from knowledge.model.shares import Goal
from knowledge.share_progress import find_followed
from knowledge.share_question import choose_goals, goal_words, names_of, read_share_question

GOALS = [
    Goal(1, 1, 2026, "Phát triển đoàn viên", "đoàn viên", "new_members"),
    Goal(2, 1, 2026, "Tổng số đoàn viên", "đoàn viên"),
    Goal(3, 1, 2026, "Đơn vị đã có TƯLĐTT", "%"),
]
NAMES = {goal.id: names_of(goal, find_followed(goal, load_forms(), date(2026, 11, 20))) for goal in GOALS}


@pytest.mark.parametrize(
    ("said", "ranks", "meant"),
    [
        ("đơn vị nào chậm kết nạp nhất", True, [1]),
        ("don vi nao cham ket nap nhat", True, [1]),
        ("các đơn vị: Kết nạp mới", True, [1]),
        ("nơi nào đạt thấp nhất", True, [1, 2, 3]),
        ("chỉ tiêu kết nạp của mình", False, [1]),
        ("chỉ tiêu phát triển đoàn viên", False, [1]),
        ("đơn vị nào chưa ký tưlđtt", True, [3]),
        ("còn thiếu bao nhiêu để đạt chỉ tiêu năm", False, [1, 2, 3]),
        ("chỉ tiêu của đơn vị tôi", False, [1, 2, 3]),
        ("", False, [1, 2, 3]),
    ],
)
def test_what_is_asked(said: str, ranks: bool, meant: list[int]) -> None:
    question = read_share_question(said)
    assert question.ranks is ranks
    assert choose_goals(question, NAMES) == meant


def test_of_no_goals_none_is_meant() -> None:
    assert choose_goals(read_share_question("kết nạp"), {}) == []


def test_what_forms_measure_is_known_by_its_words() -> None:
    assert {"ket", "nap"} <= goal_words(load_forms())
