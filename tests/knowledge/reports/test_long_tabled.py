"""A longer form in a table of somebody's own: her words, her order, her columns; nothing guessed."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.forms import TERM_FORM, get_form
from knowledge.model.forms import Indicator
from knowledge.reports.long_tabled import read_long_table
from knowledge.reports.model import Doubt, ReportText
from knowledge.reports.row_likeness import RowNames, terms_of
from knowledge.reports.tabled import TabledReports
from tests.examples import examples
from tests.knowledge.reports.test_tabled import sheet

FORM = get_form(TERM_FORM)
TOLD = [row for row in FORM.told if not row.heading]
HEAD: list[Any] = ["STT", "Nội dung", "ĐVT", "Kết quả"]
SEVEN: list[list[Any]] = [
    [1, "Số sáng kiến được công nhận", "SK", 12],
    [2, "Tổng số CNVCLĐ", "người", 1320],
    [3, "Tổng số đoàn viên", "người", 1250],
    [None, "Kết nạp mới", "người", 120],
    [None, "Giảm", "người", 30],
    [4, "Tổng số CĐCS", "CĐCS", 60],
    [5, "Kết nạp Đảng", "người", 11],
]


def read(rows: Sequence[Sequence[Any]]) -> TabledReports | None:
    return read_long_table([sheet(rows)])


def reading(*rows: Sequence[Any], heads: Sequence[Any] = HEAD) -> ReportText:
    found = read([heads, *SEVEN, *rows])
    assert found is not None
    return found.reports[0].reading


def figures(told: ReportText) -> dict[str, float]:
    return {key: float(value) for key, value in told.values.items()}


def test_the_rows_are_known_by_their_names() -> None:
    assert figures(reading()) == {
        "i30": 12, "i45": 1320, "i46": 1250, "i46_moi": 120, "i46_giam": 30, "i47": 60, "i53": 11,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("label", "key"),
    [
        ("Số CSTĐ cơ sở", "i35"),
        ("ĐV ưu tú giới thiệu cho Đảng", "i52"),
        ("CBCĐ không chuyên trách được tập huấn", "i51"),
        ("CĐCS ngoài khu vực NN hoàn thành xuất sắc nhiệm vụ", "i56"),
        ("CĐCS khu vực HCSN, DNNN có từ 10 nữ đoàn viên trở lên", "i40"),
        ("Khen thưởng GVN-ĐVN", "i43"),
        ("Số ĐV, NLĐ tham gia văn hóa, văn nghệ, thể thao", "i37"),
        ("DN có từ 25 lao động", "i49"),
    ],
)
def test_her_words_for_a_row(label: str, key: str) -> None:
    assert reading([9, label, None, 77]).values.get(key) == 77


@pytest.mark.parametrize(
    ("whole", "part", "key"),
    [
        ("Tổng số ủy viên BNC", "Cấp trên trực tiếp cơ sở", "i42_cap_tren"),
        ("Tổng số ủy viên BNC", "CĐCS ngoài khu vực nhà nước", "i42_ngoai"),
        ("Giỏi việc nước, đảm việc nhà", "Ngoài khu vực nhà nước", "i43_ngoai"),
        ("Tổng số CĐCS", "DN ngoài nhà nước", "i47_ngoai"),
        ("DN từ 25 lao động", "Đã thành lập CĐCS", "i49_co_cdcs"),
        ("ĐV, NLĐ hoàn cảnh khó khăn được thăm hỏi, hỗ trợ", "Số tiền", "i25_tien"),
        ("Quỹ xã hội công đoàn", "- Kinh phí hỗ trợ xây, sửa nhà Mái ấm", "i27_tien_nha"),
    ],
)
def test_a_part_is_told_by_the_row_above(whole: str, part: str, key: str) -> None:
    unit = "triệu đồng" if part.startswith("- Kinh phí") else None
    rows: list[list[Any]] = [[20, whole, None, None if whole.startswith("Quỹ") else 5], [None, part, unit, 4]]
    assert reading(*rows).values.get(key) == 4


@pytest.mark.parametrize(
    "rows",
    [
        [[20, "Số nữ cán bộ", "người", 90], [None, "CĐCS ngoài khu vực nhà nước", "người", 77]],
        [[None, "Trong đó: nữ", "người", 77]],
        [[20, "Đoàn viên nữ", "người", 77]],
        [[20, "Tổng số nữ CNVCLĐ", "người", 77]],
        [[20, "Số CĐCS được kiểm tra đồng cấp", "CĐCS", 77]],
        [[20, "Số lao động nước ngoài", "người", 77]],
        [[20, "Tổng số đoàn viên kỳ trước", "người", 77]],
        [[20, "Tỷ lệ đoàn viên", "%", 77]],
        [[20, "Số buổi tuyên truyền", "buổi", 77]],
        [[20, "Số sáng kiến", "triệu đồng", 77]],
        [[None, "Số người được vay", "người", 77]],
    ],
)
def test_nothing_is_guessed(rows: list[list[Any]]) -> None:
    told = reading(*rows)
    assert 77 not in told.values.values()
    assert any("77" in piece for piece in told.unmatched) or any("77" in each.piece for each in told.ambiguous)


def test_what_may_be_a_row_is_asked_about() -> None:
    (doubt,) = reading([20, "NLĐ được học tập nâng cao tay nghề", "lượt người", 77]).ambiguous
    assert (doubt.doubt, [each.key for each in doubt.readings]) == (Doubt.PLACE, ["i38"])
    assert doubt.piece.startswith("D9: NLĐ")
    (doubt,) = reading([20, "Tổng số đoàn viên", "người", 1260]).ambiguous
    assert (doubt.doubt, [int(each.value) for each in doubt.readings]) == (Doubt.CONFLICT, [1250, 1260])
    (doubt,) = reading([None, "- BNC thành lập mới", "BNC", 9]).ambiguous
    assert {"i40_moi", "i41_moi"} <= {each.key for each in doubt.readings}


@pytest.mark.parametrize(
    ("unit", "value", "told"),
    [
        ("triệu đồng", 450.5, "450.5"),
        ("trđ", 450, "450"),
        ("đồng", 450_500_000, "450.5"),
        ("VNĐ", "450.500.000", "450.5"),
        ("nghìn đồng", 450_500, "450.5"),
        ("tỷ đồng", "1,5", "1500"),
    ],
)
def test_money_is_taken_as_it_is_counted(unit: str, value: Any, told: str) -> None:
    assert reading([32, "Tiền thưởng sáng kiến", unit, value]).values["i32"] == Decimal(told)
    assert reading([32, f"Tiền thưởng sáng kiến ({unit})", None, value]).values["i32"] == Decimal(told)


def test_where_the_table_counts_as_the_form_does_numbers_tell_rows_too() -> None:
    numbers = iter((30, 45, 46, 47, 53))
    ours = [[next(numbers) if row[0] else None, *row[1:]] for row in SEVEN]
    rows = [[50, "CBCĐ chuyên trách đi học", None, 77], [44, "Số nữ ủy viên", None, 78], [35, "Tiền thưởng", None, 79]]
    found = read([HEAD, *ours, *rows])
    assert found is not None
    told = found.reports[0].reading
    assert {77, 78, 79}.isdisjoint(told.values.values())
    assert [[each.key for each in doubt.readings] for doubt in told.ambiguous] == [["i50"], ["i32"]]
    assert [piece[:4] for piece in told.unmatched] == ["D10:"]


def test_so_much_money_without_a_unit_is_asked_about() -> None:
    assert reading([32, "Tiền thưởng sáng kiến", None, 450]).values["i32"] == 450
    (doubt,) = reading([32, "Tiền thưởng sáng kiến", None, 450_500_000]).ambiguous
    assert [(each.key, float(each.value)) for each in doubt.readings] == [("i32", 450.5), ("i32", 450_500_000)]


def test_years_are_left_for_their_sum_and_other_columns_are_reports_of_their_own() -> None:
    years = [["TT", "Chỉ tiêu", "2018", 2019, 2020, "Tổng cộng"], *[[a, b, 1, 2, 3, d] for a, b, _, d in SEVEN]]
    found = read(years)
    assert found is not None
    assert figures(found.reports[0].reading)["i45"] == 1320
    assert not found.are_columns
    found = read([["TT", "Chỉ tiêu", "CĐCS May", "CĐCS Giày"], *[[a, b, d, 5] for a, b, _, d in SEVEN]])
    assert found is not None
    assert found.are_columns
    assert [(each.name, int(each.reading.values["i45"])) for each in found.reports] == [
        ("CĐCS May", 1320),
        ("CĐCS Giày", 5),
    ]


def test_a_shorter_report_is_none_of_it() -> None:
    assert read([HEAD, *SEVEN[1:5]]) is None
    assert read([["a", "b"], [1, 2]]) is None
    assert read([["troly|so-ket-nhiem-ky|x|unit"], HEAD, *SEVEN]) is None
    assert read_long_table([sheet([HEAD, *SEVEN], hidden=True)]) is None


def test_short_words_say_what_long_ones_do() -> None:
    assert terms_of("Số BNC (HCSN, DNNN)") == terms_of(
        "ban nữ công quần chúng hành chính sự nghiệp, doanh nghiệp nhà nước"
    )
    assert terms_of("CĐ cấp trên") == terms_of("công đoàn cấp trên trực tiếp cơ sở")
    assert terms_of("ngoài khu vực nhà nước") != terms_of("khu vực nhà nước")
    names = RowNames(FORM)
    assert names.find_exact("2. Số đoàn viên") == ("i46",)
    assert set(names.find_exact("Vốn cho vay")) == {"i28_von", "i29_von"}


def _names(row: Indicator) -> st.SearchStrategy[str]:
    return st.sampled_from([row.name, row.short, *row.aliases])


_STRANGE = st.sampled_from(
    ["Số đảng viên nữ", "Tổng số nữ CNVCLĐ", "Số CĐCS vững mạnh", "Số cuộc đình công", "Số lao động nước ngoài",
     "Số doanh nghiệp có từ 10 lao động", "Số ủy viên UBKT", "Nữ", "Số CĐCS giải thể"]
)  # fmt: skip


@given(st.data())
@settings(max_examples=examples(25), deadline=None)
def test_of_any_table_no_row_is_taken_for_another(data: st.DataObject) -> None:
    """Rows in the form's order under any of their names, some of them replaced by what the form does not have."""
    numbered = data.draw(st.booleans())
    rows: list[list[Any]] = []
    meant: dict[int, str] = {}
    for place, row in enumerate(FORM.told):
        whole = row.parent is None
        number = int(row.no) if numbered and whole else None
        if row.heading:
            rows.append([number, row.short, None, None])
            continue
        strange = data.draw(st.one_of(st.none(), st.none(), st.none(), _STRANGE)) if not whole else None
        label = strange or data.draw(_names(row))
        rows.append([number, label if whole else f"- {label}", row.unit, 1000 + place])
        if strange is None:
            meant[1000 + place] = row.key
    found = read([HEAD, *rows])
    assert found is not None
    for key, value in found.reports[0].reading.values.items():
        assert meant.get(int(value)) == key


@given(st.lists(st.lists(st.one_of(st.none(), st.text(max_size=12), st.integers(-5, 10**12), st.sampled_from(
    [row.short for row in TOLD])), max_size=5), max_size=14))  # fmt: skip
@settings(max_examples=examples(40), deadline=None)
def test_any_table_is_read_or_left(rows: list[list[Any]]) -> None:
    found = read(rows)
    for report in found.reports if found is not None else ():
        assert set(report.reading.values) <= {row.key for row in FORM.told}
