"""A page of which there is only a picture, as it was read: lines with their places, and the picture itself."""

from __future__ import annotations

import struct
import zlib
from typing import Final

import msgspec

from knowledge.importing.document import Differing, PageSpot

PICTURE_WIDTH: Final = 1240
"""Points across of the picture that is kept of a page: 150 dpi of A4, two of them to a byte."""

PAGE_WIDTH: Final = 595
"""Points of a PDF's page of A4: what the layout of pages is used to, whatever the size of a picture."""

ONE_SIZE: Final = 11.0
"""Of letters, in these points: how high a line of a picture is depends on its letters, so it tells no small print."""

TALLEST_PICTURE: Final = 4 * PICTURE_WIDTH
_GREYS: Final = 4  # bits for one point
_ROW: Final = PICTURE_WIDTH * _GREYS // 8  # bytes
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_FLATTEST: Final = 10  # times as wide as high: Telegram takes 20, and a phone shows little of it


class ScannedPiece(msgspec.Struct, frozen=True):
    """Words that stand together, in points of the picture that was read, from its left edge."""

    left: int
    right: int
    text: str


class ScannedLine(msgspec.Struct, frozen=True):
    """A line in pieces from the left, between its upper and lower edge, counted from the top of the picture."""

    top: int
    bottom: int
    pieces: tuple[ScannedPiece, ...]
    differing: tuple[Differing, ...] = ()


class ScannedRow(msgspec.Struct, frozen=True):
    """A row of a ruled table: its cells, and what is known of it as of a line."""

    top: int
    bottom: int
    cells: tuple[str, ...]
    differing: tuple[Differing, ...] = ()


class PagePicture(msgspec.Struct, frozen=True):
    """A page in 16 greys, `PICTURE_WIDTH` points wide: its rows one after the other, packed."""

    height: int
    packed: bytes


class ScannedPage(msgspec.Struct, frozen=True):
    """A page as it was read; `width` and `height` are those of the picture that was read, in points.

    Of each table there are its rows.
    """

    number: int
    width: int
    height: int
    lines: tuple[ScannedLine, ...]
    tables: tuple[tuple[ScannedRow, ...], ...]
    picture: PagePicture


def pack_rows(rows: bytes) -> PagePicture:
    """The picture of rows of points, one byte for two of them."""
    return PagePicture(len(rows) // _ROW, zlib.compress(rows, 9))


def cut_out(picture: PagePicture, spot: PageSpot) -> bytes | None:
    """The part of a page where something stands, with a little around it, as a PNG; None where there is none.

    Nothing of the picture is decoded but its rows, so that it may be done in the bot's own process.
    """
    height = min(picture.height, TALLEST_PICTURE)
    rows = zlib.decompressobj().decompress(picture.packed, height * _ROW)
    top, bottom = spot.top * height // 1000, -(-spot.bottom * height // 1000)
    around = max((bottom - top) // 3, (PICTURE_WIDTH // _FLATTEST - (bottom - top)) // 2)
    top, bottom = max(0, top - around), min(len(rows) // _ROW, bottom + around)
    if bottom - top < 2:
        return None
    lines = b"".join(b"\0" + rows[place * _ROW : (place + 1) * _ROW] for place in range(top, bottom))
    header = struct.pack(">IIBBBBB", PICTURE_WIDTH, bottom - top, _GREYS, 0, 0, 0, 0)
    return _PNG + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(lines, 9)) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
