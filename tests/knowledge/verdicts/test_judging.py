"""What is said to a question that quotes something and asks whether it is so."""

from __future__ import annotations

import pytest

from bot.road.reply import to_plain
from bot.words import answers
from knowledge.answer import load_adviser
from knowledge.model.answers import Answer


def ask(text: str) -> Answer:
    return load_adviser().ask(text)


def reply(text: str) -> str:
    return to_plain(answers.answer(ask(text)))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sơ kết hết hạn tháng 2 đúng không", ""),
        ("báo cáo sơ kết hạn là tháng hai phải hông", ""),
        ("báo cáo sơ kết gửi Tổng Liên đoàn trong tháng 2/2021 đúng không", "Đúng: kế hoạch đặt trong tháng 02/2021."),
        ("sơ kết giữa nhiệm kỳ hết hạn tháng 5 đúng không", "Chưa đúng: kế hoạch đặt"),
        (
            "báo cáo sơ kết nộp về Công Thương trước 20/2/2021 phải không",
            "Chưa đúng: kế hoạch đặt trước ngày 15/01/2021",
        ),
    ],
)
def test_a_month_is_confirmed_only_where_the_duties_that_may_be_meant_agree(text: str, said: str) -> None:
    told = reply(text)
    assert told.startswith(said) if said else not told.startswith(("Đúng", "Chưa đúng"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        # who signed
        ("văn bản Bảo Lộc chú Triệu ký, đúng không cháu", "Đúng: người ký là Nguyễn Văn Triệu, Bí thư."),
        ("ban quang tri do ong trieu ky ha, dung ko", "Chưa đúng: người ký là Lê Quang Tùng, Bí thư."),
        ("A15 do bà Đặng Thị Mai ký phải hông", "Chưa đúng: người ký là Trần Quang Huy, Chủ tịch."),
        ("kế hoạch sơ kết thì đồng chí Huy ký, chuẩn chưa", "Đúng: người ký là Trần Quang Huy, Chủ tịch."),
        ("TPHCM signed by Nguyễn Hồ Hải, right?", "Đúng: người ký là Nguyễn Hồ Hải."),
        ("bản Quảng Trị phó bí thư ký đúng hem", "Chưa đúng: người ký là Lê Quang Tùng, Bí thư."),
        # number, day, issuer, basis, term
        ("bản của TPHCM là số 25-CTr/TU đúng hông", "Đúng: văn bản mang số 25-CTr/TU."),
        ("ke hoach nganh cong thuong so A51/KH-CĐCT phai ko", "Chưa đúng: văn bản mang số A15/KH-CĐCT."),
        ("A15 đề ngày 16 tháng 10 năm 2021 đúng chớ", "Chưa đúng: văn bản ban hành ngày 06/10/2021."),
        ("chương trình TPHCM ra hôm 31-12-2022 phải không", "Đúng: văn bản ban hành ngày 31/12/2022."),
        ("Quảng Trị ban hành chương trình ngày 3/2/2022 đúng không", "Văn bản không ghi ngày ban hành:"),
        ("kế hoạch A15 do Tổng Liên đoàn ban hành đúng không", "Chưa đúng: cơ quan ban hành là Công đoàn Công Thương"),
        ("chương trình Quảng Trị do Tỉnh ủy ban hành phải không", "Đúng: cơ quan ban hành là Ban Thường vụ Tỉnh ủy"),
        ("bản TPHCM dựa vào nghị quyết 03 đúng không", "Chưa đúng: văn bản thực hiện Nghị quyết số 02-NQ/TW"),
        ("kế hoạch sơ kết cho nhiệm kỳ 2018-2023 phải không", "Đúng: văn bản cho giai đoạn 2018–2023."),
        ("người ký bản Bảo Lộc là nguyễn văn chiểu đúng không", "Chưa đúng: người ký là Nguyễn Văn Triệu, Bí thư."),
        ("chú Triệu ký bản Bảo Lộc năm 2022 phải hem", "Văn bản không ghi ngày ban hành:"),
        ("bản sơ kết ký ngày 3/1/2021 đúng không", "Văn bản không ghi ngày ban hành:"),
        # papers that plans cite
        ("kết luận 79 của Bộ Chính trị ra ngày 25/12/2013 đúng không", "Đúng: văn bản được dẫn ngày 25/12/2013."),
        ("chuong trinh 1306 ky thang 11 nam 2019 phai hem", "Chưa đúng: văn bản được dẫn ngày 19/10/2019."),
        ("nghị quyết 02 của LĐLĐ tỉnh Lâm Đồng ngày 11/2/2019 đúng không", "Đúng: văn bản được dẫn ngày 11/02/2019."),
        ("gửi sơ kết về vanphong@vuit.org.vn đúng không", "Chưa đúng: địa chỉ nhận là tonghop@vuit.org.vn."),
        # bodies
        ("ban nội chính TPHCM lo biên chế cán bộ công đoàn phải ko", "Chưa đúng: chịu trách nhiệm là Ban Tổ chức"),
        ("bdv tỉnh ủy Quảng Trị đôn đốc chương trình, đúng hông", "Đúng: chịu trách nhiệm là Ban Dân vận Tỉnh ủy."),
        ("văn phòng công đoàn công thương gom báo cáo sơ kết đúng không", "Đúng: chịu trách nhiệm là Văn phòng"),
        # days, intervals, numbers
        ("sơ kết nộp trước hôm 16/1 đúng hông", "Chưa đúng: kế hoạch đặt trước ngày 15/01/2021."),
        ("so ket han chot la 15 thang gieng phai khong", "Đúng: kế hoạch đặt trước ngày 15/01/2021."),
        ("sơ kết phải nộp trong tháng 1/2021 phải không", "Kế hoạch đặt trước ngày 15/01/2021."),
        ("hạn chốt số liệu là 30/11/2020 phải không", "Chưa đúng: kế hoạch đặt đến hết 31/12/2020"),
        (
            "Quảng Trị cấp ủy cứ bốn tháng làm việc với công đoàn một lần đúng không",
            "Chưa đúng: kế hoạch",
        ),
        ("Quảng Trị cấp ủy mỗi quý làm việc với công đoàn một lần đúng không", "Đúng: kế hoạch đặt định kỳ 03 tháng"),
        ("lãnh đạo Quảng Trị đối thoại với công nhân mỗi năm hai lần phải không", "Chưa đúng: kế hoạch ghi “"),
        ("sơ kết công thương phải bày một hội nghị riêng đúng không", "Chưa đúng: kế hoạch ghi “"),
        ("khỏi cần mở hội nghị sơ kết riêng đúng không chị", "Đúng: kế hoạch ghi “"),
        ("bảo lộc khuyến khích chỗ 4 người trở lên lập công đoàn phải hem", "Chưa đúng: kế hoạch ghi “khuyến khích"),
        ("Sài Gòn xưởng 700 thợ được hỗ trợ cán bộ chuyên trách đúng hông", "Chưa đúng: kế hoạch ghi “hỗ trợ"),
        ("xí nghiệp từ 22 người trở lên ở Quảng Trị mới tính lập công đoàn, đúng không", "Chưa đúng: kế hoạch đặt cho"),
        ("Quảng Trị hằng năm kết nạp 1500 người đúng chớ", "Đúng, kế hoạch đặt như vậy."),
        # rows of the form
        ("tiền thưởng sáng kiến khai ở dòng 33 phải không", "Chưa đúng: mục 32 – Tiền thưởng sáng kiến."),
        ("mục 53 là đoàn viên được kết nạp đảng đúng không", "Đúng: mục 53 – Số đoàn viên công đoàn được kết nạp"),
    ],
)
def test_what_is_quoted_is_judged(text: str, said: str) -> None:
    assert reply(text).startswith(said)


@pytest.mark.parametrize(
    "text",
    [
        # nothing is asked to be confirmed
        "TPHCM ai ký chương trình vậy anh Hải",
        "A15 số mấy, ký hôm nào",
        "nộp sơ kết ngày 14/1/2021 được không",
        "có phải đóng đoàn phí không",
        # what is denied, and what words would have to be weighed for
        "không phải ông Hải ký bản Quảng Trị đúng không",
        "ban dân vận không đôn đốc ở Quảng Trị đúng không",
        "Bảo Lộc bắt buộc chỗ 5 người trở lên lập công đoàn đúng không",
        "báo cáo sơ kết gửi bản cứng qua bưu điện phải không",
        "kế hoạch A15 gửi cho bộ công thương phải không",
        # a body to which something is done, or that is only named
        "Bảo Lộc các cơ sở phải lập ban nữ công đúng không",
        "gửi báo cáo cho ban thường vụ thành ủy phải không, Bảo Lộc",
        "ban dân vận phải không",
        # what no plan, or no line, settles
        "công đoàn Đồng Nai do ông Hải ký phải không",
        "tháng 12 này đại hội phải không",
        "hôm nay 15/1 đúng không",
        "kế hoạch 56 của tổng liên đoàn ban hành ngày 1/1/2020 phải không",
        "dưới 1000 lao động TPHCM được hỗ trợ cán bộ chuyên trách phải không",
        "dòng 40 là ban nữ công khu vực nhà nước đúng không",
        "A15 ký ở Cần Thơ phải không",
        "TPHCM chỗ 1000 thợ trở lên có 3 cán bộ chuyên trách phải không",
        "dòng 200 là gì, đúng không",
        "Bảo Lộc báo cáo định kỳ hằng quý phải không",
        "4 tháng 1 lần đúng không",
        "đúng không",
    ],
)
def test_no_verdict_is_given(text: str) -> None:
    answer = ask(text)
    assert answer.verdict is None
    assert not reply(text).startswith(("Đúng", "Chưa đúng"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("TPHCM 2030 đặt 1.780.000 đoàn viên đúng không", "Đúng, kế hoạch đặt như vậy."),
        ("Quảng Trị 2025 ký thỏa ước 85% đúng chớ", "Chưa đúng: Tỉnh ủy Quảng Trị đặt 80% trở lên."),
        ("nghe bác Huy nói A15 đặt 153.600 đoàn viên năm 2025 đúng không", "Đúng, kế hoạch đặt như vậy."),
    ],
)
def test_figures_of_targets_are_judged_as_before(text: str, said: str) -> None:
    assert reply(text).startswith(said)


def test_a_firm_larger_than_a_rule_begins_with_is_not_denied() -> None:
    said = reply("công ty 40 người ở TPHCM phải có công đoàn đúng không")
    assert said.startswith("Kế hoạch đặt cho doanh nghiệp có từ 25 công nhân")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("bản Quảng Trị số bao nhiêu, ra ngày nào", "Văn bản không ghi số và ngày ban hành"),
        ("chương trình Bảo Lộc ban hành ngày mấy", "Văn bản không ghi ngày ban hành"),
        ("kế hoạch sơ kết mang số mấy", "Văn bản không ghi số"),
    ],
)
def test_what_a_plan_does_not_say_of_itself(text: str, said: str) -> None:
    assert reply(text).startswith(f"{said}: điều này không có trong các kế hoạch tôi có.")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("chương trình nâng phúc lợi đoàn viên của Tổng Liên đoàn số bao nhiêu vậy", "1734/Ctr-TLĐ"),
        ("nghi quyet ve cong tac can bo trong tinh hinh moi so may", "03/NQ-BCH"),
        ("chương trình đồng hành với chính phủ nâng năng lực cạnh tranh là số nào", "1306/CTr-TLĐ"),
    ],
)
def test_a_paper_is_found_by_what_it_is_about(text: str, number: str) -> None:
    assert number in reply(text)


def test_those_to_whom_a_plan_is_sent() -> None:
    assert "Nơi nhận: " in reply("xem giúp mục nơi nhận của kế hoạch giữa kỳ")
