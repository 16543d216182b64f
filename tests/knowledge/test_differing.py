"""The difference of two figures: told exactly where it is asked for, and only of what can be compared."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.road.reply import to_plain
from bot.words import answers
from knowledge.answer import load_adviser
from knowledge.differing import find_difference
from knowledge.model.answers import Answer, AnswerKind, Fact, Group
from knowledge.model.plans import ANNUAL, Comparator, Target
from knowledge.model.questions import Question
from tests.knowledge.made import AGREEMENTS, plan_of, target

ASKED = Question(text="chênh nhau bao nhiêu", subjects=(AGREEMENTS,), cues=frozenset({"apart"}))
EARLIER, LATER = target(AGREEMENTS, 70, "2028"), target(AGREEMENTS, 75, "2030")


def told(*targets: Target, question: Question = ASKED) -> Answer:
    plan = plan_of("Lâm Sơn", (2026, 2030), *targets)
    facts = tuple(Fact(plan=plan, target=each) for each in targets)
    group = Group(subject=AGREEMENTS, name="Thỏa ước", facts=facts)
    return Answer(kind=AnswerKind.TARGETS, question=question, groups=(group,))


def first_line(question: str) -> str:
    return to_plain(answers.answer(load_adviser().ask(question))).splitlines()[0]


@pytest.mark.parametrize(
    ("asked", "line"),
    [
        (
            "đoàn viên Công Thương năm 2030 so với 2023 tăng bao nhiêu",
            "Tăng 6.400 đoàn viên (158.000 − 151.600).",
        ),
        (
            "tranh tụng của Công Thương từ 2025 tới 2030 nhích lên mấy",
            "Mức tối thiểu tăng 5 điểm phần trăm (80 − 75).",
        ),
        (
            "tu 2023 sang 2030 cong thuong tang them bao nhieu doan vien",
            "Tăng 6.400 đoàn viên (158.000 − 151.600).",
        ),
        ("học nghị quyết Bảo Lộc với Công Thương chênh mấy", "Chênh nhau 5 điểm phần trăm (75 − 70)."),
        (
            "đối thoại Công Thương trong nhà nước và ngoài nhà nước chênh nhau mấy",
            "Chênh nhau 20 điểm phần trăm (90 − 70).",
        ),
    ],
)
def test_a_difference_that_is_asked_for_is_told_first(asked: str, line: str) -> None:
    assert first_line(asked) == line


@pytest.mark.parametrize(
    "asked",
    [
        "đoàn viên Công Thương 2023 và 2025 là bao nhiêu",
        "thiết chế công đoàn TP.HCM 2030 mấy phần trăm, 2045 mấy phần trăm",
        "thỏa ước Quảng Trị 2025 với 2045 chênh nhau bao nhiêu",  # at least 80 %, and just 100 %
    ],
)
def test_no_difference_is_told_unasked_or_of_bounds_that_differ(asked: str) -> None:
    said = to_plain(answers.answer(load_adviser().ask(asked)))
    assert "−" not in said


def test_what_cannot_be_compared_has_no_difference() -> None:
    assert find_difference(told(EARLIER, LATER)) is not None
    for changes in (
        {"unit": "doanh nghiệp", "figure": "từ 75 doanh nghiệp trở lên"},
        {"comparator": Comparator.EXACTLY},
        {"comparator": Comparator.AT_MOST},
        {"population": "doanh nghiệp nhà nước"},
        {"each_year": True},
        {"comparator": Comparator.RANGE, "value_max": Decimal(80), "figure": "75% – 80%"},
        {"comparator": Comparator.QUALITATIVE, "value": None, "unit": None, "figure": "hầu hết"},
    ):
        assert find_difference(told(EARLIER, msgspec.structs.replace(LATER, **changes))) is None, changes
    assert find_difference(told(EARLIER)) is None
    assert find_difference(told(EARLIER, LATER, target(AGREEMENTS, 80, ANNUAL))) is None


def test_two_years_set_against_each_other_ask_for_it_and_one_does_not() -> None:
    against = msgspec.structs.replace(ASKED, cues=frozenset({"against"}))
    assert find_difference(told(EARLIER, LATER, question=against)) is None
    both = msgspec.structs.replace(against, years=(2028, 2030))
    assert find_difference(told(EARLIER, LATER, question=both)) is not None


@given(st.integers(0, 100), st.integers(0, 100))
def test_a_difference_goes_from_the_earlier_year_to_the_later(one: int, other: int) -> None:
    earlier, later = target(AGREEMENTS, one, "2028"), target(AGREEMENTS, other, "2030")
    found = find_difference(told(later, earlier))
    assert found is not None
    assert found.over_time
    assert found.amount == other - one
    line = to_plain(answers.answer(told(later, earlier))).splitlines()[0]
    grown = f"Mức tối thiểu {'tăng' if other > one else 'giảm'} {abs(other - one)} điểm phần trăm"
    assert line.startswith(grown) == (one != other)
