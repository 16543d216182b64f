"""Reports of the quarterly form as officers write them, and what never becomes a sure figure."""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.forms import QUARTERLY_FORM, get_form, load_forms
from knowledge.model.periods import Period
from knowledge.model.units import UnitKind
from knowledge.reports import ReportText, parse_report
from knowledge.reports.choosing import find_reports
from knowledge.text import fold
from tests.examples import examples

TODAY = date(2027, 1, 5)
QUARTER = Period.parse("2026-Q4")
PRIVATE = get_form(QUARTERLY_FORM).asked_of(UnitKind.PRIVATE)
FORMS = load_forms()
SAID = [
    json.loads(line)
    for line in (Path(__file__).parents[2] / "data" / "quarter-said.jsonl").read_text().splitlines()
    if line
]


def read(text: str) -> ReportText:
    """The message as an officer of a private company says it."""
    return parse_report(text, PRIVATE, today=TODAY)


def doubted(reading: ReportText) -> set[str]:
    """The rows that would be asked about."""
    return {each.key for unsure in reading.ambiguous for each in unsure.readings}


def test_messages_as_officers_write_them() -> None:
    """Some three hundred, all told at once where they are read otherwise."""
    wrong = []
    for told in SAID:
        reading = read(told["text"])
        values = {key: int(value) for key, value in reading.values.items()}
        if told.get("not"):
            wrong += [told["text"]] * reading.is_report
        elif (values, doubted(reading), reading.is_report) != (told["figures"], set(told["ask"]), True):
            wrong.append(f"{told['text']}\n  {values}, asked {doubted(reading)}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("said", "told", "asked"),
    [
        ("đối thoại 4 cuộc, tư vấn tầm 30 lượt", {"dialogues": 4}, {"consulted"}),
        (
            "thỏa ước phải ký, ký rồi mà hình như hết hạn. đối thoại 4",
            {"agreement_due": 1, "dialogues": 4},
            {"agreements"},
        ),
        ("đối thoại quý này 1 cuộc, tư vấn 5", {"consulted": 5}, {"dialogues"}),
        ("giới thiệu Đảng cả năm 6 người, tư vấn 5", {"consulted": 5}, {"party_introduced"}),
        ("1 vụ việc, công đoàn tham gia 2 vụ, tư vấn 5", {"consulted": 5}, {"legal_cases", "legal_supported"}),
        ("tư vấn nam 30, nữ 50, tổng 90 lượt. Đảng 2", {"party_introduced": 2}, {"consulted"}),
        ("đối thoại 4, tư vấn 10 hay 12 lượt", {"dialogues": 4}, {"consulted"}),
    ],
)
def test_what_is_shaken_is_asked_about(said: str, told: dict[str, int], asked: set[str]) -> None:
    reading = read(said)
    assert {key: int(value) for key, value in reading.values.items()} == told
    assert doubted(reading) == asked


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("theo Nghị định 145/2020/NĐ-CP đã đối thoại 2 cuộc, tư vấn 5", {"dialogues": 2, "consulted": 5}),
        ("em Hoa 0912 345 678, tư vấn 5, Đảng 1", {"consulted": 5, "party_introduced": 1}),
        ("tư vấn 5 (quý trước 12), Đảng 1", {"consulted": 5, "party_introduced": 1}),
        ("quý sau dự kiến tư vấn 40 lượt, quý này 5 lượt, Đảng 1", {"consulted": 5, "party_introduced": 1}),
        ("tư vấn 40 lượt, à quên 42 lượt mới đúng, Đảng 1", {"consulted": 42, "party_introduced": 1}),
        ("tư vấn 25 (tăng 5 so với quý trước), Đảng 1", {"consulted": 25, "party_introduced": 1}),
        ("đối thoại 5 chứ không phải 4, Đảng 1", {"dialogues": 5, "party_introduced": 1}),
        ("thỏa ước ký năm 2024 hạn 3 năm, Đảng 1", {"agreements": 1, "party_introduced": 1}),
    ],
)
def test_numbers_of_other_things_are_no_figures(said: str, told: dict[str, int]) -> None:
    reading = read(said)
    assert {key: int(value) for key, value in reading.values.items()} == told
    assert not reading.ambiguous


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("không thuộc diện ký thỏa ước vì công ty có 8 lao động, tư vấn 3", {"agreement_due": 0, "consulted": 3}),
        ("do chỉ có 4 nữ nên chưa lập ban nữ công, tư vấn 3", {"womens_boards": 0, "consulted": 3}),
        ("đối thoại do công ty tổ chức 4 cuộc, tư vấn 3", {"dialogues": 4, "consulted": 3}),
        ("đối thoại chỉ 2 cuộc vì quý 3 nghỉ 1 tháng, tư vấn 3", {"dialogues": 2, "consulted": 3}),
    ],
)
def test_a_reason_says_nothing_of_its_own(said: str, told: dict[str, int]) -> None:
    reading = read(said)
    assert {key: int(value) for key, value in reading.values.items()} == told
    assert not reading.ambiguous


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("vụ việc 0 vì có 1 vụ phường đã nhận, tư vấn 3", {"legal_cases"}),
        ("tư vấn 40 lượt (bản kia em ghi 45), Đảng 1", {"consulted"}),
        ("tư vấn 25\ntheo file của chị Lan thì 27\nĐảng 1", {"consulted"}),
        ("giới thiệu Đảng 2 mà chi bộ trả lại 1 hồ sơ, tư vấn 3", {"party_introduced"}),
        ("kết nạp Đảng 2 người mà có 1 người hình như từ quý 3, tư vấn 3", {"party_admitted"}),
        ("đối thoại 4 cuộc nhưng 1 cuộc không có biên bản, ko biết tính ko, tư vấn 3", {"dialogues"}),
        ("giới thiệu 3 kết nạp 1. À chờ tí, kết nạp 1 hay 2 nhỉ, tính sao? tư vấn 3", {"party_admitted"}),
        ("đối thoại 3 cuộc, cuộc thứ 4 làm 3/1 thì tính năm nào vậy? tư vấn 3, Đảng 1", {"dialogues"}),
        ("02 đoàn viên ưu tú được đứng vào hàng ngũ của Đảng, tư vấn 3", {"party_introduced", "party_admitted"}),
        ("vụ việc trong quý: 1, tư vấn 3", {"legal_cases"}),
        ("riêng quý 4 đối thoại 1 cuộc, tư vấn 3", {"dialogues"}),
        ("tháng 10 tư vấn 4, tháng 11 tư vấn 3, Đảng 1", {"consulted"}),
        ("hội nghị người lao động tổ chức ngày 4/1/2027, tư vấn 3", {"workers_conference"}),
        ("thỏa ước hết hạn 31/12/2026, tư vấn 3", {"agreements"}),
        ("thỏa ước (v), ban nữ công (x), tư vấn 3", {"womens_boards"}),
        ("tư vấn 2x lượt, Đảng 1", {"consulted"}),
        ("tu van chung 30 nguoi, dang 1", {"consulted"}),
    ],
)
def test_whatever_the_text_shakes_is_asked_about(said: str, asked: set[str]) -> None:
    assert doubted(read(said)) == asked
    assert not set(read(said).values) & asked


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("chưa giới thiệu cũng chưa kết nạp Đảng ai", {"party_introduced": 0, "party_admitted": 0}),
        ("không giới thiệu ai vào Đảng, tư vấn 3", {"party_introduced": 0, "consulted": 3}),
        ("giới thiệu và kết nạp đều bằng 0, Đảng là vậy", {"party_introduced": 0, "party_admitted": 0}),
        ("thỏa ước, ban nữ công: có", {"agreements": 1, "womens_boards": 1}),
        ("chưa có thỏa ước và ban nữ công", {"agreements": 0, "womens_boards": 0}),
        ("bên tôi có cả: thỏa ước, hội nghị", {"agreements": 1, "workers_conference": 1}),
        ("thuộc diện, đã ký; đủ điều kiện, đã lập", dict.fromkeys(("agreement_due", "agreements"), 1)
         | dict.fromkeys(("womens_board_due", "womens_boards"), 1)),
        ("Đối thoại: định kỳ 1, đột xuất 1, theo vụ việc 0, cộng là 2. Tư vấn 3", {"dialogues": 2, "consulted": 3}),
        ("xưởng 1 tư vấn 5, xưởng 2 tư vấn 7. Cộng 12. Đảng 1", {"consulted": 12, "party_introduced": 1}),
        ("tháng 10 tư vấn 4; tháng 11: 3; tổng 7 lượt. Đảng 1", {"consulted": 7, "party_introduced": 1}),
        ("ban nữ công chưa, à rồi, lập hôm 20/10. tư vấn 3", {"womens_boards": 1, "consulted": 3}),
        ("tv 12... à 13 chứ; Đảng 1", {"consulted": 13, "party_introduced": 1}),
        ("tư vấn 15 lượt cho 12 người, Đảng 1", {"consulted": 15, "party_introduced": 1}),
        ("thỏa ước còn hạn đến hai không hai tám, tư vấn ba lượt", {"agreements": 1, "consulted": 3}),
        ("trong quý\ntư vấn 5 lượt\nĐảng 1", {"consulted": 5, "party_introduced": 1}),
        ("CBA yes, women's board no, dialogue 4", {"agreements": 1, "womens_boards": 0, "dialogues": 4}),
        ("1 vụ việc nhưng công đoàn không tham gia", {"legal_cases": 1, "legal_supported": 0}),
    ],
)  # fmt: skip
def test_one_saying_for_several_rows_and_several_for_one(said: str, told: dict[str, int]) -> None:
    reading = read(said)
    assert {key: int(value) for key, value in reading.values.items()} == told
    assert not reading.ambiguous


def test_of_the_first_quarter_the_figure_is_that_of_the_year_so_far() -> None:
    first = parse_report("quý 1: vụ việc trong quý: 1, tư vấn 3", PRIVATE, today=date(2027, 4, 5))
    assert {key: int(value) for key, value in first.values.items()} == {"legal_cases": 1, "consulted": 3}


def test_rows_that_are_named_come_before_figures_by_their_places() -> None:
    (found,) = find_reports("nhận 3 vụ, 2 vụ có công đoàn ra tòa cùng, 1 vụ tự hòa giải. tv 15", FORMS, TODAY)
    assert found.form.id == QUARTERLY_FORM


@pytest.mark.parametrize("told", SAID, ids=lambda told: fold(told["text"])[:40])
def test_composed_or_not_a_message_says_the_same(told: dict[str, str]) -> None:
    assert read(unicodedata.normalize("NFD", told["text"])).values == read(told["text"]).values


def test_answers_in_the_order_of_the_form_are_shown_to_be_looked_over() -> None:
    in_lines = read(
        "1. có\n2. ký lại hồi tháng 9\n3. 5 cuộc\n4. rồi\n5. đủ\n6. chưa\n7. 2 ng\n8. 0\n9. 12\n10. 1 vụ\n11. 1"
    )
    in_a_row = read("1 1 5 1 1 0 2 0 12 1 1")
    assert in_lines.values == in_a_row.values
    assert [int(value) for value in in_a_row.values.values()] == [1, 1, 5, 1, 1, 0, 2, 0, 12, 1, 1]
    assert in_lines.positional
    assert in_a_row.positional
    assert not read("1 1 5 1 1").is_report


@pytest.mark.parametrize(
    ("said", "period"),
    [
        ("tư vấn quý 3 là 30 lượt, quý 4 được 45 lượt, Đảng 1", QUARTER),
        ("báo cáo quý 3/2026: tư vấn 30 lượt, Đảng 1", QUARTER.shifted(-1)),
        ("hội nghị NLĐ xong từ quý 1, tư vấn 5", None),
        ("tư vấn 25 lượt, quý 3 là 20 lượt, đối thoại 4", None),
    ],
)
def test_a_quarter_that_only_compares_is_not_the_one_reported(said: str, period: Period | None) -> None:
    assert read(said).period == period


def test_one_row_alone_is_no_report_unless_it_names_one() -> None:
    assert not find_reports("tư vấn pháp luật 12 lượt", FORMS, TODAY)
    (named,) = find_reports("báo cáo quý 4: tư vấn pháp luật 12 lượt", FORMS, TODAY)
    assert named.form.id == QUARTERLY_FORM


# --- Properties ---

_NAMES = [name for row in PRIVATE.asked for name in (row.short, *row.aliases[:3])]
_NUMBERS = ["3", "12", "04", "1.250", "mười lăm", "45", "2026", "7"]
_AROUND = [
    "cuộc", "lượt", "người", "vụ", "quý 4", "cả năm", "quý trước", "năm ngoái", "ngày 15/3", "145/2020/NĐ-CP",
    "khoảng",
    "chắc", "à nhầm", "không phải", "mới đúng", "tổng", "trong đó", "và", "hay", "là", ":", ",", ".", "\n", "(", ")",
    "+",
    "dự kiến", "quý sau", "0912345678", "tăng", "%", "còn", "mà", "em chưa rõ", "cả", "thêm",
]  # fmt: skip
_SAYS = ["có", "rồi", "chưa", "không", "không có", "hết hạn", "còn hạn", "đã lập", "x", "phải ký", "đủ điều kiện"]
_PIECES = st.lists(st.sampled_from(_NAMES + _NUMBERS * 3 + _AROUND + _SAYS), min_size=2, max_size=14)
_MEANT = {"mười lăm": 15}


def numbers_in(pieces: list[str]) -> set[int]:
    """Every number that stands in a message; those that are put together of several are not among them."""
    written = {int(digits.replace(".", "")) for digits in re.findall(r"\d+(?:\.\d{3})*", " ".join(pieces))}
    return written | {number for word, number in _MEANT.items() if word in pieces}


@given(_PIECES)
@settings(max_examples=examples(300), deadline=None)
def test_no_figure_is_made_up(pieces: list[str]) -> None:
    reading = read(" ".join(pieces))
    for key, value in reading.values.items():
        row = PRIVATE.get_indicator(key)
        assert value in {Decimal(0), Decimal(1)} if row.yes_no else value in {0, *numbers_in(pieces)}
    assert not set(reading.values) & doubted(reading)


@given(st.text(max_size=80), st.sampled_from(SAID))
@settings(max_examples=examples(100), deadline=None)
def test_any_text_beside_a_report_is_taken(noise: str, told: dict[str, str]) -> None:
    keys = {row.key for row in PRIVATE.asked}
    for text in (f"{noise} {told['text']}", f"{told['text']}\n{noise}", noise):
        assert set(read(text).values) <= keys
