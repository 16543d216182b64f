"""Wishes of few words: campaigns opened, closed, looked at; the workbook of a report."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.meanings import AskerRole, Meaning, Situation, understand
from knowledge.meanings.wishes import (
    LONGEST,
    Asked,
    CampaignWish,
    WishedCampaign,
    WorkbookWish,
    read_campaign_wish,
    read_workbook_wish,
)
from knowledge.text import fold

TODAY = date(2026, 11, 28)


def opens(name: str = "", unit: str = "", asked: Asked | None = None) -> WishedCampaign:
    return WishedCampaign(CampaignWish.OPEN, name, unit, asked)


@pytest.mark.parametrize(
    ("said", "wish"),
    [
        ("mở đợt báo cáo sơ kết nhiệm kỳ", opens("sơ kết nhiệm kỳ")),
        ("mở đợt sơ kết giữa nhiệm kỳ cho các xã", opens("sơ kết giữa nhiệm kỳ", asked=Asked.UPPER)),
        ("Mở giúp anh đợt báo cáo quý 4 cho các cơ sở nhé", opens("quý 4", asked=Asked.GRASSROOTS)),
        ("phát động đợt lấy số liệu nữ công cho phường Bến Thành", opens("lấy số liệu nữ công", "phường Bến Thành")),
        ("triển khai sơ kết nhiệm kỳ cho tất cả các đơn vị", opens("sơ kết nhiệm kỳ", asked=Asked.ALL)),
        ("tạo thêm một đợt báo cáo", opens()),
        ("ai mở đợt báo cáo được", opens()),
        ("mở đợt mới đi", opens()),
        ("đóng đợt sơ kết lại giúp anh", WishedCampaign(CampaignWish.CLOSE)),
        ("chốt đợt báo cáo này nhé", WishedCampaign(CampaignWish.CLOSE)),
        ("ngừng nhận đợt báo cáo sơ kết", WishedCampaign(CampaignWish.CLOSE)),
        ("những đợt báo cáo nào đang mở", WishedCampaign(CampaignWish.LIST)),
        ("đợt sơ kết tới đâu rồi", WishedCampaign(CampaignWish.LIST)),
        ("cho xem danh sách đợt báo cáo", WishedCampaign(CampaignWish.LIST)),
    ],
)
def test_what_is_wished_of_campaigns(said: str, wish: WishedCampaign) -> None:
    assert read_campaign_wish(said) == wish
    without_marks = read_campaign_wish(fold(said))
    assert without_marks is not None
    assert (without_marks.wish, without_marks.asked) == (wish.wish, wish.asked)
    for role in (AskerRole.OFFICER, AskerRole.ADMIN):
        if wish.wish is not CampaignWish.LIST or role is AskerRole.ADMIN:
            assert understand(said, Situation(role, TODAY)).means is Meaning.BEGIN_REPORT


@pytest.mark.parametrize(
    "said",
    [
        "phát động đợt thi đua cao điểm",
        "mở đợt tập huấn cán bộ",
        "bao giờ mở đợt báo cáo sơ kết",
        "kế hoạch kiểm tra tài chính mấy đợt một năm",
        "đóng đợt 2 kinh phí công đoàn bao nhiêu",
        "đợt này tôi phải nộp gì",
        "mở báo cáo tháng 11",
        "Báo cáo anh Dũng, đợt này thu đoàn phí xong",
        "hạn nộp báo cáo sơ kết",
    ],
)
def test_what_is_no_wish_about_campaigns(said: str) -> None:
    assert read_campaign_wish(said) is None


@pytest.mark.parametrize(
    ("said", "month"),
    [
        ("cho tôi xin biểu mẫu excel", None),
        ("gửi file mẫu báo cáo", None),
        ("xin mẫu 11", 11),
        ("lấy form nộp", None),
        ("cho em xin cái template báo cáo quý 4", None),
        ("gui em bieu mau thang 11 voi a", None),
        ("mẫu báo cáo ở đâu", None),
        ("tải excel để điền", None),
    ],
)
def test_the_workbook_is_asked_for(said: str, month: int | None) -> None:
    assert read_workbook_wish(said) == WorkbookWish(month)
    for role in (AskerRole.OFFICER, AskerRole.SUPERVISOR):
        assert understand(said, Situation(role, TODAY)).means is Meaning.BEGIN_REPORT


@pytest.mark.parametrize(
    "said",
    [
        "biểu mẫu gồm những mục nào",
        "xin mẫu đơn gia nhập công đoàn",
        "cho xin mẫu biên bản đại hội",
        "đoàn viên gương mẫu cần gì",
        "xin file kế hoạch",
        "Mở form cho tui nhập tháng 7 với",
        "gửi tin cho mọi người: đã có mẫu báo cáo mới",
        "cần báo cáo bìa màu gì cho đẹp",
        "xin mẫu danh sách đơn vị",
    ],
)
def test_what_asks_for_no_workbook(said: str) -> None:
    assert read_workbook_wish(said) is None


@given(st.text(max_size=250))
def test_any_text_may_be_read(text: str) -> None:
    is_short = len(text) <= LONGEST
    assert is_short or read_campaign_wish(text) is None
    assert is_short or read_workbook_wish(text) is None
