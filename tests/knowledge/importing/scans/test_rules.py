"""Tilt, shade and lines of a page's picture."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from knowledge.importing.scans import rules
from tests.knowledge.importing.scan_files import draw_lines, draw_table, worn

LINES = ("Kế hoạch phát triển đoàn viên, thành lập công đoàn cơ sở trong doanh nghiệp.",) * 12
ROWS = (("TT", "Nội dung", "Năm 2030"), ("1", "Tỷ lệ thỏa ước đạt loại B (%)", "45"), ("2", "Số CĐCS mới", "120"))


@pytest.mark.parametrize("tilt", [-2.0, -0.7, 0.0, 0.5, 1.5])
def test_a_tilted_page_is_put_straight(tilt: float) -> None:
    page = draw_lines(LINES).rotate(tilt, fillcolor=255, resample=Image.Resampling.BICUBIC)
    rows = np.asarray(rules.straighten(page)).mean(axis=1)
    assert (rows > 254).sum() > (np.asarray(draw_lines(LINES)).mean(axis=1) > 254).sum() - 150


def test_what_has_no_lines_of_text_is_left_as_it_is() -> None:
    for page in (Image.new("L", (2480, 3508), 255), Image.new("L", (300, 400), 0)):
        assert rules.straighten(page) is page
        assert rules.find_rules(page) == []


def test_shaded_paper_becomes_white_and_ink_stays() -> None:
    page = worn(draw_lines(LINES), grain=2, angle=0)
    assert np.asarray(page)[:, :40].mean() < 200
    white = np.asarray(rules.whiten(page))
    assert white[:, :40].mean() > 250
    assert white.min() < 60


@pytest.mark.parametrize("is_worn", [False, True])
def test_the_lines_of_a_table_are_found_and_no_stroke_of_a_letter(*, is_worn: bool) -> None:
    page = draw_table(draw_lines(LINES), ROWS, (270, 400, 1500, 2000), 1500)
    if is_worn:
        page = worn(page).resize((2480, 3508))
    page = rules.whiten(rules.straighten(page))
    found = rules.find_rules(page)
    assert [rule.is_across for rule in found] == [True] * 4 + [False] * 4
    down = sorted(rule.left for rule in found if not rule.is_across)
    assert [round(place, -2) for place in down] == pytest.approx([300, 400, 1500, 2000], abs=100)


def test_a_drawing_has_no_lines() -> None:
    page = Image.new("L", (2480, 3508), 255)
    drawing = ImageDraw.Draw(page)
    for down in range(0, 3500, 6):
        for across in range(0, 2400, 60):
            drawing.line((across, down, across + 52, down), fill=0, width=2)
    assert rules.find_rules(page) == []
