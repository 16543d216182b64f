"""The picture of a page as it is kept, and the lines that are cut out of it."""

from __future__ import annotations

import io
import zlib

from PIL import Image

from knowledge.importing.document import PageSpot
from knowledge.importing.scans.page import PICTURE_WIDTH, PagePicture, cut_out, pack_rows

ROW = PICTURE_WIDTH // 2


def page(high: int = 1754) -> PagePicture:
    """White, but for a black line a tenth of the page down."""
    rows = [b"\xff" * ROW] * high
    rows[high // 10] = b"\0" * ROW
    return pack_rows(b"".join(rows))


def cut(page: PagePicture, top: int, bottom: int) -> Image.Image:
    content = cut_out(page, PageSpot(1, top, bottom))
    assert content is not None
    return Image.open(io.BytesIO(content))


def test_a_few_lines_are_cut_out_as_their_left_part_above_their_right_one() -> None:
    picture = cut(page(), 95, 105)
    assert (picture.format, picture.mode) == ("PNG", "L")
    assert PICTURE_WIDTH / 2 < picture.width < 0.6 * PICTURE_WIDTH
    dark = [row for row in range(picture.height) if picture.getpixel((300, row)) == 0]
    assert len(dark) == 2
    assert dark[1] - dark[0] > picture.height / 3


def test_a_right_part_without_a_word_is_left_out() -> None:
    rows = [b"\xff" * ROW] * 1754
    rows[175] = b"\0" * (ROW // 3) + b"\xff" * (ROW - ROW // 3)
    picture = cut(pack_rows(b"".join(rows)), 95, 105)
    assert picture.width < 12 * picture.height
    assert len([row for row in range(picture.height) if picture.getpixel((100, row)) == 0]) == 1


def test_many_lines_are_cut_out_in_the_width_of_the_page() -> None:
    assert cut(page(), 50, 300).width == PICTURE_WIDTH


def test_a_line_at_the_edge_and_a_whole_page_are_cut_out_too() -> None:
    for spot in (PageSpot(1, 0, 5), PageSpot(1, 990, 1000), PageSpot(1, 0, 1000)):
        content = cut_out(page(), spot)
        assert content is not None
        picture = Image.open(io.BytesIO(content))
        picture.load()
        assert max(picture.size) <= 20 * min(picture.size)


def test_what_does_not_fit_the_page_is_no_picture_and_no_flood() -> None:
    assert cut_out(page(), PageSpot(1, 5000, 6000)) is None
    assert cut_out(PagePicture(0, zlib.compress(b"")), PageSpot(1, 0, 10)) is None
    bomb = PagePicture(10**9, zlib.compress(bytes(30_000_000)))
    content = cut_out(bomb, PageSpot(1, 0, 1000))
    assert content is not None
    assert Image.open(io.BytesIO(content)).height <= 4 * PICTURE_WIDTH
