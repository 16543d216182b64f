"""Where on a scanned page each thing stands, and why it is doubted."""

from __future__ import annotations

from knowledge.importing.document import Differing, Document, PageSpot, Paragraph, Scanned, make_document
from knowledge.importing.model import PlanReading, ReadTarget, WhyDoubted
from knowledge.importing.reading import read_plan

TEXT = """\
I. CHỈ TIÊU ĐẾN NĂM 2030
1. Có từ 80% trở lên doanh nghiệp ngoài khu vực nhà nước có tổ chức công
đoàn; kết nạp 1.500 đoàn viên, trong đó có 12 đoàn viên là người khuyết tật ở
các xã.
2. Khoảng 60% chủ nhà trọ ký cam kết.
"""


def scanned(differing: dict[int, Differing], *, text: str = TEXT, first_page: int = 1) -> Document:
    """The text as a scan, a line every 20 thousandths of the page, four lines a page."""
    blocks = []
    for place, line in enumerate(text.splitlines()):
        spot = PageSpot(first_page + place // 4, place % 4 * 20, place % 4 * 20 + 15)
        found = (differing[place],) if place in differing else ()
        blocks.append(Paragraph(line, spot.page, Scanned(spot, found)))
    return make_document(blocks)


def target(reading: PlanReading, value: str) -> ReadTarget:
    return next(each for each in reading.targets if str(each.value) == value)


def test_each_figure_has_the_place_of_its_own_line() -> None:
    reading = read_plan(scanned({}))
    assert target(reading, "80").spot == PageSpot(1, 20, 35)
    assert target(reading, "1500").spot == PageSpot(1, 40, 55)
    assert target(reading, "60").spot == PageSpot(2, 0, 15)
    places = {left.number: left.spot for left in reading.left_over}
    assert set(places.values()) <= {PageSpot(1, 40, 55)}


def test_every_figure_is_doubted_for_its_strongest_reason() -> None:
    reading = read_plan(scanned({2: Differing("1.500", "7.500")}))
    assert target(reading, "80").doubt is WhyDoubted.SCANNED
    assert target(reading, "1500").doubt is WhyDoubted.PASSES_DIFFER
    assert target(reading, "1500").differing == (Differing("1.500", "7.500"),)
    assert target(reading, "60").doubt is WhyDoubted.APPROXIMATE
    assert all(each.doubt is not None for each in reading.targets)


def test_what_differs_in_another_figure_of_the_line_is_told_too_where_it_is_quoted() -> None:
    reading = read_plan(scanned({4: Differing("60%", "80%")}))
    found = target(reading, "60")
    assert found.doubt is WhyDoubted.APPROXIMATE
    assert found.differing == (Differing("60%", "80%"),)


def test_a_text_that_was_not_scanned_has_no_places() -> None:
    reading = read_plan(make_document(Paragraph(line) for line in TEXT.splitlines()))
    assert not reading.is_scanned
    assert reading.term_spot is None
    assert all(each.spot is None and each.doubt is not WhyDoubted.SCANNED for each in reading.targets)


def test_the_years_of_the_term_have_their_place() -> None:
    text = "KẾ HOẠCH\nPhát triển đoàn viên giai đoạn 2026-2030\n" + TEXT
    reading = read_plan(scanned({}, text=text))
    assert (reading.plan.covers_from, reading.plan.covers_to) == (2026, 2030)
    assert reading.term_spot == PageSpot(1, 20, 35)
