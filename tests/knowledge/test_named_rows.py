"""Rows told by their meaning or by a number that is glued on, short forms in keys, money that no plan tells."""

from __future__ import annotations

import pytest

from bot.road.reply import to_plain
from bot.words import answers
from knowledge.answer import load_adviser
from knowledge.model.answers import AnswerKind
from knowledge.quantities import part_row_numbers

ADVISER = load_adviser()


@pytest.mark.parametrize(
    ("typed", "parted"),
    [
        ("số54 là gì", "số 54 là gì"),
        ("SO54 la gi", "SO 54 la gi"),
        ("dòng31 với dòng32", "dòng 31 với dòng 32"),
        ("so61 lieu", "so61 lieu"),
        ("số540 và số 54", "số540 và số 54"),
    ],
)
def test_a_number_glued_to_the_word_for_a_row_is_parted(typed: str, parted: str) -> None:
    assert part_row_numbers(typed) == parted


@pytest.mark.parametrize(
    ("asked", "number"),
    [
        ("số30 trong biểu sơ kết là chỉ tiêu gì", "30"),
        ("nghiệp đoàn bán vé số tụi tui có được kê vô biểu của Công Thương không, mục mấy", "47"),
    ],
)
def test_a_row_is_told(asked: str, number: str) -> None:
    found = ADVISER.ask(asked)
    assert found.kind is AnswerKind.ROWS
    assert [row.row.no for row in found.rows] == [number]


def test_the_line_within_the_row_is_told() -> None:
    found = ADVISER.ask("nghiệp đoàn bán vé số tụi tui có được kê vô biểu của Công Thương không, mục mấy")
    assert "+ Số nghiệp đoàn" in to_plain(answers.answer(found))


def test_no_row_is_told_of_a_plan_that_brought_no_form() -> None:
    read = ADVISER.understanding.read("nghiệp đoàn bán vé số có trong biểu của Quảng Trị không")
    assert ADVISER.names.rows.called(read, ["quangtri-nq02-2021"]) is None
    assert ADVISER.names.rows.called(read, ["vuit-soket-2020"]) is not None


def test_a_short_form_in_keys_is_met() -> None:
    assert ADVISER.understanding.read("Quangr Trij ddv ddc muwcs naof").spoken[:2] == ("doan", "vien")


@pytest.mark.parametrize(
    "asked",
    [
        "kế hoạch sơ kết của Công Thương có nói kinh phí hội nghị lấy đâu ra không chị",
        "chương trình của Bảo Lộc cho bao nhiêu tiền tổ chức",
    ],
)
def test_money_for_organising_that_a_plan_does_not_tell_is_no_answer(asked: str) -> None:
    found = ADVISER.ask(asked)
    assert found.status == "not_found"
    assert not found.documents or "không có trong các kế hoạch" in to_plain(answers.answer(found))


def test_money_that_plans_speak_of_is_told() -> None:
    found = ADVISER.ask("định mức chi tài chính công đoàn của Công Thương ở mục nào")
    assert "III.7.3" in [passage.section for passage in found.passages]


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [
        ("mục 26 đến 28 trong biểu sơ kết là gì", ["26", "27", "28"]),
        ("biểu sơ kết từ mục 26 tới mục 28 hỏi gì", ["26", "27", "28"]),
        ("dòng 26-28 của biểu là gì", ["26", "27", "28"]),
        ("mục 26, 28 trong biểu là gì", ["26", "28"]),
        ("mục 26 và mục 28 trong biểu là gì", ["26", "28"]),
    ],
)
def test_the_rows_between_two_numbers_are_told_where_a_span_is_named(asked: str, numbers: list[str]) -> None:
    assert [row.row.no for row in ADVISER.ask(asked).rows] == numbers
