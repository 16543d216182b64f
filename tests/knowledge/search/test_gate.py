"""What is named, what was learned, silence: the gate tells how likely each is right, and the likeliest is said."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.answer import load_adviser
from knowledge.model.answers import AnswerKind, Caveat
from knowledge.search.gate import features, load_gate
from knowledge.search.ranker import KINDS, ROADS, Ranked, RankedQuestion

ADVISER = load_adviser()
CANDIDATES = ADVISER.learned.candidates


@given(
    st.lists(st.floats(0, 1), max_size=5),
    st.sampled_from(ROADS),
    st.dictionaries(st.sampled_from(KINDS), st.floats(0, 1)),
    st.integers(0, 20),
)
def test_whatever_is_asked_the_odds_are_probabilities(
    likely: list[float], road: str, kinds: dict[str, float], strange: int
) -> None:
    ranked = [Ranked(CANDIDATES[at], p) for at, p in enumerate(sorted(likely, reverse=True))]
    asked = RankedQuestion(("doi", "thoai"), kinds, road=road, strange=strange, shown=frozenset({CANDIDATES[0].id}))
    odds = load_gate().judge(asked, ranked)
    assert 0 <= odds.named <= 1 and 0 <= odds.silent <= 1
    assert features(asked, ranked).shape == features(RankedQuestion((), {}), []).shape
    assert np.isfinite(features(asked, ranked)).all()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("chỉ tiêu TƯLĐTT 2025 của TP.HCM", AnswerKind.TARGETS),
        ("giá vàng hôm nay bao nhiêu một chỉ", AnswerKind.SILENT),
        ("đoàn phí bao nhiêu phần trăm", AnswerKind.SILENT),
    ],
)
def test_the_likeliest_is_said(text: str, kind: AnswerKind) -> None:
    assert ADVISER.ask(text).kind is kind


def test_results_are_told_from_targets() -> None:
    said = ADVISER.ask("TP.HCM có đạt chỉ tiêu đoàn viên 2023 không")
    assert said.caveat is Caveat.RESULTS and said.facts[0].target.value == 1_500_000
