"""Pages as pictures: of a PDF, or a picture file. In a process of its own only: a file may be hostile."""

from __future__ import annotations

import io
from typing import Final

import pypdfium2
from PIL import Image, ImageFilter, ImageOps, UnidentifiedImageError

from knowledge.importing.pdf.glyphs import open_pdf
from knowledge.importing.refusals import MOST_PIXELS, MOST_SCANNED_PAGES, FileRefusedError, WhyRefused
from knowledge.importing.scans.engine import DPI
from knowledge.importing.scans.page import PICTURE_WIDTH, TALLEST_PICTURE, PagePicture, pack_rows

_FORMATS: Final = ("JPEG", "PNG", "TIFF", "WEBP", "BMP")
_ANIMATED: Final = ("PNG", "WEBP")  # of these only the first picture would be seen
_BEGINNINGS: Final = (b"\xff\xd8\xff", b"\x89PNG", b"II*\0", b"MM\0*", b"RIFF", b"BM")
_POINT: Final = 72  # of a PDF's, to an inch
_LONG_SIDE: Final = (2_000, 3_508, 4_960)  # points: at least, A4 and A3 at 300 dpi, and never more than that
_MOST_ENLARGED: Final = 3
_NARROWEST: Final = 20  # points: what is narrower holds no line
_PAPER: Final = 60  # per cent of a page that are surely paper, so white


def count_pictures(content: bytes) -> int:
    """How many pages a picture file has: more than one only in a TIFF.

    Raises:
        FileRefusedError: it is none, is damaged, moves, or is too large.
    """
    opened = _open(content)
    pages = getattr(opened, "n_frames", 1) if opened.format in _ANIMATED else 1
    if pages > 1:
        raise FileRefusedError(WhyRefused.WRONG_TYPE)
    if opened.format == "TIFF":
        while pages <= MOST_SCANNED_PAGES and _turn_to(opened, pages):
            pages += 1
    return pages


def draw_picture(content: bytes, number: int) -> Image.Image:
    """A page of a picture file in greys, upright, as large as it is read; the first is 1.

    Raises:
        FileRefusedError: it is damaged, too small or too large.
    """
    opened = _open(content)
    if number > 1 and not _turn_to(opened, number - 1):
        raise FileRefusedError(WhyRefused.DAMAGED)
    if min(opened.size) < _NARROWEST:
        raise FileRefusedError(WhyRefused.EMPTY)
    opened.draft("L", (_LONG_SIDE[1], _LONG_SIDE[1]))  # a JPEG is decoded no larger than it is needed
    try:
        upright = ImageOps.exif_transpose(_on_white(opened))
    except (OSError, SyntaxError, ValueError, EOFError):
        raise FileRefusedError(WhyRefused.DAMAGED) from None
    scale = min(_LONG_SIDE[1] / max(upright.size), _MOST_ENLARGED)
    wide, high = (max(1, round(side * scale)) for side in upright.size)
    return upright.resize((wide, high), Image.Resampling.LANCZOS)


def draw_page(content: bytes, number: int) -> Image.Image:
    """A page of a PDF in greys, as it is shown, at 300 dpi or what comes near; the first is 1.

    Raises:
        FileRefusedError: the page is damaged.
    """
    try:
        page = open_pdf(content)[number - 1]
        long_side = max(page.get_size())
        least, _, most = _LONG_SIDE
        scale = min(max(DPI / _POINT, least / max(long_side, 1)), most / max(long_side, 1))
        drawn: Image.Image = page.render(scale=scale, grayscale=True, may_draw_forms=False).to_pil()
    except (pypdfium2.PdfiumError, IndexError, ValueError):
        raise FileRefusedError(WhyRefused.DAMAGED) from None
    return drawn.convert("L")


def keep_small(page: Image.Image) -> PagePicture:
    """The page as it is kept to be shown."""
    high = min(TALLEST_PICTURE, max(2, round(page.height * PICTURE_WIDTH / page.width)))
    small = page.resize((PICTURE_WIDTH, high), Image.Resampling.BOX)
    points = ImageOps.autocontrast(small, cutoff=(0, _PAPER)).tobytes()
    left, right = points[0::2], points[1::2]
    pairs = int.from_bytes(left.translate(_HIGH)) | int.from_bytes(right.translate(_LOW))
    return pack_rows(pairs.to_bytes(len(left)))


_HIGH: Final = bytes(value & 0xF0 for value in range(256))
_LOW: Final = bytes(value >> 4 for value in range(256))


def smoothed(page: Image.Image, radius: float, scale: float = 1) -> Image.Image:
    """The page as it is looked at: its grain smoothed over so many points, so many times as large."""
    wide, high = (max(1, round(side * scale)) for side in page.size)
    return page.filter(ImageFilter.GaussianBlur(radius)).resize((wide, high), Image.Resampling.BICUBIC)


def as_pgm(page: Image.Image) -> bytes:
    """The points of a page in greys, as plainly as a file can hold them."""
    return b"P5 %d %d 255\n" % page.size + page.tobytes()


def _open(content: bytes) -> Image.Image:
    try:
        opened = Image.open(io.BytesIO(content), formats=_FORMATS)
        _check_size(opened)
    except UnidentifiedImageError:
        cut_off = content.startswith(_BEGINNINGS)
        raise FileRefusedError(WhyRefused.DAMAGED if cut_off else WhyRefused.WRONG_TYPE) from None
    except Image.DecompressionBombError:
        raise FileRefusedError(WhyRefused.PICTURE_TOO_LARGE) from None
    return opened


def _turn_to(opened: Image.Image, place: int) -> bool:
    """Turn to a page of a TIFF, the first being 0; False where it has none such."""
    try:
        opened.seek(place)
    except EOFError:
        return False
    _check_size(opened)
    return True


def _check_size(opened: Image.Image) -> None:
    if opened.width * opened.height > MOST_PIXELS:
        raise FileRefusedError(WhyRefused.PICTURE_TOO_LARGE)


def _on_white(opened: Image.Image) -> Image.Image:
    """The picture in greys; what can be seen through is paper."""
    if opened.has_transparency_data:
        seen = opened.convert("LA")
        page = Image.new("L", seen.size, 255)
        page.paste(seen.getchannel("L"), mask=seen.getchannel("A"))
        page.getexif().update(opened.getexif())
        return page
    if opened.mode.startswith("I;16") or opened.mode in {"I", "F"}:
        return ImageOps.autocontrast(opened.convert("F").point(lambda value: value / 256).convert("L"))
    return opened.convert("L")
