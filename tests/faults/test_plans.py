"""Plans change while the bot answers: every process answers from the new state, none from a mixture, kills or not."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from knowledge.model.stored_plans import PlanStatus
from storage import plans
from storage.schema.plans import plan_files, plan_review_rows
from tests.bot.test_living import plan_of
from tests.e2e.chat import Seat
from tests.e2e.plan_texts import NEWER, PLAN
from tests.faults.invariants import check
from tests.faults.rig import Intake, Rig, now

QUESTION = "khu nhà trọ có tổ tự quản bao nhiêu %"
NOTICED, BUILT = 5.0, 3.0
"""Seconds within which a change is noticed by every process, and that one build of this small catalogue may take."""
ASKED_AFTER = 15
"""Questions asked once every process must have the new state: enough to meet each of three."""

OLD, NEW = plan_of("vinhan-2021", 70, 2021, 2026), plan_of("vinhan-2026", 90)
SILENT = "không có trong các kế hoạch"


async def ask(seat: Seat) -> str:
    await seat.says(QUESTION)
    return (await seat.hears()).text


def present_figure(text: str) -> str:
    """The figure that an answer gives as the present one, not as one of before; empty for a silence."""
    shares = ("70%", "80%", "90%")
    found = {share for line in text.splitlines() if line.startswith("•") for share in shares if share in line}
    assert len(found) <= 1, f"two states in one answer:\n{text}"
    return "".join(found)


async def change(
    rig: Rig, seat: Seat, doing: Callable[[AsyncConnection], Awaitable[object]], old: str, new: str
) -> None:
    """Change plans beside the running programs, and see each answer turn from the old figure to the new."""
    async with rig.database() as database, database.write() as db:
        await doing(db)
    changed, told = time.monotonic(), old
    many = len([program for program in rig.programs if program.is_alive]) > 1
    while time.monotonic() - changed < NOTICED + BUILT and (many or told != new):
        told = present_figure(await ask(seat))
        assert told in {old, new}
        await rig.pass_time(0.2)
    for _ in range(ASKED_AFTER if many else 1):
        assert present_figure(await ask(seat)) == new


async def approve(db: AsyncConnection) -> None:
    await plans.add(db, OLD, file=None, by=None, now=now())
    await plans.approve(db, OLD.id, replaces=None, in_force_from=None, shipped=(), by=None, now=now())


async def replace(db: AsyncConnection) -> None:
    await plans.add(db, NEW, file=None, by=None, now=now())
    await plans.approve(db, NEW.id, replaces=OLD.id, in_force_from=None, shipped=(), by=None, now=now())


async def withdraw(db: AsyncConnection) -> None:
    await plans.withdraw(db, NEW.id, shipped=(), by=None, now=now())


@pytest.mark.row(65, wide=True, intake=Intake.POLLING)
async def test_plans_change_while_all_processes_answer(rig: Rig) -> None:
    """Approved, replaced, withdrawn: within seconds everybody answers so, on PostgreSQL three processes."""
    programs = [await rig.start(ready=not number) for number in range(1 if rig.is_sqlite else 3)]
    for program in programs:
        await rig.until(lambda program=program: "bot started" in program.said, "not all start")  # type: ignore[misc]
    hoa = rig.chat.person("Nguyễn Thị Hoa")
    assert SILENT in await ask(hoa)
    await change(rig, hoa, approve, "", "70%")
    await change(rig, hoa, replace, "70%", "90%")
    await change(rig, hoa, withdraw, "90%", "70%")
    await rig.kill(*programs)
    await rig.start()
    assert present_figure(await ask(hoa)) == "70%"


@pytest.mark.row(66, wide=True, seeded=True, intake=Intake.POLLING)
async def test_killed_while_a_plan_is_approved(rig: Rig) -> None:
    """The button of an admin, and a kill at any moment: the plan waits or is in force, and is answered so."""
    async with rig.database() as database, database.write() as db:
        await plans.add(db, NEW, file=None, by=None, now=now())
    program = await rig.start()
    await rig.admin.says("/kehoach")
    await rig.admin.taps(NEW.short, on=await rig.admin.hears("chờ duyệt"))
    page = await rig.admin.hears("Chờ duyệt")
    await rig.admin.taps("Duyệt", on=page)
    await rig.pass_time(rig.chance.uniform(0, 0.3))
    await rig.kill(program)
    await rig.start()
    await rig.admin.sees("Đã duyệt")
    async with rig.database() as database, database.read() as db:
        kept = await plans.find_plan(db, NEW.id)
    assert kept is not None
    assert kept.status is PlanStatus.IN_FORCE
    assert kept.plan == NEW
    hoa = rig.chat.person("Nguyễn Thị Hoa")
    await rig.pass_time(NOTICED)
    assert present_figure(await ask(hoa)) == "90%"


# A plan's file -------------------------------------------------------------------------------------------------------

FIRST, SECOND = (text.replace(" năm 2026\n", " năm 2025\n", 1) for text in (PLAN, NEWER))
"""Dated in the past, whatever day the machine has."""
READING = 1.5
"""Seconds within which a file of two pages is read on a busy machine."""


@dataclass(frozen=True)
class Step:
    """One thing that the admin does, and what is to be seen of it in the end.

    Attributes:
        label: the button that is tapped, under the message that holds `under`; or what is said, where that is empty.
        file: what is sent instead.
    """

    seen: str
    label: str = ""
    under: str = ""
    file: str = ""

    async def take(self, admin: Seat) -> None:
        if self.file:
            await admin.sends_document("KH.txt", self.file.encode())
        elif self.under:
            await admin.taps(self.label, on=await admin.sees(self.under))
        else:
            await admin.says(self.label)


STEPS = (
    Step("Kế hoạch số 45/KH-LĐLĐ", file=FIRST),
    Step("Một con số cho hai việc", "Xem từng chỗ", "2 chỗ cần xem"),
    Step("gõ chỗ sai", "Sửa", "Một con số cho hai việc"),
    Step("Đã sửa: 95%", "95%"),
    Step("Con số 20", "Bỏ", "ước chừng"),
    Step("cần đối chiếu", "Bỏ qua tất cả", "Con số 20"),
    Step("Thời hạn sẽ được nhắc", "Đồng ý tất cả", "cần đối chiếu"),
    Step("không còn chỗ nào cần xem", "Đồng ý nhắc", "Thời hạn sẽ được nhắc"),
    Step("Đã duyệt 45/KH-LĐLĐ", "Duyệt", "không còn chỗ nào cần xem"),
    Step("Kế hoạch số 52/KH-LĐLĐ", file=SECOND),
    Step("chỗ cuối cùng cần xem", "Xem từng chỗ", "Kế hoạch số 52/KH-LĐLĐ"),
    Step("Con số 20", "Đúng", "chỗ cuối cùng cần xem"),
    Step("Thời hạn sẽ được nhắc", "Bỏ qua tất cả", "Con số 20"),
    Step("không còn chỗ nào cần xem", "Đồng ý nhắc", "Thời hạn sẽ được nhắc"),
    Step("thay kế hoạch nào không", "Duyệt", "không còn chỗ nào cần xem"),
    Step("thay cho 45/KH-LĐLĐ", "Thay 45/KH-LĐLĐ", "thay kế hoạch nào không"),
    Step("Rút lại 52/KH-LĐLĐ", "Rút lại", "thay cho 45/KH-LĐLĐ"),
    Step("Đã rút lại 52/KH-LĐLĐ", "Rút lại", "Rút lại 52/KH-LĐLĐ"),
)
ANSWERED = {"Đã duyệt 45/KH-LĐLĐ": "80%", "thay cho 45/KH-LĐLĐ": "90%", "Đã rút lại 52/KH-LĐLĐ": "80%"}
"""The figure that officers are told once a step was seen."""


async def state_of(rig: Rig) -> tuple[list[str], list[tuple[int, int, str, str]], dict[str, str]]:
    """What is stored: files, what was decided of them, and the plans with their status."""
    async with rig.database() as database, database.read() as db:
        files = list((await db.execute(select(plan_files.c.hash).order_by(plan_files.c.hash))).scalars())
        row = plan_review_rows.c
        chosen = select(row.review_id, row.place, row.verdict, row.content).order_by(row.review_id, row.place)
        decided = [(each.review_id, each.place, each.verdict, each.content) for each in await db.execute(chosen)]
        return files, decided, {each.plan_id: each.status.value for each in await plans.list_plans(db)}


@pytest.mark.row(67, wide=True, seeded=True, intake=Intake.POLLING)
async def test_killed_at_any_step_of_a_plans_file(rig: Rig) -> None:
    """From the file to its withdrawal: after each kill all stands as before or one step further, and buttons go on."""
    hoa = rig.chat.person("Nguyễn Thị Hoa")
    sent = [number for number, step in enumerate(STEPS) if step.file]
    killed = {rig.chance.choice(sent), *rig.chance.sample(range(len(STEPS)), len(STEPS) // 2 if rig.full else 3)}
    program = await rig.start()
    for number, step in enumerate(STEPS):
        before = await state_of(rig)
        await step.take(rig.admin)
        if number not in killed:
            await rig.admin.sees(step.seen)
        else:
            await rig.pass_time(rig.chance.uniform(0, READING if step.file else 0.3))
            await rig.kill(program)
            then = await state_of(rig)
            program = await rig.start()
            await rig.admin.sees(step.seen)
            after = await state_of(rig)
            only_kept = bool(step.file) and then[0] == after[0] and then[1:] == before[1:]
            assert then in (before, after) or only_kept
        if figure := ANSWERED.get(step.seen):
            while (told := present_figure(await ask(hoa))) != figure:
                assert told in {"", "80%", "90%"}
    await check(rig, seats=(rig.admin,))
