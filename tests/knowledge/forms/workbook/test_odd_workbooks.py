"""Workbooks that are odd: formulas, huge ones, letters nobody sees, names that mean something to other programs."""

from __future__ import annotations

from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook

from knowledge.forms.workbook import FormWorkbookError, WhyFormRefused, make_form, read_form, write_form
from knowledge.forms.workbook.rows import MOST_ROWS
from knowledge.glossary import load_glossary
from knowledge.model.forms import Form
from knowledge.model.periods import PeriodKind
from tests.knowledge.forms.workbook import made
from tests.knowledge.forms.workbook.made import COLUMNS, HEAD, described, sheets_of, simple

GLOSSARY = load_glossary()
PLAIN = ["STT", "Nội dung", "ĐVT"]
WORKERS: made.Line = [1, "Lao động", "người"]


def wrong(content: bytes) -> list[tuple[str, WhyFormRefused]]:
    with pytest.raises(FormWorkbookError) as refused:
        described(content)
    return [(each.cell, each.why) for each in refused.value.refusals]


def with_formulas(*lines: made.Line) -> Workbook:
    """A workbook whose cells that begin with a sign of equality are formulas without results."""
    book = made.book_of(("Biểu", [*HEAD, *lines]))
    for row in book.worksheets[0].iter_rows():
        for cell in row:
            if isinstance(cell.value, str) and cell.value.startswith("="):
                cell.data_type = "f"
    return book


def test_a_formula_without_a_result_is_refused_with_its_cell() -> None:
    content = made.pack(with_formulas(COLUMNS, WORKERS, [2, "Đoàn viên", "người"], [3, "Còn lại", "người", "=1-2"]))
    assert wrong(content) == [("D10", WhyFormRefused.NOT_CALCULATED)]
    rules = (COLUMNS, WORKERS, [2, "Đoàn viên", "người"], ["Ràng buộc"], ["=2<=1"])
    assert wrong(made.pack(with_formulas(*rules))) == [("A11", WhyFormRefused.NOT_CALCULATED)]


def test_what_looks_like_a_formula_or_markup_is_a_name_and_stays_one() -> None:
    names = ['=cmd|"/c calc"!A1', "<b>Đậm</b> & <script>", "+84 gọi", "@tên", "Tên {1} có ngoặc"]
    lines = [[number, name, "người"] for number, name in enumerate(names, 1)]
    form = make_form(described(simple(PLAIN, *lines, ["Ràng buộc"], ["2 ≤ 1"])))
    assert [row.name for row in form.indicators] == names
    content = write_form(form, GLOSSARY)
    assert make_form(described(content)) == form
    cells = [cell for sheet in load_workbook(BytesIO(content)).worksheets for row in sheet.iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]


def test_letters_that_nobody_sees_are_left_out() -> None:
    sheets = sheets_of(simple(PLAIN, [1, "Lao động", "ngườ\u200bi"], [2, "\u202eĐoàn viên\u202c", "người"]))
    rows = [
        row.__class__(row.number, tuple(cell.replace("Lao", "L\x07ao") for cell in row.cells), row.kinds)
        for row in sheets[0].rows
    ]
    form = make_form(read_form([sheets[0].__class__(sheets[0].head, rows)], GLOSSARY))
    assert [(row.name, row.unit) for row in form.indicators] == [("Lao động", "người"), ("Đoàn viên", "người")]
    assert make_form(described(write_form(form, GLOSSARY))) == form


def test_a_huge_workbook_is_refused_with_the_row_that_is_too_many() -> None:
    columns = [*PLAIN, "Tự tính", "Ràng buộc"]
    lines = [[number % 900 + 1, f"Mục {number}", "người", "1 + 2", "≤ 1"] for number in range(5000)]
    sheets = sheets_of(simple(columns, *lines))
    with pytest.raises(FormWorkbookError) as refused:
        read_form(sheets, GLOSSARY)
    assert refused.value.refusals[0].why is WhyFormRefused.TOO_MANY_ROWS
    assert refused.value.refusals[0].cell == f"A{8 + MOST_ROWS}"


def test_sums_of_sums_that_grow_without_end_are_refused() -> None:
    lines = [[number, f"Mục {number}", "người", f"{number + 1} + {number + 1}"] for number in range(1, 120)]
    assert WhyFormRefused.TOO_MANY_TERMS in [each[1] for each in wrong(simple(COLUMNS, *lines, [120, "Gốc", "người"]))]


def test_too_many_rules_are_refused_with_the_first_that_is_too_many() -> None:
    rules = [["1 ± 5 %"]] * 201
    assert wrong(simple(PLAIN, WORKERS, ["Ràng buộc"], *rules)) == [("A210", WhyFormRefused.TOO_MANY_RULES)]


def test_rows_of_the_same_name_are_told_apart_by_their_parents() -> None:
    lines = (WORKERS, [None, "- Nữ", "người"], [2, "Đoàn viên", "người"], [None, "- Nu", "người"])
    form = make_form(described(simple(PLAIN, *lines)))
    assert [row.short for row in form.indicators] == ["Lao động", "Lao động: Nữ", "Đoàn viên", "Đoàn viên: Nu"]
    assert [row.name for row in form.children("i1")] == ["Nữ"]
    assert make_form(described(write_form(form, GLOSSARY))) == form


def test_rows_whose_long_names_begin_alike_are_told_apart_by_their_numbers() -> None:
    long = "Số lượt đoàn viên, người lao động có hoàn cảnh khó khăn được thăm hỏi, hỗ trợ"
    lines = ([1, f"{long} dịp Tết", "người"], [2, f"{long} dịp Tháng Công nhân", "người"], [3, "Nhà", "nhà"])
    form = make_form(described(simple(PLAIN, *lines)))
    assert [row.short[:9] for row in form.indicators] == ["1. Số lượ", "2. Số lượ", "Nhà"]
    assert all(len(row.short) <= 60 for row in form.indicators)


def test_rows_whose_names_differ_in_marks_alone_keep_their_keys() -> None:
    lines = (WORKERS, [2, "Lao dong", "người"], [3, "LAO ĐỘNG", "người"])
    first = make_form(described(simple(PLAIN, *lines)))
    moved = make_form(described(simple(PLAIN, [1, "Lao động", "người"], [2, "LAO ĐỘNG", "người"])), [first])
    assert [row.key for row in first.indicators] == ["i1", "i2", "i3"]
    assert [row.key for row in moved.indicators] == ["i1", "i2"]


@pytest.mark.parametrize("key", ["codes", "previous"])
def test_a_key_that_stands_for_something_else_is_refused_on_import_and_on_loading(key: str) -> None:
    assert wrong(simple([*PLAIN, "Mã"], [*WORKERS, key])) == [("D8", WhyFormRefused.WRONG_CODE)]
    form = make_form(described(simple(PLAIN, WORKERS)))
    with pytest.raises(ValueError, match="stand for nothing else"):
        Form(
            **{name: getattr(form, name) for name in form.__struct_fields__ if name != "indicators"},
            indicators=(type(form.indicators[0])(no="1", key=key, name="Lao động", short="Lao động", unit="người"),),
        )


def test_no_two_forms_have_the_same_short_name() -> None:
    sheets = sheets_of(simple(PLAIN, WORKERS))
    with pytest.raises(FormWorkbookError) as refused:
        read_form(sheets, GLOSSARY, called={"khac": "BAO CAO THU"})
    assert [(each.cell, each.why) for each in refused.value.refusals] == [("B2", WhyFormRefused.NAME_TAKEN)]
    assert read_form(sheets, GLOSSARY, called={"bao-cao-thu": "Báo cáo thử"}).short == "Báo cáo thử"


def test_a_later_campaign_form_that_comes_back_is_a_version_of_the_first() -> None:
    head = [["Tên biểu", "Khảo sát"], ["Kỳ", "đợt"], ["Mã biểu", "khao-sat-2"]]
    sheets = sheets_of(simple(PLAIN, WORKERS, head=head))
    known = {"khao-sat": PeriodKind.CAMPAIGN, "khao-sat-2": PeriodKind.CAMPAIGN}
    called = {"khao-sat": "Khảo sát", "khao-sat-2": "Khảo sát"}
    found = read_form(sheets, GLOSSARY, known=known, called=called, firsts={"khao-sat-2": "khao-sat"})
    assert found.id == "khao-sat"


def test_percentages_are_not_measured_where_they_would_be_added_up() -> None:
    columns = [*PLAIN, "Đo chỉ tiêu", "Cách đo"]
    share = [1, "Tỷ lệ", "%", "TƯLĐTT", "tại thời điểm"]
    assert wrong(simple(columns, share)) == [("D8", WhyFormRefused.NOT_ADDED)]
    lines = ([1, "Tỷ lệ", "%"], [2, "Đã ký", "đơn vị", "TƯLĐTT", "tỷ lệ trên mục 1"])
    assert wrong(simple(columns, *lines)) == [("E9", WhyFormRefused.NOT_ADDED)]
