"""What makes figures of a message doubtful, or none of this report's. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from knowledge.reports.answers.scanned import SaidFigure, ScannedReport
from knowledge.reports.answers.words import folded
from knowledge.tokens import TokenSort

_MOST_BEHIND: Final = 3


@dataclass
class Shaking:
    """Tells what stands around the figures of one message."""

    scanned: ScannedReport

    def is_shaken(self, figure: SaidFigure) -> bool:
        """Whether words or signs beside a figure make it no exact one, or nobody's sure one."""
        scanned = self.scanned
        begin, end = scanned.clause(figure.start)
        before = max([begin, *(each.end for each in scanned.figures if each.end <= figure.start)])
        after = min([end, *(each.start for each in scanned.figures if each.start >= figure.end)])
        after = min([after, *(each.start for each in scanned.mentions if each.start >= figure.end)])
        after = min([after, *(each.start for each in scanned.phrases.of("rest") if each.start >= figure.end)])
        rough = [
            each for each in scanned.phrases.of("before", "beside") if before <= each.start and each.end <= figure.start
        ]
        if any(all(scanned.is_light(at) for at in range(each.end, figure.start)) for each in rough):
            return True
        if self.is_by_time(figure):
            return True
        named = max([before, *(each.start for each in scanned.mentions if each.end <= figure.start)])
        heads = [at + 1 for at in range(before, named) if scanned.sign(at) == ":"]
        if scanned.holds(max([before, *heads]), figure.start, "some"):
            return True
        if scanned.holds(before, figure.start, "maybe", "unknown") or scanned.holds(
            figure.end, after, "beside", "unknown", "maybe", "not_counted"
        ):
            return True
        if (
            scanned.phrases.at(figure.end, "some") is not None
            or scanned.phrases.at(figure.start + 1, "some") is not None
        ):
            return True
        if self.is_right_before(figure, "for_now") or self._is_masked(figure) or self._is_rough(figure):
            return True
        if scanned.sign(figure.end) == "(" and scanned.sign(figure.end + 1) == "?":
            return True
        if scanned.sign(figure.end) in ("+", "?", "~") or scanned.sign(figure.start - 1) in ("~", "≈", ">", "<"):
            return True
        return self._is_led_by_a_doubt(figure.start) or self.is_doubted(begin, end)

    def _is_led_by_a_doubt(self, at: int) -> bool:
        """Whether brackets right before a figure shake it: "(ước) 20"."""
        if self.scanned.sign(at - 1) != ")":
            return False
        begin, end = self.scanned.clause(at - 2)
        return self.scanned.holds(begin, end, "before", "maybe", "beside")

    def is_doubted(self, begin: int, end: int) -> bool:
        """Whether what comes behind a clause, and names nothing else, shakes it."""
        scanned = self.scanned
        own = {key for each in scanned.mentions if begin <= each.start < end for key in each.keys}
        at = end
        for nth in range(_MOST_BEHIND):
            while at < len(scanned.tokens) and scanned.sign(at) in (",", "(", ")", "-", "–", ".", ";", "\n"):
                at += 1
            if at >= len(scanned.tokens) or (nth and at >= scanned.reach(end - 1)):
                return False
            first, last = scanned.clause(at)
            others = [each for each in scanned.mentions if first <= each.start < last and not own.issuperset(each.keys)]
            stop = min((each.start for each in others), default=last)
            if scanned.holds(first, last, "rest"):
                return False
            if self._doubts(first, stop, is_cut=bool(others)) or (not others and self._undoes(first, last)):
                return True
            if others:
                return False
            at = last
        return False

    def _doubts(self, begin: int, end: int, *, is_cut: bool) -> bool:
        """Whether a stretch holds words of doubt; of one that another row cuts short, none that lead to that."""
        said = self.scanned.spans(begin, end, "beside", "unknown", "maybe")
        return any(not is_cut or any(not self.scanned.is_light(at) for at in range(each.end, end)) for each in said)

    def is_by_time(self, figure: SaidFigure) -> bool:
        """Whether a figure is of each month, quarter or year: "mỗi quý 1 cuộc", "1 năm 1 lần"."""
        scanned = self.scanned
        begin, end = scanned.clause(figure.start)
        begin = max([begin, *(each.end for each in scanned.figures if each.end <= figure.start)])
        starts = [*(each.start for each in scanned.figures), *(each.start for each in scanned.mentions)]
        end = min([end, *(start for start in starts if start >= figure.end)])
        return any(
            (begin <= each.start and each.end <= end) or each.start <= figure.start < each.end
            for each in scanned.phrases.of("by_time")
        )

    def _undoes(self, begin: int, end: int) -> bool:
        """Whether a clause says of some of what was counted that it is not counted: "mà chi bộ trả lại 1 hồ sơ"."""
        numbers = any(begin <= each.start < end for each in self.scanned.figures)
        return (numbers or self.scanned.holds(begin, end, "some")) and self.scanned.holds(begin, end, "undoing")

    def _is_rough(self, figure: SaidFigure) -> bool:
        """Whether a word in a message without marks makes a figure a rough one: "chung 30 nguoi"."""
        if figure.start == 0 or self.scanned.phrases.is_marked or self.scanned.taken[figure.start - 1]:
            return False
        former = self.scanned.tokens[figure.start - 1]
        return former.text.isascii() and former.folded in folded("rough_bare")

    def _is_masked(self, figure: SaidFigure) -> bool:
        """Whether a letter stands for a digit: "2x lượt"."""
        tokens, at = self.scanned.tokens, figure.start + 1
        stuck = at < len(tokens) and tokens[at].start == tokens[figure.start].end
        return stuck and tokens[at].text.lower() == "x" and tokens[figure.start].sort is TokenSort.NUMBER

    def list_behind(self, figure: SaidFigure) -> list[SaidFigure]:
        """The figures behind one, before another row is named, where other sources are."""
        scanned = self.scanned
        named = min(
            [scanned.reach(figure.start), *(each.start for each in scanned.mentions if each.start >= figure.end)]
        )
        if not scanned.holds(figure.end, named, "sources"):
            return []
        return [each for each in scanned.figures if figure.end <= each.start < named]

    def is_told_otherwise(self, figure: SaidFigure, other: SaidFigure) -> bool:
        """Whether another figure is said to stand elsewhere: "40 lượt (bản kia em ghi 45)"."""
        scanned = self.scanned
        _, end = scanned.clause(other.start)
        end = min([end, *(each.start for each in scanned.mentions if each.start >= figure.end)])
        return other.said != figure.said and scanned.holds(figure.end, end, "sources")

    def is_planned(self, start: int, end: int) -> bool:
        """Whether what stands there is said to come later: in its clause, or ahead of all in its sentence."""
        scanned = self.scanned
        begin, close = scanned.clause(start)
        if scanned.holds(begin, start, "planned", "later") or scanned.holds(end, close, "later"):
            return True
        first, _ = scanned.sentence(start)
        named = min((each.start for each in scanned.mentions if each.start >= first), default=start)
        since = max((each.end for each in scanned.phrases.of("planned") if first <= each.start < named), default=start)
        return since < start and not scanned.holds(since, start, "of_period", "of_year", "yes", "turning")

    def is_part(self, at: int) -> bool:
        """Whether a figure is said to be a part of one before it: "trong đó 5 nữ", "(8 nữ)"."""
        begin, _ = self.scanned.sentence(at)
        marks = [each.end for each in self.scanned.phrases.of("mark_part") if begin <= each.start < at]
        marks += [spot + 1 for spot in range(begin, at) if self.scanned.sign(spot) == "("]
        if not marks:
            return False
        before = any(each.end <= marks[-1] and each.start >= begin for each in self.scanned.figures)
        named = any(marks[-1] <= each.start < at for each in self.scanned.mentions)
        total = self.scanned.holds(marks[-1], at, "mark_total")
        closed = any(self.scanned.sign(spot) == ")" for spot in range(marks[-1], at))
        return before and not named and not total and not closed

    def is_right_before(self, figure: SaidFigure, name: str) -> bool:
        """Whether a phrase of a list stands right before a figure."""
        span = self.scanned.phrases.before(figure.start, name)
        return span is not None and self.scanned.clauses[span.start] == self.scanned.clauses[figure.start]

    def is_added(self, figure: SaidFigure) -> bool:
        """Whether a figure comes on top of one that is not said here."""
        scanned = self.scanned
        begin, _ = scanned.sentence(figure.start)
        first = not any(begin <= each.start < figure.start for each in scanned.figures)
        numbers = [
            {scanned.names.rows[key].no for key in each.keys} for each in scanned.mentions if each.end <= figure.start
        ]
        if numbers and any(numbers[-1] & each for each in numbers[:-1]):
            return False  # on top of what is told of its kin: "2 bạn vào Đảng. Giới thiệu thêm 1"
        return first and self.is_right_before(figure, "more")
