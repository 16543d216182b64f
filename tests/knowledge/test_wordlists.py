"""Word lists as data: met without marks, the longest phrase first."""

from __future__ import annotations

import pytest

from knowledge.wordlists import WordLists

LISTS = WordLists({"year": ("năm",), "up_to": ("đến", "cho đến", "đến hết"), "rate": ("phần trăm", "%")})


def test_phrases_are_met_without_their_marks() -> None:
    assert LISTS.folded("up_to") == {"den", "cho den", "den het"}
    assert LISTS.phrases("rate") == (("phan", "tram"), ("%",))


def test_a_pattern_takes_the_longest_phrase_of_a_list() -> None:
    found = LISTS.composed(r"%up_to% (?:%year% )?(?P<year>20\d\d)").search("tu nay den het nam 2025")
    assert found is not None
    assert (found[0], found["year"]) == ("den het nam 2025", "2025")
    assert LISTS.composed("^%up_to%").sub("", "den het thang") == " thang"


def test_signs_of_patterns_in_a_phrase_mean_themselves() -> None:
    assert WordLists({"mark": (".", "(+)")}).composed("%mark%$").sub("", "5 (+)") == "5 "


def test_a_list_that_is_missing_is_named() -> None:
    with pytest.raises(KeyError, match="month"):
        LISTS.composed("%month%")
