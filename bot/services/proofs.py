"""Proofs: the signed paper of a report, a photo of work that was done. They change no figure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.access import Right
from bot.hands.asking import Asking
from bot.hands.carried import CarriedFile
from knowledge.model.periods import Period
from storage import proofs
from storage.proofs import Proof as Proof  # noqa: PLC0414 - for handlers, which see no storage

_OF_REPORT: Final = "report"
_OF_DUTY: Final = "duty"


@dataclass(frozen=True, slots=True)
class Shown:
    """A proof that work was done: of which unit, and the group of the duty."""

    proof: Proof
    unit_name: str
    group: str


def about_report(form_id: str, period: Period) -> str:
    """What the proofs of a report are kept under, within its unit."""
    return f"{_OF_REPORT}:{form_id}:{period.code}"


def about_duty(group: str) -> str:
    """The same of a duty that is no report."""
    return f"{_OF_DUTY}:{group}"


async def keep(asking: Asking, carried: CarriedFile) -> Proof:
    """Keep what a message carried; what it is of is said by `place`."""
    return await proofs.add(
        asking.db,
        kind=carried.kind,
        file_id=carried.file_id,
        chat_id=asking.chat_id,
        message_id=carried.message_id,
        album=carried.album,
        now=asking.now,
    )


async def place(asking: Asking, proof: Proof, unit_id: int, about: str) -> None:
    """Let a proof of the asker's be one of this; what it is of already stays so."""
    if await proofs.place(asking.db, proof, unit_id, about):
        await asking.note("proof.added", unit_id=unit_id, subject=f"proof:{proof.id}", details={"about": about})


async def place_heard(asking: Asking, unit_id: int, about: str, message_ids: Collection[int]) -> None:
    """Let what came with these messages be proof of this."""
    if message_ids:
        for proof in await proofs.list_unplaced(asking.db, asking.chat_id, message_ids):
            await place(asking, proof, unit_id, about)


async def find_own(asking: Asking, proof_id: int) -> Proof | None:
    """The proof of an id from outside, where it came from this chat."""
    found = await proofs.find(asking.db, proof_id)
    return found if found is not None and found.chat_id == asking.chat_id else None


async def list_about(asking: Asking, unit_id: int, about: str) -> list[Proof]:
    """The proofs of one thing of a unit, in the order they came."""
    return await proofs.list_about(asking.db, unit_id, about)


async def list_of_duties(db: AsyncConnection, paths: Collection[str], *, group: str | None, most: int) -> list[Shown]:
    """What shows that work was done at or below these paths, the latest first; of one duty's group or of any."""
    only = about_duty(group) if group is not None else None
    found = await proofs.list_latest(db, paths, prefix=f"{_OF_DUTY}:", only=only, most=most)
    return [Shown(proof, unit_name, (proof.about or "").removeprefix(f"{_OF_DUTY}:")) for proof, unit_name in found]


async def drop(asking: Asking, proof: Proof) -> None:
    """Remove a proof that the asker sent.

    Raises:
        AccessDeniedError: it is of a unit for which they enter nothing any more; it is the unit's then.
    """
    if proof.unit_id is not None:
        await asking.get_unit(Right.SUBMIT, proof.unit_id)
    if await proofs.drop(asking.db, proof.id, asking.chat_id) and proof.unit_id is not None:
        await asking.note("proof.dropped", unit_id=proof.unit_id, subject=f"proof:{proof.id}")


forget = proofs.forget
stale = proofs.stale
