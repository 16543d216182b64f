"""Text files: every line as it is, whatever the encoding."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.importing.document import Paragraph, Table
from knowledge.importing.plain_text import document_of_text, read_text
from knowledge.importing.refusals import MOST_PARAGRAPHS, FileRefusedError, WhyRefused

TEXT = "Phấn đấu đến năm 2025:\n\n- 80% trở lên doanh nghiệp có tổ chức công đoàn;\n- kết nạp 1.500 đoàn viên.\n"
LINES = [line.strip() for line in TEXT.splitlines()]


def in_code_page(text: str) -> bytes:
    """Vietnamese as Windows' code page has it: tone marks behind their letters."""
    written = b""
    for letter in text:
        try:
            written += letter.encode("cp1258")
        except UnicodeEncodeError:
            whole = unicodedata.normalize("NFD", letter)
            tone = next(c for c in whole if c in "\u0300\u0301\u0303\u0309\u0323")
            written += unicodedata.normalize("NFC", whole.replace(tone, "")).encode("cp1258") + tone.encode("cp1258")
    return written


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        b"\xef\xbb\xbf" + TEXT.encode(),
        TEXT.replace("\n", "\r\n").encode(),
        unicodedata.normalize("NFD", TEXT).encode(),
        TEXT.encode("utf-16"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
        in_code_page(TEXT),
    ],
    ids=["utf-8", "with its mark", "Windows' lines", "decomposed", "utf-16", "little end", "big end", "code page"],
)
def test_the_same_lines_from_every_encoding(content: bytes) -> None:
    assert [block.text for block in read_text(content).blocks if isinstance(block, Paragraph)] == LINES


def test_a_letter_cut_off_at_the_end_does_not_change_the_encoding() -> None:
    content = "Công đoàn cơ sở ở".encode()[:-1]
    assert read_text(content).blocks == (Paragraph("Công đoàn cơ sở"),)


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", bytes(range(256)), b"\xff\xfe\x00\xd8a\0"])
def test_what_is_no_text_is_refused(content: bytes) -> None:
    with pytest.raises(FileRefusedError) as refused:
        read_text(content)
    assert refused.value.why is WhyRefused.WRONG_TYPE


def test_too_many_lines_are_refused() -> None:
    with pytest.raises(FileRefusedError) as refused:
        read_text(b"a\n" * (MOST_PARAGRAPHS + 2))
    assert refused.value.why is WhyRefused.TOO_MUCH_TEXT


def test_form_feeds_are_pages() -> None:
    assert document_of_text("một\n\fhai\nba").blocks == (Paragraph("một", 1), Paragraph("hai", 2), Paragraph("ba", 2))


def test_tables_of_markdown() -> None:
    text = "Chỉ tiêu:\n| STT | Nội dung | 2025 |\n|---|:--|--:|\n| 1 | Đoàn viên | 1.500 |\n|  | a \\| b |\nHết."
    assert document_of_text(text, markdown=True).blocks == (
        Paragraph("Chỉ tiêu:"),
        Table((("STT", "Nội dung", "2025"), ("1", "Đoàn viên", "1.500"), ("", "a | b", ""))),
        Paragraph("Hết."),
    )
    assert len(document_of_text(text).blocks) == 6


@given(st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc"))))
def test_any_line_is_kept(line: str) -> None:
    found = document_of_text(f"{line}\nhết").blocks
    assert [block.text for block in found if isinstance(block, Paragraph)] == [
        unicodedata.normalize("NFC", line.removeprefix("\ufeff").strip()),
        "hết",
    ]


@given(st.binary())
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        read_text(content)
    except FileRefusedError as refused:
        assert refused.why is WhyRefused.WRONG_TYPE
