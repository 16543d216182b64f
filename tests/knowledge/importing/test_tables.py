"""Targets by year, tasks with their body and time, and shares of units, in tables."""

from __future__ import annotations

import pytest

from knowledge.importing.document import Document, Paragraph, Table
from knowledge.importing.model import PlanReading
from knowledge.importing.plain_text import document_of_text
from knowledge.importing.reading import read_plan

HEAD = tuple(
    Paragraph(line)
    for line in (
        "Số: 12/KH-LĐLĐ",
        "Sông Lam, ngày 5 tháng 3 năm 2024",
        "KẾ HOẠCH",
        "Thực hiện Nghị quyết Đại hội Công đoàn tỉnh Sông Lam nhiệm kỳ 2023 - 2028",
        "I. CHỈ TIÊU",
    )
)


def read(*tables: tuple[tuple[str, ...], ...]) -> PlanReading:
    return read_plan(Document((*HEAD, *(Table(rows) for rows in tables))))


def figures(reading: PlanReading) -> list[tuple[str, str, str | None, str | None]]:
    return [
        (target.comparator.value, f"{target.value}", target.unit, target.horizon)
        for target in reading.targets
        if target.value is not None
    ]


def test_targets_by_year_under_a_head_of_two_rows() -> None:
    reading = read(
        (
            ("STT", "Chỉ tiêu", "ĐVT", "Thực hiện 2023", "Chỉ tiêu các năm", ""),
            ("", "", "", "", "2024", "2025"),
            ("1", "Kết nạp đoàn viên mới", "người", "1.900", "2.000", "2.100"),
            ("2", "Tỷ lệ CĐCS đạt hoàn thành tốt nhiệm vụ trở lên", "%", "80", "≥ 82", "85 trở lên"),
            ("3", "Số sáng kiến", "“", "10", "12", "15"),
        )
    )
    assert figures(reading)[:4] == [
        ("=", "2000", "người", "2024"),
        ("=", "2100", "người", "2025"),
        (">=", "82", "%", "2024"),
        (">=", "85", "%", "2025"),
    ]
    assert [left.number for left in reading.left_over] == ["1.900", "80", "10"]
    assert all(target.doubt is None for target in reading.targets[:4])


def test_a_grade_in_the_label_is_no_floor() -> None:
    rows = (
        ("TT", "Nội dung", "ĐVT", "Chỉ tiêu năm 2025"),
        ("1", "CĐCS đạt loại tốt trở lên", "%", "85"),
        ("2", "A", "%", "9"),
    )
    assert figures(read(rows))[0] == ("=", "85", "%", "2025")


def test_units_in_labels() -> None:
    rows = (
        ("Chỉ tiêu", "Đến năm 2025", "Đến năm 2028"),
        ("Tổng số đoàn viên (người)", "150.000", "180.000"),
        ("Số vụ tai nạn lao động/100.000 lao động", "≤ 5", "4"),
    )
    assert figures(read(rows)) == [
        ("=", "150000", "người", "2025"),
        ("=", "180000", "người", "2028"),
        ("<=", "5", "vụ/100.000 lao động", "2025"),
        ("=", "4", "vụ/100.000 lao động", "2028"),
    ]


def test_a_table_goes_on_overleaf() -> None:
    first = (("TT", "Chỉ tiêu", "ĐVT", "2025", "2026"), ("1", "Kết nạp đoàn viên", "người", "5.000", "6.000"))
    second = (("2", "Tỷ lệ ký TƯLĐTT", "%", "80", "85"), ("3", "Sáng kiến", "sáng kiến", "100", "120"))
    assert ("=", "85", "%", "2026") in figures(read(first, second))


def test_tasks_with_body_and_time() -> None:
    reading = read(
        (
            ("TT", "Nội dung công việc", "Đơn vị chủ trì", "Phối hợp", "Thời hạn"),
            ("1", "Ban hành kế hoạch", "Văn phòng", "Các ban", "Quý I/2024"),
            ("2", "Tập huấn", "Ban Tổ chức", "nt", "Trước 15/12/2024"),
            ("3", "Sơ kết", "“", "Các đơn vị", "Tháng 12 hằng năm"),
            ("4", "Tuyên truyền", "Ban Tuyên giáo", "", "Thường xuyên"),
        )
    )
    found = [(each.what, each.who, str(each.due or each.recurrence), each.rule) for each in reading.deadlines]
    assert found == [
        ("Ban hành kế hoạch", "Văn phòng", "2024-03-31", None),
        ("Tập huấn", "Ban Tổ chức", "2024-12-14", None),
        ("Sơ kết", "Ban Tổ chức", "yearly", "month/12:11.last"),
    ]
    assert len(reading.tasks) == 4
    assert not reading.left_over


def test_shares_of_units_are_left_for_a_person() -> None:
    reading = read(
        (
            ("STT", "Đơn vị", "Kết nạp đoàn viên", "Thành lập CĐCS"),
            ("1", "LĐLĐ thành phố A", "500", "10"),
            ("2", "LĐLĐ huyện B", "300", "5"),
            ("3", "Công đoàn các KCN", "1.200", "8"),
        )
    )
    assert not reading.targets
    assert len(reading.left_over) == 6


def test_shares_of_an_annex_of_targets_are_targets_of_their_bodies() -> None:
    text = (
        "\n".join(each.text for each in HEAD)
        + """
PHỤ LỤC
Giao chỉ tiêu cho các đơn vị

TT
Đơn vị
Phát triển thêm (đoàn viên)
Hạn hoàn thành
1
CĐCS Công ty May
210
Tháng 10/2025
2
CĐCS Công ty Gỗ
95
“
3
Công đoàn xã An Bình
-
Quý III/2025
"""
    )
    reading = read_plan(document_of_text(text))
    assert [(each.scope, str(each.value), each.unit) for each in reading.targets] == [
        ("CĐCS Công ty May", "210", "đoàn viên"),
        ("CĐCS Công ty Gỗ", "95", "đoàn viên"),
    ]
    assert [str(each.due) for each in reading.deadlines] == ["2025-10-31", "2025-10-31", "2025-09-30"]


def test_rows_parted_by_dashes_and_broken_are_a_table() -> None:
    text = (
        "\n".join(each.text for each in HEAD)
        + """
PHỤ LỤC: PHÂN CÔNG
Nhiệm vụ - Đơn vị chủ trì - Thời gian
Viết sổ tay cho tổ trưởng các dây chuyền - Ban Tuyên giáo và Nữ
công - Quý III/2025
Mở rộng cổng phản ánh - Văn phòng - Trước
ngày 01/6/2025
"""
    )
    reading = read_plan(document_of_text(text))
    assert [(each.who, str(each.due)) for each in reading.deadlines] == [
        ("Ban Tuyên giáo và Nữ công", "2025-09-30"),
        ("Văn phòng", "2025-05-31"),
    ]


@pytest.mark.parametrize(
    "lines",
    [
        "| TT | Chỉ tiêu | ĐVT | Năm 2025 |\n|---|---|---|---|\n| 1 | Kết nạp đoàn viên | người | 5.000 |",
        "TT\tChỉ tiêu\tĐVT\tNăm 2025\n1\tKết nạp đoàn viên\tngười\t5.000\n2\tSáng kiến\tsáng kiến\t10",
        "TT\nChỉ tiêu\nĐVT\nNăm 2025\n1\nKết nạp đoàn viên\nngười\n5.000\n2\nSáng kiến\nsáng kiến\n10",
    ],
)
def test_tables_in_plain_text(lines: str) -> None:
    text = "\n".join(each.text for each in HEAD) + f"\n{lines}\n"
    assert figures(read_plan(document_of_text(text)))[0] == ("=", "5000", "người", "2025")


def test_a_column_of_units_or_of_bodies_is_told_by_its_cells() -> None:
    """ "Đơn vị" stands over both; shares of bodies numbered alike are no contradictions."""
    text = (
        "\n".join(each.text for each in HEAD)
        + """
PHỤ LỤC
Giao chỉ tiêu năm 2025 cho các đơn vị
| TT | Đơn vị | Phát triển đoàn viên (người) | Quỹ mái ấm (triệu đồng) |
| 1 | Cụm số 1 | 120 | 45 |
| 2 | Cụm số 2 | 80 | 30,5 |
| | Tổng cộng | 200 | 75,5 |
"""
    )
    found = [(each.scope, str(each.value), each.unit, each.doubt) for each in read_plan(document_of_text(text)).targets]
    assert found == [
        ("Cụm số 1", "120", "người", None),
        ("Cụm số 1", "45", "triệu đồng", None),
        ("Cụm số 2", "80", "người", None),
        ("Cụm số 2", "30.5", "triệu đồng", None),
    ]


def test_what_was_planned_against_what_was_done_is_past() -> None:
    reading = read(
        (
            ("Nội dung", "Kế hoạch", "Thực hiện", "Tỷ lệ"),
            ("Mái ấm công đoàn", "40 nhà", "37 nhà", "92,5%"),
            ("Lớp ngoại ngữ", "100 lớp", "112 lớp", "112%"),
        )
    )
    assert not reading.targets
    assert len(reading.left_over) == 6


def test_heads_in_everyday_words() -> None:
    reading = read(
        (
            ("Việc", "Ai làm", "Khi nào xong"),
            ("Khảo sát nhu cầu đọc sách", "Ban Tuyên giáo", "Trong tháng 5/2026"),
            ("Bình xét tủ sách tiêu biểu", "Báo Lao động", "Tháng 7 hằng năm"),
        )
    )
    assert [(each.what, each.who, str(each.due or each.recurrence)) for each in reading.deadlines] == [
        ("Khảo sát nhu cầu đọc sách", "Ban Tuyên giáo", "2026-05-31"),
        ("Bình xét tủ sách tiêu biểu", "Báo Lao động", "yearly"),
    ]


def test_columns_parted_by_two_blanks_and_shares_that_a_sentence_hands_out() -> None:
    text = (
        "\n".join(each.text for each in HEAD)
        + """
I. CHỈ TIÊU THEO MỐC
Nội dung  Đơn vị  Năm 2026  Năm 2028
Tổ tàu thuyền an toàn  tổ  60  110
Ngư dân biết bơi  %  55  72,5
II. TỔ CHỨC THỰC HIỆN
1. Phân bổ chỉ tiêu nghiệp đoàn thành lập mới theo khu vực:
Khu vực  Số nghiệp đoàn  Số đoàn viên
Khu vực Bãi Cát  12  2.300
Khu vực Cồn Dừa  6  1.100
"""
    )
    targets = read_plan(document_of_text(text)).targets
    found = [(each.scope, str(each.value), each.unit, each.horizon) for each in targets]
    assert found[:4] == [
        (None, "60", "tổ", "2026"),
        (None, "110", "tổ", "2028"),
        (None, "55", "%", "2026"),
        (None, "72.5", "%", "2028"),
    ]
    assert [(scope, value, unit) for scope, value, unit, _ in found[4:]] == [
        ("Khu vực Bãi Cát", "12", "nghiệp đoàn"),
        ("Khu vực Bãi Cát", "2300", "đoàn viên"),
        ("Khu vực Cồn Dừa", "6", "nghiệp đoàn"),
        ("Khu vực Cồn Dừa", "1100", "đoàn viên"),
    ]


def test_a_survey_sets_nothing() -> None:
    reading = read_plan(
        Document(
            (
                *HEAD,
                Paragraph("I. TÌNH HÌNH"),
                Table((("Nội dung khảo sát", "Tuyến tỉnh", "Tuyến xã"), ("Tỷ lệ bị xúc phạm (%)", "61,4", "35,7"))),
            )
        )
    )
    assert not reading.targets
    assert len(reading.left_over) == 2


def test_results_judged_in_words_are_past() -> None:
    reading = read(
        (
            ("TT", "Nội dung", "Chỉ tiêu Đại hội", "Kết quả đến 31/12/2025", "Đánh giá"),
            ("1", "Sáng kiến được công nhận (sáng kiến)", "6.000", "2.874", "Chưa đạt tiến độ"),
        )
    )
    assert not reading.targets


def test_columns_parted_by_single_blanks_under_years() -> None:
    text = (
        "\n".join(each.text for each in HEAD)
        + """
TT Chỉ tiêu Đơn vị Năm 2026 Năm 2028
1 Công đoàn cơ sở họp trực tuyến % 30 60
2 Điểm wifi miễn phí tại khu nhà trọ công
nhân điểm 60 150
"""
    )
    targets = read_plan(document_of_text(text)).targets
    assert [(each.indicator, str(each.value), each.unit, each.horizon) for each in targets] == [
        ("Công đoàn cơ sở họp trực tuyến", "30", "%", "2026"),
        ("Công đoàn cơ sở họp trực tuyến", "60", "%", "2028"),
        ("Điểm wifi miễn phí tại khu nhà trọ công nhân", "60", "điểm", "2026"),
        ("Điểm wifi miễn phí tại khu nhà trọ công nhân", "150", "điểm", "2028"),
    ]


def test_targets_that_are_handed_out_year_by_year_keep_the_units_of_their_rows() -> None:
    rows = (
        ("STT", "Chỉ tiêu", "Đơn vị tính", "Năm 2026", "Năm 2028"),
        ("1", "Góc học tập của công nhân", "góc", "20", "60"),
        ("2", "Công đoàn cơ sở dùng chữ ký số", "%", "65", "82,5"),
    )
    intro = Paragraph("1. Chỉ tiêu giao theo từng năm")
    assert figures(read_plan(Document((*HEAD, intro, Table(rows))))) == [
        ("=", "20", "góc", "2026"),
        ("=", "60", "góc", "2028"),
        ("=", "65", "%", "2026"),
        ("=", "82.5", "%", "2028"),
    ]


def test_the_head_of_a_share_names_its_unit_in_brackets() -> None:
    rows = (
        ("TT", "Đơn vị", "Góc học tập (góc)", "Kinh phí hỗ trợ (triệu đồng)"),
        ("1", "Công đoàn xã Bình Hòa", "08", "300"),
        ("2", "Công đoàn phường An Lạc", "04", "120"),
    )
    intro = Paragraph("1. Chỉ tiêu giao cho các đơn vị năm 2026:")
    reading = read_plan(Document((*HEAD, intro, Table(rows))))
    assert [(str(each.value), each.unit, each.share_of) for each in reading.targets] == [
        ("8", "góc", "Công đoàn xã Bình Hòa"),
        ("300", "triệu đồng", "Công đoàn xã Bình Hòa"),
        ("4", "góc", "Công đoàn phường An Lạc"),
        ("120", "triệu đồng", "Công đoàn phường An Lạc"),
    ]


def test_a_long_title_of_an_annex_says_by_when() -> None:
    rows = (
        ("TT", "Đơn vị", "Góc học tập (góc)"),
        ("1", "Công đoàn xã Bình Hòa", "08"),
        ("2", "Công đoàn phường An Lạc", "04"),
    )
    title = Paragraph("PHỤ LỤC: GIAO CHỈ TIÊU GÓC HỌC TẬP CHO CON CÔNG NHÂN VÀ VẬN ĐỘNG QUỸ HỌC BỔNG NĂM 2026")
    duties = Paragraph("II. TỔ CHỨC THỰC HIỆN")
    assert figures(read_plan(Document((*HEAD, duties, title, Table(rows))))) == [
        ("=", "8", "góc", "2026"),
        ("=", "4", "góc", "2026"),
    ]


def test_a_table_of_what_was_reached_sets_nothing() -> None:
    rows = (
        ("Nội dung", "Nghị quyết 2018 – 2023", "Kết quả"),
        ("Sáng kiến được công nhận", "2.500", "3.117"),
        ("Số vụ tai nạn lao động nặng", "dưới 10", "7"),
    )
    reading = read_plan(Document((*HEAD[:-1], Paragraph("A. ĐÁNH GIÁ NHIỆM KỲ 2018 – 2023"), Table(rows))))
    assert not reading.targets
    assert {left.number for left in reading.left_over} >= {"2.500", "3.117", "10", "7"}
