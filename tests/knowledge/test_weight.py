"""Every hand-written mechanism can be switched off by itself, and what is left still answers."""

from __future__ import annotations

import pytest

from knowledge.answer import load_adviser
from knowledge.forms import load_forms
from knowledge.glossary import load_glossary
from knowledge.model.answers import Answer
from knowledge.question import load_understanding
from knowledge.search.index import build_index
from tests.knowledge.examiner import read_asked
from tests.knowledge.mechanisms import Mechanism, mechanisms
from tests.knowledge.weight import BLIND, SAMPLE, Weight, advise, choose

EVERY = tuple(mechanisms(load_glossary()))
INDEX = build_index(load_understanding(), load_forms())
LEARNED = load_adviser().learned


def test_each_has_a_name_of_its_own() -> None:
    assert len({mechanism.name for mechanism in EVERY}) == len(EVERY)


@pytest.mark.slow
@pytest.mark.parametrize("mechanism", EVERY, ids=lambda mechanism: mechanism.name)
def test_what_is_left_still_answers(mechanism: Mechanism) -> None:
    with mechanism.off():
        adviser = advise(mechanism.without(load_glossary()), INDEX, lambda _: LEARNED)
        for row in read_asked()[::1500]:
            assert isinstance(adviser.ask(row.q), Answer)


def test_a_rule_that_the_code_does_not_know_is_a_mistake() -> None:
    with pytest.raises(AttributeError), Mechanism("lost", instead={"knowledge.weighing.Scales._lost": None}).off():
        pass


def test_a_sample_holds_every_kind_of_blind_authors_and_is_the_same_each_time() -> None:
    rows = read_asked()
    chosen = [rows[at] for at in choose(rows, SAMPLE)]
    assert len(chosen) == SAMPLE
    assert {row.kind for row in chosen} == {row.kind for row in rows if row.by.startswith(BLIND)}
    assert all(row.by.startswith(BLIND) for row in chosen)
    assert chosen == [rows[at] for at in choose(rows, SAMPLE)]


def test_what_too_few_rows_need_or_more_are_better_without_is_not_needed() -> None:
    assert Weight((1, 2, 3), (4,)).is_needed
    assert not Weight((1, 2), ()).is_needed
    assert not Weight((1, 2, 3), (4, 5, 6)).is_needed
