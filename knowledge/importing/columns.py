"""The head of a table: how many rows it has, and what each column is for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from knowledge.importing.figures import Use, find_numbers
from knowledge.importing.horizons import HorizonKind, find_horizons
from knowledge.importing.phrases import pattern
from knowledge.importing.setting import Times, resolve
from knowledge.importing.shadow import shadow
from knowledge.model.plans import ANNUAL

Rows = Sequence[Sequence[str]]
_LONGEST_HEAD = 3
_ORDER = re.compile(r"(?:stt|tt|so tt|so thu tu|so|ma so|ms|muc)\W*")
_TIME = re.compile(
    r"thoi gian|thoi han|tien do|thoi diem|han hoan thanh|ngay hoan thanh|hoan thanh truoc|^hoan thanh$|^han"
)
_WITH = re.compile(r"phoi hop")
_LEAD = re.compile(
    r"chu tri|don vi thuc hien|co quan thuc hien|bo phan|phan cong|trach nhiem|nguoi thuc hien|don vi chu|^thuc hien$|tham muu|don vi, ca nhan|can bo phu trach|phu trach|lanh dao"
)
_UNIT = re.compile(r"don vi tinh|dvt|^don vi$|^d\.?v\.?t|don vi do")
_NOTE = re.compile(r"ghi chu|san pham|ket qua dau ra|can cu|kinh phi|tai lieu|van ban")
_PAST = re.compile(
    r"thuc hien|ket qua|uoc|da dat|hien trang|hien co|nam truoc|so voi|dau nhiem ky|den nay|thuc te|xuat phat"
)
_VALUE = re.compile(
    r"chi tieu|ke hoach|muc tieu|phan dau|giao|dang ky|kh 20|muc|ty le|so luong|den nam|nhiem ky|giai doan|nam 20|20\d\d|hang nam|nghi quyet"
)
_LABEL = re.compile(
    r"noi dung|chi tieu|nhiem vu|tieu chi|cong viec|hoat dong|danh muc|chi so|giai phap|de muc|ten|muc tieu|cac chi|linh vuc|van de"
)
_BODIES = re.compile(r"^(?:ten )?(?:don vi|cac don vi|cong doan|dia phuong|cum|cap|ldld|ten cong doan|ten don vi)")
_YEAR = re.compile(r"(?<!\d)(20[1-9]\d)(?!\d)")
_SPAN = re.compile(r"(20[1-9]\d) ?- ?(20[1-9]\d)")
_UNITS = pattern(r"(?:%units%|%|ty le|phan tram|dong|bnc|ct, sp|ldtt|luot|nguoi|ban|-|nt)")


class ColumnRole(StrEnum):
    """What the cells of a column are."""

    ORDER = "order"
    LABEL = "label"
    UNIT = "unit"
    VALUE = "value"
    PAST = "past"
    TIME = "time"
    LEAD = "lead"
    WITH = "with"
    NOTE = "note"


@dataclass(frozen=True)
class Column:
    """A column: its head in words, what it is for, and the horizon that the head names."""

    head: str
    role: ColumnRole
    horizon: str | None = None
    is_percent: bool = False


@dataclass(frozen=True)
class Layout:
    """The columns of a table and the number of rows its head has; `is_shares` where its rows are units."""

    columns: tuple[Column, ...]
    head_rows: int
    is_shares: bool

    def find(self, role: ColumnRole) -> int | None:
        """The place of the first column of a role."""
        return next((place for place, column in enumerate(self.columns) if column.role is role), None)


def read_layout(rows: Rows, times: Times) -> Layout:
    """The layout of a table whose rows are all of one length."""
    head_rows = _count_head(rows)
    heads = _heads(rows[:head_rows], len(rows[0]))
    body = rows[head_rows:]
    columns = [_column(head, [row[place] for row in body], times) for place, head in enumerate(heads)]
    if not any(column.role is ColumnRole.LABEL for column in columns):
        columns = _with_label(columns, body)
    label = next((place for place, column in enumerate(columns) if column.role is ColumnRole.LABEL), None)
    is_shares = label is not None and _names_bodies(columns[label].head, [row[label] for row in body])
    return Layout(tuple(columns), head_rows, is_shares)


def _count_head(rows: Rows) -> int:
    count = 0
    for row in rows[: min(_LONGEST_HEAD, len(rows) - 1)]:
        cells = [shadow(cell).strip() for cell in row if cell.strip()]
        numbered = sum(_is_value(cell) for cell in cells)
        ordinal = (
            bool(cells)
            and re.fullmatch(r"\(?\d{1,3}\)?\.?", cells[0]) is not None
            and len(cells) > 1
            and not _YEAR.fullmatch(cells[0])
        )
        plain = all(re.fullmatch(r"\(?\d{1,2}\)?", cell) for cell in cells) and len(cells) > 2
        if plain and count:
            return count + 1
        if not cells or numbered or ordinal:
            break
        if count and not any(_YEAR.search(cell) or len(cell) < 30 for cell in cells):
            break
        if count and row[0].strip() and not _YEAR.search(shadow(row[0])) and len(row[0]) > 12:
            break
        if count and re.match(r"(?:[ivx]+|[a-d])\.?$", cells[0]):
            break
        if count and len(cells) == 1 and not _YEAR.search(cells[0]):
            break
        count += 1
        if count == 1 and not _needs_second(rows, row):
            break
    if len(rows) > count:
        cells = [cell.strip() for cell in rows[count] if cell.strip()]
        if len(cells) > 2 and all(re.fullmatch(r"\(?\d{1,2}\)?|[A-H]", cell) for cell in cells) and count:
            count += 1
    return count


def _needs_second(rows: Rows, first: Sequence[str]) -> bool:
    """Whether the first row has merged cells (empty ones behind a head) that the second row fills."""
    if len(rows) < 2:
        return False
    second = rows[1]
    filled = [place for place, cell in enumerate(second) if cell.strip()]
    return any(not first[place].strip() for place in filled) and any(not cell.strip() for cell in second)


def _heads(rows: Rows, width: int) -> list[str]:
    parts: list[list[str]] = [[] for _ in range(width)]
    for number, row in enumerate(rows):
        carried = ""
        for place in range(width):
            cell = row[place].strip()
            below = any(later[place].strip() for later in rows[number + 1 :])
            carried = cell if cell else (carried if below else "")
            if cell or (carried and below):
                parts[place].append(cell or carried)
    return [" ".join(dict.fromkeys(part)) for part in parts]


def _is_value(cell: str) -> bool:
    """Whether a folded cell is a figure rather than words or a year."""
    if _YEAR.fullmatch(cell) or _SPAN.fullmatch(cell):
        return False
    return (
        re.fullmatch(
            r"\W*(?:tu|tren|duoi|it nhat|toi thieu|dat)? ?\W*\d[\d.,\s]*(?:[-–/]\s*\d[\d.,]*)?\s?%?(?: tro len| tro xuong| \w+)?\W*",
            cell,
        )
        is not None
    )


def _column(head: str, cells: Sequence[str], times: Times) -> Column:
    folded = " ".join(shadow(head).split()).strip(" .:")
    filled = [shadow(cell).strip() for cell in cells if cell.strip()]
    values = sum(_is_value(cell) for cell in filled)
    numeric = bool(filled) and values >= 0.5 * len(filled)
    ordinals = bool(filled) and sum(
        re.fullmatch(r"\(?(?:\d{1,3}(?:\.\d{1,2})*|[ivx]+|[a-z])\)?[.)]?", cell) is not None for cell in filled
    ) >= 0.8 * len(filled)
    if _ORDER.fullmatch(folded) or (not folded and ordinals):
        return Column(head, ColumnRole.ORDER)
    if _UNIT.search(folded) and _are_units(filled):
        return Column(head, ColumnRole.UNIT)
    if _TIME.search(folded) and not numeric:
        return Column(head, ColumnRole.TIME)
    if numeric:
        return _value_column(head, folded, times)
    if _WITH.search(folded) and not _LEAD.search(folded):
        return Column(head, ColumnRole.WITH)
    if _LEAD.search(folded) and not _YEAR.search(folded):
        return Column(head, ColumnRole.LEAD)
    if _NOTE.search(folded):
        return Column(head, ColumnRole.NOTE)
    if (
        _VALUE.search(folded)
        and any(_has_figure(cell) for cell in filled)
        and (_YEAR.search(folded) or not _LABEL.search(folded))
    ):
        return _value_column(head, folded, times)
    if _LABEL.search(folded) or _BODIES.search(folded):
        return Column(head, ColumnRole.LABEL)
    return Column(head, ColumnRole.NOTE)


def _has_figure(cell: str) -> bool:
    return any(number.use is Use.FIGURE for number in find_numbers(cell))


def _are_units(cells: Sequence[str]) -> bool:
    return not cells or sum(len(cell) < 20 for cell in cells) >= 0.7 * len(cells)


def _value_column(head: str, folded: str, times: Times) -> Column:
    percent = "%" in folded or "ty le" in folded
    horizon = _horizon(folded, times)
    is_old = horizon is not None and horizon.isdecimal() and times.issued is not None and int(horizon) < times.issued
    plain = not re.search(r"chi tieu|ke hoach|muc tieu|phan dau|giao", folded)
    if is_old or (_PAST.search(folded) and plain):
        return Column(head, ColumnRole.PAST, horizon, percent)
    return Column(head, ColumnRole.VALUE, horizon, percent)


def _horizon(folded: str, times: Times) -> str | None:
    if (span := _SPAN.search(folded)) is not None:
        return span[2]
    years = _YEAR.findall(folded)
    if years:
        return str(years[-1])
    for time in find_horizons(folded):
        if time.kind is HorizonKind.ANNUAL:
            return ANNUAL
        if time.kind is HorizonKind.TERM:
            return resolve(time, times)
    return None


def _with_label(columns: list[Column], body: Rows) -> list[Column]:
    """The columns with the widest one of words as the label, where no head names it."""
    widths = [
        sum(len(row[place]) for row in body) if column.role is ColumnRole.NOTE else 0
        for place, column in enumerate(columns)
    ]
    if not widths or max(widths) == 0:
        return columns
    place = widths.index(max(widths))
    columns[place] = Column(columns[place].head, ColumnRole.LABEL)
    return columns


def _names_bodies(head: str, cells: Sequence[str]) -> bool:
    folded = " ".join(shadow(head).split())
    if _BODIES.match(folded) and not re.search(r"chu tri|thuc hien|tinh", folded):
        return True
    filled = [shadow(cell).strip(" .-+") for cell in cells if cell.strip()]
    named = sum(
        re.match(
            r"(?:ldld|lien doan|cong doan (?!co so|cap|vien)|cd |cdcs (?!co|khu|ngoai|thuoc)|cd nganh|huyen|thi xa|thanh pho|phuong|xa) ?",
            cell,
        )
        is not None
        for cell in filled
    )
    return len(filled) > 2 and named >= 0.6 * len(filled)
