"""How it is told what was understood, where the bot is not sure that it is what was meant."""

from __future__ import annotations

from html import escape


def understood(what: str) -> str:
    """The line that names it."""
    return f"Tôi hiểu là: <i>{escape(what)}</i>"
