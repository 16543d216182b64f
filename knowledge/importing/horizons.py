"""By when: years, stages, terms and yearly paces in headings and sentences."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from knowledge.model.plans import ANNUAL

_YEAR: Final = r"20[1-9]\d(?!\d)"
_DAY: Final = r"(?:(?:ngay )?\d{1,2} ?[/.-] ?\d{1,2} ?[/.-] ?|(?:ngay \d{1,2} )?thang \d{1,2} ?(?:/|-|nam|) ?|quy (?:[iv]+|\d) ?(?:/|-|nam|) ?)"
_LEAD: Final = (
    r"(?:(?:phan dau )?(?:tinh |tu nay |ke tu nay |cho )?(?:den het|den cuoi|den dau|den truoc|den|truoc het|truoc|vao cuoi|vao|trong|het|cuoi|tu|tam nhin den|tam nhin)"
    r"(?: (?:het|cuoi|thoi diem))? )"
)
_SPAN = re.compile(
    rf"(?:(?P<lead>{_LEAD})?(?:(?:giai doan|nhiem ky|cac nam|thoi ky|khoa|nam hoc|nam) ?)*)(?<!\d)(?:\(?)(?P<first>{_YEAR}) ?(?:-|den nam|den) ?(?P<last>{_YEAR})"
)
_POINT = re.compile(rf"(?<![^\W_])(?P<lead>{_LEAD})?(?:(?P<day>{_DAY})|nam |(?<=den )|(?<=den het ))(?P<year>{_YEAR})")
_DAMAGED = re.compile(r"\bnam (?!20[1-9]\d(?!\d))(?:20 ?[\dolsizbgq]{1,2}|2 0 ?\d ?\d|2o\d\d|z0\d\d|20\d)\b(?!\d)")
_ANNUAL = re.compile(
    r"(?:(?:binh quan|trung binh) )?(?:hang|moi|tung|cac) nam\b(?! 20)|(?:binh quan|trung binh) (?:mot |1 |01 )?nam\b(?! 20)|/ ?nam\b|(?:moi|trong) mot nam\b"
)
_TERM = re.compile(
    r"(?:den |trong |vao )?(?:het|cuoi|ca|toan|ket thuc|trong|den het|den cuoi) (?:nhiem ky|khoa|giai doan)\b(?! \w+ ?20| 20|,? ?20)|(?<!\w)toan khoa\b|trong (?:ca )?nhiem ky\b(?! 20)"
)
_BASE = re.compile(
    r"(?:so voi|tu muc|cung ky)(?: (?:cuoi|het|thoi diem|dau|ket qua|cung ky|muc|nam|thuc hien|thang \d+))*\s*$"
)
_ADJECTIVAL = re.compile(
    r"(?:ke hoach|chuong trinh|nghi quyet|hoi nghi|bao cao|danh gia|xep loai|phan loai|kinh phi|hoat dong|cong tac|du toan|phan bo|so ket|tong ket|lien tich|cong nhan|phong trao|dinh ky|thuong xuyen|phat dong|kham suc khoe|dien dan|quyet toan|tai chinh)\s*$"
)
_NOT_STAGE: Final = frozenset(("nhiem ky", "khoa"))
_HEADING_REST = re.compile(
    r"(?:\W|\b(?:cac|mot so|nhung|chi tieu|muc tieu|phan dau|chu yeu|co ban|cu the|nhu sau|theo|tung|giai doan|tam nhin|va|den|trong|nhiem ky|thuc hien|hoan thanh|dat|dinh huong|cua|la|doi voi|ve|he thong|het|cuoi|tong quat|chung|ca|phan|thi)\b)*"
)


_DAMAGED_HEADING = re.compile(r"(?:[^\W\d]+ ){1,4}(?:20\d\d|2[0o]\w\w)\W*")


class HorizonKind(StrEnum):
    """What a phrase of time says."""

    YEAR = "year"
    ANNUAL = "annual"
    TERM = "term"
    BASE = "base"
    DAMAGED = "damaged"


@dataclass(frozen=True)
class Horizon:
    """A phrase of time at `start:end` of a shadow.

    `year` is the (last) year of a stage, `first` its first; `is_loose` where a yearly word tells of a plan or a
    report rather than of the figure ("kế hoạch hằng năm"); `has_lead` where "đến", "trong" … stand before it.
    """

    kind: HorizonKind
    start: int
    end: int
    year: int | None = None
    first: int | None = None
    is_loose: bool = False
    has_lead: bool = False

    @property
    def text(self) -> str | None:
        """The horizon as a fact states it."""
        return ANNUAL if self.kind is HorizonKind.ANNUAL else str(self.year) if self.year else None


def find_horizons(shadow: str) -> list[Horizon]:
    """The phrases of time in a shadow, in order; parts of full dates of documents are not among them."""
    found: list[Horizon] = []
    if "20" in shadow or "2o" in shadow or "z0" in shadow:
        for met in _SPAN.finditer(shadow):
            kind = HorizonKind.BASE if _BASE.search(shadow[: met.start()]) else HorizonKind.YEAR
            first, last = int(met["first"]), int(met["last"])
            if first < last <= first + 30:
                found.append(Horizon(kind, met.start(), met.end(), last, first, has_lead=bool(met["lead"])))
        for met in _POINT.finditer(shadow):
            if any(met.start() < other.end and other.start < met.end() for other in found):
                continue
            before = shadow[: met.start()]
            kind = HorizonKind.BASE if _BASE.search(before) else HorizonKind.YEAR
            if met["day"] and not met["lead"]:
                continue
            found.append(Horizon(kind, met.start(), met.end(), int(met["year"]), has_lead=bool(met["lead"])))
        found += [
            Horizon(HorizonKind.DAMAGED, met.start(), met.end())
            for met in _DAMAGED.finditer(shadow)
            if not any(met.start() < other.end and other.start < met.end() for other in found)
        ]
    for met in _ANNUAL.finditer(shadow):
        loose = _ADJECTIVAL.search(shadow[: met.start()]) is not None
        found.append(Horizon(HorizonKind.ANNUAL, met.start(), met.end(), is_loose=loose))
    if "nhiem ky" in shadow or "khoa" in shadow or "giai doan" in shadow:
        found += [
            Horizon(HorizonKind.TERM, met.start(), met.end())
            for met in _TERM.finditer(shadow)
            if not any(met.start() < other.end and other.start < met.end() for other in found)
        ]
    return sorted(found, key=lambda horizon: horizon.start)


def is_stage_heading(shadow: str) -> bool:
    """Whether a line is nothing but a phrase of time that governs what follows: "Đến năm 2025:", "Hằng năm"."""
    if len(shadow) > 90:
        return False
    times = [time for time in find_horizons(shadow) if time.kind is not HorizonKind.BASE]
    if not times:
        return _DAMAGED_HEADING.fullmatch(shadow) is not None
    rest = shadow
    for time in reversed(times):
        rest = rest[: time.start] + " " + rest[time.end :]
    return _HEADING_REST.fullmatch(rest) is not None
