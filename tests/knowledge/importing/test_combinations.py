"""Ways to bind a figure × whom it measures × by when, and ways to set a day: every combination is read alike."""

from __future__ import annotations

import itertools

import pytest

from knowledge.importing.model import PlanReading
from knowledge.importing.plain_text import document_of_text
from knowledge.importing.reading import read_plan

HEAD = """LIÊN ĐOÀN LAO ĐỘNG TỈNH SÔNG LAM
Số: 45/KH-LĐLĐ
Sông Lam, ngày 12 tháng 3 năm 2024

KẾ HOẠCH
Công tác năm 2025

"""
BOUND = {
    "ít nhất 72%": ">=", "72% trở lên": ">=", "từ 72% trở lên": ">=", "không dưới 72%": ">=", "tối thiểu 72%": ">=",
    "đạt từ 72% trở lên": ">=", "không thấp hơn 72%": ">=", "≥ 72%": ">=", "trên 72%": ">", "hơn 72%": ">", "72%": "=",
    "đạt 72%": "=", "72 phần trăm": "=", "dưới 72%": "<", "không quá 72%": "<=", "tối đa 72%": "<=",
    "không vượt quá 72%": "<=", "72% trở xuống": "<=", "từ 72% đến 81%": "range", "72 - 81%": "range",
}  # fmt: skip
MEASURED = (
    "CĐCS khu vực nhà nước hoàn thành tốt nhiệm vụ",
    "doanh nghiệp có từ 25 lao động trở lên trên địa bàn tỉnh thành lập CĐCS",
    "CĐCS đạt loại khá trở lên",
    "cán bộ công đoàn có trình độ đại học trở lên",
    "vụ việc được giải quyết trong 15 ngày",
)
WHEN = (
    ("", "", "2025"),
    ("Hằng năm, có ", "", "annual"),
    ("Đến năm 2027, phấn đấu có ", "", "2027"),
    ("Giai đoạn 2025 - 2027: ", "", "2027"),
    ("Bảo đảm ", " vào năm 2027", "2027"),
)


def read(heading: str, text: str) -> PlanReading:
    return read_plan(document_of_text(f"{HEAD}I. {heading}\n- {text}\n"))


@pytest.mark.slow
@pytest.mark.parametrize("measured", MEASURED)
def test_how_a_figure_binds_whatever_it_measures_and_by_when(measured: str) -> None:
    for (figure, comparator), (before, behind, horizon) in itertools.product(BOUND.items(), WHEN):
        text = f"{before}{figure} {measured}{behind}."
        (target,) = (each for each in read("CHỈ TIÊU", text).targets if each.value is not None)
        assert (target.comparator.value, f"{target.value}", target.horizon) == (comparator, "72", horizon), text
        assert target.doubt is None, text


DAYS = {
    "trước ngày 15/12/2025": "2025-12-14", "trước 15/12/2025": "2025-12-14", "(trước 15.12.2025)": "2025-12-14",
    "trước 17h00 ngày 15/12/2025": "2025-12-15", "chậm nhất là ngày 30/11/2025": "2025-11-30",
    "trong tháng 6/2025": "2025-06-30", "trong quý II/2025": "2025-06-30", "trong quý IV năm 2025": "2025-12-31",
    "trước ngày 20 tháng 10 năm 2025": "2025-10-19", "vào ngày 10/5/2025": "2025-05-10",
    "đến hết ngày 31/10/2025": "2025-10-31", "trước tháng 9/2025": "2025-08-31",
}  # fmt: skip
TIMES = {
    "hằng năm": ("yearly", None), "định kỳ 6 tháng": ("every 6 months", None), "mỗi năm một lần": ("yearly", None),
    "vào ngày 20 tháng cuối mỗi quý": ("every 3 months", "month/3:2.d20"),
    "định kỳ 6 tháng, năm (trước ngày 05/6 và 05/12)": ("every 6 months", "month/12:5.d4,11.d4"),
    "hằng quý": ("every 3 months", None), "định kỳ": ("regular", None), "hằng tháng": ("monthly", None),
    "trước ngày 20 hằng tháng": ("monthly", "month:0.d19"), "trước ngày 30/11 hằng năm": ("yearly", "month/12:10.d29"),
    "ngày 05 tháng 12 hằng năm": ("yearly", "month/12:11.d5"),
    "trước ngày 15/6 và 15/12 hằng năm": ("every 6 months", "month/12:5.d14,11.d14"),
    "trước ngày 05 của tháng đầu quý sau": ("every 3 months", "month/3:0.d4"),
    "chậm nhất ngày 10 tháng đầu quý tiếp theo": ("every 3 months", "month/3:0.d10"),
    "định kỳ 6 tháng đầu năm trước ngày 10/6 và cả năm trước ngày 10/12": ("every 6 months", "month/12:5.d9,11.d9"),
    "các năm sau gửi trước ngày 15/01": ("yearly", "month/12:0.d14"),
}  # fmt: skip
DUTIES = (
    "Các cấp công đoàn gửi báo cáo về LĐLĐ tỉnh",
    "Ban Tổ chức LĐLĐ tỉnh xây dựng kế hoạch thực hiện",
    "Văn phòng LĐLĐ tỉnh tổ chức sơ kết việc thực hiện Kế hoạch số 12/KH-TLĐ ngày 05/01/2024",
)


@pytest.mark.parametrize("duty", DUTIES)
def test_days_and_recurrences_of_duties(duty: str) -> None:
    for when, due in DAYS.items():
        (deadline,) = read("TỔ CHỨC THỰC HIỆN", f"{duty}, {when}.").deadlines
        assert f"{deadline.due}" == due, when
    for when, wanted in TIMES.items():
        (deadline,) = read("TỔ CHỨC THỰC HIỆN", f"{duty} {when}.").deadlines
        assert (deadline.recurrence, deadline.rule) == wanted, when


def test_several_days_of_one_clause_have_their_own_duties() -> None:
    text = (
        "Các CĐCS gửi báo cáo quý I trước ngày 05/3/2025, báo cáo năm trước ngày 20/11/2025 về LĐLĐ tỉnh. "
        "Giữa kỳ (quý III năm 2025) tổ chức sơ kết; quý II/2026 tổng kết."
    )
    found = [(str(each.due), each.what) for each in read("TỔ CHỨC THỰC HIỆN", text).deadlines]
    assert found[:2] == [
        ("2025-03-04", "Các CĐCS gửi báo cáo quý I"),
        ("2025-11-19", "báo cáo năm về LĐLĐ tỉnh"),
    ]
    assert [due for due, _ in found[2:]] == ["2025-09-30", "2026-06-30"]


def test_a_yearly_pace_is_no_duty_and_a_report_of_its_own_time_none_of_the_year() -> None:
    text = "Hằng năm trao tặng 500 suất quà. Gửi báo cáo trước ngày 10/12 hằng năm; báo cáo đột xuất trong 24 giờ."
    assert [each.rule for each in read("TỔ CHỨC THỰC HIỆN", text).deadlines] == ["month/12:11.d9"]
