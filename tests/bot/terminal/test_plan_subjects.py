"""What is proposed for targets whose subject a plan's file does not name, or names wrongly."""

from __future__ import annotations

from bot.terminal.plan_subjects import propose_subjects
from knowledge.catalogue.plan_files import write_plan
from knowledge.plans import load_plans
from tests.bot.test_living import plan_of

WRITTEN = write_plan(plan_of("vinhan-2026", 90))


def test_a_target_that_a_known_subject_measures_is_proposed_as_that() -> None:
    text = WRITTEN.replace('population = "khu nhà trọ', 'population = "doanh nghiệp ký kết thỏa ước lao động tập thể #')
    [line] = propose_subjects(text.replace('indicator = "self_managed_lodgings"', ""), load_plans())
    assert line.startswith("$.targets[0] (id lodgings): proposed: indicator = one of collective_agreement (")


def test_a_target_that_nobody_knows_is_proposed_with_names_of_its_own() -> None:
    text = WRITTEN.replace('indicator = "self_managed_lodgings"', 'indicator = "unheard_of"')
    [line] = propose_subjects(text, load_plans())
    assert "[[subjects]] id = " in line
    assert "tổ tự quản" in line


def test_nothing_is_proposed_where_every_subject_is_known_or_the_text_is_no_plan() -> None:
    assert propose_subjects(WRITTEN, load_plans()) == []
    for text in ("", "xin chào", "targets = 3", "targets = [1, 2]", "[[targets]]\nid = 3"):
        assert propose_subjects(text, load_plans()) == []
