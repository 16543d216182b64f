"""The plans known on the terminal: those that ship with the product, and those of the database where there is one."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from bot.settings import Settings
from knowledge.answer import Adviser, build_adviser
from knowledge.catalogue.making import list_gone, make_catalogue
from knowledge.model.plans import Plan
from knowledge.model.stored_plans import StoredPlan
from knowledge.plans import load_plans

_FILE = "sqlite:///"


async def list_known_plans(settings: Settings, today: date) -> tuple[Plan, ...]:
    """Every plan that can be answered from, each in the state that it has today; no database is made.

    Raises:
        DatabaseRefusedError: there is a database, but it cannot be opened.
    """
    return make_catalogue(load_plans(), await list_stored(settings), today)


async def make_adviser(settings: Settings, today: date) -> Adviser:
    """The adviser over every plan that can be answered from; raises like `list_known_plans`."""
    stored = await list_stored(settings)
    return build_adviser(make_catalogue(load_plans(), stored, today), list_gone(load_plans(), stored))


def has_database(settings: Settings) -> bool:
    """Whether there is a database to look into: a server that the settings name, or a file that has been made."""
    address = settings.database_address
    return not address.startswith(_FILE) or Path(address.removeprefix(_FILE)).exists()


async def list_stored(settings: Settings) -> list[StoredPlan]:
    """What the database has on plans; nothing where there is no database.

    Raises:
        DatabaseRefusedError: there is a database, but it cannot be opened.
    """
    if not has_database(settings):
        return []
    from storage import plans  # noqa: PLC0415 - a question without a database starts at once
    from storage.engine import Database  # noqa: PLC0415

    database = await Database.open(settings.database_address, create=False)
    try:
        async with database.read() as db:
            return await plans.list_plans(db)
    finally:
        await database.close()
