"""Twelve workbooks that describe forms, as people lay them out: seven are well, five broken as people break them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Final

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from knowledge.forms.workbook import DescribedForm, read_form
from knowledge.glossary import load_glossary
from knowledge.spreadsheets.excel import read_workbook
from knowledge.spreadsheets.model import Sheet, SheetHead, SheetRow
from knowledge.spreadsheets.refusals import FROM_CHAT

Line = Sequence[object]


def book_of(*sheets: tuple[str, Sequence[Line]], merges: Sequence[str] = ()) -> Workbook:
    """A workbook of these sheets, by name and lines; cells are made one in the first."""
    book = Workbook()
    for number, (name, lines) in enumerate(sheets):
        sheet = book.active if number == 0 else book.create_sheet()
        assert isinstance(sheet, Worksheet)
        sheet.title = name
        for row, line in enumerate(lines, 1):
            sheet.append(list(line))
            for column, value in enumerate(line, 1):
                if isinstance(value, str) and value.startswith("="):
                    sheet.cell(row, column).data_type = "s"  # words, as in a cell whose format is text
        for merge in merges if number == 0 else ():
            sheet.merge_cells(merge)
    return book


def pack(book: Workbook) -> bytes:
    """The file of a workbook."""
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def sheets_of(content: bytes) -> list[Sheet]:
    """The sheets of a file, as they are read of what people send."""
    sheets: list[Sheet] = []
    rows: list[SheetRow] = []
    for each in read_workbook(content, FROM_CHAT):
        if isinstance(each, SheetHead):
            rows = []
            sheets.append(Sheet(each, rows))
        elif not each.is_blank:
            rows.append(each)
    return sheets


def described(content: bytes) -> DescribedForm:
    """What a file describes."""
    return read_form(sheets_of(content), load_glossary())


# --- Seven that are well ---------------------------------------------------------------------------------------------


def women_monthly() -> bytes:
    """Monthly, the layout of the guide; a sum, rules below the table, one with a sentence of its own."""
    return pack(
        book_of(
            (
                "Biểu mẫu",
                [
                    ["BIỂU BÁO CÁO CÔNG TÁC NỮ CÔNG"],
                    [],
                    ["Tên biểu", "Báo cáo công tác nữ công hằng tháng"],
                    ["Tên gọi tắt", "Nữ công tháng"],
                    ["Kỳ", "tháng"],
                    ["Mở từ", "ngày 25"],
                    ["Hạn nộp", "ngày 5 tháng sau"],
                    ["Khóa sau", "ngày cuối tháng sau"],
                    ["Đơn vị phải nộp", "Công đoàn cơ sở"],
                    ["Áp dụng từ kỳ", "tháng 10/2026"],
                    [],
                    ["STT", "Nội dung", "Tên ngắn", "Đơn vị tính", "Loại", "Tự tính"],
                    [1, "Tổng số lao động nữ", "Lao động nữ", "người", "số đếm"],
                    [2, "Số nữ đoàn viên công đoàn", "Nữ đoàn viên", "người", "số đếm"],
                    [3, "Số lao động nữ chưa vào công đoàn", "Chưa vào công đoàn", "người", "số đếm", "= 1 − 2"],
                    [4, "Số tiền thăm hỏi nữ đoàn viên", "Tiền thăm hỏi", "triệu đồng", "tiền"],
                    [],
                    ["Ràng buộc"],
                    ["2 ≤ 1", "Nữ đoàn viên ({2}) không thể nhiều hơn lao động nữ ({1})."],
                    ["3 = 1 − 2"],
                ],
            ),
            merges=("A1:F1",),
        )
    )


def advice_quarterly() -> bytes:
    """Quarterly, columns in another order, sub-rows 2.1 and 2.2 that sum up, subjects measured, its title merged."""
    return pack(
        book_of(
            (
                "Tư vấn pháp luật",
                [
                    ["LIÊN ĐOÀN LAO ĐỘNG TỈNH", None, None, None, "Mẫu số 02"],
                    ["BIỂU TƯ VẤN PHÁP LUẬT"],
                    ["Tên báo cáo:", "Kết quả tư vấn pháp luật và đối thoại"],
                    ["Gọi tắt:", "Tư vấn quý"],
                    ["Kỳ báo cáo:", "Quý"],
                    ["Ngày mở:", "ngày 20 tháng cuối quý"],
                    ["Thời hạn nộp:", "trước ngày 11 tháng đầu quý sau"],
                    ["Ai phải nộp:", "DNNN, ngoài nhà nước, FDI và nghiệp đoàn"],
                    ["Áp dụng từ:", "quý IV/2026"],
                    ["Đơn vị tính", "Nội dung báo cáo", "TT", "Cách đo", "Đo chỉ tiêu", "Công thức", "Ràng buộc"],
                    ["cuộc", "Số cuộc đối thoại tại nơi làm việc", 1, "cộng dồn trong năm", "Đối thoại"],
                    ["lượt người", "Số lượt người được tư vấn pháp luật", 2, None, None, "tổng các mục con"],
                    ["lượt người", "Tư vấn tại cơ sở", "2.1"],
                    ["lượt người", "Tư vấn qua điện thoại, mạng xã hội", "2.2", None, None, None, "≤ 2"],
                    ["vụ", "Số vụ việc được đại diện tham gia tố tụng", 3],
                ],
            ),
            merges=("A1:D1", "A2:G2"),
        )
    )


def safety_half_yearly() -> bytes:
    """Half-yearly, sub-rows under "Trong đó" without numbers, the rules on a sheet of their own with severities."""
    return pack(
        book_of(
            (
                "Biểu ATVSLĐ",
                [
                    ["Tên biểu", "Công tác an toàn, vệ sinh lao động"],
                    ["Tên gọi tắt", "ATVSLĐ 6 tháng"],
                    ["Định kỳ", "6 tháng"],
                    ["Nhận từ", "ngày 15 tháng cuối kỳ"],
                    ["Hạn", "ngày 10 tháng sau"],
                    ["Khóa", "ngày 31 tháng sau"],
                    ["Đơn vị nộp", "HCSN; DNNN; FDI"],
                    ["Hiệu lực từ kỳ", "6 tháng cuối năm 2026"],
                    ["STT", "Tên chỉ tiêu", "ĐVT", "Ví dụ"],
                    [1, "Số mạng lưới an toàn vệ sinh viên", "mạng lưới", 4],
                    [2, "Số vụ tai nạn lao động", "vụ", 3],
                    [None, "Trong đó:"],
                    [None, "- Vụ có người chết", "vụ", 1],
                    [None, "- Vụ có người bị thương nặng", "vụ", 2],
                    [3, "Kinh phí an toàn, vệ sinh lao động", "triệu đồng", "120,5"],
                ],
            ),
            (
                "Ràng buộc",
                [
                    ["Ràng buộc", "Câu nhắc", "Mức"],
                    ["2.1 + 2.2 ≤ 2", None, "Giải trình"],
                    ["3 lệch không quá 50 % so với kỳ trước hoặc 100", "Kinh phí là {3}, kỳ trước {kỳ trước}.", "Nhắc"],
                ],
            ),
            ("Hướng dẫn", [["STT", "Nội dung", "Ghi ở đây để xem, không phải để báo cáo"]]),
        )
    )


def emulation_yearly() -> bytes:
    """Yearly, days of the year, parts with Roman numbers, a share of another row, a percentage."""
    return pack(
        book_of(
            (
                "Thi đua năm",
                [
                    ["Tên biểu", "Tổng hợp thi đua, khen thưởng năm"],
                    ["Tên gọi tắt", "Thi đua năm"],
                    ["Chu kỳ", "năm"],
                    ["Mở từ", "01/12"],
                    ["Hạn nộp", "15/01 năm sau"],
                    ["Khóa sau", "28/02 năm sau"],
                    ["Đơn vị phải nộp", "Cấp trên trực tiếp cơ sở, xã/phường/đặc khu"],
                    ["Áp dụng từ kỳ", 2026],
                    ["Mục", "Nội dung", "ĐVT", "Loại số", "Đo chỉ tiêu", "Cách đo"],
                    ["I", "Phong trào"],
                    [1, "Số doanh nghiệp có tổ chức công đoàn", "doanh nghiệp"],
                    [2, "Số doanh nghiệp ký thỏa ước", "doanh nghiệp", "", "TƯLĐTT", "tỉ lệ trên mục 1"],
                    [3, "Tỉ lệ đoàn viên được học tập nghị quyết", "%", "tỉ lệ"],
                    ["II", "Khen thưởng"],
                    [4, "Số bằng khen", "bằng khen"],
                    ["a)", "Trong đó: của Tổng Liên đoàn", "bằng khen"],
                    ["b)", "Của tỉnh", "bằng khen"],
                ],
            )
        )
    )


def housing_campaign() -> bytes:
    """For campaigns: no dates and no units; parts without numbers, a heading row with sub-rows only."""
    return pack(
        book_of(
            (
                "Khảo sát",
                [
                    ["Tên biểu", "Khảo sát nhà ở của đoàn viên"],
                    ["Tên gọi tắt", "Khảo sát nhà ở"],
                    ["Kỳ", "đợt"],
                    ["STT", "Nội dung", "Đơn vị"],
                    [None, "Nhu cầu"],
                    [1, "Số đoàn viên đang thuê nhà", "người"],
                    [2, "Số đoàn viên có nhu cầu mua nhà ở xã hội"],
                    ["2.1", "Thu nhập dưới 15 triệu đồng", "người"],
                    ["2.2", "Thu nhập từ 15 triệu đồng", "người"],
                    [None, "Nguồn lực"],
                    [3, "Quỹ đất có thể dùng", "ha"],
                    ["Ràng buộc"],
                    ["2.1 + 2.2 ≤ 1"],
                ],
            )
        )
    )


def staff_monthly_above() -> bytes:
    """Monthly, owed by levels above the grassroots; values in the cells of labels, two in a row, no numbers."""
    return pack(
        book_of(
            (
                "Cán bộ",
                [
                    ["Tên biểu: Tình hình cán bộ chuyên trách", None, "Kỳ: hằng tháng"],
                    ["Tên gọi tắt", "Cán bộ chuyên trách", "Hạn nộp", "ngày 3 tháng sau"],
                    ["Mở từ", "ngày 28 trong tháng", "Đơn vị phải nộp", "cấp trên cơ sở trở lên"],
                    [],
                    [None, "Nội dung", "ĐVT", "Bắt buộc", "Kỳ trước"],
                    [],
                    [None, "Biên chế được giao", "người", "có", "x"],
                    [],
                    [None, "Cán bộ chuyên trách hiện có", "người", "có", "x"],
                    [None, "- Nữ", "người", "không"],
                    [None, "Số cán bộ được tập huấn", "lượt người", "không"],
                    [],
                    [None, "Người lập biểu"],
                ],
            )
        )
    )


def funds_quarterly_two_sheets() -> bytes:
    """Quarterly, head and table on two sheets, worked out from the period before, a sum of sums, a hidden sheet."""
    book = book_of(
        (
            "Thông tin chung",
            [
                ["Thông tin", "Giá trị"],
                ["Tên biểu mẫu", "Thu, chi tài chính công đoàn quý"],
                ["Tên tắt", "Tài chính quý"],
                ["Kỳ báo cáo", "hàng quý"],
                ["Mở từ", "ngày cuối quý"],
                ["Hạn nộp", "ngày 15 quý sau"],
                ["Khóa sau", "ngày 15 tháng thứ hai quý sau"],
                ["Đơn vị phải nộp", "tất cả"],
                ["Mã biểu", "tai-chinh-quy"],
                ["Tên gọi khác", "thu chi; tài chính"],
            ],
        ),
        (
            "Các mục",
            [
                ["STT", "Nội dung", "Gọi tắt", "ĐVT", "Loại", "Tự tính", "Dấu"],
                [1, "Số dư cuối quý", "Số dư", "triệu đồng", "tiền"],
                [2, "Tổng thu trong quý", "Tổng thu", "triệu đồng", "tiền", "2.1 + 2.2"],
                ["2.1", "Thu kinh phí công đoàn", "Kinh phí", "triệu đồng", "tiền", None, "+"],
                ["2.2", "Thu đoàn phí", "Đoàn phí", "triệu đồng", "tiền", None, "+"],
                [3, "Tổng chi trong quý", "Tổng chi", "triệu đồng", "tiền"],
                [4, "Chênh lệch thu chi", "Chênh lệch", "triệu đồng", "tiền", "= 2 − 3"],
                [],
                ["Điều kiện kiểm tra"],
                ["1 = kỳ trước + 2 − 3"],
            ],
        ),
        ("Nháp", [["STT", "Nội dung", "ĐVT"], [9, "Dòng không dùng", "người"]]),
    )
    book["Nháp"].sheet_state = "hidden"
    return pack(book)


GOOD: Final[dict[str, Callable[[], bytes]]] = {
    "nu-cong-thang": women_monthly,
    "tu-van-quy": advice_quarterly,
    "atvsld-6-thang": safety_half_yearly,
    "thi-dua-nam": emulation_yearly,
    "khao-sat-nha-o": housing_campaign,
    "can-bo-chuyen-trach": staff_monthly_above,
    "tai-chinh-quy": funds_quarterly_two_sheets,
}

# --- Five that are broken --------------------------------------------------------------------------------------------

HEAD: Final[list[Line]] = [
    ["Tên biểu", "Báo cáo thử"],
    ["Tên gọi tắt", "Báo cáo thử"],
    ["Kỳ", "tháng"],
    ["Mở từ", "ngày 25"],
    ["Hạn nộp", "ngày 5 tháng sau"],
    ["Đơn vị phải nộp", "CĐCS"],
]
"""Six lines; a table that follows has its heading in row 7."""

COLUMNS: Final[Line] = ["STT", "Nội dung", "ĐVT", "Tự tính"]


def simple(*lines: Line, head: Sequence[Line] = HEAD, merges: Sequence[str] = ()) -> bytes:
    """A small workbook with these lines below its head."""
    return pack(book_of(("Biểu", [*head, *lines]), merges=merges))


def merged_head() -> bytes:
    """The heading has two rows, some of its cells made one over both."""
    return simple(
        ["STT", "Nội dung", "ĐVT", "Số liệu", None],
        [None, None, None, "Tổng", "Nữ"],
        [1, "Lao động", "người"],
        merges=("A7:A8", "B7:B8", "C7:C8", "D7:E7"),
    )


def rule_over_missing_row() -> bytes:
    """A rule names row 5 of a table of two."""
    return simple(COLUMNS, [1, "Lao động", "người"], [2, "Đoàn viên", "người"], ["Ràng buộc"], ["2 ≤ 1"], ["2 ≤ 5"])


def circle() -> bytes:
    """Row 1 is worked out from row 2, and row 2 from row 1."""
    return simple(
        COLUMNS,
        [1, "Lao động", "người", "2 + 3"],
        [2, "Đoàn viên", "người", "1 − 3"],
        [3, "Chưa vào công đoàn", "người"],
    )


def same_number_twice() -> bytes:
    """Two rows have the number 2."""
    return simple(COLUMNS, [1, "Lao động", "người"], [2, "Đoàn viên", "người"], [2, "Kết nạp mới", "người"])


def no_period() -> bytes:
    """Nothing says how often it is asked for."""
    return simple(COLUMNS, [1, "Lao động", "người"], head=[line for line in HEAD if line[0] != "Kỳ"])


BROKEN: Final[dict[str, Callable[[], bytes]]] = {
    "merged_head": merged_head,
    "missing_row": rule_over_missing_row,
    "circle": circle,
    "number_twice": same_number_twice,
    "no_period": no_period,
}
