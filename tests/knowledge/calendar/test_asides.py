"""What stands beside a date: nothing that cannot change it is asked about, and nothing that could is passed over."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.calendar.deadlines import parse_when, understood_deadline
from knowledge.calendar.outcomes import Unclear
from knowledge.calendar.rules import Rule
from tests.examples import examples

TITLE = "Nộp danh sách"
TODAY = date(2026, 11, 3)  # a Tuesday

BASES = {
    "ngày 20/11": ["2026-11-20"],
    "trước ngày 15/12/2026": ["2026-12-14"],
    "thứ sáu tuần sau": ["2026-11-13"],
    "ngày 12 hằng tháng": ["2026-11-12", "2026-12-12", "2027-01-12"],
    "thứ hai hằng tuần": ["2026-11-09", "2026-11-16", "2026-11-23"],
    "ngày cuối mỗi quý": ["2026-12-31", "2027-03-31", "2027-06-30"],
    "10 ngày nữa": ["2026-11-13"],
    "trước 16 giờ ngày mai": ["2026-11-04"],
}

# Each stands behind a comma, a full stop or on a line of its own.
ASIDES = [
    "đừng ai quên nghe",
    "không gửi là tôi cắt thi đua",
    "không có ngoại lệ",
    "tôi không nhắc nữa đâu",
    "đừng bắt tôi gọi từng người",
    "đừng gửi ảnh chụp mờ",
    "không ai được xin lùi nữa",
    "khỏi hỏi thêm",
    "bên tài chính hối quá trời",
    "hôm đó có đoàn về kiểm tra",
    "tháng trước nhiều khoa trễ quá",
    "kỳ rồi sai mẫu tùm lum",
    "năm ngoái bị nhắc tên rồi",
    "hôm qua tôi đã nói trong cuộc họp",
    "tôi đi công tác cuối tuần",
    "chị trưởng phòng nghỉ phép tuần sau",
    "đang cuối tháng bận quá",
    "đang kẹt kiểm kê giữa quý",
    "trúng ngày truyền thống của trường",
    "ai chưa rõ thì hỏi chị Lan",
    "ai vướng thì alo tôi",
    "càng sớm càng tốt",
    "gấp dữ lắm",
    "báo trước cho mọi người biết",
    "mỗi nơi hai bản giấy",
    "theo mẫu số 3",
    "số máy tôi 0905123456",
    "anh Tám bảo vệ nhận giùm",
    "nhờ cô Năm gom lại",
    "quá là tôi không nhận",
    "trễ là trừ điểm",
    "chị còn phải gom cho tỉnh",
    "mẫu tải trên nhóm",
    "nhớ đóng dấu đỏ",
    "làm cho đàng hoàng giùm cái",
    "in hai mặt cho đỡ giấy",
    "mạng yếu thì gửi qua zalo",
    "file excel cũng nhận",
    "please, mọi người reply mail giúp",
    "tội nghiệp cô văn thư",
    "cảm ơn các anh chị nhiều lắm",
    "chiều đó cô đi tập huấn",
    "tối tui mới rảnh mở ra xem",
    "sáng hôm đó bên anh giao ban",
    "trưa chị ghé lấy",
    "dù là cuối tuần",
    "tối nay tôi còn ngồi ở cơ quan",
    "gửi sớm cho chắc ăn",
    "chắc chắn không dời",
    "thông cảm giúp tôi",
    "mấy chị em tổ bếp ráng giúp",
    "các khoa phòng lưu ý ký tên đầy đủ",
]  # fmt: skip

# None of these may be passed over.
DOUBTS = [
    "không phải hôm đó đâu",
    "chắc vậy",
    "chưa chắc lắm",
    "dự kiến thôi",
    "chưa chốt hẳn",
    "có gì tôi báo lại",
    "hay là tháng sau",
    "hoặc bữa khác",
    "nếu kịp",
    "ai bận thì tuần tới",
    "khoa Dược thì cuối tháng",
    "riêng khoa Nội thong thả",
    "không gấp đâu",
    "không bắt buộc",
    "sếp nói dời qua 25/11",
    "sếp đang tính dời",
    "để hỏi lại sếp đã",
    "để coi lịch hội trường đã",
    "trễ vài bữa cũng được",
    "sớm hơn càng hay",
    "mai cũng được",
    "chưa biết có đổi không",
    "đợi thông báo của tỉnh",
    "chờ ý kiến công ty",
    "tùy khoa",
    "ai xa thì nộp sau",
    "đơn vị xa được nộp trễ",
    "lùi một tuần nữa",
    "thôi khỏi",
    "hủy rồi nhé",
    "à quên, ngày 21",
    "à nhầm, thứ tư",
    "không kịp thì hôm sau",
    "nếu không thì tuần tới",
    "khỏi nộp dịp hè",
    "gặp lễ thì dồn qua hôm sau",
    "trúng ngày nghỉ thì nộp trước",
    "bản cứng thì cuối tháng",
    "27 khoa Dược",
    "đúng không?",
    "mấy ngày sau cũng được",
    "có thể thay đổi",
    "nhớ không lầm là vậy",
    "tỉnh nói khác thì theo tỉnh",
    "cho du di",
    "mọi người thấy sao",
    "tới đó rồi tính",
    "theo tôi là hợp lý",
    "tôi không nhớ rõ",
    "cứ để vậy đã",
    "moi thang lam mot lan",
    "em nghi cuoi thang",
    "sếp bảo ngày 25",
    "tỉnh đòi thứ hai",
    "sep con tinh hoan",
    "lanh dao dang ban",
    "tối tôi hỏi sếp đã",
    "sáng chị ra hạn mới",
    "chiều anh báo cụ thể",
    "sáng mai tôi quyết lại",
    "ngày nghỉ miễn",
    "sếp muốn sớm",
    "sep keu lui",
    "tỉnh chưa trả lời",
    "vì hội trường chưa chắc trống",
    "sáng nay sếp báo đổi",
    "ngày lễ dồn qua hôm sau",
]  # fmt: skip


def understood(text: str, today: date = TODAY) -> tuple[str, list[str], bool]:
    found = understood_deadline(f"{TITLE}: {text}", today)
    return found.what, [day.isoformat() for day in found.next], found.ask


@pytest.mark.parametrize("aside", ASIDES)
def test_an_aside_changes_no_date_and_is_no_cause_to_ask(aside: str) -> None:
    for base, following in BASES.items():
        assert understood(f"{base}, {aside}") == (TITLE, following, False), base


@pytest.mark.parametrize("aside", ASIDES[::3])
@pytest.mark.parametrize("shape", ["{} ({})", "{}. {}.", "{}\n{}", "{} - {}", "{}; {}!"])
def test_an_aside_may_be_set_off_by_any_pause(aside: str, shape: str) -> None:
    assert understood(shape.format("ngày 20/11", aside)) == (TITLE, ["2026-11-20"], False)


@pytest.mark.parametrize("aside", ASIDES[::3])
def test_an_aside_may_stand_before_the_date_where_the_title_is_known(aside: str) -> None:
    assert understood(f"{aside}, trước ngày 20/11") == (TITLE, ["2026-11-19"], False)


@pytest.mark.parametrize("doubt", DOUBTS)
def test_what_could_change_the_date_is_asked_about(doubt: str) -> None:
    for base in ("ngày 20/11", "ngày 12 hằng tháng", "10 ngày nữa"):
        assert understood(f"{base}, {doubt}") == (TITLE, [], True), base


@pytest.mark.parametrize("doubt", DOUBTS[::4])
def test_a_doubt_is_heard_among_asides_too(doubt: str) -> None:
    assert understood(f"ngày 20/11, đừng ai quên nghe, {doubt}")[2]
    assert understood(f"ngày 20/11 nha mấy đứa, {doubt}, cảm ơn nhiều")[2]


@pytest.mark.parametrize(
    ("text", "following"),
    [
        ("ngày 20/11 nha mấy đứa", ["2026-11-20"]),
        ("ngày 20/11 nghe anh Ba", ["2026-11-20"]),
        ("cứ thứ tư là phải có, tuần nào cũng vậy", ["2026-11-04", "2026-11-11", "2026-11-18"]),
        ("hằng năm trước ngày 15/12, năm nào cũng phải nhắc", ["2026-12-14", "2027-12-14", "2028-12-14"]),
        ("thứ năm tuần này là chót", ["2026-11-05"]),
        ("trong tuần này, đến thứ sáu là khóa link", ["2026-11-06"]),
        ("ngày cuối cùng của mỗi quý nộp cho văn phòng công đoàn", ["2026-12-31", "2027-03-31", "2027-06-30"]),
        ("ngày 20/11 tới 25/11, nhớ nghe", ["2026-11-25"]),
        ("các khoa phòng gửi trước ngày 20/11", ["2026-11-19"]),
        ("cho các tổ 5 ngày nữa", ["2026-11-08"]),
        ("yêu cầu các tổ trưởng nộp vào ngày 10/12", ["2026-12-10"]),
        ("chị Mai gom, hạn ngày 20/11", ["2026-11-20"]),
        ("trong 7 ngày làm việc kể từ ngày mai", ["2026-11-12"]),
        ("sau 2 ngày làm việc nữa", ["2026-11-05"]),
        ("trong sáu ngày làm việc tính từ hôm nay", ["2026-11-11"]),
        ("trong 4 ngày làm việc, không tính hôm nay", ["2026-11-09"]),
        ("15 ngày nữa kể từ hôm nay", ["2026-11-18"]),
        ("ngày 15 tháng ba năm hai nghìn không trăm hai mươi tám", ["2028-03-15"]),
        ("ngay 1 thang 2 nam hai nghin khong tram hai muoi bay", ["2027-02-01"]),
        ("ngày 9 tháng tư năm hai không hai bảy", ["2027-04-09"]),
        ("ngày 1 tháng 6 năm hai nghìn không trăm ba mươi", ["2030-06-01"]),
        ("deadline là Monday 23/11/2026 nhé team", ["2026-11-23"]),
        ("every Friday nha", ["2026-11-06", "2026-11-13", "2026-11-20"]),
        ("tomorrow nha", ["2026-11-04"]),
        ("một năm một bận, 15/12 nhé", ["2026-12-15", "2027-12-15", "2028-12-15"]),
        ("ngafy 20 thangs 12 nhes", ["2026-12-20"]),
        ("truwowcs ngafy 15 hawngf thangs, ddwngf queen nhes", ["2026-11-14", "2026-12-14", "2027-01-14"]),
        ("chur nhaatj hawngf tuaanf", ["2026-11-08", "2026-11-15", "2026-11-22"]),
        ("ngafy lamf vieecj cuoois cufng cuar thangs", ["2026-11-30", "2026-12-31", "2027-01-29"]),
        ("tru7o71c nga2y 15 ha8ng2 tha1ng, d9u72ng que6n", ["2026-11-14", "2026-12-14", "2027-01-14"]),
        ("ngay 20/11, dung ai quen nghe", ["2026-11-20"]),
        ("chieu thu sau tuan nay, dung tre nua", ["2026-11-06"]),
        ("trước 10h ngày 25/11, chiều đó chú vào viện thăm đoàn viên", ["2026-11-25"]),
        ("trước 20/11, sáng tôi gom một lần", ["2026-11-19"]),
        ("thu tu tuan sau, toi tui moi mo may", ["2026-11-11"]),
        ("quý nào cũng nộp, ngày cuối cùng của quý đó", ["2026-12-31", "2027-03-31", "2027-06-30"]),
        ("tháng nào cũng phải có, vào ngày mười của tháng đó", ["2026-11-10", "2026-12-10", "2027-01-10"]),
        ("ngày 12 mỗi tháng, tháng sáu cũng thế", ["2026-11-12", "2026-12-12", "2027-01-12"]),
        ("mùng 8 hằng tháng, tháng giêng cũng vậy", ["2026-11-08", "2026-12-08", "2027-01-08"]),
        ("10 thang 12 hang nam, so lieu nam do", ["2026-12-10", "2027-12-10", "2028-12-10"]),
        ("thuws bayr nayf", ["2026-11-07"]),
        ("chuur nhaatj tuaanf nayf", ["2026-11-08"]),
        ("thứ bảy tuần này, ngày nghỉ mà tôi vẫn ngồi đây", ["2026-11-07"]),
    ],
)
def test_plain_dates_among_words_are_read(text: str, following: list[str]) -> None:
    assert understood(text) == (TITLE, following, False)


@pytest.mark.parametrize(
    "text",
    [
        "2 ngày sau lễ khai giảng",
        "cuối năm học",
        "hết tháng công nhân",
        "ngày cuối của học kỳ",
        "trong 5 ngày khi nhận công văn",
        "trong 5 ngày nhận công văn",
        "theo công văn ngày 1/12",
        "họp xong 3 ngày sau",
        "ngày 20/11 gì đó",
        "ngày 20/11 đổ lại",
        "ngày 20/11 cỡ đó",
        "ngày 20/11 thì phải",
        "ngày 20/11 không nộp nhé",
        "ngày 20/11 bản mềm, 25/11 bản cứng",
        "thứ sáu hằng tuần, tuần này miễn",
        "thứ sáu hằng tuần, tuần nào nghỉ lễ thì thôi",
        "20/11, tuần tới",
        "đầu tháng sau, đừng ai quên",
        "ngày 10 hằng quý, đừng ai quên nhé",
        "khoảng ngày 20, đừng ai quên nhé",
        "31/11, đừng ai quên",
        "ngày 28/10, đừng ai quên",
        "ngày 20/11 âm lịch, nhớ nghen",
        "next Friday nha",
        "20/11 là ngày họp, nộp trước đó",
        "không phải thứ hai đâu, thứ ba nhé",
        "ngày 30 mỗi tháng, tháng hai cũng vậy",
        "ngày 12 mỗi tháng, tháng sáu cũng được",
        "ngày 12 mỗi tháng, tháng sáu thì ngày 10",
        "ngày 15 mỗi tháng, ngày 20 của tháng đó",
        "ngày 5 hằng tháng, tháng đó nghỉ",
        "hằng tháng, ngày 5 sau tháng đó",
        "mỗi quý, ngày 5 tháng đó",
        "trước 20/11, sáng em mang lên",
        "20/11, tối đó qua 21",
    ],
)
def test_words_that_tell_more_of_a_time_are_not_cut_off(text: str) -> None:
    assert understood(text) == (TITLE, [], True)


@pytest.mark.parametrize(
    ("text", "what", "following"),
    [
        ("Nộp quỹ ngày 25/11, đừng ai quên nhé", "Nộp quỹ", ["2026-11-25"]),
        ("nộp quỹ trước 25/11 nghen mấy đứa", "nộp quỹ", ["2026-11-24"]),
        ("Trước 25/11, nộp quỹ cho cô văn thư", "nộp quỹ cho cô văn thư", ["2026-11-24"]),
        (
            "nộp hồ sơ, trước ngày 5 hằng tháng, trễ là trừ điểm",
            "nộp hồ sơ",
            ["2026-11-04", "2026-12-04", "2027-01-04"],
        ),
        ("Nộp quỹ kèm biểu 2: ngày 20/11, nhớ ký", "Nộp quỹ kèm biểu 2", ["2026-11-20"]),
        ("Nộp bản tổng hợp số liệu trước ngày 20/11 nha mấy đứa", "Nộp bản tổng hợp số liệu", ["2026-11-19"]),
        ("Họp tổ nữ công ngày 20/11, ai vướng thì báo trước", "Họp tổ nữ công", ["2026-11-20"]),
        ("nop quy ngay 20/11", "nop quy", ["2026-11-20"]),
        ("nop quy truoc 20/11, sang chi gom", "nop quy", ["2026-11-19"]),
        ("Gửi bản mềm trước ngày 20/11", "Gửi bản mềm", ["2026-11-19"]),
        ("nop ban giay danh sach ngay 20/11", "nop ban giay danh sach", ["2026-11-20"]),
    ],
)
def test_an_aside_never_enters_the_title(text: str, what: str, following: list[str]) -> None:
    found = understood_deadline(text, TODAY)
    assert (found.what, [day.isoformat() for day in found.next], found.ask) == (what, following, False)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("nop quy ngay 20/11, gap ngay nghi thi nop truoc", "nop quy"),
        ("nop quy ngay 20/11 sep dang tinh doi", "nop quy"),
        ("Nộp quỹ ngày 20/11 lãnh đạo còn bàn", "Nộp quỹ"),
        ("20/11, chiều tôi xuống cơ sở", ""),
    ],
)
def test_what_stands_behind_a_date_becomes_no_title(text: str, what: str) -> None:
    found = understood_deadline(text, TODAY)
    assert found.ask
    assert found.what == what


def test_a_time_given_alone_may_have_asides_too() -> None:
    found = parse_when("ngày 20 hằng tháng, đừng ai quên nhé", TODAY)
    assert isinstance(found, Rule)
    assert (found.code, found.wording) == ("month:0.d20", "ngày 20 hằng tháng")
    corrected = parse_when("sửa thành ngày 25 hằng tháng", TODAY)
    assert isinstance(corrected, Rule)
    assert corrected.code == "month:0.d25"


@pytest.mark.parametrize("doubt", DOUBTS)
def test_a_doubt_beside_a_time_given_alone_is_asked_about(doubt: str) -> None:
    assert isinstance(parse_when(f"ngày 20 hằng tháng, {doubt}", TODAY), Unclear)


_PLAIN = st.lists(
    st.sampled_from(["khoa", "trường", "nhắc", "kỹ", "dặn", "mọi", "ráng", "mạng", "hồ", "dấu", "nghe", "mấy", "bếp"]),
    max_size=5,
).map(" ".join)
_TIMES = st.one_of(
    st.integers(1, 31).map(lambda day: f"ngày {day}"),
    st.builds("{}/{}".format, st.integers(1, 28), st.integers(1, 12)),
    st.sampled_from(["thứ ba", "chủ nhật", "tháng sau", "tuần tới", "cuối tháng", "mai", "quý sau", "hai bữa nữa"]),
)


@settings(deadline=None, max_examples=examples(200))
@given(_PLAIN, _TIMES, _PLAIN, st.sampled_from([", ", ". ", " ", " nhé, ", " (", "\n"]))
def test_a_second_time_is_never_lost(before: str, second: str, behind: str, pause: str) -> None:
    found = understood_deadline(f"{TITLE}: ngày 20/11/2026{pause}{before} {second} {behind}", TODAY)
    alone = understood_deadline(f"{TITLE}: ngày 20/11/2026, {second}", TODAY)
    assert found.ask or found.next == alone.next


@settings(deadline=None, max_examples=examples(150))
@given(_PLAIN, st.sampled_from(list(BASES)), st.sampled_from([", ", ". ", "\n", " ("]))
def test_words_without_time_or_doubt_are_never_asked_about(words: str, base: str, pause: str) -> None:
    assert understood(f"{base}{pause}{words}") == (TITLE, BASES[base], False)
