"""The operator's commands for forms, as they are typed: in, out, and what becomes of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bot.terminal.typed import Typed, make_home
from tests.knowledge.forms.workbook import made


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two workbooks, where no database was made yet."""
    folder = make_home(tmp_path, monkeypatch)
    (folder / "new.xlsx").write_bytes(made.housing_campaign())
    (folder / "broken.xlsx").write_bytes(made.circle())
    return folder


@pytest.fixture
def engine(home: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same with a database on each engine."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    return home


TYPED = Typed("forms")
troly, said, refused = TYPED.run, TYPED.said, TYPED.refused


def test_the_list_needs_no_database_and_makes_none(home: Path) -> None:
    assert "doan-vien-thang             Biến động đoàn viên, month, 5 rows, in force" in said("list")
    assert not (home / "troly.db").exists()


def test_a_workbook_is_shown_held_approved_withdrawn_and_brought_back(engine: Path) -> None:
    shown = said("import", "new.xlsx")
    assert "Biểu mới: Khảo sát nhà ở của đoàn viên" in shown
    assert "2.1 + 2.2 ≤ 1" in shown
    assert shown.endswith("khao-sat-nha-o: held, to be approved: in the chat, or by troly forms import … --approve")
    assert "khao-sat-nha-o              held, to be approved" in said("list")
    assert said("import", "new.xlsx", "--approve").endswith("khao-sat-nha-o is in force, for campaigns")
    assert "khao-sat-nha-o              Khảo sát nhà ở, campaign, 5 rows, in force" in said("list")
    assert "asks for nothing" in said("withdraw", "khao-sat-nha-o")
    assert "withdrawn on" in said("list")
    assert "withdrawn already" in refused("withdraw", "khao-sat-nha-o")
    assert "asked for again" in said("restore", "khao-sat-nha-o")
    assert "was not withdrawn" in refused("restore", "khao-sat-nha-o")


def test_what_is_held_is_dropped_by_withdrawing_it(home: Path) -> None:
    said("import", "new.xlsx")
    assert said("withdraw", "khao-sat-nha-o") == "khao-sat-nha-o was held and not approved; it is dropped"
    assert "khao-sat" not in said("list")


def test_a_broken_workbook_is_refused_with_its_cells_and_nothing_is_kept(home: Path) -> None:
    result = troly("import", "broken.xlsx", code=1)
    assert "ô D8: các mục 1, 2 tự tính vòng quanh lẫn nhau" in result.stdout
    assert result.stderr.strip() == "Error: broken.xlsx: 1 cells to mend; nothing was kept"
    assert "held" not in said("list")


def test_what_is_doubtful_is_not_approved_from_the_terminal(home: Path) -> None:
    lines = (["STT", "Nội dung", "ĐVT", "Loại"], [1, "Lao động", "người", "số liệu"])
    (home / "doubtful.xlsx").write_bytes(made.simple(*lines))
    result = troly("import", "doubtful.xlsx", "--approve", code=1)
    assert "Mục 1 “Lao động” (ô D8) ghi “số liệu”. Đây là loại số gì?" in result.stdout
    assert "asked first: in the chat" in result.stderr
    assert "held" not in said("list")
    assert said("import", "doubtful.xlsx").endswith("bao-cao-thu: held; what is doubtful is asked in the chat")


def test_a_form_is_written_as_a_workbook_to_begin_from(home: Path) -> None:
    assert said("export", "so-ket-nhiem-ky").startswith("so-ket-nhiem-ky.xlsx: change it, then troly forms import")
    assert made.described((home / "so-ket-nhiem-ky.xlsx").read_bytes()).id == "so-ket-nhiem-ky"
    assert "File exists" in refused("export", "so-ket-nhiem-ky")
    assert "end with .xlsx" in refused("export", "so-ket-nhiem-ky", "x.csv")
    assert "no form 'khac'" in refused("export", "khac")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("import", "missing.xlsx"), "the file cannot be read"),
        (("withdraw", "khac"), "no form 'khac'"),
        (("withdraw", "doan-vien-thang"), "built on"),
        (("restore", "khac"), "was not withdrawn"),
    ],
)
def test_what_cannot_be_done_is_one_line(home: Path, words: tuple[str, ...], why: str) -> None:
    assert why in refused(*words)


def test_a_table_of_something_else_is_no_form(home: Path) -> None:
    units = made.book_of(("Đơn vị", [["Mã", "Tên", "Loại hình"], ["A", "CĐCS A", "HCSN"]]))
    (home / "units.xlsx").write_bytes(made.pack(units))
    assert "no form is described there" in refused("import", "units.xlsx")
