"""What is measured and on whom: the words around a figure as a short noun phrase."""

from __future__ import annotations

import re
from typing import Final

from knowledge.importing.phrases import BEGIN, END, pattern
from knowledge.importing.shadow import mend_font, shadow

LONGEST: Final = 220
_PREDICATE = pattern(
    rf"{BEGIN}(?!to chuc (?:cong doan|dang|chinh tri|co so|doan the|xa hoi|khac|dai dien))(?!co (?:so|quan|ban|cau|hoi|che|dong|gioi|khi)(?![^\W_]))%predicates%{END}"
)
_QUALIFIER = pattern(
    r"(?:co (?:to chuc cong doan|nhu cau|du dieu kien|(?:tu |tren |duoi )?\d+[^,;]*?(?:tro len|lao dong|cong nhan|doan vien)|dong)|du dieu kien|do cong doan"
    r"|(?:su dung|sử dụng) (?:tu |tren |duoi )?\d+)"
)
_LEADING = re.compile(
    r"^(?:[\s,:;–-]|(?:phan dau|quyet tam|bao dam|dam bao|hang nam|moi nam|binh quan|co|dat|trong do|trong|den|den het|den cuoi|tu|va|hoac|dong thoi|it nhat|cac|nhung|duoc|chi tieu|hoan thanh|muc tieu"
    r"|nam 20\d\d|giai doan|nhiem ky|20\d\d ?- ?20\d\d|20\d\d|tu nay|phai|se|nam|cuoi|het|hang|dau|tren|moi)(?!\w))+"
)
_TRAILING = re.compile(
    r"(?:[\s,:;(–-]|(?<!\w)(?:va|hoac|voi|co|tu|it nhat|toi thieu|tren|dat|la|duoc|len|xuong|con|bang|phan dau|trong do|cung nhu|dong thoi|them|moi|khoang|so|duoi|khong qua|toi da|muc|ty le|ti le|binh quan|cho|chiem|tang|giam))+$"
)
_GOALS = re.compile(r"(?<!\w)(?:phan dau|muc tieu|chi tieu)(?!\w)")
_TOPIC = re.compile(
    r"[\s,:;-]*(?!ty le|ti le|so |tong so|tan suat)(?:(?:ve|doi voi|cong tac|linh vuc)(?!\w)[^:]{0,80}|[^:]{0,24}):"
)
_BOUND = re.compile(r"^(?P<noun>[^,;.]{0,60}?) (?:tro len|tro xuong)(?!\w)(?: va (?:hau het|phan lon|da so|co ban).*)?")


def leading_words(text: str) -> str:
    """The words before a figure without goals, times and comparators: "Phấn đấu thu tài chính đạt" → "thu tài chính"."""
    folded = shadow(text)
    goals = list(_GOALS.finditer(folded))
    begin = goals[-1].end() if goals else 0
    if (topic := _TOPIC.match(folded, begin)) is not None:
        begin = topic.end()
    first = _LEADING.match(folded[begin:])
    begin += first.end() if first else 0
    last = _TRAILING.search(folded, begin)
    return text[begin : last.start() if last else len(text)].strip(" ,:;–-")


def trailing_words(text: str) -> str:
    """The words behind a figure without joints at their end."""
    folded = shadow(text)
    if (bound := _BOUND.match(folded)) is not None and not re.search(r"\d|(?:dat|loai|vu) ", bound["noun"]):
        text = text[: bound.end("noun")] + text[bound.end() :]
        folded = shadow(text)
    text = text[len(text) - len(text.lstrip()) :]
    if (idle := re.match(r"(?:so|cac|tong so) (?!thu |vu )", shadow(text))) is not None:
        text = text[idle.end() :]
    folded = shadow(text)
    last = re.search(
        r"(?:[\s,:;(–.-]|(?<!\w)(?:va|hoac|voi|dong thoi|trong do|phan dau|den|it nhat|tu|tren|co))+$", folded
    )
    return text[: last.start() if last else len(text)].strip(" ,:;–-.)")


def predicate_at(text: str) -> int | None:
    """Where what is done begins behind who does it: "doanh nghiệp nhà nước | tổ chức đối thoại"; None without one."""
    folded = shadow(text)
    place = 0
    while (met := _PREDICATE.search(folded, place)) is not None:
        qualifier = _QUALIFIER.match(folded, met.start())
        if qualifier is None:
            return met.start()
        place = qualifier.end()
    return None


def split_behind(text: str) -> int:
    """Where, between two figures, the words of the second begin: behind the last comma or "và" with a verb of its own."""
    folded = shadow(text)
    if (subset := folded.find(", trong do ")) >= 0:
        return subset + 1
    places = [min(met.end(), len(text)) for met in re.finditer(r", | va | dong thoi | \(", f"{folded} ")]
    if not places:
        return len(text)
    place = places[-1]
    return place if len(folded[place:].split()) <= 14 else len(text)


def phrase(*parts: str) -> str:
    """Parts of an indicator as one phrase of bearable length, old fonts mended."""
    joined = mend_font(" ".join(" ".join(part.split()) for part in parts if part.strip()))
    return joined if len(joined) <= LONGEST else joined[:LONGEST].rsplit(" ", 1)[0]
