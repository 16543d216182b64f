"""/giaochitieu: what a unit can hand down, the shares of the units right below, and that they hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.access import AccessDeniedError, Right
from bot.features.targets.giving import (
    choosing,
    closing,
    drafts,
    history,
    holding,
    opinions,
    sheet_words,
    telling,
    told_words,
    words,
)
from bot.features.targets.giving.beginning import Begun, find_beginning
from bot.features.targets.giving.dialogs import KEEPER, ChoosingGoal, NamingGoal, SettingShares
from bot.features.targets.giving.drafts import GoalRefusedError, TakenWords
from bot.features.targets.giving.holding import GivenShares, SharesChangedError, SharesRefusedError
from bot.features.targets.giving.making import TABLE, TableErrand
from bot.features.targets.giving.sources import Source, list_sources
from bot.features.targets.giving.taps import (
    ChangeShares,
    ChooseNamed,
    CloseGoal,
    FetchShareTable,
    GiveShares,
    LeaveGiving,
    NameOwnGoal,
    OpenGiving,
    OpenSource,
    ProposeShares,
    ShowShareHistory,
    ShowShares,
    SplitShare,
)
from bot.hands import errands
from bot.hands.asking import Asking, acting, open_asking, privately
from bot.hands.taps import TapRefusedError, or_gone
from bot.road.turn import Turn
from bot.rules import Rules
from knowledge.answer import Adviser
from knowledge.meanings import Meaning, Understood
from knowledge.meanings.words import load_words
from knowledge.shares.checking import find_goal_fault
from knowledge.shares.reading import Spread

_RULES: Final = {"evenly": Spread.EVENLY, "by_members": Spread.BY_MEMBERS, "as_last_year": Spread.AS_LAST_YEAR}


# Beginning -----------------------------------------------------------------------------------------------------------


@privately
async def on_give(turn: Turn, asking: Asking) -> None:
    """Begin; shares behind the command are taken at once, the name of a unit leads to it."""
    await begin(turn, asking, turn.behind_command)


async def begin(turn: Turn, asking: Asking, text: str) -> None:
    """Words that hand shares down, or none: what is meant is shown before it holds, or chosen first."""
    if not asking.asker.may_anywhere(Right.SUPERVISE):
        turn.say(words.for_supervisors())
        return
    places = await choosing.list_givers(asking)
    if not places:
        turn.say(words.nobody_below())
        return
    said = await choosing.find_said(asking, places, text)
    if said is None:
        turn.say(words.choose_unit(places, asking.today.year))
        return
    await take_said(turn, asking, said)


async def begin_from_words(turn: Turn, asking: Asking, text: str) -> bool:
    """Begin where words hand shares down, or ask to; False where they ask something else."""
    if load_words().hands_down(text):
        await begin(turn, asking, text)
        return True
    if load_words().changes_shares(text) and (said := await _find_change(turn, asking, text)) is not None:
        await take_said(turn, asking, said)
        return True
    if words.asks_to_begin(text) and asking.asker.may_anywhere(Right.SUPERVISE):
        await begin(turn, asking, "")
        return True
    return False


async def act_first(turn: Turn, found: Understood, text: str) -> bool:
    """Take words that surely hand shares down, or change them, whatever else they may mean: "giao TƯLĐTT 85% cho tất
    cả", "tăng thêm MAY 5".
    """
    begun = find_beginning(text, found.means)
    if not turn.is_private or begun is None or (begun is Begun.GIVES and found.means is Meaning.SHARE):
        return False
    asking = await open_asking(turn)
    if not asking.asker.may_anywhere(Right.SUPERVISE):
        return False
    if begun is Begun.CHANGES:
        said = await _find_change(turn, asking, text)
    else:
        places = await choosing.list_givers(asking)
        said = await choosing.find_said(asking, places, text) if places else None
    if said is None or not said.is_sure:
        return False
    await take_said(turn, asking, said)
    return True


async def _find_change(turn: Turn, asking: Asking, text: str) -> choosing.SaidGiving | None:
    """What a message changes of what was handed down; None where it says none of it for sure, or nothing was."""
    places = await choosing.list_givers(asking) if asking.asker.may_anywhere(Right.SUPERVISE) else []
    said = await choosing.find_said(asking, places, text) if places else None
    if said is None or not said.is_sure or not said.says_shares:
        return None
    rules, adviser = turn.resource(Rules), turn.resource(Adviser)
    found = await list_sources(asking, rules, adviser.glossary, said.unit, said.year)
    known = choosing.choose(found, choosing.understand(adviser, said)) if said.goal else found
    return said if any(each.units for each in known) else None


async def take_said(turn: Turn, asking: Asking, said: choosing.SaidGiving) -> None:
    """Go on with what a message said: to the list, to the goal it names, or to its shares."""
    fault = find_goal_fault(year=said.year, today=asking.today)
    if fault is not None:
        turn.say(words.year_refused(said.year, fault))
        return
    rules, adviser = turn.resource(Rules), turn.resource(Adviser)
    found = await list_sources(asking, rules, adviser.glossary, said.unit, said.year)
    meant = choosing.choose(found, choosing.understand(adviser, said))
    if len(meant) == 1:
        await _open(turn, asking, said, meant[0])
        return
    text = said.text if said.says_shares else ""
    await KEEPER.keep(asking, ChoosingGoal(unit=said.unit.id, year=said.year, text=text))
    _say_sources(turn, asking, said, meant or found)


def _say_sources(turn: Turn, asking: Asking, said: choosing.SaidGiving, found: Sequence[Source], page: int = 0) -> None:
    this_year = asking.today.year
    turn.say(words.sources(said.unit, said.year, found, page, this_year=this_year, edits=turn.tapped, said=said.goal))


async def _open(turn: Turn, asking: Asking, said: choosing.SaidGiving, source: Source) -> None:
    """Open a goal, and take what a message said of its shares."""
    rules = turn.resource(Rules)
    try:
        state = await drafts.begin(asking, said.unit, source)
    except GoalRefusedError as refused:
        turn.say(words.goal_refused(refused))
        return
    if said.says_shares:
        await show_taken(turn, asking, await drafts.take_words(asking, rules, state, said.text))
    else:
        await _show(turn, asking, state, edits=turn.tapped)


async def _show(
    turn: Turn, asking: Asking, state: SettingShares, page: int = 0, edits: int | None = None, *, how: bool = False
) -> None:
    """The shares, or first which unit a name means."""
    state = await drafts.look_again(asking, state)
    await KEEPER.keep(asking, state)
    if state.pending:
        turn.say(words.ask_which(state, await choosing.list_pending(asking, state)))
        return
    shown = await drafts.show(asking, turn.resource(Rules), state, page)
    turn.say(words.shares(shown, edits, how=how))


async def show_taken(turn: Turn, asking: Asking, taken: TakenWords, edits: int | None = None) -> None:
    """What became of a message or a table: the shares, or why none of it was taken."""
    if taken.refused or taken.unread:
        await KEEPER.keep(asking, taken.state)
        turn.say(words.not_taken(taken))
    else:
        await _show(turn, asking, taken.state, edits=edits)


# Buttons of the list -------------------------------------------------------------------------------------------------


@privately
async def on_open_giving(turn: Turn, asking: Asking, tap: OpenGiving) -> None:
    """What a unit can hand down in a year; a message whose goal is being chosen stays."""
    unit = await asking.get_unit(Right.SUPERVISE, tap.unit)
    found = await list_sources(asking, turn.resource(Rules), turn.resource(Adviser).glossary, unit, tap.year)
    known = await KEEPER.find(asking.db, asking.chat_id, asking.now)
    is_same = isinstance(known, ChoosingGoal) and known.unit == unit.id
    text = known.text if isinstance(known, ChoosingGoal) and is_same else ""
    await KEEPER.keep(asking, ChoosingGoal(unit=unit.id, year=tap.year, text=text))
    _say_sources(turn, asking, choosing.opening(unit, tap.year), found, tap.page)


@privately
async def on_open_source(turn: Turn, asking: Asking, tap: OpenSource) -> None:
    unit = await asking.get_unit(Right.SUPERVISE, tap.unit)
    found = await list_sources(asking, turn.resource(Rules), turn.resource(Adviser).glossary, unit, tap.year)
    source = or_gone(next((each for each in found if each.mark == tap.mark), None), words.gone())
    known = await KEEPER.find(asking.db, asking.chat_id, asking.now)
    said = choosing.opening(unit, tap.year)
    if isinstance(known, ChoosingGoal) and known.unit == unit.id and known.text:
        said = choosing.read_said(await choosing.name_children(asking, unit), unit, known.text, asking.today)
    await _open(turn, asking, said, source)


@privately
async def on_split(turn: Turn, asking: Asking, tap: SplitShare) -> None:
    """**Giao cho cấp dưới**, or the way back to what was handed down."""
    unit = await asking.get_unit(Right.SUPERVISE, tap.unit)
    source = or_gone(await choosing.find_goal(asking, turn.resource(Rules), unit, tap.goal), words.gone())
    try:
        state = await drafts.begin(asking, unit, source)
    except GoalRefusedError as refused:
        turn.say(words.goal_refused(refused))
        return
    await _show(turn, asking, state)


@privately
async def on_name_goal(turn: Turn, asking: Asking, tap: NameOwnGoal) -> None:
    unit = await asking.get_unit(Right.SUPERVISE, tap.unit)
    known = await KEEPER.find(asking.db, asking.chat_id, asking.now)
    text = known.text if isinstance(known, ChoosingGoal) and known.unit == unit.id else ""
    await KEEPER.keep(asking, NamingGoal(unit=unit.id, year=tap.year, text=text))
    turn.say(words.ask_own_goal(tap.year))


async def take_goal(turn: Turn, asking: Asking, state: NamingGoal, text: str) -> None:
    """The name, amount and year of a goal of the unit's own."""
    unit = await asking.get_unit(Right.SUPERVISE, state.unit)
    source = choosing.read_own_goal(text, state.year, asking.today)
    if source is None:
        turn.say(words.own_goal_unclear())
    elif isinstance(source, Source):
        said = choosing.opening(unit, source.year)
        if state.text:
            said = choosing.read_said(await choosing.name_children(asking, unit), unit, state.text, asking.today)
        await _open(turn, asking, said, source)
    else:
        turn.say(words.not_taken(TakenWords(SettingShares(unit=unit.id, year=state.year), [source])))


# Buttons of the shares -----------------------------------------------------------------------------------------------


async def find_state(asking: Asking, token: str) -> SettingShares:
    """The shares that a button belongs to; raises TapRefusedError and AccessDeniedError."""
    state = await KEEPER.get_pending(asking, Right.SUPERVISE, token, gone=words.gone())
    if not isinstance(state, SettingShares):
        raise TapRefusedError(words.gone())
    await asking.get_unit(Right.SUPERVISE, state.unit)
    return state


@privately
async def on_propose(turn: Turn, asking: Asking, tap: ProposeShares) -> None:
    await _propose(turn, asking, await find_state(asking, tap.token), tap.spread)


async def _propose(turn: Turn, asking: Asking, state: SettingShares, spread: Spread) -> None:
    taken = await drafts.take_rule(asking, turn.resource(Rules), state, spread)
    if taken.refused:
        raise TapRefusedError(words.cannot_propose(taken.refused, state.measured_in))
    if not taken.state.values:
        raise TapRefusedError(words.nothing_last_year())
    await _show(turn, asking, taken.state, edits=turn.tapped)


@acting
async def on_fetch_table(turn: Turn, asking: Asking, tap: FetchShareTable) -> None:
    """**Bằng Excel**: made aside."""
    await _make_table(turn, asking, await find_state(asking, tap.token))


async def _make_table(turn: Turn, asking: Asking, state: SettingShares) -> None:
    await errands.ask(turn, asking, TABLE, TableErrand(state))
    if turn.tapped is not None:
        turn.answer_tap(sheet_words.working())
    else:
        turn.say(words.refused(sheet_words.working()))
    turn.call_later("sendChatAction", chat_id=turn.chat_id, action="upload_document")


@privately
async def on_page(turn: Turn, asking: Asking, tap: ShowShares) -> None:
    await _show(turn, asking, await find_state(asking, tap.token), tap.page, turn.tapped)


@privately
async def on_change(turn: Turn, asking: Asking, tap: ChangeShares) -> None:
    await _show(turn, asking, await find_state(asking, tap.token), 0, turn.tapped, how=True)


@privately
async def on_named(turn: Turn, asking: Asking, tap: ChooseNamed) -> None:
    taken = or_gone(await drafts.choose_named(asking, await find_state(asking, tap.token), tap.unit), words.gone())
    state = taken.state
    if taken.refused:
        await show_taken(turn, asking, taken)
    elif state.pending or state.rest is None:
        await _show(turn, asking, state, edits=turn.tapped)
    else:
        await show_taken(turn, asking, await drafts.take_rest(asking, turn.resource(Rules), state), turn.tapped)


@acting
async def on_give_shares(turn: Turn, asking: Asking, tap: GiveShares) -> None:
    """**Giao**: once, however often the button is tapped."""
    await _give(turn, asking, await find_state(asking, tap.token))


async def _give(turn: Turn, asking: Asking, state: SettingShares) -> None:
    rules = turn.resource(Rules)
    if state.pending or not state.values:
        raise TapRefusedError(words.nothing_changed())
    try:
        found = await holding.give(asking, rules, state)
    except GoalRefusedError as refused:
        turn.say(words.goal_refused(refused))
        return
    except SharesRefusedError as refused:
        turn.say(words.not_taken(TakenWords(state, list(refused.refused))))
        return
    except SharesChangedError as changed:
        turn.say(words.changed_meanwhile())
        await _show(turn, asking, drafts.renew(state, changed.goal_id))
        return
    if not found.changed:
        raise TapRefusedError(words.nothing_changed())
    await KEEPER.close(asking.db, asking.chat_id)
    turn.say(words.given(found, await _tell(turn, asking, found)))


async def _tell(turn: Turn, asking: Asking, found: GivenShares) -> telling.Telling | None:
    """Tell the units below, in the same transaction; None where that is done aside."""
    if len(found.changed) > telling.AT_ONCE:
        errand = telling.ToldErrand(found.goal.id, found.unit.id, asking.now, asking.person_id or 0)
        await errands.ask(turn, asking, telling.KIND, errand)
        return None
    told = await telling.list_told(
        asking.db,
        turn.resource(Rules),
        found.goal,
        found.unit,
        found.changed,
        found.names,
        by=asking.person_id,
        now=asking.now,
    )
    for each in told.told:
        turn.say_to(each.chat_id, told_words.told(each))
    return told


@privately
async def on_history(turn: Turn, asking: Asking, tap: ShowShareHistory) -> None:
    found = await history.read_history(asking, tap.unit, tap.goal)
    turn.say(words.history(or_gone(found, words.gone())))


@acting
async def on_close(turn: Turn, asking: Asking, tap: CloseGoal) -> None:
    """**Kết thúc chỉ tiêu**, asked first."""
    unit = await asking.get_unit(Right.SUPERVISE, tap.unit)
    source = or_gone(await choosing.find_goal(asking, turn.resource(Rules), unit, tap.goal), words.gone())
    if not tap.is_sure:
        turn.say(words.close_sure(unit.id, tap.goal, source.name, turn.tapped))
        return
    goal, _ = or_gone(await holding.close(asking, tap.goal, unit.id), words.gone())
    await KEEPER.close(asking.db, asking.chat_id)
    turn.say(words.closed(goal.name, goal.year, await _tell_closed(turn, asking, goal.id), turn.tapped))


async def _tell_closed(turn: Turn, asking: Asking, goal_id: int) -> int | None:
    """Tell whoever held a share, in the same transaction: how many; None where that is done aside."""
    if await closing.tells_aside(asking.db, goal_id):
        await errands.ask(turn, asking, closing.KIND, closing.ClosedErrand(goal_id, asking.person_id or 0))
        return None
    told = await closing.list_told(asking.db, turn.resource(Rules), goal_id, by=asking.person_id, now=asking.now)
    for each in told:
        turn.say_to(each.chat_id, told_words.told_closed(each))
    return len(told)


@privately
async def on_leave(turn: Turn, asking: Asking, _tap: LeaveGiving) -> None:
    await KEEPER.close(asking.db, asking.chat_id)
    turn.say(words.left())


# What is typed while shares are set ----------------------------------------------------------------------------------


async def take_typed(turn: Turn, asking: Asking, state: SettingShares, text: str) -> None:
    """Shares in words, or the label of a button."""
    await asking.get_unit(Right.SUPERVISE, state.unit)
    act = words.find_act(text)
    if act == "give":
        await _give(turn, await asking.as_actor(), state)
    elif act == "table":
        await _make_table(turn, asking, state)
    elif act == "change":
        await _show(turn, asking, state, how=True)
    elif act in _RULES:
        await _propose(turn, asking, state, _RULES[act])
    elif (other := await _find_other(turn, asking, state, text)) is not None:
        await _open(turn, asking, *other)
    else:
        await show_taken(turn, asking, await drafts.take_words(asking, turn.resource(Rules), state, text))


async def _find_other(
    turn: Turn, asking: Asking, state: SettingShares, text: str
) -> tuple[choosing.SaidGiving, Source] | None:
    """What a message hands down beside what is being set: another goal that it names, or the same of another year."""
    if not load_words().hands_down(text):
        return None
    unit = await asking.get_unit(Right.SUPERVISE, state.unit)
    below = await choosing.name_children(asking, unit)
    said = choosing.read_said(below, unit, text, asking.today, year=state.year)
    if not said.says_shares or not (said.goal or said.year != state.year):
        return None
    said = choosing.with_goal(said, said.goal or state.name)
    rules, adviser = turn.resource(Rules), turn.resource(Adviser)
    said = choosing.understand(adviser, said)
    meant = choosing.choose(await list_sources(asking, rules, adviser.glossary, unit, said.year), said)
    now = (state.name, state.measured_in, state.year)
    if len(meant) != 1 or (meant[0].name, meant[0].measured_in, meant[0].year) == now:
        return None
    return said, meant[0]


async def take_choice(turn: Turn, asking: Asking, state: ChoosingGoal, text: str) -> None:
    """The name of what is handed down, or a whole message."""
    unit = await asking.get_unit(Right.SUPERVISE, state.unit)
    said = choosing.read_said(await choosing.name_children(asking, unit), unit, text, asking.today, year=state.year)
    if not said.says_shares and state.text:
        before = choosing.read_said(
            await choosing.name_children(asking, unit), unit, state.text, asking.today, year=state.year
        )
        said = choosing.with_goal(before, said.goal or text)
    await take_said(turn, asking, said)


async def change_one(turn: Turn, asking: Asking, about: opinions.SharedUnit, text: str) -> None:
    """Another number for one unit, in answer to its opinion: shown like every change before it holds."""
    if not asking.asker.may(Right.SUPERVISE, about.giver):
        raise AccessDeniedError(Right.SUPERVISE)
    rules = turn.resource(Rules)
    source = await opinions.find_source(asking, rules, about.giver, about.goal)
    try:
        state = await drafts.begin(asking, about.giver, source)
    except GoalRefusedError as refused:
        turn.say(words.goal_refused(refused))
        return
    await show_taken(turn, asking, await drafts.take_words(asking, rules, state, f"{about.unit.code} {text}"))
