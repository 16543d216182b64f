"""`troly plans import`: what was understood, for people and for programs."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.terminal.plan_reading import counted

PLAN = Path(__file__).parents[2] / "knowledge" / "data" / "read-plans" / "song-lam.txt"


def test_json_is_one_line_a_file_with_the_facts_and_what_is_left_over(tmp_path: Path) -> None:
    plain = tmp_path / "plan.csv"
    plain.write_text("a", encoding="utf-8")
    result = CliRunner().invoke(main, ["plans", "import", "--json", str(PLAN), str(plain)])
    read, refused = map(json.loads, result.stdout.splitlines())
    assert result.exit_code != 0  # one of the files was not read
    assert read["plan"]["number"] == "45/KH-LĐLĐ"
    assert read["plan"]["date"] == "2024-03-12"
    target = next(each for each in read["targets"] if each["value"] == 92500)
    assert (target["unit"], target["horizon"], target["comparator"], target["doubt"]) == (
        "đoàn viên",
        "2025",
        "=",
        None,
    )
    assert target["subject"] == "members_total"
    assert "92.500" in target["quote"]
    assert [each["due"] for each in read["deadlines"] if each["due"]] == ["2025-12-19"]
    assert read["left_over"] == []
    assert refused["refused"] == "wrong_type"


def test_people_get_a_summary() -> None:
    result = CliRunner().invoke(main, ["plans", "import", str(PLAN)])
    assert result.exit_code == 0
    assert "9 targets (0 doubtful)" in result.stdout
    assert "45/KH-LĐLĐ, 12/03/2024" in result.stdout


def test_how_far_it_is_stands_on_the_terminal_only(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [Path("a.txt"), Path("b.txt")]
    assert list(counted(files)) == [(1, files[0]), (2, files[1])]
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert list(counted(files[:1])) == [(1, files[0])]
    assert list(counted(files)) == [(1, files[0]), (2, files[1])]
    assert capsys.readouterr().err == "\r1/2 …\r2/2 …\n"
