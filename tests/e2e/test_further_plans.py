"""Many plans that speak on the same: three are told in the chat, the others on pages."""

from __future__ import annotations

import re

from bot.app import Bot
from bot.living import LivingCatalogue
from knowledge.plans import load_plans
from storage import plans
from storage.engine import Database
from tests.e2e.chat import Chat
from tests.knowledge.made import AGREEMENTS, plan_of, target

SHIPPED = frozenset(plan.id for plan in load_plans())


async def test_the_plans_that_are_only_counted_come_on_pages(chat: Chat, bot: Bot, sqlite_database: Database) -> None:
    now = chat.sandbox.clock()
    async with sqlite_database.write() as db:
        for number in range(20):
            aim = target(AGREEMENTS, 60 + number, "2030")
            plan = plan_of(f"Vung {number}", (2026, 2030), aim, number=f"{100 + number}/KH-LĐLĐ")
            await plans.add(db, plan, file=None, by=None, now=now)
            await plans.approve(db, plan.id, replaces=None, in_force_from=None, shipped=SHIPPED, by=None, now=now)
    hoa = chat.person("Nguyễn Thị Hoa")
    await bot.hooks.resource(LivingCatalogue).renew()
    await hoa.says("chỉ tiêu TƯLĐTT 2030?")
    heard = await hoa.hears("TƯLĐTT")
    told: list[str] = []
    while more := re.search(r"… và (\d+ kế hoạch khác)\.", heard.text):
        told += re.findall(r"📄 (.*),", heard.text)
        await hoa.taps(f"Xem {more[1]}", on=heard)
        heard = await hoa.hears("TƯLĐTT")
    told += re.findall(r"📄 (.*),", heard.text)
    assert len(told) == len(set(told)) == 23


async def test_a_page_of_plans_that_are_gone_says_that_the_button_is(chat: Chat) -> None:
    hoa = chat.person("Nguyễn Thị Hoa")
    await hoa.says("chỉ tiêu TƯLĐTT 2030?")
    heard = await hoa.hears("85%")
    token = heard.data_of("Đúng").split(":")[1]
    await hoa.taps_forged(heard, f"qm:{token}")
    await chat.all_taken()
    assert not re.search("kế hoạch khác", heard.text)
