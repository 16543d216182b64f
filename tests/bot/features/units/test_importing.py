"""Unit files: good ones taken in whole, bad ones refused by row and column, and what Excel does to them."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from bot.features.units import words
from bot.features.units.changes import decide_import
from bot.features.units.headings import count_columns
from bot.features.units.importing import ImportOutcome, import_units
from bot.features.units.template import build_template
from bot.features.units.troubles import COLUMNS, RowSpot
from bot.features.units.unit_files import find_plan_id, parse_table
from knowledge.model.units import UnitKind
from knowledge.plans import load_plans
from knowledge.spreadsheets.child import OLE, ZIP, read_here
from knowledge.spreadsheets.model import Sheet, SheetHead, SheetRow
from knowledge.spreadsheets.reading import read_file
from knowledge.spreadsheets.refusals import FROM_OPERATOR, TableRefusedError
from knowledge.spreadsheets.separated import read_separated
from storage import people
from storage import units as stored
from storage.engine import Database
from storage.people import RoleName
from tests.examples import examples

TODAY = date(2026, 11, 3)
HEADER = list(COLUMNS)
GOOD = [
    ["TLD", "", "Tổng Liên đoàn", "tổng liên đoàn", "", "", "", ""],
    ["HCM", "TLD", "LĐLĐ TP.HCM", "LĐLĐ thành phố", "25-CTr/TU", "Lê Văn Hùng", "0901000002", "supervisor"],
    ["CS1", "HCM", "CĐCS Một", "FDI", "", "Nguyễn Thị Hoa", "0901000003", ""],
    ["CS1", "", "", "", "", "Phạm Quốc Bình", "0901000004", "officer"],
    ["CS2", "HCM", "CĐCS Hai", "ngoài NN", "quangtri-nq02-2021", "Nguyễn Thị Hoa", "901000003", "cán bộ"],
]


def sheet(rows: Sequence[Sequence[Any]], header: Sequence[str] = HEADER) -> bytes:
    book = Workbook()
    page = book.active
    assert page is not None
    page.append(list(header))
    for row in rows:
        page.append(list(row))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def text(rows: Sequence[Sequence[str]], header: Sequence[str] = HEADER, delimiter: str = ",") -> bytes:
    return "\n".join(delimiter.join(row) for row in (header, *rows)).encode()


def read_sheets(content: bytes) -> list[Sheet]:
    """What the child and its parent make of a file, in this process."""
    if not content.startswith((OLE, ZIP)):
        return [Sheet(SheetHead(""), list(read_separated(content, count_columns, FROM_OPERATOR)))]
    sheets: list[Sheet] = []
    rows: list[SheetRow] = []
    for line in read_here(content, FROM_OPERATOR):
        if isinstance(line, SheetHead):
            rows = []
            sheets.append(Sheet(line, rows))
        else:
            rows.append(line)
    return sheets


async def take(database: Database, content: bytes, now: datetime, *, partial: bool = False) -> ImportOutcome:
    table = parse_table(read_sheets(content), load_plans())
    async with database.write() as db:
        return await import_units(db, table, now=now, today=TODAY, partial=partial)


async def tree_of(database: Database) -> dict[str, str | None]:
    async with database.read() as db:
        found = await stored.list_all(db)
    by_id = {unit.id: unit for unit in found}
    for unit in found:
        assert unit.path == (by_id[unit.parent_id].path if unit.parent_id else "/") + f"{unit.id}/"
    return {unit.code: by_id[unit.parent_id].code if unit.parent_id else None for unit in found}


@pytest.mark.parametrize("build", [sheet, text, lambda rows: text(rows, delimiter=";")], ids=["xlsx", "csv", "csv;"])
@pytest.mark.both_engines
async def test_a_good_file_is_taken_in_whole(database: Database, now: datetime, build: Any) -> None:
    done = await take(database, build(GOOD), now)
    assert done == ImportOutcome(
        is_done=True, reports_since=TODAY, added=4, roles=4, people=3, roots=(("TLD", "Tổng Liên đoàn"),)
    )
    assert await tree_of(database) == {"TLD": None, "HCM": "TLD", "CS1": "HCM", "CS2": "HCM"}
    async with database.read() as db:
        hoa = await people.find_by_phone(db, "+84901000003")
        assert hoa is not None
        assert len(await people.list_roles(db, hoa.id)) == 2
        hcm = await stored.find_unit(db, "hcm")
        assert hcm is not None
        assert (hcm.kind, hcm.plan, hcm.registered_on) == (UnitKind.PROVINCE, "hcm-nq02-2022", TODAY)
        assert [role.role for role, _ in await people.list_staff(db, hcm.id)] == [RoleName.SUPERVISOR]


async def test_a_number_put_right_stays_one_person_until_they_joined(sqlite_database: Database, now: datetime) -> None:
    def of(phone: str) -> bytes:
        return sheet([["CS1", "", "CĐCS Một", "ngoài NN", "", "Trần Thị Bình", phone, "cán bộ"]])

    await take(sqlite_database, of("0901000011"), now)
    mended = await take(sqlite_database, of("0901000012"), now)
    assert (mended.people, mended.roles) == (0, 0)
    async with sqlite_database.write() as db:
        [binh] = await people.list_all(db)
        assert binh.phone == "+84901000012"
        await people.join(db, binh.id, 77, now)
    other = await take(sqlite_database, of("0901000013"), now)
    assert (other.people, other.roles) == (1, 1), "who has joined keeps the number"


async def test_the_same_file_again_changes_nothing(database: Database, now: datetime) -> None:
    await take(database, sheet(GOOD), now)
    assert await take(database, sheet(GOOD), now) == ImportOutcome(is_done=True, reports_since=TODAY, unchanged=4)


@pytest.mark.both_engines
async def test_importing_again_updates_by_code_and_moves_whole_subtrees(database: Database, now: datetime) -> None:
    await take(database, sheet(GOOD), now)
    again = [
        ["QT", "TLD", "LĐLĐ tỉnh Quảng Trị", "LĐLĐ tỉnh", "", "", "", ""],
        ["hcm", "QT", "LĐLĐ Thành phố", "", "", "", "", ""],
    ]
    done = await take(database, sheet(again), now)
    assert (done.added, done.changed, done.moved, done.unchanged) == (1, 1, 1, 0)
    assert await tree_of(database) == {"TLD": None, "QT": "TLD", "hcm": "QT", "CS1": "hcm", "CS2": "hcm"}
    async with database.read() as db:
        hcm = await stored.find_unit(db, "HCM")
        assert hcm is not None
        assert (hcm.name, hcm.kind, hcm.plan) == ("LĐLĐ Thành phố", UnitKind.PROVINCE, None)
        assert await stored.count_subtree(db, hcm.id) == 3


async def test_a_file_of_officers_alone_leaves_the_tree_as_it_is(database: Database, now: datetime) -> None:
    await take(database, sheet(GOOD), now)
    header = ["Mã đơn vị", "Họ và tên", "SĐT"]
    done = await take(database, sheet([["CS2", "Hồ Ngọc Lan", 901000005]], header), now)
    assert (done.added, done.changed, done.roles, done.people) == (0, 0, 1, 1)
    assert (await tree_of(database))["CS2"] == "HCM"


async def test_a_role_that_was_ended_is_not_given_back_by_a_file(database: Database, now: datetime) -> None:
    await take(database, sheet(GOOD), now)
    async with database.write() as db:
        hoa = await people.find_by_phone(db, "+84901000003")
        unit = await stored.find_unit(db, "CS1")
        assert hoa is not None
        assert unit is not None
        await people.end_role(db, hoa.id, unit.id, RoleName.OFFICER, now)
    done = await take(database, sheet(GOOD), now)
    assert (done.roles, done.ended) == (0, (RowSpot(4),))


BAD: list[tuple[str, list[list[str]], list[tuple[int, str, str]]]] = [
    ("unknown kind", [["A", "", "A", "xí nghiệp", "", "", "", ""]], [(2, "kind", "ngoài nhà nước, FDI, nghiệp đoàn")]),
    ("no code", [["", "", "A", "FDI", "", "", "", ""]], [(2, "code", "no code")]),
    ("new without name and kind", [["A", "", "", "", "", "", "", ""]], [(2, "name", "needs"), (2, "kind", "needs")]),
    ("unknown parent", [["A", "Z", "A", "FDI", "", "", "", ""]], [(2, "parent", "no unit Z")]),
    ("unknown plan", [["A", "", "A", "FDI", "99-KH", "", "", ""]], [(2, "plan", "25-CTr/TU")]),
    ("bad phone", [["A", "", "A", "FDI", "", "Hoa", "12", ""]], [(2, "phone", "0901 000 003")]),
    ("officer without phone", [["A", "", "A", "FDI", "", "Hoa", "", ""]], [(2, "phone", "missing")]),
    ("bad role", [["A", "", "A", "FDI", "", "Hoa", "0901000003", "boss"]], [(2, "role", "supervisor")]),
    ("role without officer", [["A", "", "A", "FDI", "", "", "", "officer"]], [(2, "phone", "missing")]),
    (
        "duplicate",
        [["A", "", "A", "FDI", "", "", "", ""], ["a", "", "A", "FDI", "", "", "", ""]],
        [(3, "code", "row 2 already")],
    ),
    (
        "the same code with another name",
        [["A", "", "Một", "FDI", "", "", "", ""], ["A", "", "Hai", "FDI", "", "Hoa", "0901000003", ""]],
        [(3, "name", "row 2 already")],
    ),
    (
        "the same officer twice",
        [["A", "", "A", "FDI", "", "Hoa", "0901000003", ""], ["A", "", "A", "FDI", "", "Hoa", "901000003", "officer"]],
        [(3, "phone", "row 2 already")],
    ),
    (
        "one number, two people",
        [["A", "", "A", "FDI", "", "Hoa", "0901000003", ""], ["B", "A", "B", "FDI", "", "Bình", "0901000003", ""]],
        [(3, "phone", "belongs to Hoa in row 2")],
    ),
    (
        "a cycle",
        [["A", "C", "A", "FDI", "", "", "", ""], ["B", "A", "B", "FDI", "", "", "", ""],
         ["C", "B", "C", "FDI", "", "", "", ""]],
        [(2, "parent", "A → C → B → A"), (3, "parent", "itself"), (4, "parent", "itself")],
    ),
    ("its own parent", [["A", "a", "A", "FDI", "", "", "", ""]], [(2, "parent", "A → A")]),
    (
        "below a refused one",
        [["A", "", "A", "gì đó", "", "", "", ""], ["B", "A", "B", "FDI", "", "", "", ""],
         ["C", "B", "C", "FDI", "", "", "", ""]],
        [(2, "kind", "gì đó"), (3, "parent", "row 2"), (4, "parent", "row 3")],
    ),
    ("too long", [["A" * 61, "", "A" * 251, "FDI", "", "", "", ""]], [(2, "code", "60"), (2, "name", "250")]),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "expected"), [case[1:] for case in BAD], ids=[case[0] for case in BAD])
async def test_a_bad_row_is_named_and_nothing_is_done(
    sqlite_database: Database, now: datetime, rows: list[list[str]], expected: list[tuple[int, str, str]]
) -> None:
    good = ["G", "", "Good", "FDI", "", "Lan", "0901000009", ""]
    done = await take(sqlite_database, text([*rows, good]), now)
    assert not done.is_done
    assert [(problem.row, problem.column) for problem in done.problems] == [each[:2] for each in expected]
    for problem, (_, _, piece) in zip(done.problems, expected, strict=True):
        assert piece in problem.says
        assert str(problem).startswith(f"row {problem.row}, column {problem.column}: ")
    assert await tree_of(sqlite_database) == {}
    partly = await take(sqlite_database, text([*rows, good]), now, partial=True)
    assert partly.is_done
    assert partly.problems == done.problems
    assert "G" in await tree_of(sqlite_database)


async def test_partial_takes_the_unit_whose_officer_is_refused(sqlite_database: Database, now: datetime) -> None:
    rows = [["A", "", "A", "FDI", "", "Hoa", "12", ""], ["B", "A", "B", "FDI", "", "", "", ""]]
    done = await take(sqlite_database, text(rows), now, partial=True)
    assert (done.added, done.roles) == (2, 0)


async def test_a_cycle_through_units_that_are_there_is_refused(sqlite_database: Database, now: datetime) -> None:
    await take(sqlite_database, text(GOOD), now)
    rows = [["TLD", "CS1", "Tổng Liên đoàn", "TLĐ", "", "", "", ""]]
    done = await take(sqlite_database, text(rows), now, partial=True)
    assert [(each.row, each.column) for each in done.problems] == [(2, "parent")]
    assert (await tree_of(sqlite_database))["TLD"] is None


async def test_what_was_dissolved_is_not_changed_by_a_file(sqlite_database: Database, now: datetime) -> None:
    await take(sqlite_database, text(GOOD), now)
    async with sqlite_database.write() as db:
        unit = await stored.find_unit(db, "HCM")
        assert unit is not None
        await stored.dissolve(db, unit.id, TODAY)
    new = ["CS9", "HCM", "Chín", "FDI", "", "", "", ""]
    done = await take(sqlite_database, text([GOOD[1], new]), now)
    assert [(each.row, each.column) for each in done.problems] == [(2, "code"), (3, "parent")]
    assert "dissolved on 03/11/2026" in done.problems[0].says


def test_vietnamese_headings_in_any_order_are_understood() -> None:
    header = ["Vai trò", "Số điện thoại", "Tên đơn vị (bắt buộc)", "MÃ ĐƠN VỊ *", "Loại hình", "Mã cấp trên", "Ghi chú"]
    rows = [["phụ trách", 901000002, "LĐLĐ TP.HCM", "HCM", "LĐLĐ tỉnh", None, "x"]]
    table = parse_table(read_sheets(sheet(rows, header)), load_plans())
    assert not table.problems
    assert table.lines[0].columns == {"role", "phone", "name", "code", "kind", "parent"}
    line = table.lines[0]
    assert (line.code, line.phone, line.role) == ("HCM", "+84901000002", RoleName.SUPERVISOR)


def test_what_excel_does_to_cells_is_undone() -> None:
    book = Workbook()
    book.active.title = "Bìa"  # type: ignore[union-attr]
    page = book.create_sheet("Danh sách")
    page.append(["DANH SÁCH ĐƠN VỊ NĂM 2026"])
    page.append([])
    page.append(HEADER)
    page.append([1001.0, None, "  CĐCS\n Một\u200b ", "fdi", None, "Hoa", 901000003.0, None])
    page.append([None] * 8)
    page.append([1002, 1001, "Hai", "HCSN", None, "Lan", "'0901000005", "Cán bộ"])
    page.append(["", "", "   ", "", "", "", "", ""])
    buffer = io.BytesIO()
    book.save(buffer)
    table = parse_table(read_sheets(buffer.getvalue()), load_plans())
    assert not table.problems
    assert [(line.spot.row, line.code, line.parent, line.name, line.phone) for line in table.lines] == [
        (4, "1001", "", "CĐCS Một", "+84901000003"),
        (6, "1002", "1001", "Hai", "+84901000005"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_is_read_in_the_encodings_that_excel_writes(encoding: str, delimiter: str) -> None:
    content = f'mã{delimiter}tên{delimiter}loại hình\nA{delimiter}"Một, {delimiter} hai"{delimiter}FDI\n'.encode(
        encoding
    )
    table = parse_table(read_sheets(content), load_plans())
    assert (table.lines[0].code, table.lines[0].name) == (
        "A",
        f"Một, {delimiter} hai".replace("\t", "").replace("  ", " "),
    )


def test_rows_keep_their_numbers_when_a_cell_has_line_breaks() -> None:
    content = b'code,name,kind\nA,"one\ntwo",FDI\nB,x,nonsense\n'
    table = parse_table(read_sheets(content), load_plans())
    assert [problem.row for problem in table.problems] == [4]


def bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<x/>")
        package.writestr("xl/worksheets/sheet1.xml", b"0" * 50_000_000)
    return buffer.getvalue()


def entities() -> bytes:
    """A workbook whose sheet defines entities that grow without end."""
    good = sheet([["A", "", "A", "FDI", "", "", "", ""]])
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good)) as source, zipfile.ZipFile(buffer, "w") as package:
        for name in source.namelist():
            data = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                data = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + data
            package.writestr(name, data)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "no header row"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 600, "damaged"),
        (b"PK\x03\x04 cut short", "damaged"),
        (bomb(), "packed suspiciously"),
        (entities(), "damaged"),
        (b"a,b,c\n1,2,3\n", "no header row"),
        (b"code,name\n", "nothing below"),
        (b"code,name,ten,kind\nA,B,C,FDI\n", "two columns are headed name"),
        (b"\xff\xfe\x00", "letters of the file"),
    ],
)
def test_files_that_are_no_table_are_refused_in_one_line(content: bytes, says: str) -> None:
    with pytest.raises(TableRefusedError, match=says) as refused:
        parse_table(read_sheets(content), load_plans())
    assert "\n" not in str(refused.value)


@settings(deadline=None, max_examples=examples(60))
@given(st.binary(max_size=400))
def test_no_file_can_do_more_than_be_refused(content: bytes) -> None:
    for start in (b"", b"PK\x03\x04", b"code,name,kind\n"):
        try:
            parse_table(read_sheets(start + content), load_plans())
        except TableRefusedError:
            continue


def test_the_template_can_be_filled_in_and_read() -> None:
    from openpyxl import load_workbook

    template = words.template()
    content = build_template(template)
    with pytest.raises(TableRefusedError, match="nothing below"):
        parse_table(read_sheets(content), load_plans())
    book = load_workbook(io.BytesIO(content))
    page = book[template.sheet]
    for column, value in enumerate(["A", "", "Một", "FDI", "", "Hoa", "0901000003", "officer"], 1):
        page.cell(2, column, value)
    assert page.cell(2, 7).number_format == "@"
    buffer = io.BytesIO()
    book.save(buffer)
    table = parse_table(read_sheets(buffer.getvalue()), load_plans())
    assert not table.problems
    assert table.lines[0].columns == set(COLUMNS)


@pytest.mark.parametrize(
    ("written", "plan"),
    [
        ("25-CTr/TU", "hcm-nq02-2022"),
        (" 25–ctr/tu ", "hcm-nq02-2022"),
        ("A15/KH-CĐCT", None),
        ("quangtri-nq02-2021", "quangtri-nq02-2021"),
        ("26-CTr/TU", None),
    ],
)
def test_a_plan_is_named_by_number_or_id(written: str, plan: str | None) -> None:
    numbered = {each.number: each.id for each in load_plans()}
    assert find_plan_id(written, load_plans()) == (numbered.get(written) or plan)


@pytest.mark.parametrize("seed", range(6))
async def test_whatever_file_comes_what_remains_is_a_tree(sqlite_database: Database, now: datetime, seed: int) -> None:
    chance = random.Random(seed)
    codes = [f"U{number}" for number in range(12)]
    for _ in range(6):
        rows = [
            [
                code,
                chance.choice(["", "", *codes, "none"]),
                code,
                chance.choice(["FDI", "FDI", "FDI", "?"]),
                "",
                "",
                "",
                "",
            ]
            for code in chance.sample(codes, chance.randint(1, 12))
        ]
        await take(sqlite_database, text(rows), now, partial=chance.random() < 0.8)
        await tree_of(sqlite_database)


def test_a_hundred_thousand_rows_are_decided_without_recursion() -> None:
    rows = [["R", "", "Root", "TLĐ", "", "", "", ""]]
    rows += [[f"U{number}", "R" if number % 50 == 0 else f"U{number - 1}", f"Unit {number}", "FDI", "", "", "", ""]
             for number in range(20_000)]  # fmt: skip
    change = decide_import(parse_table(read_sheets(text(rows)), load_plans()), [])
    assert not change.problems
    assert len(change.new) == 20_001


def test_a_file_on_disk_is_read_as_well(tmp_path: Path) -> None:
    file = tmp_path / "units.xlsx"
    file.write_bytes(sheet(GOOD))
    assert len(parse_table(read_file(file, count_columns, lambda _rows: None), load_plans()).lines) == 5
    with pytest.raises(TableRefusedError, match="cannot be read"):
        read_file(tmp_path / "none.csv", count_columns, lambda _rows: None)
