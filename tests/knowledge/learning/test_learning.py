"""Learned models: what they see of a message, what they say, and that their file holds all of it."""

from __future__ import annotations

import time
import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.learning import LinearModel, load_model
from knowledge.learning.features import count_features, normalise, weigh


def test_marks_case_keys_and_composition_change_nothing() -> None:
    plain = normalise("nop bao cao thang 10")
    assert plain == ["nop", "bao", "cao", "thang", "00"]
    assert normalise("Nộp BÁO cáo tháng 11") == plain
    assert normalise(unicodedata.normalize("NFD", "nộp báo cáo tháng 10")) == plain
    assert normalise("nopj baso caos thangs 10") == plain
    assert normalise("no65p ba1o ca1o tha1ng 10") == plain


def test_each_block_of_features_has_its_length() -> None:
    counts = count_features("xin gia hạn", ["role=officer"])
    vocabulary = {feature: place for place, feature in enumerate(sorted(counts))}
    at, values = weigh(counts, vocabulary, [1.0] * len(vocabulary), 1.5)
    blocks: dict[str, float] = {}
    names = sorted(counts)
    for place, value in zip(at, values, strict=True):
        blocks[names[place][0]] = blocks.get(names[place][0], 0.0) + value * value
    assert blocks == pytest.approx({"c": 1.0, "w": 2.25, "x": 1.0})


def tiny_model() -> LinearModel:
    return LinearModel(
        ["leave", "stay"],
        ["wdi", "wra", "wo", "xrole=guest"],
        np.ones(4, dtype=np.float32),
        np.array([[127, -127], [127, -127], [-127, 127], [0, 64]], dtype=np.int8),
        np.array([0.01, 0.01], dtype=np.float32),
        np.zeros(2, dtype=np.float32),
    )


def test_probabilities_add_up_and_the_likeliest_stands_first() -> None:
    likely = tiny_model().predict("ra ra")
    assert list(likely) == ["leave", "stay"]
    assert sum(likely.values()) == pytest.approx(1.0)
    assert tiny_model().predict("xa", ["role=guest"])["stay"] > 0.5
    assert tiny_model().predict("", ["role=nobody"]) == pytest.approx({"leave": 0.5, "stay": 0.5})


def test_a_model_comes_back_from_its_file() -> None:
    model = load_model("meanings")
    again = LinearModel.from_bytes(model.to_bytes())
    for text in ("nộp báo cáo tháng 11", "đơn vị nào còn thiếu", ""):
        assert again.predict(text, ["role=officer"]) == pytest.approx(model.predict(text, ["role=officer"]))


def test_a_model_nobody_learned_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        load_model("nothing")


def test_a_prediction_costs_about_a_millisecond_or_less() -> None:
    model = load_model("meanings")
    text = "Dạ em chào anh, cho em hỏi hạn nộp báo cáo tháng 11 của đơn vị em là ngày nào ạ"
    model.predict(text)
    started = time.process_time()
    for _ in range(100):
        model.predict(text, ["role=officer"])
    assert (time.process_time() - started) / 100 < 0.003  # 0.3 ms where nothing else runs


@given(st.text(max_size=400), st.lists(st.text(max_size=8), max_size=2))
def test_any_text_has_a_probability_for_each_label(text: str, extra: list[str]) -> None:
    model = load_model("meanings")
    likely = model.predict(text, extra)
    assert set(likely) == set(model.labels)
    assert sum(likely.values()) == pytest.approx(1.0, abs=1e-4)
