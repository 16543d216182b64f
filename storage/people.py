"""Officers and their roles. A person is known by Telegram id once they have joined, by phone number before."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import and_, bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.answering import answers
from storage.rows import chunks, columns_of, find_all, find_of_id, find_one
from storage.schema import broadcasts, dialogs, invite_tries, people, roles, submissions, units
from storage.units import Unit, path_ids, to_unit, unit_columns


class RoleName(StrEnum):
    """A role at a unit and all below; the values are kept in the database and in unit files."""

    OFFICER = "officer"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Person:
    """An officer. `telegram_id` is None until they join; `name` and `phone` are gone once they were forgotten.

    `called` is how they chose to be addressed; None where they chose nothing.
    """

    id: int
    telegram_id: int | None
    name: str
    phone: str | None
    created_at: datetime
    joined_at: datetime | None = None
    forgotten_at: datetime | None = None
    called: str | None = None

    @property
    def has_joined(self) -> bool:
        """Whether messages can be addressed to them."""
        return self.telegram_id is not None


@dataclass(frozen=True, slots=True)
class Role:
    """A role that is held now."""

    person_id: int
    unit_id: int
    role: RoleName
    granted_at: datetime


_PERSON = columns_of(Person, people)
_ROLE = columns_of(Role, roles)

# Asked with every message, so put together once.
_WITH_ROLES = (
    select(*_PERSON, *(column.label(f"role_{column.name}") for column in _ROLE), *unit_columns())
    .outerjoin(roles, (roles.c.person_id == people.c.id) & roles.c.ended_at.is_(None))
    .outerjoin(units, units.c.id == roles.c.unit_id)
    .where(people.c.telegram_id == bindparam("telegram_id"))
    .order_by(roles.c.id)
)


async def find_by_telegram(db: AsyncConnection, telegram_id: int) -> Person | None:
    """The person with this Telegram id."""
    return await find_one(db, Person, select(*_PERSON).where(people.c.telegram_id == telegram_id))


async def find_by_phone(db: AsyncConnection, phone: str) -> Person | None:
    """The person with this number, written +84…"""
    return await find_one(db, Person, select(*_PERSON).where(people.c.phone == phone))


async def find_person(db: AsyncConnection, person_id: int) -> Person | None:
    """The person of that id, for ids that somebody else sent."""
    return await find_of_id(db, Person, select(*_PERSON), people.c.id, person_id)


async def get_person(db: AsyncConnection, person_id: int) -> Person:
    """The person of that id; raises LookupError where there is none."""
    found = await find_person(db, person_id)
    if found is None:
        raise LookupError(f"no person {person_id}")
    return found


async def get_people(db: AsyncConnection, person_ids: Collection[int]) -> dict[int, Person]:
    """The people of these ids; those unknown are left out."""
    found: dict[int, Person] = {}
    for some in chunks(sorted(set(person_ids))):
        rows = await db.execute(select(*_PERSON).where(people.c.id.in_(some)))
        found |= {row.id: Person(*row) for row in rows}
    return found


async def add(
    db: AsyncConnection,
    name: str,
    now: datetime,
    *,
    phone: str | None = None,
    telegram_id: int | None = None,
) -> Person:
    """Add a person; neither number nor id may be known yet."""
    row = await db.execute(
        insert(people)
        .values(
            name=name[:120],
            phone=phone,
            telegram_id=telegram_id,
            created_at=now,
            joined_at=now if telegram_id is not None else None,
        )
        .returning(people.c.id)
    )
    return await get_person(db, row.scalar_one())


async def ensure(db: AsyncConnection, telegram_id: int, name: str, now: datetime) -> Person:
    """The person with this Telegram id, added where they are new."""
    found = await find_by_telegram(db, telegram_id)
    if found is not None:
        return found
    try:
        async with db.begin_nested():
            return await add(db, name, now, telegram_id=telegram_id)
    except IntegrityError:  # added by another process just now
        found = await find_by_telegram(db, telegram_id)
        if found is None:
            raise
        return found


async def keep_called(db: AsyncConnection, person_id: int, called: str) -> None:
    """Keep how somebody chose to be addressed; empty for neither."""
    await db.execute(update(people).where(people.c.id == person_id).values(called=called))


async def change(db: AsyncConnection, person_id: int, *, name: str | None = None, phone: str | None = None) -> None:
    """Give a person another name or number; what is None stays."""
    values = {"name": name[:120]} if name is not None else {}
    if phone is not None:
        values["phone"] = phone
    if values:
        await db.execute(update(people).where(people.c.id == person_id).values(**values))


async def join(db: AsyncConnection, person_id: int, telegram_id: int, now: datetime) -> None:
    """Tie a person of the roster to the Telegram account that proved to be theirs."""
    await db.execute(update(people).where(people.c.id == person_id).values(telegram_id=telegram_id, joined_at=now))


async def merge(db: AsyncConnection, kept_id: int, other_id: int, now: datetime) -> None:
    """Make one of two rows about the same person: roles and number go to the kept one, the other is emptied."""
    other = await get_person(db, other_id)
    held = {(role.unit_id, role.role) for role in await list_roles(db, kept_id)}
    for role in await list_roles(db, other_id):
        await end_role(db, other_id, role.unit_id, role.role, now)
        if (role.unit_id, role.role) not in held:
            await grant(db, kept_id, role.unit_id, role.role, now)
    await db.execute(
        update(people)
        .where(people.c.id == other_id)
        .values(name="", phone=None, telegram_id=None, joined_at=None, forgotten_at=now, called=None)
    )
    if other.phone is not None:
        await change(db, kept_id, phone=other.phone)


async def list_roles(db: AsyncConnection, person_id: int) -> list[Role]:
    """The roles somebody holds, the oldest first."""
    query = select(*_ROLE).where(roles.c.person_id == person_id, roles.c.ended_at.is_(None))
    return await find_all(db, Role, query.order_by(roles.c.id))


async def find_with_roles(db: AsyncConnection, telegram_id: int) -> tuple[Person | None, list[tuple[Role, Unit]]]:
    """The person with this Telegram id, and the roles they hold with their units, the oldest first: in one look-up."""
    rows = (await db.execute(_WITH_ROLES, {"telegram_id": telegram_id})).all()
    if not rows:
        return None, []
    width = len(_PERSON)
    held = [
        (Role(row[width], row[width + 1], RoleName(row[width + 2]), row[width + 3]), to_unit(row[width + len(_ROLE) :]))
        for row in rows
        if row[width] is not None
    ]
    return Person(*rows[0][:width]), held


async def list_staff(db: AsyncConnection, unit_id: int) -> list[tuple[Role, Person]]:
    """Who serves this very unit, the oldest role first."""
    query = select(*_ROLE).where(roles.c.unit_id == unit_id, roles.c.ended_at.is_(None))
    held = await find_all(db, Role, query.order_by(roles.c.id))
    found = await get_people(db, [role.person_id for role in held])
    return [(role, found[role.person_id]) for role in held]


async def list_staff_of(
    db: AsyncConnection, unit_ids: Collection[int], roles_meant: Collection[RoleName]
) -> list[tuple[int, Person]]:
    """Who holds one of these roles at these very units, as (unit, person), each once; whoever has not joined too."""
    found: dict[tuple[int, int], Person] = {}
    for some in chunks(sorted(set(unit_ids))):
        rows = await db.execute(
            select(roles.c.unit_id, *_PERSON)
            .join(people, people.c.id == roles.c.person_id)
            .where(
                roles.c.unit_id.in_(some),
                roles.c.role.in_(sorted(role.value for role in roles_meant)),
                roles.c.ended_at.is_(None),
            )
            .order_by(roles.c.id)
        )
        for row in rows:
            found.setdefault((row.unit_id, row.id), Person(*row[1:]))
    return [(unit_id, person) for (unit_id, _), person in found.items()]


async def list_officers(db: AsyncConnection, unit_id: int) -> list[Person]:
    """The officers of this very unit, whether they have joined or not."""
    return await _list_holders(db, [unit_id], RoleName.OFFICER)


async def list_officers_of(db: AsyncConnection, unit_ids: Collection[int]) -> dict[int, list[Person]]:
    """Those who answer for the reports of each of these very units (`storage.answering`); units without any are left
    out."""
    found: dict[int, list[Person]] = {}
    for some in chunks(sorted(set(unit_ids))):
        rows = await db.execute(
            select(roles.c.unit_id, *_PERSON)
            .join(people, people.c.id == roles.c.person_id)
            .join(units, units.c.id == roles.c.unit_id)
            .where(
                roles.c.unit_id.in_(some),
                answers,
                roles.c.ended_at.is_(None),
            )
            .order_by(roles.c.id)
        )
        for row in rows:
            found.setdefault(row.unit_id, []).append(Person(*row[1:]))
    return found


async def list_supervisors(db: AsyncConnection, unit_id: int) -> list[Person]:
    """The supervisors of the nearest unit at or above this one where any has joined.

    Where none has, its admins by the same rule; where nobody has joined at all, the nearest supervisors of the roster.
    """
    path: str | None = await db.scalar(select(units.c.path).where(units.c.id == unit_id))
    if path is None:
        return []
    rows = await db.execute(
        select(roles.c.unit_id, roles.c.role, *_PERSON)
        .join(people, people.c.id == roles.c.person_id)
        .where(
            roles.c.unit_id.in_(path_ids(path)),
            roles.c.role.in_((RoleName.SUPERVISOR.value, RoleName.ADMIN.value)),
            roles.c.ended_at.is_(None),
        )
        .order_by(roles.c.id)
    )
    found = [(row.unit_id, RoleName(row.role), Person(*row[2:])) for row in rows]
    for role, joined in ((RoleName.SUPERVISOR, True), (RoleName.ADMIN, True), (RoleName.SUPERVISOR, False)):
        for unit in reversed(path_ids(path)):
            here = [who for at, held, who in found if at == unit and held is role and (who.has_joined or not joined)]
            if here:
                return here
    return []


async def _list_holders(db: AsyncConnection, unit_ids: Collection[int], role: RoleName) -> list[Person]:
    rows = await db.execute(
        select(*_PERSON)
        .join(roles, roles.c.person_id == people.c.id)
        .where(roles.c.unit_id.in_(unit_ids), roles.c.role == role.value, roles.c.ended_at.is_(None))
        .order_by(roles.c.id)
    )
    return [Person(*row) for row in rows]


async def grant(
    db: AsyncConnection, person_id: int, unit_id: int, role: RoleName, now: datetime, *, by: int | None = None
) -> bool:
    """Give somebody a role; False where they hold it already."""
    held = await db.scalar(
        select(roles.c.id).where(
            roles.c.person_id == person_id,
            roles.c.unit_id == unit_id,
            roles.c.role == role.value,
            roles.c.ended_at.is_(None),
        )
    )
    if held is not None:
        return False
    try:
        async with db.begin_nested():
            await db.execute(
                insert(roles).values(
                    person_id=person_id, unit_id=unit_id, role=role.value, granted_at=now, granted_by=by
                )
            )
    except IntegrityError:  # given by another process just now
        return False
    return True


async def end_role(
    db: AsyncConnection, person_id: int, unit_id: int, role: RoleName, now: datetime, *, by: int | None = None
) -> bool:
    """Take a role away; False where it was not held."""
    ended = await db.execute(
        update(roles)
        .where(
            roles.c.person_id == person_id,
            roles.c.unit_id == unit_id,
            roles.c.role == role.value,
            roles.c.ended_at.is_(None),
        )
        .values(ended_at=now, ended_by=by)
    )
    return ended.rowcount > 0


async def forget(db: AsyncConnection, telegram_id: int, now: datetime) -> bool:
    """Remove who this Telegram account is: name, number, id and roles; False where nothing was known.

    What they sent for their unit stays, without a name and without the chat from which it came.
    """
    sent = submissions.c.carrier_chat == telegram_id
    await db.execute(update(submissions).where(sent).values(carrier_chat=None, carrier_message=None))
    told = and_(broadcasts.c.chat_id == telegram_id, broadcasts.c.done_at.is_not(None))
    await db.execute(update(broadcasts).where(told).values(chat_id=0))
    await db.execute(delete(dialogs).where(dialogs.c.chat_id == telegram_id))
    await db.execute(delete(invite_tries).where(invite_tries.c.telegram_id == telegram_id))
    person = await find_by_telegram(db, telegram_id)
    if person is None:
        return False
    await db.execute(
        update(roles)
        .where(roles.c.person_id == person.id, roles.c.ended_at.is_(None))
        .values(ended_at=now, ended_by=person.id)
    )
    await db.execute(
        update(people)
        .where(people.c.id == person.id)
        .values(telegram_id=None, name="", phone=None, joined_at=None, forgotten_at=now, called=None)
    )
    return True


# --- Many at once ----------------------------------------------------------------------------------------------------


async def list_all(db: AsyncConnection) -> list[Person]:
    """Everybody of the roster and everybody who joined, those forgotten left out."""
    rows = await db.execute(select(*_PERSON).where(people.c.forgotten_at.is_(None)).order_by(people.c.id))
    return [Person(*row) for row in rows]


async def list_names(db: AsyncConnection) -> list[str]:
    """The names of everybody who is known, in no order."""
    return list(await db.scalars(select(people.c.name).where(people.c.forgotten_at.is_(None))))


async def list_all_roles(db: AsyncConnection) -> list[Role]:
    """Every role that is held now."""
    return await find_all(db, Role, select(*_ROLE).where(roles.c.ended_at.is_(None)))


async def list_all_ended(db: AsyncConnection) -> set[tuple[int, int, RoleName]]:
    """Roles that were held once and taken away, as (person, unit, role)."""
    rows = await db.execute(
        select(roles.c.person_id, roles.c.unit_id, roles.c.role).where(roles.c.ended_at.is_not(None)).distinct()
    )
    return {(row.person_id, row.unit_id, RoleName(row.role)) for row in rows}


async def insert_all(db: AsyncConnection, new: Collection[tuple[str, str]], now: datetime) -> None:
    """Add people of a roster as (name, number); the numbers must be new."""
    rows = [{"name": name[:120], "phone": phone, "created_at": now} for name, phone in new]
    if rows:
        await db.execute(insert(people), rows)


async def rename_all(db: AsyncConnection, names: Collection[tuple[int, str]]) -> None:
    """Give people other names, as (person, name)."""
    rows = [{"person": person_id, "new_name": name[:120]} for person_id, name in names]
    if rows:
        named = update(people).where(people.c.id == bindparam("person")).values(name=bindparam("new_name"))
        await db.execute(named, rows)


async def grant_all(db: AsyncConnection, new: Collection[tuple[int, int, RoleName]], now: datetime) -> None:
    """Give roles as (person, unit, role), none of them held yet."""
    rows = [
        {"person_id": person_id, "unit_id": unit_id, "role": role.value, "granted_at": now}
        for person_id, unit_id, role in new
    ]
    if rows:
        await db.execute(insert(roles), rows)
