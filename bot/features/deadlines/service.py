"""Deadlines set by hand: reading one from words, showing what it comes to, keeping, ending and announcing it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from msgspec.structs import replace

from bot import access
from bot.access import Right
from bot.features.deadlines.dialogs import DeadlineDraft, DeadlineStep
from bot.hands.asking import Asking
from bot.hands.scopes import (
    Addressed,
    OfferedScopes,
    ScopeChoice,
    find_addressed,
    get_chosen_scope,
    get_whole_scope,
    may_choose_other,
    offer_scopes,
)
from bot.rules import Rules
from bot.services import nudging
from bot.services.nudging import Nudged
from knowledge.addressees import Addressees, find_workplaces, list_addressed, list_subjects
from knowledge.calendar.deadlines import (
    ParsedDeadline,
    names_time,
    parse_deadline,
    parse_rule,
    parse_when,
    split_addressees,
    title_of,
)
from knowledge.calendar.descriptions import Description, describe
from knowledge.calendar.outcomes import Unclear
from knowledge.calendar.rules import Rule
from knowledge.calendar.working_days import WorkingDays
from knowledge.model.owing import AskedUnits, Audience
from knowledge.text import fold, raised
from storage import audit, deadlines, owing
from storage.deadlines import SetDeadline

LONGEST_WHAT: Final = 300
_FEWEST_OF_NAME: Final = 2  # words of which a unit's name is told, the word for units among them
SHOWN_DATES: Final = 3


@dataclass(frozen=True, slots=True)
class Proposal:
    """A deadline as it would be kept.

    Attributes:
        upcoming: the next days it falls on; none where all are over.
        counts: how many units each audience is today.
        token: proves that a button belongs to the dialog.
        may_narrow: whether there is another part of the tree to choose.
    """

    what: str
    description: Description
    upcoming: tuple[date, ...]
    unit_id: int
    unit_name: str
    audience: Audience
    counts: Mapping[Audience, int]
    token: str
    may_narrow: bool = False


@dataclass(frozen=True, slots=True)
class ListedDeadline:
    """A deadline in force, its rule described, and the next day it falls on (None: it is over)."""

    deadline: SetDeadline
    description: Description
    following: date | None


# Saying what and when ------------------------------------------------------------------------------------------------


async def begin(asking: Asking) -> DeadlineDraft:
    """An empty draft for the whole of what somebody supervises; raises AccessDeniedError."""
    unit = await get_whole_scope(asking)
    by_leaves = unit.kind.is_grassroots or unit.parent_id is not None
    audience = Audience.GRASSROOTS if by_leaves else Audience.ALL
    return DeadlineDraft(DeadlineStep.WHAT, "", "", "", unit.id, audience, secrets.token_urlsafe(9))


def names_deadline(text: str, today: date) -> bool:
    """Whether a text says both what is to be done and when."""
    read = parse_deadline(split_addressees(text, today)[0], today)
    return isinstance(read, ParsedDeadline) and bool(read.what)


def take_all(
    draft: DeadlineDraft, text: str, today: date, working_days: WorkingDays
) -> tuple[DeadlineDraft, Unclear | None]:
    """The draft with what one message says of it, at the step that comes next, and why its date was not understood."""
    read = parse_deadline(text, today, working_days)
    if isinstance(read, ParsedDeadline):
        step = DeadlineStep.CONFIRM if read.what else DeadlineStep.WHAT
        what = read.what[:LONGEST_WHAT] or draft.what
        return replace(draft, step=step, what=what, rule=read.rule.code, wording=read.when), None
    has_time = names_time(text)
    what = (title_of(text) if has_time else text)[:LONGEST_WHAT]
    return replace(draft, step=DeadlineStep.WHEN, what=what), read if has_time else None


def take_what(draft: DeadlineDraft, text: str) -> DeadlineDraft:
    """The draft with what is to be done, its date being known."""
    return replace(draft, step=DeadlineStep.CONFIRM, what=text[:LONGEST_WHAT])


def take_when(draft: DeadlineDraft, text: str, today: date, working_days: WorkingDays) -> DeadlineDraft | Unclear:
    """The draft with another date."""
    read = parse_when(text, today, working_days)
    if isinstance(read, Unclear):
        return read
    return replace(draft, step=DeadlineStep.CONFIRM, rule=read.code, wording=text[:LONGEST_WHAT])


async def choose_scope(asking: Asking, draft: DeadlineDraft, choice: ScopeChoice) -> DeadlineDraft:
    """The draft for another part of the tree; raises AccessDeniedError."""
    unit = await get_chosen_scope(asking, draft.unit, choice)
    return replace(draft, unit=unit.id)


def describe_rule(draft: DeadlineDraft) -> Description:
    """What a draft's rule says."""
    return describe(Rule.parse(draft.rule))


async def take_addressees(asking: Asking, draft: DeadlineDraft, text: str) -> Addressed[DeadlineDraft]:
    """The draft for the units that a whole deadline is said to be for; raises AccessDeniedError."""
    rest, who = split_addressees(text, asking.today)
    if who is None:
        taken = await _take_subject(asking, draft, text)
        return taken if taken.offered is not None else await _ask_workplaces(asking, taken)
    found = await _address(asking, draft, who)
    if found is not None:
        return Addressed(found, rest)
    if not who.is_sure or not names_deadline(rest, asking.today):
        return Addressed(draft, rest if who.is_sure else text)
    units = await find_addressed(asking, who)
    offered = OfferedScopes(units) if units else await offer_scopes(asking, draft.unit)
    return Addressed(draft, rest, offered, who.said)


async def _ask_workplaces(asking: Asking, taken: Addressed[DeadlineDraft]) -> Addressed[DeadlineDraft]:
    """What was taken, with parts of the tree to choose from where it is said to be for workplaces.

    Nothing is asked where they stand in the title, which is shown, or where the date is not understood yet.
    """
    said = find_workplaces(taken.text)
    read = parse_deadline(taken.text, asking.today) if said else None
    if not isinstance(read, ParsedDeadline) or said in read.what:
        return taken
    return await _offer_for(asking, taken, said)


async def _offer_for(asking: Asking, taken: Addressed[DeadlineDraft], said: str) -> Addressed[DeadlineDraft]:
    return Addressed(taken.draft, taken.text, await offer_scopes(asking, taken.draft.unit), said)


async def _take_subject(asking: Asking, draft: DeadlineDraft, text: str) -> Addressed[DeadlineDraft]:
    """The draft for whoever a title begins with: "CĐCS May Sông Xanh nộp hồ sơ trước 20/12".

    The longest beginning that fits units of the asker's is meant: asked about where it fits several, left in the
    title where it fits one by no more than a word of its name.
    """
    for rest, who in list_subjects(text):
        if not who.unit:
            return Addressed(replace(draft, audience=who.audience or draft.audience), raised(rest))
        units = await find_addressed(asking, who)
        if not units:
            continue
        is_whole = any(fold(unit.name) == fold(who.unit) for unit in units)
        if not is_whole and who.audience is None and len(who.unit.split()) <= _FEWEST_OF_NAME:
            break
        if len(units) > 1:
            return Addressed(draft, raised(rest), OfferedScopes(units), who.said)
        audience = who.audience or draft.audience
        return Addressed(replace(draft, unit=units[0].id, audience=audience), raised(rest))
    return Addressed(draft, text)


async def take_other_addressees(asking: Asking, draft: DeadlineDraft, text: str) -> Addressed[DeadlineDraft]:
    """The draft for the units that a date, or nothing else, is said to be for; raises AccessDeniedError."""
    for rest, who in list_addressed(text):
        if not rest or isinstance(parse_rule(rest, asking.today), Rule):
            found = await _address(asking, draft, who)
            if found is not None:
                return Addressed(found, rest)
    taken, said = Addressed(draft, text), find_workplaces(text)
    return await _offer_for(asking, taken, said) if said else taken


async def _address(asking: Asking, draft: DeadlineDraft, who: Addressees) -> DeadlineDraft | None:
    """The draft for those units; None where they are not clear."""
    audience = who.audience or draft.audience
    if not who.unit:
        return replace(draft, audience=audience)
    found = await find_addressed(asking, who)
    return replace(draft, unit=found[0].id, audience=audience) if len(found) == 1 else None


# Keeping it ----------------------------------------------------------------------------------------------------------


async def propose(asking: Asking, rules: Rules, draft: DeadlineDraft) -> Proposal:
    """What a draft comes to today; where nobody is of its audience, another is taken. Raises AccessDeniedError."""
    unit = await asking.get_unit(Right.SUPERVISE, draft.unit)
    rule, today = Rule.parse(draft.rule), asking.today
    counts = {}
    for each in Audience:
        asked = AskedUnits.of_deadline(each, unit.id, unit.path, today, is_grassroots=unit.kind.is_grassroots)
        counts[each] = await owing.count_owing(asking.db, asked)
    audience = draft.audience
    if not counts[audience]:
        audience = next((each for each in Audience if counts[each]), audience)
    return Proposal(
        draft.what,
        describe(_with_wording(rule, draft.wording, today, rules.working_days)),
        tuple(rule.upcoming(today, SHOWN_DATES, rules.working_days)),
        unit.id,
        unit.name,
        audience,
        counts,
        draft.token,
        await may_choose_other(asking, unit),
    )


def _with_wording(rule: Rule, wording: str, today: date, working_days: WorkingDays) -> Rule:
    """The rule as it was read, with what was assumed; as it is kept where the words read otherwise by now."""
    read = parse_rule(wording, today, working_days)
    return read if isinstance(read, Rule) and read == rule else rule


async def keep(asking: Asking, draft: DeadlineDraft, shown: Proposal) -> int:
    """Set the deadline as it was shown; returns its id."""
    actor = await asking.as_actor()
    deadline = await deadlines.add(
        asking.db,
        unit_id=shown.unit_id,
        what=draft.what,
        rule=draft.rule,
        wording=draft.wording,
        audience=shown.audience,
        set_by=actor.person_id,
        now=asking.now,
    )
    await audit.note(
        asking.db,
        "deadline.set",
        asking.now,
        by=actor.person_id,
        unit_id=shown.unit_id,
        subject=str(deadline.id),
        details={"what": draft.what, "rule": draft.rule, "audience": shown.audience.value},
    )
    return deadline.id


# Deadlines that were set ---------------------------------------------------------------------------------------------


async def list_set(asking: Asking, rules: Rules) -> list[ListedDeadline]:
    """What is in force at or below the units that somebody supervises."""
    tops = await access.list_tops(asking.db, asking.asker, Right.SUPERVISE)
    found = []
    for deadline in await deadlines.list_set_within(asking.db, [top.path for top in tops]):
        rule = Rule.parse(deadline.rule)
        upcoming = rule.upcoming(asking.today, 1, rules.working_days)
        found.append(ListedDeadline(deadline, describe(rule), upcoming[0] if upcoming else None))
    return found


async def end(asking: Asking, deadline_id: int) -> SetDeadline | None:
    """End a deadline; None where it is not there or was ended before. Raises AccessDeniedError."""
    deadline = await _find(asking, deadline_id)
    if deadline is None or not await deadlines.end(asking.db, deadline.id, asking.now, by=asking.person_id):
        return None
    await asking.note(
        "deadline.ended", unit_id=deadline.unit_id, subject=str(deadline.id), details={"what": deadline.what}
    )
    return deadline


async def announce(asking: Asking, rules: Rules, deadline_id: int) -> Nudged | None:
    """Tell everyone who owes a deadline of it now; None where it is not in force. Raises AccessDeniedError."""
    deadline = await _find(asking, deadline_id)
    if deadline is None or deadline.ended_at is not None:
        return None
    return await nudging.announce(asking.db, rules, deadline, asking.now, by=asking.person_id)


async def _find(asking: Asking, deadline_id: int) -> SetDeadline | None:
    asking.require_anywhere(Right.SUPERVISE)
    found = await deadlines.find(asking.db, deadline_id)
    if found is not None:
        await asking.get_unit(Right.SUPERVISE, found.unit_id)
    return found
