"""Words of tesseract's TSV as lines with places, and what two looks read differently."""

from __future__ import annotations

from knowledge.importing.document import Differing
from knowledge.importing.scans.page import ScannedPiece
from knowledge.importing.scans.words import SeenWord, join_looks, make_lines, read_tsv

HEAD = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"


def tsv(*rows: str) -> str:
    return "\n".join((HEAD, *(row.replace(" ", "\t") for row in rows)))


def seen(text: str, left: int, *, line: int = 1, right: int | None = None) -> SeenWord:
    width = right if right is not None else left + 20 * len(text)
    return SeenWord((1, 1, line), left, 60 * line, width, 60 * line + 40, 90.0, text)


def test_words_have_their_boxes_at_the_scale_of_the_page() -> None:
    found = read_tsv(
        tsv("4 1 1 1 1 0 0 0 90 9 -1 ", "5 1 1 1 2 1 30 60 45 12 96.5 80%", "5 1 1 1 2 2 90 60 9 12 91 x"), 2
    )
    assert [(word.line, word.left, word.top, word.right, word.bottom, word.text) for word in found] == [
        ((1, 1, 2), 60, 120, 150, 144, "80%"),
        ((1, 1, 2), 180, 120, 198, 144, "x"),
    ]


def test_specks_are_no_words_and_rows_that_are_none_are_passed_over() -> None:
    rows = (
        "5 1 1 1 1 1 0 0 9 9 20 ˆ`~",
        "5 1 1 1 1 2 9 0 9 9 90 |75%_",
        "5 1 x 1 1 1 0 0 9 9 9 a",
        "5 1 1",
        "",
        "5 1 1 1 1 3 0 0 9 9 80 –",
    )
    assert [word.text for word in read_tsv(tsv(*rows))] == ["75%", "–"]
    assert read_tsv("") == read_tsv("\0\t" * 11) == []


def test_lines_are_parted_where_a_column_begins() -> None:
    [first, second] = make_lines([seen("Số:", 10), seen("5", 80), seen("Huế", 400), seen("100%", 10, line=2)], {})
    assert first.pieces == (ScannedPiece(10, 100, "Số: 5"), ScannedPiece(400, 460, "Huế"))
    assert (first.top, first.bottom, second.pieces) == (60, 100, (ScannedPiece(10, 90, "100%"),))


def differing(first: list[SeenWord], second: list[SeenWord]) -> list[tuple[str, str]]:
    return [(each.first, each.second) for line in make_lines(*join_looks(first, second)) for each in line.differing]


def test_a_figure_that_is_read_in_two_ways_is_told_with_both() -> None:
    assert differing([seen("đạt", 10), seen("75%", 90)], [seen("đạt", 10), seen("759", 90)]) == [("75%", "759")]
    assert differing([seen("1.500", 10)], [seen("1,500", 10)]) == [("1.500", "1,500")]
    assert differing([seen("lO", 10)], [seen("10", 10)]) == [("lO", "10")]
    assert differing([seen("60%", 10)], []) == [("60%", "")]


def test_figures_that_only_break_otherwise_or_end_in_a_stop_are_the_same() -> None:
    assert not differing([seen("80%.", 10)], [seen("80%", 12)])
    assert not differing([seen("2021", 10), seen("-2025", 100)], [seen("2021-2025", 10, right=200)])
    assert not differing([seen("2021-2025", 10, right=200)], [seen("2021-", 10), seen("2025", 118)])
    assert not differing([seen("trên", 10)], [seen("trẽn", 10)])


def test_figures_of_other_lines_do_not_mix() -> None:
    first = [seen("80%", 10), seen("90%", 10, line=2)]
    second = [seen("80%", 10), seen("60%", 10, line=2)]
    [upper, lower] = make_lines(*join_looks(first, second))
    assert (upper.differing, lower.differing) == ((), (Differing("90%", "60%"),))


def test_what_only_the_second_look_saw_has_its_place_and_figures_are_told() -> None:
    first = [seen("đạt", 10), seen("công", 300), seen("đoàn", 10, line=4)]
    second = [*first, seen("75%", 120), seen("viên", 400), seen("2030", 10, line=2), seen("ơ", 900)]
    lines = make_lines(*join_looks(first, second))
    shown = [" | ".join(piece.text for piece in line.pieces) for line in lines]
    assert shown == ["đạt 75% | công viên", "2030", "đoàn"]
    assert [line.differing for line in lines] == [(Differing("", "75%"),), (Differing("", "2030"),), ()]
    unsure = second[3]._replace(sure=40.0)
    assert join_looks(first, [*first, unsure]) == (first, {})
