"""Clauses that tell what somebody does or what happens at another time: no second date, unless they offer one."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.calendar.deadlines import parse_when, understood_deadline
from knowledge.calendar.outcomes import Unclear
from tests.examples import examples

TITLE = "Nộp danh sách"
TODAY = date(2026, 11, 3)  # a Tuesday

# Each offers, moves or may be another date, though somebody does something in it.
OFFERS = [
    "thứ tư tôi đi nộp",
    "thứ tư tôi mới nhận",
    "thứ tư chị qua thu",
    "thứ tư văn phòng chốt",
    "thứ tư là hạn của sếp",
    "thứ tư tôi phải có",
    "thứ tư tôi họp xong thì gửi",
    "thứ tư họp thì nộp luôn một thể",
    "hoặc thứ tư tôi họp xong",
    "hay thứ tư lúc sếp đi họp về",
    "nếu thứ tư tôi bận",
    "không thì thứ tư tôi trực",
    "thứ tư sếp họp dời lại",
    "thứ tư sếp họp bàn đổi ngày",
    "thứ tư kế toán họp nên lùi một bữa",
    "tôi nhầm, thứ tư họp",
    "không phải vậy mà là thứ tư tôi họp",
    "sếp muốn thứ tư",
    "sếp đòi thứ tư",
    "tỉnh yêu cầu ngày 18/11",
    "kế toán cần trước thứ tư",
    "văn phòng hẹn thứ tư",
    "thứ tư tôi vẫn ngồi ở cơ quan",
    "thứ tư văn phòng vẫn làm việc",
    "thứ tư tôi ngồi chờ",
    "tôi đợi tới thứ tư",
    "còn khoa Dược đi họp thì thứ tư",
    "riêng tổ bếp nghỉ nên thứ tư",
    "trường nào nghỉ thì thứ tư",
    "thứ tư mấy trường gửi",
    "thứ tư các khoa đem lên phòng",
    "thứ tư chị Lan trực, nộp cho chị",
    "thứ tư chị Lan đi họp, nộp cho chị",
    "thứ tư tôi trực cả ngày",
    "tuần sau sếp đi công tác nên tuần sau nữa",
    "18/11 tôi bận nên 19",
    "cơ quan nghỉ lễ nên thứ tư",
    "vì sếp bận nên 25/11",
    "lần trước nộp trễ hai ngày cũng được",
    "lần trước sếp nới ba ngày",
    "tháng trước ngày 18",
    "hôm qua sếp bảo 18",
    "hôm qua tỉnh chốt 18/11",
    "ai trễ thì 25",
    "trừ 2 ngày nghỉ",
    "thứ tư có đoàn, để qua đợt đó",
    "thứ tư có họp nộp luôn",
    "18/11 ban chấp hành họp thông qua",
    "25/11 tôi khóa sổ",
    "thứ tư kế toán đóng sổ",
    "thứ tư xe đưa thư chạy nhận hồ sơ",
    "công nhân thứ tư",
    "thứ tư là hạn họp",
    "hạn chót 18/11 chị đi họp",
    "thứ tư là đại hội, đem tới đó",
    "thứ tư tôi họp nên thôi",
    "thứ tư tôi họp nên gửi trước",
    "hôm sau tôi đi gom",
    "hai hôm nữa tôi thu",
    "do kế toán họp cho nên tháng sau",
    "tháng này tôi bận, tháng sau",
    "thứ tư phòng họp thống nhất",
    "thứ tư tôi kiểm tra",
    "thứ tư tôi tổng hợp đợt hai",
    "thu tu toi di thu",
    "bản giấy thứ tư đi họp nộp",
    "tháng này trường nghỉ",
    "thứ bảy văn phòng làm việc tới trưa",
    "thứ tư chị Lan trực, bữa đó đem lên",
    "thứ tư tôi trực nên cứ để tới đó",
    "thứ tư tôi đi, chắc vậy",
    "sếp nói thứ tư",
    "sếp bảo 25/11 họp mới cần",
    "kế toán kêu ngày mười tám",
    "thứ tư tôi họp cũng được",
    "thứ tư đi họp nộp tại chỗ",
    "mười tám các tổ có",
    "18/11 tôi lấy",
    "18/11 văn phòng gom",
    "mùng chín tôi đủ",
    "25 đơn vị xa",
    "25 khoa Nội",
    "mười đơn vị xa",
    "ngày mai sếp quyết",
    "tuần sau sếp họp rồi quyết lại",
    "tuần tới tôi báo ngày khác",
    "tháng sau tôi đi làm lại mới gom",
    "cuối tuần ai bận đi đám thì thôi",
    "cuối tuần các chị gửi",
    "đầu tuần sau phòng họp cũng kịp",
    "thu tu toi moi thu",
    "thu tu toi hop roi doi",
    "sep doi thu tu",
    "thu tu phong hop thi nop",
    "18/11 van phong chot so",
    "tới thứ tư tôi đi họp",
    "tết xong mới nộp",
    "tránh để qua 25/11",
    "họp xong thì nộp",
    "có công văn xong thì nộp luôn",
    "mỗi thứ tư tôi họp",
    "thứ tư tôi họp, thứ năm tôi thu",
    "sau 3 ngày văn phòng mở cửa",
    "sau hôm đó văn phòng nhận",
    "8h hôm sau mấy trường bấm gửi",
    "hết quý là phải có",
]  # fmt: skip

# Each only tells.
TELLS = [
    "thứ tư tôi đi họp rồi",
    "sáng thứ tư chị đi công tác",
    "18/11 sếp đi công tác",
    "mùng chín tôi về quê",
    "ngày mười hai tôi bận đám giỗ",
    "tuần sau cả phòng bận tiếp đoàn",
    "cuối tuần này trường đông phụ huynh lắm",
    "đầu tuần cả khoa bận giao ban",
    "quá giờ ấy bảo vệ đóng cổng",
    "hai chín tôi còn bận",
    "qua bữa đó kế toán khóa sổ",
    "tôi đi tập huấn từ thứ tư",
    "kế toán đi vắng tới ngày 18",
    "vì thứ tư sếp họp trên tỉnh",
    "thứ tư tôi phải trình hội đồng",
    "tháng sau công ty kiểm kê",
    "quý sau kế toán quyết toán mệt lắm",
    "17h bảo vệ khóa cổng",
    "thu tu toi di hop roi",
    "18/11 sep di cong tac",
    "tuan sau ca phong ban tiep doan",
    "tránh để sang tuần sau mới gửi",
    "sếp gọi ba cuộc rồi",
    "lần trước trễ 12 đơn vị",
    "khu mình có 23 công ty",
    "vì mười đơn vị thì hết chín đơn vị quên",
    "tết nhất xong rồi",
    "so dang doi gat lam",
    "quý trước trễ ba ngày",
    "tháng trước thiếu bốn đơn vị",
    "hôm qua sếp hỏi hai lần",
    "trễ là trừ 5 điểm",
    "ai trễ phạt 50 nghìn",
    "tổ tôi có 15 người",
    "thứ hai tuần sau có đoàn kiểm tra về",
    "ghe ra khơi ngày 18",
    "công nhân tăng ca tới 20h",
    "21h tôi ngủ rồi",
    "qua 25 là tôi nghỉ phép",
    "30/11 hội đồng họp",
    "hôm sau tôi đi tập huấn",
    "hai hôm nữa tôi nằm viện",
    "mai tôi còn lo giỗ",
    "thứ tư là đại hội của trường",
    "thứ tư tôi phải lên huyện họp",
    "thứ tư công ty tăng ca nên tôi biết là mệt",
]  # fmt: skip

BASES = {
    "ngày 20/11/2026": ["2026-11-20"],
    "trước 16h ngày 15/12/2026": ["2026-12-15"],
    "ngày 12 hằng tháng nha": ["2026-11-12", "2026-12-12", "2027-01-12"],
    "10 ngày nữa": ["2026-11-13"],
}


def understood(text: str, today: date = TODAY) -> tuple[str, list[str], bool]:
    found = understood_deadline(f"{TITLE}: {text}", today)
    return found.what, [day.isoformat() for day in found.next], found.ask


@pytest.mark.parametrize("offer", OFFERS)
def test_a_clause_that_may_offer_another_date_is_asked_about(offer: str) -> None:
    for base in BASES:
        assert understood(f"{base}, {offer}") == (TITLE, [], True), base
        assert understood(f"{base}, đừng ai quên, {offer}, cảm ơn nhiều")[2], base


@pytest.mark.parametrize("offer", OFFERS)
def test_an_offer_beside_a_time_given_alone_is_asked_about(offer: str) -> None:
    assert isinstance(parse_when(f"ngày 12 hằng tháng, {offer}", TODAY), Unclear)


@pytest.mark.parametrize("offer", OFFERS[::3])
@pytest.mark.parametrize("shape", ["{} ({})", "{}. {}.", "{}\n{}"])
def test_an_offer_is_heard_behind_any_pause(offer: str, shape: str) -> None:
    assert understood(shape.format("ngày 20/11", offer))[2]


@pytest.mark.parametrize("told", TELLS)
def test_what_is_told_beside_a_whole_date_is_no_second_date(told: str) -> None:
    for base, following in BASES.items():
        assert understood(f"{base}, {told}") == (TITLE, following, False), base


@pytest.mark.parametrize("told", TELLS[::4])
def test_an_offer_is_heard_behind_what_is_told(told: str) -> None:
    for offer in OFFERS[::5]:
        assert understood(f"ngày 20/11, {told}, {offer}")[2], offer


@pytest.mark.parametrize("told", TELLS[:20])
def test_what_is_told_makes_no_date_of_words_that_are_none(told: str) -> None:
    for vague in ("đầu tháng sau", "khoảng ngày 20", "mùng 8 hoặc mùng 10", "31/11", "28/10", "càng sớm càng tốt"):
        assert understood(f"{vague}, {told}")[2], vague


def test_a_day_off_is_told_unless_something_may_be_due_then() -> None:
    for told in ("thứ tư tuần sau mấy trường nghỉ", "mai văn phòng đóng cửa", "thứ bảy văn phòng không làm việc"):
        assert understood(f"ngày 20/11/2026, {told}") == (TITLE, ["2026-11-20"], False), told
    for text in (
        "ngày 20/11, 20/11 trường nghỉ",
        "thứ sáu tuần sau, thứ sáu tuần sau văn phòng không làm việc",
        "ngày 12 hằng tháng, tháng 12 trường nghỉ",
        "thứ bảy hằng tuần, thứ bảy văn phòng không làm việc",
        "10 ngày nữa, tuần sau cả trường nghỉ",
    ):
        assert understood(text) == (TITLE, [], True), text


def test_what_is_told_without_a_date_before_it_gives_none() -> None:
    for text in ("Họp tổ, thứ tư tôi đi công tác", "Nộp quỹ: sớm nhé, thứ tư tôi đi công tác"):
        assert understood_deadline(text, TODAY).ask, text


@pytest.mark.parametrize(
    ("text", "following"),
    [
        ("mốt, sếp gọi ba cuộc rồi", ["2026-11-05"]),
        ("mai, trước khi tàu cập bến 17h", ["2026-11-04"]),
        ("cứ thứ hai là nộp, 7h chào cờ xong mấy trường gửi luôn", ["2026-11-09", "2026-11-16", "2026-11-23"]),
        ("thu hai dau tien cua moi thang, chao co xong thi gui luon", ["2026-12-07", "2027-01-04", "2027-02-01"]),
        ("20/11 nay nghen", ["2026-11-20"]),
        ("31/3, 30/6, 30/9 với 31/12 hằng năm, cuối quý là phải có", ["2026-12-31", "2027-03-31", "2027-06-30"]),
        ("ngày cuối mỗi quý, hết quý là phải có", ["2026-12-31", "2027-03-31", "2027-06-30"]),
        ("trong 2 ngày làm việc, tính từ thứ hai tới là ngày thứ nhất", ["2026-11-10"]),
        ("ngày chín dương lịch mỗi tháng", ["2026-11-09", "2026-12-09", "2027-01-09"]),
        ("ngày làm việc cuối cùng của mỗi tháng, thứ tư tôi đi họp", ["2026-11-30", "2026-12-31", "2027-01-29"]),
        ("20/11, vì thủ quỹ chốt két tối hôm ấy", ["2026-11-20"]),
        ("30 thnág này, hai tám tôi còn đi họp", ["2026-11-30"]),
        ("tới thứ tư hằng tuần", ["2026-11-04", "2026-11-11", "2026-11-18"]),
        ("toi thu bay moi tuan", ["2026-11-07", "2026-11-14", "2026-11-21"]),
        ("ngày 25 mỗi tháng, không ai hỏi tới hỏi lui nữa", ["2026-11-25", "2026-12-25", "2027-01-25"]),
        ("thu ba hang tuan, khoi phai hoi nua", ["2026-11-03", "2026-11-10", "2026-11-17"]),
    ],
)
def test_plain_dates_beside_what_is_told_are_read(text: str, following: list[str]) -> None:
    assert understood(text) == (TITLE, following, False)


@pytest.mark.parametrize(
    "text",
    [
        "trước 20/11, 8h chào cờ xong mấy trường gửi",
        "mai, trước khi sếp chốt 17h thì thôi",
        "31/3, 30/6, 30/9 với 31/12 hằng năm, hết tháng là phải có hay sao",
        "ngày 25 mỗi quý, hết quý là phải có",
        "ngày 20 hằng tháng, hết tháng là phải có",
        "trong 2 ngày làm việc, tính từ thứ hai hoặc thứ ba là ngày thứ nhất",
        "20/11, 12 đơn vị",
        "20/11, sếp nói 25 đơn vị",
        "20/11, mai mốt tôi báo",
        "so y te doi 18/11",
        "20/11, sep doi qua 18",
        "20/11, cho thêm ngày",
        "20/11, chưa hỏi được chủ tịch",
        "20/11, khỏi hỏi, có gì tuần sau",
        "20/11, 18/11 cả phòng đi công tác nộp trước",
        "trước 16h ngày 20/11, 18/11 kế toán họp giao ban chốt",
    ],
)
def test_look_alikes_of_plain_words_are_asked_about(text: str) -> None:
    assert understood(text) == (TITLE, [], True)


def test_a_message_of_very_many_clauses_is_asked_about() -> None:
    assert understood("ngày 20/11" + ", thứ tư tôi đi họp" * 40)[2]


@pytest.mark.parametrize(
    "text",
    [
        "Khám mắt: 18/11, tổ may khám 20/11",
        "Họp chi bộ: thứ tư, đảng ủy họp thứ năm",
        "Thi tay nghề ngày 18/11, tổ may thi 20/11",
        "Tổng kết: 18/11, các tổ tổng kết 15/11",
        "kham mat: 18/11, to may kham 20/11",
    ],
)
def test_who_does_the_same_on_another_day_has_a_day_of_its_own(text: str) -> None:
    assert understood_deadline(text, TODAY).ask


def test_what_is_told_never_enters_a_title() -> None:
    for text in ("Nộp quỹ ngày 25/11, thứ năm tôi đi họp", "Nộp quỹ: ngày 25/11 (thứ năm tôi đi họp)"):
        found = understood_deadline(text, TODAY)
        assert (found.what, found.next, found.ask) == ("Nộp quỹ", (date(2026, 11, 25),), False), text


_TIMES = st.sampled_from(["thứ tư", "18/11", "ngày mười hai", "mùng chín", "sáng thứ năm", "mai", "thứ hai tuần sau"])
_WHO = st.sampled_from(["tôi", "chị", "sếp", "văn phòng", "kế toán", "mấy trường", "cả phòng", "chị Lan", "khoa Dược"])
_DEEDS = st.sampled_from(["đi họp", "bận đám giỗ", "về quê", "đi công tác", "tiếp đoàn", "họp giao ban", "dự hội nghị"])
_CHANGES = st.sampled_from(
    [
        "nộp",
        "gửi",
        "thu",
        "chốt",
        "là hạn",
        "đem lên",
        "thì",
        "hoặc",
        "nếu",
        "dời",
        "đổi",
        "lùi",
        "chờ",
        "cũng được",
        "mới nhận",
    ]
)


@settings(deadline=None, max_examples=examples(200))
@given(_TIMES, _WHO, _DEEDS, _CHANGES, st.booleans(), st.sampled_from(list(BASES)))
def test_one_word_that_offers_is_enough_to_ask(
    time: str, who: str, deed: str, change: str, is_first: bool, base: str
) -> None:
    told = f"{time} {who} {deed}"
    assert understood(f"{base}, {told}") == (TITLE, BASES[base], False)
    assert understood(f"{base}, {change} {told}" if is_first else f"{base}, {told} {change}")[2]
