"""What is decided together of a review."""

from __future__ import annotations

from knowledge.importing.model import LeftOver, WhyDoubted
from knowledge.model.plan_reviews import ReviewMatter, ReviewRow, ReviewVerdict
from knowledge.reviewing.together import find_together, quote_together

TABLE = ("1 | Vĩnh Hòa | 14 | 1.250", "2 | Tân An | 9 | 640")


def left(number: str, quote: str, section: str = "II.1") -> ReviewRow:
    content = {"number": number, "quote": quote, "section": section}
    return ReviewRow(place=1, matter=ReviewMatter.LEFT_OVER, verdict=ReviewVerdict.OPEN, content=content)


def doubtful(quote: str, doubt: WhyDoubted = WhyDoubted.UNIT_UNKNOWN, section: str = "II.1") -> ReviewRow:
    content = {"fact": {"quote": quote, "section": section}, "subject": "x"}
    return ReviewRow(place=1, matter=ReviewMatter.TARGET, verdict=ReviewVerdict.DOUBTFUL, content=content, doubt=doubt)


def test_numbers_of_one_table_and_of_one_sentence() -> None:
    table = [left("14", TABLE[0]), left("1.250", TABLE[0]), left("9", TABLE[1])]
    sentence = [left("15", "Có từ 15 đến 05 lao động."), left("05", "Có từ 15 đến 05 lao động.")]
    other = left("3", "Mở 3 lớp.")
    assert find_together([*table, *sentence, other]) == table
    assert find_together([*sentence, *table]) == sentence
    assert find_together([other, *table]) == [other]
    assert find_together([]) == []
    assert quote_together(table) == "\n".join(TABLE)
    assert quote_together(sentence) == "Có từ 15 đến 05 lao động."


def test_a_table_of_another_section_is_another() -> None:
    assert len(find_together([left("14", TABLE[0]), left("9", TABLE[1], "Phụ lục")])) == 1


def test_pieces_of_one_long_sentence_are_put_together() -> None:
    text = " ".join(f"chữ{number}" for number in range(80))
    first, second = left("1", text[:300]), left("2", text[120:420])
    assert find_together([first, second]) == [first, second]
    assert quote_together([first, second]) == text[:420]
    assert len(find_together([first, left("2", text[310:])])) == 1


def test_doubtful_targets_of_one_table_and_one_reason() -> None:
    rows = [doubtful(TABLE[0]), doubtful(TABLE[0]), doubtful(TABLE[1])]
    assert find_together([*rows, doubtful(TABLE[1], WhyDoubted.NO_HORIZON)]) == rows
    assert find_together(rows[:2]) == rows[:1]
    said_twice = [doubtful("Kết nạp 500, phấn đấu 600, 700.")] * 3
    assert len(find_together(said_twice)) == 1


def test_the_content_of_a_row_is_what_was_read() -> None:
    assert LeftOver.__struct_fields__[:3] == ("number", "quote", "section")
