"""Wording of what the bot understood, for where it is not sure that this was meant."""

from __future__ import annotations

from html import escape


def understood(what: str) -> str:
    """The line that names what was understood."""
    return f"Tôi hiểu là: <i>{escape(what)}</i>"
