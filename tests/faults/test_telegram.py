"""Telegram, and what stands between it and the program, does everything it may do: to what comes in."""

from __future__ import annotations

import json

import httpx
import pytest

from bot.sandbox import FaultKind
from bot.sandbox.updates import Webhook
from tests.faults.invariants import check, settle
from tests.faults.programs import problems
from tests.faults.questions import QUESTIONS, Questions
from tests.faults.reports import MEMBERS, WORKERS, seated, versions_of
from tests.faults.rig import Engine, Intake, Rig, now

THOROUGH = pytest.mark.thorough
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"


@pytest.mark.row(6, wide=True)
@pytest.mark.thorough
async def test_the_same_update_three_times(rig: Rig) -> None:
    """One effect."""
    asked = Questions(rig, people=5, each=2)
    asked.feed(0.5)
    for update in list(rig.sandbox.updates):
        rig.sandbox.redeliver(update.id)
    await rig.start()
    asked.feed(1)
    await asked.finish(rig)
    for update in list(rig.sandbox.past_updates):
        rig.sandbox.redeliver(update.id)
    await check(rig, asked)


@pytest.mark.row(7, wide=True)
async def test_the_same_message_under_a_new_number(rig: Rig) -> None:
    """One effect, of messages and of taps; of a report too."""
    asked = Questions(rig, people=5, each=2)
    [(officer, hoa)] = await seated(rig)
    await rig.start()
    asked.feed(1)
    await hoa.says(officer.report(0))
    await hoa.sees("bấm Gửi")
    await hoa.says("Gửi")
    await hoa.sees("Đã nhận")
    await asked.finish(rig)
    for update in list(rig.sandbox.past_updates):
        rig.sandbox.redeliver(update.id, under_new_id=True)
    await check(rig, asked, seats=(hoa,))
    assert len(await versions_of(rig, officer)) == 1
    assert sum("Đã nhận" in message.text for message in hoa.room.shown) == 1


@pytest.mark.row(8, wide=True)
async def test_update_ids_that_jump_down(rig: Rig) -> None:
    """As after a quiet week; all are handled."""
    asked = Questions(rig, people=5, each=4)
    await rig.start()
    for next_id in (900_000_000, 17, 4_000_000):
        rig.sandbox.renumber_updates(next_id)
        asked.feed(0.4)
        await rig.pass_time(0.1)
    asked.feed(1)
    await asked.finish(rig)
    await check(rig, asked)


@pytest.mark.row(9, wide=True)
@pytest.mark.parametrize("swapped", [True, pytest.param(False, marks=THOROUGH)], ids=["swapped", "at once"])
async def test_a_tap_and_a_message_in_the_wrong_order(rig: Rig, swapped: bool) -> None:
    """Whichever comes first, no figure lands in a place that it was not meant for, and the dialog goes on."""
    [(officer, hoa)] = await seated(rig)
    program = await rig.start()
    await hoa.says("/baocao")
    await hoa.sees("1/4")
    program.pause()
    await hoa.says(str(WORKERS))
    await hoa.taps("Hủy")
    if swapped:
        rig.sandbox.updates.reverse()
    program.resume()
    await rig.until(lambda: not rig.sandbox.pending_updates(), "the tap is not taken")
    await check(rig, seats=(hoa,))
    await hoa.says(officer.report(0))
    await hoa.sees("bấm Gửi")
    await hoa.says("Gửi")
    await hoa.sees("Đã nhận")
    [stored] = await versions_of(rig, officer)
    assert [int(stored.figures[key]) for key in ("workers", "members")] == [WORKERS, MEMBERS]
    rig.figures.reports += 1


@pytest.mark.row(10, wide=True)
async def test_send_pressed_five_times_at_once(rig: Rig) -> None:
    """One submission; the others hear that it is done."""
    [(officer, hoa)] = await seated(rig)
    program = await rig.start()
    await hoa.says(officer.report(0))
    await hoa.sees("bấm Gửi")
    program.pause()
    for _ in range(5):
        await hoa.says("Gửi")
    program.resume()
    await rig.until(lambda: sum("Đã nhận" in said.text for said in hoa.room.shown) >= 5, "not every press is answered")
    await check(rig, seats=(hoa,))
    assert len(await versions_of(rig, officer)) == 1
    assert sum("đã gửi rồi" in said.text for said in hoa.room.shown) == 4
    rig.figures.reports += 1


@pytest.mark.row(11)
async def test_send_pressed_while_the_program_was_down_and_forgotten_by_telegram(rig: Rig) -> None:
    """Who was about to send is asked again after the start, with everything as it was."""
    [(officer, hoa)] = await seated(rig)
    rig.be(now())
    program = await rig.start()
    await hoa.says(officer.report(0))
    summary = await hoa.sees("bấm Gửi")
    await settle(rig)
    await rig.kill(program)
    await hoa.taps("Sửa")
    await hoa.says("Gửi")
    rig.sandbox.updates.clear()
    rig.pass_in_sandbox(minutes=10)
    await rig.start()
    await rig.until(
        lambda: any(said.by_bot and said.id > summary.id and "Gửi" in said.text for said in hoa.room.shown),
        "the officer is not told that the report was not sent",
    )
    await hoa.taps("Gửi")
    await hoa.sees("Đã nhận")
    await check(rig, seats=(hoa,))
    assert len(await versions_of(rig, officer)) == 1
    rig.figures.reports += 1


@pytest.mark.row(13)
@pytest.mark.thorough
async def test_updates_that_cannot_be_read_between_good_ones(rig: Rig) -> None:
    """They are put aside and told to the admins; the next ones are handled."""
    asked = Questions(rig, people=4, each=2)
    asked.feed(0.5)
    for payload in (
        {"message": {"message_id": "x", "chat": 5}},
        {"message": None},
        {"something_new": {"chat": {"id": 6001}}},
        {"callback_query": {"id": "1", "from": {"id": 1}}},
    ):
        rig.sandbox.inject_update(payload)
    asked.feed(1)
    await rig.start()
    await asked.finish(rig)
    await check(rig, asked, parked=None)
    await rig.admin.sees("gác lại")


@pytest.mark.row(14, intake=Intake.POLLING)
@pytest.mark.thorough
@pytest.mark.parametrize("kind", [FaultKind.UNAUTHORIZED, FaultKind.NOT_FOUND])
async def test_the_token_refused_once(rig: Rig, kind: FaultKind) -> None:
    asked = Questions(rig, people=5, each=1)
    asked.feed(1)
    await rig.start(ready=False)
    rig.fault(kind, "getUpdates")
    await asked.finish(rig)
    await check(rig, asked)


@pytest.mark.row(14, intake=Intake.POLLING)
@pytest.mark.thorough
@pytest.mark.parametrize("kind", [FaultKind.UNAUTHORIZED, FaultKind.NOT_FOUND])
async def test_the_token_refused_for_good(rig: Rig, kind: FaultKind) -> None:
    """The program ends within a minute and says why."""
    program = await rig.start()
    rig.fault(kind, "getUpdates", times=None)
    rig.sandbox.end_poll()
    assert await program.wait(62) > 0
    assert "token" in problems(program.said)[-1].lower()
    await check(rig)


@pytest.mark.row(15, intake=Intake.POLLING)
@pytest.mark.thorough
async def test_getupdates_that_never_comes_back(rig: Rig) -> None:
    """Health is red meanwhile, and the program is back on its own."""
    asked = Questions(rig, people=3, each=1)
    program = await rig.start()
    rig.fault(FaultKind.HANG, "getUpdates", times=None, seconds=600)
    rig.sandbox.end_poll()
    red = False
    for _ in range(100):
        await rig.pass_time(1)
        status, _ = await program.health()
        if red := status == 503:
            break
    assert red, "health stays good while getUpdates hangs"
    rig.sandbox.faults.clear()
    asked.feed(1)
    await rig.until(lambda: asked.done >= asked.expected, "it does not come back", 60)
    await check(rig, asked)


@pytest.mark.row(16, intake=Intake.POLLING, engine=Engine.POSTGRESQL)
@pytest.mark.thorough
async def test_three_programs_on_one_database(rig: Rig) -> None:
    """One effect of each update; they do not take each other for strangers."""
    asked = Questions(rig, people=10)
    programs = [await rig.start(ready=False) for _ in range(3)]
    for program in programs:
        await rig.until(lambda program=program: "bot started" in program.said, "not all start")  # type: ignore[misc]
    asked.feed(0.3)
    await rig.pass_time(0.5)
    asked.feed(1)
    await asked.finish(rig)
    before = len(rig.sandbox.history)
    await rig.pass_time(3)
    refused = [call for call in rig.sandbox.history[before:] if call.status == 409]
    assert not refused, "they go on ending each other's polls"
    await check(rig, asked)
    assert not rig.admin.transcript(), "the admins are told of another program"


@pytest.mark.row(16, intake=Intake.POLLING, engine=Engine.SQLITE)
async def test_a_second_program_on_one_file(rig: Rig) -> None:
    """It does not start; the first goes on."""
    asked = Questions(rig, people=3, each=1)
    await rig.start()
    second = await rig.start(ready=False)
    assert await second.wait() > 0
    assert len(problems(second.said)) == 1, second.said
    asked.feed(1)
    await asked.finish(rig)
    await check(rig, asked)


@pytest.mark.row(16, intake=Intake.POLLING, engine=Engine.SQLITE)
@pytest.mark.thorough
async def test_a_stranger_polls_with_the_same_token(rig: Rig) -> None:
    """Once it lasts, the admins are told, once; what comes here is answered."""
    asked = Questions(rig, people=3, each=1)
    await rig.start()
    rig.fault(FaultKind.CONFLICT, "getUpdates", times=None)
    rig.sandbox.end_poll()
    await rig.admin.sees("Có một chương trình khác")
    rig.sandbox.faults.clear()
    asked.feed(1)
    await asked.finish(rig)
    await check(rig, asked, well=False)
    assert sum("Có một chương trình khác" in said.text for said in rig.admin.room.shown) == 1


@pytest.mark.row(17, intake=Intake.POLLING)
async def test_the_token_of_an_installation_that_serves_by_webhook(rig: Rig) -> None:
    """The program does not start, and leaves the webhook alone."""
    rig.sandbox.webhook = Webhook("https://bot.example.vn/telegram")
    program = await rig.start(ready=False)
    assert await program.wait() > 0
    [said] = problems(program.said)
    assert "webhook" in said
    assert not rig.sandbox.counts.get("deleteWebhook")
    assert rig.sandbox.webhook.url == "https://bot.example.vn/telegram"
    await check(rig)


@pytest.mark.row(18, intake=Intake.WEBHOOK)
async def test_strangers_at_the_webhook(rig: Rig) -> None:
    """A wrong secret 403, ten megabytes 413, no JSON neither stops nor fools anybody; and no effect of any of them."""
    asked = Questions(rig, people=3, each=1)
    program = await rig.start()
    url = f"http://127.0.0.1:{program.port}/telegram"
    assert rig.sandbox.webhook is not None
    right = {SECRET_HEADER: rig.sandbox.webhook.secret}
    forged = json.dumps(
        {
            "update_id": 5,
            "message": {
                "message_id": 99,
                "date": 1,
                "chat": {"id": 6001, "type": "private"},
                "from": {"id": 6001, "is_bot": False, "first_name": "X"},
                "text": QUESTIONS[0][0],
            },
        }
    )
    async with httpx.AsyncClient(trust_env=False) as client:

        async def post(content: str | bytes, **headers: str) -> int:
            return (await client.post(url, content=content, headers=headers)).status_code

        assert await post(forged) == 403
        assert await post(forged, **{SECRET_HEADER: "wrong"}) == 403
        assert await post(b" " * 10_000_000, **right) == 413
        assert await post(b"{" + b" " * 10_000_000 + b"}", **right) in (
            200,
            413,
        )  # put aside, or refused
        assert await post("no JSON", **right) in (200, 400)
        assert await post(b"\xff\xfe", **right) in (200, 400)
    assert not rig.chat.seat(6001).transcript(), "the forged message was answered"
    asked.feed(1)
    await asked.finish(rig)
    await check(rig, asked, parked=None)
