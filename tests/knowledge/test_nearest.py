"""What is shown where the plans seem silent: the passages that stand nearest, or a silence whose reason is certain."""

from __future__ import annotations

import pytest

from bot.road.reply import to_plain
from bot.words import answers
from knowledge.answer import load_adviser
from knowledge.learning.linear import load_model
from knowledge.model.answers import Answer, AnswerKind, Caveat, Passage
from knowledge.nearest import with_nearest
from knowledge.search.candidates import Candidate, Sort
from knowledge.search.gate import Odds
from knowledge.search.learned import Opinion
from knowledge.search.ranker import Ranked

ADVISER = load_adviser()
KINDS = dict.fromkeys(load_model("questions").labels, 0.0)
TASKS = [each for each in ADVISER.learned.candidates if each.sort is Sort.TASK and each.plan == "vuit-nq02-2021"]
TARGET = next(each for each in ADVISER.learned.candidates if each.sort is Sort.TARGET)


def opinion(*likely: tuple[Candidate, float], silent: float, kind: str = "task") -> Opinion:
    ranked = tuple(Ranked(candidate, p) for candidate, p in likely)
    return Opinion(KINDS | {kind: 0.8}, lambda: ranked, lambda: Odds(named=0.0, silent=silent))


def silence(text: str, caveat: Caveat | None = None) -> Answer:
    return Answer(kind=AnswerKind.SILENT, question=ADVISER.understanding.read(text), caveat=caveat)


def told(text: str, judged: Opinion) -> Answer:
    return with_nearest(silence(text), judged, ADVISER.plans)


FOUR = [(TASKS[0], 0.2), (TARGET, 0.15), (TASKS[1], 0.1), (TASKS[2], 0.05), (TASKS[3], 0.04)]


def test_the_three_likeliest_passages_are_shown_and_the_silence_is_said_to_be_unsure() -> None:
    found = told("A15 có lo chuyện ấy không", opinion(*FOUR, silent=0.6))
    assert [passage.task for passage in found.passages] == [task.tasks[0] for task in TASKS[:3]]
    assert (found.kind, found.caveat, found.status) == (AnswerKind.PASSAGES, Caveat.MAY_BE_ABSENT, "not_found")
    assert to_plain(answers.answer(found)).startswith("Tôi chưa rõ câu hỏi này; có thể nội dung đó không có trong")


@pytest.mark.parametrize(
    "judged",
    [
        opinion(*FOUR, silent=0.9),
        opinion(*FOUR, silent=0.3, kind="target"),
        opinion(*FOUR, silent=0.3, kind="silent"),
        opinion((TARGET, 0.2), silent=0.3),
        opinion((TASKS[0], 0.001), silent=0.3),
    ],
    ids=["surely silent", "a figure", "a law", "no passage", "nothing near"],
)
def test_a_silence_that_is_certain_stays(judged: Opinion) -> None:
    assert told("A15 có lo chuyện ấy không", judged).kind is AnswerKind.SILENT


def test_where_no_plan_is_named_it_must_be_likelier_asked_of_plans_than_not() -> None:
    assert told("có ai lo chuyện ấy không", opinion(*FOUR, silent=0.4)).kind is AnswerKind.PASSAGES
    assert told("có ai lo chuyện ấy không", opinion(*FOUR, silent=0.6)).kind is AnswerKind.SILENT


@pytest.mark.parametrize(("silent", "caveat"), [(0.05, Caveat.UNSURE), (0.3, Caveat.MAY_BE_ABSENT)])
def test_doubted_passages_say_that_the_plans_may_not_hold_it(silent: float, caveat: Caveat) -> None:
    question = ADVISER.understanding.read("A15 có lo chuyện ấy không")
    shown = (Passage(plan=ADVISER.plans[TASKS[0].plan], task=TASKS[0].tasks[0]),)
    doubted = Answer(kind=AnswerKind.PASSAGES, question=question, passages=shown, caveat=Caveat.UNSURE)
    found = with_nearest(doubted, opinion(*FOUR, silent=silent), ADVISER.plans)
    assert (found.passages, found.caveat) == (shown, caveat)
