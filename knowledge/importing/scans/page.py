"""A page of which there is only a picture, as it was read: lines with their places, and the picture itself."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
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
_FLAT: Final = 8  # times as wide as high, from which a few lines are shown in two parts
_PART: Final = _ROW * 11 // 20  # bytes of either part, which overlap
_BETWEEN: Final = b"\xaa" * _PART
_GAP: Final = 4  # points between the parts
_DARK: Final = 7  # of 16 greys
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

    A few lines come as their left part above their right one, so that they can be read on a phone. Nothing of the
    picture is decoded but its rows, so that it may be done in the bot's own process.
    """
    height = min(picture.height, TALLEST_PICTURE)
    rows = zlib.decompressobj().decompress(picture.packed, height * _ROW)
    top, bottom = spot.top * height // 1000, -(-spot.bottom * height // 1000)
    is_flat = (bottom - top) * _FLAT < PICTURE_WIDTH
    wide = _PART if is_flat else _ROW
    around = max((bottom - top) // 3, (2 * wide // _FLATTEST - (bottom - top)) // 2)
    top, bottom = max(0, top - around), min(len(rows) // _ROW, bottom + around)
    if bottom - top < 2:
        return None
    lines = [rows[place * _ROW : (place + 1) * _ROW] for place in range(top, bottom)]
    if is_flat:
        left, right = [line[:_PART] for line in lines], [line[-_PART:] for line in lines]
        lines = [*left, *([_BETWEEN] * _GAP), *right] if _is_written(right) else left
    header = struct.pack(">IIBBBBB", 8 * wide // _GREYS, len(lines), _GREYS, 0, 0, 0, 0)
    drawn = zlib.compress(b"".join(b"\0" + line for line in lines), 9)
    return _PNG + _chunk(b"IHDR", header) + _chunk(b"IDAT", drawn) + _chunk(b"IEND", b"")


def _is_written(lines: Sequence[bytes]) -> bool:
    """Whether anything dark stands there."""
    return any(byte & 0xF0 < _DARK << 4 or byte & 0x0F < _DARK for line in lines for byte in line)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
