"""What a new target measures is proposed: a known subject, each plan judged by the others, or a new one with names."""

from __future__ import annotations

from functools import cache

import msgspec
import pytest

from knowledge.catalogue.checking import check_plan
from knowledge.errors import CatalogueError
from knowledge.glossary import load_glossary
from knowledge.model.plans import Plan
from knowledge.plans import load_plans
from knowledge.subjects.proposing import LONGEST_SHORT, NewTarget, Proposer, SubjectProposal, make_proposer
from tests.knowledge.subjects.made_plans import read_made_plans


def proposals(plan: Plan, proposer: Proposer) -> tuple[SubjectProposal, ...]:
    return proposer.propose([NewTarget(target.population, target.unit) for target in plan.targets])


@cache
def of_made_plans() -> dict[str, tuple[SubjectProposal, ...]]:
    proposer = make_proposer(load_plans())
    return {plan.id: proposals(plan, proposer) for plan in read_made_plans()}


def test_a_plan_that_the_others_do_not_know_is_matched_by_them() -> None:
    right = first = wrong = count = 0
    for held in load_plans():
        proposer = make_proposer(plan for plan in load_plans() if plan is not held)
        for target, proposal in zip(held.targets, proposals(held, proposer), strict=True):
            count += 1
            is_right = proposal.indicator == target.indicator
            right += is_right
            first += proposal.known[0].subject == target.indicator
            wrong += proposal.is_known and not is_right
    assert count > 70
    assert first >= 0.97 * count
    assert right >= 0.88 * count
    assert wrong == 0


def test_few_new_subjects_are_taken_for_known_ones() -> None:
    own = {subject.id for plan in read_made_plans() for subject in plan.subjects}
    new = [
        proposal
        for plan in read_made_plans()
        for target, proposal in zip(plan.targets, of_made_plans()[plan.id], strict=True)
        if target.indicator in own
    ]
    assert sum(proposal.is_known for proposal in new) <= 0.09 * len(new)


def test_a_proposed_subject_is_complete() -> None:
    for plan in read_made_plans():
        for proposal in of_made_plans()[plan.id]:
            assert proposal.new.id.isascii()
            assert proposal.new.name[0].isupper() or proposal.new.name[0].isdigit()
            assert 0 < len(proposal.new.short or "") <= LONGEST_SHORT


@pytest.mark.parametrize(
    ("population", "short"),
    [
        ("đề tài nghiên cứu khoa học về công nhân, công đoàn được nghiệm thu", "Đề tài nghiên cứu khoa học"),
        ("con đoàn viên, người lao động được tham gia trại hè do công đoàn tổ chức", "Trại hè"),
        ("người lao động trong doanh nghiệp có công đoàn được khám sức khỏe định kỳ", "Khám sức khỏe định kỳ"),
        ("suất quà Tết được trao cho đoàn viên, người lao động có hoàn cảnh khó khăn", "Suất quà Tết"),
    ],
)
def test_a_short_form_is_what_tells_a_target_apart(population: str, short: str) -> None:
    assert make_proposer(load_plans()).propose([NewTarget(population)])[0].new.short == short


def test_two_years_of_one_measure_share_a_subject() -> None:
    said = "công đoàn cơ sở thu đoàn phí không dùng tiền mặt"
    first, second = make_proposer(load_plans()).propose([NewTarget(said, "%"), NewTarget(f"tỷ lệ {said}", "%")])
    assert first.new == second.new


def test_two_populations_of_one_measure_share_a_subject() -> None:
    told = (
        "doanh nghiệp trong khu công nghiệp có mạng lưới an toàn, vệ sinh viên hoạt động hiệu quả",
        "công ty có mạng lưới an toàn, vệ sinh viên hoạt động hiệu quả",
    )
    first, second = make_proposer(load_plans()).propose([NewTarget(each) for each in told])
    assert first.new == second.new


def test_a_target_that_names_no_subject_is_refused_with_a_proposal() -> None:
    plan = next(plan for plan in read_made_plans() if plan.id == "dongnai-kcn-2026")
    for at, told in ((0, 'add it under [[subjects]]: id = "'), (6, "it may be collective_agreement (")):
        bare = msgspec.structs.replace(plan.targets[at], indicator="")
        open_ = msgspec.structs.replace(plan, targets=(*plan.targets[:at], bare, *plan.targets[at + 1 :]))
        with pytest.raises(CatalogueError, match="it names no subject") as refused:
            check_plan("new.toml", open_, load_plans(), load_glossary())
        assert told in str(refused.value)


def test_ids_are_free() -> None:
    proposer = make_proposer(load_plans())
    first = proposer.propose([NewTarget("phiên chợ công nhân được tổ chức")])[0].new.id
    second = proposer.propose([NewTarget("phiên chợ công nhân được tổ chức")], taken=[first])[0].new.id
    assert second == f"{first}_2"
