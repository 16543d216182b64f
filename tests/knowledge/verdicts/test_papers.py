"""The papers that plans cite, and how questions cite them."""

from __future__ import annotations

import pytest

from knowledge.plans import load_plans
from knowledge.verdicts.papers import Cited, Paper, day_of, find_cited, find_papers, matching, names_other_paper
from knowledge.verdicts.said import Day


@pytest.fixture(scope="module")
def papers() -> tuple[Paper, ...]:
    return tuple(find_papers(load_plans()))


def test_each_paper_has_the_day_that_stands_behind_its_own_number(papers: tuple[Paper, ...]) -> None:
    days = {paper.number: paper.day for paper in papers if paper.day}
    assert days["124qdtw"] == "02/02/2018"
    assert days["1563ctrtld"] == "09/10/2019"
    assert days["41khthu"] == "14/9/2021"
    assert days["01kltw"] == "18/5/2021"


def test_no_plan_cites_itself(papers: tuple[Paper, ...]) -> None:
    assert not [paper for paper in papers if paper.number in {"a15khcdct", "25ctrtu"} and paper.plan.number]


@pytest.mark.parametrize(
    ("claim", "cited"),
    [
        ("ket luan 79 ra nam 2013", Cited("79", "", "kl", is_basis=False)),
        ("dua theo nghi quyet 11 cua tinh uy", Cited("11", "", "nq", is_basis=True)),
        ("van ban so 41-kh/thu ngay 14/9/2021", Cited("41", "khthu", "", is_basis=False)),
        ("dang theo doi nghi quyet 11", Cited("11", "", "nq", is_basis=False)),
        ("chi thi ve thi dua 34", Cited("34", "", "ct", is_basis=False)),
    ],
)
def test_a_paper_is_cited(claim: str, cited: Cited) -> None:
    assert find_cited(claim) == (cited,)


@pytest.mark.parametrize("claim", ["nghi quyet nam 2021", "ky ngay 14/9/2021", "ke hoach dat 80%", "20 cong nhan", ""])
def test_no_paper_is_cited(claim: str) -> None:
    assert find_cited(claim) == ()


def test_a_number_is_of_a_paper_where_all_that_is_said_of_it_agrees() -> None:
    assert Cited("79", "", "kl", is_basis=False).is_number_of("79-KL/TW")
    assert not Cited("79", "", "nq", is_basis=False).is_number_of("79-KL/TW")
    assert not Cited("7", "", "", is_basis=False).is_number_of("79-KL/TW")
    assert Cited("4", "nq", "", is_basis=False).is_number_of("04-NQ/TW")
    assert not Cited("79", "", "", is_basis=False).is_number_of("")


def test_the_day_of_papers_of_one_number(papers: tuple[Paper, ...]) -> None:
    plans = {plan.id: plan for plan in load_plans()}
    found = matching(Cited("79", "", "kl", is_basis=False), papers, plans, [])
    assert day_of(found, Day(25, 12, None)) == (True, "25/12/2013")
    assert day_of(found, Day(25, 12, 2012)) == (False, "25/12/2013")
    assert day_of([], Day(25, 12, 2012)) is None


def test_kinds_of_papers_that_no_plan_is() -> None:
    assert names_other_paper("theo ket luan cua bo chinh tri")
    assert not names_other_paper("chuong trinh hanh dong nay")
