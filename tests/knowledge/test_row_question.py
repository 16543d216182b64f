"""Rows of a report's form asked for by what they count, in everyday words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.answer import load_adviser
from knowledge.model.answers import AnswerKind
from knowledge.row_question import asks_row, asks_span

SAID = {
    "25": (
        "đi thăm thợ ốm nằm viện ghi dòng nào",
        "tien tham nom gia dinh cong nhan gap kho khan nhap vao dong may",
        "bác công nhân nghèo được cho quà Tết thì kê ở dòng mô của biểu",
    ),
    "26": (
        "mua hàng bằng thẻ được bớt giá thì khai ở dòng mấy",
        "uu dai cua doi tac cho doan vien dien so may trong bieu",
        "voucher giảm giá phát cho chị em thống kê vào dòng nào",
    ),
    "27": (
        "tiền mạnh thường quân cho công đoàn ghi dòng nào",
        "sua lai can nha cho cong nhan thi ke vao hang nao cua bieu",
        "quyên góp giúp bão lụt điền vào mục mấy của biểu",
    ),
    "28": (
        "cho chi em vay von cep lam an ghi dong may",
        "quỹ tài chính vi mô nằm hàng nào trong biểu",
        "tín dụng vi mô của công đoàn khai dòng mô",
    ),
    "29": (
        "vốn 120 cho thợ mượn thì nhập dòng nào",
        "quy giai quyet viec lam cho vay ghi vao so may",
        "quỹ quốc gia việc làm ở dòng mấy dzậy",
    ),
    "30": (
        "thợ có cải tiến kỹ thuật được công nhận điền dòng nào",
        "bao nhieu sang kien thi ghi dong may",
        "anh em hợp lý hóa sản xuất khai mục nào trong biểu",
    ),
    "31": (
        "sang kien lam loi may tram trieu thi ke dong nao",
        "cải tiến tiết kiệm được bao nhiêu tiền điền dòng mấy",
        "giá trị làm lợi của sáng kiến ở hàng mấy trong biểu",
    ),
    "32": (
        "thưởng tiền cho người có sáng kiến nhập dòng nào",
        "chi thuong cai tien ghi so may trong bieu",
        "tiền thưởng anh em cải tiến kê ở dòng mấy",
    ),
    "33": (
        "công trình chào mừng đại hội được gắn biển ghi dòng nào",
        "san pham thi dua khai dong may",
        "số công trình thi đua kê vào số mấy trong biểu",
    ),
    "34": (
        "công trình thi đua làm lợi được mấy tỷ ghi dòng nào",
        "gia tri lam loi tu san pham thi dua o dong may",
        "cong trinh gan bien quy ra tien thi dien dong nao",
    ),
    "35": (
        "ai được danh hiệu chiến sỹ thi đua thì ghi dòng nào",
        "cstđcs nhập dòng mấy",
        "danh hieu thi dua co so dien vao so may",
    ),
    "36": (
        "anh em được nghe phổ biến luật lao động ghi dòng nào",
        "hoc tap chi thi nghi quyet khai dong may",
        "số người nghe tuyên truyền pháp luật điền số mấy trong biểu",
    ),
    "37": (
        "giải bóng chuyền công đoàn tổ chức thì đếm vào dòng nào",
        "hoi thao voi ca hat ghi so may trong bieu",
        "thi văn nghệ bao nhiêu người điền dòng mô",
    ),
    "38": (
        "cử thợ đi học nâng tay nghề ghi dòng nào",
        "cong nhan hoc bo tuc van hoa ke dong may",
        "học thêm nghề cho anh em nhập dòng nào",
    ),
    "39": (
        "công đoàn cấp trên có lập ban nữ công thì ghi dòng nào",
        "cap tren truc tiep co so thanh lap ban nu cong khai dong may",
        "ban nữ công của cấp trên nằm số mấy trong biểu",
    ),
    "40": (
        "khối nhà nước có từ 10 nữ trở lên ghi dòng nào",
        "cdcs hanh chinh su nghiep co muoi nu doan vien o dong may",
        "doanh nghiệp nhà nước lập mới ban nữ công điền dòng mấy",
    ),
    "41": (
        "cty tư nhân có trên chục chị em ghi dòng nào",
        "ngoai nha nuoc thanh lap ban nu cong moi khai dong may",
        "bên tư có 10 nữ đoàn viên kê dòng mô",
    ),
    "42": (
        "ủy viên ban nữ công đếm vào dòng nào",
        "so thanh vien trong ban nu cong ghi so may trong bieu",
        "nhân sự nữ công các cấp khai dòng mấy",
    ),
    "43": (
        "chị em được giấy khen hai giỏi ghi dòng nào",
        "khen thuong phu nu gioi viec nuoc dien so may trong bieu",
        "đảm việc nhà nhập dòng mấy",
    ),
    "44": (
        "cấp trên tự kiểm tra tài chính của mình ghi dòng nào",
        "kiem tra thu chi cung cap khai dong may",
        "ủy ban kiểm tra điền dòng nào trong biểu",
    ),
    "45": (
        "tổng số người làm trong nhà máy ghi dòng nào",
        "toan bo lao dong ke ca nguoi chua vao cong doan dien dong may",
        "tất cả công nhân nhập vào số mấy trong biểu",
    ),
    "46": (
        "anh em về hưu thôi sinh hoạt công đoàn thì trừ ở dòng nào",
        "doan vien moi ket nap ghi dong may",
        "số đoàn viên tăng giảm khai số mấy trong biểu",
    ),
    "47": (
        "công ty Nhật có công đoàn thì đếm vào dòng nào",
        "nghiep doan xe ba gac ghi dong may",
        "tổng số cđcs điền số mấy trong biểu",
    ),
    "48": (
        "có mấy công đoàn cấp trên thì ghi dòng nào",
        "tong so cong doan cap tren truc tiep khai dong may",
        "số cđ cấp trên nhập hàng mấy của biểu",
    ),
    "49": (
        "doanh nghiệp 25 người trở lên ghi dòng nào",
        "cty tu 25 cong nhan da lap cong doan thi dien dong may",
        "chỉ tiêu nghị quyết đại hội XII là dòng mấy",
    ),
    "50": (
        "cán bộ hưởng lương công đoàn đi bồi dưỡng ghi dòng nào",
        "can bo chuyen trach di hoc khai dong may",
        "lớp tập huấn cho chuyên trách nhập số mấy trong biểu",
    ),
    "51": (
        "cán bộ kiêm nhiệm đi tập huấn ghi dòng nào",
        "to truong cong doan duoc boi duong dien dong may",
        "ủy viên ban chấp hành không chuyên trách học nghiệp vụ kê dòng mô",
    ),
    "52": (
        "giới thiệu công nhân giỏi cho Đảng ghi dòng nào",
        "doan vien uu tu duoc gioi thieu cho chi bo dien dong may",
        "quần chúng ưu tú nhập số mấy trong biểu",
    ),
    "53": (
        "thợ được đứng vào hàng ngũ của Đảng ghi dòng nào",
        "so nguoi vo Dang khai dong may",
        "kết nạp Đảng thì điền số mấy trong biểu",
    ),
    "54": (
        "công đoàn cấp trên đạt xuất sắc ghi dòng nào",
        "cap tren hoan thanh xuat sac nhiem vu dien dong may",
        "dòng nào lấy số năm trước",
    ),
    "55": (
        "cơ sở nhà nước hoàn thành xuất sắc ghi dòng nào",
        "cdcs khoi nha nuoc xuat sac khai dong may",
        "xuất sắc bên hành chính sự nghiệp kê số mấy trong biểu",
    ),
    "56": (
        "cơ sở tư nhân hoàn thành xuất sắc ghi dòng nào",
        "cdcs ngoai nha nuoc vung manh xuat sac khai dong may",
        "công ty tư xếp loại xuất sắc điền dòng mấy",
    ),
}
"""Ways to ask for each row of the mid-term form, by its number."""


def rows_told(question: str) -> list[str]:
    return [row.row.no for row in load_adviser().ask(question).rows]


@pytest.mark.parametrize("number", SAID)
def test_a_row_is_found_by_everyday_words(number: str) -> None:
    for question in SAID[number]:
        assert rows_told(question) == [number], question


@pytest.mark.parametrize(
    ("question", "numbers"),
    [
        ("cán bộ chuyên trách với kiêm nhiệm khai dòng nào", ["50", "51"]),
        ("tập huấn nghiệp vụ cho cán bộ ghi dòng nào", ["50", "51"]),
        ("cơ sở hoàn thành xuất sắc ghi dòng nào", ["55", "56"]),
        ("xếp loại xuất sắc là những dòng nào", ["54", "55", "56"]),
        ("cho thợ vay vốn thì ghi dòng nào", ["28", "29"]),
        ("đơn vị có từ 10 chị em khai dòng mấy", ["40", "41"]),
        ("giới thiệu cho Đảng với vào Đảng khai chung một dòng à", ["52", "53"]),
        ("sáng kiến với tiền thưởng sáng kiến điền dòng nào", ["30", "32"]),
    ],
)
def test_rows_beside_each_other_are_all_told(question: str, numbers: list[str]) -> None:
    assert sorted(rows_told(question)) == numbers


@pytest.mark.parametrize(
    ("question", "first", "last"),
    [
        ("phần thứ năm của biểu từ dòng mấy tới dòng mấy", "39", "43"),
        ("phan la ma bay trong bieu gom nhung dong nao", "45", "56"),
        ("phần IV của biểu gồm những dòng nào", "36", "38"),
        ("mấy dòng về tuyên truyền trong biểu là những số nào", "36", "38"),
        ("phần thi đua của bảng bắt đầu từ dòng nào", "30", "35"),
    ],
)
def test_the_rows_of_a_part_are_told_whole(question: str, first: str, last: str) -> None:
    told = rows_told(question)
    assert (told[0], told[-1], len(told)) == (first, last, int(last) - int(first) + 1)


@pytest.mark.parametrize(
    "question",
    [
        "thỏa ước ghi ở mục nào của kế hoạch Quảng Trị",
        "đóng đoàn phí bao nhiêu phần trăm",
        "dong bao nhieu phan tram kinh phi cong doan",
        "mục nào của chương trình nói về nhà ở công nhân",
        "triển khai ở đâu chương trình phúc lợi",
        "báo cáo gửi về số mấy",
        "kế hoạch công thương số mấy",
        "đề cương có dòng nào về tranh chấp không",
        "công khai tài chính ở đâu",
        "đơn vị tôi đông bao nhiêu thì phải lập công đoàn",
        "khai giảng lớp nghiệp vụ ở đâu",
        "thợ ghi tên học nghề ở đâu",
        "nộp biểu ở đâu",
        "số liệu chốt ngày nào",
        "đạt bằng mấy phần trăm",
        "hằng năm kết nạp bao nhiêu",
        "phần nào trong đề cương viết về nữ công",
    ],
)
def test_questions_for_no_row(question: str) -> None:
    assert not asks_row(question)
    assert not asks_span(question)


def test_the_ends_of_the_whole_form() -> None:
    assert rows_told("biểu mẫu của Công Thương bắt đầu từ dòng nào, hết ở dòng nào") == ["25", "56"]


def test_a_target_is_no_answer_to_a_question_for_a_row() -> None:
    asked = "đoàn viên mới vào công đoàn năm 2025 ghi dòng nào"
    assert load_adviser().ask(asked).kind is AnswerKind.ROWS


@given(st.text(max_size=60))
def test_any_text_is_read(text: str) -> None:
    asks_row(text)
    asks_span(text)
