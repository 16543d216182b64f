"""Text set in the fonts from before Unicode: letters of another alphabet that only look Vietnamese in their font.

TCVN3 ("ABC") fonts are named .Vn…, the capitals' ones .Vn…H; VNI's are named VNI-…. Tables: TCVN 5712:1993 (VN3), and
VNI for Windows, whose marks are letters of their own behind the vowel.
"""

from __future__ import annotations

import re
import unicodedata
from enum import Enum
from typing import Final


class OldFont(Enum):
    """How a font's letters are to be understood."""

    TCVN3 = "tcvn3"
    TCVN3_CAPITALS = "tcvn3 capitals"
    VNI = "vni"


_NAME = re.compile(r"(?:[A-Z]{6}\+)?(?:(?P<tcvn3>\.?Vn[A-Z][\w. ]*)|(?P<vni>VNI[- _]?\w.*))")

_STYLE = re.compile(r"[-, ]*(?:bold|italic|regular|mt)*$", re.IGNORECASE)


def old_font(name: str) -> OldFont | None:
    """The old font that a font's name says it is, None for others. A PDF's subset mark ("ABCDEF+") does not count."""
    match = _NAME.match(name.strip())
    if match is None:
        return None
    if match["vni"]:
        return OldFont.VNI
    return OldFont.TCVN3_CAPITALS if _STYLE.sub("", match["tcvn3"]).endswith("H") else OldFont.TCVN3


def to_unicode(text: str, font: OldFont | None) -> str:
    """The text as it looks in that font."""
    if font is None or not text:
        return text
    if font is OldFont.VNI:
        return _from_vni(text)
    plain = text.translate(_TCVN3)
    return plain.upper() if font is OldFont.TCVN3_CAPITALS else plain


_TCVN3: Final = str.maketrans(
    {
        **{"¡": "Ă", "¢": "Â", "£": "Ê", "¤": "Ô", "¥": "Ơ", "¦": "Ư", "§": "Đ"},
        **{"¨": "ă", "©": "â", "ª": "ê", "«": "ô", "¬": "ơ", "\xad": "ư", "®": "đ"},
        **{"µ": "à", "¶": "ả", "·": "ã", "¸": "á", "¹": "ạ", "»": "ằ", "¼": "ẳ", "½": "ẵ", "¾": "ắ", "Æ": "ặ"},
        **{"Ç": "ầ", "È": "ẩ", "É": "ẫ", "Ê": "ấ", "Ë": "ậ", "Ì": "è", "Î": "ẻ", "Ï": "ẽ", "Ð": "é", "Ñ": "ẹ"},
        **{"Ò": "ề", "Ó": "ể", "Ô": "ễ", "Õ": "ế", "Ö": "ệ", "×": "ì", "Ø": "ỉ", "Ü": "ĩ", "Ý": "í", "Þ": "ị"},
        **{"ß": "ò", "á": "ỏ", "â": "õ", "ã": "ó", "ä": "ọ", "å": "ồ", "æ": "ổ", "ç": "ỗ", "è": "ố", "é": "ộ"},
        **{"ê": "ờ", "ë": "ở", "ì": "ỡ", "í": "ớ", "î": "ợ", "ï": "ù", "ñ": "ủ", "ò": "ũ", "ó": "ú", "ô": "ụ"},
        **{"õ": "ừ", "ö": "ử", "÷": "ữ", "ø": "ứ", "ù": "ự", "ú": "ỳ", "û": "ỷ", "ü": "ỹ", "ý": "ý", "þ": "ỵ"},
    }
)

_ACUTE, _GRAVE, _HOOK, _TILDE, _DOT, _CIRCUMFLEX, _BREVE = "\u0301\u0300\u0309\u0303\u0323\u0302\u0306"
_VNI_MARKS: Final = {
    **{"ù": _ACUTE, "ø": _GRAVE, "û": _HOOK, "õ": _TILDE, "ï": _DOT},
    **{"â": _CIRCUMFLEX, "á": _CIRCUMFLEX + _ACUTE, "à": _CIRCUMFLEX + _GRAVE, "å": _CIRCUMFLEX + _HOOK},
    **{"ã": _CIRCUMFLEX + _TILDE, "ä": _CIRCUMFLEX + _DOT},
    **{"ê": _BREVE, "é": _BREVE + _ACUTE, "è": _BREVE + _GRAVE, "ú": _BREVE + _HOOK, "ü": _BREVE + _TILDE},
    "ë": _BREVE + _DOT,
}
_VNI_LETTERS: Final = {"ô": "ơ", "ö": "ư", "ñ": "đ", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
_VNI = re.compile(f"([aeouyôö])([{''.join(_VNI_MARKS)}])|([{''.join(_VNI_LETTERS)}])", re.IGNORECASE)


def _from_vni(text: str) -> str:
    return unicodedata.normalize("NFC", _VNI.sub(_vni_letter, text))


def _vni_letter(match: re.Match[str]) -> str:
    if match[3]:
        return _cased(_VNI_LETTERS[match[3].lower()], match[3])
    base = _VNI_LETTERS.get(match[1].lower(), match[1].lower())
    return _cased(base, match[1]) + _VNI_MARKS[match[2].lower()]


def _cased(letter: str, like: str) -> str:
    return letter.upper() if like.isupper() else letter
