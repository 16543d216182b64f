"""Parts of a report's outline that are asked for by everyday words."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import msgspec
import pytest

from bot.road.reply import to_plain
from bot.words import answers
from knowledge.answer import load_adviser
from knowledge.catalogue import read_toml
from knowledge.model.answers import Answer, AnswerKind, Caveat
from knowledge.outline_parts import OutlineParts
from knowledge.sections import WORDS_OF_A_TITLE
from knowledge.text import has_phrase

ADVISER = load_adviser()


def sections_of(found: Answer) -> list[str]:
    return [found.section] if found.section else [passage.section for passage in found.passages]


@pytest.mark.parametrize(
    ("asked", "section"),
    [
        ("đề cương báo cáo giữa nhiệm kỳ, khúc tiền nong kể những gì", "Đề cương II.9"),
        ("muc phu nu cua de cuong bao cao so ket viet sao", "Đề cương II.6"),
        ("dàn ý báo cáo sơ kết của Công Thương, mảng đối ngoại ghi gì", "Đề cương II.7"),
        ("trong sườn báo cáo phần hoàn cảnh chung, chỗ giảm biên chế nêu ra sao", "Đề cương I.1, ý 2"),
        ("báo cáo giữa kỳ, phần kiến nghị thì nêu gì", "Đề cương, phần thứ hai, 2"),
        ("báo cáo sơ kết viết đoạn thi đua khen thưởng thế nào", "Đề cương II.5"),
        ("đề cương có nói về Tháng Công nhân không", "Đề cương II.3, ý 5"),
        ("phần bài học trong đề cương báo cáo sơ kết ghi gì", "Đề cương VI"),
        ("đề cương báo cáo giữa kỳ, mục nhược điểm trình bày thế nào", "Đề cương V"),
        ("cái sườn sơ kết, đoạn mấy thứ mình chưa đạt thì ghi gì", "Đề cương V"),
        ("trong đề cương, phần việc làm tiếp nửa nhiệm kỳ còn lại soạn sao", "Đề cương, phần thứ hai"),
        ("de cuong so ket phan thanh tich ke gi", "Đề cương II"),
        ("viết sơ kết tới đoạn ngân quỹ thì nêu những ý nào", "Đề cương II.9"),
        ("sơ kết giữa nhiệm kỳ, mục bếp ăn ghi những gì", "Đề cương II.2, ý 5"),
    ],
)
def test_a_part_is_found_by_what_officers_call_its_topic(asked: str, section: str) -> None:
    found = ADVISER.ask(asked)
    assert sections_of(found) == [section]
    assert found.caveat is None


def test_what_is_to_be_written_is_told_whole_with_its_numbers() -> None:
    found = ADVISER.ask("đề cương báo cáo sơ kết, phần phụ nữ phải viết gì")
    told = to_plain(answers.answer(found))
    assert all(f"Đề cương II.6, ý {number}:" in told for number in (1, 2, 3))
    assert "…" not in told


def test_two_parts_side_by_side_are_both_told() -> None:
    found = ADVISER.ask("đề cương báo cáo sơ kết phần đối ngoại và phần bài học phải viết gì")
    assert set(sections_of(found)) == {"Đề cương II.7", "Đề cương VI"}


@pytest.mark.parametrize(
    "asked",
    [
        "soạn sơ kết giữa nhiệm kỳ đến đoạn thiếu sót thì nêu gì",
        "bai so ket phan mat yeu phai ghi nhung gi, viet mai khong xong",
        "viết sơ kết mà nói về chuyện làm chưa tốt thì trình bày ra sao",
    ],
)
def test_beside_the_outline_stands_what_the_plan_says_of_the_topic(asked: str) -> None:
    assert sections_of(ADVISER.ask(asked)) == ["Đề cương V", "II.2"]


def test_a_topic_that_no_word_for_a_part_announces_is_told_with_a_doubt() -> None:
    asked = ADVISER.understanding.read("sơ kết của ngành bảo viết gì nếu thợ mất việc hàng loạt")
    parts = OutlineParts(ADVISER.plans, ADVISER.names.passages.sections, ADVISER.understanding.fold_words)
    found = parts.told(ADVISER.names.silent(asked), lambda: list(ADVISER.plans))
    assert (sections_of(found), found.caveat) == (["Đề cương II.2, ý 3"], Caveat.UNSURE)


def test_a_row_of_the_form_is_no_part_of_the_outline() -> None:
    found = ADVISER.ask("phần thi đua trong biểu mẫu báo cáo sơ kết ghi những dòng gì")
    assert found.kind is AnswerKind.ROWS


def test_where_the_topic_is_no_part_the_parts_are_offered() -> None:
    found = ADVISER.ask("phần trồng nấm rơm trong đề cương báo cáo sơ kết viết gì")
    assert (found.kind, found.caveat, found.section) == (AnswerKind.OUTLINE, Caveat.UNSURE, "Đề cương")
    assert {"Đề cương I", "Đề cương II.9", "Đề cương VI"} <= {passage.section for passage in found.passages}


@pytest.mark.parametrize(
    "asked",
    [
        "báo cáo sơ kết phần tài chính nộp ngày nào",
        "phần tài chính của A15 nói gì",
        "chỉ tiêu kiểm tra tài chính của Quảng Trị bao nhiêu phần trăm",
        "mục II.3 của đề cương viết gì",
        "soạn đề cương tuyên truyền phần nói về đóng bảo hiểm thất nghiệp mức bao nhiêu",
        "đề cương báo cáo sơ kết của Công đoàn Dệt may, phần tài chính viết gì",
    ],
)
def test_another_question_is_no_question_for_a_part(asked: str) -> None:
    parts = OutlineParts(ADVISER.plans, ADVISER.names.passages.sections, ADVISER.understanding.fold_words)
    silence = ADVISER.names.silent(ADVISER.understanding.read(asked))
    assert parts.told(silence, lambda: list(ADVISER.plans)) is silence


def test_a_point_that_was_surely_found_is_kept() -> None:
    found = ADVISER.ask("Mục Đề cương II.9, ý 2 của Kế hoạch sơ kết")
    parts = OutlineParts(ADVISER.plans, ADVISER.names.passages.sections, ADVISER.understanding.fold_words)
    assert parts.told(found, lambda: list(ADVISER.plans)) is found


def test_every_topic_heads_a_section_of_the_outline_and_is_told_once() -> None:
    fold, outline = ADVISER.understanding.fold_words, ADVISER.plans["vuit-soket-2020"].tasks
    heads = [fold(task.summary)[:WORDS_OF_A_TITLE] for task in outline if task.section.startswith("Đề cương")]
    topics = read_toml(files("knowledge") / "outline_parts.toml", dict[str, Any])["topics"]
    assert [
        topic["begins"] for topic in topics if not any(has_phrase(head, [fold(topic["begins"])]) for head in heads)
    ] == []
    said = [fold(each) for topic in topics for each in topic["said"]]
    assert len(said) == len(set(said)) > 50


def test_a_target_that_was_found_is_told_beside_a_report_that_is_written() -> None:
    found = ADVISER.ask("tỷ lệ ký thỏa ước của Quảng Trị đến 2030")
    asked = ADVISER.understanding.read("viết báo cáo sơ kết phần đối ngoại nêu gì")
    parts = OutlineParts(ADVISER.plans, ADVISER.names.passages.sections, ADVISER.understanding.fold_words)
    beside = msgspec.structs.replace(found, question=asked)
    assert parts.told(beside, lambda: list(ADVISER.plans)) is beside
