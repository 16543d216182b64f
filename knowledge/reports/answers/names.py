"""How the rows of a form are called in messages: their names, short forms of these, and what tells rows apart."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from knowledge.model.forms import Form, Indicator, RuleKind, Severity, split_term
from knowledge.reports.answers.words import folded, is_said_short, load, spoken
from knowledge.text import fold, is_syllable, spelling

Words = tuple[str, ...]

_WORD: Final = re.compile(r"[^\W_]+|(?<=\w),(?= )")
COMMA: Final = ","
"""A word of a name that may be left out."""
_BRACKETS: Final = re.compile(r"\(([^()]*)\)")
_VOWELS: Final = frozenset("aeiouy")
_MOST_SHAPES: Final = 24
_LEAST_PART: Final = 2
_MOST_PART: Final = 4
_MOST_INITIALS: Final = 6


@dataclass(frozen=True, slots=True)
class RowName:
    """Words by which rows are meant: those of `keys`.

    `is_part` where they are only a part of a row's name, `is_initials` where they are its first letters; `is_leaning`
    where they mean it only beside a row that it hangs together with: "giới thiệu 2, kết nạp 1"; `is_raised` where they
    are written in capitals, because in small letters they are another word.
    """

    words: Words
    keys: tuple[str, ...]
    is_part: bool = False
    is_initials: bool = False
    is_leaning: bool = False
    is_raised: bool = False


@dataclass
class NamesOfRows:
    """The names of a form's rows by their first word without marks, and how its rows hang together.

    `due` are yes-or-no rows that say a unit has to have something, by key; `families` the rows that are spoken of by
    one name; `verbs` what is done in each; `within` the row that a count is a part of, `bound` those that a rule holds
    to it; `squeezed` are names written as one word.
    """

    by_first: dict[str, list[RowName]] = field(default_factory=lambda: defaultdict(list))
    due: frozenset[str] = frozenset()
    families: dict[str, tuple[str, ...]] = field(default_factory=dict)
    verbs: dict[str, frozenset[str]] = field(default_factory=dict)
    within: dict[str, str] = field(default_factory=dict)
    bound: set[str] = field(default_factory=set)
    squeezed: dict[str, Words] = field(default_factory=dict)
    rows: dict[str, Indicator] = field(default_factory=dict)


def _cut(text: str) -> Words:
    return tuple(_WORD.findall(text.lower()))


def _without(words: Words, *names: str, at_end: bool = False) -> Words:
    """The words without the longest phrase of the lists at their beginning or end; all of them are never taken."""
    for name in names:
        for phrase in spoken(name):
            size = len(phrase)
            part = words[-size:] if at_end else words[:size]
            if size < len(words) and [*map(spelling, part)] == [*map(spelling, phrase)]:
                return words[:-size] if at_end else words[size:]
    return words


def _bare(words: Words, *, answered: bool) -> Iterator[Words]:
    """A name, and what of it is left as less and less of what stands around the thing itself stays."""
    leads = ("name_lead", "due", "done_verb", "yes") if answered else ("name_lead",)
    tails = ("name_tail", "yes", "holding") if answered else ("name_tail",)
    yield words
    while True:
        shorter = _without(_without(words, *tails, at_end=True), *leads)
        if shorter == words or (len(shorter) == 1 and not answered):
            return
        words = shorter
        yield words


def _short_forms(words: Words) -> Iterator[Words]:
    """A name with its long words written short."""
    found = {words: None}
    for long, shorts in load().shorts.items():
        size = len(whole := tuple(long.split()))
        for each in list(found):
            spots = [at for at in range(len(each) - size + 1) if each[at : at + size] == whole]
            for short in shorts if spots else ():
                if len(found) < _MOST_SHAPES:
                    found[(*each[: spots[0]], *short.split(), *each[spots[0] + size :])] = None
    yield from found


def _everyday_spans(words: Words) -> Iterator[tuple[int, int]]:
    yield from _spans_of("everyday", words)


def _spans_of(name: str, words: Words) -> Iterator[tuple[int, int]]:
    for phrase in spoken(name):
        for at in range(len(words) - len(phrase) + 1):
            if [*map(spelling, words[at : at + len(phrase)])] == [*map(spelling, phrase)]:
                yield at, at + len(phrase)


def _parts(words: Words) -> Iterator[Words]:
    """Runs of a name's words that may stand for it: none that cuts through an everyday phrase or is made of them."""
    common = list(_everyday_spans(words))
    for size in range(min(len(words) - 1, _MOST_PART), _LEAST_PART - 1, -1):
        for start in range(len(words) - size + 1):
            end = start + size
            cuts = any(first < edge < last for first, last in common for edge in (start, end))
            said = {at for first, last in common for at in range(first, last)}
            ends = {fold(words[start]), fold(words[end - 1])}
            if (
                COMMA not in words[start:end]
                and not cuts
                and not said.issuperset(range(start, end))
                and ends.isdisjoint(folded("inside"))
            ):
                yield words[start:end]


Keys = dict[Words, dict[str, None]]


@dataclass
class _Gathered:
    """The rows of each way to call one: whole names, parts of them, first letters, and what leans on another row."""

    exact: Keys = field(default_factory=lambda: defaultdict(dict))
    parts: Keys = field(default_factory=lambda: defaultdict(dict))
    initials: Keys = field(default_factory=lambda: defaultdict(dict))
    leaning: Keys = field(default_factory=lambda: defaultdict(dict))
    shortened: Keys = field(default_factory=lambda: defaultdict(dict))

    def add(self, row: Indicator) -> None:
        for words in _shapes(row):
            self.exact[words][row.key] = None
            letters = "".join(word[0] for word in words if word != COMMA)
            if len(letters) in range(_LEAST_PART, _MOST_INITIALS + 1) and _VOWELS.isdisjoint(fold(letters)):
                self.initials[(letters,)][row.key] = None
        for name in (row.name, row.short):
            *_, words = _bare(_cut(_BRACKETS.sub(" ", name)), answered=row.yes_no)
            for part in _parts(words):
                self.parts[part][row.key] = None
                for short in _short_forms(part):
                    if len(short) == 1:
                        self.shortened[short][row.key] = None
            self._add_leaning(row, words, everyday=True)
        for alias in row.aliases:
            self._add_leaning(row, _cut(alias), everyday=False)

    def _add_leaning(self, row: Indicator, words: Words, *, everyday: bool) -> None:
        """Add what of a name stands for it beside another row; of its aliases no everyday words."""
        for start, end in _spans_of("leaning", words) if not row.yes_no else ():
            if everyday or " ".join(map(fold, words[start:end])) not in folded("everyday"):
                for short in _short_forms(words[start:end]):
                    self.leaning[short][row.key] = None

    def list_names(self, names: NamesOfRows) -> Iterator[RowName]:
        """All of them that mean one row, or rows of one family."""
        for row in names.rows.values():
            for alias in row.aliases:
                if alias.isupper() and is_syllable(fold(alias)):
                    self.exact.pop((alias.lower(),), None)
                    yield RowName((alias.lower(),), names.families.get(row.key, (row.key,)), is_raised=True)
        for words, keys in self.exact.items():
            yield RowName(words, tuple(keys))
        for words, keys in self.parts.items():
            meant = _head(names, tuple(keys))
            if words not in self.exact and meant and not _is_around(words):
                yield RowName(words, meant, is_part=True)
        for words, keys in self.leaning.items():
            if words not in self.exact and words not in self.parts and len(keys) == 1:
                yield RowName(words, tuple(keys), is_part=True, is_leaning=True)
        for words, keys in self.shortened.items():
            if words not in self.exact and _head(names, tuple(keys)):
                yield RowName(words, _head(names, tuple(keys)), is_initials=True)
        for words, keys in self.initials.items():
            if words not in self.exact and not is_said_short(words[0]) and _are_one(names, tuple(keys)):
                yield RowName(words, tuple(keys), is_initials=True)


@lru_cache(maxsize=64)
def row_names(form: Form) -> NamesOfRows:
    """The names of the rows that a form asks for, made from what it says of them."""
    names = NamesOfRows(rows={row.key: row for row in form.asked})
    names.due = frozenset(row.key for row in form.asked if row.yes_no and tells_due(row))
    gathered = _Gathered()
    for row in form.asked:
        gathered.add(row)
    _join_families(names, gathered.exact)
    for name in gathered.list_names(names):
        names.by_first[fold(name.words[0])].append(name)
        if len(name.words) > 1 and COMMA not in name.words and not name.is_leaning:
            names.squeezed.setdefault(fold("".join(name.words)), name.words)
    for shapes in names.by_first.values():
        shapes.sort(key=lambda each: (-len(each.words), each.is_part, each.is_initials, each.words))
    _find_wholes(names, form)
    return names


@lru_cache(maxsize=1024)
def tells_due(row: Indicator) -> bool:
    """Whether a yes-or-no row says that a unit has to have something, rather than that it has."""
    said = f" {' '.join(map(fold, _cut(row.name)))} | {' '.join(map(fold, _cut(row.short)))} "
    return any(f" {phrase} " in said for phrase in folded("due"))


def _shapes(row: Indicator) -> Iterator[Words]:
    """Every exact way to call a row."""
    given = [_BRACKETS.sub(" ", name) for name in (row.name, row.short, *row.aliases)]
    inner = [each for name in (row.name, row.short, *row.aliases) for each in _BRACKETS.findall(name)]
    for name in dict.fromkeys([*given, *inner]):
        shapes = list(_bare(_cut(name), answered=row.yes_no))
        # What is said around the thing answers the row, so that only the thing itself names it.
        for words in shapes[-1:] if row.yes_no else shapes:
            is_given = words == shapes[0] and not row.yes_no and name in given
            if is_given or (" ".join(map(fold, words)) not in folded("everyday") and not _is_said(words)):
                yield from _short_forms(words)


def _is_said(words: Words) -> bool:
    said = " ".join(map(fold, words))
    return any(said in folded(name) for name in ("due", "done_verb", "yes", "no", "of_year", "of_period"))


def _join_families(names: NamesOfRows, exact: dict[Words, dict[str, None]]) -> None:
    """Which yes-or-no rows are spoken of by one name: those that share one, and a row with its own yes-or-no parent."""
    answered = [row for row in names.rows.values() if row.yes_no]
    families = {row.key: {row.key} for row in answered}
    pairs = [(a, b) for keys in exact.values() for a in keys for b in keys]
    pairs += [(row.key, row.parent) for row in answered if row.parent is not None]
    for one, other in pairs:
        if one in families and other in families and families[one] is not families[other]:
            families[one] |= families[other]
            for key in families[one]:
                families[key] = families[one]
    order = list(names.rows)
    names.families = {key: tuple(sorted(each, key=order.index)) for key, each in families.items()}
    for key, family in names.families.items():
        said = {word for each in family for word in _verbs(names.rows[each])}
        names.verbs[key] = frozenset(said)
    for keys in exact.values():
        for key in list(keys):
            keys.update(dict.fromkeys(names.families.get(key, ())))


def _verbs(row: Indicator) -> Iterator[str]:
    for name in (row.name, row.short, *row.aliases):
        said = f" {' '.join(map(fold, _cut(name)))} "
        yield from (verb for verb in folded("done_verb") if f" {verb} " in said)


def _are_one(names: NamesOfRows, keys: Sequence[str]) -> bool:
    """Whether keys are one row, or rows of one family."""
    return len(keys) == 1 or set(keys) <= set(names.families.get(keys[0], ()))


def _head(names: NamesOfRows, keys: Words) -> Words:
    """The rows that a part of their names means: one, a family, or of those that hang together the first; else none."""
    if _are_one(names, keys):
        return keys
    rows = [row for row in names.rows.values() if row.key in keys]
    first = rows[0]
    is_head = not first.yes_no and all(
        row.parent in (first.key, first.parent) and row.no == first.no for row in rows[1:]
    )
    return (first.key,) if is_head else ()


def _is_around(words: Words) -> bool:
    said = " ".join(map(fold, words))
    return said in folded("name_lead") or said in folded("name_tail")


def _find_wholes(names: NamesOfRows, form: Form) -> None:
    """The row that each count is a part of: by a rule of the form, else its parent counted in the same."""
    for rule in form.rules:
        if rule.kind is RuleKind.UPPER_BOUND and rule.severity is Severity.REASON and len(rule.terms) == 1:
            part = split_term(rule.terms[0])[0]
            if part in names.rows and rule.left in names.rows and not names.rows[part].yes_no:
                names.within[part] = rule.left
                names.bound.add(part)
    for row in names.rows.values():
        parent = names.rows.get(row.parent or "")
        if parent is not None and not row.yes_no and parent.unit == row.unit:
            names.within.setdefault(row.key, parent.key)
