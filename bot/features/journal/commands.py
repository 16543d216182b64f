"""/nhatky and its pages."""

from __future__ import annotations

from bot.features.journal import service, words
from bot.features.journal.taps import ShowJournal
from bot.hands.asking import Asking, privately
from bot.hands.feature import Command, Feature, Meant, Viewer, without_words
from bot.hands.taps import On
from bot.road.turn import Turn
from knowledge.meanings import Meaning


@privately
async def on_journal(turn: Turn, asking: Asking) -> None:
    """/nhatky: who did what, when."""
    match service.list_managed(asking):
        case None:
            turn.say(words.journal(await service.read_page(asking, None)))
        case (unit,):
            turn.say(words.journal(await service.read_page(asking, unit)))
        case several:
            turn.say(words.choose_journal(several))


@privately
async def on_page(turn: Turn, asking: Asking, tap: ShowJournal) -> None:
    """Another page, or the journal of the unit that was chosen."""
    turn.say(words.journal(await service.find_page(asking, tap.unit, tap.before), edits=turn.tapped))


FEATURE = Feature(
    "journal",
    commands=(Command("nhatky", on_journal, audience=frozenset({Viewer.ADMIN}), place=60),),
    taps=(On(ShowJournal, on_page),),
    meanings={Meaning.AUDIT: Meant(without_words(on_journal), shows=True)},
)
