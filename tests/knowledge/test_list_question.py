"""All targets of a plan or a year asked for by that word, and several subjects in one question."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.answer import load_adviser
from knowledge.list_question import find_list
from knowledge.model.answers import AnswerKind


@pytest.mark.parametrize(
    ("question", "count"),
    [
        ("tới 2045 Quảng Trị có mấy con số phải đạt, tai bác nghễnh ngãng đọc to giùm", 2),
        ("nam ba muoi quang tri dat may muc tieu ri, mo doc giup", 3),
        ("toàn bộ con số mốc hai lăm của TP.HCM", 4),
        ("Công Thương năm 2045 đặt từng chỉ tiêu nào, em soạn bài", 3),
    ],
)
def test_all_targets_of_a_year_are_told(question: str, count: int) -> None:
    told = load_adviser().ask(question)
    assert (told.kind, len(told.facts)) == (AnswerKind.OVERVIEW, count)


@pytest.mark.parametrize(
    "question",
    [
        "chỉ tiêu thỏa ước Quảng Trị là bao nhiêu",
        "các chỉ tiêu về nhà trọ của Quảng Trị",
        "TP.HCM đặt mấy con số cho công nhân nhà trọ",
        "con số ấy ở đâu ra",
    ],
)
def test_what_is_no_list(question: str) -> None:
    assert find_list(question) is None


def test_a_clause_that_names_something_unknown_is_no_list() -> None:
    assert load_adviser().ask("cho xin mấy con số trồng rừng ở TP.HCM 2030").kind is not AnswerKind.OVERVIEW


@pytest.mark.parametrize(
    ("question", "subjects"),
    [
        ("số đoàn viên với tỷ lệ doanh nghiệp có công đoàn TP.HCM 2025", {"members_total", "unionised_enterprises"}),
        ("tổng đoàn viên + thỏa ước TP.HCM 2030", {"members_total", "collective_agreement"}),
        ("Bảo Lộc: ưu đãi, quà cáp, văn nghệ mỗi thứ mấy", {"partner_benefits", "hardship_visits", "culture_sport"}),
        ("đối thoại với đoàn viên Bảo Lộc mấy phần trăm", {"workplace_dialogue"}),
    ],
)
def test_every_subject_named_is_told(question: str, subjects: set[str]) -> None:
    assert {group.subject for group in load_adviser().ask(question).groups} == subjects


@given(st.text(max_size=60))
def test_any_text_is_read(text: str) -> None:
    find_list(text)
