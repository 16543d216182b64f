"""Cells in the letters of the fonts before Unicode (TCVN3 "ABC", VNI), known by what they spell: no font is told."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from knowledge.importing.old_fonts import OldFont, to_unicode
from knowledge.text import is_syllable

_TELLING: Final = re.compile("[¡-\u00bf\u00c4-\u00c7\u00cb\u00ce-\u00d1\u00d6-\u00d8\u00db\u00dc\u00de\u00df"
                             "äåæçëîïðñö÷øûüþÿ\u00c5]|[aeouyAEOUY][ùøûõïâáàåãäêéèúüëÙØÛÕÏÂÁÀÅÃÄÊÉÈÚÜË]")  # fmt: skip
"""Letters, and pairs of letters, that no Vietnamese word of today has."""
_TODAYS: Final = re.compile("[\u0100-\u02ff\u1ea0-\u1eff]")
"""Letters that none of the fonts had."""

_BLANKS: Final = re.compile(r"[\s,;.:()\[\]/\\\"'“”\-–0-9]+")
_FONTS: Final = (OldFont.TCVN3, OldFont.VNI)


def find_old_letters(text: str) -> OldFont | None:
    """The font in whose letters more words of a text are Vietnamese than as they stand; None where none is better."""
    if text.isascii() or _TELLING.search(text) is None:
        return None
    as_it_stands = count_syllables(text)
    best = max(_FONTS, key=lambda font: count_syllables(to_unicode(text, font)))
    return best if count_syllables(to_unicode(text, best)) > as_it_stands else None


def count_syllables(text: str) -> int:
    """How many words with marks look like Vietnamese syllables, less those that do not."""
    count = 0
    for word in _BLANKS.split(unicodedata.normalize("NFC", text)):
        if word and not word.isascii():
            count += 1 if word.isalpha() and is_syllable(word.lower()) else -1
    return count


@dataclass(frozen=True, slots=True)
class Converted:
    """A column as it looked in its font, None where it has none.

    `unsure` are the cells, by place, that spell something either way, with the other reading: they stay as they stand.
    """

    cells: tuple[str, ...]
    font: OldFont | None
    unsure: Mapping[int, str]


def find_usual(cells: Iterable[str]) -> OldFont | None:
    """The font in which most cells of a table are written; None where none is."""
    fonts = [font for cell in cells if (font := find_old_letters(cell)) is not None]
    return max(_FONTS, key=fonts.count) if fonts else None


def convert(cells: Sequence[str], of_table: OldFont | None = None) -> Converted:
    """The cells of a column as they looked in its font; one that is Vietnamese only as it stands, stays.

    Args:
        of_table: the font of the whole table: a cell of few letters may spell something in another as well.
    """
    found = [find_old_letters(cell) for cell in cells]
    fonts = [font for font in found if font is not None]
    if not fonts:
        return Converted(tuple(cells), None, {})
    usual = of_table or max(_FONTS, key=fonts.count)
    found = [
        usual if font is not None and count_syllables(to_unicode(cell, usual)) > count_syllables(cell) else font
        for cell, font in zip(cells, found, strict=True)
    ]
    read = tuple(_read(cell, font) if font is not None else cell for cell, font in zip(cells, found, strict=True))
    unsure = {
        place: other
        for place, (cell, font) in enumerate(zip(cells, found, strict=True))
        if font is None and (other := _read_otherwise(cell, usual)) is not None
    }
    return Converted(read, usual, unsure)


def _read(cell: str, font: OldFont) -> str:
    """The cell in that font; it has hardly any capitals with marks, so a word of capitals is made one."""
    return " ".join(_as_capitals(word) for word in to_unicode(cell, font).split(" "))


def _as_capitals(word: str) -> str:
    plain = [letter for letter in word if letter.isascii() and letter.isalpha()]
    return word.upper() if len(plain) > 1 and all(letter.isupper() for letter in plain) else word


def _read_otherwise(cell: str, font: OldFont) -> str | None:
    """What a cell of today's letters would be in that font, where it spells something in it too."""
    if cell.isascii() or _TODAYS.search(cell) is not None:
        return None
    read = to_unicode(cell, font)
    return read if read != cell and count_syllables(read) >= count_syllables(cell) else None
