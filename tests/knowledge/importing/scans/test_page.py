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


def test_lines_are_cut_out_in_the_width_of_the_page_with_a_little_around_them() -> None:
    content = cut_out(page(), PageSpot(1, 95, 105))
    assert content is not None
    picture = Image.open(io.BytesIO(content))
    assert (picture.format, picture.mode, picture.width) == ("PNG", "L", PICTURE_WIDTH)
    assert 100 < picture.height < 140
    dark = [row for row in range(picture.height) if picture.getpixel((600, row)) == 0]
    assert len(dark) == 1
    assert 40 < dark[0] < 90


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
