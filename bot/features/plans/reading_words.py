"""Why a plan's file was not read, and what to do: one sentence each."""

from __future__ import annotations

from typing import Final

from knowledge.importing.refusals import LARGEST_FILE, MOST_PAGES, MOST_SCANNED_PAGES, WhyRefused

_SENTENCES: Final = {
    WhyRefused.MISSING: "Tôi không lấy được tệp này, anh/chị gửi lại giúp tôi nhé.",
    WhyRefused.UNKNOWN_TYPE: "Tôi đọc được tệp Word (.docx), PDF, .txt, .md và ảnh chụp trang văn bản; anh/chị lưu "
    "lại ở một trong các dạng đó rồi gửi giúp tôi nhé.",
    WhyRefused.WRONG_TYPE: "Nội dung tệp không đúng với đuôi tên của nó; anh/chị mở tệp, lưu lại thành .docx hoặc .pdf "
    "rồi gửi giúp tôi nhé.",
    WhyRefused.OLD_WORD: "Tệp .doc là dạng cũ của Word mà tôi chưa đọc được; anh/chị mở bằng Word, lưu thành .docx "
    "rồi gửi lại nhé.",
    WhyRefused.MACROS: "Tệp có macro nên tôi không đọc để bảo đảm an toàn; anh/chị lưu lại thành .docx không có macro "
    "rồi gửi giúp tôi nhé.",
    WhyRefused.ENCRYPTED: "Tệp được đặt mật khẩu nên tôi không mở được; anh/chị bỏ mật khẩu rồi gửi lại nhé.",
    WhyRefused.SCAN: "Tệp là ảnh chụp hoặc bản quét nên tôi chưa đọc được chữ; anh/chị gửi giúp tôi bản Word (.docx) "
    "hoặc PDF xuất từ Word nhé.",
    WhyRefused.TOO_MANY_SCANNED: f"Tệp có hơn {MOST_SCANNED_PAGES} trang quét; anh/chị chỉ gửi các trang của kế hoạch "
    "giúp tôi nhé.",
    WhyRefused.PICTURE_TOO_LARGE: "Ảnh lớn quá nên tôi không mở; anh/chị quét lại ở mức 300 dpi rồi gửi giúp tôi nhé.",
    WhyRefused.DAMAGED: "Tệp bị hỏng hoặc chưa tải đủ; anh/chị tải lại bản gốc rồi gửi giúp tôi nhé.",
    WhyRefused.TOO_LARGE: f"Tệp lớn hơn {LARGEST_FILE >> 20} MB; anh/chị bỏ bớt ảnh hoặc tách nhỏ rồi gửi lại nhé.",
    WhyRefused.ZIP_BOMB: "Tệp được nén bất thường nên tôi không mở; anh/chị lưu lại bằng Word rồi gửi giúp tôi nhé.",
    WhyRefused.TOO_MUCH_TEXT: "Tệp dài hơn nhiều so với một kế hoạch; anh/chị chỉ gửi phần kế hoạch giúp tôi nhé.",
    WhyRefused.TOO_MANY_PAGES: f"Tệp có hơn {MOST_PAGES} trang; anh/chị chỉ gửi các trang của kế hoạch giúp tôi nhé.",
    WhyRefused.TOO_DEEP: "Tệp được dựng bất thường nên tôi không đọc được; anh/chị lưu lại bằng Word rồi gửi giúp tôi "
    "nhé.",
    WhyRefused.ENTITIES: "Tệp không phải do Word lưu nên tôi không đọc để bảo đảm an toàn; anh/chị lưu lại bằng Word "
    "rồi gửi giúp tôi nhé.",
    WhyRefused.EMPTY: "Tệp không có chữ nào; anh/chị xem lại và gửi đúng tệp giúp tôi nhé.",
    WhyRefused.NOT_VIETNAMESE: "Tôi không thấy tiếng Việt trong tệp; nếu tệp dùng phông chữ cũ, anh/chị chuyển sang "
    "Unicode rồi gửi lại nhé.",
    WhyRefused.TIMEOUT: "Tệp này đọc quá lâu nên tôi dừng lại; anh/chị tách nhỏ hoặc lưu thành .docx rồi gửi lại nhé.",
    WhyRefused.OUT_OF_MEMORY: "Tệp này quá nặng nên tôi dừng lại; anh/chị tách nhỏ hoặc lưu thành .docx rồi gửi lại "
    "nhé.",
}


def refused(why: WhyRefused) -> str:
    """Why a file was not read, and what to do."""
    return _SENTENCES[why]
