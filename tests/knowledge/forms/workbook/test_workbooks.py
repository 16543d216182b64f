"""Workbooks that describe forms: those that are well become forms, what is wrong is named with its cell."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from io import BytesIO
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from openpyxl import load_workbook

from knowledge.forms import MONTHLY_FORM, check_report, get_form, load_forms
from knowledge.forms.workbook import (
    FormDoubtKind,
    FormWorkbookError,
    WhyFormRefused,
    decide,
    describes_form,
    list_changes,
    make_form,
    read_form,
    show_rule,
    write_form,
)
from knowledge.forms.workbook.expressions import Relation, Sum, read_relation, read_sum
from knowledge.forms.workbook.heading import make_code, read_day, read_units
from knowledge.forms.workbook.writing import name_period, write_day
from knowledge.glossary import load_glossary
from knowledge.model.form_dates import MonthDay
from knowledge.model.forms import FigureKind, Form, MeasureKind, RuleKind, Severity
from knowledge.model.periods import Period, PeriodKind
from knowledge.model.units import GRASSROOTS_KINDS, UnitKind
from knowledge.spreadsheets.cells import make_row, write_value
from knowledge.spreadsheets.model import Sheet, SheetHead
from tests.examples import examples
from tests.knowledge.forms.workbook import made
from tests.knowledge.forms.workbook.made import BROKEN, COLUMNS, GOOD, HEAD, described, sheets_of, simple

GLOSSARY = load_glossary()


def refusals(content: bytes) -> list[tuple[str, WhyFormRefused, str]]:
    """What is wrong with a file: cell, why, what it says."""
    with pytest.raises(FormWorkbookError) as refused:
        described(content)
    return [(each.cell, each.why, each.said) for each in refused.value.refusals]


def head_with(**values: object) -> list[made.Line]:
    """The head with other values, by the place of the line; None leaves it out."""
    places = {"title": 0, "short": 1, "period": 2, "opens": 3, "due": 4, "owed_by": 5}
    lines = [list(line) for line in HEAD]
    for name, value in values.items():
        lines[places[name]][1] = value
    return [line for line in lines if line[1] is not None]


# --- The twelve ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form_id", GOOD)
def test_a_good_workbook_becomes_a_form(form_id: str) -> None:
    found = described(GOOD[form_id]())
    assert found.id == form_id
    assert found.doubts == ()
    form = make_form(found)
    assert form.id == form_id
    # Written out and read again it is the same.
    again = make_form(described(write_form(form, GLOSSARY)))
    assert again == form


@pytest.mark.parametrize(
    ("broken", "cell", "why"),
    [
        ("merged_head", "A7", WhyFormRefused.MERGED_HEAD),
        ("missing_row", "A12", WhyFormRefused.MISSING_ROW),
        ("circle", "D8", WhyFormRefused.CIRCLE),
        ("number_twice", "A10", WhyFormRefused.NUMBER_TWICE),
        ("no_period", "A6", WhyFormRefused.NO_PERIOD),
    ],
)
def test_a_broken_workbook_is_refused_with_the_cell(broken: str, cell: str, why: WhyFormRefused) -> None:
    assert (cell, why) in [found[:2] for found in refusals(BROKEN[broken]())]


def test_the_layout_of_the_guide_is_understood_whole() -> None:
    form = make_form(described(made.women_monthly()))
    assert (form.title, form.short, form.period) == (
        "Báo cáo công tác nữ công hằng tháng",
        "Nữ công tháng",
        PeriodKind.MONTH,
    )
    assert form.owed_by == GRASSROOTS_KINDS
    assert form.calendar is not None
    assert form.calendar.due == MonthDay(day=5, months=1)
    assert form.since == "2026-10"
    assert [row.key for row in form.asked] == ["i1", "i2", "i4"]
    assert form.get_indicator("i3").derived == ("+i1", "-i2")
    assert form.get_indicator("i4").kind is FigureKind.MONEY
    broken = {"i1": Decimal(10), "i2": Decimal(12)}
    [bound] = check_report(form, broken, None)
    assert bound.sentence == "Nữ đoàn viên (12) không thể nhiều hơn lao động nữ (10)."
    [_, sum_] = check_report(form, broken | {"i3": Decimal(5)}, None)
    assert sum_.sentence == ("“Chưa vào công đoàn” (5) phải bằng “Lao động nữ” (10) − “Nữ đoàn viên” (12), tức là -2.")


def test_columns_may_stand_in_any_order_and_rows_measure_subjects() -> None:
    form = make_form(described(made.advice_quarterly()))
    assert form.calendar is not None
    assert form.calendar.due == MonthDay(day=10, months=1)  # before the 11th
    assert form.calendar.locks == MonthDay(day=31, months=1)
    assert UnitKind.PUBLIC not in form.owed_by
    [measure] = form.measures
    assert (measure.indicator, measure.kind, measure.keys) == ("workplace_dialogue", MeasureKind.FLOW, ("i1",))
    assert form.get_indicator("i2").derived == ("+i2_1", "+i2_2")
    assert [show_rule(form, rule) for rule in form.rules] == ["2.2 ≤ 2"]


def test_sub_rows_need_no_numbers_and_rules_may_have_a_sheet_of_their_own() -> None:
    form = make_form(described(made.safety_half_yearly()))
    assert [(row.key, row.parent) for row in form.indicators if row.parent] == [("i2_1", "i2"), ("i2_2", "i2")]
    assert form.get_indicator("i2_1").name == "Vụ có người chết"
    bound, plausible = form.rules
    assert (bound.kind, bound.left, bound.terms) == (RuleKind.UPPER_BOUND, "i2", ("+i2_1", "+i2_2"))
    assert (plausible.kind, plausible.share, plausible.tolerance) == (
        RuleKind.PLAUSIBLE_CHANGE,
        Decimal("0.5"),
        Decimal(100),
    )
    assert plausible.severity is Severity.NOTICE
    assert plausible.sentence == "Kinh phí là {i3}, kỳ trước {previous}."


def test_a_year_has_parts_and_a_share_of_another_row() -> None:
    form = make_form(described(made.emulation_yearly()))
    assert [(part.number, part.title) for part in form.parts] == [("I", "Phong trào"), ("II", "Khen thưởng")]
    assert form.since == "2026"
    [measure] = form.measures
    assert (measure.kind, measure.keys, measure.whole, measure.units) == (MeasureKind.SHARE, ("i2",), "i1", ("%",))
    assert form.get_indicator("i4a").name == "Của Tổng Liên đoàn"


def test_a_campaign_has_no_dates_and_headings_hold_no_figures() -> None:
    form = make_form(described(made.housing_campaign()))
    assert (form.calendar, form.owed_by, form.since) == (None, frozenset(), None)
    assert form.get_indicator("i2").heading
    assert [row.key for row in form.asked] == ["i1", "i2_1", "i2_2", "i3"]


def test_rows_without_numbers_are_numbered_and_a_signature_is_no_row() -> None:
    form = make_form(described(made.staff_monthly_above()))
    assert [row.no for row in form.indicators] == ["1", "2", "2", "3"]
    assert form.get_indicator("i1").carry_over == "i1"
    assert form.get_indicator("i2_1").optional
    assert not form.owed_by & GRASSROOTS_KINDS


def test_a_sum_of_sums_is_written_out_over_what_is_asked_for() -> None:
    form = make_form(described(made.funds_quarterly_two_sheets()))
    assert form.get_indicator("i4").derived == ("+i2_1", "+i2_2", "-i3")
    [rule] = form.rules
    assert rule.kind is RuleKind.CARRY_OVER
    # The row on the hidden sheet is none of them.
    assert [row.key for row in form.indicators] == ["i1", "i2", "i2_1", "i2_2", "i3", "i4"]


NUMBERED = ["STT", "Nội dung", "ĐVT"]


@pytest.mark.parametrize(
    ("lines", "refs"),
    [
        ([["STT", "Chỉ tiêu", "ĐVT"], ["(1)", "(2)", "(3)"], [1, "Lao động", "người"]], ["1"]),
        ([NUMBERED, ["A", "B", 1], ["01", "Lao động", "người"], ["02.", "Nữ", "người"]], ["1", "2"]),
        ([NUMBERED, [1, "Lao động", "người"], [1.1, "Nữ", "người"], ["a)", "Nam", "người"]], ["1", "1.1", "1a"]),
        ([NUMBERED, [None, "I. PHẦN MỘT"], [1, "Lao động", "người"], ["-", "Nữ", "người"]], ["1", "1.1"]),
        ([["Nội dung", "ĐVT"], ["Lao động", "người"], ["+ Nữ", "người"], ["Đoàn viên", "người"]], ["1", "1.1", "2"]),
    ],
)
def test_numbers_as_people_write_them(lines: list[made.Line], refs: list[str]) -> None:
    assert [row.ref for row in described(simple(*lines)).rows] == refs


# --- What is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "cell", "why"),
    [
        ({"period": "hai tuần"}, "B3", WhyFormRefused.UNKNOWN_PERIOD),
        ({"opens": "ngày 40"}, "B4", WhyFormRefused.UNKNOWN_DAY),
        ({"due": "sớm nhất"}, "B5", WhyFormRefused.UNKNOWN_DAY),
        ({"due": "ngày 5"}, "B5", WhyFormRefused.DUE_BEFORE_OPENS),
        ({"owed_by": "các phòng ban"}, "B6", WhyFormRefused.UNKNOWN_UNITS),
        ({"title": None}, "A6", WhyFormRefused.NO_TITLE),
        ({"due": None}, "A6", WhyFormRefused.NO_DAY),
        ({"owed_by": None}, "A6", WhyFormRefused.NO_UNITS),
        ({"period": "đợt"}, "B4", WhyFormRefused.NOT_FOR_CAMPAIGN),
    ],
)
def test_a_head_that_is_wrong_is_refused_with_the_cell(head: dict[str, Any], cell: str, why: WhyFormRefused) -> None:
    content = simple(["STT", "Nội dung", "ĐVT"], [1, "Lao động", "người"], head=head_with(**head))
    assert (cell, why) in [found[:2] for found in refusals(content)]


@pytest.mark.parametrize(
    ("line", "column", "why"),
    [
        ([2, "Đoàn viên"], "A", WhyFormRefused.NO_MEASURE_UNIT),
        ([2, None, "người"], "A", WhyFormRefused.NO_NAME),
        (["hai", "Đoàn viên", "người"], "A", WhyFormRefused.WRONG_NUMBER),
        (["5.1", "Nữ", "người"], "A", WhyFormRefused.NO_PARENT),
        (["1.1.1", "Nữ", "người"], "A", WhyFormRefused.TOO_DEEP),
        ([2, "Tiền", "nghìn đồng"], "C", WhyFormRefused.WRONG_MONEY_UNIT),
        ([2, "Tiền", "người", None, "tiền"], "C", WhyFormRefused.WRONG_MONEY_UNIT),
        ([2, "Tỉ lệ", "người", None, "tỉ lệ"], "E", WhyFormRefused.WRONG_KIND),
        ([2, "Đoàn viên", "người", "1 chia 2"], "D", WhyFormRefused.WRONG_EXPRESSION),
        ([2, "Đoàn viên", "người", -1], "D", WhyFormRefused.WRONG_EXPRESSION),
        ([2, "Đoàn viên", "người", "1 − 9"], "D", WhyFormRefused.MISSING_ROW),
        ([2, "Đoàn viên", "người", "2 − 1"], "D", WhyFormRefused.CIRCLE),
        ([2, "Tiền", "triệu đồng", "1 + 1"], "D", WhyFormRefused.MIXED_KINDS),
        ([2, "Đoàn viên", "người", None, None, "≤"], "F", WhyFormRefused.WRONG_EXPRESSION),
        ([2, "Đoàn viên", "người", None, None, "≤ 7"], "F", WhyFormRefused.MISSING_ROW),
        ([2, "Đoàn viên", "người", None, None, "2 ≤ 2"], "F", WhyFormRefused.WRONG_EXPRESSION),
        ([2, "Đoàn viên", "người", None, None, None, "Đối thoại", "tỉ lệ trên mục 8"], "H", WhyFormRefused.MISSING_ROW),
        ([2, "Đoàn viên", "người", None, None, None, "Đối thoại", "tỉ lệ trên mục"], "H", WhyFormRefused.NO_WHOLE),
    ],
)
def test_a_row_that_is_wrong_is_refused_with_the_cell(line: made.Line, column: str, why: WhyFormRefused) -> None:
    columns = ["STT", "Nội dung", "ĐVT", "Tự tính", "Loại", "Ràng buộc", "Đo chỉ tiêu", "Cách đo"]
    found = refusals(simple(columns, [1, "Lao động", "người"], line))
    assert (f"{column}9", why) in [each[:2] for each in found]


def test_cells_made_one_over_rows_are_refused() -> None:
    content = simple(COLUMNS, [1, "Lao động", "người"], [None, "Đoàn viên", "người"], merges=("A8:A9",))
    assert refusals(content)[0][:2] == ("A8", WhyFormRefused.MERGED_ROWS)


def test_the_sheet_is_named_where_there_are_several() -> None:
    content = made.pack(
        made.book_of(("Biểu", [*HEAD, COLUMNS, [1, "Lao động", "người"]]), ("Ràng buộc", [["Ràng buộc"], ["1 ≤ 3"]]))
    )
    with pytest.raises(FormWorkbookError) as refused:
        described(content)
    [wrong] = refused.value.refusals
    assert (wrong.sheet, wrong.cell, wrong.said) == ("Ràng buộc", "A2", "3")


def test_a_sentence_names_rows_that_are_there() -> None:
    table = [COLUMNS, [1, "Lao động", "người"], [2, "Đoàn viên", "người"], ["Ràng buộc"]]
    assert refusals(simple(*table, ["2 ≤ 1", "Số {3} sai"]))[0] == ("B11", WhyFormRefused.WRONG_SENTENCE, "3")
    assert refusals(simple(*table, ["2 ≤ 1", "Số {2 sai"]))[0][:2] == ("B11", WhyFormRefused.WRONG_SENTENCE)


def test_what_the_program_is_built_on_is_not_replaced_and_a_version_keeps_the_period() -> None:
    sheets = sheets_of(write_form(get_form(MONTHLY_FORM), GLOSSARY))
    with pytest.raises(FormWorkbookError) as refused:
        read_form(sheets, GLOSSARY, kept={MONTHLY_FORM})
    assert [each.why for each in refused.value.refusals] == [WhyFormRefused.KEPT]
    with pytest.raises(FormWorkbookError) as refused:
        read_form(sheets, GLOSSARY, known={MONTHLY_FORM: PeriodKind.QUARTER})
    assert [each.why for each in refused.value.refusals] == [WhyFormRefused.OTHER_PERIOD]


def test_other_tables_describe_no_form() -> None:
    units = made.pack(made.book_of(("Đơn vị", [["Mã", "Tên", "Loại hình"], ["A", "CĐCS A", "HCSN"]])))
    figures = made.pack(
        made.book_of(("Số liệu", [["STT", "Nội dung", "ĐVT", "Số lượng"], [1, "Lao động", "người", 5]]))
    )
    assert not describes_form(sheets_of(units))
    assert not describes_form(sheets_of(figures))
    assert describes_form(sheets_of(BROKEN["no_period"]()))


_NUMBERS = st.one_of(
    st.none(), st.integers(1, 6), st.sampled_from(["1", "2.1", "2.2", "3a", "b)", "I", "II", "-", "7"])
)
_NAMES = st.sampled_from(
    ["Lao động", "- Nữ", "Trong đó: nam", "Trong đó", "I. Phần một", "Số {thu}", "Tiền “lương” <b>", "Đoàn viên", None]
)
_LINES = st.lists(
    st.tuples(
        _NUMBERS,
        _NAMES,
        st.sampled_from(["người", "triệu đồng", "%", "cuộc", None]),
        st.sampled_from([None, None, "số đếm", "tiền", "tỉ lệ", "lạ"]),
        st.sampled_from([None, None, None, "1 + 2", "= 1 − 2", "tổng các mục con", "2.1 + 2.2", "x"]),
        st.sampled_from([None, None, None, "≤ 1", "2 ≤ 1", "= kỳ trước + 1", "± 30 %", "1 lệch không quá 5 % hoặc 3"]),
        st.sampled_from([None, None, None, "Hội nghị", "Kết nạp", "Không ai biết"]),
        st.sampled_from([None, None, "tại thời điểm", "cộng dồn", "tỉ lệ trên mục 1"]),
        st.sampled_from([None, None, None, None, "mục 1", "có báo mục 1", "mục 2.1 từ 3", "lạ"]),
        st.sampled_from([None, None, "có", "mục 1", "không"]),
        st.sampled_from([None, None, None, "FDI", "DNNN, FDI", "CĐCS"]),
        st.sampled_from([None, None, "có"]),
        st.sampled_from([None, None, None, "có"]),
        st.sampled_from([None, None, "+", "-", "±"]),
    ),
    min_size=1,
    max_size=7,
)
_COLUMNS = (
    *("STT", "Nội dung", "ĐVT", "Loại", "Tự tính", "Ràng buộc", "Đo chỉ tiêu", "Cách đo", "Đếm đơn vị", "Kỳ trước"),
    *("Ai báo", "Có hay chưa", "Không biến động", "Dấu"),
)


_SAID: dict[str, list[str]] = {
    "Tự tính": ["1 + 2", "2 − 1", "tổng các mục con"],
    "Ràng buộc": ["≤ 1", "= 1 − 2", "= kỳ trước + 1", "± 30 % hoặc 5"],
    "Đo chỉ tiêu": ["Kết nạp", "TƯLĐTT", "Không ai biết"],
    "Cách đo": ["cộng dồn", "tại thời điểm", "tỷ lệ trên mục 1"],
    "Đếm đơn vị": ["mục 1", "có báo mục 1", "mục 2 từ 3"],
    "Kỳ trước": ["có", "mục 1"],
    "Ai báo": ["FDI", "DNNN, FDI", "CĐCS"],
    "Có hay chưa": ["có"],
    "Không biến động": ["có"],
    "Dấu": ["+", "-", "±"],
    "Loại": ["lạ"],
}


@st.composite
def _put_together(draw: st.DrawFn) -> list[tuple[Any, ...]]:
    """Rows in order, each with one or two things said of it."""
    lines: list[tuple[Any, ...]] = []
    top = 0
    for place in range(draw(st.integers(2, 6))):
        is_sub = place > 1 and draw(st.booleans())
        top += not is_sub
        said = {"STT": "-" if is_sub else str(top), "Nội dung": f"Mục {place}", "ĐVT": "người"}
        for column in draw(st.lists(st.sampled_from(sorted(_SAID)), max_size=2)):
            said[column] = draw(st.sampled_from(_SAID[column]))
        lines.append(tuple(said.get(column) for column in _COLUMNS))
    return lines


@settings(max_examples=examples(120), deadline=None)
@given(st.one_of(_LINES, _put_together(), _put_together()))
def test_whatever_the_rows_say_they_are_a_form_that_is_read_back_or_refused(lines: list[tuple[Any, ...]]) -> None:
    try:
        found = read_form(sheets_with([*HEAD, _COLUMNS, *lines]), GLOSSARY)
    except FormWorkbookError as refused:
        assert refused.refusals
        return
    while found.doubts:
        found = decide(found, found.doubts[0], found.doubts[0].choices[-1])
    form = make_form(found)
    assert form.asked
    assert make_form(described(write_form(form, GLOSSARY)), [form]) == form


@settings(max_examples=examples(40), deadline=None)
@given(
    st.lists(
        st.lists(
            st.one_of(
                st.none(), st.integers(), st.text(max_size=12), st.sampled_from(["STT", "Nội dung", "ĐVT", "Kỳ"])
            ),
            max_size=6,
        ),
        max_size=12,
    )
)
def test_whatever_a_workbook_says_is_refused_in_order(lines: list[list[Any]]) -> None:
    sheets = sheets_with(lines)
    describes_form(sheets)
    with pytest.raises(FormWorkbookError) as refused:
        read_form(sheets, GLOSSARY)
    assert refused.value.refusals


def sheets_with(lines: Sequence[made.Line]) -> list[Sheet]:
    """A sheet as it is read, without a file."""
    rows = [make_row(number, map(write_value, line)) for number, line in enumerate(lines, 1)]
    return [Sheet(SheetHead("Biểu"), rows)]


# --- Doubts ----------------------------------------------------------------------------------------------------------


def test_what_is_doubtful_is_asked_and_decided_one_by_one() -> None:
    found = described(
        simple(
            ["STT", "Nội dung", "ĐVT", "Loại", "Đo chỉ tiêu"],
            [1, "Số hội nghị", "hội nghị", "số liệu", "Hội nghị"],
            [2, "Số khác", "cuộc", None, "Chỉ tiêu không ai biết"],
        )
    )
    kinds = [(doubt.kind, doubt.row) for doubt in found.doubts]
    assert kinds == [
        (FormDoubtKind.KIND, "1"),
        (FormDoubtKind.SUBJECT, "1"),
        (FormDoubtKind.WAY, "1"),
        (FormDoubtKind.SUBJECT, "2"),
        (FormDoubtKind.WAY, "2"),
    ]
    with pytest.raises(ValueError, match="doubtful"):
        make_form(found)
    assert found.doubts[1].choices == ("officials_conference", "workers_conference", "")
    with pytest.raises(ValueError, match="no such choice"):
        decide(found, found.doubts[1], "members_total")
    for choice in ("money", "workers_conference", "flow"):
        found = decide(found, found.doubts[0], choice)
    found = decide(found, found.doubts[0], "")  # not measured: how is not asked any more
    assert found.doubts == ()
    form = make_form(found)
    assert (form.get_indicator("i1").kind, form.get_indicator("i1").unit) == (FigureKind.MONEY, "triệu đồng")
    assert [(each.indicator, each.kind) for each in form.measures] == [("workers_conference", MeasureKind.FLOW)]


def test_a_subject_is_measured_by_one_row_and_what_is_added_up_is_of_one_kind() -> None:
    lines = ([1, "Mới", "người", "lạ", "Kết nạp", None], [2, "Kết nạp", "người", None, "Kết nạp", None])
    found = described(
        simple(
            ["STT", "Nội dung", "ĐVT", "Loại", "Đo chỉ tiêu", "Tự tính"],
            *lines,
            [3, "Cả hai", "người", None, None, "1 + 2"],
        )
    )
    assert [doubt.choices for doubt in found.doubts] == [("count",), ("level", "flow", ""), ("level", "flow", "")]
    for choice in ("count", "flow", "flow"):
        found = decide(found, found.doubts[0], choice)
    assert [measure.keys for measure in make_form(found).measures] == [("i1",)]


def test_a_rule_is_known_by_what_it_compares_and_stands_once() -> None:
    table = [COLUMNS, [1, "Lao động", "người"], [2, "Đoàn viên", "người"], ["Ràng buộc"]]
    twice = make_form(described(simple(*table, ["2 ≤ 1"], ["1 ≥ 2"], ["1 lệch không quá 5 % so với kỳ trước"])))
    other = make_form(
        described(simple(*table, ["1 lệch không quá 5 % so với kỳ trước"], ["2 = 1"], ["2 ≤ 1"])), [twice]
    )
    assert [rule.kind for rule in twice.rules] == [RuleKind.UPPER_BOUND, RuleKind.PLAUSIBLE_CHANGE]
    assert {rule.id for rule in twice.rules} < {rule.id for rule in other.rules}


# --- Versions --------------------------------------------------------------------------------------------------------


def test_a_row_keeps_its_key_where_it_moves_and_no_key_changes_its_meaning() -> None:
    first = make_form(described(simple(COLUMNS, [1, "Lao động", "người"], [2, "Đoàn viên", "người"])))
    second = make_form(
        described(simple(COLUMNS, [1, "Lao động", "người"], [2, "Kết nạp mới", "người"], [3, "Đoàn viên", "người"])),
        [first],
    )
    assert {row.name: row.key for row in second.indicators} == {
        "Lao động": "i1",
        "Kết nạp mới": "i2_v2",
        "Đoàn viên": "i2",
    }
    added, dropped = list_changes(first, second)
    assert ([row.name for row in added], dropped) == (["Kết nạp mới"], [])
    third = make_form(described(simple(COLUMNS, [2, "Đối thoại", "cuộc"])), [first, second])
    assert [row.key for row in third.indicators] == ["i2_v3"]


def test_a_row_that_is_called_better_keeps_its_key_and_one_in_another_unit_does_not() -> None:
    columns = ["STT", "Nội dung", "ĐVT", "Mã"]
    first = make_form(described(simple(columns, [1, "Lao dong", "người"], [2, "Chi", "triệu đồng"])))
    lines = ([1, "Lao động", "người", "i1"], [2, "Chi", "cuộc", "i2"], [3, "Khác", "người", "i1"])
    second = make_form(described(simple(columns, *lines)), [first])
    assert [row.key for row in second.indicators] == ["i1", "i2_v2", "i1_v2"]


@pytest.mark.parametrize("form", load_forms(), ids=lambda form: form.id)
@pytest.mark.parametrize("of_the_same", [True, False])
def test_a_form_that_ships_is_written_and_read_back(form: Form, *, of_the_same: bool) -> None:
    found = described(write_form(form, GLOSSARY))
    assert found.doubts == ()
    again = make_form(found, [form] if of_the_same else [])
    # Which plan brought it and in which lines is of the file that ships; another form has rules and parts of its own.
    rows = tuple(replace(row, lines=()) for row in form.indicators)
    expected = replace(form, plan=None, indicators=rows)
    if not of_the_same:
        expected = replace(
            expected,
            rules=tuple(replace(rule, id=made.id) for rule, made in zip(form.rules, again.rules, strict=True)),
            parts=tuple(replace(part, id=made.id) for part, made in zip(form.parts, again.parts, strict=True)),
            indicators=tuple(replace(row, part=made.part) for row, made in zip(rows, again.indicators, strict=True)),
        )
    for name in form.__struct_fields__:
        assert getattr(again, name) == getattr(expected, name), name


def test_a_row_may_be_asked_of_some_units_and_answered_by_yes_or_no() -> None:
    columns = ["STT", "Nội dung", "ĐVT", "Ai báo", "Có hay chưa", "Tự tính"]
    lines = ([1, "Ký thỏa ước", "đơn vị", "FDI, DNNN", "có", None], [None, "- Mới ký", "đơn vị"])
    form = make_form(described(simple(columns, *lines)))
    assert form.get_indicator("i1").yes_no
    assert form.get_indicator("i1_1").asked_of == {UnitKind.FOREIGN, UnitKind.STATE_ENTERPRISE}
    assert make_form(described(write_form(form, GLOSSARY))).indicators == form.indicators
    wider = refusals(simple(columns, *lines, [2, "Tổng", "đơn vị", None, None, "1 + 1.1"]))
    assert wider[0] == ("A10", WhyFormRefused.NOT_ASKED_OF, "1")
    strange = refusals(simple(columns, [1, "Lao động", "người", "LĐLĐ tỉnh"]))
    assert [each[:2] for each in strange] == [("D8", WhyFormRefused.NOT_OWING)]


# --- Words -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "day", "months"),
    [
        ("ngày 25", 25, 0),
        ("25", 25, 0),
        ("Ngày 5 tháng sau", 5, 1),
        ("trước ngày 10 của tháng", None, None),
        ("trước ngày 10 tháng sau", 9, 1),
        ("trước ngày 1 tháng sau", 31, 0),
        ("ngày cuối tháng sau", 31, 1),
        ("cuối kỳ", 31, 0),
        ("hết tháng sau", 31, 1),
        ("ngày 15 tháng thứ hai sau kỳ", 15, 2),
        ("ngày 20 tháng đầu quý sau", 20, 1),
        ("ngày 32", None, None),
        ("đầu tháng", None, None),
        ("", None, None),
    ],
)
def test_days_as_they_are_written(text: str, day: int | None, months: int | None) -> None:
    found = read_day(text, PeriodKind.QUARTER)
    assert found == (MonthDay(day=day, months=months or 0) if day is not None else None)


@pytest.mark.parametrize(
    ("text", "day", "months"),
    [("15/12", 15, 0), ("ngày 15/01 năm sau", 15, 1), ("trước 1/12", 31, -1), ("31/13", None, 0)],
)
def test_days_of_a_year(text: str, day: int | None, months: int) -> None:
    assert read_day(text, PeriodKind.YEAR) == (MonthDay(day=day, months=months) if day is not None else None)


@given(
    st.sampled_from([kind for kind in PeriodKind if kind is not PeriodKind.CAMPAIGN]),
    st.integers(1, 31),
    st.integers(0, 3),
)
def test_a_day_is_read_as_it_was_written(kind: PeriodKind, day: int, months: int) -> None:
    written = MonthDay(day=day, months=months)
    assert read_day(write_day(written, kind), kind) == written


@pytest.mark.parametrize("code", ["2026-10", "2026-Q4", "2026-H1", "2027-H2", "2026"])
def test_a_first_period_is_read_as_it_is_written(code: str) -> None:
    period = Period.parse(code)
    kind = {"2026-10": "tháng", "2026-Q4": "quý", "2026": "năm"}.get(code, "6 tháng")
    head = [*head_with(period=kind), ["Áp dụng từ kỳ", name_period(period)]]
    assert described(simple(["STT", "Nội dung", "ĐVT"], [1, "Lao động", "người"], head=head)).since == code


@pytest.mark.parametrize(
    ("text", "kinds", "unknown"),
    [
        ("CĐCS", GRASSROOTS_KINDS, []),
        ("HCSN, FDI", {UnitKind.PUBLIC, UnitKind.FOREIGN}, []),
        ("LĐLĐ tỉnh/thành phố; công đoàn ngành", {UnitKind.PROVINCE, UnitKind.SECTOR}, []),
        ("DNNN và nghiệp đoàn", {UnitKind.STATE_ENTERPRISE, UnitKind.GUILD}, []),
        ("HCSN, phòng ban", {UnitKind.PUBLIC}, ["phòng ban"]),
        ("tất cả", set(UnitKind), []),
    ],
)
def test_units_as_they_are_written(text: str, kinds: set[UnitKind], unknown: list[str]) -> None:
    assert read_units(text) == (frozenset(kinds), unknown)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("= 1 − 2", ("+1", "-2")),
        ("1+2+3.1", ("+1", "+2", "+3.1")),
        ("mục 1 trừ mục 2", ("+1", "-2")),
        ("46a + 46b", ("+46a", "+46b")),
        ("1 × 2", None),
        ("1 2", None),
        ("kỳ trước + 1", None),
        ("", None),
    ],
)
def test_sums_as_they_are_written(text: str, terms: tuple[str, ...] | None) -> None:
    assert read_sum(text) == (Sum(terms) if terms is not None else None)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2 ≤ 1", Relation(RuleKind.UPPER_BOUND, "1", ("+2",))),
        ("2<=1", Relation(RuleKind.UPPER_BOUND, "1", ("+2",))),
        ("1 >= 2 + 3", Relation(RuleKind.UPPER_BOUND, "1", ("+2", "+3"))),
        ("Mục 2 không lớn hơn mục 1", Relation(RuleKind.UPPER_BOUND, "1", ("+2",))),
        ("3 = 1 − 2", Relation(RuleKind.EQUALITY, "3", ("+1", "-2"))),
        ("1 − 2 = 3", Relation(RuleKind.EQUALITY, "3", ("+1", "-2"))),
        ("3 bằng 1 trừ 2", Relation(RuleKind.EQUALITY, "3", ("+1", "-2"))),
        ("2 = kỳ trước + 2.1 - 2.2", Relation(RuleKind.CARRY_OVER, "2", ("+2.1", "-2.2"))),
        ("2 = 2 kỳ trước + 3", Relation(RuleKind.CARRY_OVER, "2", ("+3",))),
        ("1 ± 30%", Relation(RuleKind.PLAUSIBLE_CHANGE, "1", (), Decimal("0.3"))),
        (
            "1 lệch không quá 12,5 % so với kỳ trước hoặc 20",
            Relation(RuleKind.PLAUSIBLE_CHANGE, "1", (), Decimal("0.125"), Decimal(20)),
        ),
        ("2 < 1", None),
        ("2 ≤ 1 ≤ 3", None),
        ("2", None),
        ("1 + 2 ≤", None),
        ("2 ≤ kỳ trước", None),
    ],
)
def test_rules_as_they_are_written(text: str, found: Relation | None) -> None:
    assert read_relation(text) == found


def test_a_rule_beside_a_row_need_not_name_it() -> None:
    assert read_relation("≤ 1", "2") == Relation(RuleKind.UPPER_BOUND, "1", ("+2",))
    assert read_relation("= 1 − 3", "2") == Relation(RuleKind.EQUALITY, "2", ("+1", "-3"))
    assert read_relation("± 20 %", "2") == Relation(RuleKind.PLAUSIBLE_CHANGE, "2", (), Decimal("0.2"))
    assert read_relation("2 ≤ 1", "2") == Relation(RuleKind.UPPER_BOUND, "1", ("+2",))


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Nữ công quý", "nu-cong-quy"),
        ("Báo cáo tổng hợp số liệu hoạt động công đoàn", "bao-cao-tong-hop-so-lieu"),
        ("%%%", "form"),
    ],
)
def test_a_form_is_known_by_its_short_name(name: str, code: str) -> None:
    assert make_code(name) == code


def test_no_name_is_written_as_a_formula() -> None:
    form = get_form(MONTHLY_FORM)
    evil = tuple(
        msgspec.structs.replace(row, name=f"=HYPERLINK({number})", short="@x")
        for number, row in enumerate(form.indicators)
    )
    book = load_workbook(BytesIO(write_form(msgspec.structs.replace(form, title="=1+1", indicators=evil), GLOSSARY)))
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert any(str(cell.value).startswith("=HYPERLINK") for cell in cells)
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
