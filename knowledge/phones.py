"""Phone numbers as they are typed and as spreadsheets spoil them, brought to the one form +84…"""

from __future__ import annotations

import re
from typing import Final

_SPACING: Final = re.compile(r"[\s.()\u00a0\u2009\u202f/_-]+")
_WHOLE_FLOAT: Final = re.compile(r"(\d+)[.,]0+")
_EXPONENT: Final = re.compile(r"(\d)[.,](\d+)[eE]\+?(\d{1,2})")
_MOBILE: Final = re.compile(r"[35789]\d{8}")
_FIXED: Final = re.compile(r"2\d{9}")
_FOREIGN: Final = re.compile(r"[1-9]\d{7,14}")


def parse_phone(text: str) -> str | None:
    """The number as +84… (or +… of another country); None where it is none, or where digits were lost.

    Understood are blanks, dots and hyphens between digits, 84 and 0084 without the plus, an apostrophe in front, and
    what Excel makes of a number: the leading zero gone, ".0" behind, or an exponent that kept every digit.

    Examples: "090 100.0003" and "901000003.0" → "+84901000003".
    """
    written = text.strip().lstrip("'’`\u200e\u202a\u2068").rstrip("\u202c\u2069").strip()
    exponent = _EXPONENT.fullmatch(written)
    if exponent is not None:
        kept, power = exponent[2], int(exponent[3])
        if len(kept) != power:
            return None
        written = exponent[1] + kept
    whole = _WHOLE_FLOAT.fullmatch(written)
    if whole is not None and len(whole[1]) >= 9:
        written = whole[1]
    digits = _SPACING.sub("", written)
    if digits.startswith("+84"):
        return _national(digits[3:])
    if digits.startswith("+"):
        return digits if digits.isascii() and _FOREIGN.fullmatch(digits[1:]) else None
    if not (digits.isascii() and digits.isdecimal()):
        return None
    if digits.startswith("0084"):
        return _national(digits[4:])
    if digits.startswith("0"):
        return _national(digits[1:])
    if digits.startswith("84") and len(digits) in (11, 12):
        return _national(digits[2:])
    return _national(digits)


def _national(digits: str) -> str | None:
    """The number from the digits that follow the country code or the leading zero ("+84 (0)90…" has one too many)."""
    digits = digits.removeprefix("0")
    return f"+84{digits}" if _MOBILE.fullmatch(digits) or _FIXED.fullmatch(digits) else None


def write_phone(phone: str) -> str:
    """The number as it is written in Vietnam ("090 100 0003"); one of another country as it is."""
    if not phone.startswith("+84"):
        return phone
    digits = "0" + phone[3:]
    return f"{digits[:-6]} {digits[-6:-3]} {digits[-3:]}"


def mask_phone(phone: str) -> str:
    """The number with its middle hidden: enough to recognise one's own by."""
    written = write_phone(phone)
    return f"{written[:3]} ••• {written[-3:]}"
