"""How far a unit is from targets with decimals, in words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from bot.words.targets import progress_line
from knowledge.forms import TERM_FORM, get_form
from knowledge.model.periods import Period
from knowledge.plans import load_plans
from knowledge.progress import History, find_measure, measure_progress

PLAN = next(plan for plan in load_plans() if plan.id == "hcm-nq02-2022")


def line(part: int, whole: int, figure: str, value: str) -> str:
    own = next(each for each in PLAN.targets if each.indicator == "unionised_enterprises" and each.value == 95)
    target = replace(own, figure=figure, value=Decimal(value), horizon=None)
    measure = find_measure(target, get_form(TERM_FORM))
    assert measure is not None
    assert measure.whole is not None
    figures = {measure.keys[0]: Decimal(part), measure.whole: Decimal(whole)}
    history = History(Period.month(2026, 11), figures, {})
    found = measure_progress(PLAN, target, measure, history, today=date(2026, 12, 3))
    assert found is not None
    return progress_line(found)


@pytest.mark.parametrize(
    ("part", "whole", "figure", "value", "said"),
    [
        (900, 1000, "92,5% trở lên", "92.5", "Đang đạt <b>90%</b> (900/1.000), còn thiếu 2,5 điểm phần trăm."),
        (925, 1000, "92,5% trở lên", "92.5", "Đang đạt <b>92,5%</b> (925/1.000): đã đạt."),
        (9246, 10000, "92,5%", "92.5", "Đang đạt <b>92,46%</b> (9.246/10.000), còn thiếu 0,04 điểm phần trăm."),
        (94999, 100000, "95%", "95", "Đang đạt <b>94,999%</b> (94.999/100.000), còn thiếu 0,001 điểm phần trăm."),
        (500, 1003, "95%", "95", "Đang đạt <b>49,9%</b> (500/1.003), còn thiếu 45 điểm phần trăm."),
        (500, 1000, "92,5%", "92.5", "Đang đạt <b>50%</b> (500/1.000), còn thiếu 42,5 điểm phần trăm."),
    ],
)
def test_a_share_is_told_apart_from_a_target_that_it_has_not_reached(
    part: int, whole: int, figure: str, value: str, said: str
) -> None:
    found = line(part, whole, figure, value)
    assert found.endswith(said)
    assert f"{figure} (mục" in found
