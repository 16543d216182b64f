"""Word of a plan that came into force, to the officers whom it governs: once for each unit that it is set for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.features.plans import words
from bot.features.plans.service import Teller, foresee_telling, is_over, list_governed, tell_officers
from bot.living import LivingCatalogue
from bot.road.turn import Surroundings
from bot.rules import Rules
from knowledge.answer import Adviser
from knowledge.model.stored_plans import PlanStatus, StoredPlan
from storage import people
from storage.engine import Database

NEWS_FOR: Final = timedelta(days=3)
"""What came into force longer ago is no news: the bot was away, or a copy of the database was put back."""


def join(around: Surroundings) -> None:
    """Tell of what came into force whenever the catalogue is renewed, whoever approved it, wherever."""
    hooks, zone = around.hooks, around.settings.timezone
    for_nobody = min(around.settings.admin_ids, default=0)

    async def tell(database: Database, now: datetime, stored: Sequence[StoredPlan]) -> None:
        today = now.astimezone(zone).date()
        new = [each for each in stored if is_news(each, today, now)]
        if not new:
            return
        answered = hooks.resource(Adviser).plans
        replaced = {each.replaced_by: each.plan_id for each in stored if each.status is PlanStatus.REPLACED}
        for each in new:
            present = answered.get(each.plan_id)
            if each.plan is None or present is None or is_over(present, today):
                continue
            async with database.write() as db:
                teller = await find_teller(db, each.by, for_nobody)
                places = await list_governed(db, hooks.resource(Rules), each.plan)
                told = await foresee_telling(db, places, without=teller.person_id)
                old = answered.get(replaced.get(each.plan_id, ""))
                await tell_officers(db, each.plan, words.news(each.plan, old), told, teller, now)

    hooks.resource(LivingCatalogue).on_renewed.append(tell)


def is_news(stored: StoredPlan, today: date, now: datetime) -> bool:
    """Whether a plan came into force lately. Pure."""
    if stored.status is not PlanStatus.IN_FORCE or stored.plan is None:
        return False
    begins = stored.in_force_from
    if begins is not None and begins > today:
        return False
    has_just_begun = begins is not None and today - begins <= NEWS_FOR
    return has_just_begun or now - stored.changed_at <= NEWS_FOR


async def find_teller(db: AsyncConnection, person_id: int | None, for_nobody: int) -> Teller:
    """Whoever approved a plan; for an operator at the command line, the chat `for_nobody` learns how far it is."""
    person = (await people.get_people(db, [person_id])).get(person_id) if person_id is not None else None
    chat_id = person.telegram_id if person is not None and person.telegram_id is not None else for_nobody
    return Teller(person_id or 0, chat_id)
