"""Tasks that are asked for by everyday words for what they are about."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import pytest

from knowledge.answer import load_adviser
from knowledge.catalogue import read_toml
from knowledge.model.answers import Answer, AnswerKind, Caveat
from knowledge.task_topics import TaskTopics
from knowledge.text import has_phrase

ADVISER = load_adviser()
VUIT, HCM, QUANG_TRI, BAO_LOC = "vuit-nq02-2021", "hcm-nq02-2022", "quangtri-nq02-2021", "baoloc-nq02-2021"
A_TASK = {"task": 0.9}


def told_of(found: Answer) -> set[tuple[str, str]]:
    return {(passage.plan.id, passage.section) for passage in found.passages}


def ask_topics(asked: str, kinds: dict[str, float] | None = None) -> Answer:
    """What topics alone find of a question that was not understood."""
    question = ADVISER.resolve(ADVISER.understanding.read_known(asked), None)
    doubted = Answer(kind=AnswerKind.SILENT, question=question, caveat=Caveat.UNSURE)
    plans = list(question.plans or ADVISER.plans)
    topics = TaskTopics(ADVISER.plans, ADVISER.understanding.fold_words)
    return topics.told(doubted, kinds or A_TASK, lambda: plans)


@pytest.mark.parametrize(
    ("asked", "plan", "section"),
    [
        ("kế hoạch A15 bảo làm sao với tiền để dành của công đoàn", VUIT, "III.7.4"),
        ("Công Thương nói sao về bang giao với công đoàn bạn", VUIT, "III.4.6"),
        ("chu cong ty cu tron dong kinh phi thi cong thuong dan lam gi", VUIT, "III.7.1"),
        ("Công Thương tính chuyện họp zoom, số hóa tới đâu", VUIT, "III.4.4.a"),
        ("Công Thương có dặn gì về chuyện quay clip tiktok", VUIT, "III.1.4"),
        ("bảo vệ nữ giới trong xưởng thì A15 ghi thế nào", VUIT, "III.4.5"),
        ("ở Bảo Lộc ai ôm quỹ, biển thủ thì xử ra sao", BAO_LOC, "II.7.6"),
        ("Bảo Lộc có đường nào cho thợ bị nặng lãi, xã hội đen cho vay", BAO_LOC, "II.3.6b"),
    ],
)
def test_a_paragraph_is_found_by_what_officers_call_its_matter(asked: str, plan: str, section: str) -> None:
    assert (plan, section) in told_of(ask_topics(asked))


def test_words_that_need_their_marks_are_met_only_with_them() -> None:
    assert (QUANG_TRI, True) in {
        (passage.plan.id, "thiên tai" in passage.task.summary)
        for passage in ask_topics("Quảng Trị giúp thợ bị lũ cuốn nhà ra sao").passages
        if passage.task is not None
    }
    assert ask_topics("quang tri bao lam viec ra sao").kind is AnswerKind.SILENT


@pytest.mark.parametrize(
    "asked",
    [
        "doanh nghiệp nước ngoài ở Công Thương thì sao",
        "Hà Nội lo gì cho chị em công nhân",
        "ngày nào nộp báo cáo nữ công cho Công Thương",
    ],
)
def test_other_questions_are_left_as_they_are(asked: str) -> None:
    assert ask_topics(asked).kind is AnswerKind.SILENT


def test_a_number_is_no_matter_for_tasks() -> None:
    assert ask_topics("Công Thương có bao nhiêu chị em", {"target": 0.9}).kind is AnswerKind.SILENT


def test_what_was_surely_found_stays_first() -> None:
    found = ADVISER.ask("mục III.4.6 của A15 nói gì về đối ngoại")
    assert told_of(found) == {(VUIT, "III.4.6")}


def test_every_topic_is_said_once_and_tells_some_task() -> None:
    fold = ADVISER.understanding.fold_words
    topics = read_toml(files("knowledge") / "task_topics.toml", dict[str, Any])["topics"]
    tasks = [task for plan in ADVISER.plans.values() for task in plan.tasks]
    texts = [fold(" , ".join((task.summary, *task.keywords))) for task in tasks]
    untold = [
        topic["said"][0]
        for topic in topics
        if not any(has_phrase(text, [fold(tells)]) for text in texts for tells in topic["tells"])
    ]
    assert untold == []
    said = [each for topic in topics for each in topic["said"]]
    assert len(said) == len(set(said)) > 200
