"""A frame holds ids of a closed list; whatever else a reader writes is dropped."""

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reader.frame import MOST_FACTS, Frame, FrameError, read_frame
from knowledge.meanings import Meaning

OFFERED = {"a/target/x", "a/task/II.1#0", "b/document/identity"}


def written(**fields: Any) -> str:
    return json.dumps(fields)


@pytest.mark.parametrize(
    ("said", "frame"),
    [
        (written(means="due"), Frame(Meaning.DUE)),
        (written(means="due", facts=[], silent=False), Frame(Meaning.DUE)),
        (
            written(means="plan_question", facts=["a/target/x", "made/up", "a/target/x"]),
            Frame(Meaning.PLAN_QUESTION, ("a/target/x",)),
        ),
        (written(means="plan_question", silent=True), Frame(Meaning.PLAN_QUESTION, silent=True)),
        (
            written(means="plan_question", facts=["a/target/x"], silent=True),
            Frame(Meaning.PLAN_QUESTION, ("a/target/x",)),
        ),
        ("```json\n" + written(means="help") + "\n```", Frame(Meaning.HELP)),
        ("Sure! " + written(means="help", text="<b>100%</b>", figures={"members": 5}), Frame(Meaning.HELP)),
    ],
)
def test_what_is_taken(said: str, frame: Frame) -> None:
    assert read_frame(said, OFFERED) == frame


@pytest.mark.parametrize(
    "said",
    [
        "",
        "chỉ tiêu là 100%",
        "{",
        "}{",
        "[]",
        "null",
        written(facts=["a/target/x"]),
        written(means="pay_out"),
        written(means="PLAN_QUESTION"),
        written(means=["due"]),
        written(means="plan_question", facts="a/target/x"),
        written(means="plan_question", facts=[1]),
        written(means="plan_question", facts=["a/target/x"] * 41),
        written(means="plan_question", facts=["a" * 201]),
        written(means="plan_question", silent="yes"),
        written(means="plan_question", facts=["made/up", "c/target/x"]),
        "[" * 100_000 + "{" + "]" * 100_000,
        '{"means": ' * 50_000 + "}",
    ],
)
def test_what_is_not(said: str) -> None:
    with pytest.raises(FrameError):
        read_frame(said, OFFERED)


def test_only_so_many_facts_are_taken() -> None:
    offered = [f"a/task/{number}" for number in range(20)]
    assert read_frame(written(means="plan_question", facts=offered), offered).facts == tuple(offered[:MOST_FACTS])


@given(st.text())
def test_any_text_is_a_frame_or_refused(said: str) -> None:
    with contextlib.suppress(FrameError):
        assert set(read_frame(said, OFFERED).facts) <= OFFERED
