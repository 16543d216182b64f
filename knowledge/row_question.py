"""Questions for a row of a report's form by what is to be reported, in everyday words; data: the TOML beside it.

Such questions are answered from rows only: a target that speaks of the same thing is no answer to "ghi dòng nào".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from importlib.resources import files
from typing import Final, NamedTuple

import msgspec

from knowledge.catalogue import read_toml
from knowledge.model.answers import Answer, AnswerKind, Row
from knowledge.model.forms import Form
from knowledge.model.questions import Question
from knowledge.rows import Rows
from knowledge.sides import NON_STATE, STATE
from knowledge.text import fold, has_phrase
from knowledge.wordlists import WordLists

GAP: Final = ".."
LONGEST_GAP: Final = 4
"""Other words that may stand in a gap of a wording."""

MOST_TOLD: Final = 4
"""Rows told at once, where no whole part is asked for."""

_OUTSIDE_STATE: Final = frozenset({NON_STATE, "non_public", "fdi"})
_OF_STATE: Final = frozenset({STATE, "soe", "public_service", "agencies"})

Words = tuple[str, ...]


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of a form, and what it is about."""

    form: str
    id: str
    words: tuple[str, ...]


class _Counted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a row of a form counts; the file says what each field is."""

    form: str
    no: str
    words: tuple[str, ...]
    needs: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    side: str = ""
    level: str = ""


class _Signs(msgspec.Struct, frozen=True, kw_only=True):
    """The words by which such a question is known; the file says of each list what it is."""

    line: tuple[str, ...]
    which: tuple[str, ...]
    row: tuple[str, ...]
    number: tuple[str, ...]
    form: tuple[str, ...]
    fill: tuple[str, ...]
    no_fill: tuple[str, ...]
    together: tuple[str, ...]
    shared: tuple[str, ...]
    amount: tuple[str, ...]
    sent: tuple[str, ...]
    apart: tuple[str, ...]
    other: tuple[str, ...]
    of_plans: tuple[str, ...]
    spans: tuple[str, ...]
    part: tuple[str, ...]
    roman: tuple[str, ...]


class _Data(msgspec.Struct, frozen=True, kw_only=True):
    """What parts and rows of forms are called; the file says of each list what it is."""

    numbers: dict[str, str]
    parts: tuple[_Part, ...]
    rows: tuple[_Counted, ...]


_FILE: Final = files("knowledge") / "row_question.toml"


@cache
def _data() -> _Data:
    return read_toml(_FILE, _Data)


class _Signed:
    """A folded text beside the text as it was typed, in which signs are looked for."""

    def __init__(self, text: str) -> None:
        plain = fold(text)
        self._typed = text.lower() if len(text) == len(plain) else plain
        self._plain = _patterns()[0]["no_fill"].sub(lambda match: " " * len(match[0]), plain)

    def has(self, name: str) -> bool:
        """Whether a sign stands there, typed with the marks it is known by, or with none."""
        found, known = _patterns()
        return any(
            all(word in known or word == fold(word) for word in _WORD.findall(self._typed[match.start() : match.end()]))
            for match in found[name].finditer(self._plain)
        )


_WORD: Final = re.compile(r"\w+")


@cache
def _patterns() -> tuple[dict[str, re.Pattern[str]], frozenset[str]]:
    """The patterns of the signs by name, and the words of all signs with their marks."""
    signs = read_toml(_FILE, _Signs)
    lists = {**msgspec.structs.asdict(signs), "part_number": tuple(_data().numbers)}
    words = WordLists(lists)
    sources = {
        name: rf"\b%{name}%\b"
        for name in (
            "number",
            "form",
            "fill",
            "no_fill",
            "sent",
            "together",
            "shared",
            "other",
            "of_plans",
            "spans",
            "line",
        )
    }
    sources |= {
        "which_line": r"\b%line% %which%\b(?! ?%amount%)",
        "row": r"\b%row% %which%\b",
        "part": r"\b%part% (?:%roman% )*(?P<number>%part_number%)\b",
    }
    patterns = {name: words.composed(source) for name, source in sources.items()}
    return patterns, frozenset(word for phrases in lists.values() for phrase in phrases for word in phrase.split())


@cache
def _apart() -> frozenset[str]:
    """Folded words that a gap of a wording never holds."""
    return frozenset(map(fold, read_toml(_FILE, _Signs).apart))


class _Wording(NamedTuple):
    """A way to speak of a row: its words, with gaps, and the row it is one of."""

    words: Words
    row: int


class _Found(NamedTuple):
    """A wording where it stands: the row, and the positions of its words."""

    row: int
    at: frozenset[int]


def asks_row(text: str) -> bool:
    """Whether a text asks in which row, or under which number, something is reported.

    Examples: "ghi dòng nào", "điền vào số mấy", "nằm ở chỗ nào trong biểu"; not "mục nào của kế hoạch".
    """
    said = _Signed(text)
    if said.has("other"):
        return False
    if said.has("which_line") or said.has("together"):
        return True
    fills = said.has("fill")
    if not (said.has("form") and (fills or not said.has("sent"))) and (said.has("of_plans") or not fills):
        return False
    return said.has("row") or said.has("number") or said.has("shared")


def asks_span(text: str) -> bool:
    """Whether a text asks which rows there are, of a part or of the whole: "từ dòng nào đến dòng nào"."""
    said = _Signed(text)
    return not said.has("other") and said.has("spans") and (said.has("form") or said.has("line"))


class RowQuestions:
    """The rows of forms, found by what officers call the things they count."""

    def __init__(self, rows: Rows, words_of: Callable[[str], Words]) -> None:
        """`words_of` folds a text as questions are folded."""
        self._rows = rows
        self._words_of = words_of

    def told(self, found: Answer, by_rank: Callable[[], Answer | None]) -> Answer:
        """An answer, or rows where one is asked for by what it counts and others, or no rows, were found.

        Args:
            by_rank: the rows that are likeliest, where no wording is met.
        """
        question = found.question
        if question.elsewhere or question.asks("verify") or not self._may_mean(question):
            return found
        if asks_span(question.text) and (span := self._span(question)):
            return Answer(kind=AnswerKind.ROWS, question=question, rows=span)
        if question.parts or not asks_row(question.text):
            return found
        if rows := self._counting(question):
            if found.kind is AnswerKind.ROWS and self._is_part(found.rows) and set(rows) < set(found.rows):
                return found
            return Answer(kind=AnswerKind.ROWS, question=question, rows=rows)
        if found.kind in {AnswerKind.TARGETS, AnswerKind.OVERVIEW}:
            return by_rank() or found
        return found

    def _may_mean(self, question: Question) -> bool:
        """Whether no row is named by its number, and no plan without a form."""
        brought = self._rows.understanding.issuers.together(question.plans) if question.plans else ()
        of_forms = not question.plans or any(form.plan in brought for form in self._forms)
        return of_forms and self._numbers.isdisjoint(map(str, question.items))

    @cached_property
    def _numbers(self) -> frozenset[str]:
        """The numbers of all rows."""
        return frozenset(row.no for form in self._forms for row in form.indicators)

    def _span(self, question: Question) -> tuple[Row, ...]:
        """The rows of the part that is named, by its number or by what it is about; none where several are.

        Where nothing is named at all: the first and the last row.
        """
        named = {_data().numbers[key] for key in self._numbers_of_parts(question)}
        about = self._parts_about(question.spoken) if not named else set()
        beyond = set(question.leftover).difference(map(fold, _patterns()[1]))
        if not (named or about or beyond or question.subjects or question.themes):
            return tuple(row for form in self._forms for row in self._ends(form))
        return tuple(
            self._rows.row(form.id, row.key)
            for form in self._forms
            for row in form.indicators
            if row.parent is None and self._is_of(form, row.part, named, about)
        )

    @staticmethod
    def _is_part(rows: Sequence[Row]) -> bool:
        """Whether rows are all of one part of a form, as its title asks for them."""
        form, part = rows[0].form, rows[0].row.part
        whole = {row.key for row in form.indicators if row.part == part and row.parent is None}
        return {row.row.key for row in rows} == whole

    def _ends(self, form: Form) -> Iterator[Row]:
        """The first and the last row of a form."""
        keys = [row.key for row in form.indicators if row.parent is None]
        yield from (self._rows.row(form.id, key) for key in dict.fromkeys((*keys[:1], *keys[-1:])))

    @staticmethod
    def _is_of(form: Form, part_id: str | None, numbers: Collection[str], ids: Collection[tuple[str, str]]) -> bool:
        part = next((part for part in form.parts if part.id == part_id), None)
        return part is not None and (part.number in numbers or (form.id, part.id) in ids)

    @staticmethod
    def _numbers_of_parts(question: Question) -> list[str]:
        folded = {fold(key): key for key in _data().numbers}
        return [folded[match["number"]] for match in _patterns()[0]["part"].finditer(fold(question.text))]

    def _parts_about(self, spoken: Words) -> set[tuple[str, str]]:
        said = {
            (part.form, part.id): max(
                (len(words) for words in map(self._words_of, part.words) if has_phrase(spoken, [words])), default=0
            )
            for part in _data().parts
        }
        most = max(said.values(), default=0)
        found = {key for key, size in said.items() if size == most > 0}
        return found if len(found) == 1 else set()

    @property
    def _forms(self) -> Iterable[Form]:
        return self._rows.forms.values()

    def _counting(self, question: Question) -> tuple[Row, ...]:
        """The rows whose wordings stand in a question, those left out that lie within another row's longer one."""
        spoken = question.spoken
        counted = _data().rows
        begun = sorted(number for word in dict.fromkeys(spoken) for number in self._beginning.get(word, ()))
        met = [
            _Found(wording.row, at)
            for wording in map(self._wordings.__getitem__, begun)
            for at in _find(wording.words, spoken)
            if self._may_be(counted[wording.row], question)
        ]
        longest = [each for each in met if not any(each.at < other.at for other in met if other.row != each.row)]
        own = {each.row: max((o.at for o in longest if o.row == each.row), key=len) for each in longest}
        numbers = sorted(own, key=lambda row: min(own[row]))
        rows = (self._row(counted[number]) for number in numbers)
        return tuple(dict.fromkeys(row for row in rows if row is not None))[:MOST_TOLD]

    def _may_be(self, counted: _Counted, question: Question) -> bool:
        """Whether nothing in a question speaks against a row: its words, the side or the level it is of."""
        spoken = question.spoken
        if counted.needs and not self._has(spoken, counted.needs):
            return False
        if self._has(spoken, counted.unless):
            return False
        outside, of_state = _OUTSIDE_STATE.intersection(question.scopes), _OF_STATE.intersection(question.scopes)
        if (counted.side == STATE and outside and not of_state) or (
            counted.side == NON_STATE and of_state and not outside
        ):
            return False
        upper = "upper" in question.scopes
        base = "grassroots" in question.scopes or bool(outside or of_state)
        if counted.level == "upper":
            return upper or not base
        return counted.level != "grassroots" or base or not upper

    def _has(self, spoken: Words, phrases: Sequence[str]) -> bool:
        return any(has_phrase(spoken, [self._words_of(phrase)]) for phrase in phrases)

    @cached_property
    def _wordings(self) -> tuple[_Wording, ...]:
        return tuple(dict.fromkeys(self._all_wordings()))

    @cached_property
    def _beginning(self) -> Mapping[str, list[int]]:
        """The places of the wordings that begin with each word."""
        found: dict[str, list[int]] = {}
        for number, wording in enumerate(self._wordings):
            found.setdefault(wording.words[0], []).append(number)
        return found

    def _all_wordings(self) -> Iterator[_Wording]:
        for number, counted in enumerate(_data().rows):
            for said in counted.words:
                parts = [self._words_of(part) for part in said.split(GAP)]
                yield _Wording(
                    tuple(word for at, part in enumerate(parts) for word in ((GAP, *part) if at else part)), number
                )

    def _row(self, counted: _Counted) -> Row | None:
        form = self._rows.forms.get(counted.form)
        key = (
            next((row.key for row in form.indicators if row.no == counted.no and row.parent is None), None)
            if form
            else None
        )
        return self._rows.row(counted.form, key) if key is not None else None


def _find(wording: Words, spoken: Sequence[str]) -> Iterator[frozenset[int]]:
    """Where a wording stands among the words spoken, up to four others in each gap: the positions of its words."""
    for start, word in enumerate(spoken):
        if word == wording[0]:
            at = _go_on(wording[1:], spoken, start + 1)
            if at is not None:
                yield frozenset({start, *at})


def _go_on(wording: Words, spoken: Sequence[str], place: int) -> tuple[int, ...] | None:
    if not wording:
        return ()
    gap = wording[0] == GAP
    rest = wording[1:] if gap else wording
    for skipped in range(LONGEST_GAP + 1 if gap else 1):
        at = place + skipped
        if skipped and spoken[at - 1 : at] and spoken[at - 1] in _apart():
            return None
        if at < len(spoken) and spoken[at] == rest[0]:
            more = _go_on(rest[1:], spoken, at + 1)
            if more is not None:
                return (at, *more)
    return None
