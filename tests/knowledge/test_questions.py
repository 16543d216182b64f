"""Officers' questions and what a right reply shows: every row of the project's own files, and the shared ones."""

from __future__ import annotations

import pytest

from tests.knowledge.examiner import DATA, SHARED, Row, faults_in, read_rows, reply_to

OWN = [row for file in sorted(DATA.glob("questions*.jsonl")) for row in read_rows(file)]
SHARED_FILE = SHARED / "questions-dev.jsonl"


@pytest.mark.parametrize("row", OWN, ids=str)
def test_own_question_is_answered_right(row: Row) -> None:
    reply = reply_to(row)
    assert not faults_in(row, reply), reply


def test_own_questions_cover_every_kind_and_enough_silence() -> None:
    kinds = {row.kind for row in OWN}
    assert kinds == {
        "target",
        "absent",
        "silent",
        "task",
        "compare",
        "overview",
        "follow",
        "deadline",
        "document",
        "indicator",
    }
    assert len(OWN) >= 150
    assert sum(row.kind in {"silent", "absent"} for row in OWN) >= 40


@pytest.mark.skipif(not SHARED_FILE.exists(), reason="the shared questions are not beside this checkout")
def test_shared_questions_are_answered_right() -> None:
    wrong = [
        f"{row}: {faults_in(row, reply_to(row))}" for row in read_rows(SHARED_FILE) if faults_in(row, reply_to(row))
    ]
    assert not wrong
