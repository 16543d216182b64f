"""What a plan's text says beside its facts, and how it is told."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.road.reply import to_plain
from bot.words import answers
from knowledge.answer import Adviser, build_adviser
from knowledge.importing.model import ReadPassage
from knowledge.importing.plain_text import document_of_text
from knowledge.importing.reading import read_plan
from knowledge.importing.shadow import shadow
from knowledge.model.plan_reviews import ReviewMatter, ReviewVerdict
from knowledge.plans import load_plans
from knowledge.reviewing.asking import ReviewMaker, may_be_right, settle, write_identity
from knowledge.reviewing.drafting import draft_plan
from knowledge.reviewing.remaining import remaining
from knowledge.subjects.proposing import make_proposer

TEXT = """TỔNG LIÊN ĐOÀN LAO ĐỘNG VIỆT NAM
CÔNG ĐOÀN DẦU KHÍ VIỆT NAM
Số: 31/KH-CĐDK
Hà Nội, ngày 5 tháng 3 năm 2026

KẾ HOẠCH
Công tác công đoàn năm 2026

I. CHỈ TIÊU
1. Trao 450 suất học bổng cho con người lao động ngoài giàn. Thư ngỏ gửi gia đình được viết tay và gửi trước Tết.
2. Tổ chức 12 chuyến tàu thăm giàn khoan.
3. Ông Trần Văn Hải phụ trách đường dây lắng nghe người lao động ngoài biển suốt ngày đêm.
"""


@pytest.fixture(scope="module")
def adviser() -> Adviser:
    known = load_plans()
    understanding = build_adviser(known).understanding
    reading = read_plan(document_of_text(TEXT))
    rows = [
        msgspec.structs.replace(row, verdict=ReviewVerdict.ACCEPTED)
        if row.is_waiting and row.matter is not ReviewMatter.LEFT_OVER and may_be_right(row)
        else row
        for row in ReviewMaker(make_proposer(known), understanding).begin(reading)
    ]
    plan = draft_plan(settle(write_identity(reading.plan), rows), understanding, known)
    return build_adviser((*known, plan))


def reply(adviser: Adviser, text: str) -> str:
    return to_plain(answers.answer(adviser.ask(text)))


def test_a_figure_is_told_with_its_sentence(adviser: Adviser) -> None:
    told = reply(adviser, "công đoàn dầu khí trao bao nhiêu suất học bổng năm 2026?")
    assert "450" in told
    assert "“Trao 450 suất học bổng cho con người lao động ngoài giàn.”" in told


def test_what_no_fact_answers_is_quoted_and_called_so(adviser: Adviser) -> None:
    told = reply(adviser, "dầu khí: ai phụ trách đường dây lắng nghe người lao động ngoài biển?")
    assert "Trích 31/KH-CĐDK" in told
    assert "Trần Văn Hải" in told
    assert reply(adviser, "dầu khí thưởng Tết bao nhiêu tiền?").count("Trích") == 0


def test_a_branch_is_meant_by_its_name(adviser: Adviser) -> None:
    for name in ("ngành dầu khí", "công đoàn ngành dầu khí", "dầu khí"):
        assert "12 chuyến" in reply(adviser, f"{name} tổ chức mấy chuyến tàu thăm giàn khoan?"), name


def test_sentences_in_which_a_fact_stands_do_not_remain() -> None:
    text = "Trao 450 suất học bổng cho con em. Thư ngỏ gửi gia đình được viết tay và gửi trước Tết. Nội dung chính:"
    found = list(remaining([ReadPassage("I.1", text)], ["Trao 450 suất học bổng cho con em."]))
    assert [each.text for each in found] == ["Thư ngỏ gửi gia đình được viết tay và gửi trước Tết."]


@given(st.lists(st.text(max_size=120), max_size=4), st.lists(st.text(max_size=60), max_size=3))
def test_what_remains_stands_in_the_text(texts: list[str], quotes: list[str]) -> None:
    whole = " ".join(shadow(" ".join(texts)).split())
    for each in remaining([ReadPassage("I", text) for text in texts], quotes):
        assert " ".join(shadow(each.text).removesuffix("…").split()) in whole
