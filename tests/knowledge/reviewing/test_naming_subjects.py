"""A new subject is called what people ask for; a known one is known by its name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.glossary import load_glossary
from knowledge.model.plans import OwnSubject
from knowledge.plans import load_plans
from knowledge.question import Understanding
from knowledge.reviewing.asking import NewSubject
from knowledge.reviewing.naming_subjects import MOST_NAMES, name_subject
from knowledge.subjects.proposing import LONGEST_PHRASE, LONGEST_SHORT

ASKED = NewSubject(
    subject=OwnSubject(
        id="khu_nha_tro",
        name="khu nhà trọ đông công nhân có tổ tự quản an ninh",
        short="Khu nhà trọ đông công nhân",
        names=("khu nhà trọ đông công nhân",),
    ),
    known=("new_members",),
    same="new_members",
)


@pytest.fixture(scope="module")
def understanding() -> Understanding:
    return Understanding(load_plans(), load_glossary())


@pytest.mark.parametrize("said", ("thỏa ước lao động tập thể", "TƯLĐTT", "thoa uoc"))
def test_a_known_subject_is_meant_by_its_name(said: str, understanding: Understanding) -> None:
    named = name_subject(ASKED, said, understanding)
    assert named is not None
    assert named.same == "collective_agreement"
    assert named.subject == ASKED.subject


def test_everyday_words_become_names_and_the_first_the_short_form(understanding: Understanding) -> None:
    named = name_subject(ASKED, " nhà trọ tự quản;  tổ tự quản khu trọ,\n- xóm trọ an toàn.", understanding)
    assert named is not None
    assert named.same is None
    assert named.subject.short == "Nhà trọ tự quản"
    assert named.subject.names == (
        "nhà trọ tự quản",
        "tổ tự quản khu trọ",
        "xóm trọ an toàn",
        "khu nhà trọ đông công nhân",
    )
    assert named.subject.name == ASKED.subject.name


def test_a_name_of_a_known_subject_does_not_stand_for_a_new_one(understanding: Understanding) -> None:
    named = name_subject(ASKED, "thỏa ước lao động tập thể, xóm trọ an toàn", understanding)
    assert named is not None
    assert named.subject.names[0] == "xóm trọ an toàn"
    assert name_subject(ASKED, "thỏa ước lao động tập thể, kết nạp đoàn viên", understanding) is None


@pytest.mark.parametrize("said", ("", "  ", "85", "?,;", "🙂", "a"))
def test_what_is_no_name_is_not_understood(said: str, understanding: Understanding) -> None:
    assert name_subject(ASKED, said, understanding) is None


@given(said=st.text(max_size=300))
def test_any_text_gives_names_that_fit_or_nothing(said: str, understanding: Understanding) -> None:
    named = name_subject(ASKED, said, understanding)
    if named is not None and named.same is None:
        new = named.subject.names[: -len(ASKED.subject.names)]
        assert 0 < len(new) <= MOST_NAMES
        assert all(len(name) <= LONGEST_PHRASE and any(map(str.isalpha, name)) for name in new)
        assert named.subject.short is not None
        assert len(named.subject.short) <= LONGEST_SHORT
