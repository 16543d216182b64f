"""A message cut into clauses, with what stands where: rows, figures, times and the phrases of the lists. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from knowledge.reports.answers.cutting import lines_of, parted
from knowledge.reports.answers.finding_figures import FigureFinder
from knowledge.reports.answers.finding_rows import RowFinder
from knowledge.reports.answers.finding_times import TimeFinder
from knowledge.reports.answers.names import NamesOfRows
from knowledge.reports.answers.scanned import ENDS_CLAUSE, ENDS_SENTENCE, ScannedReport
from knowledge.reports.answers.words import SHAKING, index, vague
from knowledge.tokens import Phrases, Span, TokenSort, tokenize


def scan(text: str, names: NamesOfRows, today: date) -> ScannedReport:
    """Everything that is found in a message of rows that are called so."""
    found = _cut(text, names, today)
    _find(found)
    return found


def scan_if_named(text: str, names: NamesOfRows, today: date) -> ScannedReport | None:
    """The same, where the message may name a row or say what a unit has to have: few do, and that is soon seen."""
    found = _cut(text, names, today)
    if not (RowFinder(found).names_any() or any(found.phrases.of("due"))):
        return None
    _find(found)
    return found


def _cut(text: str, names: NamesOfRows, today: date) -> ScannedReport:
    whole = lines_of(text, names)
    tokens = list(parted(tokenize(whole), names))
    phrases = Phrases(tokens, index(), vague(), nested=False, clear=("instead",))
    found = ScannedReport(whole, tokens, phrases, [False] * len(tokens), today, names)
    found.light = frozenset(at for each in phrases.of("light") for at in range(each.start, each.end))
    return found


def _find(found: ScannedReport) -> None:
    TimeFinder(found).find()
    RowFinder(found).find()
    named = frozenset(at for each in found.mentions for at in each.words)
    found.phrases.forget(named, *SHAKING, "planned", "unknown", "some", "mark_total", "forgotten", "short_of")
    FigureFinder(found).find()
    _part(found)
    found.reasons = frozenset(_find_reasons(found))
    found.whens = [each for each in found.whens if each.start not in found.reasons]


def _part(found: ScannedReport) -> None:
    clause, sentence = 0, 0
    breaks = {each.start for each in found.phrases.of("turning") if _turns(found, each)}
    inside = {at for each in found.mentions for at in range(each.start + 1, each.end)}
    for at, token in enumerate(found.tokens):
        if token.sort is TokenSort.SIGN and _ends(found, at):
            clause += 1
            sentence += token.text in ENDS_SENTENCE
            found.clauses.append(clause)
            found.sentences.append(sentence)
            clause += 1
            continue
        clause += at in breaks and at not in inside
        found.clauses.append(clause)
        found.sentences.append(sentence)


def _ends(found: ScannedReport, at: int) -> bool:
    sign = found.sign(at)
    if sign in ("-", "–", "+"):
        return at == 0 or found.sign(at - 1) == "\n"
    return sign in ENDS_CLAUSE


def _turns(found: ScannedReport, each: Span) -> bool:
    longer = [
        other
        for other in found.phrases.every()
        if other.start <= each.start < other.end and other.end - other.start > each.end - each.start
    ]
    return not longer


# --- Reasons ---

_ANSWERS: Final = ("no", "nothing", "yes", "due", "ended", "under_way", "ticks", "crosses", "not_yet")


def _find_reasons(found: ScannedReport) -> Iterator[int]:
    """The tokens that only say why: "không thuộc diện vì công ty có 8 lao động", "vì có 4 nữ nên chưa lập"."""
    for each in found.phrases.of("because"):
        begin, end = found.clause(each.start)
        end = min([end, *(mention.start for mention in found.mentions if mention.start >= each.end)])
        if _is_answered_before(found, begin, each.start) or found.phrases.at(end, "therefore") is not None:
            yield from range(each.start, end)


def _is_answered_before(found: ScannedReport, begin: int, at: int) -> bool:
    """Whether something is said before a reason, in its clause or, where that begins with it, in the one before."""
    if all(found.sign(spot) for spot in range(begin, at)):
        start, _ = found.sentence(at)
        begin = found.clause(begin - 2)[0] if begin - 2 >= start else begin
    said = found.holds(begin, at, *_ANSWERS)
    return said or any(begin <= each.start and each.end <= at for each in found.figures)
