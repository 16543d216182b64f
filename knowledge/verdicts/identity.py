"""Whether what a question quotes of a plan or a cited paper is so: signer, number, day, issuer, basis, term."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from math import log
from typing import Final

from knowledge.model.answers import Answer, AnswerKind, Confirmation, Matter, Passage
from knowledge.model.plans import Plan
from knowledge.question import Understanding
from knowledge.text import fold, fold_words, has_phrase, tidy
from knowledge.verdicts.papers import Cited, Paper, day_of, find_cited, find_papers, matching, names_other_paper
from knowledge.verdicts.said import Day, find_days
from knowledge.verdicts.signers import find_person, find_title, speaks_of_signing
from knowledge.verdicts.words import KINDS, WORDS

_OWN_DAY: Final = WORDS.composed(r"\b%own_day%\b")
_NUMBER_AND_YEAR: Final = WORDS.composed(r"\b(?P<digits>[a-z]?\d{1,4})\S* (?:\w+ ){0,4}?%years% (?:19|20)\d\d\b")
_TOLD_AS_NUMBER: Final = WORDS.composed(r"\b%before_number%(?: %kind%)? (?P<digits>[a-z]?\d{1,4})\b")
_ISSUED_BY: Final = WORDS.composed(r"\b%before_person% (?P<body>(?:[^\W\d]\S* ){1,8}?)%issuing%")
_ISSUED_BEHIND: Final = WORDS.composed(r"\b%issuing% %before_person% (?P<body>(?:[^\W\d]\S*\s?){1,8})")
_TERM: Final = WORDS.composed(r"\b%term%(?: \w+){0,2}? ((?:19|20)\d\d)\s?(?:-|\w+)\s?((?:19|20)\d\d)\b")
_ASKS_NUMBER: Final = WORDS.composed(r"\b%asks_number%\b")
_ASKS_DAY: Final = WORDS.composed(r"\b%asks_day%\b")
_BASED_ON: Final = WORDS.composed(r"\b%based_on%\b")
_SENT_TO: Final = WORDS.composed(r"\b%sent_to%\b")
_WRITES: Final = WORDS.composed(r"\b%writes%(?: \w+){0,2} %sent_to%\b")
_ADDRESS: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_WHICH_BASIS: Final = WORDS.composed(r"\b%based_on%(?: \w+){0,2}? %kind%(?: \w+){0,2}? %which%\b")
LEAST_OF_TITLE: Final = 0.6
"""Share (0–1) of what a question says of a paper, weighed by how few papers say it, that a paper must hold."""

AHEAD: Final = 1.2
"""How much more of it than any other paper."""

LONGEST_TO_DAY: Final = 32
"""Letters between the word for issuing and the end of the day that a paper was issued."""

LEAST_BESIDE, MOST_BESIDE = 1, 3
"""Words of a question that neither name a plan nor are small, where it asks what that carries out, and its number."""


Found = tuple[Confirmation, Answer]


class Identities:
    """Judges what questions quote of papers."""

    def __init__(self, understanding: Understanding) -> None:
        """Take the plans that can be asked about; the papers that they cite are read when first asked for."""
        self._understanding = understanding
        self._plans: Mapping[str, Plan] = understanding.plans

    @cached_property
    def papers(self) -> tuple[Paper, ...]:
        """The papers that the plans cite."""
        return tuple(find_papers(self._plans.values()))

    def judge(self, text: str, claim: str, answer: Answer) -> Found | None:
        """The verdict on what is quoted of a paper, with the answer to show beneath it; None where none is quoted.

        Args:
            text: the message, tidied.
            claim: the same in folded letters, without the words that ask.
        """
        roads: tuple[Callable[[str, str, Answer], Found | None], ...] = (
            self._address,
            self._signer,
            self._issuer,
            self._basis,
            self._cited,
            self._own,
            self._term,
        )
        return next(filter(None, (road(text, claim, answer) for road in roads)), None)

    def untold(self, text: str, answer: Answer) -> Confirmation | None:
        """That the plans shown have no number or no day of their own, where that is asked for; None otherwise."""
        claim = fold(text)
        if answer.kind is not AnswerKind.DOCUMENTS or not answer.documents or answer.more:
            return None
        if names_other_paper(claim) or _BASED_ON.search(claim) or answer.question.references:
            return None
        numbered = any(plan.number for plan in answer.documents) or not _ASKS_NUMBER.search(claim)
        dated = any(plan.issued_on for plan in answer.documents) or not _ASKS_DAY.search(claim)
        if numbered and dated:
            return None
        matter = Matter.ISSUED if numbered else Matter.NUMBER if dated else Matter.NUMBER_AND_ISSUED
        return Confirmation(matter=matter, agrees=None)

    def recipients(self, text: str, answer: Answer) -> Answer | None:
        """The identity of the plans named where those are asked for to whom a paper is sent; None otherwise."""
        asked = fold(text)
        if answer.kind is AnswerKind.DOCUMENTS or not _SENT_TO.search(asked) or _WRITES.search(asked):
            return None
        if has_phrase(fold_words(asked), WORDS.phrases("does")):
            return None
        plans = self._named(text, answer)
        return self._shown(plans, answer) if plans and all(plan.recipients for plan in plans) else None

    def paper(self, text: str, answer: Answer) -> Answer | None:
        """The line that tells the number and day of a paper that plans cite, where these are asked for.

        The paper is named by its number, or by what it is about; None where it is none, several, or told already.
        """
        claim = fold(text)
        asks_basis = _WHICH_BASIS.search(claim) is not None
        if not (asks_basis or _ASKS_DAY.search(claim) or _ASKS_NUMBER.search(claim)):
            return None
        plans = self._named(claim, answer)
        if asks_basis and plans and all(self._asks_basis(claim, plan) for plan in plans):
            told = [paper for paper in self.papers if paper.passage is None and paper.plan in plans]
            return None if answer.kind is AnswerKind.DOCUMENTS or _cites(answer, told) else self._shown(plans, answer)
        cited = [each for each in find_cited(claim) if not any(each.is_number_of(p.number or "") for p in plans)]
        asked = [plan.id for plan in plans]
        if cited and _ASKS_DAY.search(claim):
            found = _likeliest(matching(cited[0], self.papers, self._plans, asked), claim)
        elif not cited and _ASKS_NUMBER.search(claim):
            found = self._about(claim, asked)
        else:
            return None
        passage = _shortest(found)
        is_told = any(paper.passage is None and paper.day and paper.plan in answer.documents for paper in found)
        return None if passage is None or is_told or _cites(answer, found) else _passages(passage, answer)

    def _asks_basis(self, claim: str, plan: Plan) -> bool:
        """Whether a claim says nothing but that some paper is carried out by a plan."""
        return bool(plan.carries_out) and self._beside(claim, plan) <= LEAST_BESIDE

    def _about(self, claim: str, asked: Sequence[str]) -> list[Paper]:
        """The papers of one number that a claim tells the matter of."""
        named = {kind for name, kind in KINDS.items() if re.search(rf"\b{re.escape(name)}\b", claim)}
        if not named:
            return []
        kinds = named - {""}
        idle = {word for phrase in WORDS.phrases("idle") for word in phrase}
        names = {word for plan in asked for word in self._issuer_words(self._plans[plan])}
        words = {word for word in self._understanding.speller.plain(claim) if word.isalpha()} - idle - names
        own = {plan for plan in self._plans if not asked or plan in self._siblings(asked)}
        papers = [paper for paper in self.papers if paper.plan.id in own and (not kinds or paper.kind in kinds)]
        spread = {word: len({p.number for p in self.papers if word in p.words}) for word in words}
        every = len({paper.number for paper in self.papers})
        weight = {word: log(1 + every / count) if count else log(1 + every) / 2 for word, count in spread.items()}
        whole = sum(weight.values())
        shares: dict[str, float] = {}
        for paper in papers:
            share = sum(weight[word] for word in words & paper.words)
            shares[paper.number] = max(shares.get(paper.number, 0.0), share)
        ranked = sorted(shares.items(), key=lambda each: -each[1])
        if len(words) < 2 or not ranked or ranked[0][1] < LEAST_OF_TITLE * whole:
            return []
        if len(ranked) > 1 and ranked[0][1] < AHEAD * ranked[1][1]:
            return []
        return [paper for paper in papers if paper.number == ranked[0][0]]

    def _siblings(self, asked: Sequence[str]) -> set[str]:
        return set(self._understanding.issuers.together(asked)) | set(asked)

    # --- What may be quoted ------------------------------------------------------------------------------------------

    def _address(self, text: str, claim: str, answer: Answer) -> Found | None:
        """The address to which something is sent."""
        quoted = set(_ADDRESS.findall(text.lower()))
        asked = [plan.id for plan in self._named(claim, answer)]
        known = [
            (Passage(plan=plan, deadline=due), address)
            for plan in self._plans.values()
            for due in plan.deadlines
            for address in _ADDRESS.findall((due.via or "").lower())
        ]
        known = [each for each in known if each[0].plan.id in asked] or known
        if len(quoted) != 1 or len({address for _, address in known}) != 1:
            return None
        passage, address = known[0]
        agrees = quoted == {address}
        return Confirmation(matter=Matter.ADDRESS, agrees=agrees, fact=address), _passages(passage, answer)

    def _signer(self, text: str, claim: str, answer: Answer) -> Found | None:
        signers = [plan.signer for plan in self._plans.values() if plan.signer]
        person = find_person(text, signers)
        is_known = person is not None and any(map(person.is_of, signers))
        if not speaks_of_signing(
            claim.replace(" ".join(person.name), "x") if person is not None and is_known else claim
        ):
            return None
        title = "" if person is not None else find_title(claim)
        if person is None and not title:
            return None
        masked = f"{text[: person.start]} {text[person.end :]}" if person is not None else text
        plans = [plan for plan in self._named(masked, answer, alone=person is not None) if plan.signer]
        if not plans or (person is None and not all(plan.signer_title for plan in plans)):
            return None
        if person is not None:
            agreed = {person.is_of(plan.signer or "") for plan in plans}
        else:
            agreed = {fold(plan.signer_title or "") == title for plan in plans}
        if len(agreed) > 1:
            return None
        day = self._own_day(claim, plans[0]) if len(plans) == 1 else None
        if day is not None and not day.agrees and True in agreed:
            return day, self._shown(plans, answer)
        told = dict.fromkeys(
            f"{plan.signer}, {plan.signer_title}" if plan.signer_title else plan.signer for plan in plans
        )
        matter = Matter.SIGNER if person is not None else Matter.SIGNER_TITLE
        return self._told(matter, agreed.pop(), "; ".join(filter(None, told)), plans, answer)

    def _issuer(self, text: str, claim: str, answer: Answer) -> Found | None:
        found = _ISSUED_BY.search(claim) or _ISSUED_BEHIND.search(claim)
        said = found["body"].strip(" ,.?") if found is not None else ""
        quoted = set(self._understanding.speller.plain(said))
        if not quoted or WORDS.folded("no_names").isdisjoint(quoted):
            return None
        plans = self._named(claim.replace(said, " "), answer, alone=True)
        agreed = {quoted <= self._issuer_words(plan) for plan in plans}
        if len(agreed) != 1 or (False in agreed and any(self._is_called(plan, quoted) for plan in plans)):
            return None
        told = "; ".join(dict.fromkeys(plan.issuer for plan in plans))
        return self._told(Matter.ISSUER, agreed.pop(), told, plans, answer)

    def _issuer_words(self, plan: Plan) -> set[str]:
        return {
            word for name in (plan.issuer, plan.place, *plan.aliases) for word in self._understanding.fold_words(name)
        }

    def _is_called(self, plan: Plan, quoted: set[str]) -> bool:
        """Whether words hold a name of a plan, its place or its issuer."""
        return any(quoted.issuperset(self._understanding.fold_words(name)) for name in plan.aliases)

    def _basis(self, _text: str, claim: str, answer: Answer) -> Found | None:
        """The paper that a plan carries out, quoted by its number."""
        cited = [each for each in find_cited(claim) if each.is_basis]
        if len(cited) != 1 or find_days(claim):
            return None
        plans = [plan for plan in self._named(claim, answer) if plan.carries_out]
        if any(self._beside(claim, plan) > MOST_BESIDE for plan in plans):
            return None
        kept: dict[str, list[str]] = {}
        for plan in plans:
            of_kind = [text for text in plan.carries_out if any(_is_of_kind(cited[0], p) for p in self._in(text, plan))]
            kept[plan.id] = of_kind
        if not plans or not all(kept.values()):
            return None
        agreed = {
            any(cited[0].is_number_of(p.number) for text in kept[p_.id] for p in self._in(text, p_)) for p_ in plans
        }
        if len(agreed) != 1:
            return None
        told = "; ".join(dict.fromkeys(text for texts in kept.values() for text in texts))
        return self._told(Matter.BASIS, agreed.pop(), told, plans, answer)

    def _in(self, text: str, plan: Plan) -> list[Paper]:
        return [paper for paper in self.papers if paper.plan is plan and paper.passage is None and paper.text == text]

    def _cited(self, _text: str, claim: str, answer: Answer) -> Found | None:
        """The day of a paper that plans cite, quoted with its number."""
        days = find_days(claim)
        for cited in find_cited(claim) if days else ():
            if days[0].month is None and not (_OWN_DAY.search(claim) or _is_beside_year(cited, claim)):
                continue
            asked = [plan.id for plan in self._named(claim, answer)]
            if any(cited.is_number_of(self._plans[plan].number or "") for plan in asked):
                continue
            papers = _likeliest(matching(cited, self.papers, self._plans, asked), claim)
            judged = day_of(papers, days[0])
            if judged is None:
                continue
            agrees, day = judged
            passage = _shortest(papers)
            shown = answer if _cites_first(answer, papers) or passage is None else _passages(passage, answer)
            return Confirmation(matter=Matter.CITED, agrees=agrees, fact=day), shown
        return None

    def _own(self, _text: str, claim: str, answer: Answer) -> Found | None:
        """A plan's own number and day."""
        plans = self._named(claim, answer)
        if len(plans) > 1:
            numbered = [
                plan for plan in plans if any(each.is_number_of(plan.number or "") for each in find_cited(claim))
            ]
            plans = numbered or [plan for plan in plans if plan.targets]
        if len(plans) != 1:
            return None
        plan = plans[0]
        number = self._own_number(claim, plan) if self._beside(claim, plan) <= MOST_BESIDE else None
        day = self._own_day(claim, plan)
        judged = [each for each in (number, day) if each is not None]
        wrong = [each for each in judged if not each.agrees]
        if not judged:
            return None
        return (wrong or judged)[-1], self._shown([plan], answer)

    def _own_number(self, claim: str, plan: Plan) -> Confirmation | None:
        named = [each for each in find_cited(claim) if not each.is_basis and self._may_be_own(each, plan)]
        if not named:
            return None
        if plan.number is None:
            return Confirmation(matter=Matter.NUMBER, agrees=None) if named[0].letters else None
        sure = [each for each in named if each.letters or _is_told_as_number(each, claim)]
        agrees = any(each.is_number_of(plan.number) for each in sure)
        return Confirmation(matter=Matter.NUMBER, agrees=agrees, fact=plan.number) if sure else None

    def _beside(self, claim: str, plan: Plan) -> int:
        """How many words of a claim neither name a plan, nor a kind of paper, nor are small ones."""
        own = {*self._issuer_words(plan), *self._understanding.fold_words(f"{plan.kind} {plan.short}")}
        lists = ("idle", "kind", "calls", "based_on", "own_day", "which")
        small = {word for name in lists for phrase in WORDS.phrases(name) for word in phrase}
        words = {word for word in self._understanding.speller.plain(claim) if word.isalpha() and len(word) > 1}
        numbers = re.findall(r"[a-z]*\d+[-/][-/\w]+", claim)
        letters = {word for number in numbers for word in re.findall(r"[a-z]+", number)}
        return len(words - own - small - letters)

    def _may_be_own(self, cited: Cited, plan: Plan) -> bool:
        """Whether a paper that is cited may be the plan itself: of its kind, and none that it cites."""
        own = KINDS.get(fold(plan.kind), "")
        kinds = {kind for kind in (cited.kind, cited.letters) if kind}
        is_own = all(kind.startswith(own) for kind in kinds) and bool(own)
        cites = any(cited.is_number_of(paper.number) for paper in self.papers if paper.plan is plan)
        matches = cited.is_number_of(plan.number or "")
        return matches or (is_own and not cites)

    def _own_day(self, claim: str, plan: Plan) -> Confirmation | None:
        days = self._issued(claim, plan)
        if not days or names_other_paper(claim) or _BASED_ON.search(claim):
            return None
        if plan.issued_on is None:
            return Confirmation(matter=Matter.ISSUED, agrees=None)
        real = Day(plan.issued_on.day, plan.issued_on.month, plan.issued_on.year)
        return Confirmation(matter=Matter.ISSUED, agrees=days[0].fits(real), fact=f"{plan.issued_on:%d/%m/%Y}")

    @staticmethod
    def _issued(claim: str, plan: Plan) -> list[Day]:
        """The days said right behind a word for issuing, or behind the plan's own number."""
        ends = [match.end() for match in _OWN_DAY.finditer(claim) if speaks_of_signing(claim, match.start())]
        if plan.number is not None:
            cited = [each.digits for each in find_cited(claim) if each.is_number_of(plan.number)]
            ends += [claim.index(digits) + len(digits) for digits in cited if digits in claim]
        behind = [day for end in ends for day in find_days(claim[end : end + LONGEST_TO_DAY])]
        told = find_days(claim)
        return [day for day in told if any(day.fits(each) for each in behind)]

    def _term(self, _text: str, claim: str, answer: Answer) -> Found | None:
        """The years for which a plan speaks, where its own words name them."""
        found = _TERM.search(claim)
        if found is None or not (answer.kind is AnswerKind.DOCUMENTS or _is_of_term(answer)):
            return None
        quoted = (int(found[1]), int(found[2]))
        plans = [plan for plan in self._named(claim, answer) if _tells_term(plan)]
        agreed = {(plan.covers_from, plan.covers_to) == quoted for plan in plans}
        if len(agreed) != 1:
            return None
        told = "; ".join(dict.fromkeys(f"{plan.covers_from}–{plan.covers_to}" for plan in plans))
        return self._told(Matter.TERM, agreed.pop(), told, plans, answer)

    # --- Whose paper it is -------------------------------------------------------------------------------------------

    def _named(self, text: str, answer: Answer, *, alone: bool = False) -> list[Plan]:
        """The plans that a text names; those that the question was taken to mean, unless it is read `alone`."""
        read = self._understanding.read_known(tidy(text)).plans
        leaned = answer.question.plans if not alone or answer.question.inherited else ()
        return [self._plans[plan] for plan in read or leaned if plan in self._plans]

    def _told(self, matter: Matter, agrees: bool, fact: str, plans: Sequence[Plan], answer: Answer) -> Found:
        return Confirmation(matter=matter, agrees=agrees, fact=fact), self._shown(plans, answer)

    @staticmethod
    def _shown(plans: Iterable[Plan], answer: Answer) -> Answer:
        told = tuple(plans)
        if answer.kind is AnswerKind.DOCUMENTS and {p.id for p in answer.documents} == {p.id for p in told}:
            return answer
        return Answer(kind=AnswerKind.DOCUMENTS, question=answer.question, documents=told)


def _is_of_term(answer: Answer) -> bool:
    """Whether the passage told says for which years its plan speaks."""
    if answer.kind is not AnswerKind.PASSAGES or answer.passages[0].task is None:
        return False
    plan, told = answer.passages[0].plan, answer.passages[0].task.summary
    return _tells_term(plan) and str(plan.covers_from) in told and str(plan.covers_to) in told


def _passages(passage: Passage, answer: Answer) -> Answer:
    return Answer(kind=AnswerKind.PASSAGES, question=answer.question, passages=(passage,))


def _is_told_as_number(cited: Cited, claim: str) -> bool:
    """Whether it is said that this is a number: not only "kế hoạch A15", by which a plan is named."""
    return any(match["digits"] == cited.digits for match in _TOLD_AS_NUMBER.finditer(claim))


def _is_beside_year(cited: Cited, claim: str) -> bool:
    """Whether a year is said right behind the number of a paper."""
    return any(match["digits"] == cited.digits for match in _NUMBER_AND_YEAR.finditer(claim))


def _likeliest(papers: Sequence[Paper], claim: str) -> list[Paper]:
    """The papers of one number: of several numbers, the one of which most words stand in a claim, if it is one."""
    said = set(fold_words(claim))
    shares: dict[str, int] = {}
    for paper in papers:
        shares[paper.number] = max(shares.get(paper.number, 0), len(said & paper.words))
    most = max(shares.values(), default=0)
    best = [number for number, share in shares.items() if share == most]
    return [paper for paper in papers if paper.number == best[0]] if len(best) == 1 else []


def _shortest(papers: Sequence[Paper]) -> Passage | None:
    """The shortest line that cites a paper with its day; None where none does."""
    told = [(len(paper.text), at, paper.passage) for at, paper in enumerate(papers) if paper.day]
    return min((each for each in told if each[2] is not None), key=lambda each: each[:2], default=(0, 0, None))[2]


def _cites(answer: Answer, papers: Sequence[Paper]) -> bool:
    """Whether an answer shows a line that cites one of these papers."""
    return any(paper.passage == shown for paper in papers for shown in answer.passages)


def _cites_first(answer: Answer, papers: Sequence[Paper]) -> bool:
    """Whether what an answer shows first cites one of these papers with its day."""
    first = answer.passages[:1] if answer.kind is AnswerKind.PASSAGES else ()
    return any(paper.passage == shown and bool(paper.day) for paper in papers for shown in first)


def _is_of_kind(cited: Cited, paper: Paper) -> bool:
    return not cited.kind or cited.kind == paper.kind


def _tells_term(plan: Plan) -> bool:
    said = " ".join((plan.title, plan.scope, *plan.carries_out))
    return all(re.search(rf"\b{year}\b", said) for year in (plan.covers_from, plan.covers_to))
