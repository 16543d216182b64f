"""/tonghop, /chuanop, /nhatky, their buttons, questions in words about figures, filled-in workbooks coming back."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from telegram import Bot, Message, Update

from bot import access
from bot.access import AccessDeniedError, Asker, Right
from bot.features.people.commands import get_asker
from bot.features.reminders.service import Rules
from bot.features.submissions import commands as reporting
from bot.features.submissions import service as reporting_service
from bot.features.summaries import errands, importing
from bot.features.summaries import service as summary
from bot.features.summaries import words as views
from bot.features.summaries.errands import ask_aside
from bot.features.summaries.service import Asked
from bot.features.summaries.workbook_reader import LARGEST_FILE, Reading, Trouble, read_workbook
from bot.hands.asking import Asking, get_chat
from bot.hands.feature import Act, Command, Dialog, Feature, Meant, RawTap, Viewer, without_words
from bot.hands.registry import Registry
from bot.road.turn import Hooks, Turn
from bot.settings import Settings
from bot.words import commands as command_views
from bot.words.access import denied_line
from knowledge.calendar.periods import split_period
from knowledge.figures_question import FiguresQuestion, Wanted, plain_words, read_figures
from knowledge.forms import MONTHLY_FORM, get_form
from knowledge.meanings import Meaning
from knowledge.meanings.words import load_words
from knowledge.model.forms import is_open, last_opened
from knowledge.model.periods import Period
from storage import audit, owing, people, units
from storage import summaries as totals
from storage.units import Unit

MOST_CHOICES: Final = 10
JOURNAL_SHOWN: Final = 15
_FILES: Final = frozenset({"workbook", "csv", "year"})
_DOCUMENT: Final = re.compile(r".*\.xls[xm]", re.IGNORECASE)


def register(hooks: Hooks, rules: Rules, settings: Settings) -> None:
    """Let files be read before their turn, and slow work be done aside."""
    hooks.prepare(_is_readable, _read)
    errands.register(hooks, rules, settings)


# Commands ------------------------------------------------------------------------------------------------------------


async def on_summary(turn: Turn) -> None:
    """/tonghop, perhaps with a period and the name of a unit."""
    await _begin(turn, "v")


async def on_missing(turn: Turn) -> None:
    """/chuanop, perhaps with a period and the name of a unit."""
    await _begin(turn, "m")


async def _begin(turn: Turn, action: str) -> None:
    asker, today = await get_asker(turn), _today(turn)
    said = " ".join(turn.args or [])
    named, rest = split_period(said, today, ahead=timedelta())
    asked = _latest(named, today)
    if asked is None:
        turn.say(views.period_not_open())
        return
    wanted = plain_words(rest)
    places = await _places(turn, asker, wanted)
    if not places:
        turn.say(views.no_unit(wanted) if wanted and asker.may_anywhere(Right.SEE) else views.not_a_member())
    elif len(places) == 1:
        await _show(turn, asker, action, places[0], asked)
    else:
        turn.say(
            views.choose_unit(
                action, [(unit, asked) for unit in places[:MOST_CHOICES]], more=len(places) > MOST_CHOICES
            )
        )


async def _places(turn: Turn, asker: Asker, wanted: str) -> list[Unit]:
    """The units that somebody's words may mean; without words, the topmost they supervise, or else their own."""
    today = _today(turn)
    if wanted:
        asking = Asking(turn.db, asker, get_chat(turn), turn.now, turn.settings.timezone)
        return (await reporting_service.search_units(asking, wanted, most=MOST_CHOICES))[0]
    tops = await access.list_tops(turn.db, asker, Right.SUPERVISE) or await access.list_tops(turn.db, asker, Right.SEE)
    return [unit for unit in tops if unit.is_active(today)]


def _latest(period: Period | None, today: date) -> Asked | None:
    """The monthly report for a period; the latest one where none is named; None for one that is still to come."""
    form = get_form(MONTHLY_FORM)
    if period is None:
        return summary.ask_for(form, last_opened(form, today))
    if period.kind is not form.period or not is_open(form, period, today):
        return None
    return summary.ask_for(form, period)


def _today(turn: Turn) -> date:
    return turn.resource(Rules).today(turn.now)


async def on_journal(turn: Turn) -> None:
    """/nhatky: who did what, when."""
    asker = await get_asker(turn)
    if asker.is_admin:
        await _show_journal(turn, asker, None, 0)
        return
    tops = list(asker.units(Right.MANAGE))
    if not tops:
        raise AccessDeniedError(Right.MANAGE)
    if len(tops) > 1:
        turn.say(views.choose_journal(tops))
    else:
        await _show_journal(turn, asker, tops[0], 0)


async def _show_journal(turn: Turn, asker: Asker, unit: Unit | None, before_id: int) -> None:
    entries = await audit.list_entries(turn.db, within=unit, before_id=before_id or None, most=JOURNAL_SHOWN + 1)
    shown = entries[:JOURNAL_SHOWN]
    known = await people.get_people(turn.db, {each.person_id for each in shown if each.person_id is not None})
    places = await units.get_units(turn.db, {each.unit_id for each in shown if each.unit_id is not None})
    turn.say(
        views.journal(
            shown,
            {each.id: each.name for each in known.values()},
            {each.id: each.name for each in places.values()},
            zone=turn.settings.timezone,
            unit=unit,
            more=len(entries) > JOURNAL_SHOWN,
            edits=turn.tapped,
        )
    )


# Buttons -------------------------------------------------------------------------------------------------------------


async def on_tap(turn: Turn, rest: str) -> None:
    """A button under a summary. What it carries is the sender's word: every tap is judged anew."""
    asker = await get_asker(turn)
    parts = rest.split(":")
    if not turn.is_private or len(parts) < 2 or turn.person is None:
        turn.answer_tap(command_views.button_gone(), alert=True)
        return
    action, page = parts[0], _number(parts[3]) if len(parts) > 3 else 0
    try:
        if action == "j":
            await _tap_journal(turn, asker, parts)
            return
        if action == "w":
            await _tap_draft(turn, asker, parts[1])
            return
        right = Right.SUPERVISE if action in {"n", "o"} else Right.SEE
        unit = await access.get_unit(turn.db, asker, right, parts[1])
    except AccessDeniedError as error:
        turn.answer_tap(denied_line(error.right), alert=True)
        return
    asked = await summary.find_asked(turn.db, parts[2], _today(turn)) if len(parts) > 2 else None
    if asked is None:
        turn.answer_tap(views.not_open(), alert=True)
        return
    if asked.campaign is not None and not await _is_near(turn, asked, unit):
        turn.answer_tap(views.not_open(), alert=True)
        return
    await _show(turn, asker, action, unit, asked, page=page)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else 0


async def _is_near(turn: Turn, asked: Asked, unit: Unit) -> bool:
    """Whether a campaign concerns the unit or something below it."""
    assert asked.campaign is not None
    place = await units.find_unit_by_id(turn.db, asked.campaign.unit_id)
    return place is not None and (place.lies_in(unit) or unit.lies_in(place))


async def _show(turn: Turn, asker: Asker, action: str, unit: Unit, asked: Asked, *, page: int = 0) -> None:
    """What a button or command asks for, of a unit that the asker may see (or remind, where that is it)."""
    rules, edits = turn.resource(Rules), turn.tapped
    match action:
        case "v":
            if await summary.is_large(turn.db, unit):
                await _aside(turn, "summary", unit, asked, number=page)
                return
            turn.say(await errands.summary_reply(turn.db, rules, asker, unit, asked, turn.now, page=page, edits=edits))
        case "m":
            found = await summary.read_missing(turn.db, unit, asked, today=_today(turn), page=page)
            may_nudge = asker.may(Right.SUPERVISE, unit)
            is_page = edits is not None and page > 0
            turn.say(
                views.missing(found, zone=turn.settings.timezone, may_nudge=may_nudge, edits=edits if is_page else None)
            )
        case "e":
            explained, page, pages = await summary.read_explained(turn.db, unit, asked, page=page)
            turn.say(views.explanations(unit, asked, explained, page, pages, edits=edits if page > 0 else None))
        case "f":
            turn.say(views.choose_form(unit, await summary.list_asked(turn.db, unit, _today(turn)), edits=edits))
        case "o":
            await _nudge_one(turn, asker, unit, asked)
        case "n":
            await _nudge_all(turn, asker, unit, asked)
        case "x" | "t" | "y" | "g":
            kind = {"x": "workbook", "t": "csv", "y": "year", "g": "charts"}[action]
            await _aside(turn, kind, unit, asked)
        case _:
            turn.answer_tap(command_views.button_gone(), alert=True)


async def _aside(turn: Turn, kind: str, unit: Unit, asked: Asked, *, number: int = 0) -> None:
    query, message = turn.incoming.callback_query, turn.incoming.effective_message
    origin = f"tap:{query.id}" if query is not None else f"message:{message.message_id if message else 0}"
    await ask_aside(turn, kind, unit, asked, key=f"sum:{kind}:{turn.chat_id}:{origin}", number=number)
    if query is not None:
        turn.answer_tap(views.working_toast(kind))
    else:
        turn.say(views.working(kind))
    action = "upload_photo" if kind == "charts" else "upload_document" if kind in _FILES else "typing"
    turn.call_later("sendChatAction", chat_id=turn.chat_id, action=action)


async def _nudge_one(turn: Turn, asker: Asker, unit: Unit, asked: Asked) -> None:
    by = await access.get_acting_id(turn.db, asker, turn.now)
    found = await summary.nudge_one(turn.db, turn.resource(Rules), unit, asked, turn.now, by=by)
    if found is None:
        turn.answer_tap(views.nothing_to_nudge(), alert=True)
        return
    await audit.note(turn.db, "reminder.nudged", turn.now, by=by, unit_id=unit.id, subject=asked.group[:80])
    turn.answer_tap(views.nudged(found, unit.name), alert=True)


async def _nudge_all(turn: Turn, asker: Asker, unit: Unit, asked: Asked) -> None:
    by = await access.get_acting_id(turn.db, asker, turn.now)
    count = await summary.read_completeness(turn.db, unit, asked)
    if not count.missing:
        turn.answer_tap(views.nothing_to_nudge(), alert=True)
        return
    await audit.note(turn.db, "reminder.nudged", turn.now, by=by, unit_id=unit.id, subject=asked.group[:80])
    if count.missing > summary.NUDGED_AT_ONCE:
        await _aside(turn, "nudge", unit, asked)
        return
    found = await summary.nudge_missing(turn.db, turn.resource(Rules), unit, asked, turn.now, by=by)
    if found is None:
        turn.answer_tap(views.nothing_to_nudge(), alert=True)
    else:
        turn.say(views.nudged_all(found[0], asked))


async def _tap_journal(turn: Turn, asker: Asker, parts: Sequence[str]) -> None:
    before = _number(parts[2]) if len(parts) > 2 else 0
    if parts[1] == "0":
        if not asker.is_admin:
            raise AccessDeniedError(Right.MANAGE)
        await _show_journal(turn, asker, None, before)
        return
    unit = await access.get_unit(turn.db, asker, Right.MANAGE, parts[1])
    await _show_journal(turn, asker, unit, before)


# Questions in words --------------------------------------------------------------------------------------------------


async def hear(turn: Turn) -> bool:
    """Take a workbook that came back; words are for others."""
    message = turn.message
    if message is None or turn.person is None or message.document is None:
        return False
    return _is_workbook(turn.incoming) and await _take_workbook(turn, message)


async def answer_words(turn: Turn, wanted: Wanted, text: str) -> bool:
    """Answer a question about figures, of the unit and period that the words name; False where nothing can be said."""
    asker = await get_asker(turn)
    if not asker.may_anywhere(Right.SEE):
        turn.say(views.not_a_member())
        return True
    question = read_figures(wanted, text, _today(turn), load_words().around)
    return await _answer(turn, asker, question)


async def answer_share(turn: Turn, text: str) -> None:
    """What is asked of the asker's unit: how far it is from its plan; where none governs it, that is said."""
    if load_words().hands_down(text):
        turn.say(views.no_handing_down())
    elif not await answer_words(turn, Wanted.PROGRESS, text):
        turn.say(views.no_share())


async def _answer(turn: Turn, asker: Asker, question: FiguresQuestion) -> bool:
    today = _today(turn)
    asked = _latest(question.period, today)
    if asked is None:
        turn.say(views.period_not_open())
        return True
    unit = await _place_meant(turn, asker, question)
    if unit is None:
        turn.say(views.no_unit(question.place))
        return True
    match question.wanted:
        case Wanted.PROGRESS:
            return await _answer_progress(turn, unit, asked, question.year)
        case Wanted.SUBMITTED | Wanted.MISSING if question.place or question.wanted is Wanted.SUBMITTED:
            scope = asked.below(unit)
            if not unit.kind.is_grassroots:
                await _show(turn, asker, "m", unit, asked)
                return True
            found = await totals.find_reported(turn.db, scope)
            turn.say(views.submitted_answer(unit, asked, found, zone=turn.settings.timezone, today=today))
        case Wanted.MISSING:
            await _show(turn, asker, "m", unit, asked)
        case Wanted.TOTALS:
            await _show(turn, asker, "v", unit, asked)
    return True


async def _answer_progress(turn: Turn, unit: Unit, asked: Asked, year: int | None) -> bool:
    rules = turn.resource(Rules)
    if await summary.is_large(turn.db, unit):
        await _aside(turn, "progress", unit, asked, number=year or 0)
        return True
    reply = await errands.progress_reply(turn.db, rules, unit, asked, turn.now, year=year)
    if reply is None:
        return False
    turn.say(reply)
    return True


async def _place_meant(turn: Turn, asker: Asker, question: FiguresQuestion) -> Unit | None:
    """The unit asked about: the one named, where it is within reach; otherwise the asker's own.

    Whoever supervises nobody can only mean their own, whatever else the words may name.
    """
    asking = Asking(turn.db, asker, get_chat(turn), turn.now, turn.settings.timezone)
    own = reporting_service.list_own_units(asking)
    tops = await access.list_tops(turn.db, asker, Right.SUPERVISE)
    if question.place:
        found, _ = await reporting_service.search_units(asking, question.place, most=2)
        if found or tops:
            return found[0] if found else None
    if question.wanted is Wanted.SUBMITTED and own:
        return own[0]
    candidates = [*tops, *asker.units(Right.SUPERVISE), *own, *asker.units(Right.SEE)]
    if question.wanted is Wanted.PROGRESS:
        governed = await _first_governed(turn, asker, candidates)
        if governed is not None:
            return governed
    return next(iter(candidates), None)


async def _first_governed(turn: Turn, asker: Asker, candidates: Sequence[Unit]) -> Unit | None:
    """The first of these units that a plan governs, or else the first unit within reach that a plan was set for."""
    plans = turn.resource(Rules).plans
    for unit in candidates:
        if await summary.find_holder(turn.db, unit, plans) is not None:
            return unit
    places = [units.path_ids(path)[-1] for path, plan in await owing.list_plan_places(turn.db) if plan in plans]
    holders = await units.get_units(turn.db, places)
    return next((holders[each] for each in places if each in holders and asker.may(Right.SEE, holders[each])), None)


async def _never(_turn: Turn) -> bool:
    return False


async def _nothing(_turn: Turn) -> None:
    """Questions about figures are answered at once; there is nothing to go on with."""


# A workbook that came back -------------------------------------------------------------------------------------------


def _is_workbook(update: Update) -> bool:
    message = update.message
    if message is None or message.document is None or message.chat.type != message.chat.PRIVATE:
        return False
    return bool(_DOCUMENT.fullmatch(message.document.file_name or ""))


def _is_too_large(message: Message) -> bool:
    return message.document is not None and (message.document.file_size or 0) > LARGEST_FILE


def _is_readable(update: Update) -> bool:
    return _is_workbook(update) and update.message is not None and not _is_too_large(update.message)


async def _read(update: Update, bot: Bot) -> Reading | Trouble:
    """Fetch and read the file, before any transaction; raises what the network raises."""
    message = update.message
    assert message is not None and message.document is not None
    file = await bot.get_file(message.document.file_id)
    return await read_workbook(bytes(await file.download_as_bytearray()))


async def _take_workbook(turn: Turn, message: Message) -> bool:
    read = Trouble.TOO_LARGE if _is_too_large(message) else turn.prepared
    asker = await get_asker(turn)
    if read is Trouble.NOT_OURS and not asker.may_anywhere(Right.SUBMIT):
        return False
    if not asker.may_anywhere(Right.SUBMIT):
        turn.say(views.file_not_yours())
        return True
    if isinstance(read, Trouble):
        turn.say(views.file_trouble(read))
        return True
    if not isinstance(read, Reading):
        turn.say(views.download_failed())
        return True
    if asker.id is None:
        asker = replace(asker, id=await access.get_acting_id(turn.db, asker, turn.now))
    asking = Asking(turn.db, asker, get_chat(turn), turn.now, turn.settings.timezone)
    taken = await importing.take(asking, read)
    if taken is None:
        turn.say(views.file_bad_report())
        return True
    turn.say(views.file_outcome(taken))
    return True


async def _tap_draft(turn: Turn, asker: Asker, draft_id: str) -> None:
    """Open a report that a file filled in: from here on it is a report like any other."""
    asking = Asking(turn.db, asker, get_chat(turn), turn.now, turn.settings.timezone)
    opened = await reporting_service.find_opened(asking, _number(draft_id)) if _number(draft_id) else None
    if opened is None:
        turn.answer_tap(command_views.button_gone(), alert=True)
        return
    await reporting.open_report(turn, opened.unit.id, opened.form.id, opened.draft.period)


_SUPERVISORS = frozenset({Viewer.SUPERVISOR, Viewer.ADMIN})


_LISTS: Final[dict[Wanted, Callable[[Turn], Awaitable[None]]]] = {
    Wanted.TOTALS: on_summary,
    Wanted.MISSING: on_missing,
}


def _figures(wanted: Wanted) -> Act:
    """A question about figures: of the unit and the period named; a label alone names none."""

    async def run(turn: Turn, text: str) -> None:
        if load_words().find_label(text) is not None and wanted in _LISTS:
            turn.args = []
            await _LISTS[wanted](turn)
            return
        asks = Wanted.PROGRESS if wanted is Wanted.TOTALS and load_words().asks_progress(text) else wanted
        if await answer_words(turn, asks, text):
            return
        if turn.meant is not None and turn.meant.means is Meaning.OWN_FIGURES:
            turn.say(views.no_share())
        else:
            await turn.resource(Registry).get_meant(Meaning.UNKNOWN).act(turn, text)

    return run


FEATURE = Feature(
    "summaries",
    commands=(
        Command("tonghop", on_summary, views.SUMMARY, audience=_SUPERVISORS),
        Command("chuanop", on_missing, views.MISSING, audience=_SUPERVISORS),
        Command("nhatky", on_journal, views.JOURNAL, audience=frozenset({Viewer.ADMIN}), place=60),
    ),
    taps=(RawTap("sum", on_tap),),
    dialogs=(Dialog(hear=hear, leave=_never, resume=_nothing),),
    meanings={
        Meaning.OWN_STATUS: Meant(_figures(Wanted.SUBMITTED), aside=True, shows=True),
        Meaning.OWN_FIGURES: Meant(_figures(Wanted.TOTALS), aside=True, shows=True),
        Meaning.SUMMARY: Meant(_figures(Wanted.TOTALS), aside=True, shows=True),
        Meaning.MISSING: Meant(_figures(Wanted.MISSING), aside=True, shows=True),
        Meaning.SHARE: Meant(answer_share, aside=True, shows=True),
        Meaning.AUDIT: Meant(without_words(on_journal), shows=True),
    },
    forget=(errands.forget,),
)
