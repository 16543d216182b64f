"""Doubts about the figures of a message: estimates, words of doubt, a part of the unit only, a message taken back."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from knowledge.reports.message import TextItem
from knowledge.reports.qualified import rows_in_parts
from knowledge.reports.scanning import Scanner
from knowledge.reports.shaping import likeliest_count
from knowledge.reports.times import Layout, SpanKind, Spot, turns_over
from knowledge.reports.words import NO_MOVEMENT, TRADE_LINK

_NEAR = 3
"""As many words may stand between "gộp" and the month: "gồm cả 1 người tháng 9"."""


def shaken(
    scanner: Scanner, layout: Layout, spots: Sequence[Spot], labels: Sequence[TextItem]
) -> tuple[set[int], set[str]]:
    """The figures in doubt: which of `spots` (by their place in the list, in text order), and which rows as a whole.

    `labels` are the names of rows in the text, those with a figure among them.
    """
    doubts = _Doubts(scanner, layout, spots, labels)
    for name, shake in doubts.rules().items():
        for start, end in doubts.said(name):
            shake(start, end)
    doubts.take_parts()
    doubts.take_staff()
    doubts.take_names()
    return doubts.found, doubts.rows | doubts.parts


class _Doubts:
    """The figures and rows of a message that its words shake."""

    def __init__(self, scanner: Scanner, layout: Layout, spots: Sequence[Spot], labels: Sequence[TextItem]) -> None:
        self.scanner, self.layout, self.norm = scanner, layout, scanner.norm
        self.spots = spots
        self.labels = [item for item in labels if len(item.keys) == 1 and scanner.by_key[item.keys[0]].asked]
        self.changes = [item for item in labels if len(item.keys) == 1 and scanner.by_key[item.keys[0]].derived]
        self.found: set[int] = set()
        self.rows: set[str] = set()
        talk = [span for span in scanner.spans("talk") if not self._is_settling(span[1])]
        self.parts, told_apart = rows_in_parts(scanner, spots)
        unmoved = [match.span() for match in NO_MOVEMENT.finditer(self.norm)]
        self.certain = [*talk, *told_apart, *unmoved, *scanner.spans("certain"), *scanner.negated, *scanner.asides]
        self.certain.extend(scanner.unit_spans)

    def _is_settling(self, end: int) -> bool:
        following = re.match(r" ([a-z]+)", self.norm[end:])
        return following is not None and following[1] in self.scanner.words("settling")

    def rules(self) -> dict[str, Callable[[int, int], None]]:
        """What each list of phrases does where one of them stands."""
        return {
            "before": lambda start, end: self._ahead(start, end, 1),
            "maybe": self._maybe,
            "but": self._contrast,
            "minus": lambda start, _: self._blame(start),
            "left_out": self._left_out,
            "take_back": lambda _, end: self.rows.update(() if self._is_replaced(end) else self._taken_back(end)),
            "beside": self._beside,
            "this": self._this,
            "these": self._these,
            "other_source": self._other_source,
            "not_counted": self._not_counted,
            "partial": self._partial,
            "mistaken": self._mistaken,
            "mistyped": lambda start, _: self._blame(start),
            "waiting": self._waiting,
            "on_top": self._on_top,
            "withdrawn": self._withdrawn,
            "sent_wrong": lambda start, _: self.found.update([*self._within(0, start)] if self._is_last(start) else ()),
            "so_far": self._so_far,
            "merged": self._merged,
            "forecast": self._forecast,
        }

    def said(self, name: str) -> list[tuple[int, int]]:
        """Where a phrase of a list stands and means what it says."""
        return [(a, b) for a, b in self.scanner.spans(name) if not any(c <= a < d for c, d in self.certain)]

    def _has(self, name: str, start: int, end: int) -> bool:
        return next(self.scanner.spans(name, start, end), None) is not None

    def _lies_in(self, name: str, at: int) -> bool:
        return any(a <= at < b for a, b in self.scanner.spans(name))

    def _within(self, start: int, end: int) -> list[int]:
        return [i for i, spot in enumerate(self.spots) if start <= spot.at < end]

    def _named(self, start: int, end: int) -> list[str]:
        return [item.keys[0] for item in self.labels if start <= item.start < end]

    def _is_last(self, start: int) -> bool:
        return not self._within(start, len(self.norm))

    def _of_month(self, start: int) -> bool:
        """Whether a month stands right before a place."""
        return any(0 <= start - when.end <= 1 and when.months for when in self.scanner.whens)

    def _blame(self, start: int) -> None:
        """Shake what was said last before a place or its bracket: a row named without a figure, or the last figure."""
        begin = self.layout.sentence(start)[0]
        bracket = self.norm.rfind("(", begin, start)
        start = bracket if bracket >= 0 and ")" not in self.norm[bracket:start] else start
        start = next((among for among, _ in self.scanner.spans("among", begin, start)), start)
        before = [i for i in self._within(begin, start) if self.spots[i].keyed]
        since = self.spots[before[-1]].end if before else begin
        lead = [item.keys[0] for item in self.labels if since <= item.start and item.end <= start]
        self.rows.update(lead)
        if not lead:
            self.found.update(before[-1:])

    def _maybe(self, start: int, end: int) -> None:
        begin, until = self.layout.clause(start)
        after = self._within(start, until)
        if not after or not self.spots[after[0]].keyed:
            about = self._named(end, until)
            self.rows.update(about[:1])
            if not about and self._within(begin, start):
                self._blame(start)
            elif not about and after and not self.norm[end : self.spots[after[0]].at].strip():
                # "Chính thức 150, tạm thời 25": who is counted.
                self._blame(start)
            elif not about and self.norm[start:end].replace("zz", "") in self.scanner.words("drafted"):
                self.found.update(self._within(0, start))
        elif self.norm[start:end].replace("zz", "") in self.scanner.words("drafted"):
            self.found.update(after)
        self._ahead(start, end, 12)
        self._head(start, end)

    def _taken_back(self, end: int) -> list[str]:
        return self._named(end, self.layout.clause(end)[1])

    def _is_replaced(self, end: int) -> bool:
        """Whether the one figure that is taken back is put right at once: "ghi lộn lao động 19, đúng là 91"."""
        begin, until = self.layout.clause(end)[1], self.layout.sentence(end)[1]
        told, following = self._within(end, begin), self._within(begin, until)
        right = following and self._has("correcting", begin, self.spots[following[0]].at)
        return bool(right) and len(told) == 1 and self.spots[following[0]].keys in ((), self.spots[told[0]].keys)

    def _ahead(self, start: int, end: int, reach: int) -> None:
        """Shake the next figure of the clause where fewer than `reach` words stand between, names aside."""
        begin, until = self.layout.clause(start)
        of_month = any(0 <= w.start - end <= 1 or w.start <= start < w.end for w in self.scanner.whens if w.months)
        told = self._within(begin, start) or re.search(r"\d", self.norm[begin:start])
        share = self.norm[start:end] in self.scanner.words("out_of") and told
        after = self._within(start, until)
        if not after and self.norm[:start].endswith("("):
            self._blame(start)
        if of_month or share or not after:
            return
        gap = self.norm[end : self.spots[after[0]].at]
        for item in self.labels:
            if end <= item.start and item.end <= self.spots[after[0]].at:
                gap = gap.replace(self.norm[item.start : item.end], " ", 1)
        if len([word for word in re.findall(r"\w+", gap) if word not in self.scanner.words("people")]) < reach:
            self.found.add(after[0])

    def _head(self, start: int, end: int) -> None:
        """Shake the whole sentence where a doubt stands over it: "chưa chắc: …"."""
        looked = self._of_month(start) or self._lies_in("again", start)
        if self.norm[end : end + 2].strip().startswith(":") and not looked:
            self.found.update(self._within(end, self.layout.sentence(end)[1]))

    def _other_source(self, start: int, end: int) -> None:
        """Another figure without a name, from elsewhere, shakes the one before it."""
        after = self._within(end, self.layout.clause(end)[1])
        if after and (not self.spots[after[0]].keyed or self.spots[after[0]].keys == ("?",)):
            self._blame(start)

    def _not_counted(self, start: int, end: int) -> None:
        """People who are said in a bracket to be left out, by their number, shake the figure that the bracket is of."""
        told = re.match(r"(?: [^\W\d]+){0,2} \d", self.norm[end : self.layout.clause(end)[1]])
        if told is not None and self.norm[:start].rstrip().endswith("("):
            self._blame(start)

    def _contrast(self, start: int, end: int) -> None:
        """ "Nhưng chưa …" shakes the total named in it, or what was said before."""
        until = min([self.layout.sentence(start)[1], *(s.start for s in self.spots if s.start >= end and s.keyed)])
        bare = any(not self.spots[i].keyed or self.spots[i].keys == ("?",) for i in self._within(end, until))
        if bare or self._has("unsettled", end, until):
            about = [key for key in self._named(end, until) if key not in self.scanner.children]
            self.rows.update(about[:1])
            if not about:
                self._blame(start)

    def _left_out(self, start: int, _: int) -> None:
        among = next(self.scanner.spans("subset", self.layout.sentence(start)[0], start), None)
        if among:
            self._blame(among[0])

    def _beside(self, start: int, end: int) -> None:
        self._head(start, end)
        begin, until = self.layout.clause(start)
        if any(item.start == end + 1 and self._within(item.end, until) for item in self.labels) and not (
            self.norm[begin:start].strip() or self.norm[end : end + 1] == ":"
        ):
            # "Mấy đứa mới vô là 4": who is counted, not how many.
            return
        month = next((when for when in self.scanner.whens if begin <= when.start < until and when.months), None)
        inside, named = self._within(begin, until), [item for item in self.labels if begin <= item.start < until]
        earlier, behind = self._within(0, start), self._within(begin, start)
        if (
            (month is not None and (len(month.months) > 1 or 0 <= start - month.end <= 1))
            or start in self.scanner.unknown
            or self._has("which_month", begin, until)
            or self._lies_in("withdrawn", start)
            or (not inside and not named and self._has("objects", begin, start))
            or (inside and not behind and self._lies_in("again", start))
        ):
            return
        lead = [item for item in self.labels if self.layout.sentence(start)[0] <= item.start < start]
        if not inside and not named and self._has("whole_words", begin, start):
            # "Tổng số mai em báo sau": the totals, where they are told at all.
            children = self.scanner.children
            self.found.update(i for i in earlier if self.spots[i].keyed and not {*self.spots[i].keys} & {*children})
        elif behind:
            self._blame(start)
        elif inside:
            self.found.update(inside[:1])
        elif any(begin <= item.start < start for item in self.changes) and not named:
            # "Biến động thì chưa có": who came and went.
            self.rows.update(self.scanner.children)
        elif self._has("both", begin, until):
            self.found.update(earlier[-2:])
        elif named:
            # What a clause is about is a total rather than the movement nearest to the doubt.
            children = self.scanner.children
            self.rows.add(min(named, key=lambda item: (item.keys[0] in children, abs(item.start - start))).keys[0])
        elif month is None and lead and (not earlier or lead[-1].start > self.spots[earlier[-1]].end):
            self.rows.add(lead[-1].keys[0])
        elif month is None:
            self.found.update([i for i in earlier if self.spots[i].keyed][-1:])
        elif month.kind is SpanKind.MONTH and not month.declared and self._lies_in("unsure", start):
            self.found.update(earlier)

    def _this(self, start: int, end: int) -> None:
        if not self.norm[self.layout.sentence(start)[0] : start].strip():
            self._these(start, end)

    def _waiting(self, start: int, _: int) -> None:
        """Shake the figure of which some are none yet: "84, trong đó 3 người đang chờ kết nạp"."""
        clause = self.layout.clause(start)[0]
        among = next((at for at, _ in self.scanner.spans("subset", clause, start)), None)
        bracket = self.norm[:clause].endswith("(")
        if (bracket or among is not None) and re.search(r"\d", self.norm[clause if among is None else among : start]):
            self._blame(start if among is None else among)

    def _on_top(self, start: int, end: int) -> None:
        """Shake the row that people come on top of, named behind them or before: "giảm 2, cộng thêm 1 chị mới nghỉ"."""
        about = self._named(end, self.layout.clause(end)[1])
        if re.match(r" \d", self.norm[end:]):
            self.rows.update(about)
            if not about:
                self._blame(start)

    def _these(self, start: int, _: int) -> None:
        begin, until = self.layout.clause(start)
        if any(self._has(name, begin, until) for name in ("before", "maybe", "beside")):
            self.found.update(self._within(0, start))

    def _partial(self, start: int, end: int) -> None:
        begin = self.layout.clause(start)[0]
        if any(item.start == end + 1 for item in self.labels) and start in {a for a, _ in self.scanner.spans("idioms")}:
            # "Chỉ mới có đoàn viên thôi": of which rows there are figures, not of which people.
            return
        if self._named(begin, start) and not self._within(begin, start):
            self.rows.update(self._named(begin, start)[-1:])
        elif not self._of_month(start):
            self.found.update(self._within(*self.layout.sentence(start)) or self._within(0, start))

    def _mistaken(self, start: int, end: int) -> None:
        until = self.layout.sentence(end)[1]
        before = [i for i in self._within(0, start) if self.spots[i].keyed]
        of_month = any(when.declared and when.months and end <= when.start < until for when in self.scanner.whens)
        begin = self.layout.sentence(start)[0]
        # "Không phải 87 mà là 97 lao động, em gõ nhầm": it was put right in the same breath.
        is_told = any(begin <= negated < start for negated, _ in self.scanner.negated)
        taken_back = next((b for a, b in self.scanner.spans("take_back") if a <= start < b), None)
        if of_month or not before or is_told or (taken_back is not None and self._taken_back(taken_back)):
            return
        lead = [item for item in self.labels if self.layout.clause(start)[0] <= item.start < start]
        if lead and lead[-1].start > self.spots[before[-1]].end:
            self.rows.add(lead[-1].keys[0])
            return
        following = self._within(end, until)[:1]
        known = {self.spots[i].keys for i in before} | {(), ("?",)}
        put_right = any(self.spots[i].keys in known for i in following)
        if not put_right and self.norm[self.spots[before[-1]].end : start].count(".") < 2:
            self.found.add(before[-1])

    def _withdrawn(self, start: int, end: int) -> None:
        """Shake the rows taken back by name, or all figures before (all there are where none is before)."""
        until = self.layout.sentence(end)[1]
        begin = self.layout.clause(start)[0]
        told = [self.spots[i].end for i in self._within(begin, start)]
        if told and (lead := self._named(told[-1], start)):
            self.rows.update(lead)
            return
        about = [*self._named(begin, start), *self._named(end, until)]
        if about and not [i for i in self._within(begin, until) if self.spots[i].at not in self.scanner.unknown]:
            self.rows.update(about)
        else:
            self.found.update(self._within(0, start) or range(len(self.spots)))

    def _so_far(self, start: int, _: int) -> None:
        """A movement up to now is none of the month."""
        here = self._within(*self.layout.clause(start))
        self.found.update(i for i in here if {*self.spots[i].keys} & {*self.scanner.children})

    def _merged(self, start: int, end: int) -> None:
        """Who came and went in another month too ("gộp cả tháng 9") is not told of the one reported."""
        told = [
            when
            for when in self.scanner.whens
            if when.start >= end
            and (
                when.months != (self.scanner.last,)
                # Beside the month reported, "the month before" is another, whatever today is.
                or self.norm[when.start : when.end] in self.scanner.words("last_month")
            )
        ]
        gaps = [self.norm[end : when.start] for when in told if when.months]
        if any(len(gap.split()) <= _NEAR and not re.search(r"[,;.:\n]", gap) for gap in gaps):
            said = self._within(self.layout.sentence(start)[0], start)
            self.found.update(i for i in said if {*self.spots[i].keys} & {*self.scanner.children})

    def _forecast(self, start: int, end: int) -> None:
        """A forecast that stands over the figures shakes them all, up to where another month is named."""
        inside = self._within(end, self.layout.sentence(end)[1]) or self._within(end, len(self.norm))
        if not inside or self._within(0, start) or self._named(0, start):
            return
        first = self.spots[inside[0]].at
        later = [when.start for when in self.scanner.whens if when.start > first and turns_over(self.layout, when)]
        until = min(later, default=len(self.norm))
        self.found.update(i for i in inside if self.spots[i].at < until)

    def take_parts(self) -> None:
        """Shake figures of several parts of the unit whose sum nobody wrote."""
        leads: dict[str, list[int]] = {}
        for start, end in self.scanner.spans("part"):
            clause = self.layout.clause(start)[0]
            if not re.search(r"\d", self.norm[clause:start]):
                leads.setdefault(self.norm[start:end], []).append(clause)
        values = [likeliest_count(self.norm[s.at : s.number_end]) for s in self.spots]
        for clauses in leads.values():
            clause_of = {i: self.layout.clause(spot.at)[0] for i, spot in enumerate(self.spots)}
            parts = [i for i in clause_of if clause_of[i] in clauses]
            told = [value for i, value in enumerate(values) if i not in parts]
            for keys in {self.spots[i].keys for i in parts}:
                own = [i for i in parts if self.spots[i].keys in (keys, ("?",))]
                if len({clause_of[i] for i in own}) > 1 and sum(values[i] or 0 for i in own) not in told:
                    self.found.update(own)

    def take_staff(self) -> None:
        """Shake figures of several trades ("giáo viên 45, nhân viên 9") where nobody told how many all of them are."""
        row = self.scanner.staff_row
        parts: dict[int, str] = {}
        for start, end in self.scanner.spans("staff_part"):
            for i, spot in enumerate(self.spots):
                between = self.norm[end : spot.at] if spot.at >= end else self.norm[spot.number_end : start]
                if i not in parts and spot.keys in ((), ("?",), row) and TRADE_LINK.fullmatch(between):
                    parts[i] = self.norm[start:end]
                    break
        told = any(spot.keys == row and i not in parts for i, spot in enumerate(self.spots))
        if len({*parts.values()}) > 1 and not told and not self._has("made_of", 0, self.spots[max(parts)].at):
            self.found.update(i for i in parts if self.spots[i].keys == row)

    def take_names(self) -> None:
        """Shake a number behind which people are named, and not as many ("3 đồng chí gồm cô Lan và thầy Hùng")."""
        for i, spot in enumerate(self.spots):
            following = self.spots[i + 1].at if i + 1 < len(self.spots) else len(self.norm)
            end = min(following, self.layout.clause(spot.at)[1])
            number = self.norm[spot.at : spot.number_end]
            namely = next(self.scanner.spans("namely", spot.end, end), None)
            if namely is None or not number.isdigit():
                continue
            titles = self.scanner.spans("titles", namely[1], end)
            named = [at for _, at in titles if self.scanner.original_at(at + 1).isupper()]
            if len(named) > 1 and len(named) != int(number):
                self.found.add(i)
