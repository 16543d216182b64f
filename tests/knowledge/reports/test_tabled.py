"""Tables of somebody's own layout, read as reports."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.forms import QUARTERLY_FORM, get_form, load_forms
from knowledge.model.periods import Period
from knowledge.reports.choosing import find_reports
from knowledge.reports.model import Doubt
from knowledge.reports.tabled import TabledReports, count_names, read_table, read_tables, write_message
from knowledge.spreadsheets.model import Merge, Sheet, SheetHead, SheetRow
from tests.examples import examples
from tests.knowledge.spreadsheets.files import text_sheets

TODAY = date(2026, 11, 3)
OCTOBER = Period.month(2026, 10)
FOUR = {"workers": 1320, "members": 1250, "admitted": 12, "lost": 3}


def sheet(
    rows: Sequence[Sequence[Any]], *, merges: Sequence[Merge] = (), name: str = "Sheet1", hidden: bool = False
) -> Sheet:
    made = [
        SheetRow(
            number,
            tuple("" if cell is None else str(cell) for cell in row),
            "".join("n" if isinstance(cell, int | float) else "t" for cell in row),
        )
        for number, row in enumerate(rows, 1)
        if any(cell is not None for cell in row)
    ]
    return Sheet(SheetHead(name, is_hidden=hidden, merges=tuple(merges)), made)


def read(rows: Sequence[Sequence[Any]], *, merges: Sequence[Merge] = (), around: Sequence[str] = ()) -> TabledReports:
    found = read_table([sheet(rows, merges=merges)], TODAY, around=around)
    assert found is not None
    return found


def figures(found: TabledReports, number: int = 0) -> dict[str, int]:
    return {key: int(value) for key, value in found.reports[number].reading.values.items()}


DOWN: list[list[Any]] = [["CNVCLĐ", 1320], ["Đoàn viên", "1.250"], ["Kết nạp mới", 12], ["Giảm", 3]]


@pytest.mark.parametrize(
    "rows",
    [
        DOWN,
        [["Chỉ tiêu", "Số liệu"], *DOWN],
        [["TT", "Nội dung", "ĐVT", "Số lượng"], *([7, name, "người", value] for name, value in DOWN)],
        [
            ["1. Tổng số công nhân, viên chức, lao động (người):", 1320],
            ["2. Tổng số đoàn viên", 1250],
            ["- Kết nạp mới trong tháng", 12],
            ["- Giảm trong kỳ", 3],
        ],
        [["Chỉ tiêu", "Kỳ trước", "Kỳ này"], *([name, 7, value] for name, value in DOWN)],
        [["Chỉ tiêu", "Mã số", "Số liệu"], *([name, 45, value] for name, value in DOWN)],
        [["CNVCLĐ", "Đoàn viên", "Tăng", "Giảm"], [1320, 1250, 12, 3]],
        [["TT", "CNVCLĐ", "Đoàn viên", "Mới", "Giảm"], ["(1)", "(2)", "(3)", "(4)", "(5)"], [1, 1320, 1250, 12, 3]],
        [["tong so lao dong", "tong so doan vien", "ket nap moi", "doan vien giam"], ["1.320", "1 250", "12", "3"]],
    ],
)  # fmt: skip
def test_one_report_in_many_layouts(rows: Sequence[Sequence[Any]]) -> None:
    found = read(rows)
    assert len(found.reports) == 1
    assert figures(found) == FOUR
    assert not found.reports[0].reading.unmatched


def test_a_heading_over_two_rows_groups_its_columns() -> None:
    rows: list[list[Any]] = [
        ["TT", "Đơn vị", "Đoàn viên", None, None, "CNVCLĐ"],
        [None, None, "Tổng số", "Kết nạp mới", "Giảm", None],
        [1, "CĐCS May Sông Xanh", 1250, 12, 3, 1320],
    ]
    found = read(rows, merges=[Merge(2, 4, 1, 1), Merge(5, 5, 1, 2), Merge(1, 1, 1, 2), Merge(0, 0, 1, 2)])
    assert figures(found) == FOUR
    assert (found.reports[0].name, found.reports[0].place) == ("CĐCS May Sông Xanh", "B3")


def test_a_line_for_each_unit_and_none_for_their_sum() -> None:
    rows: list[list[Any]] = [
        ["TỔNG HỢP THÁNG 10 NĂM 2026"],
        ["STT", "Mã", "Tên đơn vị", "CNVCLĐ", "Đoàn viên", "Tăng", "Giảm"],
        [1, "SX", "CĐCS May Sông Xanh", 1320, 1250, 12, 3],
        [2, "GN", "CĐCS Giày Núi Nâu", 900, 850, 0, 1],
        [None, None, "Tổng cộng", 2220, 2100, 12, 4],
    ]
    found = read(rows)
    assert [(each.code, each.name, each.place) for each in found.reports] == [
        ("SX", "CĐCS May Sông Xanh", "C3"),
        ("GN", "CĐCS Giày Núi Nâu", "C4"),
    ]
    assert figures(found) == FOUR
    assert {each.reading.period for each in found.reports} == {OCTOBER}


def test_months_are_reports_of_their_own_down_and_across() -> None:
    down = read([["Chỉ tiêu", "Tháng 9", "Tháng 10"], ["CNVCLĐ", 1300, 1320], ["Đoàn viên", 1240, 1250]])
    across = read([["Tháng", "CNVCLĐ", "Đoàn viên"], [9, 1300, 1240], ["10/2026", 1320, 1250]])
    for found in (down, across):
        assert [each.reading.period for each in found.reports] == [Period.month(2026, 9), OCTOBER]
        assert figures(found, 1) == {"workers": 1320, "members": 1250}
        assert not found.are_columns


@pytest.mark.parametrize(
    ("title", "around", "period"),
    [
        ("BÁO CÁO BIẾN ĐỘNG ĐOÀN VIÊN THÁNG 10 NĂM 2026", ("", "so lieu t9.xlsx"), OCTOBER),
        ("Hà Nội, ngày 05 tháng 11 năm 2026", ("", "so lieu t10.xlsx"), OCTOBER),
        ("Báo cáo tháng 9/2026", ("số liệu tháng 10 ạ", ""), OCTOBER),
        ("Báo cáo", ("", "bieu.xlsx"), None),
    ],
)
def test_the_month_stands_in_the_caption_the_title_or_the_name(
    title: str, around: Sequence[str], period: Period | None
) -> None:
    assert read([[title], *DOWN], around=around).reports[0].reading.period == period


def test_the_unit_stands_above_the_figures() -> None:
    assert read([["CÔNG ĐOÀN KHU KINH TẾ"], ["CĐCS MAY SÔNG XANH"], *DOWN]).reports[0].name == "CĐCS MAY SÔNG XANH"
    assert read([["Đơn vị:", "May Sông Xanh"], *DOWN]).reports[0].name == "May Sông Xanh"


def test_what_is_not_understood_is_named_by_its_cell() -> None:
    down = read([["CNVCLĐ", 1320], ["Trong đó: nữ", 700], ["Đoàn viên", "một ít"]]).reports[0].reading
    assert down.unmatched == ("B2: Trong đó: nữ 700",)
    assert [(each.piece, each.key) for each in down.refused] == [("B3: một ít", "members")]
    across = read([["CNVCLĐ", "Đoàn viên", "Đảng viên"], [1320, 1250, 40]]).reports[0].reading
    assert across.unmatched == ("C2: Đảng viên 40",)


def test_two_readings_are_asked_about() -> None:
    (number,) = read([["CNVCLĐ", "khoảng 1.300"], ["Đoàn viên", 1250]]).reports[0].reading.ambiguous
    assert (number.doubt, [int(each.value) for each in number.readings]) == (Doubt.APPROXIMATE, [1300])
    (both,) = read([["CNVCLĐ", 1320], ["Tổng số lao động", 1330], ["Đoàn viên", 1250]]).reports[0].reading.ambiguous
    assert (both.doubt, [int(each.value) for each in both.readings]) == (Doubt.CONFLICT, [1320, 1330])
    (thousands,) = read([["CNVCLĐ", 1.32], ["Đoàn viên", 1250]]).reports[0].reading.ambiguous
    assert [int(each.value) for each in thousands.readings] == [1320]


def test_columns_that_are_no_months_may_be_units_or_have_to_be_asked_about() -> None:
    found = read([["Chỉ tiêu", "CĐCS May", "CĐCS Giày"], ["CNVCLĐ", 1320, 900], ["Đoàn viên", 1250, 850]])
    assert found.are_columns
    assert [each.name for each in found.reports] == ["CĐCS May", "CĐCS Giày"]


@pytest.mark.parametrize(
    "rows",
    [
        [["TT", "Chỉ tiêu", "2030"], [1, "Phát triển đoàn viên", 5000]],
        [["Chỉ tiêu", "2027", "Năm 2028"], ["Tổng số đoàn viên", 5000, 6000], ["Kết nạp mới", 500, 600]],
        [["a", "b"], [1, 2]],
        [["CNVCLĐ", "Đoàn viên"]],
        [["Nhà ở", 3], ["Sáng kiến", 2], ["Thu", 5], ["Chi", 6], ["Đối thoại", 1], ["Hội nghị", 1], ["Thỏa ước", 1],
         ["CNVCLĐ", 1320], ["Đoàn viên", 1250], ["Thi đua", 4], ["Tập huấn", 3], ["Tham quan", 2], ["Kiểm tra", 2],
         ["Giám sát", 2], ["Tặng quà", 9], ["Khen thưởng", 8]],
    ],
)  # fmt: skip
def test_what_is_no_report_of_a_month_is_left_alone(rows: Sequence[Sequence[Any]]) -> None:
    assert read_table([sheet(rows)], TODAY) is None


def test_our_own_workbooks_and_hidden_sheets_are_left_alone() -> None:
    assert read_table([sheet([["troly|doan-vien-thang|2026-10|unit"], *DOWN])], TODAY) is None
    assert read_table([sheet(DOWN, hidden=True)], TODAY) is None


def test_a_csv_file_is_parted_by_what_gives_a_heading() -> None:
    text = "Tên đơn vị;CNVCLĐ;Đoàn viên;Tăng;Giảm\nCĐCS May, Giày, Dệt;1320;1250;12;3\n"
    found = read_table(text_sheets(text.encode(), count_names), TODAY)
    assert found is not None
    assert found.reports[0].name == "CĐCS May, Giày, Dệt"
    assert figures(found) == FOUR


@given(st.tuples(st.integers(1, 20_000_000), st.integers(1, 20_000_000), st.integers(0, 9999), st.integers(0, 9999)))
@settings(max_examples=examples(40), deadline=None)
def test_as_a_message_it_says_the_same(values: tuple[int, ...]) -> None:
    rows: list[list[Any]] = [[name, value] for (name, _), value in zip(DOWN, values, strict=True)]
    found = read([["Báo cáo tháng 10/2026"], *rows])
    (again,) = find_reports(write_message(found.form, found.reports[0].reading), load_forms(), TODAY)
    assert again.reading.values == found.reports[0].reading.values
    assert again.reading.period == OCTOBER


_CELLS = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.integers(-5, 10**9),
    st.sampled_from(["CNVCLĐ", "Đoàn viên", "Giảm", "Tháng 10"]),
)


@given(st.lists(st.lists(_CELLS, max_size=5), max_size=6))
@settings(max_examples=examples(50), deadline=None)
def test_any_table_is_read_or_left(rows: list[list[Any]]) -> None:
    found = read_table([sheet(rows)], TODAY)
    for report in found.reports if found is not None else ():
        assert set(report.reading.values) <= {row.key for row in found.form.indicators}  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("title", "period"),
    [
        ("Báo cáo quý III/2026", Period.parse("2026-Q3")),
        ("Báo cáo quý 1 năm 2026", Period.parse("2026-Q1")),
        ("Báo cáo tháng 9/2026", Period.parse("2026-Q3")),
        ("Báo cáo", None),
    ],
)
def test_a_table_of_the_quarterly_form_is_of_the_quarter_that_it_names(title: str, period: Period | None) -> None:
    form = get_form(QUARTERLY_FORM)
    rows = [form.get_indicator(key).name for key in ("agreement_due", "agreements", "dialogues")]
    across = read([[title], ["Đơn vị", *rows], ["CĐCS A", 1, 1, 2], ["CĐCS B", 1, 0, 3]])
    assert across.form is form
    assert [each.reading.period for each in across.reports] == [period, period]
    down = read([[title], *([name, 1] for name in rows)])
    assert [each.reading.period for each in down.reports] == [period]
    again = find_reports(write_message(form, down.reports[0].reading), [form], TODAY)
    assert [each.reading.period for each in again] == [period]


def test_a_quarter_names_no_month() -> None:
    assert read([["Báo cáo quý III/2026"], *DOWN]).reports[0].reading.period is None


# What files bring beside the four figures ----------------------------------------------------------------------------

HEADED: list[Any] = ["TT", "Đơn vị", "CNVCLĐ", None, "Đoàn viên", None, "Kết nạp mới", "Giảm"]
PARTED: list[Any] = [None, None, "Nữ", "Tổng số", "Nữ", "Tổng số", None, None]


@pytest.mark.parametrize("are_merged", [True, False])
def test_women_before_the_whole_are_never_the_whole(*, are_merged: bool) -> None:
    rows = [HEADED, PARTED, [1, "CĐCS May", 80, 132, 76, 125, 2, 1]]
    merges = (Merge(2, 3, 1, 1), Merge(4, 5, 1, 1)) if are_merged else ()
    assert figures(read(rows, merges=merges)) == {"workers": 132, "members": 125, "admitted": 2, "lost": 1}


def test_a_table_of_women_alone_tells_no_whole() -> None:
    rows: list[list[Any]] = [
        ["Đơn vị", "CNVCLĐ nữ", "CNVCLĐ", "Đoàn viên nữ", "Kết nạp mới"],
        ["CĐCS May", 80, 132, 76, 2],
    ]
    assert figures(read(rows)) == {"workers": 132, "admitted": 2}


def test_units_without_figures_are_told_and_sums_of_nothing_are_none() -> None:
    heads: list[Any] = ["Mã", "Đơn vị", "CNVCLĐ", "Đoàn viên", "Kết nạp mới", "Giảm", "Tăng (giảm)"]
    empty = [["CS1", "CĐCS May", None, None, None, None, 0], ["CS2", "CĐCS Giày", None, None, None, None, 0]]
    found = read([heads, *empty, [None, "Tổng", 0, 0, 0, 0, 0]])
    assert found.reports == ()
    assert [name for _, name in found.blank] == ["CS1", "CS2"]
    found = read([heads, empty[0], ["CS2", "CĐCS Giày", 41, 41, 0, 0, 0], ["CS3", "CĐCS Gỗ", *[None] * 5]])
    assert [each.code for each in found.reports] == ["CS2"]
    assert [name for _, name in found.blank] == ["CS1", "CS3"]


def test_a_signature_below_the_figures_is_no_unit() -> None:
    rows = [HEADED, PARTED, [1, "CĐCS May", 80, 132, 76, 125, 2, 1], [*[None] * 6, "Ngày 28 tháng 11 năm 2026"]]
    assert len(read(rows).reports) == 1


def test_every_sheet_with_figures_is_found() -> None:
    rows: list[list[Any]] = [["Mã", "CNVCLĐ", "Đoàn viên"], ["CS1", 132, 152]]
    again = [rows[0], ["CS1", 132, 125]]
    found = read_tables([sheet(rows, name="Gửi"), sheet([["Ghi chú"]], name="Khác"), sheet(again, name="Sửa")], TODAY)
    assert [(each.sheet, figures(each)["members"]) for each in found] == [("Gửi", 152), ("Sửa", 125)]
