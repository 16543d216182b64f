"""What is known now: the plans and forms, renewed when one enters or leaves, in every process, and replaced whole.

The database holds a number that grows with every change of plans, and one of forms. Each process looks at them every
`LOOK_EVERY`, builds what it knows anew beside its work, in a thread, and hands it to the turns that begin from then on.
A turn takes what it finds at its beginning and keeps it, so no answer mixes two states.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from bot.road.clock import Clock
from bot.road.turn import Hooks, best_effort
from bot.rules import Rules
from bot.settings import Settings
from knowledge.answer import Adviser, build_adviser
from knowledge.catalogue.making import list_gone, make_catalogue
from knowledge.forms import load_book, read_book
from knowledge.model.plans import Plan
from knowledge.model.stored_plans import StoredPlan
from knowledge.plans import load_plans
from knowledge.search.memory import give_back
from storage import forms as kept_forms
from storage import notes
from storage import plans as kept_plans
from storage.engine import Database
from storage.notes import NoteKey

logger = logging.getLogger(__name__)

LOOK_EVERY: Final = timedelta(seconds=2)
"""How often a process looks whether the plans or forms have changed."""

Make = Callable[[Adviser], object]
#: The plans that are known, and what the issuers of those withdrawn are called.
_Plans = tuple[tuple[Plan, ...], tuple[str, ...]]
#: Told of the plans that are stored, once turns find them.
Renewed = Callable[[Database, datetime, Sequence[StoredPlan]], Awaitable[None]]


class _Note:
    """A note for `troly doctor`, left while what is known here is not what is stored."""

    def __init__(self, key: NoteKey) -> None:
        self._key = key
        self._is_behind = False

    async def tell(self, database: Database, problem: str | None, now: datetime) -> None:
        """Leave it, or take it back where there is no problem."""
        if problem is None and not self._is_behind:
            return
        self._is_behind = problem is not None
        async with database.write() as db:
            if problem is None:
                await notes.drop(db, self._key)
            else:
                await notes.put(db, self._key, problem, now, is_open=True)


class LivingCatalogue:
    """Keeps what turns find of the plans and forms in step with what is stored."""

    def __init__(self, hooks: Hooks, settings: Settings, clock: Clock) -> None:
        """Begin with the plans and forms that ship with the product; `start` adds those that are stored.

        Args:
            clock: by whose local day a plan begins, and ends with its term.
        """
        self._hooks, self._settings, self._clock = hooks, settings, clock
        self._makers: dict[type, Make] = {}
        self._database: Database | None = None
        self._looking = asyncio.Lock()
        self._note, self._forms_note = _Note(NoteKey.CATALOGUE), _Note(NoteKey.FORMS)
        self.on_renewed: list[Renewed] = []
        self._seen: tuple[int, date] | None = None
        self._seen_forms: int | None = None
        self._forms = load_book()
        self._read: dict[int, Plan] = {}
        self._made_of: _Plans = (make_catalogue(load_plans(), (), self._today(clock())), ())
        self._adviser = build_adviser(*self._made_of)
        hooks.before_work.append(self.start)
        hooks.every(LOOK_EVERY, self.look, name="catalogue")
        self.derive(Adviser, lambda adviser: adviser)
        self.derive(Rules, lambda adviser: Rules.of(settings, adviser, self._forms))

    def derive(self, kind: type, make: Make) -> None:
        """Let turns find, under `kind`, what `make` makes of the catalogue; it is made anew with every change."""
        self._makers[kind] = make
        self._hooks.provide(make(self._adviser), kind=kind)

    async def start(self, database: Database) -> None:
        """Take in the plans and forms that are stored, before anything is answered."""
        self._database = database
        await self.renew()

    async def renew(self) -> None:
        """Look now, where something was just changed here."""
        if self._database is not None:
            await self.look(self._database, self._clock())

    async def look(self, database: Database, now: datetime) -> None:
        """Renew the catalogue where the stored plans, the forms or the day are others than those it was made of.

        What cannot be built leaves the catalogue as it is, is noted for `troly doctor`, and is tried again with the
        next change.
        """
        async with self._looking:
            await self._look_at_forms(database, now)
            await self._look(database, now)

    async def _look_at_forms(self, database: Database, now: datetime) -> None:
        async with database.read() as db:
            revision = await kept_forms.get_revision(db)
            if self._seen_forms == revision:
                return
            problem, book = None, self._forms
            try:
                book = read_book(await kept_forms.list_forms(db))
            except Exception as error:
                problem = f"the stored forms cannot be taken in ({type(error).__name__})"
                logger.exception("the stored forms cannot be taken in", extra={"revision": revision})
        self._seen_forms = revision
        if book != self._forms:
            self._forms = book
            self._take(self._adviser)
            logger.info("forms renewed", extra={"revision": revision, "forms": len(book.versions)})
        await self._forms_note.tell(database, problem, now)

    async def _look(self, database: Database, now: datetime) -> None:
        today = self._today(now)
        async with database.read() as db:
            revision = await kept_plans.get_revision(db)
            if self._seen == (revision, today):
                return
            stored = await kept_plans.list_plans(db, seen=self._read)
        self._seen = (revision, today)
        self._read = {each.version: each.plan for each in stored if each.plan is not None}
        try:
            plans = make_catalogue(load_plans(), stored, today), list_gone(load_plans(), stored)
            if plans != self._made_of:
                self._take(await asyncio.to_thread(build_adviser, *plans))
                self._made_of = plans
                await asyncio.to_thread(give_back)
                logger.info("catalogue renewed", extra={"revision": revision, "plans": len(plans[0])})
        except Exception as error:
            logger.exception("the stored plans cannot be taken in", extra={"revision": revision})
            await self._note.tell(database, f"the stored plans cannot be taken in ({type(error).__name__})", now)
            return
        await self._note.tell(database, None, now)
        for tell in self.on_renewed:
            await best_effort(lambda tell=tell: tell(database, now, stored))  # type: ignore[misc]

    def _take(self, adviser: Adviser) -> None:
        """From now on, turns find this."""
        self._adviser = adviser
        made: dict[type, Any] = {kind: make(adviser) for kind, make in self._makers.items()}
        self._hooks.provide_all(made)

    def _today(self, now: datetime) -> date:
        return now.astimezone(self._settings.timezone).date()
