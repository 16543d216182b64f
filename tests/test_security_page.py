"""The page on security names every table, with the days for which it is kept."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from knowledge.spreadsheets.refusals import FROM_CHAT
from storage import (
    broadcasts,
    chats,
    conversations,
    dialogs,
    drafts,
    errands,
    feedback,
    inbox,
    invites,
    joining,
    messages,
    proofs,
    relays,
    reminders,
)
from storage.schema import metadata

PAGE = (Path(__file__).parents[1] / "SECURITY.md").read_text()


def test_every_table_is_told() -> None:
    named = set(re.findall(r"`(\w+)`", PAGE))
    assert {table.name for table in metadata.sorted_tables} <= named


@pytest.mark.parametrize(
    ("table", "spans"),
    [
        ("inbox", [inbox.KEPT_FOR]),
        (
            "outbox",
            [
                messages.REPLIES_KEPT_FOR,
                messages.BODIES_KEPT_FOR,
                messages.DELIVERED_KEPT_FOR,
                messages.ROWS_KEPT_FOR,
            ],
        ),
        ("invites", [invites.KEPT_FOR]),
        ("chats", [chats.KEPT_FOR]),
        ("dialogs", [dialogs.KEPT_FOR, drafts.KEPT_FOR]),
        ("broadcasts", [broadcasts.RECIPIENTS_KEPT_FOR]),
        ("files", [messages.BODIES_KEPT_FOR]),
        ("conversations", [conversations.CONTEXT_KEPT_FOR]),
        ("buttons", [conversations.BUTTONS_KEPT_FOR]),
        ("missed_questions", [feedback.KEPT_FOR]),
        ("relays", [relays.KEPT_FOR]),
        ("errands", [errands.KEPT_FOR]),
        ("joining_lists", [joining.KEPT_FOR]),
        ("proofs", [proofs.UNPLACED_KEPT_FOR]),
        ("reminder_steps", [reminders.STEPS_KEPT_FOR]),
        ("reminder_wishes", [reminders.WISHES_KEPT_FOR]),
    ],
)
def test_its_days_are_those_of_the_purge(table: str, spans: list[timedelta]) -> None:
    [row] = [line for line in PAGE.splitlines() if re.match(rf"\| .*`{table}`", line)]
    told = row.rsplit("|", 2)[1]
    assert [int(number) for number in re.findall(r"\d+", told)] == [span.days for span in spans]


def test_the_bounds_of_files_are_those_of_the_program() -> None:
    text = " ".join(PAGE.split())
    assert f"{FROM_CHAT.seconds} s of the processor and {FROM_CHAT.memory // 1_000_000} MB" in text
    assert f"at most {FROM_CHAT.cells:,} cells and {FROM_CHAT.letters // 1_000_000} million letters" in text
    assert f"for {invites.DAYS} days" in text
