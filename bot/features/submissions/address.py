"""Where a larger form is filled in as a page: its address, as far as the bot has a public one."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from bot.services.drafts import OpenDraft
from bot.settings import Settings

PAGE_PATH: Final = "/form"
_LOCAL: Final = frozenset({"127.0.0.1", "localhost"})


def find_page(settings: Settings, opened: OpenDraft) -> str | None:
    """The page of a draft of a form in parts; None where WEBHOOK_URL gives no https origin.

    It names the draft and what was drawn when it was begun, and no figure: addresses end up in logs.
    """
    if settings.webhook_url is None or not opened.form.parts:
        return None
    parts = urlsplit(settings.webhook_url)
    if parts.scheme != "https" and parts.hostname not in _LOCAL:  # Telegram would refuse the whole message
        return None
    return f"{parts.scheme}://{parts.netloc}{PAGE_PATH}?d={opened.draft.id}.{opened.mark.born}"
