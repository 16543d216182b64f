"""Where terminal commands are run in tests: an empty folder; and the stand-in that `troly doctor` tries."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bot.reader.conftest import stand_in

__all__ = ["stand_in"]


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a command keeps lies there, not in the checkout."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DATABASE_URL", raising=False)
