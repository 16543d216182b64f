"""Unit files as offices really make them: what each is read as, and what is told of it."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import pytest
from openpyxl import load_workbook

from bot.features.units import file_words
from bot.features.units.changes import decide_import
from bot.features.units.headings import count_columns
from bot.features.units.importing import find_new_roots
from bot.features.units.troubles import NoteKind, RowTrouble, UnitFileRefusedError, WhyNoUnits
from bot.features.units.unit_files import UnitFile, parse_table
from knowledge.plans import load_plans
from knowledge.spreadsheets.reading import read_sent
from knowledge.spreadsheets.refusals import TableRefusedError, WhyNoTable
from tests.knowledge.spreadsheets.files import Page, Rows, ods, text_sheets, xls, xlsx

HEAD: list[Any] = ["Mã đơn vị", "Cấp trên", "Tên đơn vị", "Loại hình"]
ROOT: list[Any] = ["T", None, "LĐLĐ tỉnh Mẫu", "LĐLĐ tỉnh"]
UPPER: list[Any] = ["U", "T", "Công đoàn khu Mẫu", "Cấp trên trực tiếp cơ sở"]
ONE: list[Any] = ["C1", "U", "CĐCS Một", "FDI"]
TWO: list[Any] = ["C2", "U", "CĐCS Hai", "HCSN"]
GOOD: list[list[Any]] = [HEAD, ROOT, UPPER, ONE, TWO]
TREE = {"T": "", "U": "T", "C1": "U", "C2": "U"}

Make = Callable[[Mapping[str, Page]], bytes]
MERGED_DOWN = Page([HEAD, ROOT, UPPER, ONE, ["C2", None, "CĐCS Hai", "HCSN"]], merged=[(4, 2, 5, 2)])


async def read(pages: Mapping[str, Page], make: Make = xlsx, wanted: Sequence[str] = ()) -> UnitFile:
    return parse_table(await read_sent(make(pages)), load_plans(), wanted)


def read_text(content: bytes) -> UnitFile:
    return parse_table(text_sheets(content, count_columns), load_plans())


def tree(table: UnitFile) -> dict[str, str]:
    return {line.code: line.parent for line in table.lines}


def text(rows: Rows, delimiter: str = ";") -> str:
    return "\r\n".join(delimiter.join(str(cell or "") for cell in row) for row in rows)


def kinds(table: UnitFile) -> list[NoteKind]:
    return [note.kind for note in table.notes]


async def refusal(pages: Mapping[str, Page], wanted: Sequence[str] = ()) -> UnitFileRefusedError:
    with pytest.raises(UnitFileRefusedError) as refused:
        await read(pages, wanted=wanted)
    return refused.value


# Sheets --------------------------------------------------------------------------------------------------------------

HIDDEN = Page([HEAD, ["CŨ", None, "LĐLĐ tỉnh Cũ", "LĐLĐ tỉnh"]], hidden=True)
SHEETS: dict[str, tuple[dict[str, Page], list[NoteKind]]] = {
    "hidden first": ({"Cũ": HIDDEN, "Nay": Page(GOOD)}, [NoteKind.HIDDEN_SHEET]),
    "hidden last": ({"Nay": Page(GOOD), "Cũ": HIDDEN}, [NoteKind.HIDDEN_SHEET]),
    "hidden between": (
        {"A": Page(GOOD[:4]), "Cũ": HIDDEN, "B": Page([HEAD, TWO])},
        [NoteKind.HIDDEN_SHEET, NoteKind.SHEETS],
    ),
    "two hidden": ({"Cũ": HIDDEN, "Nay": Page(GOOD), "Cũ 2": HIDDEN}, [NoteKind.HIDDEN_SHEET] * 2),
    "a cover": ({"Bìa": Page([["Danh sách năm 2026"]]), "Nay": Page(GOOD)}, [NoteKind.NO_HEADER]),
    "an empty sheet": ({"Sheet2": Page([]), "Nay": Page(GOOD)}, []),
    "an empty hidden sheet": ({"Sheet2": Page([], hidden=True), "Nay": Page(GOOD)}, []),
    "two of units": ({"A": Page(GOOD[:4]), "B": Page([HEAD, TWO])}, [NoteKind.SHEETS]),
    "other columns": (
        {"A": Page(GOOD[:4]), "B": Page([["Tên", "Loại", "Mã", "Trực thuộc"], ["CĐCS Hai", "HCSN", "C2", "U"]])},
        [NoteKind.SHEETS],
    ),
}


@pytest.mark.parametrize("make", [xlsx, xls, ods])
@pytest.mark.parametrize(("pages", "told"), SHEETS.values(), ids=SHEETS.keys())
async def test_sheets_that_are_seen_are_read_and_no_other_is_passed_over_silently(
    make: Make, pages: dict[str, Page], told: list[NoteKind]
) -> None:
    table = await read(pages, make)
    assert (tree(table), kinds(table), table.problems) == (TREE, told, ())


async def test_a_hidden_sheet_is_read_where_it_is_asked_for() -> None:
    pages = {"Cũ": HIDDEN, "Nay": Page(GOOD)}
    table = await read(pages, wanted=["Cũ"])
    assert (tree(table), kinds(table)) == ({"CŨ": ""}, [NoteKind.NOT_ASKED])
    assert (await refusal(pages, wanted=["Không có"])).why is WhyNoUnits.NO_SUCH_SHEET
    assert (await refusal({"Cũ": HIDDEN, "Bìa": Page([["x", "y"]])})).why is WhyNoUnits.ONLY_HIDDEN


async def test_a_row_on_another_sheet_is_named_with_it() -> None:
    table = await read(
        {"A": Page(GOOD), "B": Page([HEAD, ["C3", "U", "CĐCS Ba", "lạ"], ["C4", "Z", "Bốn", "FDI"], ONE])}
    )
    problems = decide_import(table, []).problems
    assert [str(problem).partition(":")[0] for problem in problems] == [
        "sheet “B”, row 2, column kind",
        "sheet “B”, row 3, column parent",
        "sheet “B”, row 4, column code",
    ]
    assert "row 4 of sheet “A” already" in str(problems[2])


async def test_a_sheet_without_a_column_leaves_it_as_it_is() -> None:
    pages = {"A": Page([HEAD, ROOT, UPPER, ONE]), "B": Page([["Mã", "Cán bộ", "SĐT"], ["C1", "Hoa", "0901000003"]])}
    change = decide_import(await read(pages), [])
    assert not change.problems
    assert change.new["C1"].parent == "U"


# Merged cells --------------------------------------------------------------------------------------------------------

MERGED: dict[str, Page] = {
    "parent": MERGED_DOWN,
    "all rows": Page([HEAD, ROOT, UPPER, ONE, ["C2", None, "CĐCS Hai", None]], merged=[(4, 2, 5, 2)]),
    "with an officer's column behind": Page(
        [[*HEAD, "SĐT"], ROOT, UPPER, [*ONE, "0901000003"], ["C2", None, "CĐCS Hai", "HCSN", None]],
        merged=[(4, 2, 5, 2), (4, 5, 5, 5)],
    ),
    "title across": Page([["DANH SÁCH", None, None, None], *GOOD], merged=[(1, 1, 1, 4)]),
}


@pytest.mark.parametrize("make", [xlsx, xls, ods])
@pytest.mark.parametrize("page", MERGED.values(), ids=MERGED.keys())
async def test_a_merged_cell_holds_for_each_of_its_rows(make: Make, page: Page) -> None:
    table = await read({"A": page}, make)
    assert tree(table) == TREE
    assert find_new_roots(decide_import(table, []), []) == (("T", "LĐLĐ tỉnh Mẫu"),)


async def test_a_code_merged_over_its_officers_is_one_unit() -> None:
    rows: list[list[Any]] = [
        [*HEAD, "Cán bộ", "SĐT"],
        [*ROOT, "Hoa", "0901000003"],
        [None, None, None, None, "Lan", "0901000004"],
    ]
    change = decide_import(await read({"A": Page(rows, merged=[(2, each, 3, each) for each in (1, 2, 3, 4)])}), [])
    assert not change.problems
    assert [officer.name for officer in change.officers] == ["Hoa", "Lan"]


async def test_a_parent_written_once_without_merging_is_pointed_out() -> None:
    rows: list[list[Any]] = [HEAD, ROOT, UPPER, ONE, ["C2", None, "CĐCS Hai", "HCSN"]]
    change = decide_import(await read({"A": Page(rows)}), [])
    assert [code for code, _ in find_new_roots(change, [])] == ["T", "C2"]


async def test_a_parent_given_by_its_name_is_told_the_code() -> None:
    rows: list[list[Any]] = [HEAD, ROOT, ["C1", "lđlđ tỉnh mẫu", "CĐCS Một", "FDI"]]
    assert [str(problem) for problem in decide_import(await read({"A": Page(rows)}), []).problems] == [
        "row 3, column parent: “lđlđ tỉnh mẫu” is a unit's name; write its code, T"
    ]


# Headings ------------------------------------------------------------------------------------------------------------

TAIL: list[list[Any]] = [["T", "LĐLĐ tỉnh Mẫu", "LĐLĐ tỉnh", "Hoa", "0901000003"]]
HEADINGS: dict[str, tuple[Page, list[NoteKind]]] = {
    "groups above": (
        Page([["Đơn vị", None, None, "Cán bộ", None], ["Mã", "Tên", "Loại hình", "Họ tên", "Điện thoại"], *TAIL],
             merged=[(1, 1, 1, 3), (1, 4, 1, 5)]),
        [NoteKind.TWO_ROW_HEADING],
    ),
    "columns merged down": (
        Page([["Mã", "Tên", "Loại hình", "Cán bộ phụ trách", None], [None, None, None, "Họ tên", "Điện thoại"], *TAIL],
             merged=[(1, 1, 2, 1), (1, 2, 2, 2), (1, 3, 2, 3), (1, 4, 1, 5)]),
        [NoteKind.TWO_ROW_HEADING],
    ),
    "not merged": (
        Page([["Mã", "Tên", "Loại hình", "Người phụ trách", None], [None, None, None, "Họ và tên", "SĐT"], *TAIL]),
        [NoteKind.TWO_ROW_HEADING],
    ),
    "columns counted": (
        Page([["Mã", "Tên", "Loại hình", "Cán bộ", "SĐT"], ["(1)", "(2)", "(3)", "(4)", "(5)"], *TAIL]),
        [NoteKind.NUMBERING],
    ),
    "counted as numbers": (
        Page([["Mã", "Tên", "Loại hình", "Cán bộ", "SĐT"], [1, 2, 3, 4, 5], *TAIL]),
        [NoteKind.NUMBERING],
    ),
    "a title and blanks above": (Page([["DANH SÁCH ĐƠN VỊ"], [], ["Mã", "Tên", "Loại", "Họ tên", "ĐT"], *TAIL]), []),
    "a total below": (
        Page([["Mã", "Tên", "Loại hình", "Cán bộ", "SĐT"], *TAIL, [None, "Tổng cộng: 1 đơn vị"]]),
        [NoteKind.TOTAL],
    ),
    "a total in the first column": (
        Page([["Mã", "Tên", "Loại hình", "Cán bộ", "SĐT"], *TAIL, ["Cộng", None, 1]]),
        [NoteKind.TOTAL],
    ),
    "in TCVN3": (Page([["M· ®¬n vÞ", "Tªn ®¬n vÞ", "Lo¹i h×nh", "Hä tªn", "§iÖn tho¹i"], *TAIL]), []),
}  # fmt: skip


@pytest.mark.parametrize(("page", "told"), HEADINGS.values(), ids=HEADINGS.keys())
async def test_headings_and_totals_are_told_from_units(page: Page, told: list[NoteKind]) -> None:
    table = await read({"A": page})
    assert kinds(table) == told
    assert not table.problems
    assert [(line.code, line.name, line.officer, line.phone) for line in table.lines] == [
        ("T", "LĐLĐ tỉnh Mẫu", "Hoa", "+84901000003")
    ]


async def test_a_name_in_two_columns_below_one_heading_is_one_name() -> None:
    rows: list[list[Any]] = [[*HEAD, "Họ và tên", None, "SĐT"], [*ROOT, "Nguyễn Thị", "Hoa", "0901000003"]]
    for merged in ([(1, 5, 1, 6)], []):
        table = await read({"A": Page(rows, merged=merged)})
        assert table.lines[0].officer == ("Nguyễn Thị Hoa" if merged else "Nguyễn Thị")
    above: list[list[Any]] = [[*HEAD, "Cán bộ", None, None], [None] * 4 + ["Họ và tên", None, "SĐT"], rows[1]]
    table = await read({"A": Page(above, merged=[(1, 5, 1, 7), (2, 5, 2, 6)])})
    assert (table.lines[0].officer, table.lines[0].phone) == ("Nguyễn Thị Hoa", "+84901000003")


async def test_a_heading_that_is_repeated_on_each_page_is_passed_over() -> None:
    table = await read({"A": Page([*GOOD[:3], HEAD, *GOOD[3:]])})
    assert (tree(table), kinds(table), table.problems) == (TREE, [NoteKind.REPEATED], ())


async def test_a_first_unit_that_looks_like_a_heading_is_a_unit() -> None:
    rows: list[list[Any]] = [
        ["Mã", "Tên", "Loại hình", "Vai trò", "SĐT"],
        ["T", "Mẫu", "LĐLĐ tỉnh", "Cán bộ", "0901000003"],
    ]
    assert [line.code for line in (await read({"A": Page(rows)})).lines] == ["T"]


# Cells ---------------------------------------------------------------------------------------------------------------

CELLS: dict[str, tuple[int, Any, str, RowTrouble, str]] = {
    "a date": (0, date(2026, 2, 1), "code", RowTrouble.IS_DATE, "A4"),
    "a date above": (1, date(2026, 2, 1), "parent", RowTrouble.IS_DATE, "B4"),
    "an error": (1, "#N/A", "parent", RowTrouble.IS_ERROR, "B4"),
    "full width": (0, "ＣＳ０１", "code", RowTrouble.WIDE, "A4"),
    "full width above": (1, "Ｕ", "parent", RowTrouble.WIDE, "B4"),
    "an apostrophe": (0, "'C1", "code", RowTrouble.APOSTROPHE, "A4"),
    "an apostrophe in a name": (2, "'CĐCS Một", "name", RowTrouble.APOSTROPHE, "C4"),
}


@pytest.mark.parametrize(("place", "value", "column", "trouble", "cell"), CELLS.values(), ids=CELLS.keys())
async def test_what_a_program_or_keyboard_made_of_a_cell_is_refused_by_its_name(
    place: int, value: Any, column: str, trouble: RowTrouble, cell: str
) -> None:
    row: list[Any] = [*ONE]
    row[place] = value
    table = await read({"A": Page([HEAD, ROOT, UPPER, row])})
    assert [(problem.column, problem.trouble, problem.said[0]) for problem in table.problems] == [
        (column, trouble, cell)
    ]


async def test_a_phone_in_full_width_digits_is_named_and_shown_as_typed() -> None:
    table = await read({"A": Page([[*HEAD, "SĐT"], [*ROOT, "０９０１０００００３"]])})
    assert "cell E2" in str(table.problems[0])
    assert "“０９０１０００００３”" in str(table.problems[0])


@pytest.mark.parametrize("code", ["01-Feb", "Feb-26", "1-Jan-26", "01/02/2026", "1.2E+12"])
def test_a_code_that_excel_spoiled_in_a_csv_is_refused(code: str) -> None:
    table = read_text(text([HEAD, ROOT, [code, "T", "CĐCS Một", "FDI"]]).encode())
    assert [problem.trouble in (RowTrouble.IS_DATE, RowTrouble.SHORTENED) for problem in table.problems] == [True]


async def test_codes_keep_the_zeros_that_their_format_shows_and_hidden_rows_are_told() -> None:
    book = load_workbook(io.BytesIO(xlsx({"A": Page([HEAD, [12, None, *ROOT[2:]], [13, 12, *ONE[2:]]])})))
    sheet = book.worksheets[0]
    for cell in (sheet["A2"], sheet["A3"], sheet["B3"]):
        cell.number_format = "0000"
    sheet.row_dimensions[3].hidden = True
    buffer = io.BytesIO()
    book.save(buffer)
    table = parse_table(await read_sent(buffer.getvalue()), load_plans())
    assert tree(table) == {"0012": "", "0013": "0012"}
    assert [str(note) for note in table.notes] == ["1 rows are hidden and were read too, the first of them row 3"]


async def test_a_workbook_with_more_sheets_than_are_read_is_refused() -> None:
    with pytest.raises(TableRefusedError) as refused:
        await read({f"S{number}": Page(GOOD) for number in range(201)})
    assert refused.value.why is WhyNoTable.TOO_MANY_SHEETS


OLD: list[list[Any]] = [
    HEAD,
    ["T", None, "L§L§ tØnh Minh Häa", "LĐLĐ tỉnh"],
    ["C1", "T", "C§CS Tr\xadêng TiÓu häc", "HCSN"],
    ["C2", "T", "CĐCS Bến Tre", "Ngoµi nhµ n\xadíc"],
]


@pytest.mark.parametrize("make", [xlsx, xls, ods])
async def test_names_in_old_letters_are_converted_and_told(make: Make) -> None:
    table = await read({"A": Page(OLD)}, make)
    assert [line.name for line in table.lines] == ["LĐLĐ tỉnh Minh Họa", "CĐCS Trường Tiểu học", "CĐCS Bến Tre"]
    assert kinds(table) == [NoteKind.OLD_LETTERS]
    assert table.notes[0].said[:2] == ("3", "TCVN3")
    assert not table.problems


async def test_a_name_that_may_be_in_either_letters_is_refused() -> None:
    table = await read({"A": Page([*OLD, ["C3", "T", "CĐCS Tô Lâm", "FDI"], ["C4", "T", "Tô", "FDI"]])})
    assert [(problem.row, problem.trouble) for problem in table.problems] == [(6, RowTrouble.EITHER_LETTERS)]


# Text ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_names_full_of_the_other_delimiters_change_nothing(delimiter: str, encoding: str) -> None:
    others = "".join(each for each in ";,|" if each != delimiter) * 6
    rows: list[list[Any]] = [[*row[:2], f"{row[2]} {others}", row[3]] if row is not HEAD else row for row in GOOD]
    table = read_text(text(rows, delimiter).encode(encoding))
    assert tree(table) == TREE
    assert not table.problems


def test_the_letters_of_windows_before_unicode_are_read() -> None:
    content = "Ma\u0303;Tên;Loa\u0323i\r\nT;LĐLĐ ti\u0309nh Mâ\u0303u;LĐLĐ ti\u0309nh\r\n".encode("cp1258")
    assert read_text(content).lines[0].name == "LĐLĐ tỉnh Mẫu"
    old = "M·;Tªn;Lo¹i\r\nT;L§L§ tØnh MÉu;L§L§ tØnh\r\n".encode("cp1252")
    assert read_text(old).lines[0].name == "LĐLĐ tỉnh Mẫu"


# What is told --------------------------------------------------------------------------------------------------------


def test_everything_that_is_told_has_its_words_for_the_chat() -> None:
    assert set(file_words._TROUBLES) == set(RowTrouble)
    assert set(file_words._NOTES) == set(NoteKind)
    for english, vietnamese in [*file_words._TROUBLES.items(), *file_words._NOTES.items()]:
        assert {each for each in "0123" if f"{{{each}}}" in vietnamese} == {
            each for each in "0123" if f"{{{each}}}" in english.value
        }


# Lists as offices keep them ------------------------------------------------------------------------------------------


async def test_headings_of_their_own_are_understood_and_other_columns_are_told() -> None:
    rows: list[list[Any]] = [
        ["DANH SÁCH CÔNG ĐOÀN"],
        ["STT", "Ký hiệu", "Tên tổ chức công đoàn", "Trực thuộc", "Khối", "Chủ tịch", "Số ĐT", "Số ĐV", "Trống"],
        [1, *(ROOT[at] for at in (0, 2, 1, 3)), "Trần Thị Mẫu", "0901000101", 5, None],
        [2, *(ONE[at] for at in (0, 2)), "T", ONE[3], "Lê Văn Thử", "0901000102", 7, None],
        [None, "Cộng", None, None, None, None, None, 12, None],
        [None, "Người lập biểu", None, None, None, "TM. BAN TỔ CHỨC", None, None, None],
    ]
    table = await read({"A": Page(rows)})
    assert tree(table) == {"T": "", "C1": "T"}
    assert [line.officer for line in table.lines] == ["Trần Thị Mẫu", "Lê Văn Thử"]
    assert kinds(table) == [NoteKind.UNREAD, NoteKind.TOTAL, NoteKind.BELOW]
    assert table.notes[0].said == ("H “Số ĐV”",)
    assert "Người lập biểu" in file_words._note(table.notes[2])


async def test_several_new_units_need_a_column_of_parents() -> None:
    rows = [["Mã", "Tên", "Loại hình"], *([each[0], each[2], each[3]] for each in (ROOT, UPPER))]
    problems = decide_import(await read({"A": Page(rows)}), []).problems
    assert [(each.column, each.trouble) for each in problems] == [("parent", RowTrouble.NEEDS)] * 2
    assert not decide_import(await read({"A": Page(rows[:2])}), []).problems


async def test_a_heading_without_codes_is_named_with_what_is_not_understood() -> None:
    refused = await refusal(
        {"A": Page([["Danh sách"], ["TT", "Bí danh", "Tên đơn vị", "Cấp trên"], [1, "x", "y", "z"]])}
    )
    assert (refused.why, refused.said[:2]) == (WhyNoUnits.NO_CODES, ("2", "“Bí danh”"))
    assert "“Bí danh”" in file_words.refused(refused).text


async def test_a_second_table_with_other_columns_is_read_by_its_own_heading() -> None:
    rows: list[list[Any]] = [
        *GOOD[:3],
        [None],
        ["Tên CĐCS", "Cấp trên", "Mã", "Số đoàn viên", "Loại hình"],
        ["CĐCS Một", "U", "C1", 12, "FDI"],
        ["CĐCS Hai", "U", "C2", 20, "HCSN"],
    ]
    table = await read({"A": Page(rows)})
    assert (tree(table), table.problems) == (TREE, ())
    assert kinds(table) == [NoteKind.FURTHER, NoteKind.UNREAD]


async def test_formulas_that_were_not_calculated_are_named() -> None:
    book = load_workbook(io.BytesIO(xlsx({"A": Page(GOOD)})))
    book.worksheets[0]["A4"] = '="C"&1'
    book.worksheets[0]["C5"] = '="CĐCS "&"Hai"'
    content = io.BytesIO()
    book.save(content)
    table = parse_table(await read_sent(content.getvalue()), load_plans())
    told = [(each.column, each.said) for each in table.problems if each.trouble is RowTrouble.UNCALCULATED]
    assert told == [("code", ("A4",)), ("name", ("C5",))]


async def test_a_list_in_the_letters_of_an_old_font_is_read_from_its_heading_on() -> None:
    rows: list[list[Any]] = [
        ["Maõ ñôn vò", "Teân ñôn vò", "Caáp treân", "Loaïi hình"],
        ["LD", "Lieân ñoaøn Lao ñoäng tænh Minh Hoïa", None, "LÑLÑ tænh"],
        ["H1", "Coâng ñoaøn xaõ Höng Thöû", "LD", "Coâng ñoaøn xaõ"],
    ]
    table = await read({"A": Page(rows)})
    assert [line.name for line in table.lines] == ["Liên đoàn Lao động tỉnh Minh Họa", "Công đoàn xã Hưng Thử"]
    assert (tree(table), table.problems) == ({"LD": "", "H1": "LD"}, ())
