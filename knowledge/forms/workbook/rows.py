"""The rows of a workbook that describes a form: numbers, names, units, sums, what they measure. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import msgspec

from knowledge.forms.workbook.expressions import CHILDREN, NUMBER, Sum, read_sum
from knowledge.forms.workbook.heading import read_units
from knowledge.forms.workbook.layout import FormCell, FormLayout, RawRow
from knowledge.forms.workbook.model import (
    EITHER_SIGN,
    DescribedMeasure,
    DescribedRow,
    FormDoubt,
    FormDoubtKind,
    WhyFormRefused,
    WorkbookRefusal,
)
from knowledge.forms.workbook.wording import WORDING, plain
from knowledge.glossary import Subject
from knowledge.model.forms import FigureKind, FormPart, MeasureKind
from knowledge.model.units import UnitKind
from knowledge.model.words import MONEY_UNIT
from knowledge.spreadsheets.model import NUMBER as NUMBER_CELL
from knowledge.text import raised, shorten
from knowledge.units import UNIT_KIND_SHORT

MOST_ROWS: Final = 150
LONGEST_NAME: Final = 300
LONGEST_SHORT: Final = 60
LONGEST_UNIT: Final = 40
MOST_CHOICES: Final = 5
"""Subjects that are offered where several may be meant."""

_TOP: Final = re.compile(r"\d{1,3}")
_SUB: Final = re.compile(r"(?P<no>\d{1,3})(?:\.(?P<step>\d{1,2})|(?P<letter>[a-z]))")
_DEEP: Final = re.compile(r"\d+\.\d+\.\d+(?:\.\d+)*|\d+\.\d+[a-z]")
_LETTER: Final = re.compile(r"[a-z]")
_PART: Final = re.compile(r"[IVX]{1,5}|[A-Z]")
_PART_BEFORE: Final = re.compile(r"(?P<number>[IVX]{1,5}|[A-Z])[.)/]\s+(?P<title>.+)")
_BULLET: Final = re.compile(r"^[-–—+•*▪◦]\s*")
_KEY: Final = re.compile(r"[a-z][a-z0-9_]{0,59}")
_PERCENT: Final = "%"
_WITH_WHOLE: Final = re.compile(rf"(?P<way>.*?)\s*(?P<whole>{NUMBER})")
_UNIT_BEHIND: Final = re.compile(r"\s*\([^()]*\)\s*$")


@dataclass
class ReadRows:
    """The rows as they are understood, with the parts that they stand in and what is doubtful."""

    rows: list[DescribedRow] = field(default_factory=list)
    parts: list[FormPart] = field(default_factory=list)
    doubts: list[FormDoubt] = field(default_factory=list)
    cells: dict[str, RawRow] = field(default_factory=dict)


def read_rows(layout: FormLayout, subjects: Sequence[Subject], owed_by: frozenset[UnitKind]) -> ReadRows:
    """The rows of the table; what is wrong with them is added to the layout's refusals."""
    found = ReadRows()
    if layout.heading is None:
        return found
    _Reader(layout, subjects, found, owed_by).read()
    return found


class _Reader:
    """Reads the rows one after another, then what they say of one another."""

    def __init__(
        self, layout: FormLayout, subjects: Sequence[Subject], found: ReadRows, owed_by: frozenset[UnitKind]
    ) -> None:
        self._owed_by = owed_by
        self._layout, self._subjects, self._found = layout, subjects, found
        self._top: str | None = None
        self._steps = 0

    def read(self) -> None:
        for raw in self._layout.rows:
            if (part := self._read_part(raw)) is not None:
                self._begin_part(part)
            else:
                self._read_row(raw)
        if not any(not row.heading and "derived" not in self._found.cells[row.ref].cells for row in self._found.rows):
            assert self._layout.heading is not None  # nothing is there that somebody could be asked for
            self._layout.refusals.append(self._layout.heading.refused(WhyFormRefused.NO_ROWS, ""))
        elif len(self._found.rows) > MOST_ROWS:
            self._refuse(WhyFormRefused.TOO_MANY_ROWS, self._layout.rows[MOST_ROWS].at, str(MOST_ROWS))
        self._require_units()
        self._read_sums()
        self._require_askers()
        self._read_measures()
        self._settle_parts()

    def _refuse(self, why: WhyFormRefused, cell: FormCell, said: str | None = None) -> None:
        self._layout.refusals.append(cell.refused(why, said))

    # --- Parts ---

    def _read_part(self, raw: RawRow) -> FormPart | None:
        """The title of a part: a name alone, with a Roman number or a capital before it or in its own cell, or none."""
        if set(raw.cells) - {"name", "number"}:
            return None
        number, name = raw.text("number").rstrip(".)"), raw.text("name")
        if not name:
            # The title stands in the column of numbers where cells are made one.
            before = _PART_BEFORE.fullmatch(raw.text("number"))
            return self._make_part(before["number"], before["title"]) if before is not None else None
        if _BULLET.match(name) or (number and not _PART.fullmatch(number)):
            return None
        before = _PART_BEFORE.fullmatch(name)
        if before is not None:
            return self._make_part(before["number"], before["title"])
        if _is_of_which(name):
            return self._make_part("", "")
        return self._make_part(number, name)

    def _make_part(self, number: str, title: str) -> FormPart:
        return FormPart(id=f"p{len(self._found.parts) + 1}", title=raised(title), number=number or None)

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
        if key is not None and not _KEY.fullmatch(key):
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
                carry_over=self._read_flag(raw, "carry_over") is True,
                asked_of=self._read_asked_of(raw, parent),
                yes_no=self._read_flag(raw, "yes_no") is True,
                sign=self._read_sign(raw),
                example=raw.text("example") or None,
                aliases=tuple(each.strip() for each in re.split(r"[;,]", raw.text("aliases")) if each.strip()),
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
        elif kind is FigureKind.MONEY and not money:
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
            for ref in filter(None, (row.parent, *(term[1:] for term in row.derived))):
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

    def _read_sums(self) -> None:
        sums: dict[str, tuple[str, ...]] = {}
        for row in self._found.rows:
            raw = self._found.cells[row.ref]
            if "derived" not in raw.cells:
                continue
            cell = raw.cells["derived"]
            # A number is what a spreadsheet made of "=1-2".
            found = read_sum(cell.text) if cell.kind != NUMBER_CELL else None
            children = tuple(f"+{each.ref}" for each in self._found.rows if each.parent == row.ref)
            terms = children if found == CHILDREN else found.terms if isinstance(found, Sum) else ()
            if not terms:
                self._refuse(WhyFormRefused.WRONG_EXPRESSION, cell)
            elif (wrong := check_terms(self._found.rows, cell, terms, row.kind)) is not None:
                self._layout.refusals.append(wrong)
            else:
                sums[row.ref] = terms
        settled = self._settle(sums)
        self._found.rows = [
            msgspec.structs.replace(row, derived=settled[row.ref]) if row.ref in settled else row
            for row in self._found.rows
        ]

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
                settled[ref] = tuple(_written_out(left.pop(ref), settled))
        return settled

    def _read_measures(self) -> None:
        measured: dict[tuple[str | None, MeasureKind | None], str] = {}
        rows = []
        for row in self._found.rows:
            raw = self._found.cells[row.ref]
            measure = self._read_measure(row, raw) if "measures" in raw.cells or "way" in raw.cells else None
            if measure is not None and measure.subject is not None and measure.way is not None:
                if (measure.subject, measure.way) in measured:
                    self._refuse(
                        WhyFormRefused.MEASURED_TWICE, raw.cells["measures"], measured[measure.subject, measure.way]
                    )
                measured[measure.subject, measure.way] = row.ref
            rows.append(msgspec.structs.replace(row, measure=measure) if measure is not None else row)
        self._found.rows = rows

    def _read_measure(self, row: DescribedRow, raw: RawRow) -> DescribedMeasure | None:
        if "measures" not in raw.cells:
            self._refuse(WhyFormRefused.WRONG_EXPRESSION, raw.cells["way"])
            return None
        cell = raw.cells["measures"]
        if row.heading:
            self._refuse(WhyFormRefused.HEADING_ROW, cell, row.ref)
            return None
        subjects = find_subjects(cell.text, self._subjects)
        if len(subjects) != 1:
            choices = (*subjects[:MOST_CHOICES], "")
            self._found.doubts.append(FormDoubt(FormDoubtKind.SUBJECT, row.ref, cell.cell, cell.text, choices))
        way, whole = self._read_way(raw)
        if "way" not in raw.cells:
            ways = (MeasureKind.LEVEL.value, MeasureKind.FLOW.value, "")
            self._found.doubts.append(FormDoubt(FormDoubtKind.WAY, row.ref, cell.cell, cell.text, ways))
        return DescribedMeasure(subjects[0] if len(subjects) == 1 else None, way, whole)

    def _read_way(self, raw: RawRow) -> tuple[MeasureKind | None, str | None]:
        if "way" not in raw.cells:
            return None, None
        cell = raw.cells["way"]
        named = WORDING.named_in("ways", cell.text)
        if named is not None and named != MeasureKind.SHARE:
            return MeasureKind(named), None
        with_whole = _WITH_WHOLE.fullmatch(plain_number(cell.text))
        if with_whole is None or WORDING.named_in("ways", with_whole["way"]) != MeasureKind.SHARE:
            self._refuse(
                WhyFormRefused.NO_WHOLE if named == MeasureKind.SHARE else WhyFormRefused.WRONG_EXPRESSION, cell
            )
            return None, None
        wrong = check_terms(self._found.rows, cell, (f"+{with_whole['whole']}",), None)
        if wrong is not None:
            self._layout.refusals.append(wrong)
        return MeasureKind.SHARE, with_whole["whole"]


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


def find_subjects(said: str, subjects: Sequence[Subject]) -> list[str]:
    """The subjects that words name: those of that very name, else those whose name the words hold or are part of."""
    wanted = plain(said)
    bare = plain(_UNIT_BEHIND.sub("", said))
    exact = [each.id for each in subjects if {wanted, bare} & _names_of(each)]
    if exact:
        return exact
    padded = f" {bare} "
    return [
        each.id
        for each in subjects
        if any(f" {name} " in padded or padded in f" {name} " for name in _names_of(each) if name)
    ]


def _names_of(subject: Subject) -> set[str]:
    """What a subject is called, with and without what stands in brackets behind it."""
    names = (subject.name, _UNIT_BEHIND.sub("", subject.name), subject.short, *subject.phrases)
    return {plain(name) for name in names if "=" not in name and ".." not in name}


def plain_number(text: str) -> str:
    """A text without marks whose numbers keep their point: "Tỉ lệ trên mục 46,1" → "ti le tren muc 46.1"."""
    return " ".join(
        plain(word)
        if not re.fullmatch(NUMBER, word.strip(",;").replace(",", "."))
        else word.strip(",;").replace(",", ".")
        for word in text.split()
    )


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
