"""Places in a plan's text: what holds what, and which place a number means."""

from __future__ import annotations

import pytest

from knowledge.answer import load_adviser
from knowledge.model.answers import AnswerKind
from knowledge.plans import load_plans
from knowledge.sections import Sections, section_above, tasks_below

REVIEW = next(plan for plan in load_plans() if plan.id == "vuit-soket-2020")
SECTIONS = Sections(REVIEW, load_adviser().understanding.fold_words)
KNOWN = [task.section for task in REVIEW.tasks]


@pytest.mark.parametrize(
    ("section", "above"),
    [
        ("III.2.1", "III.2"),
        ("III", ""),
        ("III.1a", "III"),
        ("III.3 (nộp báo cáo)", "III.3"),
        ("II.10", "II"),
        ("Mở đầu", ""),
        ("Đề cương II.3, ý 5", "Đề cương II.3"),
        ("Đề cương II.3", "Đề cương II"),
        ("Đề cương II", "Đề cương"),
        ("Đề cương, phần thứ hai, 1", "Đề cương, phần thứ hai"),
    ],
)
def test_what_holds_a_section(section: str, above: str) -> None:
    assert section_above(section, KNOWN) == above


def test_every_task_below_stands_in_its_section() -> None:
    for plan in load_plans():
        for section, tasks in tasks_below(plan).items():
            assert all(task.section.startswith(section) and task.section != section for task in tasks)


@pytest.mark.parametrize(
    ("numbers", "spoken", "found"),
    [
        ({"iv"}, "muc iv de cuong", ["Đề cương IV"]),
        ({"iii"}, "muc iii cua ke hoach", ["III"]),
        ({"10"}, "muc 10 de cuong", ["Đề cương II.10"]),
        ({"ii.3"}, "de cuong", ["Đề cương II.3"]),
        ({"ii.1.2"}, "", ["II.1.2"]),
        ({"xx"}, "de cuong", []),
    ],
)
def test_a_number_means_a_place_inside_a_named_part_or_outside_of_it(
    numbers: set[str], spoken: str, found: list[str]
) -> None:
    assert [task.section for task in SECTIONS.numbered(numbers, spoken.split())] == found


@pytest.mark.parametrize(
    ("text", "section", "first_below"),
    [
        ("phần II của đề cương báo cáo có mấy nội dung", "Đề cương II", "Đề cương II.1"),
        ("mục III.4 của Công Thương nói gì", "III.4", "III.4.1"),
        ("phần III của Quảng Trị gồm những nhiệm vụ nào", "III", "III.1"),
    ],
)
def test_a_section_is_answered_with_what_stands_in_it(text: str, section: str, first_below: str) -> None:
    said = load_adviser().ask(text)
    assert (said.kind, said.section) == (AnswerKind.OUTLINE, section)
    assert first_below in [passage.section for passage in said.passages]


@pytest.mark.parametrize(
    ("text", "section"),
    [
        ("phần bối cảnh trong đề cương báo cáo sơ kết của Công Thương phải viết gì", "Đề cương I"),
        ("nội dung công tác kiểm tra trong kế hoạch sơ kết giữa nhiệm kỳ của VUIT gồm những gì", "II.1.6"),
        ("phần xe buýt trong đề cương báo cáo sơ kết viết gì", None),
    ],
)
def test_a_section_is_found_by_the_topic_that_heads_it(text: str, section: str | None) -> None:
    adviser = load_adviser()
    said = adviser.names.titled(adviser.understanding.read(text))
    assert (said and (said.section or said.passages[0].section)) == section
