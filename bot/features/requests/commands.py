"""What needs the supervisor, in a chat: requests asked and decided, reports sent back."""

from __future__ import annotations

from dataclasses import replace

from bot import access
from bot.access import Right
from bot.features.requests import service as requests
from bot.features.requests import words as views
from bot.features.requests.service import Wish
from bot.features.submissions import service
from bot.features.submissions import sheet as dialog
from bot.features.submissions import words as report_views
from bot.features.submissions.service import Explaining, Remarking
from bot.hands.asking import Asking, get_chat
from bot.road.reply import Reply
from bot.road.turn import Turn
from knowledge.forms import get_form
from knowledge.model.forms import Form
from knowledge.model.periods import Period
from storage.requests import RequestKind, RequestState
from storage.units import Unit

LONGEST_LOOK_AHEAD = 366  # days that a request may ask for


async def ask_why(turn: Turn, asking: Asking, unit: Unit, form: Form, period: Period, kind: RequestKind) -> None:
    """Begin a request: the next message is its reason."""
    wanted = await requests.wish(asking, unit, form, period, kind)
    if wanted is None:
        turn.say(views.not_needed())
        return
    focus = Explaining(kind=kind.value, unit_id=unit.id, form=form.id, period=period.code)
    await service.keep_focus(asking, get_chat(turn), focus)
    turn.say(why(wanted))


def why(wanted: Wish) -> Reply:
    """What the reason is asked with."""
    return views.ask_reason(
        wanted.form,
        wanted.period,
        wanted.unit.name,
        reopen=wanted.kind is RequestKind.REOPEN,
        ends_on=wanted.ends_on,
        until=wanted.until,
    )


async def hear_reason(turn: Turn, asking: Asking, focus: Explaining, text: str) -> None:
    """Take the reason, and put the request to whoever may decide it."""
    unit = await access.get_unit(turn.db, asking.asker, Right.SUBMIT, focus.unit_id)
    form, period, kind = get_form(focus.form), Period.parse(focus.period), RequestKind(focus.kind)
    wanted = await requests.wish(asking, unit, form, period, kind)
    if wanted is None:
        await service.drop_focus(turn.db, get_chat(turn))
        turn.say(views.not_needed())
        return
    reason, day = requests.read_wish(text, asking.today)
    if sum(letter.isalpha() for letter in reason) < 3:
        turn.say(views.reason_too_short())
        return
    soonest = max(wanted.ends_on, asking.today) if kind is RequestKind.REOPEN else wanted.ends_on
    if day is not None and (day <= wanted.ends_on or day < asking.today or (day - soonest).days > LONGEST_LOOK_AHEAD):
        turn.say(views.date_too_early(soonest))
        return
    admins = turn.settings.admin_ids
    asked = await requests.ask(asking, wanted, reason, day or wanted.until, admins)
    await service.drop_focus(turn.db, get_chat(turn))
    if not asked.is_new:
        turn.say(views.asked_already(at=asked.request.asked_at, zone=asking.zone))
        return
    for telegram_id in asked.deciders:
        turn.say_to(
            telegram_id,
            views.to_decide(
                form,
                period,
                unit.name,
                reopen=kind is RequestKind.REOPEN,
                reason=reason,
                by=asking.asker.name,
                ends_on=wanted.ends_on,
                until=asked.until,
                approve=f"r:q:{asked.request.id}:1",
                refuse=f"r:q:{asked.request.id}:0",
                key=f"request:{asked.request.id}:{telegram_id}",
            ),
        )
    turn.say(
        views.asked(form, period, reopen=kind is RequestKind.REOPEN, until=asked.until, reached=len(asked.deciders))
    )


async def decide(turn: Turn, asking: Asking, request_id: int, *, approved: bool) -> None:
    """**Đồng ý** or **Từ chối**: once, and told to everyone it concerns."""
    decided = await requests.decide(asking, request_id, approved=approved, admin_ids=turn.settings.admin_ids)
    if decided is None:
        turn.answer_tap(report_views.not_yours_tap(), alert=True)
        return
    request = decided.request
    if not decided.is_new:
        withdrawn = request.state is RequestState.WITHDRAWN
        told = views.decided_already(approved=requests.was_approved(request), by=decided.by)
        turn.answer_tap(views.needless() if withdrawn else told, alert=True)
        return
    turn.answer_tap(views.noted(approved=approved))
    reopen = request.kind is RequestKind.REOPEN
    for telegram_id in decided.deciders:
        turn.say_to(
            telegram_id,
            views.decided(
                decided.form,
                request.period,
                decided.unit.name,
                reopen=reopen,
                approved=approved,
                by=asking.asker.name,
                until=decided.until,
                reason=request.reason,
                edits_key=f"request:{request.id}:{telegram_id}",
            ),
        )
    go_on = None
    if approved:
        data = await service.refer(turn.db, decided.unit.id, decided.form, request.period)
        go_on = report_views.go_on_button(data, fix=reopen)
    for person in decided.officers:
        if person.telegram_id is not None:
            turn.say_to(
                person.telegram_id,
                replace(
                    views.decision(
                        decided.form,
                        request.period,
                        decided.unit.name,
                        reopen=reopen,
                        approved=approved,
                        by=asking.asker.name,
                        until=decided.until,
                        go_on=go_on,
                    ),
                    key=f"decision:{request.id}:{person.id}",
                ),
            )


async def hear_remark(turn: Turn, asking: Asking, focus: Remarking, text: str) -> None:
    """Send the report back with what was written."""
    if sum(letter.isalpha() for letter in text) < 3:
        turn.say(views.reason_too_short())
        return
    await service.drop_focus(turn.db, get_chat(turn))
    remark = " ".join(text.split())[: dialog.LONGEST_REASON]
    done = await requests.send_back(asking, focus.submission_id, remark)
    if done is None:
        turn.say(views.sent_back_already())
        return
    unit, form, returned, officers = done
    joined = [person for person in officers if person.telegram_id is not None]
    for person in joined:
        assert person.telegram_id is not None
        told = views.to_correct(
            form,
            returned.period,
            unit.name,
            remark=remark,
            by=asking.asker.name,
            fix=report_views.fix_button(returned.id),
        )
        turn.say_to(person.telegram_id, replace(told, key=f"returned:{returned.id}:{person.id}"))
    turn.say(views.sent_back(form, returned.period, unit.name, reached=len(joined)))
