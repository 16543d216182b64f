"""One message that hands shares down, as it is understood among the units right below. Pure.

giao kết nạp 2026: CS1 50, CS2 30, còn lại chia đều
giao chỉ tiêu TƯLĐTT năm nay 85% cho tất cả
giao 200 đoàn viên mới cho CĐCS May Sông Xanh
sửa May Sông Xanh 60, do tách phân xưởng
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from knowledge.shares.amounts import Amount, Run, find_first, find_last
from knowledge.shares.matching import Fit, NamedUnits, NamesBelow
from knowledge.shares.words import load_words
from knowledge.text import fold, tidy

LONGEST: Final = 6000
"""Letters of a message that are read."""

_SPLIT: Final = re.compile(r"[;\n]|,(?=\s)|,(?=[^\d\s])|(?<=[^\d\s]),")
_BULLET: Final = re.compile(r"^\s*(?:[-•*+]\s+|\d{1,3}[.)]\s+)")
_EDGES: Final = " \t,;:.=()–—-"
_YEAR_DIGITS: Final = r"20[0-9]{2}"


class Spread(StrEnum):
    """How units are served that were not named one by one."""

    EVENLY = "evenly"
    BY_MEMBERS = "by_members"
    AS_LAST_YEAR = "as_last_year"
    UNCHANGED = "unchanged"
    EACH = "each"


@dataclass(frozen=True, slots=True)
class SaidShare:
    """A share that was said of one unit.

    Attributes:
        words: what the unit was called.
        match: the units right below that this may mean.
        amount: what it is to reach; None where its share is taken back.
    """

    words: str
    match: NamedUnits
    amount: Amount | None


@dataclass
class ReadShares:
    """What a message says.

    Attributes:
        goal: the words for what is handed down; empty where none stand there.
        year: the year it is for, where it is said.
        total: the amount that is to be shared out.
        shares: of the units named.
        spread: how the others are served, `each` as much where it is `Spread.EACH`.
        reason: why, in its own words.
        unread: what was not understood.
    """

    goal: str = ""
    year: int | None = None
    total: Amount | None = None
    shares: list[SaidShare] = field(default_factory=list)
    spread: Spread | None = None
    each: Amount | None = None
    reason: str = ""
    unread: list[str] = field(default_factory=list)

    @property
    def says_shares(self) -> bool:
        """Whether it says what anybody is to reach."""
        return bool(self.shares) or self.spread is not None


_WORDS: Final = load_words()
_REASON: Final = _WORDS.composed(r"(?:[,;(\n]\s*|\s[-–]\s*)(?:%because%)\b[\s:]*")
_VERB: Final = _WORDS.composed(r"^\s*(?!%evenly%|%by_members%)%giving%\b\s*")
_TAKING: Final = _WORDS.composed(r"^\s*%taking_back%\b\s*")
_OTHERS: Final = _WORDS.composed(r"\b%others%\b")
_EACH: Final = _WORDS.composed(r"(?:\b%to%\s+)?\b%each%\b")
_EVERYONE: Final = _WORDS.composed(
    r"(?:\b%to%\s+)?\b%everyone%\b(?=\s*$|\s*[:,;]|\s+(?:%evenly%|%by_members%|%as_last_year%))"
)
_JOINED: Final = _WORDS.composed(r"\s%joined%\s")
_TO: Final = _WORDS.composed(r"^%to%\s+")
_TO_WHOM: Final = _WORDS.composed(r"\s%to%\s+")
_BETWEEN: Final = _WORDS.composed(r"(?:\s+%between%|\s*[:=])+\s*$")
_SPREADS: Final = tuple(
    (spread, _WORDS.composed(rf"\b%{name}%\b"))
    for spread, name in (
        (Spread.BY_MEMBERS, "by_members"),
        (Spread.AS_LAST_YEAR, "as_last_year"),
        (Spread.UNCHANGED, "unchanged"),
        (Spread.EVENLY, "evenly"),
    )
)
_NAMED_YEAR: Final = _WORDS.composed(rf"\b%year%\s+({_YEAR_DIGITS})\b")
_BARE_YEAR: Final = _WORDS.composed(
    rf"(?<![\d.,])({_YEAR_DIGITS})(?=\s*(?:$|[:,;])|\s+(?:[0-9]|%to%|%evenly%|%by_members%|%as_last_year%|%unchanged%))"
)
_YEARS_AROUND: Final = 10
_YEARS: Final = tuple(
    (step, _WORDS.composed(rf"\b%{name}%\b")) for step, name in ((0, "this_year"), (1, "next_year"), (-1, "past_year"))
)


def _fold_each(text: str) -> str:
    """The text folded letter by letter, so that places in it are those of the text."""
    return "".join(each if len(each := fold(letter)) == 1 else letter for letter in text)


@dataclass(slots=True)
class _Text:
    """Words with the same words folded, to be taken apart."""

    said: str

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Take a pattern out; None where it is not there."""
        found = pattern.search(_fold_each(self.said))
        if found is not None:
            self.said = f"{self.said[: found.start()]} {self.said[found.end() :]}".strip()
        return found

    @property
    def words(self) -> list[str]:
        return self.said.strip(_EDGES).split()


def take_year(text: str, today: date) -> tuple[int | None, str]:
    """The year that some words name, and the words without it: "kết nạp năm sau" → 2027 (said in 2026), "kết nạp"."""
    words = _Text(text)
    named = words.take(_NAMED_YEAR)
    if named is None:
        bare = _BARE_YEAR.search(_fold_each(words.said))
        is_near = bare is not None and abs(int(bare[1]) - today.year) <= _YEARS_AROUND
        named = words.take(_BARE_YEAR) if is_near else None
    if named is not None:
        return int(named[1]), words.said
    for step, pattern in _YEARS:
        if words.take(pattern) is not None:
            return today.year + step, words.said
    return None, words.said


def read_shares(text: str, below: NamesBelow, today: date, *, measured_in: str = "") -> ReadShares:
    """What a message says of shares of the units right below.

    Args:
        measured_in: the unit of measure, where it is known what is handed down.
    """
    return _Reader(below, today, measured_in).read(text[:LONGEST])


class _Reader:
    def __init__(self, below: NamesBelow, today: date, measured_in: str) -> None:
        self._below = below
        self._today = today
        self._measured_in = measured_in
        self._found = ReadShares()

    def read(self, text: str) -> ReadShares:
        body = "\n".join(filter(None, (tidy(line) for line in text.splitlines())))
        reason = _REASON.search(_fold_each(body))
        if reason is not None:
            self._found.reason = body[reason.end() :].strip(_EDGES + "\n)")
            body = body[: reason.start()]
        body = self._read_head(body)
        takes_back = False
        for part in self._split(body):
            takes_back = self._read_part(part, takes_back=takes_back)
        return self._found

    # --- What stands before the shares ------------------------------------------------------------------------------

    def _read_head(self, body: str) -> str:
        """Take what names the goal, its year and amount from the front; what is left are shares."""
        verb = _VERB.match(_fold_each(body))
        rest = body[verb.end() :] if verb is not None else body
        head, colon, behind = rest.partition(":")
        if not colon or "\n" in head or self._names_unit(head) or self._is_list(head):
            return rest
        words = _Text(head)
        words.take(_EVERYONE)
        self._take_year(words)
        self._take_spread(words)
        self._take_total(words)
        self._found.goal = " ".join(words.words)
        return behind

    def _names_unit(self, head: str) -> bool:
        return self._below.find(_BULLET.sub("", head)).fit >= Fit.PART

    def _is_list(self, head: str) -> bool:
        return len(self._split(head)) > 1

    def _take_year(self, words: _Text) -> None:
        year, words.said = take_year(words.said, self._today)
        self._found.year = self._found.year if year is None else year

    def _take_spread(self, words: _Text) -> Spread | None:
        for spread, pattern in _SPREADS:
            if words.take(pattern) is not None:
                self._found.spread = spread
                return spread
        return None

    def _take_total(self, words: _Text) -> Run | None:
        run = find_first(words.words, self._measured_in)
        if run is not None:
            self._found.total = run.amount
            left = words.words
            words.said = " ".join([*left[: run.start], *left[run.end :]])
        return run

    # --- The shares ---------------------------------------------------------------------------------------------------

    def _split(self, body: str) -> list[str]:
        """The parts of a message, each about one unit or about all that are left."""
        found: list[str] = []
        for part in _SPLIT.split(body):
            said = _BULLET.sub("", part).strip(" \t.")
            if said:
                found += self._split_joined(said)
        return found

    def _split_joined(self, said: str) -> list[str]:
        """Two shares in one part: "CS1 50 và CS2 30"."""
        for joint in _JOINED.finditer(_fold_each(said)):
            before, after = said[: joint.start()], said[joint.end() :]
            if find_last(before.split(), self._measured_in) and any(letter.isdigit() for letter in after):
                return [before, *self._split_joined(after)]
        return [said]

    def _read_part(self, part: str, *, takes_back: bool) -> bool:
        """Read one part; whether what follows takes shares back too."""
        words = _Text(part)
        if words.take(_TAKING) is not None or (takes_back and self._below.find(part).fit >= Fit.PART):
            for name in self._split_names(words.said):
                self._found.shares.append(SaidShare(name, self._below.find(name), None))
            return True
        whole = self._find_share(part)
        if whole is not None and whole.match.fit is Fit.NAME:
            self._found.shares.append(whole)
            return False
        if not self._read_all(words) and not self._read_given(part):
            if whole is not None:
                self._found.shares.append(whole)
            else:
                self._found.unread.append(part)
        return False

    def _read_all(self, words: _Text) -> bool:
        """A part about every unit, or every one left: "còn lại chia đều", "85% cho tất cả"; False where it is none."""
        others = words.take(_OTHERS)
        each = words.take(_EACH)
        everyone = words.take(_EVERYONE) if others is None and each is None else None
        spread = self._take_spread(words)
        if others is None and each is None and everyone is None and spread is None:
            return False
        self._take_year(words)
        words.take(_TO)
        run = find_first(words.words, self._measured_in)
        if run is not None:
            left = words.words
            words.said = " ".join([*left[: run.start], *left[run.end :]])
        if run is None and spread is None:
            self._found.unread.append(words.said)
        elif run is None or spread is not None:
            self._found.total = run.amount if run is not None else self._found.total
        elif each is not None or others is not None or run.amount.is_percent or self._measured_in == "%":
            self._found.spread, self._found.each = Spread.EACH, run.amount
        else:
            self._found.spread, self._found.total = Spread.EVENLY, run.amount
        if not self._found.goal:
            self._found.goal = " ".join(_Text(words.said).words)
        return True

    def _read_given(self, part: str) -> bool:
        """An amount before whom it is for: "200 đoàn viên mới cho CĐCS May Sông Xanh"."""
        for joint in _TO_WHOM.finditer(_fold_each(part)):
            before, names = _Text(part[: joint.start()]), self._split_names(part[joint.end() :])
            self._take_year(before)
            run = find_first(before.words, self._measured_in)
            if run is None or not names:
                continue
            left = before.words
            goal = " ".join([*left[: run.start], *left[run.end :]])
            self._found.goal = self._found.goal or goal
            for name in names:
                self._found.shares.append(SaidShare(name, self._below.find(name), run.amount))
            return True
        return False

    def _split_names(self, said: str) -> list[str]:
        whole = said.strip(_EDGES)
        if self._below.find(whole).fit is Fit.NAME:
            return [whole]
        found, start = [], 0
        for joint in _JOINED.finditer(_fold_each(whole)):
            found.append(whole[start : joint.start()])
            start = joint.end()
        return [name for each in (*found, whole[start:]) if (name := each.strip(_EDGES))]

    def _find_share(self, part: str) -> SaidShare | None:
        """A unit and its amount: "May Sông Xanh 50 người", "Dệt Hòa Khánh: 30"; the way that names a unit best."""
        words = part.replace(":", " : ").replace("=", " = ").split()
        found = [
            SaidShare(name, self._below.find(name), run.amount)
            for run in reversed(find_last(words, self._measured_in))  # where no name is known, the shortest amount
            if run.start and (name := self._name_before(words[: run.start]))
        ]
        found += self._with_unknown_measure(words) if not found else []
        return max(found, key=lambda each: (each.match.is_sure, each.match.fit), default=None)

    def _name_before(self, words: list[str]) -> str:
        said = " ".join(words)
        between = _BETWEEN.search(_fold_each(said))
        name = (said[: between.start()] if between is not None else said).strip(_EDGES)
        to = _TO.match(_fold_each(name))
        return name[to.end() :] if to is not None else name

    def _with_unknown_measure(self, words: list[str]) -> Iterator[SaidShare]:
        """The same where something else than people is counted: "CS1 50 cây xanh"."""
        for end in range(len(words) - 1, max(0, len(words) - 4), -1):
            if any(any(letter.isdigit() for letter in word) for word in words[end:]):
                return
            for run in find_last(words[:end], self._measured_in):
                name = self._name_before(words[: run.start])
                if run.start and name and any(letter.isdigit() for letter in run.amount.said):
                    yield SaidShare(name, self._below.find(name), run.amount)
