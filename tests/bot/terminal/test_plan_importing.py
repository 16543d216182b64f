"""`troly plans import`: kept to be approved, what is sure approved at once, known plans linked."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from knowledge.plans import find_original
from tests.e2e.plan_texts import PLAN
from tests.knowledge.importing.scan_files import as_file, draw_pages, needs_tesseract


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A plan's file beside a database that is not there yet."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'troly.db'}")
    monkeypatch.chdir(tmp_path)
    kept = tmp_path / "KH 45.txt"
    kept.write_text(PLAN, encoding="utf-8")
    return kept


def troly(*words: str | Path) -> Result:
    return CliRunner().invoke(main, ["plans", *map(str, words)])


def test_a_file_is_kept_to_be_approved_and_nothing_is_in_force(file: Path) -> None:
    done = troly("import", file)
    assert done.exit_code == 0, done.output
    assert "4 targets (2 doubtful)" in done.output
    assert "to be looked over and approved in the chat" in done.output
    listed = troly("list").output
    assert "ldld-tinh-vinh-an" not in listed
    assert (
        "Kế hoạch 45/KH-LĐLĐ (Ban Thường vụ Liên đoàn Lao động tỉnh Vĩnh An), 05/11/2026, to be looked over" in listed
    )


def test_what_is_sure_is_approved_at_once(file: Path) -> None:
    done = troly("import", "--approve", file)
    assert done.exit_code == 0, done.output
    assert "in force; 2 doubtful facts are left out" in done.output
    assert "45/KH-LĐLĐ (LĐLĐ tỉnh Vĩnh An), 05/11/2026, in force: 2 targets" in troly("list").output
    again = troly("import", file)
    assert "no second plan" in again.output


def test_json_stores_nothing(file: Path) -> None:
    assert troly("import", "--json", file).exit_code == 0
    assert not (file.parent / "troly.db").exists()
    assert troly("import", "--json", "--approve", file).exit_code != 0


def test_the_text_of_a_shipped_plan_is_linked_to_it(file: Path) -> None:
    kept = find_original("vuit-nq02-2021")
    assert kept is not None
    text = file.with_name("A15.txt")
    text.write_bytes(kept[1])
    done = troly("import", text)
    assert "vuit-nq02-2021, which comes with the program: no second plan" in done.output
    assert "stand in the text" in done.output


def test_one_bad_file_does_not_stop_the_others(file: Path) -> None:
    bad = file.with_name("bad.docx")
    bad.write_bytes(b"no word file")
    letter = file.with_name("letter.txt")
    letter.write_text("Kính gửi các anh chị, chúc mọi người cuối tuần vui vẻ.", encoding="utf-8")
    done = troly("import", bad, letter, file)
    assert done.exit_code != 0
    assert "[3/3]" in done.output
    assert "bad.docx: it is not what its name says" in done.output
    assert "it is no plan" in done.output
    assert "to be looked over" in done.output


@needs_tesseract
def test_a_scan_is_read_with_its_progress_and_its_pages_are_kept(file: Path) -> None:
    scan = file.with_name("KH 45.pdf")
    scan.write_bytes(as_file(draw_pages(PLAN), "PDF"))
    done = troly("import", scan)
    assert done.exit_code == 0, done.output
    assert f"{scan}: scanned page 1/1 …" in done.stderr
    assert "4 targets (4 doubtful), 1 deadlines" in done.stdout
    assert "[scanned]" in done.stdout
    with sqlite3.connect(file.with_name("troly.db")) as database:
        assert database.execute("SELECT page FROM plan_file_pages").fetchall() == [(1,)]
    again = troly("import", "--approve", scan)
    assert "not approved: its term must be looked over in the chat first" in again.stdout
