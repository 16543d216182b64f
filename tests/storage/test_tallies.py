"""What is counted counts once it is committed, and never what was rolled back."""

from __future__ import annotations

import pytest

from storage.engine import Database
from storage.tallies import BOUNDS, DatabaseWork, Durations, Tally, tally


async def test_only_what_is_committed_counts(database: Database) -> None:
    counts = database.tallies.counts
    with pytest.raises(RuntimeError):
        async with database.write() as db:
            tally(db, Tally.SILENT)
            raise RuntimeError
    async with database.write() as db:
        tally(db, Tally.DELIVERY, "sent")
        tally(db, Tally.DELIVERY, "sent", times=2)
        tally(db, Tally.DELIVERY, "dead", times=0)
        assert not counts
    async with database.write():
        pass
    assert counts == {(Tally.DELIVERY, ("sent",)): 3}
    commits = database.tallies.durations[DatabaseWork.COMMIT]
    assert sum(commits.counts) == 2
    assert commits.total > 0


def test_durations_fall_into_classes() -> None:
    durations = Durations()
    for seconds in (0.0005, BOUNDS[0], 0.02, 60):
        durations.add(seconds)
    assert (durations.counts[0], durations.counts[3], durations.counts[-1], sum(durations.counts)) == (2, 1, 1, 4)
    assert durations.total == pytest.approx(60.0215)
