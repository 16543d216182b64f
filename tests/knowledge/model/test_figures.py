"""Figures as plans write them, and the values that their targets state."""

from __future__ import annotations

import contextlib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.model.plans import ANNUAL, Comparator, Target
from knowledge.numbers import format_decimal


def target(
    figure: str,
    unit: str | None,
    *stated: str,
    comparator: Comparator | None = None,
    horizon: str | None = "2030",
) -> Target:
    value, value_max = (*map(Decimal, stated), None, None)[:2]
    meant = Comparator.QUALITATIVE if value is None else Comparator.RANGE if value_max else Comparator.AT_LEAST
    return Target(
        id="a",
        indicator="x",
        figure=figure,
        population="thử",
        section="II",
        comparator=comparator or meant,
        horizon=horizon,
        value=value,
        value_max=value_max,
        unit=unit,
    )


@pytest.mark.parametrize(
    ("figure", "unit", "stated"),
    [
        ("92,5% trở lên", "%", ["92.5"]),
        ("92.5%", "%", ["92.5"]),
        ("0,125%", "%", ["0.125"]),
        ("1,5 lần", "lần", ["1.5"]),
        ("gấp đôi", "lần", ["2"]),
        ("ít nhất một buổi", "buổi", ["1"]),
        ("1.500.000 đoàn viên", "đoàn viên", ["1500000"]),
        ("1 500 000 đoàn viên", "đoàn viên", ["1500000"]),
        ("1,500 đoàn viên", "đoàn viên", ["1500"]),
        ("1,5 triệu đoàn viên", "đoàn viên", ["1500000"]),
        ("1,5 triệu đoàn viên", "triệu đoàn viên", ["1.5"]),
        ("từ 1,5 đến 2 triệu đoàn viên", "đoàn viên", ["1500000", "2000000"]),
        ("10 tỷ đồng", "triệu đồng", ["10000"]),
        ("1.250,5 tấn", "tấn", ["1250.5"]),
        ("từ 85 – 92,5%", "%", ["85", "92.5"]),
        ("80-85%", "%", ["80", "85"]),
        ("còn dưới 4 ca/100.000 lao động", "ca/100.000 lao động", ["4"]),
        ("4 ca trên 100 nghìn lao động", "ca/100 nghìn lao động", ["4"]),
        ("1/3 số công đoàn cơ sở", "/3 công đoàn cơ sở", ["1"]),
        ("5%/năm", "%", ["5"]),
        ("đến năm 2030 đạt 95%", "%", ["95"]),
        ("giai đoạn 2026–2030 đạt 95%", "%", ["95"]),
        ("tăng 1,5 lần so với 2025", "lần", ["1.5"]),
        ("tối thiểu 02 cuộc/năm", "cuộc/năm", ["2"]),
        ("2.000-2.500 đoàn viên/năm", "đoàn viên/năm", ["2000", "2500"]),
        ("bình quân ít nhất 01 đoàn viên", "đoàn viên", ["1"]),
        ("hầu hết", None, []),
        ("cơ bản hoàn thành vào năm 2030", None, []),
    ],
)
def test_a_figure_may_be_written_as_plans_write_it(figure: str, unit: str | None, stated: list[str]) -> None:
    found = target(figure, unit, *stated)
    assert found.values == tuple(map(Decimal, stated))
    assert found.figure == figure


@pytest.mark.parametrize(
    ("figure", "unit", "stated", "said"),
    [
        ("92,5%", "%", ["90"], "figure shows 92,5, but the target states 90: write the same numbers in both"),
        ("500 đoàn viên", "đoàn viên", ["500000"], "shows 500"),
        ("1.500 đoàn viên", "đoàn viên", ["1.5"], r"shows 1\.500"),
        ("4 ca/100.000 lao động", "ca", ["4"], r"shows 4 and 100\.000.*in `unit` too"),
        ("hầu hết, 90%", None, [], "give value, unit and a comparator"),
        ("giảm", "%", ["5"], "shows no number"),
        ("-5%", "%", ["-5"], "from 0 up"),
        ("5%", "%", ["NaN"], "from 0 up"),
        ("85–80%", "%", ["85", "80"], "value_max must be greater"),
    ],
)
def test_a_figure_that_differs_is_refused_with_the_mend(
    figure: str, unit: str | None, stated: list[str], said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        target(figure, unit, *stated)


@pytest.mark.parametrize(
    ("horizon", "year"), [(ANNUAL, None), (None, None), ("2035", 2035), ("2100", 2100), ("1998", 1998)]
)
def test_any_year_or_none(horizon: str | None, year: int | None) -> None:
    assert target("80%", "%", "80", horizon=horizon).year == year


@pytest.mark.parametrize("horizon", ["", "3030", "khi nào xong", "2025-2030"])
def test_what_is_no_year_is_refused(horizon: str) -> None:
    with pytest.raises(ValueError, match="horizon must be 'annual', a year or left out"):
        target("80%", "%", "80", horizon=horizon)


def test_yearly_ones_come_first_then_the_years_then_those_without_one() -> None:
    horizons = (None, "2030", ANNUAL, "2025")
    ordered = sorted((target("80%", "%", "80", horizon=each) for each in horizons), key=lambda each: each.order)
    assert [each.horizon for each in ordered] == [ANNUAL, "2025", "2030", None]


decimals = st.decimals(min_value=0, max_value=10**9, places=3)


@given(decimals)
def test_a_number_written_in_vietnamese_is_what_it_states(value: Decimal) -> None:
    assert target(f"đạt {format_decimal(value)} trở lên", "điểm", str(value)).value == value


@given(decimals, decimals)
def test_another_number_is_refused(value: Decimal, other: Decimal) -> None:
    written = format_decimal(value)
    readings = {value, Decimal(written.replace(",", "")) if "." not in written else value}
    if other in readings:
        return
    with pytest.raises(ValueError, match="figure shows"):
        target(f"{written} điểm", "điểm", str(other))


@given(decimals, decimals)
def test_both_ends_of_a_range_are_shown(one: Decimal, other: Decimal) -> None:
    low, high = sorted((one, other))
    if low < high:
        figure = f"từ {format_decimal(low)} đến {format_decimal(high)} điểm"
        assert target(figure, "điểm", str(low), str(high)).values == (low, high)


@given(st.text(alphabet="0123456789.,  -–/năm triệunghìn%một", max_size=30), st.none() | st.text(max_size=8))
def test_any_figure_is_taken_or_refused(figure: str, unit: str | None) -> None:
    with contextlib.suppress(ValueError):
        assert target(figure, unit, "5").figure == figure
