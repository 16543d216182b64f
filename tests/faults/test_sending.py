"""Telegram, and what stands between it and the program, does everything it may do: to what goes out."""

from __future__ import annotations

import pytest

from bot.sandbox import FaultKind
from bot.sandbox.model import Call
from storage import chats
from tests.faults.invariants import check, list_troubled, settle
from tests.faults.questions import FIRST as ASKERS
from tests.faults.questions import QUESTIONS, Questions
from tests.faults.relay import Relay
from tests.faults.reminders import FIRST as REMINDED
from tests.faults.reminders import LAST_SAYS_SO, Reminders, add_supervisor
from tests.faults.reports import seated
from tests.faults.rig import Intake, Rig

EARLY, LAST, ASKER = REMINDED, REMINDED + 1, ASKERS
SUPERVISOR = 7000
Page = tuple[int, str, str]
#: Pages that are not Telegram's: status, content type, body.
PAGES = (
    (403, "text/html", "<html>Trang này bị chặn theo yêu cầu của cơ quan chức năng</html>"),
    (400, "text/html", "<html><h1>Bad Request</h1></html>"),
    (302, "text/html", "<html>Moved to http://portal.wifi/login</html>"),
    (200, "text/html", "<html>Please log in to use this network</html>"),
    (200, "application/json", '{"status": "blocked"}'),
    (401, "application/json", '{"message": "Proxy authentication failed"}'),
    (404, "text/html", "<html>Not Found</html>"),
    (409, "text/html", "<html>Conflict</html>"),
    (429, "text/html", "<html>Slow down</html>"),
    (451, "text/html", "<html>Unavailable For Legal Reasons</html>"),
    (511, "text/html", "<html>Network Authentication Required</html>"),
)


async def _stand(rig: Rig) -> tuple[Questions, Reminders]:
    """Somebody who asks, and two to whom a reminder is due: an early one, and the last before a deadline."""
    return Questions(rig, people=1, each=1), await Reminders.planted(rig, 2)


@pytest.mark.row(20, wide=True)
async def test_sent_and_the_answer_of_the_api_lost(rig: Rig) -> None:
    """An early reminder is not sent again, the last one says that it may have come before; whoever waits for an answer
    gets it once more."""
    asked, due = await _stand(rig)
    for chat in (EARLY, LAST, ASKER):
        rig.fault(FaultKind.HANG_AFTER, "sendMessage", chat_id=chat, seconds=20 if rig.full else 0.3)
    asked.feed(1)
    await rig.start()
    await rig.until(lambda: list(asked.answers().values()) == [2], "the answer is not repeated")
    await rig.until(lambda: len(due.texts(LAST)) == 2, "the last reminder is not repeated")
    await check(rig, asked, due, doubts=3)
    assert len(due.texts(EARLY)) == 1


@pytest.mark.row(21, wide=True)
async def test_lost_before_it_was_sent(rig: Rig) -> None:
    """An early reminder is skipped and listed, the last one comes and says so, the answer comes."""
    asked, due = await _stand(rig)
    for chat in (EARLY, LAST, ASKER):
        rig.fault(FaultKind.HANG, "sendMessage", chat_id=chat, seconds=20 if rig.full else 0.3)
    asked.feed(1)
    await rig.start()
    await asked.finish(rig)
    await rig.until(lambda: bool(due.texts(LAST)), "the last reminder is not repeated")
    await check(rig, asked, due, doubts=3)
    assert list(asked.answers().values()) == [1]
    assert not due.texts(EARLY)
    assert due.texts(LAST)[0].startswith(LAST_SAYS_SO)
    async with rig.database() as database:
        assert EARLY in {each.chat_id for each in await list_troubled(database)}


@pytest.mark.row(22, wide=True)
async def test_the_api_out_of_reach(rig: Rig) -> None:
    """Everything is sent later, once, in order within each chat."""
    asked = Questions(rig, people=5)
    port = int(rig.sandbox.url.rpartition(":")[2])
    async with Relay("127.0.0.1", port) as road:
        program = await rig.start(TELEGRAM_API_URL=road.url)
        await settle(rig)
        await road.close()
        due = await Reminders.planted(rig, 12)
        asked.feed(1)
        await rig.pass_time(60 if rig.full else 4)
        assert program.is_alive, program.said
        assert not asked.done
        assert not due.done
        await road.open()
        await asked.finish(rig)
        await due.finish(rig)
        await check(rig, asked, due)
        assert asked.is_in_order
        assert due.done == due.expected


@pytest.mark.row(23, wide=True)
async def test_told_to_be_silent_in_the_middle_of_a_run(rig: Rig) -> None:
    """Nobody calls before the time is over, not after a restart either; none is lost, none doubled."""
    wait = 30 if rig.full else 4
    due = await Reminders.planted(rig, 500 if rig.full else 60)
    rig.settings["SEND_RATE"] = "30"
    program = await rig.start()
    halt = rig.fault(FaultKind.RETRY_AFTER, "sendMessage", retry_after=wait, skip=20)
    await rig.until(lambda: halt.fired > 0, "the reminders do not leave")
    await rig.pass_time(0.5)
    await rig.kill(program)
    await rig.start()
    if not rig.is_sqlite and not rig.by_webhook:
        await rig.start(ready=False)
    await rig.sandbox.wait_until(lambda: due.done >= due.expected - rig.figures.on_wire, 30 + wait)
    early = [call for call in _sends(rig) if halt.fired + 0.3 < call.arrived < halt.fired + wait - 0.1]
    assert not early, f"{len(early)} messages while Telegram wanted silence"
    await check(rig, due)


def _sends(rig: Rig) -> list[Call]:
    return list(rig.sandbox.calls("sendMessage"))


@pytest.mark.row(24, wide=True)
async def test_each_failure_for_what_it_means(rig: Rig) -> None:
    """Whoever waits for an answer gets one, whatever happened to the first; nobody gets three."""
    kinds = (
        FaultKind.TOO_MANY_BARE,
        FaultKind.INTERNAL,
        FaultKind.BAD_GATEWAY,
        FaultKind.OK_FALSE,
        FaultKind.NOT_JSON,
        FaultKind.CUT,
        FaultKind.RESET,
        FaultKind.LOST_AFTER,
    )
    asked = Questions(rig, people=len(kinds), each=1)
    for place, kind in enumerate(kinds):
        rig.fault(kind, "sendMessage", chat_id=ASKERS + place)
    asked.feed(1)
    await rig.start()
    await asked.finish(rig)
    await check(rig, asked, doubts=len(kinds))
    seen = dict(zip(kinds, asked.answers().values(), strict=True))
    assert {kind: count for kind, count in seen.items() if not 1 <= count <= 2} == {}
    assert seen[FaultKind.TOO_MANY_BARE] == 1


@pytest.mark.row(25)
async def test_blocked_by_an_officer(rig: Rig) -> None:
    """No further message to them, the unit's head is told once; they write again, and are answered."""
    due = await Reminders.planted(rig, 2, only_early=True)
    hung = await add_supervisor(rig, "Nhánh sớm", "Lê Văn Hùng", SUPERVISOR)
    blocked, binh = due.speakers()
    rig.fault(FaultKind.FORBIDDEN, "sendMessage", chat_id=blocked.id)
    await rig.start()
    await hung.sees("không gửi tin được")
    await settle(rig)
    async with rig.database() as database, database.read() as db:
        known = await chats.find_chat(db, blocked.id)
    assert known is not None
    assert not known.is_reachable
    assert len([call for call in _sends(rig) if call.chat_id == blocked.id]) == 1
    await blocked.says(QUESTIONS[0][0])
    await blocked.sees(QUESTIONS[0][1])
    async with rig.database() as database, database.read() as db:
        known = await chats.find_chat(db, blocked.id)
    assert known is None or known.is_reachable
    await check(rig, seats=(binh, blocked))
    assert sum("không gửi tin được" in said.text for said in hung.room.shown) == 1


@pytest.mark.row(26)
@pytest.mark.thorough
async def test_a_group_that_became_a_supergroup(rig: Rig) -> None:
    """Its answer comes under the new number, once."""
    hoa = rig.chat.person("Nguyễn Thị Hoa")
    old, new = rig.chat.group("Nhóm cũ", hoa), rig.chat.group("Nhóm mới", hoa)
    rig.fault(FaultKind.MIGRATE, "sendMessage", chat_id=old.id, migrate_to=new.id)
    await rig.start()
    await hoa.in_group(old).says(f"@troly_congdoan_bot {QUESTIONS[0][0]}")
    await hoa.in_group(new).sees(QUESTIONS[0][1])
    await check(rig, seats=(hoa,))
    assert not [message for message in old.shown if message.by_bot]
    assert len([message for message in new.shown if message.by_bot]) == 1


@pytest.mark.row(27)
@pytest.mark.thorough
async def test_edits_and_taps_that_telegram_refuses(rig: Rig) -> None:
    """Quietly taken as done, or said in a new message; never again and again."""
    hoa = rig.chat.person("Nguyễn Thị Hoa")
    await rig.start()
    for description, more in (
        ("message is not modified", 0),
        ("message to edit not found", 1),
        ("message can't be edited", 1),
    ):
        said = await hoa.says(QUESTIONS[0][0])
        await hoa.hears(QUESTIONS[0][1])
        await settle(rig)
        rig.fault(FaultKind.BAD_REQUEST, "editMessageText", description=f"Bad Request: {description}")
        await hoa.edits(said, QUESTIONS[1][0])
        await rig.until(lambda: not rig.sandbox.faults.waiting, "the answer is not edited")
        await settle(rig)
        for _ in range(more):
            await hoa.hears(QUESTIONS[1][1])
        hoa.hears_nothing_more()
    await hoa.says(QUESTIONS[0][0])
    await hoa.hears(QUESTIONS[0][1])
    rig.fault(FaultKind.BAD_REQUEST, "answerCallbackQuery", description="query is too old and response timeout expired")
    await hoa.taps("Năm 2030")
    await hoa.hears("85%")
    await check(rig, seats=(hoa,))
    refused = [call for call in rig.sandbox.history if call.status == 400]
    assert len(refused) == 4


@pytest.mark.row(28)
async def test_markup_and_length_in_what_people_write(rig: Rig) -> None:
    """Names and texts with signs of HTML, emoji and 5,000 letters arrive readable, and Telegram refuses none."""
    [(officer, hoa)] = await seated(rig)
    hung = await add_supervisor(rig, "T", "Lê <b>Hùng</b> & Co", SUPERVISOR)
    await rig.start()
    words = "Họp <i>gấp</i> & đúng giờ 😀 </b> "
    await hung.says("/thongbao")
    await hung.sees("gõ nội dung")
    await hung.says(words + "a<b&" * 900)
    await hung.hears()
    await hung.says(f"/dathan Nộp quỹ {words}: ngày 20 hằng tháng")
    for text in (words * 3, "chỉ tiêu <script> 2025 & 😀", "&amp; &lt; <a href='x'>", "/start <b>", "&" * 4000):
        await hoa.says(text)
    await hoa.says(officer.report(0))
    await settle(rig)
    await check(rig, seats=(hoa, hung))
    refused = [call.description for call in rig.sandbox.history if call.status == 400]
    assert not refused
    assert all(len(message.text) <= 4096 for room in rig.sandbox.chats.values() for message in room.shown)


@pytest.mark.row(59, wide=True)
@pytest.mark.thorough
@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page[0]}-{page[1].partition('/')[2]}")
async def test_a_page_that_is_not_telegrams(rig: Rig, page: Page) -> None:
    """Tried again: nobody is marked unreachable, nothing is dead, and everything comes once the way is free."""
    await _through_pages(rig, [page], seconds=25)


@pytest.mark.row(59, wide=True)
async def test_all_kinds_of_pages_in_turn(rig: Rig) -> None:
    await _through_pages(rig, list(PAGES), seconds=5)


async def _through_pages(rig: Rig, pages: list[Page], *, seconds: float) -> None:
    """Have reminders and questions due while nothing but these pages comes back for so long.

    A page of 3xx or 4xx says that nothing reached Telegram; one of 200 or 5xx may stand for an answer that was lost, as
    a proxy's 504 does: an early reminder is then listed as in doubt.
    """
    plain = all(300 <= status < 500 for status, _, _ in pages)
    asked, due = Questions(rig, people=4, each=2), await Reminders.planted(rig, 6, only_early=True)
    hung = await add_supervisor(rig, "Nhánh sớm", "Lê Văn Hùng", SUPERVISOR)
    program = await rig.start(ready=False)
    asked.feed(0.5)
    for status, content_type, body in pages:
        rig.sandbox.faults.clear()
        for method in ("sendMessage", "getUpdates"):
            rig.fault(FaultKind.PAGE, method, times=None, status=status, content_type=content_type, body=body)
        if status == pages[0][0]:
            await rig.until(lambda: bool(_sends(rig)), "nothing leaves")
        await rig.pass_time(seconds / len(pages))
    assert program.is_alive, program.said
    rig.sandbox.faults.clear()
    asked.feed(1)
    await asked.finish(rig)
    await rig.until(lambda: due.done == due.expected or not plain, "reminders do not come")
    await settle(rig)
    async with rig.database() as database:
        dead = [each for each in await list_troubled(database) if each.state.value == "dead"]
        async with database.read() as db:
            lost = [chat for chat in due.chats if (known := await chats.find_chat(db, chat)) and not known.is_reachable]
    assert not dead, "messages are dead"
    assert not lost, "people are marked unreachable"
    assert not any("không gửi tin được" in said.text for said in hung.room.shown)
    await check(rig, asked, due, doubts=0 if plain else 200)
    assert asked.is_in_order or not plain


@pytest.mark.row(59, intake=Intake.POLLING)
@pytest.mark.thorough
async def test_a_page_that_stays_is_told_to_the_admins(rig: Rig) -> None:
    """Once Telegram can be reached again, they hear how long it could not."""
    program = await rig.start()
    rig.fault(FaultKind.PAGE, "getUpdates", times=None)
    rig.fault(FaultKind.PAGE, "sendMessage", times=None)
    rig.sandbox.end_poll()
    await rig.pass_time(150)
    assert program.is_alive, program.said
    assert not rig.admin.transcript()
    rig.sandbox.faults.clear()
    await rig.admin.hears()
    await check(rig, seats=(rig.admin,), doubts=10)
