"""Labels and numbers of a report in one message: its text explained stretch by stretch, each once, the surest first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from knowledge.model.forms import FigureKind
from knowledge.model.periods import Period
from knowledge.number_words import is_number_word
from knowledge.numbers import (
    Parsed,
    UnclearNumber,
    parse_count,
)
from knowledge.reports.asides import denied, slips
from knowledge.reports.message import TextItem
from knowledge.reports.naming import RowNaming
from knowledge.reports.phrases import DATA, folded
from knowledge.reports.spans import joined
from knowledge.reports.times import When
from knowledge.reports.unit_numbers import counts_people
from knowledge.reports.words import (
    AROUND,
    AS_BEFORE,
    BLANK,
    COUNTED,
    COUNTED_BEHIND,
    CUT_OFF,
    DOCUMENT,
    FILLERS,
    FROM_TO,
    NAMED,
    NEGATED,
    NO_MOVEMENT,
    NOBODY,
    NUMBER,
    RANGE,
    RUN,
    SUM_WRITTEN,
    TIME_UNIT,
    YEARLY,
    YET,
    ZERO,
)
from knowledge.text import fold

_MANY_TIMES: Final = 20
"""No figure of a message is so many times as large as all others: two of them side by side look so."""


@dataclass(frozen=True)
class Scan:
    """What a message holds: labels and numbers in order, the periods and the unit it names, and what it says of change.

    `other_periods` are pieces that name a period of another kind; `moved_not` says that nothing moved; `as_before` are
    the stretches that say "as before".
    """

    items: list[TextItem]
    table_periods: tuple[Period, ...]
    whens: list[When]
    unit: str | None
    moved_not: bool
    as_before: list[tuple[int, int]]


class Scanner(RowNaming):
    """One message, explained."""

    def scan(self) -> Scan:
        """Everything the message holds, each stretch explained once, the surest first."""
        whens = self._days()
        moved_not, as_before = self._unchanged()
        self._numbering()
        table_periods = self._table_columns()
        whens.extend(self._times(whens))
        self._moves()
        for name in ("surely", "denials", "take_back", "left_out", "mistyped", "idioms"):
            for start, end in self.spans(name):
                self._take(start, end)
        for match in DOCUMENT.finditer(self.norm):
            if "-" in match[0]:
                self._take(*match.span())
        self._people_named()
        labels = self._labels()
        unit, labels = self._unit(labels)
        labels = self._without_header(labels)
        self._names_and_things(labels)
        self.named = labels
        numbers = self._numbers(labels)
        self.whens = joined(self, whens)
        return Scan(
            items=sorted([*labels, *numbers], key=lambda item: item.start),
            table_periods=tuple(table_periods),
            whens=self.whens,
            unit=unit,
            moved_not=moved_not,
            as_before=as_before,
        )

    def _names_and_things(self, labels: list[TextItem]) -> None:
        """Claim numbers that are names ("phòng 304") or count something else ("3 chi nhánh")."""
        for start, end, until in slips(self, labels):
            if self._take(start, end):
                self.asides.append((start, until))
        for match in NAMED.finditer(self.marked):
            place = re.match(r"[a-z ]*", self.norm[match.start() : match.start("n")])
            part = place is not None and place[0].strip() in self.words("part")
            if part and counts_people(self, *match.span("n"), labels):
                continue
            whole = any(end == match.start() - 1 for _, end in self.spans("whole_of", 0, match.start()))
            # In "tat ca 29" without marks no shift is meant.
            if not whole and not any(a < match.start() < b for a, b in self.spans("sum", 0, match.end())):
                self._take(*match.span())
        for match in COUNTED.finditer(self.marked):
            named = {*self.norm[: match.start()].split()[-1:]} <= self.lexicon.words
            if not (named and match[0].endswith(tuple(folded("land")))):
                self._take(*match.span("n"))
        for match in DOCUMENT.finditer(self.norm):
            self._take(*match.span())
        for start, end in self.spans("negated"):
            number = NEGATED.match(self.norm, end)
            follows = re.findall(r"[a-z]+", self.norm[number.end() :])[:3] if number else []
            if number and not self.words("instead") & set(follows):
                self.claim(start, number.end())
                self.negated.append((start, number.end()))
            elif number and follows[0] in self.words("instead"):
                # "Không phải 87 mà là 97": only the second is told.
                self.claim(*number.span())
                self.negated.append((start, number.end()))
        for match in re.finditer(r"(?:^|[.;\n]) *(?P<name>(?:[a-z]+ ){1,3})(?P<n>\d{1,2})(?= ?: ?[a-z])", self.norm):
            if not self.lexicon.words & set(match["name"].split()):
                self._take(*match.span("n"))
        for match in re.finditer(r"(?P<name>(?:[a-z]+ ){2})(?P<n>\d{1,2})(?=\s*[:,])", self.norm):
            begins = (match.start(), match.start() + match["name"].index(" ") + 1)
            if all(self.original_at(at).isupper() and not self.original_at(at + 1).isupper() for at in begins) and (
                not self.lexicon.words & set(match["name"].split())
            ):
                self._take(*match.span("n"))

    def _people_named(self) -> None:
        """Claim people by name, who only explain a figure: "kết nạp anh Sơn và chị Lý là 2"."""
        if self.original.isupper():
            return
        for start, end in self.spans("titles"):
            names = re.match(r"(?: [a-z]+(?![a-z0-9])){1,4}", self.norm[end:])
            until = end
            for word in re.finditer(r" [a-z]+", names[0] if names is not None else ""):
                begun = end + word.start() + 1
                if not self.original_at(begun).isupper() or self._starts_label(self.norm[begun:]):
                    break
                until = end + word.end()
            if until > end:
                self._take(start, until)

    def _moves(self) -> None:
        """Figures said as a way from one number to another ("từ 53 xuống 52") or as a sum: one figure, to be asked."""
        for match in FROM_TO.finditer(self.norm):
            if self._take(*match.span()):
                raws = (match["to"], match["from"])
                self.joint.append(TextItem(*match.span(), False, raw=raws[0], others=raws[1:], around=True))
        for match in SUM_WRITTEN.finditer(self.norm):
            if self._take(*match.span()):
                told = match[0].split("=")[0]
                right = "-" not in told and sum(
                    int(part.replace(" ", "")) for part in re.findall(r"[+-]?\s*\d+", told)
                ) == int(match["sum"])
                self.joint.append(TextItem(*match.span(), False, raw=match["sum"], around=not right))

    def _unchanged(self) -> tuple[bool, list[tuple[int, int]]]:
        """Whether the message says that nothing moved, and where it says "as before"."""
        moved = False
        for match in NO_MOVEMENT.finditer(self.norm):
            if self.free(*match.span()):
                self.claim(*match.span())
                moved = True
        before = []
        for match in AS_BEFORE.finditer(self.norm):
            if self.free(*match.span()):
                self.claim(*match.span())
                before.append(match.span())
        return moved, before

    @property
    def has_percent(self) -> bool:
        """Whether a row of the form is a percentage."""
        return any(row.kind is FigureKind.PERCENT for row in self.form.asked)

    def _numbers(self, labels: list[TextItem]) -> list[TextItem]:
        """Every figure that is not part of something else."""
        numbers: list[TextItem] = []
        told = [each for each in NUMBER.finditer(self.norm) if self.free(each.start("digits"), each.end())]
        signs = bool(re.search(r"\d\s*\+\s+\d+\s*-\s+\d", self.norm))
        for match in NUMBER.finditer(self.norm):
            start = match.start("digits")
            if not self.free(start, match.end()):
                continue
            after = self.norm[match.end() :]
            unit = TIME_UNIT.match(after)
            # "Giảm 0 tháng mười": a month that is known already is no unit.
            # A man is no year where the message has its marks.
            men = (
                not self.plain
                and unit
                and self.marked[match.end() : match.end() + unit.end()].strip() in folded("male")
            )
            if unit and not men and not match["percent"] and self.free(match.end(), match.end() + unit.end()):
                self.claim(*match.span())
                continue
            if match["percent"] and not self.has_percent:
                self.claim(*match.span())
                continue
            sign = match["sign"] or ""
            if signs and (spaced := re.search(r"([+-])\s+$", self.norm[:start])):
                sign = spaced[1]
            apart, run_on = self._split(match), False
            if " " in match["digits"] and not match["scale"]:
                apart, run_on = self._blanks(match, labels, told)
            after_all = RANGE.match(self.norm, match.end()) if len(apart) == 1 and not match["percent"] else None
            if after_all and self.free(match.end(), after_all.end()) and not self.norm[:start].endswith("-"):
                numbers.append(
                    TextItem(
                        start,
                        after_all.end(),
                        False,
                        raw=self.norm[start : match.end()],
                        others=(after_all["other"],),
                        around=True,
                    )
                )
                self.claim(start, after_all.end())
                continue
            for begin, end in apart:
                numbers.append(
                    TextItem(
                        begin,
                        end,
                        False,
                        sign=sign,
                        raw=self.norm[begin:end],
                        # "1 nghìn 2" is 1.200 to some and 1.002 to others.
                        around=bool(AROUND.search(self.norm[:start]) or self._cut_off(end))
                        or run_on
                        or re.search(r"[a-z] \d$", match["scale"] or "") is not None,
                    )
                )
            self.claim(match.start(), match.end())
        ends = {item.end for item in labels}
        for start, end in (match.span() for match in YET.finditer(self.norm)):
            nobody = NOBODY.search(self.norm, end, self.layout.clause(start)[1])
            moving = nobody is not None and any(
                item.keys and (end <= item.start < nobody.start() or start - 8 < item.end <= start) for item in labels
            )
            if moving and self._take(start, end):
                numbers.append(TextItem(start, end, False, zero=True, raw="0"))
        none = [span for span in denied(self, labels) if self._take(*span)]
        numbers.extend(TextItem(*span, False, zero=True, raw="0") for span in none)
        self.asides.extend(none)
        for start, end in self.spans("beside"):
            name = next((item.start for item in labels if item.end == start - 1), start)
            begin = self.layout.clause(start)[0]
            first = min((item.start for item in labels if item.start >= begin), default=name)
            # Where a clause begins with a name, a figure before a name is not its own.
            given = re.search(r"\d (?:\w+ )?$", self.norm[:name]) and re.search(r"\d", self.norm[begin:first])
            if start - 1 in ends and not given and self._take(start, end):
                numbers.append(TextItem(start, end, False, raw="?"))
                self.unknown.add(start)
        for start, end in self.spans("unsure"):
            self._take(start, end)
        for match in ZERO.finditer(self.norm):
            if self.free(*match.span()):
                numbers.append(TextItem(*match.span(), False, zero=True, raw="0"))
                self.claim(*match.span())
        numbers.extend(self._spelled(labels))
        numbers.extend(self.joint)
        numbers.extend(
            TextItem(*match.span("blank"), False, raw="?")
            for match in BLANK.finditer(self.norm)
            if match.start() in ends and self._take(*match.span("blank"))
        )
        return numbers

    def _cut_off(self, end: int) -> bool:
        """Whether a number goes on in what is no digit: "12x", "21S"."""
        stuck = re.match(r"[a-z]{1,2}(?![a-z])", self.norm[end:])
        known = self.lexicon.words | folded("persons") | folded("people")
        return (
            self._is_cut_short(end)
            or CUT_OFF.match(self.norm, end) is not None
            or (stuck is not None and (stuck[0] in folded("lookalike_digits") or stuck[0] not in known))
        )

    def _is_cut_short(self, end: int) -> bool:
        """Whether a number goes on in "rưỡi" or "mấy"."""
        return self.norm[end:].lstrip().startswith(tuple(folded("half")))

    def _is_name(self, spelled: re.Match[str]) -> bool:
        """Whether a number word begins a name: "chuyển về Ba Đình"."""
        following = re.match(r" [a-z]", self.norm[spelled.end() :])
        return (
            following is not None
            and " " not in spelled[0]
            and re.search(r"[a-z] $", self.norm[: spelled.start()]) is not None
            and not self.original.isupper()
            and all(self.original_at(at).isupper() for at in (spelled.start(), spelled.end() + 1))
        )

    def _split(self, match: re.Match[str]) -> list[tuple[int, int]]:
        """One number, or several that only commas keep apart ("1.320,1.250,12,3")."""
        digits, start = match["digits"], match.start("digits")
        whole = [(start, match.end())]
        if match["scale"] or match["percent"] or digits.count(",") + digits.count(".") < 2:
            return whole
        if re.fullmatch(r"\d{1,3}([.,])\d{3}(?:\1\d{3})*(?:[.,]\d+)?", digits) and not re.fullmatch(
            r"\d+(?:\.\d{3})*(?:,\d+(?:\.\d{3})*){2,}", digits
        ):
            return whole
        return [(start + m.start(), start + m.end()) for m in re.finditer(r"[^,]+", digits)]

    def _blanks(
        self, match: re.Match[str], labels: list[TextItem], told: list[re.Match[str]]
    ) -> tuple[list[tuple[int, int]], bool]:
        """A number with blanks between its thousands, or figures side by side in a table; and whether it may be either.

        `told` are all numbers of the message that nothing else explains.
        """
        start, tokens = match.start("digits"), match["digits"].split(" ")
        whole = [(start, match.end())]
        run = next((found for found in RUN.finditer(self.norm) if found.start() <= start < found.end()), None)
        if run is not None:
            before = re.search(r"\d[^\d]*$", self.norm[: run.start()])
            heads = [item for item in labels if (before.start() if before else -1) < item.start < run.start()]
            # In "2 310 lao động, đv 2 204" the first name has its figure before it.
            led = bool(heads) and re.search(r"\d ?\Z", self.norm[: heads[0].start]) is not None
            names = 0 if led else sum(len(item.parts) or 1 for item in heads)
            if names > 1 and names == len(run[0].split()):
                return [
                    (start + each.start(), start + each.end()) for each in re.finditer(r"\d+", match["digits"])
                ], False
            if names > 1 and names == len(NUMBER.findall(run[0])):
                return whole, False
        if any(token.startswith("0") for token in tokens[1:]):
            return whole, False
        if run is not None and len(run[0].split()) > len(tokens):
            # "520 505 12 9": thousands, or two figures.
            return whole, True
        name = next((item for item in labels if item.keys and self.norm[item.end : start] == " "), None)
        behind = next((item for item in labels if item.keys and item.start == match.end() + 1), None)
        if name is not None and behind is not None and any(key in self.children for key in name.keys):
            # "Kết nạp 5 100 đoàn viên": few come by the thousand.
            turned = re.search(r"\d \Z", self.norm[: name.start]) or re.match(r"[ :=]*\d", self.norm[behind.end :])
            return whole, turned is None and not any(key in self.children for key in behind.keys)
        joined = int("".join(tokens))
        others = [int(re.sub(r"\D", "", each["digits"])) for each in told if each.start() != match.start()]
        return whole, len(tokens[0]) > 1 and bool(others) and joined > _MANY_TIMES * max(others)

    def _spelled(self, labels: list[TextItem]) -> Iterator[TextItem]:
        """Numbers in words, where they stand right beside a label."""
        plain = self.original.isascii()
        ends = {item.end for item in labels}
        starts = {item.start for item in labels}
        for match in self._spelled_runs():
            written = re.findall(r"[^\W\d_]+", self.original[self._at[match.start()] : self._at[match.end()]])
            # Among marked words a bare "sau" or "lam" is no number.
            bare = not plain and any(word.isascii() and fold(word) in folded("bare_digits") for word in written)
            if (
                not self.free(*match.span())
                or re.match(r"\s*\d", self.norm[match.end() :])
                or bare
                or match[0] in folded("zero_word")
            ):
                continue
            if COUNTED_BEHIND.match(self.marked, match.end()):
                # "Nghỉ hai bữa": no people.
                self.claim(*match.span())
                continue
            led = next((True for _, end in self.spans("titles", 0, match.start()) if end == match.start() - 1), False)
            if (led and self.original_at(match.start()).isupper()) or self._is_name(match):
                continue
            # "moi nam" without marks is likelier "each year" than five who are new.
            if plain and match[0] in folded("year") and YEARLY.search(self.norm[: match.start()]):
                continue
            if plain is False and not all(is_number_word(word) for word in written):
                continue
            lead = max((end for end in ends if end <= match.start()), default=None)
            small = lead is not None and all(
                word in FILLERS for word in re.findall(r"[a-z]+", self.norm[lead : match.start()])
            )
            linked = small and not re.search(r"[,;.\n\d]", self.norm[lead : match.start()])
            people = next(self.spans("people", match.end()), (0, 0))
            after = re.match(r"\s*", self.norm[match.end() :])
            if people[0] == match.end() + 1 and people[1] + 1 in starts:
                after = re.match(r".*", self.norm[match.end() : people[1] + 1])
            beside = linked or (after is not None and match.end() + after.end() in starts)
            if plain and match[0] in folded("scales_alone"):
                # "Moi tram" without marks is no hundred who are new.
                continue
            scaled = bool(folded("scales") & set(match[0].split())) and " " in match[0]
            if (beside or scaled) and isinstance(parse_count(match[0]), Parsed | UnclearNumber):
                said = match[0].split()
                # "Nghìn hai" is a round figure; "trăm năm mấy" is none.
                rounded = {*said[-2:-1]} & folded("scale_stuck") or self._is_cut_short(match.end())
                rounded = rounded or self.marked[match.start() : match.end()] in DATA.lists["about_ten"]
                yield TextItem(*match.span(), False, raw=match[0], around=bool(rounded))
                self.claim(*match.span())
