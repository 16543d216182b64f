"""Who answers for what a unit owes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from storage import people, reminder_recipients
from storage.answering import answers
from storage.engine import Database
from storage.people import RoleName
from storage.schema import roles, units
from tests.storage.places import plant


async def test_supervisors_answer_for_a_unit_above_the_grassroots_that_has_no_officer(
    database: Database, now: datetime
) -> None:
    async with database.write() as db:
        tree = await plant(db)
        hung = await people.add(db, "Lê Văn Hùng", now, telegram_id=1)
        hoa = await people.add(db, "Nguyễn Thị Hoa", now, telegram_id=2)
        lan = await people.add(db, "Trần Thị Lan", now, telegram_id=3)
        await people.grant(db, hung.id, tree["X1"].id, RoleName.SUPERVISOR, now)
        await people.grant(db, hung.id, tree["CS1"].id, RoleName.SUPERVISOR, now)
        await people.grant(db, hoa.id, tree["CS1"].id, RoleName.OFFICER, now)
        own = [tree["X1"].id, tree["CS1"].id]

        async def answering() -> set[tuple[int, int]]:
            query = select(roles.c.person_id, roles.c.unit_id).join(units, units.c.id == roles.c.unit_id)
            return {(row[0], row[1]) for row in await db.execute(query.where(answers, roles.c.ended_at.is_(None)))}

        assert await answering() == {(hung.id, own[0]), (hoa.id, own[1])}
        found = await people.list_officers_of(db, own)
        assert {unit: [each.id for each in some] for unit, some in found.items()} == {
            own[0]: [hung.id],
            own[1]: [hoa.id],
        }
        posts = await reminder_recipients.list_posts_at(db, own)
        assert {(post.person_id, post.is_officer) for post in posts} == {(hung.id, False), (hoa.id, True)}
        # Once somebody is there to enter figures, supervisors are left alone.
        await people.grant(db, lan.id, tree["X1"].id, RoleName.OFFICER, now)
        assert await answering() == {(lan.id, own[0]), (hoa.id, own[1])}
        await people.end_role(db, lan.id, tree["X1"].id, RoleName.OFFICER, now)
        assert await answering() == {(hung.id, own[0]), (hoa.id, own[1])}
