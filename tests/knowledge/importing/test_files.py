"""A plan's file, from its name to a document or one reason: the same facts from every type, whatever else is sent."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import unicodedata
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.importing.document import Document, Paragraph, Table, make_document
from knowledge.importing.files import is_vietnamese, read_document
from knowledge.importing.refusals import MOST_MEMORY, FileRefusedError, WhyRefused
from knowledge.text import fold
from tests.examples import examples
from tests.knowledge.examiner import SHARED
from tests.knowledge.importing import word_files as word
from tests.knowledge.importing.pdf_files import Sheet, drawable, packed_page, write_pages

PLANS = sorted(SHARED.glob("plans/*.txt"))
SENTENCE = "Phấn đấu đến năm 2025 có từ 80% trở lên doanh nghiệp ngoài khu vực nhà nước thành lập công đoàn. "


def words_of(document: Document) -> list[str]:
    """All words in their order, whatever lines and cells they stand in."""
    found: list[str] = []
    for block in document.blocks:
        texts = [block.text] if isinstance(block, Paragraph) else [cell for row in block.rows for cell in row]
        found.extend(word for text in texts for word in text.split())
    return found


def why(path: Path | str) -> WhyRefused:
    with pytest.raises(FileRefusedError) as refused:
        read_document(path)
    return refused.value.why


def write(path: Path, content: bytes | str) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


# --- What is read ----------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not PLANS, reason="the plans as they were received are not beside this checkout")
def test_the_five_plans_are_read_without_loss() -> None:
    assert len(PLANS) == 5
    for path in PLANS:
        lines = unicodedata.normalize("NFC", path.read_text(encoding="utf-8")).split("\n")
        blocks = read_document(path).blocks
        assert [block.text for block in blocks if isinstance(block, Paragraph)] == [
            line.strip() for line in lines[: len(blocks)]
        ]
        assert not "".join(lines[len(blocks) :]).strip()


@pytest.mark.slow
@pytest.mark.skipif(not PLANS, reason="the plans as they were received are not beside this checkout")
@pytest.mark.parametrize("path", PLANS, ids=[path.stem for path in PLANS])
def test_each_word_of_the_five_plans_is_the_same_from_every_type(tmp_path: Path, path: Path) -> None:
    text = drawable(path.read_text(encoding="utf-8"))
    expected = words_of(read_document(write(tmp_path / "plan.txt", text)))
    body = "".join(map(word.paragraph, text.split("\n")))
    assert words_of(read_document(word.write_docx(tmp_path / "plan.docx", body))) == expected
    for mixed in (False, True):
        assert words_of(read_document(write_pages(tmp_path / "plan.pdf", text, mixed=mixed))) == expected


HEAD = ["TỈNH ỦY QUẢNG TRỊ", "Số: 12-KH/TU", "ĐẢNG CỘNG SẢN VIỆT NAM", "Quảng Trị, ngày 05 tháng 3 năm 2021"]
BODY = [
    "I. MỤC TIÊU",
    "1. Đến năm 2025:",
    "a) Có từ 80% trở lên doanh nghiệp ngoài khu vực nhà nước có tổ chức công đoàn;",
    "b) Thỏa ước lao động tập thể đạt 75,5%; kết nạp 1.500 đoàn viên.",
    "1.1. Hằng năm giảm từ 10% xuống 5%.",
    "II. TỔ CHỨC THỰC HIỆN",
]
TABLE = [["TT", "Nội dung", "Cơ quan", "Thời hạn"], ["1", "Báo cáo sơ kết", "LĐLĐ tỉnh", "15/01/2023"]]


def as_text(path: Path) -> Path:
    rows = (f"| {' | '.join(row)} |" for row in TABLE)
    head, rule = next(rows), "|---|---|---|---|"
    return write(path / "plan.md", "\n".join([*HEAD, *BODY, head, rule, *rows]))


def as_word(path: Path) -> Path:
    """With numbers that Word counts, a figure that was changed, and the letterhead laid out as a table."""
    numbering = word.definition(
        0,
        word.level(0, "upperRoman", "%1."),
        word.level(1, "decimal", "%2."),
        word.level(2, "lowerLetter", "%3)"),
        word.level(3, "decimal", "%2.%4.", '<w:lvlRestart w:val="2"/>'),
    )
    change = f"<w:del><w:r><w:delText>70</w:delText></w:r></w:del><w:ins>{word.run('80')}</w:ins>"
    body = word.table([HEAD[0], HEAD[2]], [HEAD[1], HEAD[3]], properties=word.UNRULED)
    for line, level in zip(BODY, (0, 1, 2, 2, 3, 0), strict=True):
        before, figure, after = line.partition(" ")[2].partition("80")
        inner = word.run(before) + (change if figure else "") + word.run(after)
        body += word.paragraph(inner, word.in_list(1, level))
    return word.write_docx(path / "plan.docx", body + word.table(*TABLE), numbering=numbering + word.use(1, 0))


def as_pdf(path: Path, *, mixed: bool = False) -> Path:
    sheet = Sheet(mixed=mixed)
    for place in (0, 1):
        sheet.write(50, 800 - 18 * place, HEAD[place], 10)
        sheet.write(300, 799 - 18 * place, HEAD[place + 2], 10)
    sheet.table(TABLE, [72, 110, 260, 360, 480], sheet.lines(BODY, 740, 10))
    return sheet.save(path / "plan.pdf")


@pytest.mark.parametrize(
    "written", [as_word, as_pdf, lambda path: as_pdf(path, mixed=True)], ids=["Word", "PDF", "PDF of two fonts"]
)
def test_the_same_words_from_every_type(tmp_path: Path, written: Callable[[Path], Path]) -> None:
    expected = read_document(as_text(tmp_path))
    found = read_document(written(tmp_path))
    assert words_of(found) == words_of(expected)
    tables = [[block.rows for block in each.blocks if isinstance(block, Table)] for each in (found, expected)]
    assert tables[0] == tables[1] == [tuple(map(tuple, TABLE))]


def test_any_name_will_do(tmp_path: Path) -> None:
    for name in ("Kế hoạch số 12 (bản cuối).TXT", "-c import os.txt", "a\nb.txt"):
        assert words_of(read_document(write(tmp_path / name, SENTENCE))) == SENTENCE.split()


# --- What is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("plan.doc", WhyRefused.OLD_WORD),
        ("plan.docm", WhyRefused.MACROS),
        ("plan.HEIC", WhyRefused.SCAN),
        ("plan.odt", WhyRefused.UNKNOWN_TYPE),
        ("plan", WhyRefused.UNKNOWN_TYPE),
        ("nowhere.docx", WhyRefused.MISSING),
        ("with\0zero.docx", WhyRefused.MISSING),
    ],
)
def test_a_name_says_enough(tmp_path: Path, name: str, reason: WhyRefused) -> None:
    assert why(tmp_path / name) is reason


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
GOOD_WORD = word.package(word.document(word.paragraph(SENTENCE)))


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("plan.docx", b"%PDF-1.7 and so on", WhyRefused.WRONG_TYPE),
        ("plan.docx", SENTENCE.encode(), WhyRefused.WRONG_TYPE),
        ("plan.docx", OLE + b"\0" * 600, WhyRefused.OLD_WORD),
        ("plan.docx", OLE + "EncryptedPackage".encode("utf-16-le"), WhyRefused.ENCRYPTED),
        ("plan.pdf", GOOD_WORD, WhyRefused.WRONG_TYPE),
        ("plan.pdf", b"\x89PNG\r\n\x1a\n", WhyRefused.WRONG_TYPE),
        ("plan.txt", GOOD_WORD, WhyRefused.WRONG_TYPE),
        ("plan.txt", bytes(range(256)), WhyRefused.WRONG_TYPE),
        ("plan.txt", b"", WhyRefused.EMPTY),
        ("plan.txt", b" \r\n\r\n", WhyRefused.EMPTY),
        ("plan.txt", b"-- * --\n...", WhyRefused.EMPTY),
        ("plan.docx", word.package(word.document(word.paragraph(""))), WhyRefused.EMPTY),
        (
            "plan.txt",
            b"The plan of the union for the year 2025 is to have more members than before " * 3,
            WhyRefused.NOT_VIETNAMESE,
        ),
        (
            "plan.txt",
            "KÕ ho¹ch ph¸t triÓn ®oµn viªn vµ thµnh lËp c«ng ®oµn c¬ së giai ®o¹n míi".encode(),
            WhyRefused.NOT_VIETNAMESE,
        ),
    ],
)
def test_content_that_is_not_what_it_should_be(tmp_path: Path, name: str, content: bytes, reason: WhyRefused) -> None:
    assert why(write(tmp_path / name, content)) is reason


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "plan.docx").mkdir()
    assert why(tmp_path / "plan.docx") is WhyRefused.MISSING


def _sparse(path: Path) -> Path:
    with path.open("wb") as file:
        file.truncate(200 * 2**20)
    return path


def _paragraphs(path: Path) -> Path:
    """3,000,000 paragraphs, written piece by piece."""
    beginning, end = word.document("\0").split("\0")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", word.CONTENT_TYPES)
        packed.writestr("_rels/.rels", word.RELS)
        with packed.open("word/document.xml", "w") as part:
            part.write(beginning.encode())
            for _ in range(300):
                part.write(word.paragraph("x").encode() * 10_000)
            part.write(end.encode())
    return path


def _many_pages(path: Path) -> Path:
    sheet = Sheet()
    for _ in range(5_000):
        sheet.end_page()
    return sheet.save(path)


_LETTERS = b"BT /F 12 Tf 50 700 Td (phat trien doan vien) Tj ET\n"


def _grid(path: Path) -> Path:
    """A drawing of lines that cross 200,000 times."""
    sheet = Sheet()
    for place in range(200):
        sheet.canvas.line(0, place * 4, 590, place * 4)
    for place in range(150):
        sheet.canvas.line(place * 4, 0, place * 4, 800)
    sheet.lines([SENTENCE])
    return sheet.save(path)


@pytest.mark.parametrize(
    ("name", "make", "reason"),
    [
        ("large.docx", _sparse, WhyRefused.TOO_LARGE),
        ("large.pdf", _sparse, WhyRefused.TOO_LARGE),
        ("large.txt", _sparse, WhyRefused.TOO_LARGE),
        ("paragraphs.docx", _paragraphs, WhyRefused.TOO_MUCH_TEXT),
        ("pages.pdf", _many_pages, WhyRefused.TOO_MANY_PAGES),
        (
            "bomb.docx",
            lambda path: write(path, word.package(word.document(word.paragraph("a" * 100_000_000)))),
            WhyRefused.ZIP_BOMB,
        ),
        (
            "runs.docx",
            lambda path: write(path, word.package(word.document(word.paragraph(word.run("a") * 500_000)))),
            WhyRefused.TOO_MUCH_TEXT,
        ),
        ("deep.docx", lambda path: write(path, word.package(word.document("<w:sdt>" * 200_000))), WhyRefused.TOO_DEEP),
        ("lines.txt", lambda path: write(path, SENTENCE.encode() * 400_000), WhyRefused.TOO_MUCH_TEXT),
        ("packed.pdf", lambda path: write(path, packed_page(b" " * 1_000_000, 1_000)), WhyRefused.OUT_OF_MEMORY),
        ("letters.pdf", lambda path: write(path, packed_page(_LETTERS * 10_000, 1_000)), WhyRefused.OUT_OF_MEMORY),
        ("lines.pdf", lambda path: write(path, packed_page(b"0 0 m 500 0 l S\n" * 1_000, 300)), WhyRefused.EMPTY),
        ("grid.pdf", _grid, None),
    ],
)
def test_what_is_made_to_be_too_much_costs_little(
    tmp_path: Path, name: str, make: Callable[[Path], Path], reason: WhyRefused | None
) -> None:
    path = make(tmp_path / name)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    if reason is None:
        read_document(path)
    else:
        assert why(path) is reason
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 10


def test_the_child_has_no_more_memory_than_it_may_and_writes_no_file(tmp_path: Path) -> None:
    script = (
        "import resource, knowledge.importing.child as child\n"
        "child.answer = lambda path: (_ for _ in ()).throw(SystemExit(\n"
        "    f'{resource.getrlimit(resource.RLIMIT_AS)[0]} {resource.getrlimit(resource.RLIMIT_FSIZE)[0]}'))\n"
        "child.main()"
    )
    said = subprocess.run([sys.executable, "-c", script, "x.txt"], capture_output=True, text=True, check=False)
    assert said.stderr.split() == [str(MOST_MEMORY), "0"]


def test_a_child_that_takes_too_long_or_dies_is_one_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "plan.txt", SENTENCE)
    for ending, reason in (
        ("os.kill(os.getpid(), signal.SIGXCPU)", WhyRefused.TIMEOUT),
        ("os.abort()", WhyRefused.OUT_OF_MEMORY),
        ("os.kill(os.getpid(), signal.SIGSEGV)", WhyRefused.DAMAGED),
        ("print('{}'[:1])", WhyRefused.DAMAGED),
    ):
        write(
            tmp_path / "stand_in.py",
            f"import os, signal, resource\nresource.setrlimit(resource.RLIMIT_CORE, (0, 0))\n{ending}\n",
        )
        monkeypatch.setattr("knowledge.importing.files._CHILD", (str(tmp_path / "stand_in.py"),))
        assert why(path) is reason
    write(tmp_path / "stand_in.py", "import threading\nthreading.Event().wait()\n")
    monkeypatch.setattr("knowledge.importing.files.WAIT_SECONDS", 0.3)
    assert why(path) is WhyRefused.TIMEOUT


@settings(max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kind=st.sampled_from([".docx", ".pdf", ".txt", ".md"]), data=st.data())
def test_any_bytes_are_read_or_refused(tmp_path: Path, kind: str, data: st.DataObject) -> None:
    """Bytes of any kind, or of a whole file cut anywhere and changed in places."""
    whole = {".docx": as_word, ".pdf": as_pdf}.get(kind, as_text)(tmp_path).read_bytes()
    content = bytearray(whole[: data.draw(st.integers(0, len(whole)))] if data.draw(st.booleans()) else whole)
    for place, value in data.draw(st.lists(st.tuples(st.integers(0, len(whole)), st.integers(0, 255)), max_size=20)):
        if place < len(content):
            content[place] = value
    try:
        read_document(write(tmp_path / f"any{kind}", bytes(data.draw(st.one_of(st.just(content), st.binary())))))
    except FileRefusedError as refused:
        assert str(refused)


# --- Which language --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [SENTENCE, fold(SENTENCE), SENTENCE.upper(), "45 46 1.500", "HCM", "OK"])
def test_vietnamese_with_its_marks_or_without(text: str) -> None:
    assert is_vietnamese(make_document([Paragraph(text)]))
    assert is_vietnamese(make_document([Table(((text, ""),))]))


def test_other_languages_are_told_apart() -> None:
    for text in (
        "All human beings are born free and equal in dignity and rights and should act in a spirit of brotherhood",
        "Tous les êtres humains naissent libres et égaux en dignité et en droits et doivent agir avec fraternité",
        "Все люди рождаются свободными и равными в своем достоинстве и правах они наделены разумом и совестью",
    ):
        assert not is_vietnamese(make_document([Paragraph(text)]))


def test_every_reason_is_said_in_one_line() -> None:
    lines = {str(FileRefusedError(why)) for why in WhyRefused}
    assert len(lines) == len(WhyRefused)
    assert not [line for line in lines if os.linesep in line or len(line) > 120]
