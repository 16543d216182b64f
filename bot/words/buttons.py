"""What is said to a tap on a button that nobody can act on any more."""

from __future__ import annotations


def button_gone() -> str:
    """The toast to a button that stands for nothing any more."""
    return "Nút này không còn dùng được. Anh/chị gõ lại câu hỏi giúp."
