"""After an absence of the bot: whoever stood before **Gửi** is told that the report was not sent, and asked again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot import access
from bot.access import AccessDeniedError, Sender
from bot.features.submissions import dialogs
from bot.features.submissions.dialogs import DIALOG_NAME, Filling
from bot.features.submissions.words import around as words
from bot.features.submissions.words import steps
from bot.hands.asking import Asking
from bot.hands.dialogs import GIVEN_UP_AFTER
from bot.road.turn import Surroundings, post
from bot.rules import Rules
from bot.services.drafts import OpenDraft, find_opened
from knowledge.reports.sheet import SheetStep
from storage.dialogs import OpenDialog, list_dialogs
from storage.engine import Database

SLACK: Final = timedelta(minutes=1)
"""The last sign of life may be so much older than the last thing that was done."""


def join(around: Surroundings) -> None:
    """Ask again once the bot is back and has taken in what Telegram kept."""

    async def ask(database: Database, since: datetime, now: datetime) -> None:
        rules = around.hooks.resource(Rules)
        await ask_again(database, rules, since, now, admin_ids=around.settings.admin_ids)

    around.hooks.after_absence.append(ask)


async def ask_again(
    database: Database, rules: Rules, since: datetime, now: datetime, *, admin_ids: Collection[int] = ()
) -> int:
    """Show the summary again to everyone who stood before it when the bot went away; how many there were.

    Once for each state of a draft, and never in the quiet hours.
    """
    asked = 0
    not_before = rules.quiet.next_allowed(now.astimezone(rules.zone)).astimezone(now.tzinfo)
    async with database.write() as db:
        for found in await list_dialogs(db, DIALOG_NAME, since=since - GIVEN_UP_AFTER, until=since + SLACK):
            sender = Sender(found.chat_id, "", is_admin=found.chat_id in admin_ids)
            asking = Asking(db, await access.find_asker(db, sender), found.chat_id, now, rules.zone, rules.forms)
            opened = await _find_summary(asking, found)
            if opened is None:
                continue
            asked += 1
            shown = steps.step(opened, lead=words.not_sent_yet(), opening=True)
            for number, reply in enumerate(shown):
                key = f"not-sent:{opened.mark}:{found.chat_id}:{number}"
                await post(db, found.chat_id, replace(reply, key=key, not_before=not_before), now)
    return asked


async def _find_summary(asking: Asking, found: OpenDialog) -> OpenDraft | None:
    """The report that the chat stands before, ready to be sent; None where it is not at that step any more."""
    state = dialogs.read(found)
    if not isinstance(state, Filling):
        return None
    try:
        opened = await find_opened(asking, state.draft_id)
    except AccessDeniedError:
        return None
    if opened is None or opened.is_closed(asking.now) or state.version != opened.draft.version:
        return None
    return opened if opened.sheet.step is SheetStep.SUMMARY else None
