"""The printed report, read back from its file: head, every figure, what is missing, the signature."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from io import BytesIO

import pytest
from docx import Document

from bot.words import printed
from bot.words.letters import Letter, write_letter
from knowledge.forms import MONTHLY_FORM, get_form, load_forms
from knowledge.forms.rules import show_figure
from knowledge.model.forms import Form
from knowledge.model.periods import Period
from knowledge.model.units import UnitKind
from tests.monthly import monthly_figures

NOW = datetime(2026, 11, 30, 9, 0)  # noqa: DTZ001 - local already
OCTOBER = Period.month(2026, 10)
MAY = printed.Issuer("CĐCS May Hòa Thọ", UnitKind.PRIVATE, "LĐLĐ tỉnh Quảng Trị")
TINH = printed.Issuer("LĐLĐ tỉnh Quảng Trị", UnitKind.PROVINCE, None)


def own(form: Form, figures: dict[str, Decimal]) -> Letter:
    reasons = [("Đoàn viên không khớp tháng trước.", "Chuyển sinh hoạt")]
    return printed.own_report(MAY, form, OCTOBER, figures, reasons=reasons, no_change=False, now=NOW)


def read(letter: Letter) -> tuple[str, list[list[str]], str, str]:
    """The head, the table by rows, what stands around it, and the foot."""
    page = Document(BytesIO(write_letter(letter)))
    head, table, foot = page.tables
    around = "\n".join(paragraph.text for paragraph in page.paragraphs)
    joined = ["\n".join(cell.text for cell in each.rows[0].cells) for each in (head, foot)]
    return joined[0], [[cell.text for cell in row.cells] for row in table.rows], around, joined[1]


def test_head_and_foot_are_those_of_an_official_report() -> None:
    head, _, around, foot = read(own(get_form(MONTHLY_FORM), monthly_figures(1320, 1250, 12, 3)))
    assert head.split("\n") == [
        "LĐLĐ TỈNH QUẢNG TRỊ",
        "CĐCS MAY HÒA THỌ",
        "",
        "Số: ……/BC-CĐCS",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "",
        "……………, ngày 30 tháng 11 năm 2026",
    ]
    assert "BÁO CÁO\nBiến động đoàn viên hằng tháng, tháng 10/2026" in around
    assert "Giải trình: Đoàn viên không khớp tháng trước. Lý do: Chuyển sinh hoạt" in around
    for piece in ("Nơi nhận:", "- LĐLĐ tỉnh Quảng Trị (để báo cáo);", "TM. BAN CHẤP HÀNH\nCHỦ TỊCH"):
        assert piece in foot


def test_the_month_has_every_figure_and_what_follows_from_them() -> None:
    _, rows, _, _ = read(own(get_form(MONTHLY_FORM), monthly_figures(1320, 1250, 12, 3)))
    assert [row[3] for row in rows] == ["Số liệu", "1.320", "1.250", "12", "3", "+9"]
    assert rows[2] == ["46", "Tổng số đoàn viên công đoàn", "người", "1.250"]


@pytest.mark.parametrize("form", load_forms(), ids=lambda form: form.id)
def test_every_row_of_every_form_is_there_with_its_own_figure(form: Form) -> None:
    figures = {row.key: Decimal(1000 + number) for number, row in enumerate(form.asked)}
    _, rows, _, _ = read(own(form, figures))
    found = {(row[1].removeprefix("- "), row[3]) for row in rows}
    for row in form.asked:
        assert (row.name, show_figure(figures[row.key], row.kind)) in found


def test_what_was_not_given_is_empty_and_no_zero() -> None:
    _, rows, _, _ = read(own(get_form(MONTHLY_FORM), {"workers": Decimal(1320)}))
    assert [row[3] for row in rows[1:]] == ["1.320", "", "", "", ""]


def test_a_sum_says_what_is_missing_from_it() -> None:
    form, figures = get_form(MONTHLY_FORM), monthly_figures(9000, 8000, 1, 0)
    gathered = printed.Gathered(expected=5, received=2, missing=("CĐCS A", "CĐCS B"))
    head, rows, around, foot = read(printed.sum_report(TINH, form, OCTOBER, figures, gathered, now=NOW))
    assert "2/5 đơn vị" in around
    assert "chưa gồm 3 đơn vị chưa nộp: CĐCS A, CĐCS B và 1 đơn vị khác." in around
    assert head.startswith("LĐLĐ TỈNH QUẢNG TRỊ\n")
    assert "BC-LĐLĐ" in head
    assert "để báo cáo" not in foot
    assert rows[1][3] == "9.000"
    whole = printed.Gathered(expected=2, received=2, missing=())
    assert "Tất cả" in read(printed.sum_report(TINH, form, OCTOBER, figures, whole, now=NOW))[2]


def test_the_name_of_its_file_is_plain() -> None:
    assert printed.file_name(get_form(MONTHLY_FORM), "MÂY/1", OCTOBER) == "bao-cao_doan-vien-thang_M-Y-1_2026-10.docx"
