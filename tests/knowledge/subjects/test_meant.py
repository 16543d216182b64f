"""Questions on subjects that nobody foresaw: answered in the plan's words, offered in others, no other's figure."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from functools import cache

import msgspec
import pytest

from bot.road.reply import to_plain
from bot.words import answers
from knowledge.answer import Adviser
from knowledge.model.answers import AnswerKind
from knowledge.model.plans import OwnSubject
from knowledge.plans import load_plans
from knowledge.question import build_understanding
from knowledge.subjects.asked import AskedFor
from knowledge.subjects.nearness import Measured
from tests.knowledge.examiner import read_rows, reply_to
from tests.knowledge.made import adviser_over, plan_of, target
from tests.knowledge.subjects.made_plans import (
    DATA,
    Marked,
    Outcome,
    adviser_with_made_plans,
    mark,
    read_made_plans,
    read_questions,
)


@cache
def adviser() -> Adviser:
    return adviser_with_made_plans()


@cache
def all_marked() -> list[Marked]:
    return [mark(adviser(), asked) for asked in read_questions() if asked.manner != "absent"]


def shares(manners: set[str]) -> dict[Outcome, float]:
    counted = Counter(marked.outcome for marked in all_marked() if marked.asked.manner in manners)
    return {outcome: count / counted.total() for outcome, count in counted.items()}


def test_there_are_enough_of_each() -> None:
    assert len(all_marked()) > 180
    assert len({subject.id for plan in read_made_plans() for subject in plan.subjects}) > 60


def test_most_are_answered_outright_and_nearly_all_offered() -> None:
    every = shares({marked.asked.manner for marked in all_marked()})
    assert every[Outcome.ANSWERED] >= 0.62, every
    assert every[Outcome.ANSWERED] + every[Outcome.OFFERED] >= 0.92, every


def test_in_the_words_of_the_plan_they_are_answered() -> None:
    assert shares({"plan", "name", "bare"})[Outcome.ANSWERED] >= 0.9


def test_no_figure_of_another_is_told() -> None:
    assert not [marked for marked in all_marked() if marked.outcome is Outcome.WRONG]


def test_what_is_offered_is_answered_when_it_is_meant() -> None:
    for subject in (subject for plan in read_made_plans() for subject in plan.subjects):
        for name in (subject.short or subject.name, subject.name):
            found = adviser().ask(f"Chỉ tiêu {name}")
            own = adviser().understanding.known_as.get(subject.id, subject.id)
            assert [group.subject for group in found.groups] == [own], name


@pytest.mark.parametrize(
    "said",
    [
        "tỷ lệ công đoàn cơ sở có tổ hòa giải",
        "bao nhiêu % CĐCS có tổ tự quản",
        "bao nhiêu tủ sách được trao cho khu nhà trọ",
        "tiết kiệm nước bao nhiêu phần trăm",
        "tỷ lệ nghiệp đoàn có trụ sở",
        "bao nhiêu cán bộ nữ công được đi nước ngoài",
        "bao nhiêu tàu cá được đóng mới",
        "thu nhập bình quân của cán bộ công đoàn tỉnh",
        "quỹ trợ vốn cho mỗi người vay tối đa mấy triệu",
        "ủy ban kiểm tra có mấy người",
        "tỷ lệ người lao động tham gia bảo hiểm xã hội tự nguyện",
    ],
)
def test_a_near_but_other_subject_tells_no_figure(said: str) -> None:
    assert not adviser().ask(said).groups


def test_a_choice_holds_no_figure() -> None:
    found = adviser().ask("mấy cháu được đi nghỉ hè với công đoàn")
    assert found.kind is AnswerKind.CHOOSE
    assert not found.facts
    assert "Trại hè con đoàn viên" in [choice.label for choice in found.choices]


def test_a_year_that_was_asked_stays_with_the_choice() -> None:
    found = adviser().ask("phụ nữ làm lãnh đạo công đoàn năm 2030 phải đạt bao nhiêu")
    assert "Chỉ tiêu Nữ cán bộ chủ chốt 2030" in [choice.question for choice in found.choices]


def test_the_next_question_may_lean_on_it() -> None:
    first = adviser().ask("thu đoàn phí không dùng tiền mặt năm 2026 bao nhiêu")
    second = adviser().ask("còn 2030?", first.question)
    assert [fact.target.figure for fact in second.facts] == ["90%"]


def test_without_own_subjects_nothing_is_read_otherwise() -> None:
    understanding = build_understanding(load_plans())
    assert understanding.read_known is understanding.read


def test_the_plans_of_the_catalogue_are_answered_as_before() -> None:
    rows = [row for row in read_rows(DATA / "questions.jsonl") if not row.context][::4]
    others = [row.q for row in rows if _shares(reply_with(row.q)) != _shares(reply_to(row))]
    assert len(others) <= 0.02 * len(rows), others


def reply_with(text: str) -> str:
    return to_plain(answers.answer(adviser().ask(text)))


def _shares(reply: str) -> list[str]:
    return [word for word in reply.split() if "%" in word]


def test_a_choice_asks_the_plan_that_was_named() -> None:
    found = adviser().ask("Biển Hải lập bao nhiêu hội của ngư dân")
    assert "Chỉ tiêu Nghiệp đoàn nghề cá LĐLĐ tỉnh Biển Hải" in [choice.question for choice in found.choices]


def test_no_choice_leads_to_another_choice() -> None:
    for asked in read_questions():
        found = adviser().ask(asked.q)
        for choice in found.choices if found.kind is AnswerKind.CHOOSE else ():
            assert adviser().ask(choice.question).kind is AnswerKind.TARGETS, choice.question


OVERTIME = OwnSubject(id="overtime", name="Số giờ làm thêm bình quân", short="giờ làm thêm", names=("giờ làm thêm",))
APP = OwnSubject(
    id="app_members",
    name="Đoàn viên dùng ứng dụng Công đoàn Việt Nam",
    short="ứng dụng Công đoàn Việt Nam",
    names=("app công đoàn", "ứng dụng công đoàn"),
)
WOMEN = OwnSubject(
    id="women_in_committee",
    name="Nữ tham gia ban chấp hành công đoàn",
    short="nữ trong ban chấp hành",
    names=("nữ trong ban chấp hành",),
)


def two_plans_with_subjects() -> Adviser:
    """Two plans that both set the women in committees, and one the hours worked beyond the usual."""
    women = msgspec.structs.replace(target(WOMEN.id, 35), population="nữ trong ban chấp hành công đoàn các cấp")
    hours = msgspec.structs.replace(
        target(OVERTIME.id, 30), figure="dưới 30 giờ/tháng", unit="giờ/tháng", population="giờ làm thêm bình quân"
    )
    app = msgspec.structs.replace(target(APP.id, 70), population="đoàn viên dùng ứng dụng Công đoàn Việt Nam")
    less = msgspec.structs.replace(women, value=Decimal(30), figure="từ 30% trở lên")
    first = msgspec.structs.replace(
        plan_of("Vĩnh An", (2026, 2030), women, hours, app), subjects=(WOMEN, OVERTIME, APP)
    )
    second = msgspec.structs.replace(plan_of("Bình Hòa", (2026, 2030), less), subjects=(WOMEN,))
    return adviser_over(first, second)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("so sánh nữ trong ban chấp hành của Vĩnh An và Bình Hòa", {35, 30}),
        ("giờ làm thêm", {30}),
        ("giờ làm thêm của Vĩnh An", {30}),
        ("app công đoàn", {70}),
    ],
)
def test_a_name_that_says_all_that_is_asked_is_answered(text: str, told: set[int]) -> None:
    assert {fact.target.value for fact in two_plans_with_subjects().ask(text).facts} == told


@pytest.mark.parametrize(
    ("said", "figures"),
    [
        ("Biển Hải: tàu cá có thiết bị giám sát hành trình là 80% phải không", ["100%"]),
        ("trước đây Giáo dục Tây Hải đặt 50% trường học hạnh phúc, nay thì sao", ["65%"]),
        ("Biển Hải trao mấy cái áo phao", ["2.000 áo phao"]),
        ("Điện lực Miền Thượng mỗi năm tư vấn bao nhiêu lượt người bị căng thẳng", ["1.500 lượt người"]),
        ("Giáo dục Tây Hải nhà công vụ giáo viên cũ nát sửa mấy nhà", ["8 nhà"]),
    ],
)
def test_what_stands_alone_in_the_plan_named_is_told(said: str, figures: list[str]) -> None:
    assert [fact.target.figure for fact in adviser().ask(said).facts] == figures


@pytest.mark.parametrize(
    "said",
    [
        "Điện lực Miền Thượng tiết kiệm nước bao nhiêu phần trăm",
        "Biển Hải bao nhiêu phần trăm tàu cá có tủ thuốc",
        "Giáo dục Tây Hải sửa bao nhiêu nhà trẻ",
    ],
)
def test_another_word_in_the_place_of_one_of_the_name_tells_no_figure(said: str) -> None:
    found = adviser().ask(said)
    assert not found.facts
    assert found.choices


def test_the_whole_country_is_the_confederation() -> None:
    hours = msgspec.structs.replace(
        target(OVERTIME.id, 30), figure="dưới 30 giờ/tháng", unit="giờ/tháng", population="giờ làm thêm bình quân"
    )
    plan = plan_of("Vĩnh An", (2026, 2030), hours, issuer="Tổng Liên đoàn Lao động Việt Nam")
    adviser = adviser_over(msgspec.structs.replace(plan, subjects=(OVERTIME,)))
    assert [fact.target.value for fact in adviser.ask("giờ làm thêm cả nước là bao nhiêu").facts] == [30]
    assert not adviser.ask("giờ làm thêm ở Hà Nội là bao nhiêu").facts


def test_a_known_subject_that_hardly_accounts_for_what_is_said_is_offered_beside_the_plan_s_own() -> None:
    contest = OwnSubject(id="welders", name="Hội thi thợ hàn giỏi", short="Hội thi thợ hàn giỏi", names=())
    people = msgspec.structs.replace(
        target(contest.id, 250), figure="250 người", unit="người", population="thợ hàn dự hội thi tay nghề cấp tỉnh"
    )
    adviser = adviser_over(msgspec.structs.replace(plan_of("Vĩnh An", (2026, 2030), people), subjects=(contest,)))
    found = adviser.ask("dịp đọ sức tay nghề phải gom đủ mấy người góp mặt")
    assert not found.groups
    assert [choice.label for choice in found.choices] == ["Nâng cao tay nghề", "Hội thi thợ hàn giỏi"]
    assert [fact.target.value for fact in adviser.ask(found.choices[1].question).facts] == [250]
    named = adviser.ask("nâng cao tay nghề phải đạt bao nhiêu phần trăm")
    assert {group.subject for group in named.groups} == {"skills_study"}


def test_words_that_lean_on_the_question_before_are_no_reason_for_a_doubt() -> None:
    first = adviser().ask("tỷ lệ ký thỏa ước của TP.HCM năm 2025")
    second = adviser().ask("đo trên doanh nghiệp nào", first.question)
    assert [group.subject for group in second.groups] == ["collective_agreement"]


@pytest.mark.parametrize(
    "said",
    [
        "đoàn viên nhắn tin hỏi thì chậm nhất mấy tiếng được trả lời",
        "công đoàn mỗi năm thêm ít nhất mấy tỷ",
    ],
)
def test_hours_and_money_are_not_answered_by_a_number_of_members(said: str) -> None:
    assert not adviser().ask(said).facts
    assert adviser().ask("đến 2030 có bao nhiêu đoàn viên").facts


def test_hours_are_also_counted_in_everyday_words() -> None:
    asked = AskedFor(build_understanding(load_plans()), ())
    hours = measured_in("giờ/tháng")
    assert asked.is_counted(hours, ("duoi", "may", "tieng"))
    assert not asked.is_of_kind(hours, ("bao", "nhieu", "tien"))


def measured_in(unit: str) -> Measured:
    empty: frozenset[str] = frozenset()
    return Measured("overtime", True, empty, frozenset({unit}), (), (), empty, frozenset(), frozenset())
