"""The rows of a workbook that describes a form: numbers, names, units, sums, what they count. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

import msgspec

from knowledge.forms.workbook.expressions import CHILDREN, NUMBER, Sum, plain_number, read_sum
from knowledge.forms.workbook.heading import read_units
from knowledge.forms.workbook.layout import FormCell, FormLayout, RawRow
from knowledge.forms.workbook.model import (
    EITHER_SIGN,
    DescribedRow,
    FormDoubt,
    FormDoubtKind,
    WhyFormRefused,
    WorkbookRefusal,
)
from knowledge.forms.workbook.wording import WORDING, plain
from knowledge.model.forms import FigureKind, FormPart
from knowledge.model.units import UnitKind
from knowledge.model.words import MONEY_UNIT, RESERVED_KEYS
from knowledge.spreadsheets.model import NUMBER as NUMBER_CELL
from knowledge.text import raised, shorten
from knowledge.units import UNIT_KIND_SHORT

MOST_ROWS: Final = 150
MOST_TERMS: Final = 150
"""Rows that one is worked out from, in the end."""
LONGEST_NAME: Final = 300
LONGEST_SHORT: Final = 60
LONGEST_UNIT: Final = 40

_TOP: Final = re.compile(r"\d{1,3}")
_SUB: Final = re.compile(r"(?P<no>\d{1,3})(?:\.(?P<step>\d{1,2})|(?P<letter>[a-z]))")
_DEEP: Final = re.compile(r"\d+\.\d+\.\d+(?:\.\d+)*|\d+\.\d+[a-z]")
_LETTER: Final = re.compile(r"[a-z]")
_PART: Final = re.compile(r"[IVX]{1,5}|[A-Z]")
_PART_BEFORE: Final = re.compile(r"(?P<number>[IVX]{1,5}|[A-Z])[.)/]\s+(?P<title>.+)")
_BULLET: Final = re.compile(r"^[-–—+•*▪◦](?!\d)\s*")
_KEY: Final = re.compile(r"[a-z][a-z0-9_]{0,59}")
_PERCENT: Final = "%"
_ROW: Final = re.compile(rf"(?P<words>.*?)\s*(?P<row>{NUMBER})")
_COUNTED: Final = re.compile(rf"(?P<words>.*?)\s*(?P<row>{NUMBER})(?:\s+(?P<from>\D+?)\s+(?P<least>\d+)(?P<more>\D*))?")


@dataclass
class ReadRows:
    """The rows as they are understood, with the parts that they stand in and what is doubtful."""

    rows: list[DescribedRow] = field(default_factory=list)
    parts: list[FormPart] = field(default_factory=list)
    doubts: list[FormDoubt] = field(default_factory=list)
    cells: dict[str, RawRow] = field(default_factory=dict)


def read_rows(layout: FormLayout, owed_by: frozenset[UnitKind]) -> ReadRows:
    """The rows of the table; what is wrong with them is added to the layout's refusals."""
    found = ReadRows()
    if layout.heading is None:
        return found
    _Reader(layout, found, owed_by).read()
    return found


class _Reader:
    """Reads the rows one after another, then what they say of one another."""

    def __init__(self, layout: FormLayout, found: ReadRows, owed_by: frozenset[UnitKind]) -> None:
        self._owed_by = owed_by
        self._layout, self._found = layout, found
        self._top: str | None = None
        self._steps = 0

    def read(self) -> None:
        for raw in self._layout.rows:
            if len(self._found.rows) == MOST_ROWS:
                self._refuse(WhyFormRefused.TOO_MANY_ROWS, raw.at, str(MOST_ROWS))
                return
            if (part := self._read_part(raw)) is not None:
                self._begin_part(part)
            else:
                self._read_row(raw)
        if not any(self._is_asked(row) for row in self._found.rows):
            assert self._layout.heading is not None  # nothing is there that somebody could be asked for
            self._layout.refusals.append(self._layout.heading.refused(WhyFormRefused.NO_ROWS, ""))
        self._require_units()
        self._tell_apart()
        self._read_sums()
        self._read_references()
        self._require_askers()
        self._settle_parts()

    def _is_asked(self, row: DescribedRow) -> bool:
        return not row.heading and not {"derived", "counts"} & set(self._found.cells[row.ref].cells)

    def _refuse(self, why: WhyFormRefused, cell: FormCell, said: str | None = None) -> None:
        self._layout.refusals.append(cell.refused(why, said))

    # --- Parts ---

    def _read_part(self, raw: RawRow) -> FormPart | None:
        """The title of a part: a name alone, with a Roman number or a capital before it or in its own cell, or none."""
        if set(raw.cells) - {"name", "number", "note"}:
            return None
        number, name, note = raw.text("number").rstrip(".)"), raw.text("name"), raw.text("note")
        if not name:
            # The title stands in the column of numbers where cells are made one.
            before = _PART_BEFORE.fullmatch(raw.text("number"))
            return self._make_part(before["number"], before["title"], note) if before is not None else None
        if _BULLET.match(name) or (number and not _PART.fullmatch(number)):
            return None
        before = _PART_BEFORE.fullmatch(name)
        if before is not None:
            return self._make_part(before["number"], before["title"], note)
        if _is_of_which(name):
            return self._make_part("", "", "")
        return self._make_part(number, name, note)

    def _make_part(self, number: str, title: str, note: str) -> FormPart:
        part = f"p{len(self._found.parts) + 1}"
        return FormPart(id=part, title=raised(title), number=number or None, note=note or None)

    def _begin_part(self, part: FormPart) -> None:
        if part.title:  # "Trong đó" alone begins the sub-rows that follow
            self._found.parts.append(part)
            self._top = None

    def _settle_parts(self) -> None:
        """Drop the titles under which nothing stands, and give what stands before the first one a part."""
        used = {row.part for row in self._found.rows}
        self._found.parts = [part for part in self._found.parts if part.id in used]
        if self._found.parts and None in used:
            common = FormPart(id="p0", title=WORDING.made["common_part"])
            self._found.parts.insert(0, common)
            self._found.rows = [
                msgspec.structs.replace(row, part=common.id) if row.part is None else row for row in self._found.rows
            ]

    # --- One row ---

    def _read_row(self, raw: RawRow) -> None:
        name = raw.text("name")
        if not name:
            if raw.text("number") or raw.text("unit"):
                self._refuse(WhyFormRefused.NO_NAME, raw.at, raw.text("number"))
            return  # a remark or a signature beside the table
        place = self._read_number(raw)
        if place is None:
            return
        ref, no, parent = place
        bare = _without_lead(name)
        self._require_short(raw, "name", LONGEST_NAME)
        self._require_short(raw, "short", LONGEST_SHORT)
        if ref in self._found.cells:
            self._refuse(WhyFormRefused.NUMBER_TWICE, raw.cells.get("number", raw.at), ref)
            return
        short = raw.text("short") or bare
        self._require_short(raw, "unit", LONGEST_UNIT)
        self._require_short(raw, "example", LONGEST_UNIT)
        unit, kind = self._read_kind(raw, ref)
        key = raw.text("key") or None
        if key is not None and (key in RESERVED_KEYS or not _KEY.fullmatch(key)):
            self._refuse(WhyFormRefused.WRONG_CODE, raw.cells["key"])
        self._found.cells[ref] = raw
        self._found.rows.append(
            DescribedRow(
                ref=ref,
                no=no,
                name=bare,
                short=raised(shorten(short, LONGEST_SHORT)),
                cell=raw.at.cell,
                unit=unit,
                kind=kind,
                part=self._found.parts[-1].id if self._found.parts else None,
                parent=parent,
                key=key,
                optional=self._read_flag(raw, "optional") is False,
                asked_of=self._read_asked_of(raw, parent),
                yes_no=self._read_flag(raw, "yes_no") is True,
                no_change=self._read_flag(raw, "no_change") is True,
                noun=self._read_flag(raw, "noun") is True,
                sign=self._read_sign(raw),
                example=raw.text("example") or None,
                aliases=tuple(each.strip() for each in re.split(r"[;,]", raw.text("aliases")) if each.strip()),
                note=raw.text("note") or None,
            )
        )

    def _require_short(self, raw: RawRow, column: str, longest: int) -> None:
        if len(raw.text(column)) > longest:
            self._refuse(WhyFormRefused.TOO_LONG, raw.cells[column], str(longest))

    def _read_number(self, raw: RawRow) -> tuple[str, str, str | None] | None:
        """A row's own number, that of the table, and its parent's; None where it has no place."""
        said = raw.text("number").lower().replace(",", ".").strip(" .)(")
        cell = raw.cells.get("number", raw.at)
        name = raw.text("name")
        if not self._layout.has_numbers and not _BULLET.match(name):
            said = str(int(self._top or 0) + 1)
        if _TOP.fullmatch(said):
            no = str(int(said))
            self._top, self._steps = no, 0
            return no, no, None
        if _DEEP.fullmatch(said):
            self._refuse(WhyFormRefused.TOO_DEEP, cell)
            return None
        sub = _SUB.fullmatch(said)
        if sub is not None:
            no = str(int(sub["no"]))
            if no not in self._found.cells:
                self._refuse(WhyFormRefused.NO_PARENT, cell, no)
                return None
            return f"{no}.{int(sub['step'])}" if sub["step"] else f"{no}{sub['letter']}", no, no
        if said and not _LETTER.fullmatch(said) and not _BULLET.match(said):
            self._refuse(WhyFormRefused.WRONG_NUMBER, cell)
            return None
        if self._top is None or self._top not in self._found.cells:
            self._refuse(WhyFormRefused.NO_PARENT, cell, said)
            return None
        self._steps += 1
        own = said if _LETTER.fullmatch(said) else f".{self._steps}"
        return f"{self._top}{own}", self._top, self._top

    def _read_kind(self, raw: RawRow, ref: str) -> tuple[str | None, FigureKind]:
        """The unit and kind of figure; an unknown kind is asked about."""
        unit, said = raw.text("unit") or None, raw.text("kind")
        money = unit is not None and plain(unit) == plain(MONEY_UNIT)
        unit = MONEY_UNIT if money else unit
        if unit is None and "counts" in raw.cells:
            unit = WORDING.made["counted_unit"]
        by_unit = FigureKind.MONEY if money else FigureKind.PERCENT if unit == _PERCENT else FigureKind.COUNT
        if not said:
            if unit is not None and _is_other_money(unit):
                self._refuse(WhyFormRefused.WRONG_MONEY_UNIT, raw.cells["unit"])
            return unit, by_unit
        named = WORDING.named_in("kinds", said)
        if named is None:
            if unit is not None and by_unit is FigureKind.COUNT:
                choices = tuple(kind.value for kind in FigureKind)
                self._found.doubts.append(FormDoubt(FormDoubtKind.KIND, ref, raw.cells["kind"].cell, said, choices))
            return unit, by_unit
        kind = FigureKind(named)
        if unit is None:
            unit = {FigureKind.MONEY: MONEY_UNIT, FigureKind.PERCENT: _PERCENT}.get(kind)
        elif kind is FigureKind.MONEY and not money and "unit" in raw.cells:
            self._refuse(WhyFormRefused.WRONG_MONEY_UNIT, raw.cells["unit"])
        elif kind is not by_unit:
            self._refuse(WhyFormRefused.WRONG_KIND, raw.cells["kind"])
        return unit, kind

    def _read_flag(self, raw: RawRow, column: str) -> bool | None:
        if column not in raw.cells:
            return None
        named = WORDING.named_in("flags", raw.text(column))
        if named is None:
            self._refuse(WhyFormRefused.WRONG_FLAG, raw.cells[column])
        return named == "yes" if named is not None else None

    def _read_asked_of(self, raw: RawRow, parent: str | None) -> frozenset[UnitKind]:
        """The kinds of unit that have the row; a sub-row is of those of its parent where it says nothing else."""
        if "asked_of" not in raw.cells:
            return next((row.asked_of for row in self._found.rows if row.ref == parent), frozenset())
        kinds, unknown = read_units(raw.text("asked_of"))
        for each in unknown:
            self._refuse(WhyFormRefused.UNKNOWN_UNITS, raw.cells["asked_of"], each)
        for kind in sorted(kinds - self._owed_by) if self._owed_by else ():
            self._refuse(WhyFormRefused.NOT_OWING, raw.cells["asked_of"], UNIT_KIND_SHORT[kind])
        return kinds

    def _require_askers(self) -> None:
        """What a row rests on must be there wherever the row is."""
        by_ref = {row.ref: row for row in self._found.rows}
        for row in self._found.rows:
            for ref in filter(None, (row.parent, row.carry_over, row.counts, *(term[1:] for term in row.derived))):
                of = by_ref[ref].asked_of if not by_ref[ref].heading else frozenset()
                if of and not (row.asked_of and row.asked_of <= of):
                    raw = self._found.cells[row.ref]
                    self._refuse(WhyFormRefused.NOT_ASKED_OF, raw.cells.get("asked_of", raw.at), ref)

    def _read_sign(self, raw: RawRow) -> str | None:
        said = raw.text("sign").replace("−", "-").replace("–", "-")
        if said and said not in {"+", "-", EITHER_SIGN}:
            self._refuse(WhyFormRefused.WRONG_FLAG, raw.cells["sign"])
        return said if said in {"+", "-", EITHER_SIGN} else None

    # --- What rows say of one another ---

    def _require_units(self) -> None:
        """A row without a unit is the heading of its sub-rows, or lacks it."""
        parents = {row.parent for row in self._found.rows}
        for row in self._found.rows:
            raw = self._found.cells[row.ref]
            if row.heading and (row.ref not in parents or "derived" in raw.cells):
                self._refuse(WhyFormRefused.NO_MEASURE_UNIT, raw.at, row.ref)

    def _tell_apart(self) -> None:
        """Rows of the same short name are called otherwise where the workbook gives them none.

        Sub-rows ("Nữ" below two rows) with their parent's, others, whose long names begin alike, with their number.
        """
        parents = {row.ref: row for row in self._found.rows}
        for own in ("parent", "number"):
            called = Counter(plain(row.short) for row in self._found.rows)
            for place, row in enumerate(self._found.rows):
                before = parents[row.parent].short + ":" if row.parent in parents else ""
                before = before if own == "parent" else f"{row.ref}."
                if before and called[plain(row.short)] > 1 and not self._found.cells[row.ref].text("short"):
                    short = shorten(f"{before} {row.short}", LONGEST_SHORT)
                    self._found.rows[place] = msgspec.structs.replace(row, short=short)

    def _read_sums(self) -> None:
        sums: dict[str, tuple[str, ...]] = {}
        for row in self._found.rows:
            raw = self._found.cells[row.ref]
            if "derived" not in raw.cells:
                continue
            cell = raw.cells["derived"]
            # A number is what a spreadsheet made of "=1-2".
            found = read_sum(cell.text) if cell.kind != NUMBER_CELL else None
            children = tuple(
                f"+{each.ref}"
                for each in self._found.rows
                if each.parent == row.ref and "counts" not in self._found.cells[each.ref].cells
            )
            terms = children if found == CHILDREN else found.terms if isinstance(found, Sum) else ()
            if not terms:
                self._refuse(WhyFormRefused.WRONG_EXPRESSION, cell)
            elif (wrong := check_terms(self._found.rows, cell, terms, row.kind)) is not None:
                self._layout.refusals.append(wrong)
            elif counting := [term[1:] for term in terms if "counts" in self._found.cells[term[1:]].cells]:
                self._refuse(WhyFormRefused.COUNTING_ROW, cell, counting[0])
            else:
                sums[row.ref] = terms
        settled = self._settle(sums)
        self._found.rows = [
            msgspec.structs.replace(row, derived=settled[row.ref]) if row.ref in settled else row
            for row in self._found.rows
        ]

    def _read_references(self) -> None:
        """The row whose figure of the period before a row shows, and the one whose units it counts."""
        rows = []
        for row in self._found.rows:
            cells = self._found.cells[row.ref].cells
            changed = row
            if "carry_over" in cells:
                changed = msgspec.structs.replace(changed, carry_over=self._read_carry_over(row, cells["carry_over"]))
            if "counts" in cells:
                changed = self._read_counts(changed, cells["counts"])
            rows.append(changed)
        self._found.rows = rows

    def _read_carry_over(self, row: DescribedRow, cell: FormCell) -> str | None:
        flag = WORDING.named_in("flags", cell.text)
        if flag is not None or row.heading:
            return row.ref if flag == "yes" and not row.heading else None
        found = _ROW.fullmatch(plain_number(cell.text))
        if found is None or (found["words"] and found["words"] not in map(plain, WORDING.rules["row"])):
            self._refuse(WhyFormRefused.WRONG_FLAG, cell)
            return None
        wrong = check_terms(self._found.rows, cell, (found["row"],), row.kind)
        if wrong is not None:
            self._layout.refusals.append(wrong)
        return found["row"] if wrong is None else None

    def _read_counts(self, row: DescribedRow, cell: FormCell) -> DescribedRow:
        """A row that tells how many units gave another: "mục 2", "mục 2 từ 5", "có báo mục 2"."""
        found = _COUNTED.fullmatch(plain_number(cell.text))
        words = found["words"] if found is not None else ""
        named = WORDING.named_in("counted", words) if words else "of"
        least = Decimal(1)
        if found is None or named not in {"of", "reported"}:
            self._refuse(WhyFormRefused.WRONG_EXPRESSION, cell)
            return row
        if found["from"] is not None:
            more = found["more"].strip()
            is_least = WORDING.named_in("counted", found["from"]) == "least" and named == "of"
            if not is_least or (more and WORDING.named_in("counted", more) != "or_more"):
                self._refuse(WhyFormRefused.WRONG_EXPRESSION, cell)
                return row
            least = Decimal(found["least"])
        if (wrong := check_terms(self._found.rows, cell, (found["row"],), None)) is not None:
            self._layout.refusals.append(wrong)
            return row
        counted = next(each for each in self._found.rows if each.ref == found["row"])
        is_plain = row.kind is FigureKind.COUNT and not row.derived and not row.yes_no
        if not is_plain or not self._is_asked(counted):
            self._refuse(WhyFormRefused.NOT_COUNTED, cell, counted.ref)
            return row
        least = Decimal(0) if named == "reported" else least
        return msgspec.structs.replace(row, counts=counted.ref, least=least)

    def _settle(self, sums: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        """The sums over rows that are asked for: what is itself worked out is written out; a circle is refused."""
        settled: dict[str, tuple[str, ...]] = {}
        left = dict(sums)
        while left:
            ready = [ref for ref, terms in left.items() if all(term[1:] not in left for term in terms)]
            if not ready:
                refs = sorted(left, key=lambda ref: list(self._found.cells).index(ref))
                cell = self._found.cells[refs[0]].cells["derived"]
                self._refuse(WhyFormRefused.CIRCLE, cell, ", ".join(refs))
                return settled
            for ref in ready:
                terms = left.pop(ref)
                if sum(len(settled.get(term[1:], (term,))) for term in terms) > MOST_TERMS:
                    self._refuse(
                        WhyFormRefused.TOO_MANY_TERMS, self._found.cells[ref].cells["derived"], str(MOST_TERMS)
                    )
                    return settled
                settled[ref] = tuple(_written_out(terms, settled))
        return settled


def check_terms(
    rows: Sequence[DescribedRow], cell: FormCell, terms: Sequence[str], kind: FigureKind | None
) -> WorkbookRefusal | None:
    """What is wrong with the rows that a sum or a rule names; `kind` is what their figures must be."""
    by_ref = {row.ref: row for row in rows}
    for term in terms:
        row = by_ref.get(term.lstrip("+-"))
        if row is None:
            return cell.refused(WhyFormRefused.MISSING_ROW, term.lstrip("+-"))
        if row.heading:
            return cell.refused(WhyFormRefused.HEADING_ROW, row.ref)
        if kind is not None and row.kind is not kind:
            return cell.refused(WhyFormRefused.MIXED_KINDS, row.ref)
    return None


def _written_out(terms: Sequence[str], settled: Mapping[str, tuple[str, ...]]) -> list[str]:
    found = []
    for term in terms:
        for inner in settled.get(term[1:], (f"+{term[1:]}",)):
            sign = "+" if term[0] == inner[0] else "-"
            found.append(f"{sign}{inner[1:]}")
    return found


def _without_lead(name: str) -> str:
    """A row's name without a bullet or "Trong đó:" before it."""
    bare = _BULLET.sub("", name)
    before, colon, after = bare.partition(":")
    if colon and after.strip() and _is_of_which(before):
        bare = _BULLET.sub("", after.strip())
    return raised(bare.strip())


def _is_of_which(name: str) -> bool:
    return plain(name) in map(plain, WORDING.names.of_which)


def _is_other_money(unit: str) -> bool:
    """Whether a unit is money in another size than the one that forms are in."""
    last = plain(MONEY_UNIT).split()[-1]
    words = plain(unit).split()
    return bool(words) and words[-1] == last and plain(unit) != plain(MONEY_UNIT)
