"""Kinds of sayings told by what stands in them together, and what only looks like one."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.meanings import AskerRole, Meaning, Situation, understand
from knowledge.meanings.kinds import find_kind

TODAY = date(2026, 11, 28)
OFFICER, SUPERVISOR, GUEST = AskerRole.OFFICER, AskerRole.SUPERVISOR, AskerRole.GUEST


def means(said: str, role: AskerRole) -> Meaning:
    return understand(said, Situation(role, TODAY)).means


@pytest.mark.parametrize(
    ("said", "role"),
    [
        ("báo tui trước ngày nộp chừng bốn hôm là được", SUPERVISOR),
        ("nhắc anh vào chiều thứ tư thôi, mấy ngày kia bận đứng lớp", SUPERVISOR),
        ("đổi giờ nhắc của em qua 9h tối giùm", OFFICER),
        ("nhac minh truoc han 5 ngay", SUPERVISOR),
        ("remind me vào buổi trưa nha, sáng ồn quá", SUPERVISOR),
        ("mỗi tuần nhắc chị một lần thôi", OFFICER),
    ],
)
def test_who_wants_to_be_reminded_sets_no_deadline(said: str, role: AskerRole) -> None:
    assert means(said, role) is Meaning.REMINDER_SETTINGS


@pytest.mark.parametrize(
    "said",
    [
        "nhắc các đơn vị nộp hồ sơ khen thưởng trước ngày 12/12",
        "giao các cơ sở nộp biên bản kiểm tra trước ngày 8 tháng sau",
        "đặt hạn 17h thứ sáu cho các trường nộp bảng chấm điểm",
    ],
)
def test_a_thing_to_be_handed_in_by_units_is_a_deadline(said: str) -> None:
    assert means(said, SUPERVISOR) is Meaning.SET_DEADLINE


@pytest.mark.parametrize(
    "said",
    [
        "tháng 7 mình khai mấy đoàn viên vậy ta",
        "thang 8 tui bao bao nhieu lao dong hè",
        "kỳ trước em kê khai giảm bao nhiêu người nhỉ",
        "hồi quý 2 tôi ghi mấy người kết nạp",
    ],
)
def test_what_was_told_of_a_past_month_is_asked_for(said: str) -> None:
    assert means(said, OFFICER) is Meaning.OWN_FIGURES


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("báo cáo tháng này của em tới hạn chưa hả bot", Meaning.DUE),
        ("toi bi tre han bao cao chua, hay con kip", Meaning.DUE),
        ("bc thang nay tre nhat la hom mo ri", Meaning.DUE),
        ("báo cáo em gửi hồi trưa đã duyệt chưa", Meaning.OWN_STATUS),
        ("bc cua em toi noi chua, gui tu hom qua roi", Meaning.OWN_STATUS),
    ],
)
def test_late_or_not_is_no_question_of_what_was_sent(said: str, meant: Meaning) -> None:
    assert means(said, OFFICER) is meant


@pytest.mark.parametrize(
    ("said", "role", "meant"),
    [
        ("em sắp nghỉ sinh, xin rút tên khỏi danh sách người nộp", OFFICER, Meaning.ME),
        ("tôi không phụ trách mảng này nữa, bỏ tên tôi ra giúp", SUPERVISOR, Meaning.ME),
        ("tui hết phụ trách cơ sở này rồi", OFFICER, Meaning.ME),
        ("em là lính mới, giờ cần làm gì", GUEST, Meaning.HELP),
        ("chưa dùng bao giờ, bắt đầu từ đâu vậy", GUEST, Meaning.HELP),
        ("muốn đôn đốc mấy nơi nộp muộn thì bấm nút nào", SUPERVISOR, Meaning.HELP),
        ("trợ lý bị đơ hay sao mà trả lời lâu dữ", OFFICER, Meaning.ABOUT_BOT),
        ("bot ngủ gật hả, hỏi nãy giờ", OFFICER, Meaning.ABOUT_BOT),
        ("cho xin biên lai chứng tỏ là tôi nộp rồi", OFFICER, Meaning.HISTORY),
        ("who hasn't reported yet", SUPERVISOR, Meaning.MISSING),
        ("I need more time, kế toán ốm", OFFICER, Meaning.EXTENSION),
    ],
)
def test_other_kinds(said: str, role: AskerRole, meant: Meaning) -> None:
    assert means(said, role) is meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Quảng Trị được giao mấy đoàn viên", Meaning.PLAN_QUESTION),
        ("công đoàn ngành y tế được giao bao nhiêu đoàn viên rứa", Meaning.PLAN_QUESTION),
        ("cơ sở em được giao mấy đoàn viên", Meaning.SHARE),
        ("tụi em ở Đồng Nai, năm nay tụi em được giao mấy người", Meaning.SHARE),
    ],
)
def test_what_a_place_was_given_is_no_share_of_ones_own(said: str, meant: Meaning) -> None:
    assert means(said, OFFICER) is meant


def test_a_unit_of_ones_own_is_asked_of_its_share() -> None:
    asked = Situation(SUPERVISOR, TODAY, names_unit=lambda text: "Cam Lộ" in text)
    assert understand("Cam Lộ được giao mấy đoàn viên", asked).means is not Meaning.PLAN_QUESTION


@given(st.text(max_size=400), st.sampled_from(AskerRole))
def test_any_text_has_a_kind_or_none(text: str, role: AskerRole) -> None:
    assert find_kind(text, role) in {None, *Meaning}
    assert find_kind(text + " x" * 200, role) is None
