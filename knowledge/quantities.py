"""Numbers, dates, years and references in a question: which is which, decided by the words beside them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files

import msgspec

from knowledge.catalogue import read_toml
from knowledge.number_words import (
    AFTER_TENS,
    AROUND_NUMBERS,
    DIGITS,
    JOINTS,
    NUMBER_WORDS,
    SCALES,
    Joint,
    is_number_word,
)
from knowledge.numbers import Parsed, parse_count, parse_percent
from knowledge.text import fold
from knowledge.wordlists import WordLists
from knowledge.words import COPULA


class _Data(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Lists of the words beside numbers; the file says of each what it is."""

    year: tuple[str, ...]
    year_mark: tuple[str, ...]
    after: tuple[str, ...]
    before: tuple[str, ...]
    joined: tuple[str, ...]
    range_to: tuple[str, ...]
    before_year: tuple[str, ...]
    each: tuple[str, ...]
    year_tens: tuple[str, ...]
    year_ones: tuple[str, ...]
    before_short_year: tuple[str, ...]
    after_short_year: tuple[str, ...]
    document: tuple[str, ...]
    document_tail: tuple[str, ...]
    number: tuple[str, ...]
    not_document: tuple[str, ...]
    section: tuple[str, ...]
    named_part: tuple[str, ...]
    of: tuple[str, ...]
    ordinal: tuple[str, ...]
    part: tuple[str, ...]
    row: tuple[str, ...]
    row_name_end: tuple[str, ...]
    row_numbered: tuple[str, ...]
    row_of_form: tuple[str, ...]
    row_joined: tuple[str, ...]
    workers: tuple[str, ...]
    members: tuple[str, ...]
    below: tuple[str, ...]
    size: tuple[str, ...]
    size_never_first: tuple[str, ...]
    scale_of_figures: tuple[str, ...]
    vague_behind: tuple[str, ...]


_WORDS = WordLists.of(read_toml(files("knowledge") / "quantities.toml", _Data), AROUND_NUMBERS)

_DATE = re.compile(r"\b\d{1,2}\s?[/.\-]\s?\d{1,2}\s?[/.\-]\s?(?:19|20)\d\d\b|\b\d{1,2}\s?[/\-]\s?20\d\d\b")
_REFERENCE = re.compile(r"\b[a-z]?\d{1,4}\s?[-/]\s?[a-z][a-z]*(?:\s?[-/]\s?[a-z]+)*\b")
_SPOKEN_REFERENCE = _WORDS.composed(
    r"\b%document%(?: %document_tail%)?(?: %number%)? (\d{1,4})\b(?! %not_document%| [%]|/\d|\.\d)"
)
_SECTION = re.compile(r"(?:\b[ivx]+\s?\.\s?)?\b\d\s?\.\s?\d{1,2}(?:\s?\.\s?\d{1,2})?\b(?![.,]?\d| ?%)")
_NAMED_SECTION = _WORDS.composed(r"\b%section% ((?:[ivx]+\b|%named_part%).*?) %of% ")
_ROMAN_SECTION = _WORDS.composed(r"\b%section% (?:%number% |%ordinal% )?([ivx]+(?:\s?\.\s?\w+)*)\b")
_PART = _WORDS.composed(r"\b%part% (?:%ordinal% )?([ivx]{1,4})\b")
_K_YEAR = re.compile(r"\b2[kK](\d\d)\b")
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_DECIMAL = re.compile(r"\d+[.,]\d+%?")
_HALVES = frozenset(word for word, joint in JOINTS.items() if joint is Joint.HALF)
_FIGURE = re.compile(r"\d{1,3}")
_SCALED = _WORDS.composed(r"\d{1,3}(?:%scale%|%scale_of_figures%)\d{1,3}")
"""A number with its size in the middle: "1tr5", "153k6"."""
LONGEST_SPOKEN = 9
"""Words of a number said in words."""
_FIRST_SHORT_YEAR, _LAST_SHORT_YEAR = 20, 50

_SIGNS = {
    "range": _WORDS.composed(r"20\d\d\s*(?:-|%range_to%)(?: %year%)?\s*20\d\d"),
    "after_year": _WORDS.composed(r"\b%after% (?:%year% )?20\d\d"),
    "before_year": _WORDS.composed(r"\b%before% (?:%year% )?20\d\d"),
    "around_year": _WORDS.composed(rf"\b%before% %joined% (?:{COPULA} )?%after% (?:%year% |%year_mark% )?20\d\d"),
}

YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True)
class Named:
    """What is written with digits and means a document, a place in one, or a day; `masked` is the text without them.

    `signs` tell how years are meant: "range", "after_year", "before_year", "around_year".

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
    text = _K_YEAR.sub(r"20\1", text)
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
        signs=frozenset(sign for sign, pattern in _SIGNS.items() if pattern.search(plain)),
        masked=_mask(text, (_NAMED_SECTION, _DATE, _REFERENCE, _ROMAN_SECTION, _SECTION)),
    )


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


_SPOKEN = _WORDS.composed(
    rf"\b(?P<words>(?:(?:{'|'.join(sorted(NUMBER_WORDS))})\s+)+)(?:%percent%|[%])|"
    rf"(?P<digits>\d+(?:[.,]\d+)?)\s*(?P<scale>%scale%(?: (?:{'|'.join(sorted(_HALVES))}))?)\b(?!\s*%money%)"
)


def write_digits(text: str) -> str:
    """The text with numbers of two digits and more that are said in words written as figures.

    A number needs a word of size (mươi, trăm, nghìn, triệu), so that "năm" stays a year and "ba" a person; "phần trăm"
    stays a rate.

    Examples: "năm trăm tới sáu trăm đoàn viên" → "500 tới 600 đoàn viên"; "1 triệu 780 ngàn" → "1.780.000".
    """
    pieces = re.split(r"(\s+)", text)
    words = pieces[::2]
    written: list[str] = []
    at = 0
    while at < len(words):
        if not _may_begin(words[at]):
            written += pieces[2 * at : 2 * at + 2]
            at += 1
            continue
        size = _spoken_size(words, at)
        year, row = _spoken_year(words, at), _spoken_row(words, at)
        if year or row:
            size = 2
            written.append((f"20{year}" if year else f"{row}") + words[at + 1][len(words[at + 1].rstrip(",.;:!?")) :])
        elif size:
            value = _said(words[at : at + size])
            ending = words[at + size - 1][len(words[at + size - 1].rstrip(",.;:!?")) :]
            is_year = at and fold(words[at - 1]) in _WORDS.folded("before_year") and YEAR.fullmatch(str(value))
            figure = f"{value}" if is_year else f"{value:,}".replace(",", ".")
            written.append(figure + ending)
        else:
            written.append(words[at])
        at += max(size, 1)
        written += pieces[2 * at - 1 : 2 * at]
    return "".join(written)


@lru_cache(maxsize=16384)
def _may_begin(word: str) -> bool:
    """Whether a number or a year that is said in words may begin with a word; most words begin none."""
    return word[:1].isdigit() or _spells(word) or fold(word) in _WORDS.folded("year_tens")


def _spoken_size(words: list[str], at: int) -> int:
    """How many words from here on are one number; 0 where none is."""
    end = at
    while end < len(words) and end - at < LONGEST_SPOKEN and _spells(words[end]):
        end += 1
        if words[end - 1][-1:] in ",.;:!?":
            break
    if end < len(words) and fold(words[end]) in _WORDS.folded("vague_behind"):
        return 0
    if words[at][:1].isdigit() and _said(words[at : at + 1]) is not None:
        return 1
    for stop in range(end, at, -1):
        value = _said(words[at:stop])
        if value is not None and not (
            fold(words[at]) in _WORDS.folded("year") and YEAR.fullmatch(str(_said(words[at + 1 : stop])))
        ):
            return stop - at
    return 0


def _said(words: list[str]) -> int | None:
    """The whole number of two digits and more that these words are; None where they are none, or bear no size."""
    folded = [fold(word).strip(",.;:!?") for word in words]
    is_scaled = len(folded) == 1 and _SCALED.fullmatch(folded[0]) and not _K_YEAR.fullmatch(folded[0])
    if not is_scaled and (_WORDS.folded("size").isdisjoint(folded) or folded[0] in _WORDS.folded("size_never_first")):
        return None
    if _FIGURE.fullmatch(folded[0]) and len(folded) < 3:
        return None
    outcome = parse_count(" ".join(word.strip(",.;:!?") for word in words))
    whole = isinstance(outcome, Parsed) and outcome.value == outcome.value.to_integral_value() >= 10
    return int(outcome.value) if isinstance(outcome, Parsed) and whole else None


def _digit(word: str) -> int:
    """The digit that a folded word says in a year: "lam" is 5; the tens of "ba mươi" leave none."""
    return DIGITS.get(word, AFTER_TENS.get(word, 0))


def _spoken_year(words: list[str], at: int) -> int | None:
    """The last two digits of a year said short: "đến hai lăm", "năm ba mươi"; None where none is."""
    if at == 0 or at + 1 >= len(words) or fold(words[at - 1]) not in _WORDS.folded("before_year"):
        return None
    tens, ones = fold(words[at]), fold(words[at + 1]).strip(",.;:!?")
    counted = at > 1 and fold(words[at - 2]) in _WORDS.folded("each")
    is_named = (fold(words[at - 1]) in _WORDS.folded("year") and not counted) or AFTER_TENS.get(ones) == 5
    said = tens in _WORDS.folded("year_tens") and ones in _WORDS.folded("year_ones")
    if not said or not is_named or words[at][-1:] in ",.;:!?":
        return None
    return 10 * _digit(tens) + _digit(ones)


def _spoken_row(words: list[str], at: int) -> int | None:
    """The number of a row said digit by digit: "chỉ tiêu số bốn hai" is 42; None where none is, or a size follows."""
    last, name = (fold(words[at - back]) if at >= back else "" for back in (1, 2))
    is_row = last in _WORDS.folded("row") or (last in _WORDS.folded("number") and name in _WORDS.folded("row_numbered"))
    if not is_row or at + 1 >= len(words):
        return None
    tens, ones = fold(words[at]), fold(words[at + 1]).strip(",.;:!?")
    behind = fold(words[at + 2]).strip(",.;:!?") if at + 2 < len(words) else ""
    is_said = DIGITS.get(tens) and _digit(ones) and words[at][-1:] not in ",.;:!?"
    return None if not is_said or is_number_word(behind) or YEAR.fullmatch(behind) else 10 * _digit(tens) + _digit(ones)


def _spells(word: str) -> bool:
    bare = word.strip(",.;:!?")
    return is_number_word(bare) or fold(bare) in _HALVES or bool(_FIGURE.fullmatch(bare))


def find_spoken(plain: str) -> dict[Decimal, bool]:
    """Figures said in words in a folded text, and whether each is a percentage.

    Examples: "tam muoi phan tram" → 80, a percentage; "1,8 trieu" → 1.800.000.
    """
    found: dict[Decimal, bool] = {}
    for match in _SPOKEN.finditer(plain):
        said = match["words"]
        outcome = parse_percent(said) if said else parse_count(f"{match['digits']} {match['scale']}")
        if isinstance(outcome, Parsed) and outcome.value == outcome.value.to_integral_value():
            found.setdefault(outcome.value, bool(said))
    return found


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
        kind = "figures" if has_base else _kind(syllable, before, after, about_form=about_form, stated=stated)
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
    counts_members = len(syllable) >= 3 and following in _WORDS.folded("members")
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
