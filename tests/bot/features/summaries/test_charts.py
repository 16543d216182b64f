"""The pictures: of a size for phones, with every letter in the font, whatever the figures and names."""

from __future__ import annotations

import io
import warnings
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.features.summaries.charts import (
    ChartLine,
    CompletenessPicture,
    MovementPicture,
    ProgressPicture,
    draw_completeness,
    draw_movement,
    draw_progress,
)
from tests.examples import examples

NAMES = ("Đúng hạn", "Nộp muộn", "Nhập từ trước", "Chưa nộp")
MONTHS = tuple(f"T{number}" for number in range(1, 13))


def size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    return int.from_bytes(png[16:20]), int.from_bytes(png[20:24])


def progress(values: tuple[float | None, ...], goal: float = 158_000.0) -> ProgressPicture:
    return ProgressPicture(
        "Đoàn viên so với chỉ tiêu 2030",
        "Công đoàn Công Thương · còn thiếu 3.120, khoảng 63 mỗi tháng",
        MONTHS,
        values,
        "Tổng số đoàn viên",
        goal,
        "Chỉ tiêu 2030: 158.000",
        "Nhịp cần có",
        "12/2030",
        lambda value: f"{value:,.0f}".replace(",", "."),
    )


@pytest.mark.parametrize(
    "values",
    [
        tuple(152_000.0 + 200 * month for month in range(12)),
        (None,) * 11 + (154_880.0,),
        (None,) * 12,
        (0.0,) * 12,
        (170_000.0,) * 12,
    ],
)
def test_progress_is_drawn_for_whatever_was_reported(values: tuple[float | None, ...]) -> None:
    width, height = size(draw_progress(progress(values)))
    assert width == 1280
    assert 800 < height < 1700


def test_every_vietnamese_letter_is_in_the_font() -> None:
    letters = "ạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹđĐƯƠĂÂÊÔ – ‹ › ✓"
    picture = CompletenessPicture(letters, letters, (letters,), (1,), (1,), (1,), (1,), NAMES)
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a letter without a glyph warns
        draw_completeness(picture)


counts = st.integers(0, 10_000)


@settings(max_examples=examples(10), deadline=None)
@given(st.lists(st.tuples(st.text("aăĐ$^_{}\\ -", max_size=60), counts, counts, counts), min_size=1, max_size=20))
def test_completeness_is_drawn_for_any_units(rows: list[tuple[str, int, int, int]]) -> None:
    picture = CompletenessPicture(
        "Tình hình nộp tháng 10/2026",
        "Công đoàn khu Bắc",
        tuple(row[0] or "–" for row in rows),
        tuple(row[1] for row in rows),
        tuple(row[2] for row in rows),
        tuple(at % 3 for at in range(len(rows))),
        tuple(row[3] for row in rows),
        NAMES,
    )
    width, height = size(draw_completeness(picture))
    assert width == 1280
    assert height < 2200


def test_movement_is_drawn_with_gaps_and_without_anything() -> None:
    some = MovementPicture(
        "Biến động đoàn viên 12 tháng",
        "Công đoàn khu Bắc",
        MONTHS,
        ChartLine("Kết nạp mới", (12.0, None, *(5.0,) * 10)),
        ChartLine("Giảm", (3.0, None, *(0.0,) * 10)),
        ChartLine("Tổng số đoàn viên", (1_250.0, None, *(1_260.0,) * 10)),
        str,
    )
    empty = MovementPicture(
        "a", "b", MONTHS, ChartLine("x", (None,) * 12), ChartLine("y", (None,) * 12), ChartLine("z", (None,) * 12)
    )
    hollow = replace(some, partial_bars=frozenset({0}))
    for picture in (some, empty):
        assert size(draw_movement(picture))[0] == 1280
    assert draw_movement(hollow) != draw_movement(some)


def test_pictures_are_the_same_for_the_same_figures() -> None:
    values = tuple(152_000.0 + 200 * month for month in range(12))
    assert draw_progress(progress(values)) == draw_progress(progress(values))
    assert len(io.BytesIO(draw_progress(progress(values))).getvalue()) < 400_000


def test_points_that_lack_reports_are_drawn_another_way() -> None:
    whole = progress(tuple(152_000.0 + month for month in range(12)))
    assert draw_progress(replace(whole, partial=frozenset({4}))) != draw_progress(whole)
