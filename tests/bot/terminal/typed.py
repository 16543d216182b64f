"""Commands of an operator as they are typed, and the folder in which they are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import main


def make_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which no database was made yet."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{folder / 'troly.db'}")
    monkeypatch.delenv("TELEGRAM_BOT_TOKEN", raising=False)
    return folder


@dataclass(frozen=True)
class Typed:
    """A group of commands ("plans")."""

    group: str

    def run(self, *words: str, code: int = 0) -> Result:
        """What came of a command that ends with that code, and never with a traceback."""
        result = CliRunner().invoke(main, (self.group, *words))
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        assert result.exit_code == code, result.output
        return result

    def said(self, *words: str) -> str:
        """What a command says that does what it should."""
        return self.run(*words).stdout.strip()

    def refused(self, *words: str) -> str:
        """The one line that says why a command does nothing."""
        (line,) = self.run(*words, code=1).stderr.strip().splitlines()
        return line.removeprefix("Error: ")
