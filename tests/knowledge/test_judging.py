"""What is said of figures that are quoted, and of years inside a stage."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

import msgspec
import pytest

from bot.road.reply import to_plain
from bot.words import answers
from knowledge.answer import Adviser
from knowledge.model.plans import Comparator, OwnSubject
from tests.knowledge.made import adviser_over, plan_of, target

INCOME = OwnSubject(
    id="average_income",
    name="Thu nhập bình quân của người lao động",
    short="thu nhập bình quân",
    names=("thu nhập bình quân",),
)


@cache
def adviser() -> Adviser:
    income = msgspec.structs.replace(
        target(INCOME.id, 0, "2028"),
        value=Decimal("12.5"),
        figure="12,5 triệu đồng/người/tháng",
        unit="triệu đồng/người/tháng",
        comparator=Comparator.EXACTLY,
        population="thu nhập bình quân của người lao động",
    )
    pace = msgspec.structs.replace(
        target("new_members", 1200, "2030"),
        figure="từ 1.200 đoàn viên",
        unit="đoàn viên",
        each_year=True,
        population="đoàn viên kết nạp mới",
    )
    made = plan_of("Vĩnh An", (2026, 2030), income, pace)
    return adviser_over(msgspec.structs.replace(made, subjects=(INCOME,)), shipped=False)


def said(text: str) -> str:
    return to_plain(answers.answer(adviser().ask(text)))


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Vĩnh An thu nhập bình quân 12,5 triệu đúng không", "Đúng, kế hoạch đặt như vậy."),
        ("Vĩnh An thu nhập bình quân 12.500.000 đồng đúng không", "Đúng, kế hoạch đặt như vậy."),
        ("Vĩnh An thu nhập bình quân 12 triệu đúng không", "Chưa đúng: LĐLĐ tỉnh Vĩnh An đặt 12,5 triệu"),
        ("Vĩnh An thu nhập bình quân 13 triệu đạt chưa", "Đạt mức 12,5 triệu"),
        ("Vĩnh An thu nhập bình quân 900.000 đồng đạt chưa", "Chưa đạt mức 12,5 triệu"),
    ],
)
def test_a_figure_in_millions_is_judged_by_what_it_comes_to(text: str, verdict: str) -> None:
    assert said(text).startswith(verdict)


def test_a_year_inside_a_stage_is_told_with_its_pace() -> None:
    assert "riêng cho năm 2027; giai đoạn đến 2030, mỗi năm: từ 1.200 đoàn viên" in said("Vĩnh An kết nạp 2027")


def test_of_several_years_only_those_inside_the_stage_are_said_to_have_none() -> None:
    assert "riêng cho năm 2027, 2028; giai đoạn" in said("Vĩnh An kết nạp 2021, 2027 và 2028")
    assert "riêng" not in said("Vĩnh An kết nạp 2027 và 2030")


def test_which_plans_set_a_figure_is_told_of_those_that_set_it() -> None:
    places = ("Bắc Sơn", "Nam Sơn", "Tây Sơn", "Đông Sơn", "Trung Sơn")
    made = [
        plan_of(place, (2026, 2030), target("collective_agreement", 88 if at > 2 else 70 + at, "2030"))
        for at, place in enumerate(places)
    ]
    answer = adviser_over(*made, shipped=False).ask("kế hoạch nào đặt thỏa ước 88%")
    assert [fact.target.value for fact in answer.facts] == [88, 88]
    assert not answer.more
