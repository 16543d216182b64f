"""Text as people type it, and what it is brought to."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.question import load_understanding
from knowledge.text import decode_telex, decode_vni, fold, is_syllable, spelling, tidy, words


@pytest.mark.parametrize(
    ("typed", "tidied"),
    [
        ("CHƢƠNG TRÌNH", "CHƯƠNG TRÌNH"),  # letters of an old font
        (unicodedata.normalize("NFD", "thỏa ước"), "thỏa ước"),  # decomposed
        ("chỉ\u200b tiêu\u202e", "chỉ tiêu"),  # zero width, right-to-left
        ("<b>chỉ tiêu</b> &amp; hạn", "chỉ tiêu & hạn"),  # markup
        ("  chỉ \n\t tiêu  ", "chỉ tiêu"),
        ("２０２５", "2025"),  # full-width digits
    ],
)
def test_tidy_brings_damage_to_plain_text(typed: str, tidied: str) -> None:
    assert tidy(typed) == tidied


def test_both_spellings_of_tone_marks_fold_alike() -> None:
    assert fold("thoả thuận hoà uỷ") == fold("thỏa thuận hòa ủy") == "thoa thuan hoa uy"


def test_both_spellings_of_tone_marks_are_one_and_the_order_of_letters_counts() -> None:
    assert spelling("Hoà") == spelling("hòa") != spelling("hóa")
    assert spelling("quý") == spelling("qúy")
    assert spelling("113") != spelling("131")
    assert spelling("nam") != spelling("man")


def test_fold_takes_the_bar_off_d() -> None:
    assert fold("Đoàn viên ĐƯỢC") == "doan vien duoc"


@pytest.mark.parametrize(
    ("keys", "syllable"),
    [
        ("chuwcs", "chức"),
        ("ddoanf", "đoàn"),
        ("uwowcs", "ước"),
        ("nguwowif", "người"),
        ("quangr", "quảng"),
        ("nhieeu", "nhiêu"),
        ("keets", "kết"),
        ("lao", None),  # already a syllable, nothing keyed
        ("wifi", None),  # no Vietnamese syllable comes of it
        ("cdcs", None),
    ],
)
def test_telex_keys_are_decoded(keys: str, syllable: str | None) -> None:
    assert decode_telex(keys) == syllable


@pytest.mark.parametrize(
    ("keys", "syllable"),
    [
        ("nu7o71c", "nước"),
        ("d9oa2n", "đoàn"),
        ("lo6c5", "lộc"),
        ("tie6u", "tiêu"),
        ("a15", None),  # a document's number
        ("t10", None),  # a month
    ],
)
def test_vni_keys_are_decoded(keys: str, syllable: str | None) -> None:
    assert decode_vni(keys) == syllable


@pytest.mark.parametrize("syllable", ["nghiệp", "thỏa", "uyển", "quyết", "giữ", "ước", "khuyến"])
def test_syllables_are_known_by_their_shape(syllable: str) -> None:
    assert is_syllable(syllable)
    assert is_syllable(fold(syllable))


@pytest.mark.parametrize("word", ["đaòn", "tiêi", "độg", "wifi", "nướ", "bcs"])
def test_slips_are_no_syllables(word: str) -> None:
    assert not is_syllable(word)


@pytest.mark.parametrize(
    ("typed", "spelled"),
    [
        ("thoauoc", "thoa uoc"),  # run together
        ("thoả ướcc lao độg", "thoa uoc lao dong"),  # slips
        ("bn dv cdcs", "bao nhieu doan vien cong doan co so"),  # short forms
        ("hooij nghij", "hoi nghi"),  # raw Telex
    ],
)
def test_a_message_is_spelled_in_the_words_of_the_field(typed: str, spelled: str) -> None:
    assert " ".join(s.folded for s in load_understanding().speller.spell(typed)) == spelled


@given(st.text(max_size=200))
def test_tidy_and_fold_never_fail_and_settle(text: str) -> None:
    once = tidy(text)
    assert fold(fold(once)) == fold(once)
    assert all(not unicodedata.category(char).startswith("M") for char in fold("ạẫữ"))
    assert isinstance(words(once), list)
