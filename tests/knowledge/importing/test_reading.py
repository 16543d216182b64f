"""The five plans as they were received, against what the catalogue says of them."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from knowledge.importing.model import PlanReading
from knowledge.importing.plain_text import document_of_text
from knowledge.importing.reading import read_plan
from knowledge.model.plans import Plan
from knowledge.plans import load_plans
from tests.knowledge.importing.scoring import Score, score

TEXTS = Path(__file__).parents[3] / ".." / "shared" / "plans"
PLANS = {plan.id: plan for plan in load_plans()}
# Places that the catalogue names by itself, where the text has no number of its own.
OWN_PLACES = {"III-TC": "III", "IV.1b": "IV.1"}
LOST = {"III.3.2"}  # a paragraph that is not in the text as it was received

pytestmark = pytest.mark.skipif(not TEXTS.is_dir(), reason="the texts of the plans (../shared/plans) are not here")


def read(plan_id: str) -> PlanReading:
    return read_plan(document_of_text((TEXTS / f"{plan_id}.txt").read_text(encoding="utf-8")))


def truth(plan: Plan) -> dict[str, list[dict[str, object]]]:
    deadlines = msgspec.to_builtins(plan.deadlines)
    for deadline in deadlines:
        for own, place in OWN_PLACES.items():
            deadline["section"] = deadline["section"].replace(own, place)
    return {"targets": msgspec.to_builtins(plan.targets), "deadlines": deadlines}


@pytest.fixture(scope="module")
def total() -> Score:
    whole = Score()
    for plan_id, plan in PLANS.items():
        whole.add(score(read(plan_id), truth(plan)))
    return whole


def test_targets_are_right_in_value_unit_horizon_and_comparator(total: Score) -> None:
    assert total.right >= 0.98 * total.expected, "\n".join(total.complaints)
    assert total.false <= 0.02 * total.read
    assert total.sure_and_wrong == 0
    assert total.doubtful <= 0.25 * total.read


def test_recurrences_are_found(total: Score) -> None:
    with_words = total.recurrences_expected - 3  # three stand in the catalogue although the text names no interval
    assert total.recurrences_right >= 0.95 * with_words, "\n".join(total.complaints)


def test_days_are_found() -> None:
    due = {str(deadline.due) for deadline in read("vuit-soket-2020").deadlines if deadline.due}
    assert due == {"2021-01-14", "2021-02-28", "2020-12-31"}


@pytest.mark.parametrize("plan_id", PLANS)
def test_the_outline_is_whole(plan_id: str) -> None:
    plan = PLANS[plan_id]
    told = {fact.section for facts in (plan.targets, plan.tasks, plan.deadlines) for fact in facts}
    numbered = {section for section in told if re.fullmatch(r"(?:Đề cương )?[IVX]+(?:\.\d+)*", section)}
    assert numbered - LOST <= {heading.section for heading in read(plan_id).outline}


@pytest.mark.parametrize("plan_id", PLANS)
def test_the_identity_is_the_one_of_the_catalogue(plan_id: str) -> None:
    plan, found = PLANS[plan_id], read(plan_id).plan
    assert (found.number, found.date, found.kind) == (plan.number, plan.issued_on, plan.kind)
    assert found.signer == plan.signer


@pytest.mark.parametrize("plan_id", PLANS)
def test_every_number_is_in_a_fact_a_reference_or_left_over(plan_id: str) -> None:
    reading = read(plan_id)
    counts = reading.accounts
    assert counts.numbers == counts.in_facts + counts.in_references + len(reading.left_over)


@pytest.mark.parametrize("year", ["2023", "2025", "2030", "2045"])
@pytest.mark.parametrize("plan_id", ["hcm-nq02-2022", "vuit-nq02-2021", "quangtri-nq02-2021"])
def test_a_heading_of_time_that_is_lost_makes_what_stood_below_doubtful(plan_id: str, year: str) -> None:
    text = (TEXTS / f"{plan_id}.txt").read_text(encoding="utf-8")
    horizons = {(target.value, target.quote): target.horizon for target in read(plan_id).targets}
    kept = "\n".join(line for line in text.split("\n") if not re.match(rf".{{0,8}}Đến năm {year}", line))
    for target in read_plan(document_of_text(kept)).targets:
        if target.value is not None and horizons[target.value, target.quote] != target.horizon:
            assert target.doubt is not None, target.quote


OPENING = """LIÊN ĐOÀN LAO ĐỘNG TỈNH SÔNG LAM
Số: 45/KH-LĐLĐ
Sông Lam, ngày 12 tháng 3 năm 2024

KẾ HOẠCH
Công tác công đoàn năm 2025

"""


def sections_and_values(body: str) -> list[tuple[str, str, bool]]:
    """Section, value and sureness of each target of a plan with this body."""
    return [
        (target.section, str(target.value), target.doubt is None)
        for target in read_plan(document_of_text(OPENING + body)).targets
    ]


@pytest.mark.parametrize("sign", ["## ", ""])
def test_a_list_numbered_like_its_heading_stays_under_it(sign: str) -> None:
    body = f"{sign}1. Yêu cầu\nLàm gọn.\n{sign}2. Chỉ tiêu\n1. Có 300 đoàn viên mới.\n2. Đạt 82% CĐCS khá.\n"
    assert sections_and_values(body) == [("2.1", "300", True), ("2.2", "82", True)]


def test_a_marked_heading_ends_the_list_before_it() -> None:
    body = "## 1. Chỉ tiêu\n\n1. Có 300 đoàn viên mới.\n\n## 2. Giải pháp\n\n1. Mở 4 lớp.\n"
    reading = read_plan(document_of_text(OPENING + body))
    assert [heading.section for heading in reading.outline] == ["1", "1.1", "2", "2.1"]
    assert [left.number for left in reading.left_over] == ["4"]


@pytest.mark.parametrize("titles", [("CHỈ TIÊU", "CÁCH LÀM"), ("## Kết quả cần đạt", "## Việc phải làm")])
def test_headings_without_a_number_say_what_their_part_is_about(titles: tuple[str, str]) -> None:
    body = f"{titles[0]}\n- Có 300 đoàn viên mới.\n{titles[1]}\n- Mở 4 lớp.\n"
    reading = read_plan(document_of_text(OPENING + body))
    assert [(str(target.value), target.doubt) for target in reading.targets] == [("300", None)]
    assert [left.number for left in reading.left_over] == ["4"]


def test_parts_named_in_words_count_as_roman_where_no_roman_number_stands() -> None:
    body = "PHẦN THỨ NHẤT. CHỈ TIÊU\n1. Có 300 đoàn viên mới.\nPHẦN THỨ HAI. NHIỆM VỤ\n1. Mở lớp.\n"
    reading = read_plan(document_of_text(OPENING + body))
    assert [heading.section for heading in reading.outline] == ["I", "I.1", "II", "II.1"]


def test_a_slash_and_a_figure_begin_an_item() -> None:
    body = "I/ CHỈ TIÊU\n1/ Có 300 đoàn viên mới.\n2/ 82% CĐCS khá.\na/ 5 sáng kiến.\n"
    assert [section for section, _, _ in sections_and_values(body)] == ["I.1", "I.2", "I.2.a"]


def test_a_point_before_a_figure_is_no_part_of_it() -> None:
    assert sections_and_values("I. CHỈ TIÊU\n1. 82% CĐCS khá.\n2. 10 sáng kiến.\n3. 2 mô hình.\n") == [
        ("I.1", "82", True),
        ("I.2", "10", True),
        ("I.3", "2", True),
    ]


def test_a_point_of_two_numbers_before_a_figure_is_no_part_of_it() -> None:
    assert sections_and_values("I. CHỈ TIÊU\n1. Năm 2025\n1.1. 82% CĐCS khá.\n1.2. 10 sáng kiến.\n") == [
        ("I.1.1", "82", True),
        ("I.1.2", "10", True),
    ]


def test_numbers_count_on_under_the_next_heading() -> None:
    head = "LIÊN ĐOÀN LAO ĐỘNG TỈNH A\nSố: 1/KH-LĐLĐ\n\nKẾ HOẠCH\ncông tác năm 2026\n\n"
    body = (
        "TÌNH HÌNH\n1. Toàn tỉnh hiện có 900 công đoàn cơ sở.\n2. Phong trào còn hạn chế.\n"
        "CHỈ TIÊU\n3. Kết nạp mới 800 đoàn viên.\nNHIỆM VỤ\n4. Các cấp công đoàn đẩy mạnh tuyên truyền."
    )
    reading = read_plan(document_of_text(head + body))
    assert [(each.section, str(each.value)) for each in reading.targets] == [("3", "800")]
    assert [each.number for each in reading.left_over] == ["900"]


def test_a_short_line_that_names_what_follows_is_a_heading() -> None:
    head = "LIÊN ĐOÀN LAO ĐỘNG TỈNH A\nSố: 1/KH-LĐLĐ\n\nKẾ HOẠCH\ncông tác năm 2026\n\n"
    body = (
        "Ban Thường vụ LĐLĐ tỉnh ban hành kế hoạch như sau:\nChỉ tiêu đến năm 2030\nKết nạp mới 800 đoàn viên.\n"
        "Những việc cần làm\nCác cấp nộp báo cáo mỗi quý một lần."
    )
    reading = read_plan(document_of_text(head + body))
    assert [(str(each.value), each.horizon) for each in reading.targets] == [("800", "2030")]
    assert [each.recurrence for each in reading.deadlines] == ["every 3 months"]


@pytest.mark.parametrize(
    ("head", "opening", "issuer"),
    [
        ("ĐẢNG BỘ TỈNH AN PHÚ\nTỈNH ỦY\n*", "", "Tỉnh ủy An Phú"),
        ("LIÊN ĐOÀN LAO ĐỘNG TỈNH AN PHÚ\nBAN CHẤP HÀNH", "", "Ban Chấp hành Liên đoàn Lao động tỉnh An Phú"),
        ("LIÊN ĐOÀN LAO ĐỘNG TỈNH AN PHÚ\nCÔNG ĐOÀN NGÀNH GIÁO DỤC", "", "Công đoàn ngành Giáo dục tỉnh An Phú"),
        ("TỔNG LIÊN ĐOÀN LAO ĐỘNG VIỆT NAM\nCÔNG ĐOÀN HÀNG HẢI VIỆT NAM", "", "Công đoàn Hàng hải Việt Nam"),
        (
            "CÔNG ĐOÀN TỔNG CÔNG TY\nCAO SU AN PHÚ",
            "Năm 2026, Công đoàn Tổng công ty Cao su An Phú triển khai như sau:",
            "Công đoàn Tổng công ty Cao su An Phú",
        ),
        (
            "ĐẢNG BỘ TỈNH AN PHÚ\nĐẢNG ỦY XÃ BÌNH HÒA",
            "Ban Chấp hành Đảng bộ xã ban hành Chương trình như sau:",
            "Ban Chấp hành Đảng bộ xã Bình Hòa",
        ),
        (
            "CÔNG ĐOÀN VIÊN CHỨC VIỆT NAM\nCÔNG ĐOÀN BỘ TƯ PHÁP",
            "Theo đề nghị của Công đoàn Bộ Tư pháp, các đơn vị làm như sau:",
            "Công đoàn Bộ Tư pháp",
        ),
    ],
)
def test_issuers_of_letterheads(head: str, opening: str, issuer: str) -> None:
    text = f"{head}\nSố: 1/KH-A\n\nKẾ HOẠCH\ncông tác năm 2026\n\n{opening}\nI. CHỈ TIÊU\n1. Kết nạp 800 đoàn viên.\n"
    assert read_plan(document_of_text(text)).plan.issuer == issuer


def test_a_heading_under_the_letterhead_is_no_part_of_the_issuer() -> None:
    text = "Số: 1/KH-LĐLĐ\nLIÊN ĐOÀN LAO ĐỘNG TỈNH AN PHÚ\nI. CHỈ TIÊU NĂM 2026\n1. Trao 500 suất quà.\n"
    assert read_plan(document_of_text(text)).plan.issuer == "Liên đoàn Lao động tỉnh An Phú"
