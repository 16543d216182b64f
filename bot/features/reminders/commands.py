"""Reminders in the chat: /han, /nhac, and the buttons under a reminder or digest."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.features.reminders import looking_ahead, preferences, responding, showing_work, taps, words
from bot.features.reminders.joining import join
from bot.features.reminders.preferences import SettingsRequest
from bot.features.reminders.responding import CalendarFile, SentReminder
from bot.hands.asking import Asking, privately
from bot.hands.feature import Command, Feature, Meant, Viewer, without_words
from bot.hands.registry import Registry
from bot.hands.taps import On, TapRefusedError, or_gone
from bot.road.turn import Turn
from bot.rules import Rules
from bot.taps import AskExtension, OpenReport, SendChanges, SendNoChange, ShowAhead
from bot.words.nudging import nudged_counts
from knowledge.answer import Adviser
from knowledge.meanings import Meaning
from knowledge.model.obligations import Obligation

# /han and /nhac ------------------------------------------------------------------------------------------------------


@privately
async def on_ahead(turn: Turn, asking: Asking) -> None:
    """What is due: for the asker's units, below them, and by the plans for whoever has no unit."""
    plans = turn.resource(Adviser).plans.values()
    turn.say(words.ahead(await looking_ahead.look_ahead(asking, turn.resource(Rules), plans)))


async def on_show_ahead(turn: Turn, _tap: ShowAhead) -> None:
    await on_ahead(turn)


@privately
async def on_mine(turn: Turn, asking: Asking) -> None:
    """Hour and pause; words behind the command set them."""
    said = " ".join(turn.args or [])
    if not preferences.may_be_reminded(asking):
        turn.say(words.nothing_to_remind())
    elif said and not await preferences.obey(asking, said):
        turn.say(words.hour_unclear(said))
    else:
        await _say_settings(turn, asking)


@privately
async def on_words(turn: Turn, asking: Asking, text: str) -> None:
    """The settings for plain words; an hour or a pause named in them waits under a button to be confirmed."""
    if not preferences.may_be_reminded(asking):
        turn.say(words.nothing_to_remind())
    else:
        await _say_settings(turn, asking, preferences.read_request(text))


async def _say_settings(
    turn: Turn, asking: Asking, asked: SettingsRequest | None = None, edits: int | None = None
) -> None:
    settings = await preferences.read_settings(asking, turn.resource(Rules))
    turn.say(words.my_reminders(settings, asked, edits))


@privately
async def on_hour(turn: Turn, asking: Asking, tap: taps.SetHour) -> None:
    if asking.person_id is None:
        raise TapRefusedError(words.button_gone())
    await preferences.set_hour(asking, tap.hour.at)
    await _say_settings(turn, asking, edits=turn.tapped)


@privately
async def on_mute(turn: Turn, asking: Asking, tap: taps.MuteReminders) -> None:
    if asking.person_id is None or tap.days > preferences.LONGEST_MUTE:
        raise TapRefusedError(words.button_gone())
    await preferences.mute(asking, tap.days)
    await _say_settings(turn, asking, edits=turn.tapped)


# Under a reminder ----------------------------------------------------------------------------------------------------


async def _find_sent(turn: Turn, asking: Asking, step: int) -> SentReminder | None:
    """The reminder that a button stands under, for whoever it was sent to; raises TapRefusedError.

    None where its campaign was closed: reports say that, and what there is.
    """
    sent = await responding.find_sent(asking, turn.resource(Rules), step)
    if sent is None:
        closed = or_gone(await responding.find_closed_report(asking, step), words.button_gone())
        await turn.resource(Registry).hand_over(turn, OpenReport(closed.unit_id, closed.form, closed.period))
    return sent


async def _find_open(turn: Turn, asking: Asking, step: int) -> Obligation | None:
    """What a button is about, where it is still to be done; says so where it is not."""
    sent = await _find_sent(turn, asking, step)
    if sent is not None and sent.own.submitted_at is not None:
        turn.say(words.already_done(sent.own))
        return None
    return sent.own if sent is not None else None


def _leads_to(
    report: type[OpenReport | SendNoChange | SendChanges],
) -> Callable[[Turn, taps.StepTap], Awaitable[None]]:
    """What hands over to a button of the report that is owed."""

    @privately
    async def run(turn: Turn, asking: Asking, tap: taps.StepTap) -> None:
        owed = await _find_open(turn, asking, tap.step)
        if owed is not None:
            period = or_gone(owed.period, words.button_gone())
            await turn.resource(Registry).hand_over(turn, report(owed.unit_id, owed.form, period))

    return run


@privately
async def on_done(turn: Turn, asking: Asking, tap: taps.MarkDone) -> None:
    owed = await _find_open(turn, asking, tap.step)
    if owed is not None and owed.period is None:
        await responding.mark_done(asking, owed)
        await showing_work.offer(turn, asking, owed)
    elif owed is not None:
        raise TapRefusedError(words.button_gone())


@privately
async def on_undone(turn: Turn, asking: Asking, tap: taps.MarkUndone) -> None:
    owed = or_gone(await responding.mark_undone(asking, turn.resource(Rules), tap.unit, tap.group), words.button_gone())
    turn.say(words.marked_undone(owed))


@privately
async def on_choose_extension(turn: Turn, asking: Asking, tap: taps.ChooseExtension) -> None:
    sent = await _find_sent(turn, asking, tap.step)
    if sent is not None and len(sent.extendable) > 1:
        turn.say(words.choose_report_to_extend(sent.extendable))
    elif sent is not None:
        await _extend(turn, sent.extendable[0].obligation if sent.extendable else sent.own)


@privately
async def on_extend(turn: Turn, asking: Asking, tap: taps.ExtendDueReport) -> None:
    sent = await _find_sent(turn, asking, tap.step)
    if sent is not None:
        await _extend(turn, sent.own)


async def _extend(turn: Turn, owed: Obligation) -> None:
    if owed.period is None or owed.submitted_at is not None:
        turn.say(words.already_done(owed))
    else:
        await turn.resource(Registry).hand_over(turn, AskExtension(owed.unit_id, owed.form, owed.period))


@privately
async def on_offer_snooze(turn: Turn, asking: Asking, tap: taps.OfferSnooze) -> None:
    if await _find_sent(turn, asking, tap.step) is None:
        return
    offered = or_gone(await responding.offer_snoozes(asking, turn.resource(Rules)), words.button_gone())
    turn.say(words.choose_snooze(offered, tap.step))


@privately
async def on_snooze(turn: Turn, asking: Asking, tap: taps.SnoozeReminder) -> None:
    rules, sent = turn.resource(Rules), await _find_sent(turn, asking, tap.step)
    if sent is None:
        return
    at = or_gone(await responding.snooze(asking, rules, sent, tap.choice), words.button_gone())
    turn.say(words.will_remind(at, rules.zone, turn.tapped))


@privately
async def on_calendar(turn: Turn, asking: Asking, tap: taps.FetchCalendar) -> None:
    sent = await _find_sent(turn, asking, tap.step)
    if sent is not None:
        owed = [each.obligation for each in sent.all]
        _say_calendar(turn, responding.make_calendar(asking, turn.resource(Rules), owed))


@privately
async def on_whole_calendar(turn: Turn, asking: Asking, _tap: taps.FetchWholeCalendar) -> None:
    rules = turn.resource(Rules)
    _say_calendar(turn, responding.make_calendar(asking, rules, await looking_ahead.list_own(asking, rules)))


def _say_calendar(turn: Turn, found: CalendarFile | None) -> None:
    turn.say(words.calendar_file(or_gone(found, words.button_gone())))


@privately
async def on_remind_all(turn: Turn, asking: Asking, tap: taps.RemindAll) -> None:
    """**Nhắc tất cả**: under a digest, by whoever it was sent to; the digest then shows what was done."""
    found = or_gone(await responding.remind_all(asking, turn.resource(Rules), tap.step), words.button_gone())
    if found.nudged is None or found.digest is None:
        turn.say(words.all_done(found.duty, edits=turn.tapped))
        return
    turn.answer_tap(nudged_counts(found.nudged), alert=not found.nudged.reminded)
    turn.say(words.nudged_digest(found.digest, found.nudged, asking.now.astimezone(asking.zone), edits=turn.tapped))


FEATURE = Feature(
    "reminders",
    join=join,
    commands=(
        Command("han", on_ahead, by_link=True),
        Command("nhac", on_mine, audience=frozenset({Viewer.OFFICER, Viewer.SUPERVISOR, Viewer.ADMIN})),
    ),
    taps=(
        On(taps.OpenDueReport, _leads_to(OpenReport)),
        On(taps.SayNoChange, _leads_to(SendNoChange)),
        On(taps.TellChanges, _leads_to(SendChanges)),
        On(taps.MarkDone, on_done),
        On(taps.MarkUndone, on_undone),
        On(taps.ChooseExtension, on_choose_extension),
        On(taps.ExtendDueReport, on_extend),
        On(taps.OfferSnooze, on_offer_snooze),
        On(taps.SnoozeReminder, on_snooze),
        On(taps.FetchCalendar, on_calendar),
        On(taps.FetchWholeCalendar, on_whole_calendar),
        On(taps.RemindAll, on_remind_all),
        On(taps.SetHour, on_hour),
        On(taps.MuteReminders, on_mute),
        On(ShowAhead, on_show_ahead),
        *showing_work.TAPS,
    ),
    dialogs=(showing_work.DIALOG,),
    meanings={
        Meaning.DUE: Meant(without_words(on_ahead), aside=True, shows=True, for_guests=True),
        Meaning.REMINDER_SETTINGS: Meant(on_words, shows=True),
    },
    forget=(preferences.forget,),
)
