"""Wording for taps on outdated buttons."""

from __future__ import annotations


def button_gone() -> str:
    """The toast for an outdated button."""
    return "Nút này không còn dùng được. Anh/chị gõ lại câu hỏi giúp."
