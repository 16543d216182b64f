"""Deadlines as officers word them: what they come to, what is asked about, and what may not change either."""

from __future__ import annotations

import json
import unicodedata
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.calendar.deadlines import title_of, understood_deadline
from knowledge.text import fold
from tests.examples import examples

DATA = Path(__file__).parents[1] / "data"
TITLE = "Nộp danh sách"
TODAY = date(2026, 11, 3)


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (DATA / name).read_text("utf-8").splitlines() if line.strip()]


ROWS = [*rows("deadlines.jsonl"), *rows("deadlines-more.jsonl")]
SURE = [row for row in ROWS if not row["ask"]]


def understood(text: str, today: str) -> tuple[str, list[str], bool]:
    found = understood_deadline(text, date.fromisoformat(today))
    return found.what, [day.isoformat() for day in found.next], found.ask


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["text"])
def test_a_deadline_comes_to_its_dates_or_is_asked_about(row: dict[str, Any]) -> None:
    what, following, ask = understood(f"{TITLE}: {row['text']}", row["today"])
    assert what == TITLE
    assert ask is row["ask"]
    assert following == row["next"]


@pytest.mark.parametrize("row", rows("deadlines-field.jsonl"), ids=lambda row: row["text"])
def test_deadlines_from_the_field_are_right_or_asked_about(row: dict[str, Any]) -> None:
    what, following, ask = understood(row["text"], row["today"])
    if row.get("ask"):
        assert ask
    if "what" in row:
        assert (what, ask) == (row["what"], False)
    if "next" in row:
        assert ask or following == row["next"]


@settings(deadline=None, max_examples=examples(120))
@given(
    st.sampled_from(SURE),
    st.sampled_from(
        [
            "{} nhé",
            "{} ạ",
            "dạ {} giúp em",
            "{} nghen mấy chị",
            "{}, cho kịp tổng hợp",
            "{} để kịp gửi cấp trên",
            "{} nha",
        ]
    ),
    st.sampled_from([str, str.upper, fold, lambda text: unicodedata.normalize("NFD", text)]),
)
def test_courtesies_reasons_capitals_and_marks_change_nothing(row: dict[str, Any], around: str, typed: Any) -> None:
    text = around.format(row["text"])
    _, following, ask = understood(f"{TITLE}: {typed(text)}", row["today"])
    assert ask or following == row["next"]


@pytest.mark.parametrize("around", ["{} nhé", "{} ạ", "{}, cho kịp tổng hợp", "{} để kịp gửi cấp trên"])
def test_particles_and_reasons_are_no_cause_to_ask(around: str) -> None:
    asked = [row["text"] for row in SURE if understood(f"{TITLE}: {around.format(row['text'])}", row["today"])[2]]
    assert len(asked) <= len(SURE) // 100


@pytest.mark.parametrize(
    ("text", "what", "following"),
    [
        ("nộp hồ sơ ngày 20/12", "nộp hồ sơ", ["2026-12-20"]),
        ("nop ho so ngay 20/12", "nop ho so", ["2026-12-20"]),
        ("Nộp biểu số 3 vào ngày 15/12 ạ", "Nộp biểu số 3", ["2026-12-15"]),
        ("Nộp kinh phí 2% ngày 25/11", "Nộp kinh phí 2%", ["2026-11-25"]),
        ('Rà soát "thẻ đoàn viên" [đợt 2] ngày 20/11', 'Rà soát "thẻ đoàn viên" [đợt 2]', ["2026-11-20"]),
        ("Gửi danh sách (mẫu 02) trước 17h ngày 20/11 nhé", "Gửi danh sách (mẫu 02)", ["2026-11-20"]),
        ("Trước 15/12 gửi báo cáo tổng kết năm", "gửi báo cáo tổng kết năm", ["2026-12-14"]),
        ("Nộp báo cáo tháng 10 trước ngày 5/11", "Nộp báo cáo tháng 10", ["2026-11-04"]),
        ("Thi đua 20/11: nộp trước ngày 15/11", "Thi đua 20/11", ["2026-11-14"]),
        ("Nộp quỹ Tết: 20/12", "Nộp quỹ Tết", ["2026-12-20"]),
    ],
)
def test_a_title_is_whole(text: str, what: str, following: list[str]) -> None:
    assert understood(text, TODAY.isoformat()) == (what, following, False)


@pytest.mark.parametrize(
    "text",
    [
        "Nộp danh sách khoảng ngày 20/11",
        "Nộp danh sách không phải ngày 20/11",
        "Nộp danh sách sau khi họp xong, ngày 20/11",
        "hằng tháng nộp báo cáo đoàn viên ngày 20",
        "Nộp hồ sơ: ngày 20 hằng tháng, 25 hằng quý",
        "Gửi biên bản họp ngày 1/11 trước ngày 10/11",
        "Nộp quỹ: mỗi tháng 3 lần",
        "Nộp quỹ: thứ sáu đầu tháng trừ tháng Tết",
        "Nộp báo cáo",
        "Nộp quỹ: trước ngày 15/10",
    ],
)
def test_what_is_not_understood_is_asked_about_and_not_moved_into_the_title(text: str) -> None:
    found = understood_deadline(text, TODAY)
    assert found.ask
    assert found.next == ()


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Nộp danh sách khoảng ngày 20/11", "Nộp danh sách"),
        ("Nộp quỹ: sau ngày 15 hằng tháng", "Nộp quỹ"),
        ("Nộp báo cáo (mẫu 02)", "Nộp báo cáo (mẫu 02)"),
        ("Nộp quỹ: mỗi năm: 30/2", "Nộp quỹ"),
        ("hằng tháng nộp báo cáo ngày 20", "hằng tháng nộp báo cáo ngày 20"),
    ],
)
def test_the_title_of_what_is_asked_about_holds_no_time(text: str, title: str) -> None:
    assert title_of(text) == title


@settings(deadline=None, max_examples=examples(150))
@given(
    st.text(max_size=80)
    | st.lists(st.sampled_from([word for row in ROWS for word in row["text"].split()]), max_size=12).map(" ".join)
)
def test_no_text_breaks_the_reader(text: str) -> None:
    for whole in (text, f"{TITLE}: {text}"):
        found = understood_deadline(whole, TODAY)
        assert list(found.next) == sorted(set(found.next))
        assert found.ask or (found.what and found.next)


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("ngày 12 tháng 9, chủ tịch dặn kỹ đó", "2026-09-12"),
        ("25.11 nha", "2026-11-25"),
        ("ngày 18 này", "2026-09-18"),
    ],
)
def test_a_clause_that_names_no_time_changes_no_date(text: str, on: str) -> None:
    assert understood(f"{TITLE}: {text}", "2026-09-07") == (TITLE, [on], False)


@pytest.mark.parametrize(
    "text",
    ["trước 15/12 cho các đơn vị phía nam, phía bắc 20/12", "15/12 cho các CĐCS khối xưởng, khối văn phòng thì 18/12"],
)
def test_a_day_among_those_it_is_for_is_asked_about(text: str) -> None:
    assert understood_deadline(f"Nộp danh sách: {text}", date(2026, 11, 3)).ask
