"""What an answer promises: sources, silence, and never a figure that no plan sets."""

from __future__ import annotations

import re
import time

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.road.reply import to_plain
from bot.words import answers
from knowledge.answer import load_adviser
from knowledge.glossary import load_glossary
from knowledge.model.answers import Answer, AnswerKind
from knowledge.model.plans import Plan, Target
from knowledge.model.questions import Question
from knowledge.plans import load_plans
from tests.examples import examples

ADVISER = load_adviser()
KNOWN = {number for plan in load_plans() for target in plan.targets for number in (target.value, target.value_max)}

words_of_the_field = st.sampled_from(
    [
        *(phrase.replace("..", "bao nhiêu") for subject in load_glossary().subjects for phrase in subject.phrases),
        *(alias for plan in load_plans() for alias in plan.aliases),
        *(str(year) for year in range(2019, 2051, 3)),
        *(
            "chỉ tiêu",
            "bao nhiêu",
            "%",
            "còn",
            "thế",
            "so với",
            "ngoài nhà nước",
            "FDI",
            "Đà Nẵng",
            "lương cơ sở",
            "mục",
            "40",
        ),
    ]
)
messages = st.one_of(
    st.text(max_size=80),
    st.lists(words_of_the_field, min_size=1, max_size=6).map(" ".join),
    st.text("😀🙏👍\u200b\u202e "),
)


def said(answer: Answer) -> str:
    return to_plain(answers.answer(answer))


@pytest.mark.slow
@settings(max_examples=examples(400), deadline=None)
@given(st.lists(messages, min_size=1, max_size=4))
@example(["፩"])  # a digit elsewhere, and no number
def test_any_chat_gets_polite_replies_and_only_figures_that_plans_set(chat: list[str]) -> None:
    previous: Question | None = None
    for message in chat:
        answer = ADVISER.ask(message, previous)
        previous = answer.question
        assert said(answer).strip()
        for fact in answer.facts:
            assert fact.target in fact.plan.targets
            assert fact.target.figure in said(answer)
        if answer.status == "not_found" and answer.kind is AnswerKind.SILENT:
            shown = {int(number) for number in re.findall(r"(\d+) ?%", said(answer))}
            assert not shown & {number for number in KNOWN if number}


@pytest.mark.parametrize(
    "text",
    [
        "x" * 4096,
        "chỉ tiêu " * 500,
        "😀😀😀",
        "<script>alert(1)</script> <b>TƯLĐTT",
        "*đậm* _nghiêng_ `mã` [x](y)",
        "'; DROP TABLE plans; --",
        "\u202eUTƯLĐTT\u202c \u200b\u200b",
        "{}[]()/*&^%$#@!",
        "1" * 300,
        "\x00\x01\x02",
        "",
        "   \n\n ",
    ],
)
def test_bad_input_gets_a_polite_reply(text: str) -> None:
    assert said(ADVISER.ask(text))


def test_every_figure_carries_plan_and_section() -> None:
    for plan in load_plans():
        for target in plan.targets:
            subject = load_glossary().subject(target.indicator)
            reply = said(ADVISER.ask(f"chỉ tiêu {subject.phrases[0].replace('..', '')} {plan.short}"))
            assert plan.citation in reply
            assert f"mục {target.section}" in reply


def test_the_askers_own_plan_comes_first() -> None:
    for plan in ("hcm-nq02-2022", "quangtri-nq02-2021", "vuit-nq02-2021"):
        facts = ADVISER.ask("chỉ tiêu TƯLĐTT 2025?", own=(plan,)).facts
        assert facts[0].plan.id == plan
        assert len(facts) == 3


def test_a_year_named_leaves_the_others_to_choices() -> None:
    answer = ADVISER.ask("TƯLĐTT 2025 của Quảng Trị")
    assert [fact.target.horizon for fact in answer.facts] == ["2025"]
    assert {"2030", "2045"} <= {choice.label for choice in answer.choices}


def test_choices_ask_questions_that_are_answered() -> None:
    for question in ("chỉ tiêu TƯLĐTT 2025?", "Bảo Lộc đối thoại", "chỉ tiêu đoàn viên TP.HCM", "thời tiết"):
        for choice in ADVISER.ask(question).choices:
            assert ADVISER.ask(choice.question).status == "answered", choice


def test_context_survives_storage() -> None:
    first = ADVISER.ask("TƯLĐTT 2025 Quảng Trị").question
    kept = msgspec.json.decode(msgspec.json.encode(first), type=Question)
    assert [f.target.horizon for f in ADVISER.ask("còn 2030?", kept).facts] == ["2030"]


@pytest.mark.parametrize("year", [None, 2019, 2022, 2023, 2025, 2027, 2030, 2045, 2050])
@pytest.mark.parametrize("plan", [plan for plan in load_plans() if plan.targets], ids=lambda plan: plan.id)
def test_every_subject_of_every_plan_and_year_is_answered_from_the_catalogue_or_declared_absent(
    plan: Plan, year: int | None
) -> None:
    for subject in load_glossary().subjects:
        asked = f"chỉ tiêu {subject.short} của {plan.short}" + (f" năm {year}" if year else "")
        answer = ADVISER.ask(asked)
        set_ = [t for t in plan.targets if t.indicator == subject.id and (year is None or speaks_for(plan, t, year))]
        given = [fact.target for fact in answer.facts if fact.target.indicator == subject.id]
        assert {fact.plan.id for fact in answer.facts} <= {plan.id}, asked
        assert sorted(t.id for t in given) == sorted(t.id for t in set_), asked
        assert {fact.target.indicator for fact in answer.facts} <= {subject.id, *subject.also}, asked
        if not answer.facts:
            assert "không đặt chỉ tiêu" in said(answer), asked


def speaks_for(plan: Plan, target: Target, year: int) -> bool:
    if target.horizon == "annual":
        return plan.covers_from <= year <= plan.covers_to
    paced = [t.year for t in plan.targets if t.indicator == target.indicator and t.each_year and t.year]
    covering = min((end for end in paced if end >= year), default=0) if year >= plan.covers_from else 0
    return target.horizon in {str(year), str(covering)}


def test_every_choice_offered_anywhere_is_answered() -> None:
    offered = {
        choice.question
        for subject in load_glossary().subjects
        for suffix in ("", " 2025", " 2027", " Bảo Lộc", " Đà Nẵng")
        for choice in ADVISER.ask(f"chỉ tiêu {subject.short}{suffix}").choices
    }
    assert not [
        question for question in offered if not ADVISER.ask(question).facts and not ADVISER.ask(question).passages
    ]


def test_an_ended_issuer_is_said() -> None:
    assert "01/07/2025" in said(ADVISER.ask("Bảo Lộc đối thoại DNNN bao nhiêu"))


@pytest.mark.parametrize("text", ["xin chào", "cảm ơn nhé", "bạn là ai vậy", "chỉ tiêu thỏa ước 2025?", "", "👍"])
def test_a_greeting_is_what_asking_finds_one(text: str) -> None:
    assert ADVISER.is_greeting(text) == (ADVISER.ask(text).kind is AnswerKind.GREETING)


def test_a_question_costs_little() -> None:
    ADVISER.ask("làm nóng")
    begin = time.process_time()
    for _ in range(50):
        ADVISER.ask("cho em hỏi chỉ tieu thoả uớc lao động tập thể cua tphcm den 2030 la bao nhieu a")
    assert (time.process_time() - begin) / 50 < 0.1  # a bound far above the benchmark's figure: it catches a blow-up
