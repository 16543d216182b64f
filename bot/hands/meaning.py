"""The meaning of messages: read by who says it and where, then acted on by its feature."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Final

from bot.access import Asker
from bot.hands.feature import Viewer
from bot.hands.registry import Registry
from bot.hands.taps import On, Tap
from bot.labels import load_labels
from bot.road.turn import Turn
from bot.words import meanings as words
from bot.words.commands import only_in_private
from bot.words.talk import button_gone
from knowledge.answer import Adviser
from knowledge.meanings import AskerRole, Meaning, Place, Situation, Understood, understand
from knowledge.meanings.units import UnitNames
from knowledge.question import Understanding
from storage import conversations
from storage.tallies import Tally, tally

IN_GROUP_SURE: Final = 0.8
"""Probability (0–1) from which a group is told that something is done in private chats only."""
LONGEST_KEPT: Final = 1000
_ANSWERS: Final = frozenset({Meaning.ANSWER, Meaning.REPORT, Meaning.CANCEL})
"""Meanings that answer what a dialog asks, or leave it."""


class ChooseMeaning(Tap, name="mean"):
    """The button of one of several meanings of a message; `token` names the stored message."""

    token: str
    number: int


class Hearing(StrEnum):
    """How far a message was understood, for the operator's figures."""

    YES = "yes"
    ASKED = "asked"  # which of two meanings it is
    NO = "no"


def note_hearing(turn: Turn, what: str, hearing: Hearing) -> None:
    """Count that something was heard: a meaning's value, "command" or "tap"."""
    tally(turn.db, Tally.ANSWER, what, hearing.value)


async def read(turn: Turn, text: str) -> Understood:
    """The meaning of the turn's message, by who says it and where."""
    registry, plans = turn.resource(Registry), turn.resource(Adviser).understanding
    return read_as(registry, plans, await turn.find_asker(), text, _place(turn), turn.today)


def read_as(
    registry: Registry, plans: Understanding, asker: Asker | None, text: str, place: Place, today: date
) -> Understood:
    """The meaning of a message that a given person says in a given place.

    Args:
        plans: reads what is said of plans.
    """
    audiences = frozenset[Viewer]()
    own: list[tuple[str, str]] = []
    if asker is not None:
        audiences = registry.list_audiences(asker)
        if audiences & {Viewer.SUPERVISOR, Viewer.ADMIN}:
            own = [(held.unit.code, held.unit.name) for held in asker.held]
    roles = (Viewer.ADMIN, Viewer.SUPERVISOR, Viewer.OFFICER)
    role = next((AskerRole(each.value) for each in roles if each in audiences), AskerRole.GUEST)
    return understand(text, Situation(role, today, place, UnitNames(own).names_one), load_labels(), plans=plans)


def _place(turn: Turn) -> Place:
    if not turn.is_private:
        return Place.GROUP
    if turn.in_dialog is None:
        return Place.PRIVATE
    places = (
        dialog.place(turn.in_dialog)
        for dialog in turn.resource(Registry).dialogs
        if dialog.feature in {None, turn.in_dialog.feature}
    )
    return next((place for place in places if place is not Place.PRIVATE), Place.PRIVATE)


async def act(turn: Turn, found: Understood, text: str) -> None:
    """Act on a meaning; where two are near, ask which; in a group, link to the private chat."""
    registry = turn.resource(Registry)
    _note_what_is_meant(turn, found)
    for feature in registry.features:
        if feature.act_first is not None and await feature.act_first(turn, found, text):
            return
    meant = registry.get_meant(found.means)
    if not turn.is_private:
        if meant.in_groups:
            await meant.act(turn, text)
        elif found.sure >= IN_GROUP_SURE:
            turn.say(turn.addressed((meant.moved_by or only_in_private)(turn.bot.username)))
        else:
            await registry.get_meant(Meaning.UNKNOWN).act(turn, text)
        return
    if turn.person is not None and not all(registry.get_meant(each).is_talk for each in found.choices):
        token = await keep_offer(turn, turn.person.telegram_id, text, found.choices)
        taps = [ChooseMeaning(token, number).pack() for number in range(len(found.choices))]
        turn.say(words.which(found.choices, taps))
        return
    await meant.act(turn, text)


def _note_what_is_meant(turn: Turn, found: Understood) -> None:
    hearing = Hearing.NO if found.means is Meaning.UNKNOWN else Hearing.ASKED if found.choices else Hearing.YES
    note_hearing(turn, found.means.value, hearing)


async def keep_offer(turn: Turn, person_id: int, text: str, means: Sequence[Meaning]) -> str:
    """Store a message with its possible meanings; returns the token that buttons carry."""
    payload = {"said": text[:LONGEST_KEPT], "means": [each.value for each in means]}
    return await conversations.keep_button(turn.db, payload, turn.now, person_id=person_id)


async def on_choice(turn: Turn, tap: ChooseMeaning) -> None:
    """Act on the meaning that was chosen by a button."""
    person_id = turn.person.telegram_id if turn.person is not None else 0
    kept = await conversations.find_button(turn.db, tap.token, person_id=person_id)
    offered = kept.get("means", []) if kept else []
    if kept is None or tap.number >= len(offered):
        turn.answer_tap(button_gone(), alert=True)
        return
    await turn.resource(Registry).get_meant(Meaning(offered[tap.number])).act(turn, str(kept["said"]))


def is_question(meant: Understood | None) -> bool:
    """Whether words mean something else than an answer to what is asked: a question, or another thing to do. Pure."""
    return meant is not None and meant.means not in _ANSWERS


def is_said_aside(text: str) -> bool:
    """The same where free words are asked for (a reason, a name): only the label of something else is none. Pure."""
    label = load_labels().find(text)
    return label is not None and label not in _ANSWERS


TAPS = (On(ChooseMeaning, on_choice),)
