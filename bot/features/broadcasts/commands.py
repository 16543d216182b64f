"""/thongbao: words, preview, confirmation."""

from __future__ import annotations

from msgspec.structs import replace

from bot.access import Right
from bot.features.broadcasts import service, taps, words
from bot.features.broadcasts.dialogs import DIALOG, BroadcastDraft
from bot.features.broadcasts.joining import join
from bot.hands.asking import Asking, get_chat, open_asking, privately
from bot.hands.feature import Command, Dialog, Feature, Meant, Viewer
from bot.hands.scopes import OfferedScopes, ask_scope, find_scopes, offer_scopes
from bot.hands.taps import On, TapRefusedError, or_gone
from bot.road.turn import Turn
from bot.rules import Rules
from bot.words.talk import button_gone
from knowledge.meanings import Meaning


@privately
async def on_broadcast(turn: Turn, asking: Asking) -> None:
    """Begin; words behind the command are taken at once."""
    await _begin(turn, asking, turn.behind_command)


@privately
async def begin_from_words(turn: Turn, asking: Asking, text: str) -> None:
    """A notice in words: what stands behind the first colon is its text."""
    await _begin(turn, asking, text, is_asking=True)


async def _begin(turn: Turn, asking: Asking, text: str, *, is_asking: bool = False) -> None:
    """Begin, with the words to be sent where they are known; nothing is sent before they are confirmed."""
    draft = await service.begin(asking)
    addressed = await service.take_addressees(asking, draft, text, is_asking=is_asking)
    await DIALOG.keep(asking, addressed.draft)
    if addressed.offered is not None and len(addressed.text) <= words.LONGEST:
        draft = replace(draft, words=addressed.text, choosing=True)
        await DIALOG.keep(asking, draft)
        _say_scopes(turn, draft, addressed.offered, said=addressed.said)
    elif addressed.text:
        await _take_words(turn, asking, addressed.draft, addressed.text)
    else:
        turn.say(words.ask_words())


async def hear(turn: Turn) -> bool:
    """The words of an open broadcast, or a unit's name while its scope is chosen."""
    draft, message = DIALOG.read(turn.in_dialog), turn.message
    if draft is None or message is None or not message.text or (draft.words and not draft.choosing):
        return False
    asking = await open_asking(turn)
    asking.require_anywhere(Right.SUPERVISE)
    if not draft.choosing:
        await _take_words(turn, asking, draft, message.text.strip())
        return True
    found = await find_scopes(asking, message.text)
    if found is None:
        return False
    _say_scopes(turn, draft, found)
    return True


async def _take_words(turn: Turn, asking: Asking, draft: BroadcastDraft, text: str) -> None:
    if len(text) > words.LONGEST:
        turn.say(words.too_long(len(text)))
    else:
        await _show(turn, asking, replace(draft, words=text))


async def _show(turn: Turn, asking: Asking, draft: BroadcastDraft, edits: int | None = None) -> None:
    """The preview, which waits to be confirmed."""
    await DIALOG.keep(asking, draft)
    turn.say(words.preview(await service.preview(asking, turn.resource(Rules), draft), edits))


async def resume(turn: Turn) -> None:
    """Say that a broadcast still waits."""
    draft = await DIALOG.find(turn.db, get_chat(turn), turn.now)
    if draft is not None:
        turn.say(words.resume() if draft.words else words.ask_words())


# Buttons of the preview ----------------------------------------------------------------------------------------------


async def _find_draft(asking: Asking, token: str | None = None) -> BroadcastDraft:
    """The draft that a button belongs to; raises TapRefusedError and AccessDeniedError."""
    return await DIALOG.get_pending(asking, Right.SUPERVISE, token, gone=words.nothing_pending())


@privately
async def on_leave(turn: Turn, asking: Asking, _tap: taps.LeaveBroadcast) -> None:
    await DIALOG.close(asking.db, asking.chat_id)
    turn.say(words.left_dialog(turn.tapped))


@privately
async def on_change_words(turn: Turn, asking: Asking, _tap: taps.ChangeWords) -> None:
    draft = await _find_draft(asking)
    await DIALOG.keep(asking, replace(draft, words="", choosing=False))
    turn.say(words.ask_words())


@privately
async def on_readers(turn: Turn, asking: Asking, tap: taps.ChooseReaders) -> None:
    """Other people of the same part of the tree."""
    draft = await _find_draft(asking, tap.token)
    await _show(turn, asking, replace(draft, to=tap.to), turn.tapped)


@privately
async def on_offer_scopes(turn: Turn, asking: Asking, tap: taps.OfferBroadcastScopes) -> None:
    """Parts of the tree to choose from; one may also be typed."""
    draft = await _find_draft(asking, tap.token)
    await DIALOG.keep(asking, replace(draft, choosing=True))
    _say_scopes(turn, draft, await offer_scopes(asking, draft.unit), turn.tapped)


def _say_scopes(
    turn: Turn, draft: BroadcastDraft, offered: OfferedScopes, edits: int | None = None, *, said: str = ""
) -> None:
    turn.say(ask_scope(offered, lambda choice: taps.ChooseBroadcastScope(draft.token, choice), edits, said=said))


@privately
async def on_scope(turn: Turn, asking: Asking, tap: taps.ChooseBroadcastScope) -> None:
    draft = await _find_draft(asking, tap.token)
    await _show(turn, asking, await service.choose_scope(asking, draft, tap.choice), turn.tapped)


@privately
async def on_send(turn: Turn, asking: Asking, tap: taps.SendBroadcast) -> None:
    """**Gửi**: it goes out once, however often the button is tapped."""
    if await service.was_confirmed(asking, tap.token):
        raise TapRefusedError(words.already_confirmed())
    draft = await _find_draft(asking, tap.token)
    if not draft.words:
        raise TapRefusedError(button_gone())
    confirmed = await service.confirm(asking, turn.resource(Rules), draft)
    await DIALOG.close(asking.db, asking.chat_id)
    turn.say(words.confirmed(or_gone(confirmed, words.already_confirmed())))


FEATURE = Feature(
    "broadcasts",
    join=join,
    commands=(Command("thongbao", on_broadcast, audience=frozenset({Viewer.SUPERVISOR, Viewer.ADMIN}), place=54),),
    taps=(
        On(taps.LeaveBroadcast, on_leave),
        On(taps.ChangeWords, on_change_words),
        On(taps.ChooseReaders, on_readers),
        On(taps.OfferBroadcastScopes, on_offer_scopes),
        On(taps.ChooseBroadcastScope, on_scope),
        On(taps.SendBroadcast, on_send),
    ),
    dialogs=(Dialog(hear, DIALOG.leaving(words.left_dialog), resume, feature=DIALOG.feature),),
    meanings={Meaning.BROADCAST: Meant(begin_from_words)},
)
