"""Made forms where there is much of everything: names as long as they may be, many units, percentages, two admins."""

from __future__ import annotations

import importlib
import io
import pkgutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import fields
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, get_type_hints

import pytest
from openpyxl import load_workbook

import bot.features
from bot.features.forms import entering, words
from bot.features.forms.entering import FormChangedError, HeldForm
from bot.features.summaries.reports import UnitReport, find_asked, list_asked
from bot.features.summaries.service import read_summary, read_table
from bot.features.summaries.taps import ReportRef
from bot.features.summaries.words.totals import details, summary
from bot.features.summaries.workbook.words import table_book
from bot.features.summaries.workbook.writing import make_workbook
from bot.hands.taps import Tap
from bot.road.reply import TEXT_LIMIT, split_html
from bot.rules import Rules
from knowledge.forms import read_book
from knowledge.forms.workbook import FormWorkbookError, WhyFormRefused, write_form
from knowledge.forms.workbook.heading import LONGEST_CODE
from knowledge.model.forms import Form
from knowledge.model.periods import Period
from knowledge.model.stored_forms import FormStatus
from knowledge.model.units import UnitKind
from storage import forms, submissions, units
from storage.engine import Database
from tests.bot.asking import ZONE
from tests.bot.features.forms.test_made_forms import GLOSSARY, NOW, Office
from tests.knowledge.forms.workbook import made

OCTOBER = Period.month(2026, 10)
COLUMNS = ["STT", "Nội dung", "ĐVT"]


@pytest.fixture
async def office(sqlite_database: Database) -> AsyncIterator[Office]:
    async with sqlite_database.write() as db:
        on = date(2026, 1, 1)
        top = await units.add(db, code="TINH", name="LĐLĐ tỉnh", kind=UnitKind.PROVINCE, registered_on=on)
        own = [
            await units.add(db, code=code, name=code, kind=UnitKind.FOREIGN, registered_on=on, parent_id=top.id)
            for code in ("A", "B")
        ]
        yield Office(db, top, tuple(own))


def workbook(*lines: made.Line, since: str = "tháng 10/2026") -> bytes:
    return made.simple(COLUMNS, *lines, head=[*made.HEAD, ["Áp dụng từ kỳ", since]])


async def send(office: Office, form: Form, unit_id: int, *figures: str) -> None:
    await submissions.record(
        office.db,
        unit_id=unit_id,
        form=form.id,
        period=OCTOBER,
        figures={row.key: Decimal(value) for row, value in zip(form.asked, figures, strict=True)},
        sent_at=datetime(2026, 10, 28, 3, tzinfo=UTC),
        sent_by=None,
        on_time=True,
        reasons={},
    )


async def report_of(office: Office, form: Form) -> UnitReport:
    asking = await office.asking(date(2026, 11, 3))
    [asked] = [each for each in await list_asked(asking, office.top) if each.form.id == form.id]
    found = await find_asked(asking, ReportRef(asked.ref.form, OCTOBER))
    assert found is not None
    return UnitReport(asking, Rules(forms=asking.forms), office.top, found)


async def test_percentages_of_several_units_are_never_added_up(office: Office) -> None:
    form = await office.put(workbook([1, "Đối thoại", "cuộc"], [2, "Tỷ lệ dự", "%"]))
    await send(office, form, office.places[0].id, "3", "92.5")
    report = await report_of(office, form)
    assert "Tỷ lệ dự: <b>92,5%</b>" in details(await read_summary(report)).text
    await send(office, form, office.places[1].id, "4", "80")
    report = await report_of(office, form)
    told = await read_summary(report)
    assert told.totals.figures == {"i1": 7}
    text = details(told).text
    assert "172,5" not in text
    assert "Tỷ lệ của nhiều đơn vị không cộng được" in text
    written = make_workbook(table_book(await read_table(report), today=date(2026, 11, 3), zone=ZONE))
    book = load_workbook(io.BytesIO(written), data_only=True)
    table = {row[0]: row[4:7] for row in book.worksheets[0].values if row[0] in {"i1", "i2"}}
    assert table == {"i1": (7, 3, 4), "i2": (None, 92.5, 80)}
    assert [row[-2:] for row in book.worksheets[1].values][3] == (7, None)


async def test_rows_as_long_and_as_many_as_they_may_be_are_shown_in_pieces_that_telegram_takes(
    office: Office,
) -> None:
    lines = [[number, f"{'Đ<b> & ' * 40}{number}", "người"] for number in range(1, 151)]
    head = [["Tên biểu", "Ơ" * 250], ["Tên gọi tắt", "Ư" * 60], ["Mã biểu", "a" * LONGEST_CODE], *made.HEAD[2:]]
    head.append(["Áp dụng từ kỳ", "tháng 10/2026"])
    held = await office.hold(made.simple(COLUMNS, *lines, head=head))
    shown = words.preview(held)
    assert all(len(each.encode("utf-16-le")) // 2 <= TEXT_LIMIT for each in split_html(shown.text))
    form = (await entering.approve(office.db, held, OCTOBER, by=None, now=NOW)).form
    assert form is not None
    await send(office, form, office.places[0].id, *["1"] * 150)
    told = await read_summary(await report_of(office, form))
    assert len(summary(told).text) < TEXT_LIMIT
    assert len(details(told).text) < TEXT_LIMIT


async def test_many_units_of_names_that_begin_alike_are_told_apart_in_excel(office: Office) -> None:
    form = await office.put(workbook([1, "Đối thoại", "cuộc"]))
    name = "Công đoàn cơ sở Công ty trách nhiệm hữu hạn một thành viên số "
    for number in range(120):
        unit = await units.add(
            office.db,
            code=f"DV{number:03}",
            name=f"{name}{number}",
            kind=UnitKind.FOREIGN,
            registered_on=date(2026, 1, 1),
            parent_id=office.top.id,
        )
        await send(office, form, unit.id, str(number))
    report = await report_of(office, form)
    assert (await read_summary(report)).totals.figures == {"i1": 119 * 60}
    written = make_workbook(table_book(await read_table(report), today=date(2026, 11, 3), zone=ZONE))
    sheet = load_workbook(io.BytesIO(written), data_only=True)["Theo đơn vị"]
    rows = {row[0]: row for row in sheet.values if isinstance(row[0], str) and row[0].startswith("DV")}
    assert len(rows) == 120
    assert {code: row[-1] for code, row in rows.items()} == {f"DV{number:03}": number for number in range(120)}


def taps() -> Iterator[tuple[type[Tap], dict[str, Any]]]:
    """Every button that names a form, with the types of its fields."""
    for module in pkgutil.walk_packages(bot.features.__path__, "bot.features."):
        importlib.import_module(module.name)
    waiting = [Tap]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        hints = {name: hint for name, hint in get_type_hints(kind).items() if name != "name"}
        if "form" in hints or ReportRef in hints.values():
            yield kind, hints


def test_every_button_that_names_a_form_takes_the_longest_code() -> None:
    form, period, seen = "a" * LONGEST_CODE, Period.month(2026, 10), 0
    for kind, hints in taps():
        if not hasattr(kind, "name"):
            continue
        given = {str: form, Period: period, int: 9_999_999, ReportRef: ReportRef(form, period), bool: True}
        values = {each.name: given.get(hints[each.name]) for each in fields(kind)}  # type: ignore[arg-type]
        values["page"] = 99
        made_of = {name: value for name, value in values.items() if name in hints and value is not None}
        assert kind(**made_of).pack()
        seen += 1
    assert seen > 10


# --- Two admins ---


async def test_the_later_workbook_counts_and_the_buttons_of_the_earlier_one_are_over(office: Office) -> None:
    first = await office.hold(workbook([1, "Đối thoại", "cuộc"]))
    second = await office.hold(workbook([1, "Cuộc họp", "cuộc"]))
    assert await entering.find_held(office.db, first.version, first.mark) is None
    approved = await entering.approve(office.db, second, OCTOBER, by=None, now=NOW)
    assert approved.form is not None
    assert [row.name for row in approved.form.indicators] == ["Cuộc họp"]
    for late in (first, second):
        with pytest.raises(FormChangedError):
            await entering.approve(office.db, late, OCTOBER, by=None, now=NOW)
        with pytest.raises(FormChangedError):
            await entering.discard(office.db, late.version, by=None, now=NOW)


async def test_the_same_workbook_held_by_both_is_approved_once(office: Office) -> None:
    content = workbook([1, "Đối thoại", "cuộc"])
    await office.hold(content)
    held = await office.hold(content)
    await entering.approve(office.db, held, OCTOBER, by=None, now=NOW)
    with pytest.raises(FormChangedError):
        await entering.approve(office.db, held, OCTOBER, by=None, now=NOW)
    stored = await forms.list_forms(office.db)
    assert [each.status for each in stored] == [FormStatus.IN_FORCE]


async def test_a_version_that_comes_while_the_form_is_withdrawn_is_in_force_and_the_earlier_periods_stay_withdrawn(
    office: Office,
) -> None:
    form = await office.put(workbook([1, "Đối thoại", "cuộc"], since="tháng 10/2026"))
    held: HeldForm = await office.hold(workbook([1, "Họp", "cuộc"], since="tháng 11/2026"))
    await entering.withdraw(office.db, form.id, date(2026, 11, 3), by=None, now=NOW)
    await entering.approve(office.db, held, Period.month(2026, 11), by=None, now=NOW)
    book = read_book(await forms.list_forms(office.db))
    assert book.get(form.id, OCTOBER).withdrawn_on == date(2026, 11, 3)
    assert book.get(form.id, Period.month(2026, 11)).withdrawn_on is None
    with pytest.raises(FormChangedError):
        await entering.restore(office.db, form.id, by=None, now=NOW)


# --- What comes after what ---


async def test_a_first_period_in_the_past_says_how_many_are_late_and_none_that_was_reported_is_offered(
    office: Office,
) -> None:
    content = workbook([1, "Đối thoại", "cuộc"], since="tháng 1/2026")
    held = await office.hold(content)
    assert [(each.period.code, each.late) for each in held.periods] == [("2026-01", 9), ("2026-11", 0)]
    assert "báo cáo 9 kỳ đã quá hạn" in words.preview(held).text
    form = (await entering.approve(office.db, held, Period.month(2026, 1), by=None, now=NOW)).form
    assert form is not None
    await send(office, form, office.places[0].id, "3")
    again = await office.hold(workbook([1, "Họp", "cuộc"], since="tháng 1/2026"))
    assert [each.period.code for each in again.periods] == ["2026-11"]
    with pytest.raises(FormChangedError):
        await entering.approve(office.db, again, Period.month(2026, 1), by=None, now=NOW)


async def test_a_campaign_form_and_its_versions_are_one_family_beside_forms_of_like_codes(office: Office) -> None:
    other = [["Tên biểu", "Nhà ở hằng tháng"], ["Mã biểu", "khao-sat-nha-o-2"], *made.HEAD[2:]]
    await office.put(made.simple(COLUMNS, [1, "Nhà", "nhà"], head=other))
    first = await office.put(made.housing_campaign())
    second = await office.put(made.housing_campaign())
    assert (first.id, second.id) == ("khao-sat-nha-o", "khao-sat-nha-o-3")
    third = await office.put(write_form(second, GLOSSARY))
    assert third.id == "khao-sat-nha-o-4"
    book = read_book(await forms.list_forms(office.db))
    assert book.outdated == {first.id, second.id}
    assert book.get("khao-sat-nha-o-2").calendar is not None


async def test_two_forms_of_the_same_short_name_are_refused(office: Office) -> None:
    head = [["Tên biểu", "Biến động đoàn viên"], ["Mã biểu", "khac"], *made.HEAD[2:]]
    with pytest.raises(FormWorkbookError) as refused:
        await office.hold(made.simple(COLUMNS, [1, "Nhà", "nhà"], head=head))
    assert [each.why for each in refused.value.refusals] == [WhyFormRefused.NAME_TAKEN]
    assert "Biến động đoàn viên" in words.refused(refused.value).text


def test_a_long_cell_that_is_wrong_is_shown_shortened() -> None:
    content = made.simple([*COLUMNS, "Tự tính"], *[[number, "Nhà", "nhà", "x" * 900] for number in range(1, 13)])
    with pytest.raises(FormWorkbookError) as refused:
        made.described(content)
    assert len(words.refused(refused.value).text) < TEXT_LIMIT
