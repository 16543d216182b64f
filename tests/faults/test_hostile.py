"""Input that is hostile, forged, damaged or too much: rows 38, 40, 50 to 56 and 63.

Rows 50 (forged and replayed buttons) and most of 51 are held in full from outside by tests/e2e/test_forged_taps.py and
test_forged_and_stale.py: every button that the product makes, tapped by people of five kinds. Here stands what those
do not reach: the program as a process, by polling and by webhook, under what comes as bytes, in masses, or at once.
"""

from __future__ import annotations

import asyncio
import io
import os
import re
import secrets
import time
import zipfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from bot.sandbox import FaultKind
from knowledge.model.units import UnitKind
from storage import invites, people, units
from storage.people import RoleName
from tests.e2e.chat import Seat
from tests.faults.invariants import check
from tests.faults.office import asks, broken_table, count_of, inbox_states, join, open_office
from tests.faults.programs import Program
from tests.faults.reminders import Reminders
from tests.faults.rig import Intake, Rig, now

PROMPT = 10.0  # seconds within which others are answered, whatever arrives, on a busy machine
REFUSED = 45.0  # seconds within which a hostile file is refused, on a busy machine


def poisoned(kind: str, number: int, person: int) -> tuple[bytes, int]:
    """An update as bytes that cannot be stored or parsed, and the update id that stands in it."""
    who = b'"from":{"id":%d,"is_bot":false,"first_name":"X"},"chat":{"id":%d,"type":"private"}' % (person, person)
    large = 2**70 + number
    text: dict[str, bytes] = {
        "lone surrogate": b'"\\ud83d xin ch\xc3\xa0o"',
        "no UTF-8": b'"xin ch\xe0o \xff\xfe"',
        "zero byte": b'"xin\\u0000ch\xc3\xa0o"',
        "1 MB of text": b'"' + b"a" * 1_000_000 + b'"',
        "nested deep": b"[" * 100_000 + b"]" * 100_000,
        "number too long": b"1" * 6000,
        "number too large": b"1e999",
    }
    if kind in text:
        message = b'"message_id":%d,"date":1700000000,%s,"text":%s' % (number, who, text[kind])
        return b'{"update_id":%d,"message":{%s}}' % (number, message), number
    plain = b'"date":1700000000,"text":"xin ch\xc3\xa0o"'
    if kind == "update id beyond 64 bits":
        return b'{"update_id":%d,"message":{"message_id":5,%s,%s}}' % (large, who, plain), large
    bodies = {
        "chat id beyond 64 bits": b'"message_id":5,"from":{"id":7,"is_bot":false,"first_name":"X"},'
        b'"chat":{"id":%d,"type":"private"},%s' % (large, plain),
        "person id beyond 64 bits": b'"message_id":5,"from":{"id":%d,"is_bot":false,"first_name":"X"},'
        b'"chat":{"id":%d,"type":"private"},%s' % (large, person, plain),
        "message id beyond 64 bits": b'"message_id":%d,%s,%s' % (large, who, plain),
        "date beyond the calendar": b'"message_id":5,%s,"date":99999999999999999,"text":"x"' % who,
        "text that is a list": b'"message_id":5,%s,"date":1700000000,"text":["a",{"b":null}]' % who,
    }
    if kind in bodies:
        return b'{"update_id":%d,"message":{%s}}' % (number, bodies[kind]), number
    return {"no object": b'"xin ch\xc3\xa0o"', "null": b"null", "no update id": b'{"message":{%s}}' % plain}[
        kind
    ], number


POISONS = (
    "update id beyond 64 bits",
    "lone surrogate",
    "nested deep",
    "1 MB of text",
    "chat id beyond 64 bits",
    "person id beyond 64 bits",
    "message id beyond 64 bits",
    "no UTF-8",
    "zero byte",
    "number too long",
    "number too large",
    "date beyond the calendar",
    "text that is a list",
    "no object",
    "null",
    "no update id",
)


#: By webhook these are nothing that Telegram posts, and are answered as any stranger's nonsense is: 400.
NO_UPDATES = ("no object", "null")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    full = bool(metafunc.config.getoption("full", False))
    if "head" in metafunc.fixturenames:
        metafunc.parametrize("head", POISONS)
    if "many" in metafunc.fixturenames:
        metafunc.parametrize("many", (full,), ids=("many",) if full else ("some",))
    if "files" in metafunc.fixturenames:
        metafunc.parametrize("files", (tuple(HOSTILE) if full else LIGHT,), ids=("files",))


# What cannot be read -------------------------------------------------------------------------------------------------


@pytest.mark.row(63, wide=True)
async def test_what_cannot_be_stored_or_parsed_is_put_aside_and_the_next_are_handled_at_once(rig: Rig) -> None:
    await _meets_each_poison(rig)


@pytest.mark.row(63, intake=Intake.WEBHOOK)
async def test_the_same_by_webhook(rig: Rig) -> None:
    """Telegram gets its 200 for each, or it would come again and again."""
    await _meets_each_poison(rig)


async def _meets_each_poison(rig: Rig) -> None:
    hoa, stranger = rig.chat.person("Nguyễn Thị Hoa"), rig.chat.person("Người Lạ Mặt")
    await rig.start()
    for place, kind in enumerate(POISONS):
        if rig.by_webhook and kind in NO_UPDATES:
            continue
        raw, number = poisoned(kind, 300_000_001 + place, stranger.id)
        rig.sandbox.inject_raw(raw, number)
        began = time.monotonic()
        await asks(hoa, place, what=f"after {kind}", within=PROMPT)
        assert time.monotonic() - began < PROMPT, f"after {kind}"
    await rig.until(lambda: not rig.sandbox.updates, "an update that cannot be handled is handed over for ever")
    await rig.until(lambda: count_of(rig.admin, "") > 0, "no admin is told")
    await check(rig, seats=(hoa,), parked=None)
    states = await inbox_states(rig)
    assert set(states) <= {"done", "parked"}, states


@pytest.mark.thorough
@pytest.mark.row(63)
async def test_it_stands_first_when_the_bot_starts(rig: Rig, head: str) -> None:
    """And once more at the next start, where it may come again: nobody knows whether it was confirmed."""
    if rig.by_webhook and head in NO_UPDATES:
        pytest.skip("what is no update at all comes with others only, in an answer to getUpdates")
    hoa, stranger = rig.chat.person("Nguyễn Thị Hoa"), rig.chat.person("Người Lạ Mặt")
    raw, number = poisoned(head, 300_000_001, stranger.id)
    rig.sandbox.inject_raw(raw, number)
    program = await rig.start()
    await asks(hoa, 0, within=PROMPT)
    await rig.until(lambda: not rig.sandbox.updates, "it is handed over for ever")
    await rig.kill(program)
    rig.sandbox.inject_raw(raw, number)
    await rig.start()
    await asks(hoa, 1, within=PROMPT)
    await check(rig, seats=(hoa,), parked=None)


# Two at once ---------------------------------------------------------------------------------------------------------


@pytest.mark.row(40)
async def test_two_officers_of_one_unit_answer_the_same_question_at_once(rig: Rig) -> None:
    """One wins, the other is told who went on; in the end both press Gửi at once, and one report is stored."""
    office = await open_office(rig, 1)
    async with rig.database() as database, database.write() as db:
        minh = await join(rig, db, "Lê Văn Minh", now() - timedelta(days=60), (office.units[0], RoleName.OFFICER))
    hoa = office.officers[0]
    await rig.start()
    await hoa.says("/baocao")
    await hoa.sees("1/4")
    await minh.says("/baocao")
    await minh.sees("1/4")
    answers = {"2/4": (1320, 1321), "3/4": (1250, 1251), "4/4": (12, 13), "bấm Gửi": (3, 4)}
    taken: list[int] = []
    for reached, (mine, other) in answers.items():
        pair = [(hoa, mine), (minh, other)]
        rig.chance.shuffle(pair)
        for seat, value in pair:
            await seat.says(str(value))
        await rig.until(
            lambda reached=reached: count_of(hoa, reached) > 0 and count_of(minh, reached) > 0,  # type: ignore[misc]
            f"not both are led to {reached}:\n{hoa.transcript()}\n---\n{minh.transcript()}",
        )
        told = sum(count_of(seat, "chưa được ghi") for seat in (hoa, minh))
        assert told == len(taken) + 1, f"{told} were told that theirs was not taken\n{hoa.transcript()}"
        taken.append(mine)
    for seat in (hoa, minh):
        await seat.says("Gửi")
    await rig.until(lambda: office.receipts(0) > 0 and count_of(minh, "Đã nhận") > 0, "not both see a receipt")
    assert await office.stored(0) == 1
    await check(rig, seats=(hoa, minh))


# Who may not ---------------------------------------------------------------------------------------------------------


@pytest.mark.thorough
@pytest.mark.row(50, intake=Intake.WEBHOOK)
async def test_buttons_of_somebody_elses_draft(rig: Rig) -> None:
    """Every button that an officer was shown, tapped by people it was not shown to, and again by the officer after it
    is over; the full table of forged data is in tests/e2e/test_forged_taps.py."""
    office = await open_office(rig, 2)
    hoa, ba, guest = office.officers[0], office.officers[1], rig.chat.person("Khách Lạ Mặt")
    await rig.start()
    await hoa.says(office.report())
    await hoa.sees("bấm Gửi")
    buttons = [button for message in hoa.room.shown for row in message.buttons for button in row]
    data = {str(button["callback_data"]) for button in buttons if "callback_data" in button}
    assert data
    for thief in (ba, guest):
        await thief.says("/help")
        own = await thief.sees("Hỏi được những gì")
        for each in sorted(data):
            await thief.taps_forged(own, each)
            await thief.hears_toast()
        assert count_of(thief, "1.320") == count_of(thief, "1.250") == 0
    await hoa.taps("Gửi")
    await hoa.sees("Đã nhận")
    summary = next(message for message in hoa.room.shown if "Xem lại trước khi gửi" in message.text)
    for each in sorted(data):
        rig.sandbox.tap(hoa.id, summary.id, each)
    await rig.chat.all_taken()
    assert await office.stored(0) == 1
    assert await office.stored(1) == 0
    await check(rig, seats=(hoa, ba))


@pytest.mark.row(51)
async def test_an_officer_moved_to_another_unit_in_the_middle_of_a_report(rig: Rig) -> None:
    """What was begun is sent neither for the old unit nor for the new one."""
    office = await open_office(rig, 2)
    hoa = office.officers[0]
    await rig.start()
    await hoa.says(office.report())
    await hoa.sees("bấm Gửi")
    async with rig.database() as database, database.write() as db:
        person = await people.find_by_telegram(db, hoa.id)
        assert person is not None
        await people.end_role(db, person.id, office.units[0].id, RoleName.OFFICER, now())
        await people.grant(db, person.id, office.units[1].id, RoleName.OFFICER, now())
    await hoa.says("Gửi")
    await rig.until(lambda: hoa.room.shown[-1].by_bot, "no answer")
    assert office.receipts(0) == 0
    assert (await office.stored(0), await office.stored(1)) == (0, 0)
    await check(rig, seats=(hoa,))


@pytest.mark.row(52)
async def test_many_guess_codes_and_many_use_one(rig: Rig, many: bool) -> None:
    """Guessing locks who guesses, nobody else; a used and an old code say what a wrong one says; one lets one in."""
    crowd, guesses = (50, 200) if many else (4, 14)
    office = await open_office(rig, 1)
    unit = office.units[0].id
    async with rig.database() as database, database.write() as db:
        good = await invites.create(db, unit, RoleName.OFFICER, now(), created_by=None)
        old = await invites.create(db, unit, RoleName.OFFICER, now() - timedelta(days=8), created_by=None)
        locked_for = await invites.create(db, unit, RoleName.OFFICER, now(), created_by=None)
    rivals = [rig.chat.person(f"Người Đến Sau {number}") for number in range(10)]
    await rig.start()
    for rival in rivals:
        await rival.starts(good)
    await rig.until(lambda: all(rival.room.shown[-1].by_bot for rival in rivals), "not all are answered")
    assert sum(count_of(rival, "đã tham gia") for rival in rivals) == 1
    said = set()
    for rival in rivals[:3]:
        for code in (good, old, "khong-co-ma-nay"):
            if not count_of(rival, "đã tham gia"):
                before = count_of(rival, "không dùng được")
                await rival.starts(code)
                await rig.until(lambda rival=rival, before=before: count_of(rival, "không dùng được") > before, "")  # type: ignore[misc]
        said |= {message.text for message in rival.room.shown if message.by_bot and "không dùng được" in message.text}
    assert len(said) == 1, said
    guessers = [rig.chat.person(f"Kẻ Đoán Mò {number}") for number in range(crowd)]
    for _ in range(guesses):
        for guesser in guessers:
            await guesser.starts(secrets.token_urlsafe(18))
    await rig.until(lambda: not rig.sandbox.updates, "the guesses are not taken", 600)
    for guesser in guessers:
        await guesser.starts(locked_for)
    await rig.until(
        lambda: all(
            count_of(guesser, "không dùng được") == invites.TRIES_PER_PERSON
            and count_of(guesser, "thử nhiều mã không đúng") == guesses - invites.TRIES_PER_PERSON + 1
            for guesser in guessers
        ),
        "a guess was answered otherwise, or not at all",
        600,
    )
    async with rig.database() as database, database.read() as db:
        assert len(await people.list_officers(db, unit)) == 2
    invited = rig.chat.person("Người Được Mời")
    await invited.starts(locked_for)
    await rig.until(lambda: count_of(invited, "đã tham gia") > 0, "others are locked out, too")
    rig.figures.messages += crowd * guesses
    await check(rig, seats=(office.officers[0],))


@pytest.mark.row(53)
async def test_what_is_edited_forwarded_or_said_in_somebodys_name_changes_nothing(rig: Rig) -> None:
    office = await open_office(rig, 2)
    hoa, ba = office.officers
    async with rig.database() as database, database.write() as db:
        await people.add(db, "Hồ Ngọc Lan", now(), phone="+84901000005")
    await rig.start()
    message = await hoa.says(office.report(moved=7))
    await hoa.sees("bấm Gửi")
    await hoa.taps("Gửi")
    await hoa.sees("Đã nhận")
    await hoa.edits(message, office.report(moved=9))
    await hoa.sees("không đổi")
    assert await office.stored(0) == 1

    lan = rig.chat.person("Lan", phone="+84901000005")
    thief = rig.chat.person("Kẻ Mạo Danh")
    thief.person.started = True
    card = {"phone_number": "+84901000005", "first_name": "Lan"}
    when = rig.sandbox.timestamp()
    origin = {"type": "user", "date": when, "sender_user": lan.person.user}
    for number, contact in enumerate(({**card, "user_id": lan.id}, card, {**card, "user_id": thief.id})):
        forged: dict[str, Any] = {
            "message_id": 900_001 + number,
            "date": when,
            "chat": {"id": thief.id, "type": "private", "first_name": "K"},
            "from": thief.person.user,
            "contact": contact,
            "forward_origin": origin,
        }
        rig.sandbox.inject_update({"message": forged})
    await rig.until(lambda: count_of(thief, "") >= 3, "not every forged contact is answered")
    async with rig.database() as database, database.read() as db:
        assert await people.find_by_telegram(db, thief.id) is None

    group = rig.chat.group("Tổ công tác", ba)
    anonymous = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
    bot_name = rig.sandbox.bot["username"]
    for number, sender in enumerate((anonymous, ba.person.user)):
        said = {
            "message_id": 900_100 + number,
            "date": when,
            "chat": {"id": group.id, "type": "supergroup", "title": "Tổ công tác"},
            "from": sender,
            "text": f"@{bot_name} {office.report(moved=5)}",
            "entities": [{"type": "mention", "offset": 0, "length": len(bot_name) + 1}],
            **({"sender_chat": {"id": group.id, "type": "supergroup", "title": "x"}} if sender is anonymous else {}),
        }
        rig.sandbox.inject_update({"message": said})
    await rig.until(lambda: not rig.sandbox.updates, "what was said in the group is not taken")
    await asks(ba)
    assert await office.stored(1) == 0
    assert not [m.text for m in group.shown if m.by_bot and "1.320" in m.text], "figures in a group"
    await check(rig, seats=(hoa, ba))


# Files ---------------------------------------------------------------------------------------------------------------


def zipped(**parts: bytes) -> bytes:
    """A workbook's outside with these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"<Types/>")
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def with_sheet(sheet: bytes) -> bytes:
    """A workbook of one sheet, whose XML is this."""
    raw = io.BytesIO()
    Workbook().save(raw)
    out = io.BytesIO()
    with zipfile.ZipFile(raw) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for item in before.infolist():
            after.writestr(item.filename, sheet if item.filename.endswith("sheet1.xml") else before.read(item))
    return out.getvalue()


def nested_zip() -> bytes:
    inner = zipped(bomb=b"0" * 20_000_000)
    for _ in range(6):
        inner = zipped(**{f"z{number}": inner for number in range(5)})
    return inner


_SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'


def many_cells() -> bytes:
    chance = os.urandom(40_000).hex()
    row = b'<row r="%d"><c r="A%d"><v>%s</v></c><c r="B%d"><v>%s</v></c></row>'
    rows = []
    for number in range(1, 400_000):
        at = number * 7 % 79_000
        rows.append(row % (number, number, chance[at : at + 9].encode(), number, chance[at + 9 : at + 15].encode()))
    return with_sheet(_SHEET % b"".join(rows))


def laughs() -> bytes:
    entities = b'<!ENTITY a "ha">' + b"".join(
        b'<!ENTITY %c "%s">' % (98 + n, (b"&%c;" % (97 + n)) * 10) for n in range(9)
    )
    cell = b'<row r="1"><c r="A1" t="inlineStr"><is><t>&j;</t></is></c></row>'
    return with_sheet(b'<?xml version="1.0"?><!DOCTYPE l [%s]>' % entities + _SHEET % cell)


def docx_with_dtd() -> bytes:
    document = (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
        b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r>'
        b"<w:t>&f;</w:t></w:r></w:p></w:body></w:document>"
    )
    return zipped(word__document=document)


def pdf_with_nested_filters() -> bytes:
    filters = b"/FlateDecode " * 400
    return (
        b"%%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Kids[3 0 R]/Count 1>>endobj "
        b"3 0 obj<</Type/Page/Contents 4 0 R>>endobj 4 0 obj<</Filter[%s]/Length 9>>stream\nxxxxxxxxx\nendstream endobj"
        b"\ntrailer<</Root 1 0 R>>" % filters
    )


HOSTILE: dict[str, tuple[str, Callable[[], bytes], int | None]] = {
    "zip bomb": ("bom.xlsx", lambda: zipped(xl__workbook=b"0" * 400_000_000), None),
    "zip in zip": ("bom.xlsx", nested_zip, None),
    "many parts": ("phan.xlsx", lambda: zipped(**{f"p{number}": b"x" for number in range(20_000)}), None),
    "many cells": ("o.xlsx", many_cells, None),
    "entities": ("cuoi.xlsx", laughs, None),
    "no archive": ("../../../../etc/cron.d/x.xlsx", lambda: b"PK\x03\x04" + b"\0" * 5000, None),
    "name": ("\u202exslx.exe\n/../" + "a" * 180 + ".xlsx", lambda: b"no workbook", None),
    "too large": ("to.xlsx", lambda: b"x", 21_000_000),
    "docx with a DTD": ("kehoach.docx", docx_with_dtd, None),
    "pdf with nested filters": ("kehoach.pdf", pdf_with_nested_filters, None),
}
LIGHT = ("entities", "no archive", "name", "too large", "docx with a DTD")
MOST_MEMORY = 900_000_000  # bytes, the program and whatever it started


def memory_of(pid: int) -> int:
    """What a program and its children hold, in bytes."""
    total = 0
    with_children = [pid]
    while with_children:
        one = with_children.pop()
        try:
            total += int(Path(f"/proc/{one}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
            for task in Path(f"/proc/{one}/task").iterdir():
                with_children += [int(child) for child in (task / "children").read_text().split()]
        except (OSError, IndexError):
            continue
    return total


@asynccontextmanager
async def watched(program: Program) -> AsyncIterator[Callable[[], int]]:
    """The most memory that a program and its children held at once while the block lasted."""
    most = 0

    async def watch() -> None:
        nonlocal most
        while True:
            most = max(most, memory_of(program.pid))
            await asyncio.sleep(0.05)

    watching = asyncio.create_task(watch())
    try:
        yield lambda: most
    finally:
        watching.cancel()


@pytest.mark.row(54)
async def test_hostile_files_are_refused_while_others_are_answered(rig: Rig, files: tuple[str, ...]) -> None:
    office = await open_office(rig, 1)
    hoa, boss = office.officers[0], office.boss
    program = await rig.start()
    took = {}
    async with watched(program) as most:
        for place, kind in enumerate(files):
            name, make, declared = HOSTILE[kind]
            data = await asyncio.to_thread(make)
            before = count_of(boss, "")
            began = time.monotonic()
            await boss.sends_document(name, data, declared_size=declared)
            await asks(hoa, place, what=f"beside {kind}", within=PROMPT)
            await rig.until(lambda before=before: count_of(boss, "") > before, f"no answer to {kind}", REFUSED)  # type: ignore[misc]
            took[kind] = round(time.monotonic() - began, 1)
        assert most() < MOST_MEMORY, f"{most() / 1e6:.0f} MB"
    await rig.until(lambda: memory_of(program.pid) < MOST_MEMORY / 2, "the memory is kept")
    assert not list(rig.folder.glob("**/x.xlsx"))
    assert max(took.values()) < REFUSED, took
    await check(rig, seats=(hoa, boss))


@pytest.mark.thorough
@pytest.mark.row(38)
async def test_a_heavy_file_comes_while_reminders_are_due(rig: Rig) -> None:
    """The loop goes on: every reminder leaves, others are answered, the health stays good."""
    heavy = await asyncio.to_thread(many_cells)
    due = await Reminders.planted(rig, 30, only_early=True)
    async with rig.database() as database, database.write() as db:
        top = next(unit for unit in await units.list_all(db) if unit.parent_id is None)
        boss = await join(rig, db, "Lê Văn Hùng", now() - timedelta(days=60), (top, RoleName.SUPERVISOR))
    hoa = rig.chat.person("Nguyễn Thị Hoa")
    for number in range(3):
        await boss.sends_document(f"to-{number}.xlsx", heavy)
    program = await rig.start()
    await asks(hoa, 0, within=PROMPT)
    status, figures = await program.health()
    assert status == 200, figures
    await rig.until(lambda: due.done >= due.expected, "reminders are missing beside a heavy file")
    await rig.until(lambda: count_of(boss, "") >= 3, "the files are not answered", 120)
    await check(rig, due)


@pytest.mark.thorough
@pytest.mark.row(55)
async def test_text_that_would_run_in_a_spreadsheet(rig: Rig) -> None:
    """In what is exported, text is text and a number is a number."""
    office = await open_office(rig, 1)
    texts = ('=HYPERLINK("http://x","y")', "-5", "+84901000003", "@SUM(A1)", "\t=1+1", "=cmd|' /C calc'!A0")
    async with rig.database() as database, database.write() as db:
        for number, name in enumerate(texts):
            await units.add(
                db, code=f"X{number}", name=name, kind=UnitKind.PRIVATE, registered_on=office.month.start,
                parent_id=office.top.id,
            )  # fmt: skip
    await rig.start()
    await office.sends(0, moved=5)
    boss = office.boss
    await boss.says(f"/tonghop {office.month.number:02}/{office.month.year}")
    await boss.sees("Tổng hợp" if count_of(boss, "Tổng hợp") else "")
    for label in ("Excel", "CSV"):
        await boss.taps(label)
        await rig.until(lambda label=label: bool(_files(boss, label)), f"no {label} comes")  # type: ignore[misc]
    book = load_workbook(io.BytesIO(_files(boss, "Excel")[-1]))
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value is not None]
    for name in texts:
        shown = [cell for cell in cells if name.strip() in str(cell.value)]
        assert shown, name
        assert all(cell.data_type == "s" for cell in shown), name
    assert any(cell.value == 1320 for cell in cells), "figures are numbers"
    lines = _files(boss, "CSV")[-1].decode("utf-8-sig").splitlines()
    for line in lines:
        for cell in re.split(r",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", line):
            bare = cell.strip('"')
            assert not bare.startswith(("=", "@", "\t", "+")), line
            assert not bare.startswith("-") or re.fullmatch(r"-\d+([.,]\d+)?", bare), line
    assert any(",1320," in line for line in lines)
    await check(rig, seats=(boss,))


def _files(seat: Seat, label: str) -> list[bytes]:
    """The contents of the files that somebody was sent, of one kind."""
    tail = {"Excel": ".xlsx", "CSV": ".csv"}[label]
    shown = [message.json["document"] for message in seat.room.shown if message.by_bot and "document" in message.json]
    return [seat._sandbox.files[each["file_id"]].data for each in shown if each["file_name"].endswith(tail)]


# What slips out ------------------------------------------------------------------------------------------------------


@pytest.mark.thorough
@pytest.mark.row(56, wide=True)
async def test_nothing_secret_or_personal_is_in_the_log_whatever_fails(rig: Rig) -> None:
    """At DEBUG, through every kind of failure and a crash: no token, no secret, no address, no name, no text."""
    planted = {"WEBHOOK_SECRET": "planted-webhook-secret-7h4", "TELEGRAM_PROXY": ""}
    if not rig.is_sqlite:
        address = re.sub(r"postgresql://([^:@/]+)@", r"postgresql://\1:planted-password-9k2@", rig.url)
        planted["DATABASE_URL"] = address
        rig.secrets.append("planted-password-9k2")
    rig.secrets += ["planted-webhook-secret-7h4", "84907654321", "bí mật của đơn vị", "Nguyễn Thị Hoa Mai"]
    rig.settings |= {name: value for name, value in planted.items() if value}
    office = await open_office(rig, 1)
    hoa = rig.chat.person("Nguyễn Thị Hoa Mai", phone="+84907654321", username="hoamai_bi_mat")
    program = await rig.start()
    for kind in (FaultKind.BAD_GATEWAY, FaultKind.UNAUTHORIZED, FaultKind.NOT_JSON, FaultKind.RESET):
        if not rig.by_webhook:
            rig.fault(kind, "getUpdates")
    echoed = 'Bad Request: can\'t parse entities: unsupported start tag "bí mật của đơn vị" at byte offset 3'
    for kind in (FaultKind.INTERNAL, FaultKind.BAD_REQUEST, FaultKind.FORBIDDEN, FaultKind.CUT, FaultKind.OK_FALSE):
        rig.fault(kind, "sendMessage", chat_id=hoa.id, description=echoed if kind is FaultKind.BAD_REQUEST else "")
    rig.sandbox.inject_update({"message": {"message_id": "x", "chat": 5, "text": "bí mật của đơn vị"}})
    for words in ("bí mật của đơn vị là gì", "chỉ tiêu TƯLĐTT 2025 TP.HCM", "/start bi-mat-ma-moi", "còn 2030?"):
        await hoa.says(words)
    await hoa.shares_phone()
    await hoa.sends_document("bí mật của đơn vị.xlsx", b"PK")
    async with broken_table(rig, "missed_questions"):
        await office.officers[0].says("chỉ tiêu trồng cây xanh 2025")
        await rig.until(lambda: program.said.count("update failed") >= 3, "the handler does not fail")
    await rig.until(lambda: not rig.sandbox.updates, "not everything is taken")
    await asks(office.officers[0])
    await rig.kill(program)
    wrong = await rig.start(ready=False, TELEGRAM_BOT_TOKEN=rig.sandbox.token[:-3] + "xyz", LOG_LEVEL="DEBUG")
    rig.secrets.append(rig.sandbox.token[15:-4])
    await wrong.wait()
    await rig.start()
    await check(rig, parked=None, doubts=20, seats=(office.officers[0],))
