"""Numbers that Word counts itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.importing.document import Paragraph
from knowledge.importing.word.reading import read_word
from tests.knowledge.importing import word_files as word

OUTLINE = word.definition(
    0,
    word.level(0, "upperRoman", "%1."),
    word.level(1, "decimal", "%2."),
    word.level(2, "decimal", "%2.%3."),
    word.level(3, "lowerLetter", "%4)"),
    word.level(4, "bullet", "-"),
)


def read(body: str, numbering: str, styles: str = "") -> list[str]:
    roots = {"numbering": numbering, "styles": styles}
    parts = {name: word.part(name, content) for name, content in roots.items()}
    blocks = read_word(word.package(word.document(body), parts)).blocks
    return [block.text for block in blocks if isinstance(block, Paragraph)]


def listed(*places: int, list_id: int = 1) -> str:
    return "".join(word.paragraph("x", word.in_list(list_id, place)) for place in places)


def test_levels_are_written_as_their_texts_say_and_begin_anew_below_a_higher_one() -> None:
    labels = [text.split()[0] for text in read(listed(0, 1, 1, 2, 2, 3, 3, 4, 1, 2, 0, 1, 2), OUTLINE + word.use(1, 0))]
    assert labels == ["I.", "1.", "2.", "2.1.", "2.2.", "a)", "b)", "-", "3.", "3.1.", "II.", "1.", "1.1."]


def test_a_level_that_is_skipped_counts_from_its_start() -> None:
    assert read(listed(2), OUTLINE + word.use(1, 0)) == ["1.1. x"]


@pytest.mark.parametrize(
    ("form", "text", "start", "labels"),
    [
        ("decimal", "Điều %1.", 9, ["Điều 9.", "Điều 10."]),
        ("decimalZero", "%1", 9, ["09", "10"]),
        ("upperLetter", "%1.", 26, ["Z.", "AA."]),
        ("lowerRoman", "(%1)", 3, ["(iii)", "(iv)"]),
        ("upperRoman", "%1-", 48, ["XLVIII-", "XLIX-"]),
        ("upperRoman", "%1", 1999, ["MCMXCIX", "MM"]),
        ("ordinalText", "%1.", 1, ["1.", "2."]),
        ("none", "*", 1, ["*", "*"]),
        ("bullet", "–", 1, ["–", "–"]),
        ("bullet", "\uf0b7", 1, ["•", "•"]),
        ("bullet", "o", 1, ["•", "•"]),
    ],
)
def test_forms_of_numbers(form: str, text: str, start: int, labels: list[str]) -> None:
    numbering = word.definition(0, word.level(0, form, text, start=start)) + word.use(1, 0)
    assert read(listed(0, 0), numbering) == [f"{label} x" for label in labels]


def test_lists_of_one_definition_count_on_unless_one_starts_anew() -> None:
    anew = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    numbering = word.definition(0, word.level(0, "decimal", "%1.")) + word.use(1, 0) + word.use(2, 0)
    numbering += word.use(3, 0, anew)
    body = listed(0, 0) + listed(0, list_id=2) + listed(0, 0, list_id=3) + listed(0)
    assert read(body, numbering) == ["1. x", "2. x", "3. x", "1. x", "2. x", "3. x"]


def test_a_list_may_write_a_level_otherwise() -> None:
    other = f'<w:lvlOverride w:ilvl="0">{word.level(0, "upperLetter", "%1.")}</w:lvlOverride>'
    numbering = word.definition(0, word.level(0, "decimal", "%1.")) + word.use(1, 0) + word.use(2, 0, other)
    assert read(listed(0) + listed(0, list_id=2), numbering) == ["1. x", "B. x"]


def test_legal_numbers_are_digits_on_all_levels() -> None:
    numbering = word.definition(0, word.level(0, "upperRoman", "%1."), word.level(1, "decimal", "%1.%2.", "<w:isLgl/>"))
    assert read(listed(0, 0, 1), numbering + word.use(1, 0)) == ["I. x", "II. x", "2.1. x"]


@pytest.mark.parametrize(("after", "labels"), [("0", ["a.", "b."]), ("1", ["a.", "a."]), (None, ["a.", "a."])])
def test_what_restarts_a_level(after: str | None, labels: list[str]) -> None:
    restart = "" if after is None else f'<w:lvlRestart w:val="{after}"/>'
    numbering = word.definition(0, word.level(0, "decimal", "%1."), word.level(1, "lowerLetter", "%2.", restart))
    found = read(listed(0, 1, 0, 1), numbering + word.use(1, 0))
    assert [found[1].split()[0], found[3].split()[0]] == labels


def test_a_style_carries_numbers() -> None:
    chapter = '<w:pStyle w:val="Chuong"/>'
    styles = (
        '<w:style w:type="paragraph" w:styleId="Chuong"><w:name w:val="heading 1"/>'
        '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="Muc"><w:name w:val="heading 2"/><w:basedOn w:val="Chuong"/>'
        '<w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="Con"><w:basedOn w:val="Muc"/></w:style>'
    )
    numbering = word.definition(0, word.level(0, "upperRoman", "%1."), word.level(1, "decimal", "%1.%2."))
    body = "".join(
        word.paragraph("x", properties)
        for properties in (
            chapter,
            '<w:pStyle w:val="Muc"/>',
            '<w:pStyle w:val="Con"/>',
            f'{chapter}<w:numPr><w:numId w:val="0"/></w:numPr>',
            chapter,
        )
    )
    assert read(body, numbering + word.use(1, 0), styles) == ["I. x", "I.1. x", "I.2. x", "x", "II. x"]


def test_a_level_names_the_style_it_belongs_to() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="Muc"><w:name w:val="muc"/>'
        '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    )
    numbering = word.definition(
        0, word.level(0, "upperRoman", "%1."), word.level(1, "decimal", "%2/", '<w:pStyle w:val="Muc"/>')
    )
    assert read(word.paragraph("x", '<w:pStyle w:val="Muc"/>'), numbering + word.use(1, 0), styles) == ["1/ x"]


def test_numbers_go_on_in_tables_and_are_there_without_words() -> None:
    numbering = word.definition(0, word.level(0, "decimal", "%1")) + word.use(1, 0)
    number = f"<w:tc><w:tcPr/>{word.paragraph('', word.in_list(1))}</w:tc>"
    rows = [f"<w:tr>{number}{word.cell(text)}</w:tr>" for text in ("một", "hai")]
    document = read_word(
        word.package(word.document(word.table(*rows)), {"numbering": word.part("numbering", numbering)})
    )
    assert [row for block in document.blocks for row in getattr(block, "rows", ())] == [("1", "một"), ("2", "hai")]


def test_a_list_that_is_not_there_numbers_nothing(tmp_path: Path) -> None:
    assert read(listed(0, list_id=77), OUTLINE + word.use(1, 0)) == ["x"]
    assert read(listed(0), '<w:num w:numId="1"><w:abstractNumId w:val="5"/></w:num>') == ["x"]
