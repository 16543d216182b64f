"""The table of rights, held: whoever acts, whatever they do, wherever in the tree it lies.

`rights.toml` says of every button, command, meaning, dialog and slow work who it is for at least. What only one of the
registry and the table has fails here; so does a handler that lets somebody do more, or less, than the table says.
"""

from __future__ import annotations

import tomllib
from collections.abc import AsyncIterator
from itertools import islice
from pathlib import Path
from typing import Any, Final

import pytest

from bot.features.broadcasts import dialogs as broadcasts_dialogs
from bot.features.campaigns import dialogs as campaigns_dialogs
from bot.features.deadlines import dialogs as deadlines_dialogs
from bot.features.plans import dialogs as plans_dialogs
from bot.features.registry import REGISTRY
from bot.features.relay import dialogs as relay_dialogs
from bot.features.reminders import evidence
from bot.features.requests import dialogs as requests_dialogs
from bot.features.targets.giving import dialogs as giving_dialogs
from bot.features.units import dialogs as units_dialogs
from bot.hands.taps import On
from bot.road.turn import Turn
from bot.sandbox.entities import parse_html
from knowledge.meanings import Meaning
from storage.engine import Database
from tests.e2e.rights_tree import (
    REACHED,
    Came,
    Outcome,
    Where,
    Who,
    World,
    forge,
    forge_errand,
    forge_states,
    is_somebodys,
    world_on,
)

RIGHTS: Final = tomllib.loads(Path(__file__).with_name("rights.toml").read_text())
MOST: Final = 3  # buttons of one kind about one unit
#: What a turn may write that is at no unit: the row and the page of whoever acts, and their wrong codes.
HARMLESS: Final = frozenset({"people", "home_cards", "invite_tries"})
OUTSIDE: Final = tuple(where for where in Where if where not in REACHED)
#: Slow work on a file that was sent, of which none is there.
OF_A_FILE: Final = frozenset({"plans.read", "plans.scan"})
#: Where one of ADMIN_IDS and a stranger are tried: everything is alike to them.
ALIKE: Final = (Where.OWN, Where.NO_MORE, Where.ELSEWHERE)


@pytest.fixture
async def world(sqlite_database: Database) -> AsyncIterator[World]:
    async with world_on(sqlite_database, f"sqlite:///{sqlite_database.path}") as world:
        yield world


def taps() -> dict[str, On[Any]]:
    return {on.tap.name: on for feature in REGISTRY.features for on in feature.taps}


def in_table(part: str) -> dict[str, Who]:
    """Who each is for at least, by name; the table has them by who."""
    found = [(name, Who(who)) for who, names in RIGHTS[part].items() for name in names]
    assert len(dict(found)) == len(found), "named twice"
    return dict(found)


def test_nothing_of_the_registry_is_missing_in_the_table() -> None:
    dialogs = {dialog.feature for dialog in REGISTRY.dialogs if dialog.feature is not None}
    assert {
        "taps": set(in_table("taps")),
        "commands": set(in_table("commands")),
        "meanings": set(in_table("meanings")),
        "dialogs": set(in_table("dialogs")),
        "errands": set(in_table("errands")),
    } == {
        "taps": set(taps()),
        "commands": {command.name for command in REGISTRY.commands},
        "meanings": {meaning.value for meaning in Meaning},
        "dialogs": dialogs,
        "errands": set(map(str, REGISTRY.makers)),
    }


async def test_a_button_does_for_each_what_the_table_says(world: World) -> None:
    wrong: list[str] = []
    for name, least in in_table("taps").items():
        kind = taps()[name].tap
        letting_in = []
        for who in Who:
            places = (Where.OWN,) if not is_somebodys(kind) else tuple(Where) if who in _ROLES else ALIKE
            for where in places:
                came = [await world.tap(who, tap) for tap in islice(forge(kind, world.at[where]), MOST)]
                may = who is Who.OPERATOR or (who >= least and where in REACHED)
                if not may:
                    wrong += [f"{name}: {who} {where}: {told}" for told in _slips(came, world, where)]
                if where in REACHED and any(each.outcome is not Outcome.DENIED for each in came):
                    letting_in.append(who)
        found = min(letting_in) if letting_in else None
        if found is not least:
            wrong.append(f"{name}: it is for {found}, and the table says {least}")
    assert not wrong, "\n".join(wrong)


_ROLES: Final = (Who.OFFICER, Who.SUPERVISOR, Who.ADMIN)


def _slips(came: list[Came], world: World, where: Where) -> list[str]:
    """What was done or told of a unit that is not theirs."""
    changed = [f"changed {sorted(each.changed - HARMLESS)}" for each in came if each.changed - HARMLESS]
    return changed + [f"told {mark}" for each in came for mark in world.at[where].shown_in(each.said)]


@pytest.mark.parametrize("part", ["commands", "meanings"])
async def test_words_open_for_each_what_the_table_says(world: World, part: str) -> None:
    wrong: list[str] = []
    for name, least in in_table(part).items():
        letting_in = []
        for who in Who:
            plain = await world.act(who, _saying(part, name, ""), name)
            if plain.outcome is not Outcome.DENIED:
                letting_in.append(who)
            if who is Who.OPERATOR:
                continue
            asked = [plain]
            for where in OUTSIDE:
                code = world.at[where].code
                asked.append(await world.act(who, _saying(part, name, code), f"{name} {code}"))
            for where in Where if who is Who.STRANGER else OUTSIDE:
                if where is Where.ABOVE and who is not Who.STRANGER:
                    told = [mark for each in asked for mark in _own_secrets(world, where, each)]
                else:
                    told = _slips(asked, world, where)
                wrong += [f"{name}: {who} {where}: {each}" for each in told]
        found = min(letting_in) if letting_in else None
        if found is not least:
            wrong.append(f"{name}: it is for {found}, and the table says {least}")
    assert not wrong, "\n".join(wrong)


#: The state of each feature's dialog.
STATES: Final[dict[str, Any]] = {
    each.feature: each.kind
    for each in (
        units_dialogs.KEEPER, requests_dialogs.KEEPER, evidence.KEEPER, giving_dialogs.KEEPER, relay_dialogs.KEEPER,
        relay_dialogs.ASKING, deadlines_dialogs.DIALOG, broadcasts_dialogs.DIALOG, campaigns_dialogs.KEEPER,
        plans_dialogs.DIALOG, plans_dialogs.MENDING,
    )
}  # fmt: skip


async def test_a_dialog_does_nothing_for_whoever_lost_the_right_meanwhile(world: World) -> None:
    wrong: list[str] = []
    of_use = set()
    for name, least in in_table("dialogs").items():
        for who in (Who.STRANGER, *_ROLES):
            for where in Where:
                may = who >= least and where in REACHED
                if may and where is not Where.OWN:
                    continue
                things = world.at[where]
                came = [
                    await world.hear(who, name, state, words)
                    for state in forge_states(STATES[name], things)
                    for words in (things.code, "việc 5")
                ]
                if may:
                    of_use |= {name for each in came if each.outcome is Outcome.DONE and each.said}
                else:
                    wrong += [f"{name}: {who} {where}: {told}" for told in _slips(came, world, where)]
    assert not wrong, "\n".join(wrong)
    assert of_use >= set(STATES) - {"done", "planunits", "planfact"}, "one waits for a photo, two for one of ADMIN_IDS"


async def test_slow_work_is_done_for_each_as_the_table_says(world: World) -> None:
    wrong: list[str] = []
    for name, least in in_table("errands").items():
        kind = REGISTRY.makers[name].details
        letting_in = []
        for who in Who:
            for where in Where:
                may = who is Who.OPERATOR or (who >= least and where in REACHED)
                came = await world.make(who, name, forge_errand(kind, world.at[where]), whole=not may)
                if not may:
                    wrong += [f"{name}: {who} {where}: {told}" for told in _slips([came], world, where)]
                if where in REACHED and came.outcome is Outcome.DONE:
                    letting_in.append(who)
        found = min(letting_in) if letting_in else None
        if found is not (least if name not in OF_A_FILE else None):
            wrong.append(f"{name}: it is for {found}, and the table says {least}")
    assert not wrong, "\n".join(wrong)


async def test_a_name_with_markup_in_it_breaks_no_message(sqlite_database: Database) -> None:
    def call(name: str) -> str:
        return f"</b><i>{name} & <a href='"

    seen = 0
    async with world_on(sqlite_database, f"sqlite:///{sqlite_database.path}", call) as world:
        came = [
            await world.tap(Who.OPERATOR, tap)
            for on in taps().values()
            for where in (Where.OWN, Where.BELOW)
            for tap in islice(forge(on.tap, world.at[where]), MOST)
        ]
        for part in ("commands", "meanings"):
            for name in in_table(part):
                came += [await world.act(who, _saying(part, name, ""), name) for who in (Who.SUPERVISOR, Who.OPERATOR)]
    for each in came:
        for text in each.texts:
            shown, _ = parse_html(text)
            seen += "</b><i>" in shown
    assert seen > 100, "hardly any message names anything"


def _own_secrets(world: World, where: Where, came: Came) -> list[str]:
    """What is told of the unit above but its name and what it set for those below it, which are theirs to know."""
    things = world.at[where]
    public = {things.name, f"Vé {things.code}", f"việc {things.code}"}
    return [mark for mark in things.shown_in(came.said) if mark not in public]


def _saying(part: str, name: str, words: str) -> Any:
    """What handles a command with these words behind it, or a message of that meaning."""
    if part == "meanings":
        meant = REGISTRY.get_meant(Meaning(name))
        return lambda turn: meant.act(turn, words or name)
    command = REGISTRY.find_command(name)
    assert command is not None

    async def obey(turn: Turn) -> None:
        turn.args = words.split()
        await command.handle(turn)

    return obey
