"""Any text, whoever says it, in any dialog: no traceback, and no figure quoted that stands nowhere."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.terminal.meanings import describe_messages
from bot.words import answers
from knowledge.answer import load_adviser
from knowledge.meanings import AskerRole, Meaning, Place
from knowledge.model.answers import Answer
from knowledge.model.questions import Question
from knowledge.numbers import format_count
from knowledge.plans import load_plans
from knowledge.text import fold
from tests.examples import examples
from tests.knowledge.grid import read_grid

DATA = Path(__file__).parent / "data"
ADVISER = load_adviser()
TODAY = date(2026, 11, 28)
CATALOGUE = {
    number for plan in load_plans() for t in plan.targets for number in (t.value, t.value_max) if number is not None
}


def _sayings() -> list[str]:
    lines = (DATA / "said-dev.jsonl").read_text(encoding="utf-8").splitlines()
    reports = tomllib.loads((DATA / "reports.toml").read_text(encoding="utf-8"))
    questions = [json.loads(line)["q"] for line in (DATA / "questions.jsonl").read_text(encoding="utf-8").splitlines()]
    written = [each["text"] for rows in reports.values() for each in rows if isinstance(each, dict) and "text" in each]
    grid = read_grid()
    return [*(json.loads(line)["said"] for line in lines), *questions[:300], *written[:100], *grid.questions]


figures = st.one_of(
    st.integers(0, 10**7).map(str),
    st.integers(0, 10**6).map(format_count),
    st.sampled_from(["1,5 triệu", "12 nghìn", "1tr2", "99%", "21,00", "-3", "05/11", "15/01/2021", "T10", "²", "١٢٣"]),
)
strange = st.one_of(
    st.text(max_size=40),
    st.text("😀🙏\u200b\u202e\u0301\x00\t\r\n ", max_size=10),
    st.sampled_from(["x" * 5000, "chỉ tiêu " * 700, "/", "/nhac", "/dathan ", "@", "????", "<b>&", "'; --", "1" * 300]),
)
sayings = st.sampled_from(_sayings())
messages = st.one_of(
    sayings,
    strange,
    st.lists(st.one_of(sayings, figures, strange), min_size=1, max_size=4).map(" ".join),
    st.tuples(st.sampled_from(read_grid().clauses), sayings).map(lambda two: two[0].replace("{}", two[1])),
    sayings.map(fold),
)


@pytest.mark.slow
@settings(max_examples=examples(120), deadline=None)
@given(messages, st.sampled_from(list(AskerRole)), st.sampled_from(list(Place)))
@example("\x00", AskerRole.GUEST, Place.DEADLINE)
@example('"chưa đóng', AskerRole.OFFICER, Place.GROUP)
def test_whatever_is_said_means_something(text: str, role: AskerRole, place: Place) -> None:
    for line in (text.replace("\n", " "), json.dumps(text)):
        (heard,) = describe_messages([line], role, place, TODAY)
        found = json.loads(heard)
        assert Meaning(found["means"])
        assert 0 <= found["sure"] <= 1


@settings(max_examples=examples(250), deadline=None)
@given(st.lists(messages, min_size=1, max_size=3), st.sampled_from([None, *(plan.id for plan in load_plans())]))
def test_a_figure_quoted_is_the_catalogues_or_the_askers(chat: list[str], own: str | None) -> None:
    previous: Question | None = None
    for message in chat:
        answer = ADVISER.ask(message, previous, (own,) if own else ())
        previous = answer.question
        shown = answers.answer(answer)
        assert shown.strip()
        unknown = _quoted(answer, shown) - CATALOGUE - {int(digits) for digits in _digits(" ".join(chat))}
        assert not unknown, (message, shown)


def _quoted(answer: Answer, shown: str) -> set[Decimal]:
    """The figures given as targets: those of its facts, and every percentage said that no task of the answer holds."""
    values = {n for fact in answer.facts for n in fact.target.values}
    held = f"{answer.passages} {answer.rows} {answer.documents} {answer.absences} {answer.choices}"
    said = {Decimal(digits) for digits in re.findall(r"(?<![\d,.])(\d{1,3}) ?%", shown) if f"{digits}%" not in held}
    return values | said


def _digits(text: str) -> list[str]:
    return re.findall(r"[0-9]{1,15}", re.sub(r"(?<=[0-9])[.,  ](?=[0-9])", "", text)) + re.findall(r"[0-9]{1,15}", text)


rows_typed = st.lists(
    st.tuples(
        st.sampled_from(
            ["cnvclđ", "đoàn viên", "mới", "giảm", "kết nạp", "nghỉ việc", "tháng trước", "khoảng", "nhầm"]
        ),
        st.integers(1, 99999).map(str),
    ).map(" ".join),
    min_size=1,
    max_size=6,
).map(lambda rows: "báo cáo tháng 11: " + ", ".join(rows))


@settings(max_examples=examples(200), deadline=None)
@given(rows_typed, st.sampled_from([Place.PRIVATE, Place.REPORTING]))
def test_a_report_holds_no_figure_that_nobody_wrote(text: str, place: Place) -> None:
    (heard,) = describe_messages([text], AskerRole.OFFICER, place, TODAY)
    understood = json.loads(heard)["understood"]
    written = {int(digits) for digits in _digits(text)} | {0}
    assert set(understood.get("figures", {}).values()) <= written, (text, understood)
