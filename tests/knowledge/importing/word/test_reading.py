"""Word files: what Word shows with all tracked changes accepted."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.importing.document import Block, Document, Paragraph, Table
from knowledge.importing.refusals import FileRefusedError, WhyRefused
from knowledge.importing.word.reading import read_word
from tests.knowledge.importing import word_files as word

DELETED_END = "<w:rPr><w:del w:id='1'/></w:rPr>"


def read(body: str, **parts: str) -> Document:
    return read_word(word.package(word.document(body), {name: word.part(name, text) for name, text in parts.items()}))


def texts(body: str, **parts: str) -> list[str]:
    return [block.text for block in read(body, **parts).blocks if isinstance(block, Paragraph)]


def test_insertions_are_in_and_deletions_out() -> None:
    deleted = "<w:del><w:r><w:delText>70</w:delText></w:r></w:del>"
    inserted = f"<w:ins>{word.run('80')}</w:ins>"
    assert texts(word.paragraph(word.run("đạt ") + deleted + inserted + word.run("%"))) == ["đạt 80%"]


def test_what_was_moved_stands_where_it_was_moved_to() -> None:
    body = word.paragraph(f"<w:moveFrom>{word.run('80%')}</w:moveFrom>{word.run('một')}")
    body += word.paragraph(f"<w:moveTo>{word.run('80%')}</w:moveTo>")
    assert texts(body) == ["một", "80%"]


def test_a_paragraph_whose_end_was_deleted_runs_on() -> None:
    numbering = word.definition(0, word.level(0, "decimal", "%1.")) + word.use(1, 0)
    body = word.paragraph("đầu", word.in_list(1)) + word.paragraph("phấn đấu", word.in_list(1) + DELETED_END)
    body += word.paragraph("đạt 80%", word.in_list(1)) + word.paragraph("cuối", DELETED_END)
    assert texts(body, numbering=numbering) == ["1. đầu", "2. phấn đấu đạt 80%", "cuối"]


def test_rows_that_were_deleted_are_out() -> None:
    gone = f"<w:tr><w:trPr><w:del w:id='1'/></w:trPr>{word.cell('a')}{word.cell('70')}</w:tr>"
    assert read(word.table(gone, ["b", "80"])).blocks == (Table((("b", "80"),)),)


def test_content_controls_and_what_wraps_text_are_in() -> None:
    control = "<w:sdt><w:sdtPr><w:text/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"
    field = "<w:fldSimple w:instr='DOCPROPERTY'>{}</w:fldSimple>"
    link = "<w:hyperlink>{}</w:hyperlink>"
    inside = "".join(wrapper.format(word.run(text)) for wrapper, text in ((control, "a"), (field, "b"), (link, "c")))
    assert texts(control.format(word.paragraph("trong khung")) + word.paragraph(inside)) == ["trong khung", "abc"]


def test_the_code_of_fields_and_hidden_text_are_out() -> None:
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>NUMPAGES 7</w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{word.run("12")}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    assert texts(word.paragraph(field + word.run("99", "<w:vanish/>") + word.run("!", '<w:vanish w:val="0"/>'))) == [
        "12!"
    ]


def test_a_table_of_contents_is_left_out() -> None:
    styles = '<w:style w:type="paragraph" w:styleId="Mucluc1"><w:name w:val="toc 1"/></w:style>'
    gallery = '<w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
    body = word.paragraph("I. MỤC TIÊU 3", '<w:pStyle w:val="Mucluc1"/>')
    body += f"<w:sdt>{gallery}<w:sdtContent>{word.paragraph('II. NHIỆM VỤ 5')}</w:sdtContent></w:sdt>"
    assert texts(body + word.paragraph("I. MỤC TIÊU"), styles=styles) == ["I. MỤC TIÊU"]


def test_footnotes_stand_apart_in_the_order_in_which_they_are_referred_to() -> None:
    notes = (
        f'<w:footnote w:id="-1" w:type="separator">{word.paragraph("")}</w:footnote>'
        f'<w:footnote w:id="2">{word.paragraph("Số liệu năm 2020.")}</w:footnote>'
        f'<w:footnote w:id="3">{word.paragraph("Nghị quyết 02.")}</w:footnote>'
        f'<w:footnote w:id="4">{word.paragraph("Không ai nhắc tới.")}</w:footnote>'
    )
    mark = '<w:r><w:footnoteReference w:id="{}"/></w:r>'
    found = read(
        word.paragraph(word.run("đạt 80%") + mark.format(3) + word.run(", rồi 85%") + mark.format(2)), footnotes=notes
    )
    assert found.blocks == (Paragraph("đạt 80%, rồi 85%"),)
    assert found.footnotes == (Paragraph("Nghị quyết 02."), Paragraph("Số liệu năm 2020."))


def test_raised_digits_are_letters_of_their_own() -> None:
    assert texts(word.paragraph(word.run("80%") + word.run("1", '<w:vertAlign w:val="superscript"/>'))) == ["80%¹"]


def test_signs_breaks_and_symbols() -> None:
    inside = (
        f"{word.run('Số:')}<w:r><w:tab/></w:r>{word.run('A15')}<w:r><w:noBreakHyphen/></w:r>{word.run('KH')}<w:r><w:br/></w:r>"
        '<w:r><w:sym w:font="Symbol" w:char="F0B3"/></w:r>' + word.run(" 80% ") + "<w:r><w:softHyphen/></w:r>"
        f"<m:oMath><m:r><m:t>≤</m:t></m:r></m:oMath>{word.run(' 90')}{word.run(chr(0xF0A3) + '5', '')}"
    )
    assert texts(word.paragraph(inside)) == ["Số: A15-KH\n≥ 80% ≤ 90≤5"]


def test_words_of_a_text_box_once() -> None:
    box = f"<w:txbxContent>{word.paragraph('DỰ THẢO')}</w:txbxContent>"
    inside = (
        "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing>"
        f"{box}</w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox>{box}</v:textbox></v:shape></w:pict>"
        "</mc:Fallback></mc:AlternateContent></w:r>"
    )
    assert texts(word.paragraph(inside + word.run("KẾ HOẠCH"))) == ["KẾ HOẠCH", "DỰ THẢO"]


def test_merged_cells_have_their_words_once() -> None:
    down, on, both = '<w:vMerge w:val="restart"/>', "<w:vMerge/>", '<w:gridSpan w:val="2"/>'
    body = word.table(
        f"<w:tr>{word.cell('TT', down)}{word.cell('Chỉ tiêu', both)}</w:tr>",
        f"<w:tr>{word.cell('', on)}{word.cell('2025')}{word.cell('2030')}</w:tr>",
        f"<w:tr>{word.cell('1')}{word.cell(['80%', 'trở lên'])}{word.cell('90%')}</w:tr>",
        f'<w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr>{word.cell("a")}</w:tr>',
    )
    assert read(body).blocks == (
        Table((("TT", "Chỉ tiêu", ""), ("", "2025", "2030"), ("1", "80%\ntrở lên", "90%"), ("", "a", ""))),
    )


@pytest.mark.parametrize("properties", [word.UNRULED, "", '<w:tblStyle w:val="Plain"/>'])
def test_a_letterhead_laid_out_as_a_table_is_read_down_then_across(properties: str) -> None:
    body = word.table(
        ["TỈNH ỦY\nQUẢNG TRỊ", "ĐẢNG CỘNG SẢN VIỆT NAM"], ["Số: 12-KH/TU", "ngày 05/3/2021"], properties=properties
    )
    assert texts(body) == ["TỈNH ỦY\nQUẢNG TRỊ", "Số: 12-KH/TU", "ĐẢNG CỘNG SẢN VIỆT NAM", "ngày 05/3/2021"]


def test_a_column_that_only_parts_the_letterhead_and_the_place_for_a_signature() -> None:
    head = word.table(["TỈNH ỦY", "", "VIỆT NAM"], ["Số: 1", "", "ngày 05/3/2021"], properties=word.UNRULED)
    foot = word.table(["Nơi nhận:", "TM. BAN THƯỜNG VỤ"], properties=word.UNRULED)
    body = head + word.paragraph("một") * 4 + foot
    assert texts(body) == [
        "TỈNH ỦY",
        "Số: 1",
        "VIỆT NAM",
        "ngày 05/3/2021",
        *["một"] * 4,
        "Nơi nhận:",
        "TM. BAN THƯỜNG VỤ",
    ]


def test_a_table_without_lines_further_on_keeps_its_rows() -> None:
    rows = [["Đoàn viên", "80%"], ["Thỏa ước", "75%"]]
    body = word.paragraph("một") * 4 + word.table(*rows, properties=word.UNRULED)
    assert read(body).blocks[-1] == Table(tuple(map(tuple, rows)))


@pytest.mark.parametrize("where", ["style", "cell"])
def test_a_table_is_ruled_by_its_style_or_its_cells(where: str) -> None:
    grid = (
        '<w:style w:type="table" w:styleId="Grid"><w:name w:val="Table Grid"/>'
        f"<w:tblPr>{word.RULED}</w:tblPr></w:style>"
    )
    edge = '<w:tcBorders><w:top w:val="single"/></w:tcBorders>' if where == "cell" else ""
    row = f"<w:tr>{word.cell('Chỉ tiêu', edge)}{word.cell('80%', edge)}</w:tr>"
    body = word.table(row, properties='<w:tblStyle w:val="Grid"/>' if where == "style" else "")
    assert read(body, styles=grid).blocks == (Table((("Chỉ tiêu", "80%"),)),)


def test_a_frame_around_words_is_no_table() -> None:
    assert texts(word.table([["a"][0]])) == ["a"]


@pytest.mark.parametrize(
    ("font", "written", "read_as"),
    [
        (".VnTime", "ph¸t triÓn ®oµn viªn", "phát triển đoàn viên"),
        (".VnTimeH", "kÕ ho¹ch", "KẾ HOẠCH"),
        ("VNI-Times", "phaùt trieån ñoaøn vieân", "phát triển đoàn viên"),
        ("Times New Roman", "phát triển ñ", "phát triển ñ"),
    ],
)
def test_old_fonts_by_their_names(font: str, written: str, read_as: str) -> None:
    fonts = f'<w:rFonts w:ascii="{font}" w:hAnsi="{font}"/>'
    assert texts(word.paragraph(word.run(written, fonts))) == [read_as]
    normal = '<w:style w:type="paragraph" w:default="1" w:styleId="N"><w:name w:val="Normal"/>'
    styled = f"{normal}<w:rPr>{fonts}</w:rPr></w:style>"
    assert texts(word.paragraph(written), styles=styled) == [read_as]
    usual = f"<w:docDefaults><w:rPrDefault><w:rPr>{fonts}</w:rPr></w:rPrDefault></w:docDefaults>"
    assert texts(word.paragraph(written), styles=usual) == [read_as]


def test_text_is_composed_and_blank_paragraphs_stay() -> None:
    blocks: tuple[Block, ...] = (Paragraph("phấn đấu"), Paragraph(""), Paragraph("80%"))
    assert read(word.paragraph("phâ\u0301n đâ\u0301u") + word.paragraph("") + word.paragraph("80%")).blocks == blocks


def why(content: bytes) -> WhyRefused:
    with pytest.raises(FileRefusedError) as refused:
        read_word(content)
    return refused.value.why


GOOD = word.package(word.document(word.paragraph("Kế hoạch phát triển đoàn viên " * 50)))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (lambda: GOOD[: len(GOOD) // 2], WhyRefused.DAMAGED),
        (lambda: GOOD[:-8], WhyRefused.DAMAGED),
        (lambda: word.package("<w:document"), WhyRefused.DAMAGED),
        (lambda: word.package(word.document(word.paragraph("x")), {"word/vbaProject.bin": b"x"}), WhyRefused.MACROS),
        (lambda: word.package(word.document("", "<!DOCTYPE x [<!ENTITY a 'a'>]>")), WhyRefused.ENTITIES),
        (lambda: word.package(word.document("", '<!DOCTYPE x SYSTEM "file:///etc/hostname">')), WhyRefused.ENTITIES),
        (lambda: word.package(word.document("<w:sdt>" * 20_000)), WhyRefused.TOO_DEEP),
        (lambda: word.package(word.document(word.paragraph("")), {"word/media/1.png": b"x"}), WhyRefused.SCAN),
        (lambda: word.package(word.document(word.paragraph("a" * 70_000_000))), WhyRefused.ZIP_BOMB),
        (lambda: word.package(word.document(word.paragraph("x") * 50_001)), WhyRefused.TOO_MUCH_TEXT),
        (
            lambda: word.package(
                "", {"[Content_Types].xml": word.CONTENT_TYPES.replace("wordprocessing", "spreadsheet")}
            ),
            WhyRefused.WRONG_TYPE,
        ),
    ],
    ids=["cut", "end cut", "broken", "macros", "entities", "outside", "deep", "scan", "bomb", "long", "no Word"],
)
def test_what_is_refused_and_why(content: Callable[[], bytes], reason: WhyRefused) -> None:
    assert why(content()) is reason


def test_a_table_as_wide_as_it_says_takes_no_more_than_a_table_may() -> None:
    wide = word.cell("a", '<w:gridSpan w:val="99999999"/>')
    [table] = read(word.table(f"<w:tr>{wide * 30}</w:tr>", ["a", "b"])).blocks
    assert isinstance(table, Table)
    assert len(table.rows[0]) == 64


@given(st.data())
def test_any_damage_is_read_or_refused(data: st.DataObject) -> None:
    """Bytes of a package changed or cut anywhere."""
    damaged = bytearray(GOOD[: data.draw(st.integers(0, len(GOOD)))] if data.draw(st.booleans()) else GOOD)
    for place, value in data.draw(st.lists(st.tuples(st.integers(0, len(GOOD)), st.integers(0, 255)), max_size=8)):
        if place < len(damaged):
            damaged[place] = value
    with suppress(FileRefusedError):
        read_word(bytes(damaged))


@given(st.text(alphabet='<>/w:ptrcblsd"= 0123', max_size=200))
def test_any_main_part_is_read_or_refused(content: str) -> None:
    with suppress(FileRefusedError):
        read_word(word.package(word.document(content)))
