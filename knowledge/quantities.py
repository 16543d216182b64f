"""Numbers, dates, years and references in a question: which is which, decided by the words beside them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from knowledge.milestones import find_stage_signs
from knowledge.number_words import SCALES
from knowledge.quantity_words import BESIDE_NUMBERS as _WORDS
from knowledge.quantity_words import THOUSAND_YEAR, YEAR
from knowledge.text import decode_vni, fold
from knowledge.words import COPULA

_DATE = re.compile(r"\b\d{1,2}\s?[/.\-]\s?\d{1,2}\s?[/.\-]\s?(?:19|20)\d\d\b|\b\d{1,2}\s?[/\-]\s?20\d\d\b")
_REFERENCE = re.compile(r"\b[a-z]?\d{1,4}\s?[-/]\s?[a-z][a-z]*(?:\s?[-/]\s?[a-z]+)*\b")
_SPOKEN_REFERENCE = _WORDS.composed(
    r"\b%document%(?: %document_tail%)?(?: %number%)? (\d{1,4})\b(?! %not_document%| [%]|/\d|\.\d)"
)
_SECTION = re.compile(r"(?:\b[ivx]+\s?\.\s?)?\b\d\s?\.\s?\d{1,2}(?:\s?\.\s?\d{1,2})?\b(?![.,]?\d| ?%)")
_NAMED_SECTION = _WORDS.composed(r"\b%section% ((?:[ivx]+\b|%named_part%).*?) %of% ")
_ROMAN_SECTION = _WORDS.composed(r"\b%section% (?:%number% |%ordinal% )?([ivx]+(?:\s?\.\s?\w+)*)\b")
_SPAN = _WORDS.composed(
    r"(?<![\w.,/])(\d{1,3})(?: ?[-–] ?| %range_to%(?: (?:%row%|%number%))* )(\d{1,3})(?![\w%]|[.,/]\d)"
)
_GLUED_ROW = _WORDS.composed(r"(?<!\w)(?:%row%|%number%)(\d\d)(?!\w|[.,]\d)")
_PART = _WORDS.composed(r"\b%part% (?:%ordinal% )?([ivx]{1,4})\b")
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_DECIMAL = re.compile(r"\d+[.,]\d+%?")
_FIRST_SHORT_YEAR, _LAST_SHORT_YEAR = 20, 50

_SIGNS = {
    "range": _WORDS.composed(r"20\d\d\s*(?:-|%range_to%)(?: %year%)?\s*20\d\d"),
    "after_year": _WORDS.composed(r"\b%after% (?:%year% )?20\d\d"),
    "before_year": _WORDS.composed(r"\b%before% (?:%year% )?20\d\d"),
    "around_year": _WORDS.composed(rf"\b%before% %joined% (?:{COPULA} )?%after% (?:%year% |%year_mark% )?20\d\d"),
}


@dataclass(frozen=True)
class Named:
    """What is written with digits and means a document, a place in one, or a day; `masked` is the text without them.

    `signs` tell how years and stages are meant: "range", "after_year", "before_year", and those of `find_stage_signs`.

    `references` are numbers of documents in folded letters and digits ("1729qdttg"), spoken ones bare ("1729").
    """

    references: tuple[str, ...]
    sections: tuple[str, ...]
    parts: tuple[str, ...]
    dates: tuple[str, ...]
    signs: frozenset[str]
    masked: str


def find_named(text: str) -> Named:
    """The documents, sections and dates named in a tidied text.

    Example: "mục II.3 của Nghị quyết 02-NQ/TU ngày 15/1/2021" → section "ii.3", reference "02nqtu", date "15/01/2021".
    """
    text = THOUSAND_YEAR.sub(r"20\1", text)
    plain = fold(text)
    without_dates = _DATE.sub(" ", plain)
    references = [re.sub(r"[^a-z0-9]", "", found) for found in _REFERENCE.findall(without_dates)]
    spoken = [found for found in _SPOKEN_REFERENCE.findall(without_dates) if not YEAR.fullmatch(found)]
    references += [number for number in spoken if not any(ref.startswith(number) for ref in references)]
    return Named(
        references=tuple(dict.fromkeys(references)),
        sections=tuple(dict.fromkeys((*_NAMED_SECTION.findall(plain), *_find_sections(without_dates)))),
        parts=tuple(part.upper() for part in _PART.findall(without_dates)),
        dates=tuple(_date(found) for found in _DATE.findall(plain)),
        signs=find_stage_signs(text).union(sign for sign, pattern in _SIGNS.items() if pattern.search(plain)),
        masked=_mask(text, (_NAMED_SECTION, _DATE, _REFERENCE, _ROMAN_SECTION, _SECTION)),
    )


def part_row_numbers(text: str) -> str:
    """A tidied text with a blank between the word for a row and its number: "số54" → "số 54"; not where it is a
    syllable in VNI keys ("so61" is "số").
    """
    plain = fold(text)
    if len(plain) != len(text):
        return text
    for found in reversed(list(_GLUED_ROW.finditer(plain))):
        if decode_vni(found[0]) is None:
            text = f"{text[: found.start(1)]} {text[found.start(1) :]}"
    return text


def written_references(text: str) -> tuple[str, ...]:
    """The numbers of documents in a tidied text as they are typed: "99/KH-LĐLĐ"."""
    plain = fold(text)
    if len(plain) != len(text):
        text = plain
    return tuple(dict.fromkeys(text[found.start() : found.end()] for found in _REFERENCE.finditer(plain)))


def _find_sections(plain: str) -> Iterator[str]:
    """Places given by number, however they are typed: "ii.3", "iv"."""
    rest = _NAMED_SECTION.sub(" ", plain)
    for found in (*_ROMAN_SECTION.findall(rest), *_SECTION.findall(_ROMAN_SECTION.sub(" ", rest))):
        yield re.sub(r"\s", "", found)


def _date(text: str) -> str:
    """A typed date as the plans write it: 15/01/2021, or 02/2021."""
    return "/".join(f"{int(part):02}" for part in re.split(r"[/.\-]", re.sub(r"\s", "", text)))


def _mask(text: str, patterns: Iterable[re.Pattern[str]]) -> str:
    """The text with blanks where a pattern matches its folded form, letter for letter."""
    for pattern in patterns:
        plain = fold(text)
        if len(plain) != len(text):
            text = plain
        for found in pattern.finditer(plain):
            text = text[: found.start()] + " " * (found.end() - found.start()) + text[found.end() :]
    return text


@dataclass(frozen=True)
class Numbers:
    """The numbers among the syllables of a question.

    `figures` are quoted ones (80%, 153.600), `percents` those of them with a percent sign, `counts` those with a unit
    of a target, `items` number the rows of a form, `workers` the size of an enterprise ("từ 25 lao động"), `below` the
    same with "dưới", `bare` could be anything, a short year ("30") among them. `at` are the positions of all that are
    not only bare.
    """

    years: tuple[int, ...]
    figures: tuple[Decimal, ...]
    percents: frozenset[Decimal]
    counts: frozenset[Decimal]
    items: tuple[int, ...]
    workers: tuple[int, ...]
    below: tuple[int, ...]
    bare: tuple[int, ...]
    at: frozenset[int]


@dataclass(frozen=True)
class Stated:
    """What targets state in units of their own ("lần", "ca/100.000 lao động"), by the first folded word of the unit.

    `values` are numbers with that word, `units` all words of such units, `bases` the numbers in them, `decimals` what
    is stated with decimals in any unit. Percents and counts of people are told by their own words.
    """

    values: frozenset[tuple[str, Decimal]] = frozenset()
    units: Mapping[str, frozenset[str]] = field(default_factory=dict)
    bases: Mapping[str, frozenset[Decimal]] = field(default_factory=dict)
    decimals: frozenset[Decimal] = frozenset()

    @classmethod
    def of(cls, measured: Iterable[tuple[Sequence[Decimal], Sequence[str]]]) -> Stated:
        """What pairs of values and their unit's folded words state."""
        values: set[tuple[str, Decimal]] = set()
        units: dict[str, frozenset[str]] = {}
        bases: dict[str, frozenset[Decimal]] = {}
        decimals: set[Decimal] = set()
        known = {word for name in ("members", "workers") for phrase in _WORDS.phrases(name) for word in phrase[:1]}
        for stated, unit in measured:
            decimals.update(value for value in stated if value != value.to_integral_value())
            if unit and unit[0].isalpha() and unit[0] not in known:
                values.update((unit[0], value) for value in stated)
                units[unit[0]] = units.get(unit[0], frozenset()) | set(unit)
                bases[unit[0]] = bases.get(unit[0], frozenset()) | {_base(unit, at) for at in _numeric(unit)}
        return cls(frozenset(values), units, bases, frozenset(decimals))

    def without_bases(self, figures: Iterable[Decimal], syllables: Iterable[str]) -> tuple[Decimal, ...]:
        """The figures that are no base of a unit named beside them: of "4 ca/100.000 lao động" only 4."""
        named = {base for word in syllables for base in self.bases.get(word, ())}
        return tuple(dict.fromkeys(figure for figure in figures if figure not in named))

    def measure(self, syllables: Sequence[str], place: int) -> tuple[int, bool]:
        """How many syllables behind the number at `place` are its unit (0: none), and whether a base is among them."""
        head = syllables[place + 1] if place + 1 < len(syllables) else ""
        if head not in self.units:
            return 0, False
        end, has_base = place + 2, False
        while end < len(syllables):
            base = next((at for at in (end, end + 1) if self._is_base(head, syllables, at)), None)
            if base is None and syllables[end] not in self.units[head]:
                break
            end, has_base = (end if base is None else base) + 1, has_base or base is not None
            end += base is not None and end < len(syllables) and syllables[end] in SCALES
        return end - place - 1, has_base

    def _is_base(self, head: str, syllables: Sequence[str], at: int) -> bool:
        is_number = at < len(syllables) and syllables[at][:1].isdecimal()
        return is_number and _base(syllables, at) in self.bases[head]


def _numeric(words: Sequence[str]) -> Iterator[int]:
    return (at for at, word in enumerate(words) if word[:1].isdecimal())


def _base(words: Sequence[str], at: int) -> Decimal:
    """The number at a place with the word of size behind it."""
    return _value(words[at], ()) * (SCALES.get(words[at + 1], Decimal(1)) if at + 1 < len(words) else Decimal(1))


NOTHING_STATED = Stated()


def find_numbers(
    syllables: list[str],
    *,
    about_form: bool,
    named: frozenset[int] = frozenset(),
    stated: Stated = NOTHING_STATED,
) -> Numbers:
    """The numbers among the folded syllables of a question, by what each means.

    `about_form` tells that rows of a form are spoken of; numbers at the positions `named` belong to a name; `stated`
    is what the catalogue's targets state in units of their own.

    Examples: "tu 25 lao dong nam 2025 dat 80%" → workers 25, year 2025, figure 80; "dat 92,5%" → figure 92.5.
    """
    found: dict[str, list[int]] = {kind: [] for kind in ("years", "items", "workers", "below", "bare")}
    figures: list[Decimal] = []
    percents: set[Decimal] = set()
    counts: set[Decimal] = set()
    at: set[int] = set()
    last_item = -2
    for place, syllable in enumerate(syllables):
        if not syllable[:1].isdecimal():
            continue
        before = tuple(syllables[max(place - 2, 0) : place])
        after = tuple(syllables[place + 1 : place + 3])
        size, has_base = stated.measure(syllables, place)
        kind = (
            "figures"
            if has_base or _is_of_people(syllables, place)
            else _kind(syllable, before, after, about_form=about_form, stated=stated)
        )
        if kind is None or place in named or place in at:
            continue
        if kind == "figures":
            figures.append(_value(syllable, after))
            if _is_percent(syllable, after):
                percents.add(figures[-1])
            elif size:
                counts.add(figures[-1])
            at.update(range(place, place + size + 1))
            continue
        value = int(re.sub(r"\D", "", syllable))
        joined = place > 0 and syllables[place - 1] in _WORDS.folded("row_joined") and last_item == place - 2
        if kind == "bare" and (last_item == place - 1 or joined):
            kind = "items"
        last_item = place if kind == "items" else last_item
        if kind == "years" and value < 100:
            found["bare"].append(value)
        found[kind].append(2000 + value if kind == "years" and value < 100 else value)
        if kind != "bare":
            at.add(place)
    numbers = {kind: tuple(dict.fromkeys(values)) for kind, values in found.items()}
    return Numbers(
        **numbers,
        figures=tuple(dict.fromkeys(figures)),
        percents=frozenset(percents),
        counts=frozenset(counts),
        at=frozenset(at),
    )


def find_spans(text: str) -> tuple[tuple[int, int], ...]:
    """The first and last number of each span of small numbers in a folded text: "muc 25 den 29", "dong 25-29"."""
    return tuple((int(low), int(high)) for low, high in _SPAN.findall(text) if int(low) < int(high))


def _is_of_people(syllables: Sequence[str], place: int) -> bool:
    """Whether the whole number at `place` counts people whom a target speaks of, not those of an enterprise.

    Examples: "kết nạp 30 người", "giới thiệu ít nhất 1 người ưu tú"; not "doanh nghiệp 30 người".
    """
    behind = syllables[place + 1 : place + 4]
    if not syllables[place].isdecimal() or not _WORDS.begins(behind, "workers") or YEAR.fullmatch(syllables[place]):
        return False
    start = place
    while start and syllables[start - 1] in _WORDS.folded("between"):
        start -= 1
    acts = any(_WORDS.ends(syllables[:end], "admitting") for end in range(start, place + 1))
    return acts or _WORDS.begins(behind, "admitted")


def _value(syllable: str, after: tuple[str, ...]) -> Decimal:
    """The number that a figure's syllable writes; before a percent sign a comma parts decimals, however many."""
    digits = syllable.removesuffix("%")
    parts_decimals = digits.startswith("0") or (_is_percent(syllable, after) and re.fullmatch(r"\d+,\d+", digits))
    if _THOUSANDS.fullmatch(digits) and not parts_decimals:
        return Decimal(re.sub(r"\D", "", digits))
    return Decimal(digits.replace(",", "."))


def _is_percent(syllable: str, after: tuple[str, ...]) -> bool:
    return syllable.endswith("%") or after[:1] == ("%",) or after in _WORDS.phrases("percent")


def _kind(
    syllable: str, before: tuple[str, ...], after: tuple[str, ...], *, about_form: bool, stated: Stated
) -> str | None:
    if (syllable.endswith("%") and syllable[:-1].isdecimal()) or _THOUSANDS.fullmatch(syllable):
        return "figures"
    last, following = before[-1] if before else "", after[0] if after else ""
    if _DECIMAL.fullmatch(syllable):
        told = following in stated.units or _value(syllable, after) in stated.decimals
        return "figures" if _is_percent(syllable, after) or (told and following not in SCALES) else None
    if not syllable.isdecimal():
        return None
    if (following, Decimal(syllable)) in stated.values:
        return "figures"
    if YEAR.fullmatch(syllable):
        ends_range = last in _WORDS.folded("range_to") and before[0].isdigit() and not YEAR.fullmatch(before[0])
        return "figures" if ends_range else "years"
    if _is_percent(syllable, after):
        return "figures"
    if after in _WORDS.phrases("workers") or after[:1] in _WORDS.phrases("workers"):
        return "below" if last in _WORDS.folded("below") else "workers"
    if _is_item(syllable, before, after, about_form=about_form):
        return "items"
    if _is_short_year(syllable, last, after):
        return "years"
    counts_members = len(syllable) >= 3 and _WORDS.begins(after, "members")
    return "figures" if counts_members or len(syllable) > 4 else "bare"


def _is_item(syllable: str, before: tuple[str, ...], after: tuple[str, ...], *, about_form: bool) -> bool:
    last = before[-1] if before else ""
    if last in _WORDS.folded("row") or (last in _WORDS.folded("row_name_end") and len(syllable) == 2):
        return True
    if last in _WORDS.folded("number") and before[0] in _WORDS.folded("row_numbered"):
        return True
    return about_form and (not after or last in _WORDS.folded("row_of_form"))


def _is_short_year(syllable: str, before: str, after: tuple[str, ...]) -> bool:
    if not (len(syllable) == 2 and _FIRST_SHORT_YEAR <= int(syllable) <= _LAST_SHORT_YEAR):
        return False
    alone = not after or after[0] in _WORDS.folded("after_short_year")
    if before in _WORDS.folded("year") or before in _WORDS.folded("year_mark"):
        return True
    return alone and (not before or before in _WORDS.folded("before_short_year"))
