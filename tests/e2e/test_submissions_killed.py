"""A small round of the kill test of submissions; the full one is `tests/benchmarks/kills_submissions.py`."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.submission_kills import kill_round


async def test_no_submission_is_lost_or_doubled_by_kills(database_url: str, tmp_path: Path) -> None:
    count = await kill_round(tmp_path, database_url, officers=8, months=5, kills=3, seed=4)
    assert count.is_clean, count.line
