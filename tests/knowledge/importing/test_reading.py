"""Headings, points and letterheads: where a figure stands, and who issued the plan."""

from __future__ import annotations

import pytest

from knowledge.importing.model import WhyDoubted
from knowledge.importing.plain_text import document_of_text
from knowledge.importing.reading import read_plan

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
    assert sections_and_values(body) == [("1.1", "300", True), ("2.1", "4", False)]


@pytest.mark.parametrize("titles", [("CHỈ TIÊU", "CÁCH LÀM"), ("## Kết quả cần đạt", "## Việc phải làm")])
def test_headings_without_a_number_say_what_their_part_is_about(titles: tuple[str, str]) -> None:
    body = f"{titles[0]}\n- Có 300 đoàn viên mới.\n{titles[1]}\n- Mở 4 lớp.\n"
    reading = read_plan(document_of_text(OPENING + body))
    told = {str(target.value): target.doubt for target in reading.targets}
    assert told == {"300": None, "4": WhyDoubted.OUTSIDE_TARGETS}


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


def test_numbers_count_on_under_a_heading_that_names_a_year() -> None:
    body = (
        "Kết quả năm 2024\n1. Toàn tỉnh có 900 công đoàn cơ sở.\n"
        "Chỉ tiêu chủ yếu năm 2025\n2. Sáng kiến: phấn đấu có 1.200 sáng kiến.\n3. Nhà ở: hỗ trợ 30 căn nhà.\n"
    )
    assert sections_and_values(body) == [("2", "1200", True), ("3", "30", True)]


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
            "CÔNG ĐOÀN CAO SU VIỆT NAM\nCÔNG ĐOÀN TỔNG CÔNG TY CAO SU AN PHÚ",
            "Theo Nghị quyết của Công đoàn Tổng công ty Cao su An Phú, Ban Thường vụ Công đoàn Tổng công ty ban hành "
            "Kế hoạch như sau:",
            "Ban Thường vụ Công đoàn Tổng công ty Cao su An Phú",
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


def test_a_narrow_column_that_breaks_the_country_s_name_names_the_union_once() -> None:
    union, nation = "CÔNG ĐOÀN HÀNG HẢI VIỆT NAM", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT\nNAM"
    head = f"TỔNG LIÊN ĐOÀN LAO ĐỘNG VIỆT\nNAM\n{union}\nSố: 1/KH-CĐHH\n{nation}\n"
    text = f"{head}\nKẾ HOẠCH\ncông tác năm 2026\n\nI. CHỈ TIÊU\n1. Kết nạp 800 đoàn viên.\n"
    assert read_plan(document_of_text(text)).plan.issuer == "Công đoàn Hàng hải Việt Nam"


def test_targets_of_every_year_stand_beside_those_of_a_stage() -> None:
    yearly = "2. Chỉ tiêu thường xuyên hằng năm\n- Mở ít nhất 4 lớp tập huấn.\n"
    body = f"I. CHỈ TIÊU\n1. Đến năm 2028\n- 82% CĐCS khá.\n{yearly}"
    reading = read_plan(document_of_text(OPENING.replace("năm 2025", "giai đoạn 2025 - 2028") + body))
    assert [(str(each.value), each.horizon, each.doubt) for each in reading.targets] == [
        ("82", "2028", None),
        ("4", "annual", None),
    ]


def test_a_count_with_every_year_behind_it_is_yearly_whatever_stands_between() -> None:
    reading = read_plan(document_of_text(f"{OPENING}I. CHỈ TIÊU\n1. Trao 60 suất quà cho con công nhân mỗi năm.\n"))
    assert [(str(each.value), each.horizon) for each in reading.targets] == [("60", "annual")]


def test_a_heading_under_the_letterhead_is_no_part_of_the_issuer() -> None:
    text = "Số: 1/KH-LĐLĐ\nLIÊN ĐOÀN LAO ĐỘNG TỈNH AN PHÚ\nI. CHỈ TIÊU NĂM 2026\n1. Trao 500 suất quà.\n"
    assert read_plan(document_of_text(text)).plan.issuer == "Liên đoàn Lao động tỉnh An Phú"
