"""Texts of made plans, as offices send them, and what is asked of them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from tests.e2e.chat import Seat
from tests.knowledge.importing.word_files import paragraph, run, table, write_docx

PLAN = """\
LIÊN ĐOÀN LAO ĐỘNG TỈNH VĨNH AN
BAN THƯỜNG VỤ
Số: 45/KH-LĐLĐ
Vĩnh An, ngày 05 tháng 11 năm 2026

KẾ HOẠCH
Chăm lo nhà ở cho đoàn viên, người lao động giai đoạn 2026-2030

I. MỤC TIÊU, CHỈ TIÊU
1. Mục tiêu
Nâng cao chất lượng chỗ ở của đoàn viên, người lao động trong các khu công nghiệp.
2. Chỉ tiêu đến năm 2030
2.1. Từ 80% trở lên khu nhà trọ có tổ tự quản.
2.2. Hỗ trợ 500 đoàn viên sửa chữa nhà ở.
2.3. 100% công đoàn cơ sở thực hiện công khai tài chính và được kiểm tra tài chính đồng cấp.
2.4. Khoảng 60% chủ nhà trọ ký cam kết giữ giá điện, nước.

II. NHIỆM VỤ, GIẢI PHÁP
1. Tuyên truyền, vận động chủ nhà trọ thành lập tổ tự quản tại các khu nhà trọ có từ 20 phòng trở lên.
2. Phối hợp với ngành điện rà soát 35 khu nhà trọ chưa có công tơ riêng.

III. TỔ CHỨC THỰC HIỆN
1. Ban Chính sách pháp luật tham mưu triển khai, theo dõi việc thực hiện Kế hoạch này.
2. Các công đoàn cấp trên trực tiếp cơ sở báo cáo kết quả về Liên đoàn Lao động tỉnh trước ngày 15/12 hằng năm.

Nơi nhận:
- Tổng Liên đoàn;
- Lưu: VT.
TM. BAN THƯỜNG VỤ
CHỦ TỊCH
Trần Văn Minh
"""

NEWER = (
    PLAN.replace("45/KH", "52/KH")
    .replace("ngày 05 tháng 11", "ngày 20 tháng 11")
    .replace("2.1. Từ 80%", "2.1. Từ 90%")
    .replace("2.4. Khoảng 60% chủ nhà trọ ký cam kết giữ giá điện, nước.\n", "")
)
"""The next version of the same plan: one figure is higher, one is gone."""

ANNEX: Final = (
    ("STT", "Khu công nghiệp", "Hiện trạng nhà trọ"),
    ("1", "Vĩnh Hòa", "14 khu, 1.250 phòng"),
    ("2", "Tân An", "9 khu, 640 phòng"),
    ("3", "An Phú", "12 khu, 980 phòng"),
)
"""A table whose six numbers are no targets."""

STATISTICS: Final = (
    ("STT", "Khu công nghiệp", "Chỉ tiêu năm 2028", "Chỉ tiêu năm 2030"),
    ("1", "Vĩnh Hòa", "14", "25"),
    ("2", "Tân An", "9", "64"),
)
"""A table of four targets whose unit nobody can know."""

QUESTION = "khu nhà trọ có tổ tự quản bao nhiêu %"
"""What the made plans answer, and no other does."""


def word_file(path: Path, text: str, *annexes: tuple[tuple[str, ...], ...]) -> Path:
    """A plan as its office keeps it in Word, with tables behind it."""
    body = "".join(paragraph(run(line)) for line in text.splitlines())
    for annex in annexes:
        body += paragraph(run("PHỤ LỤC")) + paragraph(run("Nhà trọ tại các khu công nghiệp")) + table(*annex)
    return write_docx(path, body)


async def asks_until(seat: Seat, piece: str, question: str = QUESTION) -> str:
    """Ask until the answer holds `piece`: the catalogue is renewed beside the answers."""
    for _ in range(40):
        await seat.says(question)
        heard = await seat.hears()
        if piece in heard.text:
            return heard.text
    raise AssertionError(f"no answer holds “{piece}”: {heard.text}")
