"""The journal speaks Vietnamese: whatever the program notes in it has words."""

from __future__ import annotations

import ast
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import bot
from bot.features.journal.service import JournalPage
from bot.features.journal.words import journal
from storage.audit import Entry

HOME = Path(bot.__file__).parent


def list_noted() -> set[str]:
    """Every action given to `audit.note` as it stands in the code."""
    noted = set()
    for path in HOME.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "audit.note":
                noted |= {each.value for each in ast.walk(node.args[1]) if isinstance(each, ast.Constant)}
    return {each for each in noted if isinstance(each, str) and not each.endswith(".")}


@pytest.mark.parametrize("action", sorted(list_noted()))
def test_has_words(action: str) -> None:
    entry = Entry(1, datetime(2026, 11, 2, 5, tzinfo=UTC), 7, action, None, None, {})
    said = journal(JournalPage(None, (entry,), {7: "Hoa"}, {}, False, ZoneInfo("Asia/Ho_Chi_Minh")))
    assert action not in said.text


@pytest.mark.parametrize("action", ["imported", "discarded", "approved", "replaced", "withdrawn", "restored"])
def test_what_became_of_a_plan_names_the_plan(action: str) -> None:
    entry = Entry(1, datetime(2026, 11, 2, 5, tzinfo=UTC), None, f"plan.{action}", None, "plan:lamgiang-2026", {})
    said = journal(JournalPage(None, (entry,), {}, {}, False, ZoneInfo("Asia/Ho_Chi_Minh")))
    assert "kế hoạch" in said.text
    assert said.text.endswith(" · lamgiang-2026")
