"""One-time invitations. Only the hash of a code is kept, and only so many may be tried."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.people import RoleName
from storage.purge import Stale
from storage.rows import columns_of, find_one
from storage.schema import invite_tries, invites

CODE_BYTES: Final = 18  # 144 random bits, 24 letters in a link
DAYS: Final = 7
TRY_WINDOW: Final = timedelta(hours=1)
TRIES_PER_PERSON: Final = 10
KEPT_FOR: Final = timedelta(days=190)  # since it ran out: who used it and taps it again is told so


class Passes(StrEnum):
    """What somebody hands over with a code: one role to somebody else, or all that they are to another account."""

    ROLE = "role"
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True)
class Invite:
    """An invitation: the role and unit a code gives. `created_by` is None where the operator made it.

    `passes` is what `passes_from` hands over with it; None where it gives a role and takes none away.
    """

    id: int
    unit_id: int
    role: RoleName
    created_by: int | None
    created_at: datetime
    expires_at: datetime
    used_by: int | None = None
    passes: Passes | None = None
    passes_from: int | None = None


@dataclass(frozen=True, slots=True)
class LockedOut:
    """The account tried too many codes; until then, a good one opens nothing either."""

    until: datetime


_COLUMNS = columns_of(Invite, invites)


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


def _draw_code() -> str:
    """A code that is seen to be one when it is pasted without its command: it has a digit and letters of both sizes."""
    while True:
        code = secrets.token_urlsafe(CODE_BYTES)
        if any(map(str.isdecimal, code)) and any(map(str.isupper, code)) and any(map(str.islower, code)):
            return code


async def create(
    db: AsyncConnection,
    unit_id: int,
    role: RoleName,
    now: datetime,
    *,
    created_by: int | None,
    lasts: timedelta = timedelta(days=DAYS),
    passes: tuple[Passes, int] | None = None,
) -> str:
    """A new invitation; its code, which is shown once and not kept.

    Args:
        passes: what is handed over with it, and by whom (a person's id).
    """
    codes = await create_all(db, [(unit_id, role)], now, created_by=created_by, lasts=lasts, passes=passes)
    return codes[0]


async def create_all(
    db: AsyncConnection,
    wanted: Sequence[tuple[int, RoleName]],
    now: datetime,
    *,
    created_by: int | None,
    lasts: timedelta = timedelta(days=DAYS),
    passes: tuple[Passes, int] | None = None,
) -> list[str]:
    """A new invitation for each of these units and roles; their codes, in that order."""
    codes = [_draw_code() for _ in wanted]
    rows = [
        {
            "code_hash": _hash(code),
            "unit_id": unit_id,
            "role": role.value,
            "created_by": created_by,
            "created_at": now,
            "expires_at": now + lasts,
            "passes": passes[0].value if passes else None,
            "passes_from": passes[1] if passes else None,
        }
        for code, (unit_id, role) in zip(codes, wanted, strict=True)
    ]
    if rows:
        await db.execute(insert(invites), rows)
    return codes


async def passes_from(db: AsyncConnection, code: str, person_id: int, now: datetime) -> bool:
    """Whether a code that can still be used hands over what this very person has: they cannot use it themselves."""
    query = select(invites.c.id).where(
        invites.c.code_hash == _hash(code),
        invites.c.used_at.is_(None),
        invites.c.expires_at > now,
        invites.c.passes_from == person_id,
    )
    return await db.scalar(query) is not None


async def redeem(db: AsyncConnection, code: str, telegram_id: int, now: datetime) -> Invite | LockedOut | None:
    """Use a code up; None alike for unknown, used and expired.

    A failure counts against this account for an hour; who is locked out is refused even with a good code, so that
    guessing tells nothing. Others go on: a code is 144 random bits, which no crowd of accounts guesses.
    """
    until = await _find_lock(db, telegram_id, now)
    if until is not None:
        return LockedOut(until)
    used = (
        update(invites)
        .where(invites.c.code_hash == _hash(code), invites.c.used_at.is_(None), invites.c.expires_at > now)
        .values(used_at=now, used_by=telegram_id)
    )
    invite = await find_one(db, Invite, used.returning(*_COLUMNS))
    if invite is not None:
        return invite
    await db.execute(delete(invite_tries).where(invite_tries.c.tried_at <= now - TRY_WINDOW))
    await db.execute(insert(invite_tries).values(telegram_id=telegram_id, tried_at=now))
    return None


async def _find_lock(db: AsyncConnection, telegram_id: int, now: datetime) -> datetime | None:
    """When an account that tried too many codes may try again; None where it may now."""
    tried = invite_tries.c.tried_at
    query = select(tried).where(invite_tries.c.telegram_id == telegram_id, tried > now - TRY_WINDOW)
    counted = await db.scalar(query.order_by(tried.desc()).offset(TRIES_PER_PERSON - 1).limit(1))
    return counted + TRY_WINDOW if counted is not None else None


async def find_used(db: AsyncConnection, code: str, telegram_id: int) -> Invite | None:
    """The invitation that this very account used this code for: the same message may come twice."""
    query = select(*_COLUMNS).where(invites.c.code_hash == _hash(code), invites.c.used_by == telegram_id)
    return await find_one(db, Invite, query)


async def revoke_by_unit(db: AsyncConnection, unit_id: int, now: datetime) -> int:
    """Revoke the unused invitations of a unit; how many there were."""
    changed = await db.execute(
        update(invites)
        .where(invites.c.unit_id == unit_id, invites.c.used_at.is_(None), invites.c.expires_at > now)
        .values(expires_at=now)
    )
    return changed.rowcount


async def revoke_passing(
    db: AsyncConnection, passes: Passes, person_id: int, now: datetime, *, at: tuple[int, RoleName] | None = None
) -> None:
    """Revoke the unused codes by which somebody hands this over: of two that were made, only the later opens.

    Args:
        at: the unit and role that are handed over.
    """
    query = update(invites).where(
        invites.c.passes_from == person_id,
        invites.c.passes == passes.value,
        invites.c.used_at.is_(None),
        invites.c.expires_at > now,
    )
    if at is not None:
        query = query.where(invites.c.unit_id == at[0], invites.c.role == at[1].value)
    await db.execute(query.values(expires_at=now))


async def revoke_by_creator(db: AsyncConnection, person_id: int, now: datetime) -> int:
    """Revoke the unused invitations that somebody made; how many there were."""
    changed = await db.execute(
        update(invites)
        .where(invites.c.created_by == person_id, invites.c.used_at.is_(None), invites.c.expires_at > now)
        .values(expires_at=now)
    )
    return changed.rowcount


async def forget_person(db: AsyncConnection, telegram_id: int) -> None:
    """Remove who used which invitation."""
    await db.execute(update(invites).where(invites.c.used_by == telegram_id).values(used_by=None))


def stale(now: datetime) -> list[Stale]:
    """What is kept no longer: invitations that ran out half a year ago, used or not, and tries that count no more."""
    return [
        Stale(invites, invites.c.expires_at < now - KEPT_FOR),
        Stale(invite_tries, invite_tries.c.tried_at < now - TRY_WINDOW, along=invite_tries.c.tried_at),
    ]
