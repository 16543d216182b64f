"""Papers that questions ask about: what a plan is, and the papers that plans cite, each with its number and day."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from knowledge.model.answers import Passage
from knowledge.model.plans import Plan
from knowledge.text import fold, fold_words
from knowledge.verdicts.said import Day, find_days
from knowledge.verdicts.words import KINDS, WORDS

_NUMBER: Final = re.compile(r"(?<![\w/])([a-z]?\d{1,4})\s?[-/]\s?([a-z]{1,6}(?:[-/][a-z]+)?)\b")
_DAY: Final = re.compile(r"[^0-9;]{0,45}?(\d{1,2}/\d{1,2}/\d{4})")
_KIND: Final = WORDS.composed(r"(?<!\w)(?P<kind>%kind%)(?!\w)")
_BARE: Final = WORDS.composed(
    r"(?<!\w)(?P<kind>%kind%)(?: \w+){0,5}?(?: %own_number%)? (?P<number>[a-z]?\d{1,4})(?![\d.,]|\s?[%]|[/.\-]\d)"
)
_BASED_ON: Final = WORDS.composed(r"\b%based_on%\b(?P<rest>.*)")
_NO_BASIS: Final = WORDS.composed(r"\b%no_basis%\b")
_OTHER_KINDS: Final = frozenset(KINDS.values()) - WORDS.folded("letters_of_plans") - {""}
"""Letters of the kinds of papers that no plan is."""
LONGEST_BASIS: Final = 40
"""Letters between the words for carrying out and the number of the paper that is carried out."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that a plan cites: its number whole ("740ctrtld"), the digits of it, the letters of its kind, its day.

    `text` is what cites it, `words` the folded words of that about it; a passage that cites it, or what is carried out.
    """

    number: str
    digits: str
    kind: str
    day: str
    plan: Plan
    passage: Passage | None
    text: str
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Cited:
    """A paper as a question cites it: digits, with the letters behind them or the kind said; either may be missing.

    `is_basis`: the question says that something is done by it.
    """

    digits: str
    letters: str
    kind: str
    is_basis: bool

    def is_number_of(self, number: str) -> bool:
        """Whether a number as a plan writes it ("A15/KH-CĐCT") may be this one: what is told of it agrees."""
        whole = re.sub(r"[^a-z0-9]", "", fold(number))
        found = re.match(r"[a-z]?\d+", whole)
        if found is None or found[0].lstrip("0") != self.digits.lstrip("0"):
            return False
        rest = whole[found.end() :]
        return rest.startswith(self.letters) and (not self.kind or bool(self.letters) or rest.startswith(self.kind))


def find_papers(plans: Iterable[Plan]) -> Iterator[Paper]:
    """The papers that plans cite with a number, in the order of their texts; those carried out first."""
    for plan in plans:
        own = re.sub(r"[^a-z0-9]", "", fold(plan.number or ""))
        texts: list[tuple[str, Passage | None]] = [(text, None) for text in plan.carries_out]
        texts += [(task.summary, Passage(plan=plan, task=task)) for task in plan.tasks]
        for text, passage in texts:
            folded = fold(text)
            found = list(_NUMBER.finditer(folded))
            for at, match in enumerate(found):
                number = re.sub(r"[^a-z0-9]", "", match[0])
                if number == own:
                    continue
                end = found[at + 1].start() if at + 1 < len(found) else len(folded)
                day = _DAY.match(folded[match.end() : end])
                letters = re.sub(r"[^a-z]", "", match[2])
                kind = next(
                    (each for each in sorted(set(KINDS.values()), key=len)[::-1] if letters.startswith(each)), ""
                )
                about = frozenset(fold_words(folded[match.start() : end] if len(found) > 1 else folded))
                yield Paper(number, match[1], kind, day[1] if day else "", plan, passage, text, about)


def find_cited(claim: str) -> tuple[Cited, ...]:
    """The papers that a folded text cites by number, without days.

    Examples: "theo nghi quyet 02" → digits "02", kind "nq", a basis; "so 25-ctr/tu" → digits "25", letters "ctrtu".
    """
    text = re.sub(r"\b\d{1,2}\s?[/.\-]\s?\d{1,2}(?:\s?[/.\-]\s?(?:19|20)\d\d)?\b", " ", claim)
    found: dict[tuple[int, str], Cited] = {}
    for match in _NUMBER.finditer(text):
        kind = _kind_before(text[: match.start()])
        letters = re.sub(r"[^a-z]", "", match[2])
        found[match.start(1), match[1]] = Cited(match[1], letters, kind, _is_basis(text[: match.start()]))
    for match in _BARE.finditer(text):
        at = (match.start("number"), match["number"])
        if at not in found and not re.fullmatch(r"(?:19|20)\d\d", match["number"]):
            found[at] = Cited(match["number"], "", KINDS[match["kind"]], _is_basis(text[: match.start("number")]))
    return tuple(found.values())


def _kind_before(text: str) -> str:
    kinds = list(_KIND.finditer(text[-LONGEST_BASIS:]))
    return KINDS[kinds[-1]["kind"]] if kinds else ""


def _is_basis(before: str) -> bool:
    """Whether the words for carrying out stand before, near enough to mean the paper behind them."""
    found = _BASED_ON.search(_NO_BASIS.sub(lambda match: "x" * len(match[0]), before))
    return found is not None and len(before) - found.start() <= LONGEST_BASIS


def names_other_paper(claim: str) -> bool:
    """Whether a folded text speaks of a paper of a kind that no plan is."""
    return any(KINDS[match["kind"]] in _OTHER_KINDS for match in _KIND.finditer(claim))


def day_of(papers: Sequence[Paper], quoted: Day) -> tuple[bool, str] | None:
    """Whether papers of one number are of the day quoted, and the day; None where that is not sure."""
    days = {paper.day for paper in papers if paper.day}
    if len(days) != 1:
        return None
    day = days.pop()
    return quoted.fits(find_days(day)[0]), _written(day)


def _written(day: str) -> str:
    return "/".join(f"{int(part):02}" for part in day.split("/"))


def matching(cited: Cited, papers: Iterable[Paper], plans: Mapping[str, Plan], asked: Sequence[str]) -> list[Paper]:
    """The papers that a citation may mean: of the plans (ids) asked about, else of any."""
    found = [paper for paper in papers if cited.is_number_of(paper.number) and paper.plan.id in plans]
    near = [paper for paper in found if paper.plan.id in asked]
    return near or found
