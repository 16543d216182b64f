"""Campaigns in a chat: an admin opens a larger form for a subtree, step by step."""

from __future__ import annotations

from datetime import date

from bot import access
from bot.access import Right
from bot.features.campaigns import service as campaigns
from bot.features.submissions import service
from bot.features.submissions import words as views
from bot.features.submissions.service import Choosing, Naming
from bot.hands.asking import Asking, get_chat
from bot.road.turn import Turn
from knowledge.forms import get_form
from knowledge.model.forms import Form
from knowledge.model.owing import AskedUnits
from storage import owing
from storage.units import Unit

MOST_CHOICES = 8


async def on_tap(turn: Turn, asking: Asking, args: list[str]) -> None:
    """A button on the way to a campaign."""
    if not asking.asker.may_anywhere(Right.MANAGE):
        turn.answer_tap(views.not_yours_tap(), alert=True)
        return
    focus = await service.find_focus(turn.db, get_chat(turn))
    forms = campaigns.campaign_forms()
    match args:
        case ["start"]:
            turn.say(views.campaign_form([(form.title, f"m:f:{number}") for number, form in enumerate(forms)]))
        case ["f", number] if number.isdecimal() and len(number) < 4 and int(number) < len(forms):
            form = forms[int(number)]
            await service.keep_focus(asking, get_chat(turn), Choosing(purpose="campaign", form=form.id))
            managed = await campaigns.list_managed(asking)
            turn.say(views.campaign_unit([(unit.name, f"u:{unit.id}:c") for unit in managed[:MOST_CHOICES]]))
        case ["k", kinds] if isinstance(focus, Naming) and kinds in campaigns.KINDS_OF:
            await service.keep_focus(
                asking, get_chat(turn), Naming(form=focus.form, unit_id=focus.unit_id, kinds=kinds)
            )
            unit = await access.get_unit(turn.db, asking.asker, Right.MANAGE, focus.unit_id)
            turn.say(views.campaign_dates(unit.name))
        case ["go"] if isinstance(focus, Naming) and focus.name:
            opened = await campaigns.open_campaign(asking, focus)
            await service.drop_focus(turn.db, get_chat(turn))
            if opened is None:
                turn.answer_tap(views.not_yours_tap(), alert=True)
                return
            unit, form, campaign = opened
            turn.say(views.campaign_opened(form, campaign.period.name, unit.name, campaign.due_on))
        case _:
            turn.answer_tap(views.button_over(), alert=True)


async def on_unit(turn: Turn, asking: Asking, focus: Choosing, unit: Unit) -> None:
    """The subtree was chosen; which kinds of unit in it owe the form?"""
    access.require(asking.asker, Right.MANAGE, unit)
    naming = Naming(form=focus.form, unit_id=unit.id, kinds="g")
    await service.keep_focus(asking, get_chat(turn), naming)
    turn.say(views.campaign_kinds(unit.name))


async def hear_name(turn: Turn, asking: Asking, focus: Naming, text: str) -> None:
    """Its name and due day, in one message."""
    unit = await access.get_unit(turn.db, asking.asker, Right.MANAGE, focus.unit_id)
    form = get_form(focus.form)
    name, due_on = campaigns.read_campaign(text, asking.today)
    problem = await _find_problem(asking, form, name, due_on)
    if problem or due_on is None:
        turn.say(views.campaign_dates(unit.name, problem))
        return
    await service.keep_focus(
        asking,
        get_chat(turn),
        Naming(form=focus.form, unit_id=focus.unit_id, kinds=focus.kinds, name=name, due_on=due_on),
    )
    asked = AskedUnits.of_campaign(campaigns.KINDS_OF[focus.kinds], unit.path, due_on)
    count = await owing.count_owing(turn.db, asked.still_asked(asking.today))
    locks_on = due_on + campaigns.CAMPAIGN_LOCKS_AFTER
    turn.say(views.campaign_confirm(form, name, unit.name, count, due_on, locks_on, "m:go"))


async def _find_problem(asking: Asking, form: Form, name: str, due_on: date | None) -> str:
    if due_on is None:
        return views.campaign_no_date()
    if due_on < asking.today:
        return views.campaign_past_date()
    if not name or len(name) > campaigns.LONGEST_CAMPAIGN_NAME:
        return views.campaign_no_name()
    if await campaigns.find_campaign_problem(asking, form, name):
        return views.campaign_name_taken(name)
    return ""
