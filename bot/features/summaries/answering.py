"""Questions in words about figures: totals, who has reported, how far the target is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.access import Right
from bot.features.reminders.service import Rules
from bot.features.summaries import places, service
from bot.features.summaries.errands import progress_reply
from bot.features.summaries.reports import Thing, UnitReport, find_monthly
from bot.features.summaries.showing import make_aside, show_missing, show_summary
from bot.features.summaries.words import missing as missing_words
from bot.features.summaries.words import targets as target_words
from bot.features.summaries.words import totals as words
from bot.hands.asking import Asking, open_asking, privately
from bot.hands.feature import Act
from bot.hands.registry import Registry
from bot.road.turn import Turn
from knowledge.figures_question import FiguresQuestion, Wanted, read_figures
from knowledge.meanings import Meaning
from knowledge.meanings.words import load_words


def answer(wanted: Wanted, *, label: Callable[[Turn], Awaitable[None]] | None = None) -> Act:
    """What answers a question about figures, of the unit and period it names; `label` does it for a bare label."""

    async def run(turn: Turn, text: str) -> None:
        if label is not None and load_words().find_label(text) is not None:
            turn.args = []
            await label(turn)
            return
        asks = Wanted.PROGRESS if wanted is Wanted.TOTALS and load_words().asks_progress(text) else wanted
        if await _answer_words(turn, await open_asking(turn), asks, text):
            return
        if turn.meant is not None and turn.meant.means is Meaning.OWN_FIGURES:
            turn.say(target_words.no_share())
        else:
            await turn.resource(Registry).get_meant(Meaning.UNKNOWN).act(turn, text)

    return run


@privately
async def answer_share(turn: Turn, asking: Asking, text: str) -> None:
    """What is asked of the asker's unit: how far it is from its plan; where none governs it, that is said."""
    if load_words().hands_down(text):
        turn.say(target_words.no_handing_down())
    elif not await _answer_words(turn, asking, Wanted.PROGRESS, text):
        turn.say(target_words.no_share())


async def _answer_words(turn: Turn, asking: Asking, wanted: Wanted, text: str) -> bool:
    """Answer of the unit and period that the words name; False where nothing can be said."""
    if not asking.asker.may_anywhere(Right.SEE):
        turn.say(words.not_a_member())
        return True
    question = read_figures(wanted, text, asking.today, load_words().around)
    asked = find_monthly(question.period, asking.today)
    if asked is None:
        turn.say(words.period_not_open())
        return True
    rules = turn.resource(Rules)
    unit = await places.find_meant(asking, rules, question)
    if unit is None:
        turn.say(words.no_unit(question.place))
        return True
    return await _answer(turn, UnitReport(asking, rules, unit, asked), question)


async def _answer(turn: Turn, report: UnitReport, question: FiguresQuestion) -> bool:
    is_about_one = bool(question.place) and report.unit.kind.is_grassroots
    match question.wanted:
        case Wanted.PROGRESS:
            return await _answer_progress(turn, report, question.year)
        case Wanted.TOTALS:
            await show_summary(turn, report)
        case Wanted.SUBMITTED if report.unit.kind.is_grassroots:
            turn.say(missing_words.submitted_answer(report, await service.find_own(report)))
        case Wanted.MISSING if is_about_one:
            turn.say(missing_words.submitted_answer(report, await service.find_own(report)))
        case Wanted.SUBMITTED | Wanted.MISSING:
            await show_missing(turn, report)
    return True


async def _answer_progress(turn: Turn, report: UnitReport, year: int | None) -> bool:
    if await service.is_large(report):
        await make_aside(turn, report, Thing.PROGRESS, year or 0)
        return True
    reply = await progress_reply(report, year)
    if reply is None:
        return False
    turn.say(reply)
    return True
