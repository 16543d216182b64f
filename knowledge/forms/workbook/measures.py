"""What the rows of a workbook measure of the plans' targets: beside a row, or by a line of their own. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from knowledge.forms.workbook.expressions import NUMBER, Sum, plain_number, read_sum
from knowledge.forms.workbook.layout import FormCell, FormLayout, RawMeasure
from knowledge.forms.workbook.model import DescribedMeasure, DescribedRow, FormDoubt, FormDoubtKind, WhyFormRefused
from knowledge.forms.workbook.rows import LONGEST_NAME, LONGEST_UNIT, ReadRows, check_terms
from knowledge.forms.workbook.wording import WORDING, plain
from knowledge.glossary import Glossary, Population, Subject
from knowledge.model.forms import FigureKind, MeasureKind
from knowledge.text import raised
from knowledge.words import enterprises_from, enterprises_under

MOST_CHOICES: Final = 5
"""Subjects or populations that are offered where several may be meant."""

_WITH_WHOLE: Final = re.compile(rf"(?P<way>.*?)\s*(?P<whole>{NUMBER})")
_UNIT_BEHIND: Final = re.compile(r"\s*\([^()]*\)\s*$")
_SIZE: Final = re.compile(r"\d{1,5}")


def read_measures(layout: FormLayout, found: ReadRows, glossary: Glossary) -> tuple[DescribedMeasure, ...]:
    """What the rows measure; what is doubtful is added to `found`, what is wrong to the layout's refusals."""
    return tuple(_Reader(layout, found, glossary).read())


class _Reader:
    """Reads the measures one after another."""

    def __init__(self, layout: FormLayout, found: ReadRows, glossary: Glossary) -> None:
        self._layout, self._found, self._glossary = layout, found, glossary
        self._by_ref = {row.ref: row for row in found.rows}

    def read(self) -> Iterator[DescribedMeasure]:
        measured: dict[object, str] = {}
        for cells, rows in (*self._beside_rows(), *((cells, None) for cells in self._layout.measures)):
            measure = self._read(cells, rows)
            if measure is None:
                continue
            if measure.what is not None and measure.what in measured:
                self._refuse(WhyFormRefused.MEASURED_TWICE, cells["title"], measured[measure.what])
            measured[measure.what] = measure.rows[0]
            yield measure

    def _beside_rows(self) -> Iterator[tuple[RawMeasure, DescribedRow]]:
        for row in self._found.rows:
            raw = self._found.cells[row.ref].cells
            cells = {name: raw[column] for name, column in (("title", "measures"), ("way", "way")) if column in raw}
            if cells:
                yield cells, row

    def _refuse(self, why: WhyFormRefused, cell: FormCell, said: str | None = None) -> None:
        self._layout.refusals.append(cell.refused(why, said))

    def _read(self, cells: RawMeasure, beside: DescribedRow | None) -> DescribedMeasure | None:
        cell = cells.get("title")
        if cell is None:
            self._refuse(WhyFormRefused.WRONG_EXPRESSION, next(iter(cells.values())))
            return None
        if beside is None:
            rows = self._read_rows(cells)
        elif beside.heading:
            self._refuse(WhyFormRefused.HEADING_ROW, cell, beside.ref)
            rows = ()
        else:
            rows = (beside.ref,)
        if not rows:
            return None
        self._require_sum(cell, rows[0])
        measure = DescribedMeasure(at=f"{cell.sheet}!{cell.cell}", rows=rows)
        subjects = find_subjects(cell.text, self._glossary.subjects)
        if len(subjects) == 1:
            measure = msgspec.structs.replace(measure, subject=subjects[0])
        else:
            self._ask(FormDoubtKind.SUBJECT, measure, cell, (*subjects[:MOST_CHOICES], ""))
        way, whole = self._read_way(cells)
        if "way" not in cells:
            self._ask(FormDoubtKind.WAY, measure, cell, (MeasureKind.LEVEL.value, MeasureKind.FLOW.value, ""))
        moves = self._read_moves(cells, way)
        scopes = self._read_scopes(cells, measure)
        for column, longest in (("called", LONGEST_NAME), ("units", LONGEST_UNIT)):
            if column in cells and len(cells[column].text) > longest:
                self._refuse(WhyFormRefused.TOO_LONG, cells[column], str(longest))
        name = raised(cells["called"].text) if "called" in cells else ""
        units = _split(cells["units"].text) if "units" in cells else ()
        return msgspec.structs.replace(
            measure, way=way, whole=whole, moves=moves, scopes=scopes, name=name, units=tuple(units)
        )

    def _ask(self, kind: FormDoubtKind, measure: DescribedMeasure, cell: FormCell, choices: tuple[str, ...]) -> None:
        doubt = FormDoubt(kind, measure.rows[0], cell.cell, cell.text, choices, cell.sheet, measure.at)
        self._found.doubts.append(doubt)

    def _read_rows(self, cells: RawMeasure) -> tuple[str, ...]:
        """The rows that a line of its own names: "2", "2.1 + 2.2"."""
        cell = cells.get("rows")
        if cell is None:
            self._refuse(WhyFormRefused.WRONG_EXPRESSION, cells["title"])
            return ()
        found = read_sum(cell.text)
        terms = found.terms if isinstance(found, Sum) else ()
        if not terms or any(term.startswith("-") for term in terms):
            self._refuse(WhyFormRefused.WRONG_EXPRESSION, cell)
            return ()
        first = self._by_ref.get(terms[0][1:])
        return tuple(term[1:] for term in terms) if self._are_there(cell, terms, first) else ()

    def _are_there(self, cell: FormCell, terms: Sequence[str], first: DescribedRow | None = None) -> bool:
        wrong = check_terms(self._found.rows, cell, terms, first.kind if first is not None else None)
        self._layout.refusals += [wrong] if wrong is not None else []
        return wrong is None

    def _require_sum(self, cell: FormCell, ref: str) -> None:
        """Percentages of several units have no sum that could be measured."""
        if self._by_ref[ref].kind is FigureKind.PERCENT:
            self._refuse(WhyFormRefused.NOT_ADDED, cell, ref)

    def _read_way(self, cells: RawMeasure) -> tuple[MeasureKind | None, str | None]:
        cell = cells.get("way")
        if cell is None:
            return None, None
        named = WORDING.named_in("ways", cell.text)
        if named is not None and named != MeasureKind.SHARE:
            return MeasureKind(named), None
        with_whole = _WITH_WHOLE.fullmatch(plain_number(cell.text))
        if with_whole is None or WORDING.named_in("ways", with_whole["way"]) != MeasureKind.SHARE:
            self._refuse(
                WhyFormRefused.NO_WHOLE if named == MeasureKind.SHARE else WhyFormRefused.WRONG_EXPRESSION, cell
            )
            return None, None
        if self._are_there(cell, (with_whole["whole"],)):
            self._require_sum(cell, with_whole["whole"])
        return MeasureKind.SHARE, with_whole["whole"]

    def _read_moves(self, cells: RawMeasure, way: MeasureKind | None) -> str | None:
        """The row by which a level changes."""
        cell = cells.get("moves")
        if cell is None:
            return None
        found = read_sum(cell.text)
        if not isinstance(found, Sum) or len(found.terms) != 1 or found.terms[0].startswith("-"):
            self._refuse(WhyFormRefused.WRONG_EXPRESSION, cell)
            return None
        if way is not MeasureKind.LEVEL:
            self._refuse(WhyFormRefused.NOT_FOR_LEVEL, cell)
            return None
        return found.terms[0][1:] if self._are_there(cell, found.terms) else None

    def _read_scopes(self, cells: RawMeasure, measure: DescribedMeasure) -> tuple[str, ...]:
        cell = cells.get("scopes")
        if cell is None:
            return ()
        found: list[str] = []
        for part in cell.text.split(";"):
            said = part.strip()
            scopes = find_scopes(said, self._glossary.scopes) if said else []
            if len(scopes) == 1:
                found += scopes
            elif said:
                self._ask(
                    FormDoubtKind.SCOPE,
                    measure,
                    FormCell(said, cell.cell, cell.sheet),
                    (*scopes[:MOST_CHOICES], ""),
                )
        return tuple(dict.fromkeys(found))


def _split(text: str) -> list[str]:
    return [each.strip() for each in text.split(";") if each.strip()]


def find_subjects(said: str, subjects: Sequence[Subject]) -> list[str]:
    """The subjects that words name: those of that very name, else those whose name the words hold or are part of."""
    return _find_named(said, {each.id: _names_of(each) for each in subjects})


def find_scopes(said: str, scopes: Sequence[Population]) -> list[str]:
    """The populations that words name, as `find_subjects`; enterprises of a size by any number of workers."""
    size = _SIZE.search(said)
    if size is not None:
        for scope, name in (("from", enterprises_from(size[0])), ("under", enterprises_under(size[0]))):
            more = WORDING.counted["or_more"] if scope == "from" else ()
            if plain(said) in {plain(name), *(plain(f"{name} {words}") for words in more)}:
                return [f"{scope}_{size[0]}"]
    return _find_named(said, {each.id: {plain(each.name), *_plain_phrases(each.phrases)} for each in scopes})


def _find_named(said: str, names: dict[str, set[str]]) -> list[str]:
    wanted, bare = plain(said), plain(_UNIT_BEHIND.sub("", said))
    exact = [each for each, called in names.items() if said == each or {wanted, bare} & called]
    if exact:
        return exact
    padded = f" {bare} "
    return [
        each
        for each, called in names.items()
        if any(f" {name} " in padded or padded in f" {name} " for name in called if name)
    ]


def _names_of(subject: Subject) -> set[str]:
    """What a subject is called, with and without what stands in brackets behind it."""
    return {plain(_UNIT_BEHIND.sub("", subject.name)), *_plain_phrases((subject.name, subject.short, *subject.phrases))}


def _plain_phrases(phrases: Sequence[str]) -> set[str]:
    return {plain(phrase) for phrase in phrases if "=" not in phrase and ".." not in phrase}


def name_subject(glossary: Glossary, subject: str) -> str:
    """What a subject is called; its id where it is none that is known."""
    try:
        return glossary.subject(subject).name
    except KeyError:
        return subject


def name_scope(glossary: Glossary, scope: str) -> str:
    """What a population is called; its id where it is none that is known."""
    try:
        return glossary.scope(scope).name
    except KeyError:
        return scope
