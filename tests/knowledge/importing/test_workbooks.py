"""Annexes of plans that are workbooks, read as documents."""

from __future__ import annotations

import io
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from knowledge.importing.document import Paragraph, Table
from knowledge.importing.files import read_document
from knowledge.importing.reading import read_plan
from knowledge.importing.refusals import FileRefusedError, WhyRefused
from knowledge.spreadsheets.cells import write_shown
from tests.knowledge.spreadsheets.files import Page, ods, xls, xlsx

HEAD: list[Any] = ["TT", "Chỉ tiêu", "ĐVT", "2026", "2030"]
ROWS: list[list[Any]] = [["PHỤ LỤC CHỈ TIÊU"], HEAD, [1, "Phát triển đoàn viên", "người", 5000, 30000.5]]


@pytest.mark.parametrize(("ending", "make"), [("xlsx", xlsx), ("xls", xls), ("ods", ods)])
def test_its_rows_are_paragraphs_and_tables(tmp_path: Path, ending: str, make: Callable[..., bytes]) -> None:
    path = tmp_path / f"a.{ending}"
    path.write_bytes(make({"Cũ": Page([["Cũ", 1]], hidden=True), "Nay": Page(ROWS)}))
    assert read_document(path).blocks == (
        Paragraph("PHỤ LỤC CHỈ TIÊU"),
        Table((("TT", "Chỉ tiêu", "ĐVT", "2026", "2030"), ("1", "Phát triển đoàn viên", "người", "5000", "30000,5"))),
    )


@pytest.mark.parametrize(
    ("ending", "text"),
    [
        (".csv", "PHỤ LỤC CHỈ TIÊU;;;;\nTT;Chỉ tiêu;ĐVT;2026;2030\n1;Kết nạp, lập CĐCS;người;5.000;30000,5"),
        (".csv", 'PHỤ LỤC CHỈ TIÊU\nTT,Chỉ tiêu,ĐVT,2026,2030\n1,"Kết nạp, lập CĐCS",người,5.000,"30000,5"'),
        (".tsv", "PHỤ LỤC CHỈ TIÊU\nTT\tChỉ tiêu\tĐVT\t2026\t2030\n1\tKết nạp, lập CĐCS\tngười\t5.000\t30000,5"),
        (".xls", "PHỤ LỤC CHỈ TIÊU\nTT\tChỉ tiêu\tĐVT\t2026\t2030\n1\tKết nạp, lập CĐCS\tngười\t5.000\t30000,5"),
    ],
)  # fmt: skip
def test_text_with_columns_is_read_alike(tmp_path: Path, ending: str, text: str) -> None:
    path = tmp_path / f"a{ending}"
    row = ("1", "Kết nạp, lập CĐCS", "người", "5.000", "30000,5")
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        path.write_bytes(text.encode(encoding))
        assert read_document(path).blocks == (
            Paragraph("PHỤ LỤC CHỈ TIÊU"),
            Table((("TT", "Chỉ tiêu", "ĐVT", "2026", "2030"), row)),
        )


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"%PDF-1.7", WhyRefused.WRONG_TYPE),
        ("Kính gửi các đồng chí\nHọp lúc tám giờ".encode(), WhyRefused.WRONG_TYPE),
        (b" \n\n", WhyRefused.EMPTY),
    ],
)
def test_text_without_columns_is_no_table(tmp_path: Path, content: bytes, why: WhyRefused) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(FileRefusedError) as refused:
        read_document(path)
    assert refused.value.why is why


def test_a_share_is_read_as_it_is_shown(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEAD)
    sheet.append([1, "Tỷ lệ đơn vị có thỏa ước lao động tập thể", "%", 0.8, 0.925])
    sheet["D2"].number_format, sheet["E2"].number_format = "0%", "0.0%"
    content = io.BytesIO()
    book.save(content)
    path = tmp_path / "a.xlsx"
    path.write_bytes(content.getvalue())
    targets = read_plan(read_document(path)).targets
    assert [(each.value, each.unit, each.horizon) for each in targets] == [
        (Decimal(80), "%", "2026"),
        (Decimal("92.5"), "%", "2030"),
    ]
    assert write_shown(0.07, "0%") == ("7%", "t")


def test_what_is_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"PK\x03\x04 cut")
    with pytest.raises(FileRefusedError) as refused:
        read_document(path)
    assert refused.value.why is WhyRefused.DAMAGED
