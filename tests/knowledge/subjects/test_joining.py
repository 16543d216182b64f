"""Subjects of several plans become one list: what is the same compares, what is known gains names."""

from __future__ import annotations

import msgspec
import pytest

from knowledge.answer import build_adviser
from knowledge.errors import CatalogueError
from knowledge.glossary import load_glossary
from knowledge.model.plans import OwnSubject, Plan
from knowledge.plans import load_plans
from knowledge.subjects.joining import join_subjects
from tests.knowledge.subjects.made_plans import read_made_plans

MADE = read_made_plans()
HOMES = next(plan for plan in MADE if plan.id == "dongnai-kcn-2026")
OTHER_HOMES = next(plan for plan in MADE if plan.id == "khanhhoa-2026")


def with_subject(plan: Plan, subject: OwnSubject, indicator: str | None = None) -> Plan:
    """The plan with one own subject, which its first target measures."""
    target = msgspec.structs.replace(plan.targets[0], indicator=indicator or subject.id)
    return msgspec.structs.replace(plan, subjects=(subject,), targets=(target,))


def test_without_own_subjects_everything_stays() -> None:
    joined = join_subjects(load_plans(), load_glossary())
    assert joined.plans == load_plans()
    assert joined.glossary is load_glossary()
    assert not joined.own


def test_the_same_id_in_two_plans_is_one_subject_with_all_names() -> None:
    plans = [
        with_subject(HOMES, OwnSubject(id="camps", name="Trại hè", names=("hè vui",))),
        with_subject(OTHER_HOMES, OwnSubject(id="camps", name="Trại hè công nhân", names=("hội trại",))),
    ]
    joined = join_subjects(plans, load_glossary())
    assert joined.own == {"camps"}
    assert {"Trại hè", "hè vui", "Trại hè công nhân", "hội trại"} <= set(joined.glossary.subject("camps").phrases)


def test_the_same_name_under_two_ids_is_one_subject_and_compares() -> None:
    adviser = build_adviser((*load_plans(), HOMES, OTHER_HOMES))
    assert adviser.understanding.known_as == {"union_homes": "mai_am"}
    found = adviser.ask("so sánh chỉ tiêu mái ấm công đoàn của Đồng Nai và Khánh Hòa")
    assert {fact.target.figure for fact in found.facts} == {"40 căn", "150 căn"}


def test_a_name_of_the_glossary_means_the_known_subject_and_adds_to_it() -> None:
    own = OwnSubject(id="agreements", name="Thỏa ước lao động tập thể", names=("bản giao ước tập thể",))
    joined = join_subjects([with_subject(HOMES, own)], load_glossary())
    assert joined.known_as == {"agreements": "collective_agreement"}
    assert joined.plans[0].targets[0].indicator == "collective_agreement"
    known = joined.glossary.subject("collective_agreement")
    assert known.name == load_glossary().subject("collective_agreement").name
    assert "bản giao ước tập thể" in known.phrases


def test_an_id_of_the_glossary_adds_names() -> None:
    own = OwnSubject(id="womens_board", name="Ban nữ công", names=("tổ nữ công",))
    joined = join_subjects([with_subject(HOMES, own)], load_glossary())
    assert "tổ nữ công" in joined.glossary.subject("womens_board").phrases
    assert not joined.own


def test_a_name_that_means_something_else_is_left_out() -> None:
    own = OwnSubject(id="camps", name="Trại hè", names=("đối thoại", "hội trại"))
    joined = join_subjects([with_subject(HOMES, own)], load_glossary())
    assert joined.glossary.subject("camps").phrases == ("Trại hè", "hội trại")


def test_a_target_of_no_known_subject_is_refused() -> None:
    own = OwnSubject(id="camps", name="Trại hè")
    with pytest.raises(CatalogueError, match="camp_s"):
        join_subjects([with_subject(HOMES, own, "camp_s")], load_glossary())


def test_a_name_without_words_is_refused() -> None:
    with pytest.raises(CatalogueError, match="without words"):
        join_subjects([with_subject(HOMES, OwnSubject(id="camps", name="…"))], load_glossary())


def test_a_figure_alone_finds_the_target_of_an_own_subject() -> None:
    found = build_adviser((*load_plans(), HOMES)).ask("90% là chỉ tiêu gì của Đồng Nai")
    assert [fact.target.indicator for fact in found.facts] == ["health_checks"]
