"""Reports in a chat: /baocao, /lichsu, the dialog between them, requests to supervisors, and campaigns."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from telegram import Message

from bot import access
from bot.access import Right
from bot.features.campaigns import commands as campaigns
from bot.features.requests import commands as requests
from bot.features.requests import service as request_service
from bot.features.requests import words as request_views
from bot.features.submissions import service
from bot.features.submissions import sheet as dialog
from bot.features.submissions import words as views
from bot.features.submissions.service import (
    Choosing,
    Delivered,
    Due,
    Explaining,
    Filling,
    Focus,
    Locked,
    Naming,
    NotAsked,
    NotOpenYet,
    Opened,
    Remarking,
    Sent,
    Shown,
)
from bot.features.submissions.sheet import Event, Note, Outcome, Verb
from bot.features.submissions.taps import OpenReport
from bot.hands.asking import Asking, get_chat, open_acting
from bot.hands.feature import Command, Dialog, Feature, Meant, RawTap, Viewer, without_words
from bot.hands.taps import On
from bot.road.reply import Kind, Reply
from bot.road.turn import Turn
from knowledge.answer import Adviser
from knowledge.figures_question import find_period
from knowledge.forms import MONTHLY_FORM, find_form, get_form, load_forms
from knowledge.meanings import Meaning, Place
from knowledge.meanings.words import load_words
from knowledge.model.forms import Form
from knowledge.model.periods import Period, PeriodKind
from knowledge.numbers import Refused, parse_count
from knowledge.reports import ReportText
from storage import submissions, units
from storage.dialogs import OpenDialog
from storage.requests import RequestKind
from storage.submissions import State
from storage.units import Unit

MOST_CHOICES = 8
_ANSWERS = frozenset({None, Meaning.ANSWER, Meaning.REPORT, Meaning.CANCEL})
GIVEN_UP_AFTER = timedelta(hours=12)  # words typed so long after are no reason, remark or name


def _may_report(asking: Asking) -> bool:
    return asking.asker.may_anywhere(Right.SUBMIT)


async def _keep(turn: Turn, asking: Asking, opened: Opened, heard: tuple[int, ...]) -> None:
    """This chat is filling in that draft, and has seen it as it is now."""
    draft = opened.draft
    focus = Filling(
        draft_id=draft.id,
        version=draft.version,
        unit_id=draft.unit_id,
        form=draft.form,
        period=draft.period.code,
        heard=heard,
    )
    await service.keep_focus(asking, get_chat(turn), focus)


def _say_step(
    turn: Turn, opened: Opened, outcome: Outcome | None = None, *, lead: str = "", opening: bool = False
) -> None:
    note, not_taken = (outcome.note, outcome.not_taken) if outcome else (None, ())
    for reply in views.step(opened.scene, note, not_taken, lead=lead, opening=opening):
        turn.say(reply)


# Commands ----------------------------------------------------------------------------------------------------------


async def on_report(turn: Turn) -> None:
    """/baocao: the report due first, of the only unit or of the one chosen; words after it are read as a report."""
    asking = await open_acting(turn)
    if not _may_report(asking):
        turn.say(views.no_rights())
        return
    said = " ".join(turn.args or [])
    if said and await _take_whole(turn, _after_command(turn), turn.incoming.effective_message, asking=asking):
        return
    if said:
        await _look_for(turn, asking, Choosing(purpose="report"), said)
    else:
        await _begin(turn, asking)


async def _begin(turn: Turn, asking: Asking) -> None:
    own = service.list_own_units(asking)
    focus = await service.find_focus(turn.db, get_chat(turn))
    opened = await service.find_opened(asking, focus.draft_id) if isinstance(focus, Filling) else None
    if opened is not None:
        await _present(turn, asking, opened)
    elif len(own) == 1 and not service.reaches_below(asking) and not asking.asker.may_anywhere(Right.MANAGE):
        await _open_unit(turn, asking, own[0])
    else:
        await _choose_unit(turn, asking, Choosing(purpose="report"))


def _after_command(turn: Turn) -> str:
    """What stands behind the command, its lines kept."""
    message = turn.incoming.effective_message
    text = (message.text if message is not None else None) or ""
    return text.split(maxsplit=1)[1] if len(text.split(maxsplit=1)) > 1 else ""


async def on_history(turn: Turn) -> None:
    """/lichsu: what was sent, figures in the text; one unit's, or that of the one chosen or named."""
    asking = await open_acting(turn)
    if not asking.asker.may_anywhere(Right.SEE):
        turn.say(views.no_rights())
        return
    own = service.list_own_units(asking)
    said = " ".join(turn.args or [])
    if said:
        await _look_for(turn, asking, Choosing(purpose="history"), said)
    elif len(own) == 1 and not service.reaches_below(asking):
        await _show_history(turn, asking, own[0])
    else:
        await _choose_unit(turn, asking, Choosing(purpose="history"))


async def begin(turn: Turn, text: str) -> None:
    """Begin a report from words: that of the period they name, otherwise what is due first."""
    asking = await open_acting(turn)
    if not _may_report(asking):
        turn.say(views.no_rights())
        return
    own = service.list_own_units(asking)
    period = find_period(text, asking.today)
    form = get_form(MONTHLY_FORM)
    if period is not None and period.kind is form.period and len(own) == 1 and form.is_owed_by(own[0].kind):
        await _open(turn, asking, own[0], form, period)
    else:
        await _begin(turn, asking)


async def begin_extension(turn: Turn, text: str) -> None:
    """Begin **Xin gia hạn** from words: for the period they name, otherwise for what is due first."""
    asking = await open_acting(turn)
    own = service.list_own_units(asking)
    if not own:
        turn.say(views.no_rights() if not asking.asker.held else request_views.not_needed())
        return
    if len(own) > 1:
        await _choose_unit(turn, asking, Choosing(purpose="report"))
        return
    dues = [due for due in await service.list_due(asking, own[0]) if due.is_missing]
    period = find_period(text, asking.today)
    due = next((each for each in dues if each.period == period), None) or service.pick_due(dues)
    if due is None:
        turn.say(request_views.not_needed())
        return
    await requests.ask_why(turn, asking, own[0], due.form, due.period, RequestKind.EXTENSION)


async def take_words(turn: Turn, text: str) -> bool:
    """Take words that hand in a report; False where they do not."""
    return await _take_whole(turn, text, turn.message)


async def open_report(turn: Turn, unit: int, form: str, period: Period) -> None:
    """Open a unit's report in this chat, as from a reminder's **Nộp ngay**. Raises AccessDeniedError."""
    asking = await open_acting(turn)
    await _open(turn, asking, await access.get_unit(turn.db, asking.asker, Right.SUBMIT, unit), get_form(form), period)


async def on_open(turn: Turn, tap: OpenReport) -> None:
    """Open a report for another feature, or for **Nộp ngay**; the period of a campaign does not fit into a button."""
    if tap.period.kind is PeriodKind.CAMPAIGN:
        await open_report(turn, tap.unit, tap.form, tap.period)
    else:
        await on_tap(turn, tap.pack().removeprefix("r:"))


async def send_no_change(turn: Turn, unit: int, form: str, period: Period) -> None:
    """Fill in that nothing changed and show the summary, to be sent with **Gửi**. Raises AccessDeniedError."""
    asking = await open_acting(turn)
    reached = await access.get_unit(turn.db, asking.asker, Right.SUBMIT, unit)
    opened = await service.open_draft(asking, reached, get_form(form), period)
    if not isinstance(opened, Opened):
        await _present(turn, asking, opened)
        return
    await _keep(turn, asking, opened, ())
    outcome = dialog.decide(opened.form, opened.sheet, opened.scene.previous, Verb.NO_CHANGE)
    await _follow(turn, asking, opened, outcome, None)


async def ask_extension(turn: Turn, unit: int, form: str, period: Period) -> None:
    """Begin **Xin gia hạn** for a unit's report. Raises AccessDeniedError."""
    asking = await open_acting(turn)
    reached = await access.get_unit(turn.db, asking.asker, Right.SUBMIT, unit)
    await requests.ask_why(turn, asking, reached, get_form(form), period, RequestKind.EXTENSION)


# Units and periods -------------------------------------------------------------------------------------------------


async def _choose_unit(turn: Turn, asking: Asking, focus: Choosing) -> None:
    own = service.list_own_units(asking)
    can_search = service.reaches_below(asking) or len(own) > MOST_CHOICES
    offered = own[:MOST_CHOICES] or await service.list_below(asking, most=MOST_CHOICES)
    await service.keep_focus(asking, get_chat(turn), focus)
    campaign = "m:start" if focus.purpose == "report" and asking.asker.may_anywhere(Right.MANAGE) else None
    turn.say(
        views.choose_unit(
            [(unit.name, f"u:{unit.id}:{focus.purpose[0]}") for unit in offered],
            can_search=can_search,
            campaign_token=campaign,
            for_history=focus.purpose == "history",
        )
    )


async def _look_for(turn: Turn, asking: Asking, focus: Choosing, said: str) -> None:
    """Find the unit that was typed, and go on with it where it is the only one."""
    found, more = await service.search_units(asking, said, active=focus.purpose != "history")
    if len(found) == 1:
        await _chosen(turn, asking, focus, found[0])
        return
    await service.keep_focus(asking, get_chat(turn), focus)
    if not found:
        turn.say(views.no_unit_found(said))
        return
    choices = [(f"{unit.name} ({unit.code})", f"u:{unit.id}:{focus.purpose[0]}") for unit in found]
    turn.say(views.units_found(choices, more=more))


async def _chosen(turn: Turn, asking: Asking, focus: Choosing, unit: Unit) -> None:
    match focus.purpose:
        case "history":
            await _show_history(turn, asking, unit)
        case "campaign":
            await campaigns.on_unit(turn, asking, focus, unit)
        case _ if focus.text:
            reading, form = _read_whole(turn, focus.text)
            if reading is not None:
                await _take_reading(turn, asking, reading, form, focus.text, unit=unit, heard=focus.heard)
        case _:
            await _open_unit(turn, asking, unit)


async def _open_unit(turn: Turn, asking: Asking, unit: Unit) -> None:
    """Open what this unit owes first."""
    if not unit.is_active(asking.today):
        assert unit.dissolved_on is not None
        turn.say(views.unit_ended(unit.name, unit.dissolved_on))
        return
    dues = await service.list_due(asking, unit)
    due = service.pick_due(dues)
    if due is not None:
        await _open(turn, asking, unit, due.form, due.period)
        return
    await service.drop_focus(turn.db, get_chat(turn))
    sent = [each for each in dues if each.submission is not None]
    if not sent:
        turn.say(views.nothing_owed(unit.name))
        return
    last = max(sent, key=lambda each: each.due_on)
    assert last.submission is not None
    next_on = None
    if last.form.calendar is not None:
        next_on = last.form.calendar.opens.after(last.period.shifted(1))
    turn.say(
        views.all_sent(
            last.form,
            last.period,
            unit.name,
            last.submission.figures,
            fix=views.fix_button(last.submission.id),
            other=views.other_period_button(unit.id),
            next_on=next_on,
        )
    )


async def _choose_period(
    turn: Turn, asking: Asking, unit: Unit, dues: list[Due], *, text: str = "", heard: tuple[int, ...] = ()
) -> None:
    shown = sorted(dues, key=lambda due: (not due.is_missing, _order(due)))
    choices = [
        (
            views.period_choice(
                due.form, due.period, sent=due.submission is not None, due_on=due.due_on, today=asking.today
            ),
            service.reference(unit.id, due.form, due.period, due.campaign_id),
        )
        for due in shown[:MOST_CHOICES]
    ]
    await service.keep_focus(asking, get_chat(turn), Choosing(purpose="report", text=text, heard=heard))
    turn.say(views.choose_period(unit.name, choices))


def _order(due: Due) -> int:
    """Missing reports by what is due first, others by what is latest."""
    return due.due_on.toordinal() if due.is_missing else -due.due_on.toordinal()


async def _open(turn: Turn, asking: Asking, unit: Unit, form: Form, period: Period) -> None:
    await _present(turn, asking, await service.open_draft(asking, unit, form, period))


async def _present(turn: Turn, asking: Asking, found: Opened | NotOpenYet | NotAsked | Locked) -> None:
    """Show a report that was opened, or why it was not."""
    match found:
        case Opened():
            heard = service.heard_in(await service.find_focus(turn.db, get_chat(turn)))
            await _keep(turn, asking, found, heard)
            lead = "" if found.is_new else views.continued(found.by)
            _say_step(turn, found, lead=lead, opening=True)
        case NotOpenYet(form=form, period=period, opens_on=opens_on):
            turn.say(views.not_open_yet(form, period, opens_on))
        case NotAsked(unit=unit, is_over=is_over):
            if unit.dissolved_on is not None and not unit.is_active(asking.today):
                turn.say(views.unit_ended(unit.name, unit.dissolved_on))
            else:
                turn.say(views.campaign_over(unit.name) if is_over else views.nothing_owed(unit.name))
        case Locked():
            await service.drop_focus(turn.db, get_chat(turn))
            _say_locked(turn, found)


def _say_locked(turn: Turn, found: Locked) -> None:
    submission = found.submission
    turn.say(
        views.locked(
            found.form,
            submission.period,
            found.unit.name,
            locks_on=found.locks_on,
            reopen=views.reopen_button(submission.id),
            figures=submission.figures,
        )
    )


# What is typed -----------------------------------------------------------------------------------------------------


async def hear(turn: Turn) -> bool:
    """Take what was said if it answers the dialog that is open, or is a report; anything else is a question."""
    message = turn.message
    if message is None or not message.text or turn.person is None:
        return False
    if turn.in_dialog is not None and turn.in_dialog.feature != service.FEATURE:
        return False
    focus = service.read_focus(turn.in_dialog)
    text = message.text
    if (
        isinstance(focus, Explaining | Remarking | Naming)
        and turn.in_dialog is not None
        and turn.now - turn.in_dialog.changed_at > GIVEN_UP_AFTER
    ):
        await service.drop_focus(turn.db, get_chat(turn))
        focus = None
    match focus:
        case Filling():
            return await _hear_filling(turn, focus, message)
        case Choosing() | Explaining() | Remarking() | Naming():
            if dialog.find_verb(text) is Verb.CANCEL:
                await _leave(turn)
                return True
            return await _hear_aside(turn, focus, message)
        case Sent() if dialog.find_verb(text) is Verb.SEND:
            asking = await open_acting(turn)
            await _repeat_receipt(turn, asking, focus)
            return True
    if dialog.find_verb(text) is Verb.SEND:
        turn.say(views.nothing_to_send())
        return True
    if turn.meant is None or turn.meant.means is not Meaning.REPORT or turn.meant.choices:
        return False
    return await _take_whole(turn, text, message, heard=service.heard_in(focus))


async def _hear_filling(turn: Turn, focus: Filling, message: Message) -> bool:
    text = message.text or ""
    if _is_question(turn) and load_words().is_asking(text):
        return False
    asking = await open_acting(turn)
    opened = await service.find_opened(asking, focus.draft_id)
    if opened is None:
        return await _hear_after_end(turn, asking, focus, text)
    if focus.version != opened.draft.version and not _is_question(turn):
        if dialog.find_verb(text) is Verb.CANCEL:
            await _cancel(turn, asking, opened)
            return True
        await _keep(turn, asking, opened, focus.heard)
        _say_step(turn, opened, lead=views.moved_on(opened.by), opening=True)
        return True
    reading, form = _read_whole(turn, text) if dialog.find_verb(text) is None else (None, opened.form)
    if reading is not None and dialog.hands_in_another(
        reading, opened.form, opened.sheet, opened.scene.previous, opened.draft.period
    ):
        heard = service.with_heard(focus.heard, message.message_id)
        return await _take_reading(turn, asking, reading, form, text, unit=opened.unit, heard=heard)
    outcome = dialog.decide_words(opened.form, opened.sheet, opened.scene.previous, text, today=asking.today)
    if outcome.may_be_question and _is_question(turn):
        return False
    if outcome.note is Note.REASON_TAKEN and _asks_of_plans(turn, text):
        return False
    if outcome.event is Event.NOT_AN_ANSWER:
        _say_step(turn, opened, lead=views.not_understood())
        return True
    await _follow(turn, asking, opened, outcome, message, heard=service.with_heard(focus.heard, message.message_id))
    return True


async def _hear_after_end(turn: Turn, asking: Asking, focus: Filling, text: str) -> bool:
    """The draft is gone: a colleague sent it or threw it away."""
    await service.drop_focus(turn.db, get_chat(turn))
    delivered = await service.find_delivered(asking, focus.unit_id, focus.form, focus.period)
    if dialog.find_verb(text) is Verb.SEND or not isinstance(parse_count(text), Refused):
        if delivered is None:
            turn.say(views.draft_already_gone())
        else:
            sender = await service.find_sender(asking, delivered.submission)
            turn.say(_receipt(turn, delivered, lead=views.sent_meanwhile(sender)))
        return True
    return await _take_whole(turn, text, turn.message, heard=focus.heard, asking=asking)


def _is_question(turn: Turn) -> bool:
    """Whether words mean something else than an answer here: a question, or another thing to do."""
    return turn.meant is not None and turn.meant.means not in _ANSWERS


def _asks_of_plans(turn: Turn, text: str) -> bool:
    """Whether words given where a reason is asked for plainly ask for a plan's figure instead."""
    answer = turn.resource(Adviser).ask(text)
    found = bool(answer.facts or answer.absences)
    return found and (bool(answer.question.plans) or answer.question.asks("asked_figure"))


async def _follow(
    turn: Turn,
    asking: Asking,
    opened: Opened,
    outcome: Outcome,
    message: Message | None,
    *,
    heard: tuple[int, ...] = (),
    opening: bool = False,
) -> None:
    """Store what an input came to, and say what is next."""
    match outcome.event:
        case Event.SEND if message is not None:
            await _send(turn, asking, opened, message, heard)
            return
        case Event.CANCEL:
            await _cancel(turn, asking, opened)
            return
        case Event.STAYED if outcome.note is Note.AT_START and opened.scene.can_go_up:
            await _choose_unit(turn, asking, Choosing(purpose="report"))
            return
    if outcome.sheet != opened.sheet:
        opened = await service.save(asking, opened, outcome.sheet)
    await _keep(turn, asking, opened, heard)
    _say_step(turn, opened, outcome, opening=opening)


async def _cancel(turn: Turn, asking: Asking, opened: Opened) -> None:
    await service.drop_focus(turn.db, get_chat(turn))
    if not opened.sheet.figures and not opened.sheet.skipped:
        await service.throw_away(asking, opened)
        turn.say(views.step_left())
        return
    turn.say(views.left())
    turn.say(views.draft_kept(f"x:{opened.draft.id}:{opened.draft.state['born']}"))


# A whole report in one message -------------------------------------------------------------------------------------


def _read_whole(turn: Turn, text: str) -> tuple[ReportText | None, Form]:
    """The report that a message hands in, of the form that it fits best; None where it hands in none."""
    best: tuple[ReportText | None, Form] = (None, load_forms()[0])
    most = -1
    today = turn.now.astimezone(turn.settings.timezone).date()
    for form in load_forms():
        if form.calendar is None:
            continue
        reading = dialog.read_report(text, form, today)
        if reading is not None and reading.is_report and len(reading.values) > most:
            best, most = (reading, form), len(reading.values)
    return best


async def _take_whole(
    turn: Turn, text: str, message: Message | None, *, heard: tuple[int, ...] = (), asking: Asking | None = None
) -> bool:
    """Take a message that hands in a report; False where it does not."""
    reading, form = _read_whole(turn, text)
    if reading is None:
        return False
    heard = service.with_heard(heard, message.message_id if message is not None else None)
    return await _take_reading(turn, asking or await open_acting(turn), reading, form, text, heard=heard)


async def _take_reading(
    turn: Turn,
    asking: Asking,
    reading: ReportText,
    form: Form,
    text: str,
    *,
    unit: Unit | None = None,
    period: Period | None = None,
    heard: tuple[int, ...] = (),
) -> bool:
    """Find out for which unit and period a report is, asking where it does not say; then go to its summary."""
    if not _may_report(asking):
        turn.say(views.no_rights())
        return True
    if unit is None:
        unit = await _unit_meant(turn, asking, reading, form, text, heard)
        if unit is None:
            return True
    period = period or await _period_meant(turn, asking, reading, form, unit, text, heard)
    if period is None:
        return True
    found = await service.open_draft(asking, unit, form, period, reading=reading)
    if not isinstance(found, Opened):
        await _present(turn, asking, found)
        return True
    outcome = found.taken or dialog.merge(form, found.sheet, found.scene.previous, reading)
    await _follow(turn, asking, found, outcome, None, heard=heard, opening=True)
    return True


async def _unit_meant(
    turn: Turn, asking: Asking, reading: ReportText, form: Form, text: str, heard: tuple[int, ...]
) -> Unit | None:
    """The unit of a report; where that is open, it is asked and None comes back."""
    own = [unit for unit in service.list_own_units(asking) if form.is_owed_by(unit.kind)]
    focus = Choosing(purpose="report", text=text, heard=heard)
    if reading.unit_hint and (len(own) != 1 or service.reaches_below(asking)):
        found, more = await service.search_units(asking, reading.unit_hint)
        found = [unit for unit in found if form.is_owed_by(unit.kind)]
        if len(found) == 1:
            return found[0]
        if found:
            await service.keep_focus(asking, get_chat(turn), focus)
            turn.say(views.units_found([(f"{u.name} ({u.code})", f"u:{u.id}:r") for u in found], more=more))
            return None
    if len(own) == 1:
        return own[0]
    await _choose_unit(turn, asking, focus)
    return None


async def _period_meant(
    turn: Turn, asking: Asking, reading: ReportText, form: Form, unit: Unit, text: str, heard: tuple[int, ...]
) -> Period | None:
    """The period of a report; where that is open, it is asked and None comes back."""
    if reading.period is not None:
        return reading.period
    dues = [due for due in await service.list_due(asking, unit) if due.form.id == form.id]
    missing = [due for due in dues if due.is_missing]
    named = [due for due in dues if due.period in reading.period_choices]
    if len(named) > 1 or (len(missing) > 1 and not reading.period_choices):
        await _choose_period(turn, asking, unit, named or missing, text=text, heard=heard)
        return None
    if named:
        return named[0].period
    due = service.pick_due(dues)
    if due is not None:
        return due.period
    if dues:  # everything was sent: what is said now corrects the latest
        return max(dues, key=lambda each: each.due_on).period
    turn.say(views.nothing_owed(unit.name))
    return None


# Sending -----------------------------------------------------------------------------------------------------------


async def _send(turn: Turn, asking: Asking, opened: Opened, message: Message, heard: tuple[int, ...]) -> None:
    delivered = await service.send(asking, opened, carrier=(message.chat.id, message.message_id), sent_at=message.date)
    if isinstance(delivered, Locked):
        await service.drop_focus(turn.db, get_chat(turn))
        _say_locked(turn, delivered)
        return
    draft = opened.draft
    focus = Sent(unit_id=draft.unit_id, form=draft.form, period=draft.period.code, heard=heard)
    await service.keep_focus(asking, get_chat(turn), focus)
    submission = delivered.submission
    if not delivered.is_new:
        lead = views.unchanged(delivered.unit.name, delivered.form, submission.period)
        turn.say(_receipt(turn, delivered, lead=lead))
        return
    turn.say(replace(_receipt(turn, delivered), key=f"receipt:{submission.id}"))
    for person in delivered.officers:
        if person.telegram_id is not None:
            told = views.entered_for_you(
                delivered.form,
                submission.period,
                delivered.unit.name,
                submission.figures,
                by=asking.asker.name,
                sent_at=submission.sent_at,
                zone=asking.zone,
            )
            turn.say_to(person.telegram_id, replace(told, key=f"entered:{submission.id}:{person.id}"))
    for person in delivered.supervisors:
        if person.telegram_id is not None:
            told = views.with_reasons(
                delivered.form,
                submission.period,
                delivered.unit.name,
                submission.figures,
                delivered.reasons,
                by=asking.asker.name,
                open_token=f"v:{submission.id}",
                return_token=f"b:{submission.id}",
            )
            turn.say_to(person.telegram_id, replace(told, key=f"reasons:{submission.id}:{person.id}"))


def _receipt(turn: Turn, delivered: Delivered, *, lead: str = "") -> Reply:
    submission = delivered.submission
    receipt = views.receipt(
        delivered.form,
        submission.period,
        delivered.unit.name,
        submission.figures,
        number=str(submission.id),
        version=submission.version,
        sent_at=submission.sent_at,
        zone=turn.settings.timezone,
        on_time=submission.on_time,
        due_on=delivered.due_on,
        locks_on=delivered.locks_on,
        no_change=submission.no_change,
        entered_for=submission.entered_for,
        lead=lead,
    )
    return replace(receipt, kind=Kind.RECEIPT)


async def _repeat_receipt(turn: Turn, asking: Asking, focus: Sent) -> None:
    delivered = await service.find_delivered(asking, focus.unit_id, focus.form, focus.period)
    turn.say(views.nothing_to_send() if delivered is None else _receipt(turn, delivered, lead=views.sent_already()))


# History -----------------------------------------------------------------------------------------------------------


async def _show_history(turn: Turn, asking: Asking, unit: Unit) -> None:
    access.require(asking.asker, Right.SEE, unit)
    await service.drop_focus(turn.db, get_chat(turn))
    sent, begun = await service.list_history(asking, unit)
    lines = [
        (
            get_form(each.form),
            each.period,
            each.figures,
            each.sent_at,
            each.on_time,
            each.state is State.RETURNED,
            f"v:{each.id}",
        )
        for each in sent
    ]
    drafts = []
    for draft in begun:
        form = get_form(draft.form)
        drafts.append((form, draft.period, await service.refer(turn.db, unit.id, form, draft.period)))
    turn.say(views.history(unit.name, lines, asking.zone, drafts))


def _say_shown(turn: Turn, shown: Shown) -> None:
    submission = shown.submission
    turn.say(
        views.report(
            shown.form,
            submission.period,
            shown.unit.name,
            submission.figures,
            shown.previous,
            sent_at=submission.sent_at,
            zone=turn.settings.timezone,
            by=shown.by,
            on_time=submission.on_time,
            no_change=submission.no_change,
            entered_for=submission.entered_for,
            remark=submission.remark if submission.state is State.RETURNED else None,
            reasons=shown.reasons,
            versions=[(v.version, v.sent_at, by, v.figures) for v, by in reversed(shown.earlier)],
            locks_on=shown.locks_on,
            is_locked=shown.is_locked,
            buttons=views.report_buttons(
                submission.id,
                fix=shown.may_fix and not shown.is_locked,
                reopen=shown.may_fix and shown.is_locked,
                send_back=shown.may_return,
            ),
        )
    )


async def _hear_aside(turn: Turn, focus: Choosing | Explaining | Remarking | Naming, message: Message) -> bool:
    """Words beside the figures: a unit's name, a reason, a remark, a campaign's name."""
    text = message.text or ""
    asking = await open_acting(turn)
    label = load_words().find_label(text)
    if label not in _ANSWERS and (label is not None or (load_words().is_asking(text) and _is_question(turn))):
        return False
    match focus:
        case Choosing():
            reading, _ = _read_whole(turn, text)
            if reading is not None and focus.purpose == "report":
                return await _take_whole(turn, text, message, heard=focus.heard, asking=asking)
            await _look_for(turn, asking, focus, text)
            return True
        case Explaining():
            await requests.hear_reason(turn, asking, focus, text)
            return True
        case Remarking():
            await requests.hear_remark(turn, asking, focus, text)
            return True
        case Naming():
            await campaigns.hear_name(turn, asking, focus, text)
            return True


# What is tapped ----------------------------------------------------------------------------------------------------


async def on_tap(turn: Turn, rest: str) -> None:
    """A button of reporting; everything it carries is checked against what the asker may do."""
    if not turn.is_private:
        turn.answer_tap(views.only_in_private(), alert=True)
        return
    asking = await open_acting(turn)
    what, *args = rest.split(":")
    match what, args:
        case "d", [token, verb, *more]:
            await _tap_draft(turn, asking, token, verb, more[0] if more else "")
        case "u", [unit_id, purpose]:
            await _tap_unit(turn, asking, unit_id, purpose)
        case (("n" | "c"), _):
            await _tap_named(turn, asking, rest)
        case "p", [unit_id]:
            unit = await access.get_unit(turn.db, asking.asker, Right.SUBMIT, unit_id)
            await _choose_period(turn, asking, unit, await service.list_due(asking, unit))
        case (("v" | "f" | "b" | "o"), [number]) if number.isdecimal() and len(number) < 19:
            await _tap_submission(turn, asking, what, int(number))
        case "x", [draft_id, born] if draft_id.isdecimal() and len(draft_id) < 19:
            await _tap_drop(turn, asking, int(draft_id), born)
        case "q", [number, ("0" | "1") as answer] if number.isdecimal() and len(number) < 19:
            await requests.decide(turn, asking, int(number), approved=answer == "1")
        case "m", _:
            await campaigns.on_tap(turn, asking, args)
        case "leave", _:
            await _leave(turn)
        case _:
            turn.answer_tap(views.button_over(), alert=True)


async def _tap_draft(turn: Turn, asking: Asking, token: str, code: str, arg: str) -> None:
    opened, version = await service.find_tapped(asking, token)
    if opened is None:
        turn.answer_tap(views.finished_tap(), alert=True)
        return
    if version != opened.draft.version:
        turn.answer_tap(views.stale_tap(), alert=version < opened.draft.version - 1)
        return
    if code == "e":
        await requests.ask_why(turn, asking, opened.unit, opened.form, opened.draft.period, RequestKind.EXTENSION)
        return
    if code == "o":
        await _choose_period(turn, asking, opened.unit, await service.list_due(asking, opened.unit))
        return
    if code not in set(Verb) - {Verb.SEND}:
        turn.answer_tap(views.button_over(), alert=True)
        return
    heard = service.heard_in(await service.find_focus(turn.db, get_chat(turn)))
    outcome = dialog.decide(opened.form, opened.sheet, opened.scene.previous, Verb(code), arg)
    await _follow(turn, asking, opened, outcome, None, heard=heard)


async def _tap_unit(turn: Turn, asking: Asking, unit_id: str, purpose: str) -> None:
    focus = await service.find_focus(turn.db, get_chat(turn))
    right = {"r": Right.SUBMIT, "h": Right.SEE, "c": Right.MANAGE}.get(purpose)
    if right is None:
        turn.answer_tap(views.button_over(), alert=True)
        return
    unit = await access.get_unit(turn.db, asking.asker, right, unit_id)
    name = {"r": "report", "h": "history", "c": "campaign"}[purpose]
    if not isinstance(focus, Choosing) or focus.purpose != name:
        if purpose == "c":
            turn.answer_tap(views.button_over(), alert=True)
            return
        focus = Choosing(purpose=name)
    await _chosen(turn, asking, focus, unit)


async def _tap_named(turn: Turn, asking: Asking, text: str) -> None:
    named = await service.find_named(asking, text)
    if named is None:
        turn.answer_tap(views.button_over(), alert=True)
        return
    unit_id, form, period = named
    unit = await access.get_unit(turn.db, asking.asker, Right.SUBMIT, unit_id)
    focus = await service.find_focus(turn.db, get_chat(turn))
    if isinstance(focus, Choosing) and focus.text:
        reading, meant = _read_whole(turn, focus.text)
        if reading is not None and meant.id == form.id:
            await _take_reading(turn, asking, reading, form, focus.text, unit=unit, period=period, heard=focus.heard)
            return
    await _open(turn, asking, unit, form, period)


async def _tap_submission(turn: Turn, asking: Asking, what: str, number: int) -> None:
    """Open, correct, send back or ask to reopen a report, whichever version of it the button was made for."""
    submission = await submissions.find_submission(turn.db, number)
    unit = await units.find_unit_by_id(turn.db, submission.unit_id) if submission is not None else None
    right = {"v": Right.SEE, "b": Right.SUPERVISE}.get(what, Right.SUBMIT)
    unit = access.require(asking.asker, right, unit)
    assert submission is not None
    form = find_form(submission.form)
    if form is None:
        turn.answer_tap(views.button_over(), alert=True)
        return
    match what:
        case "v":
            shown = await service.show(asking, submission)
            if shown is not None:
                _say_shown(turn, shown)
        case "f":
            await _open(turn, asking, unit, form, submission.period)
        case "b":
            if not submission.is_current or submission.state is State.RETURNED:
                turn.say(request_views.sent_back_already())
                return
            await service.keep_focus(asking, get_chat(turn), Remarking(submission_id=submission.id))
            turn.say(request_views.ask_remark(form, submission.period, unit.name))
        case "o":
            await requests.ask_why(turn, asking, unit, form, submission.period, RequestKind.REOPEN)


async def _tap_drop(turn: Turn, asking: Asking, draft_id: int, born: str) -> None:
    opened = await service.find_opened(asking, draft_id)
    if opened is None or opened.draft.state["born"] != born:
        turn.say(views.draft_already_gone())
        return
    await service.throw_away(asking, opened)
    turn.say(views.draft_dropped())


# The dialog among others -------------------------------------------------------------------------------------------


async def _leave(turn: Turn) -> bool:
    focus = await service.find_focus(turn.db, get_chat(turn))
    if isinstance(focus, Filling):
        asking = await open_acting(turn)
        opened = await service.find_opened(asking, focus.draft_id)
        if opened is not None:
            await _cancel(turn, asking, opened)
            return True
    await service.drop_focus(turn.db, get_chat(turn))
    if focus is None or isinstance(focus, Sent):
        return False
    turn.say(views.step_left())
    return True


async def leave(turn: Turn) -> bool:
    """For /huy: leave what is open; the draft stays."""
    return await _leave(turn)


async def resume(turn: Turn) -> None:
    """After a question in between: say again what was asked."""
    focus: Focus | None = await service.find_focus(turn.db, get_chat(turn))
    if focus is None or isinstance(focus, Sent):
        return
    asking = await open_acting(turn)
    match focus:
        case Filling():
            opened = await service.find_opened(asking, focus.draft_id)
            if opened is not None:
                await _keep(turn, asking, opened, focus.heard)
                _say_step(turn, opened, lead=views.back_to())
        case Choosing():
            await _choose_unit(turn, asking, focus)
        case Explaining():
            unit = await access.get_unit(turn.db, asking.asker, Right.SUBMIT, focus.unit_id)
            form, period = get_form(focus.form), Period.parse(focus.period)
            wanted = await request_service.wish(asking, unit, form, period, RequestKind(focus.kind))
            if wanted is not None:
                turn.say(requests.why(wanted))
        case Remarking():
            submission = await submissions.find_submission(turn.db, focus.submission_id)
            if submission is not None:
                unit = await access.get_unit(turn.db, asking.asker, Right.SUPERVISE, submission.unit_id)
                turn.say(request_views.ask_remark(get_form(submission.form), submission.period, unit.name))
        case Naming():
            unit = await access.get_unit(turn.db, asking.asker, Right.MANAGE, focus.unit_id)
            turn.say(views.campaign_dates(unit.name))


async def hear_edited(turn: Turn) -> bool:
    """A message edited after its figure was taken changes nothing, and that is said."""
    message = turn.incoming.edited_message
    if message is None or not turn.is_private:
        return False
    heard = service.heard_in(await service.find_focus(turn.db, get_chat(turn)))
    sent = await submissions.find_by_carrier(turn.db, message.chat.id, message.message_id)
    if message.message_id not in heard and sent is None:
        return False
    turn.say(views.edited())
    return True


async def on_report_words(turn: Turn, text: str) -> None:
    """Words that hand in a report or want to begin one."""
    if not await take_words(turn, text):
        await begin(turn, text)


def _place(found: OpenDialog) -> Place:
    focus = service.read_focus(found)
    return Place.PRIVATE if focus is None or isinstance(focus, Sent) else Place.REPORTING


OFFICERS = frozenset({Viewer.OFFICER, Viewer.SUPERVISOR, Viewer.ADMIN})
FEATURE = Feature(
    "submissions",
    commands=(
        Command("baocao", on_report, views.REPORT, audience=OFFICERS),
        Command("lichsu", on_history, views.HISTORY, audience=OFFICERS),
    ),
    taps=(RawTap("r", on_tap), On(OpenReport, on_open)),
    dialogs=(Dialog(hear=hear, leave=leave, resume=resume, hear_edited=hear_edited, place=_place),),
    meanings={
        Meaning.REPORT: Meant(on_report_words),
        Meaning.BEGIN_REPORT: Meant(on_report_words),
        Meaning.HISTORY: Meant(without_words(on_history), shows=True),
        Meaning.EXTENSION: Meant(begin_extension),
    },
)
