"""The operator's commands for units and invitations, as they are typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import main

FILE = """mã;cấp trên;tên;loại hình;kế hoạch;cán bộ;điện thoại;vai trò
TLD;;Tổng Liên đoàn;TLĐ;;;;
QT;TLD;LĐLĐ tỉnh Quảng Trị;LĐLĐ tỉnh;quangtri-nq02-2021;;;
CS1;QT;CĐCS Cảng Cửa Việt;DNNN;;Nguyễn Thị Hoa;901000003;
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'troly.db'}")
    for name in ("TELEGRAM_BOT_TOKEN", "TELEGRAM_API_URL", "WEBHOOK_URL"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "units.csv").write_text(FILE)
    return tmp_path


def troly(*words: str) -> Result:
    result = CliRunner().invoke(main, words)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def test_units_come_in_and_somebody_is_invited(home: Path) -> None:
    first = troly("units", "import", "units.csv")
    assert (first.exit_code, first.stdout.strip()) == (
        0,
        "3 units added, 0 changed (0 moved), 0 as before; 1 roles given, 1 new officers",
    )
    again = troly("units", "import", "units.csv")
    assert "0 units added, 0 changed (0 moved), 3 as before" in again.stdout
    invited = troly("invite", "--unit", "cs1", "--role", "supervisor", "--days", "3")
    assert invited.exit_code == 0
    assert len(invited.stdout.strip()) == 24
    assert "TELEGRAM_BOT_TOKEN is not set" in invited.stderr


def test_it_is_told_from_which_month_new_units_report(home: Path) -> None:
    told = troly("units", "import", "units.csv", "--since", "2026-11")
    assert "new units report from 11/2026 on, due 05/12/2026" in told.stderr
    assert "report from" not in troly("units", "import", "units.csv").stderr
    assert troly("units", "import", "units.csv", "--since", "11/2026").exit_code == 2


def test_a_bad_row_is_named_and_only_partial_takes_the_rest(home: Path) -> None:
    (home / "bad.csv").write_text(FILE + "CS2;QT;CĐCS Hai;lạ;;;;\n")
    refused = troly("units", "import", "bad.csv")
    assert refused.exit_code == 1
    assert "row 5, column kind: “lạ” is no kind of unit; the kinds are: tổng liên đoàn" in refused.stdout
    assert "nothing changed" in refused.stderr
    assert troly("invite", "--unit", "CS1", "--role", "officer").exit_code == 1
    partly = troly("units", "import", "bad.csv", "--partial")
    assert partly.exit_code == 0
    assert "3 units added" in partly.stdout
    assert "1 row refused" in partly.stdout


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("units", "import", "none.csv"), "cannot be read"),
        (("invite", "--unit", "X", "--role", "officer"), "no database"),
        (("invite", "--unit", "X", "--role", "boss"), "Invalid value"),
        (("invite", "--unit", "X", "--role", "officer", "--days", "0"), "Invalid value"),
        (("ask", "--unit", "X", "chỉ tiêu?"), "no database"),
        (("units", "template", "no/such/folder/file.xlsx"), "cannot be written"),
        (("units", "template", "units.csv"), "is there already"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(home: Path, words: tuple[str, ...], says: str) -> None:
    result = troly(*words)
    assert result.exit_code != 0
    assert says in result.stderr
    assert "Traceback" not in result.output
    assert not (home / "troly.db").exists()


def test_an_unknown_unit_is_no_unit(home: Path) -> None:
    troly("units", "import", "units.csv")
    for words in (("invite", "--unit", "X", "--role", "officer"), ("ask", "--unit", "X", "chỉ tiêu?")):
        result = troly(*words)
        assert result.exit_code == 1
        assert "no unit 'X'" in result.stderr


def test_the_plan_of_the_unit_answers_first(home: Path) -> None:
    troly("units", "import", "units.csv")
    answer = json.loads(troly("ask", "--json", "--unit", "cs1", "chỉ tiêu tưlđtt 2025?").stdout)
    assert answer["status"] == "answered"
    assert "Quảng Trị" in answer["facts"][0]["plan"]


def test_the_template_is_written_and_read(home: Path) -> None:
    assert troly("units", "template", "mau.xlsx").exit_code == 0
    assert "nothing below the header row" in troly("units", "import", "mau.xlsx").stderr
