"""What a new plan changes: its targets against those of the old one, and the answers to questions."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest

from knowledge.answer import Adviser, build_adviser
from knowledge.model.plans import Plan
from knowledge.plans import load_plans
from knowledge.reviewing.comparing import compare
from knowledge.reviewing.trying import try_plan


@pytest.fixture(scope="module")
def old() -> Plan:
    return next(plan for plan in load_plans() if plan.id == "vuit-nq02-2021")


@pytest.fixture(scope="module")
def new(old: Plan) -> Plan:
    """The same plan five years on: its first target is higher, its last one gone."""
    first = msgspec.structs.replace(old.targets[0], value=Decimal(88), figure="từ 88% trở lên")
    targets = (first, *old.targets[1:-1])
    return msgspec.structs.replace(old, id="vuit-2026", number="A26/KH-CĐCT", targets=targets)


@pytest.fixture(scope="module")
def adviser() -> Adviser:
    return build_adviser(load_plans())


def test_targets_are_new_changed_gone_or_the_same(old: Plan, new: Plan) -> None:
    found = compare(old, new)
    assert [(before.value, now.value) for before, now in found.changed] == [(old.targets[0].value, Decimal(88))]
    assert found.gone == old.targets[-1:]
    assert (found.new, found.same) == ((), len(old.targets) - 2)
    back = compare(new, old)
    assert (back.new, back.gone, len(back.changed)) == (old.targets[-1:], (), 1)


def test_a_plan_changes_nothing_against_itself(adviser: Adviser, old: Plan) -> None:
    twin = msgspec.structs.replace(old, id="vuit-twin", number=None)
    assert compare(old, twin).same == len(old.targets)
    tried = try_plan(adviser, old, twin)
    assert tried.asked > 50
    # What was learned from people's questions knows the old plan by its name.
    assert len(tried.changed) <= tried.asked * 0.06


def test_questions_on_what_changed_are_told(adviser: Adviser, old: Plan, new: Plan) -> None:
    changed = try_plan(adviser, old, new).changed
    assert changed
    figures = {fact.target.figure for each in changed for fact in each.after}
    assert "từ 88% trở lên" in figures
