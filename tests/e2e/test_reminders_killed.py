"""Reminders survive the program being killed: none is lost unlisted, none doubled but a last one that says so."""

from pathlib import Path

from tests.e2e.reminder_kills import kill_round


async def test_killed_at_any_moment_no_reminder_is_lost_or_doubled(tmp_path: Path) -> None:
    count = await kill_round(tmp_path, count=60, kills=3, seed=5)
    assert (count.lost, count.doubled) == (0, 0), count.line
    assert count.arrived + count.in_doubt >= count.reminders, count.line
