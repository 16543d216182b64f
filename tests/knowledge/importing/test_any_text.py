"""Whatever is done to a plan's text that leaves its meaning, its facts stay; and no text is an accident."""

from __future__ import annotations

import random
import re
import textwrap
import unicodedata
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.importing.figures import find_numbers
from knowledge.importing.lines import Line, read_lines, without_page_numbers
from knowledge.importing.model import PlanReading, ReadTarget
from knowledge.importing.plain_text import document_of_text
from knowledge.importing.reading import read_plan
from knowledge.importing.shadow import compose, shadow
from tests.examples import examples

PLAN = (Path(__file__).parents[1] / "data" / "read-plans" / "song-lam.txt").read_text(encoding="utf-8")
FACTS = {
    (Decimal(80), None, ">=", "%", "annual"),
    (Decimal(65), None, ">=", "%", "annual"),
    (Decimal(100), None, "=", "%", "annual"),
    (Decimal(3000), Decimal(3500), "range", "doan vien", "annual"),
    (Decimal(25), None, ">=", "cong doan co so", "annual"),
    (Decimal(92500), None, "=", "doan vien", "2025"),
    (Decimal(75), None, ">=", "%", "2025"),
    (Decimal(110000), None, "=", "doan vien", "2030"),
    (Decimal(85), None, ">", "%", "2030"),
}


def read(text: str) -> PlanReading:
    return read_plan(document_of_text(text))


def key(target: ReadTarget) -> tuple[Decimal | None, Decimal | None, str, str, str | None]:
    return target.value, target.value_max, target.comparator.value, shadow(target.unit or ""), target.horizon


def facts(reading: PlanReading) -> set[tuple[Decimal | None, Decimal | None, str, str, str | None]]:
    return {key(target) for target in reading.targets}


def without_marks(text: str) -> str:
    bare = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in bare if not unicodedata.combining(letter))


def wrapped(text: str, width: int) -> str:
    return "\n".join(
        "\n".join(textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False))
        for line in text.split("\n")
    )


def assert_same(text: str) -> None:
    reading = read(text)
    assert facts(reading) == FACTS
    assert [str(deadline.due) for deadline in reading.deadlines if deadline.due] == ["2025-12-19"]
    assert not [left.number for left in reading.left_over]


def test_the_plan_as_it_is() -> None:
    assert_same(PLAN)


@pytest.mark.parametrize("change", [without_marks, str.upper, lambda text: unicodedata.normalize("NFD", text)])
def test_marks_capitals_and_composition_cost_nothing(change) -> None:  # type: ignore[no-untyped-def]
    assert_same(change(PLAN))


@settings(max_examples=examples(60), deadline=None)
@given(st.integers(38, 140))
def test_cut_at_any_width(width: int) -> None:
    assert_same(wrapped(PLAN, width))


@settings(max_examples=examples(60), deadline=None)
@given(st.lists(st.integers(8, 24), min_size=1, max_size=4, unique=True), st.sampled_from(["{}", "- {} -", "Trang {}"]))
def test_page_numbers_anywhere(places: list[int], form: str) -> None:
    lines = wrapped(PLAN, 90).split("\n")
    for page, place in sorted(enumerate(sorted(places), 1), reverse=True):
        lines.insert(place, form.format(page + 1))
    assert_same("\n".join(lines))


_PIECES = st.sampled_from(
    [
        *("- ", "1. ", "II. ", "a) ", "1.2. ", "Phấn đấu ", "đến năm 2025 ", "hằng năm ", "80% ", "1.500 - 2.000 "),
        *("đoàn viên ", "trở lên", "; ", ". ", "\n", "từ ", "xuống ", "ít nhất ", "CĐCS ", "(", ")", "|", "\t", "*"),
        *("trước ngày 31/12/2025", "3/2", "ngày 45/13/2025", "99.999.999.999.999.999.999 ", "năm ", "Số: ", "TM. "),
        *("KẾ HOẠCH\n", "Nơi nhận:", "%", "½", "²", "٣", "một trăm phần trăm ", "chỉ tiêu\n", "quý V/2025 "),
        *("tháng 13/2025 ", "báo cáo "),
    ]
)


@settings(max_examples=examples(250), deadline=None)
@given(st.one_of(st.text(max_size=300), st.lists(_PIECES, max_size=60).map("".join)))
def test_any_text_is_read_and_every_figure_stands_in_its_quote(text: str) -> None:
    reading = read(text)
    lines = without_page_numbers(read_lines(document_of_text(text)))
    texts = (text, "".join(line.text for line in lines if isinstance(line, Line)))
    whole = " ".join(re.sub(r"[\W_]+", "", shadow(compose(each))) for each in texts)
    for target in reading.targets:
        if target.value is not None:
            assert (
                any(
                    number.value == target.value or number.value * 10**3 <= target.value
                    for number in find_numbers(shadow(target.quote))
                )
                or "phan tram" in shadow(target.quote)
                or re.search(r"it nhat|toi thieu|khong duoi", shadow(target.quote))
            )
        assert re.sub(r"[\W_]+", "", shadow(target.quote)) in whole
    counts = reading.accounts
    assert counts.numbers == counts.in_facts + counts.in_references + counts.left_over
    assert counts.left_over == len(reading.left_over)


_MISTAKEN = {
    "a": "o", "o": "a", "e": "c", "c": "e", "n": "u", "u": "n", "m": "rn", "l": "1", "i": "l", "h": "b", "g": "q",
    "đ": "d", "t": "f", "r": "n", "ư": "u", "ở": "ò", "ê": "é", "á": "â", "ạ": "a", "ộ": "ô", "O": "0", "S": "5",
}  # fmt: skip


@pytest.mark.parametrize("share", [0.003, 0.01, 0.05])
def test_letters_swapped_as_scanning_does_never_make_a_sure_fact_wrong(share: float) -> None:
    for seed in range(60):
        chance = random.Random(seed)
        text = "".join(_MISTAKEN.get(each, each) if chance.random() < share else each for each in PLAN)
        wrong = [target for target in read(text).targets if target.doubt is None and key(target) not in FACTS]
        assert not wrong, f"{seed}: {wrong[0].quote}"
