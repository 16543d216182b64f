"""The picture of units and their shares: of a size for phones, whatever the figures and names."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.features.targets import following_words as words
from bot.features.targets.charts import MOST_BARS, SharePicture, draw_shares
from tests.examples import examples

parts = st.floats(-2, 40, allow_nan=False)


@settings(max_examples=examples(6), deadline=None)
@given(
    st.lists(st.tuples(st.text("aăĐ$^_{}\\ -", max_size=60), parts, st.integers(0, 2)), min_size=1, max_size=MOST_BARS)
)
def test_shares_are_drawn_for_any_units(rows: list[tuple[str, float, int]]) -> None:
    picture = SharePicture(
        "Kết nạp mới 2026: các đơn vị so với chỉ tiêu",
        "Công đoàn khu Bắc · ngày 04/11/2026",
        tuple(row[0] or "–" for row in rows),
        tuple(row[1] for row in rows),
        tuple("1.200/2.000" for _ in rows),
        tuple(row[2] for row in rows),
        words.PICTURE_NAMES,
    )
    png = draw_shares(picture)
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert int.from_bytes(png[16:20]) == 1280
    assert 300 < int.from_bytes(png[20:24]) < 3_000
