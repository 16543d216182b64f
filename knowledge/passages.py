"""Tasks and deadlines: found by the words of a question that they account for, or by a number they cite."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np

from knowledge.model.answers import Passage
from knowledge.model.plans import Plan, Task
from knowledge.model.questions import Question
from knowledge.question import Understanding
from knowledge.search.coverage import Coverage, content_of
from knowledge.search.index import Index
from knowledge.search.wordbook import Numbers, fold_number
from knowledge.sections import Sections
from knowledge.text import fold, is_syllable
from knowledge.words import CITED, ONE, PARTED, PLAIN_SECTIONS

MOST_SHOWN = 3
MOST_OF_A_SECTION = 5
FEW = 2
"""Passages that a single word may stand in and still be enough to name them ("CEP")."""

FITS = 0.8
FITS_LOOSELY = 0.6
FITS_PAIRS = 0.3
SURE = 0.95
"""Shares (0–1) of a question's words and neighbouring pairs that a passage must hold to be an answer to it."""

_NOT_FIGURES = re.compile(rf"(?!\b\d/\d {PARTED})\S*\d\S*[/-]\S+|\b\d+(?:\.\d{{1,2}})+\b|{CITED} \S*\d+")


_ROMAN = re.compile(r"[ivx]{2,}")


class Hit(NamedTuple):
    """A passage that may answer, and how much of the question it accounts for."""

    passage: Passage
    coverage: float
    pairs: float
    score: float

    @property
    def fits(self) -> bool:
        """Whether it accounts for nearly everything asked."""
        return self.coverage >= FITS and (self.pairs >= FITS_PAIRS or self.coverage >= SURE)

    @property
    def fits_loosely(self) -> bool:
        """Whether it accounts for most of what is asked."""
        return self.coverage >= FITS_LOOSELY and self.pairs >= FITS_PAIRS

    @property
    def holds_figure(self) -> bool:
        """Whether it states a number that is not part of a document's or a section's number."""
        return holds_figure(self.passage)


def holds_figure(passage: Passage) -> bool:
    """Whether a passage states a number that is not part of a document's or a section's number."""
    text = _text_of(passage)
    return any(char.isdigit() for char in _NOT_FIGURES.sub("", text)) or ONE in text


class Passages:
    """The index over the tasks and deadlines of the plans."""

    def __init__(self, plans: Mapping[str, Plan], understanding: Understanding, index: Index) -> None:
        """Take every task and deadline of `plans` (by id); `index` is theirs."""
        self.plans = plans
        self.understanding = understanding
        self.sections = {plan.id: Sections(plan, understanding.fold_words) for plan in plans.values()}
        self._all: list[Passage] = []
        self._places: dict[str, range] = {}
        for plan in plans.values():
            begin = len(self._all)
            self._all += [Passage(plan=plan, task=task) for task in plan.tasks]
            self._all += [Passage(plan=plan, deadline=deadline) for deadline in plan.deadlines]
            self._places[plan.id] = range(begin, len(self._all))
        self._last: tuple[tuple[object, ...], list[Hit]] | None = None
        self._index = Coverage(range(len(self._all)), index.terms, index.passages)

    def find(self, question: Question) -> list[Hit]:
        """The passages that fit best, the best first; remembered for the question just asked, as several roads look."""
        asked = (question.spoken, question.content, question.plans, question.issuers, question.years, question.cues)
        if self._last is None or self._last[0] != asked:
            self._last = (asked, self._present(self._find(question, self._keep(question)), question))
        return self._last[1]

    def _present(self, hits: list[Hit], question: Question) -> list[Hit]:
        """Without what plans of before say, where a plan that speaks now says it too."""
        silenced = self.understanding.issuers.silenced(question)
        if not silenced:
            return hits
        present = [hit for hit in hits if hit.passage.plan.id not in silenced]
        return present if present and (present[0].fits_loosely or not hits[0].fits_loosely) else hits

    def citing(self, question: Question) -> list[Hit]:
        """The tasks that cite a document of one of the question's numbers."""
        keep = self._keep(question)
        cited = (text for text in self._citing if any(cites(text, ref) for ref in question.references))
        citing = np.unique(np.array([place for text in cited for place in self._citing[text]], dtype=np.intp))
        if keep is not None:
            citing = citing[np.isin(citing, keep)]
        if not len(citing):
            return []
        return self._find(question, citing) or [Hit(self._all[place], 1.0, 1.0, 1.0) for place in citing.tolist()]

    def knows_document(self, reference: str) -> bool:
        """Whether a document of that number is a plan, or is spoken of in one; a bare number may be anything."""
        return reference.isdigit() or any(cites(text, reference) for text in self._spoken_of)

    @cached_property
    def _spoken_of(self) -> frozenset[str]:
        """The texts in which plans name documents, each with a number."""
        plans = list({passage.plan.id: passage.plan for passage in self._all}.values())
        said = [text for plan in plans for text in (plan.number, plan.title, plan.state_note, *plan.carries_out)]
        said += [text for plan in plans for task in plan.tasks for text in (task.summary, task.quote, *task.refs)]
        said += [text for plan in plans for due in plan.deadlines for text in (due.what, due.who, due.when)]
        return frozenset(text for text in said if text and any(map(str.isdigit, text)))

    @cached_property
    def _citing(self) -> Mapping[str, list[int]]:
        """The places of the tasks that cite each document."""
        found: dict[str, list[int]] = {}
        for place, passage in enumerate(self._all):
            for text in passage.task.refs if passage.task else ():
                found.setdefault(text, []).append(place)
        return found

    def of_sections(self, question: Question) -> tuple[Passage, ...]:
        """The tasks of the numbers that the question names."""
        if not (question.sections or question.parts or question.items):
            return ()
        silenced = self.understanding.issuers.silenced(question)
        plans = [self.plans[plan] for plan in question.plans] or [
            *(plan for plan in self.plans.values() if plan.id not in silenced),
            *(plan for plan in self.plans.values() if plan.id in silenced),
        ]
        found: list[Passage] = []
        for plan in plans:
            numbers = list(question.sections)
            sections = self.sections[plan.id]
            part_named = sections.names_a_part(question.spoken)
            if part_named or (question.plans and not question.asks("form")):
                numbers += [part.lower() for part in question.parts]
            if part_named:
                numbers += [".".join((*map(str.lower, question.parts[:1]), str(item))) for item in question.items]
            found += [Passage(plan=plan, task=task) for task in sections.numbered(numbers, question.spoken)]
            if len(found) >= MOST_OF_A_SECTION:
                break
        return tuple(found[:MOST_OF_A_SECTION])

    def best(self, question: Question, hits: list[Hit]) -> tuple[Passage, ...]:
        """Those worth showing: the first and what comes near it; only deadlines where a time is asked for."""
        first = hits[0]
        timed = _is_timed(question)
        share = 0.6 if timed else 0.8
        near = [h.passage for h in hits if h.score >= share * first.score and h.coverage >= 0.75 * first.coverage]
        if timed and first.passage.deadline is not None:
            near = [passage for passage in near if passage.deadline is not None]
            near = [passage for passage in near if self._goes_to(passage, question)] or near
        shown = {(p.plan.id, p.section, p.deadline.id if p.deadline else ""): p for p in reversed(near)}
        return tuple(reversed(shown.values()))[:MOST_SHOWN]

    def speaks_of(self, hit: Hit, question: Question) -> bool:
        """Whether a passage holds what must not be passed over: other things named, and which congress ("XIV")."""
        counted = {word for word in question.content if _ROMAN.fullmatch(word)}
        if not counted and not question.others:
            return True
        held = {word for run in self._runs(hit.passage) for word in run}
        return counted <= held and all(held.issuperset(self.understanding.fold_words(o)) for o in question.others)

    def answer(self, question: Question) -> tuple[Passage, ...]:
        """The passages that answer a question which names no subject of a target; none where nothing really does."""
        hits = self.find(question)
        if not hits or (self._is_strange(question) and hits[0].pairs < 0.75) or self._is_one_syllable(question):
            return ()
        first = hits[0]
        wants_figure = question.asks("figure") and not question.asks("who", "section", "roles", "when")
        if first.coverage < (FITS if wants_figure or question.years else FITS_LOOSELY):
            return ()
        if first.pairs < FITS_PAIRS and first.coverage < SURE:
            return ()
        counted = question.asks("asked_figure") and not question.asks("when", "section")
        if (wants_figure or counted) and not first.holds_figure:
            return ()
        if not self.speaks_of(first, question):
            return ()
        if not all(str(year) in _text_of(first.passage) for year in question.years):
            return ()
        return self.best(question, hits)

    def quoted(self, question: Question) -> tuple[Passage, ...]:
        """Words of the plans themselves that hold most of what is asked, where no fact does: they are quoted."""
        hits = [hit for hit in self.find(question) if hit.passage.task is not None and hit.passage.task.quoted]
        if not hits or not hits[0].fits or self._is_one_syllable(question):
            return ()
        wanted = set(self.understanding.fold_words(" ".join(question.others)))
        return (
            self.best(question, hits) if wanted <= {word for run in self._runs(hits[0].passage) for word in run} else ()
        )

    def _goes_to(self, passage: Passage, question: Question) -> bool:
        """Whether a deadline is owed to whom the question names."""
        to = set(self.understanding.fold_words((passage.deadline.to or "") if passage.deadline else ""))
        issuer = set(self.understanding.fold_words(passage.plan.issuer))
        return bool(to) and len((to - issuer) & set(question.content)) >= 2

    def _runs(self, passage: Passage) -> list[list[str]]:
        if passage.task is not None:
            task = passage.task
            texts = [task.summary, *task.keywords, *task.lead, *task.with_, *task.refs]
        else:
            assert passage.deadline is not None
            due = passage.deadline
            texts = [due.what, due.when, due.who, due.to or "", due.via or "", *due.keywords]
        return [[fold_number(word) for word in self.understanding.fold_words(text)] for text in texts]

    def _keep(self, question: Question) -> Numbers | None:
        """The places of the passages of the plans named, and of other papers of the same issuer that set no targets."""
        if not question.plans:
            return None
        issuers = self.understanding.issuers
        beside = {plan for plan in issuers.together(question.plans) if not self.plans[plan].targets}
        beside |= {plan.id for name in question.issuers for plan in issuers.pool(name)}
        plans = {*question.plans, *beside}
        return np.array([place for plan in self.plans if plan in plans for place in self._places[plan]], dtype=np.intp)

    def _find(self, question: Question, keep: Numbers | None) -> list[Hit]:
        words = self._sought(question)
        found = self._index.find(words, content_of(question), keep=keep, limit=20) if words else []
        favours = self._favours([each.item for each in found], question)
        order = sorted(range(len(found)), key=lambda at: -found[at].score * favours[at])
        return [Hit(self._all[found[at].item], *found[at][1:]) for at in order]

    def _sought(self, question: Question) -> list[str]:
        """The words to look up: those with a meaning, and small words that belong together in some passage."""
        spoken = [fold_number(word) for word in question.spoken]
        content = content_of(question)
        if not any(word.isalpha() for word in content):
            return []
        known = self._index.knows_neighbours(spoken)
        return [word for at, word in enumerate(spoken) if word in content or any(known[max(at - 1, 0) : at + 1])]

    def _favours(self, places: Sequence[int], question: Question) -> list[float]:
        """How much passages count: deadlines where a time is asked for, headings less, those who lead for "who"."""
        of_deadline = 1.25 if _is_timed(question) else 1.0 if question.asks("due") else 0.85
        asked = set(question.content) if question.asks("who", "roles") else None
        favours = []
        for passage in map(self._all.__getitem__, places):
            favour = 1.0 if not question.plans or passage.plan.id in question.plans else 0.9
            task = passage.task
            if task is None:
                favour *= of_deadline
            elif _is_heading(task):
                favour *= 0.8
            elif asked is not None and task.lead:
                bodies = [set(self.understanding.fold_words(body)) for body in task.lead]
                favour *= 1.15 * (1.25 if any(len(asked & body) >= 0.6 * len(body) for body in bodies) else 1.0)
            favours.append(favour)
        return favours

    def _is_one_syllable(self, question: Question) -> bool:
        """Whether all that is asked is one common syllable, which says nothing without its neighbour."""
        content = content_of(question)
        common = all(is_syllable(word) and self._index.spread(word) > FEW for word in content)
        return len(content) == 1 and not question.references and common

    def _is_strange(self, question: Question) -> bool:
        """Whether the words that nothing accounts for stand together as they never do in a plan ("điện thoại")."""
        at = {place for place, word in enumerate(question.spoken) if word in question.leftover}
        pairs = [(question.spoken[place], question.spoken[place + 1]) for place in at if place + 1 in at]
        return bool(pairs) and sum(not self._index.knows(pair) for pair in pairs) > 0.5 * len(pairs)


def cites(text: str, reference: str) -> bool:
    """Whether a text names the document of that number, given whole ("1729qdttg") or as a bare number."""
    for bare, number in _numbers_of(text):
        if bare == reference or (number == reference and reference.isdigit()):
            return True
        if len(reference) > 4 and bare.startswith(reference):
            return True
    return False


@lru_cache(maxsize=16384)
def _numbers_of(text: str) -> tuple[tuple[str, str], ...]:
    """The numbers of documents in a text: each bare ("1729qdttg"), and what stands in front ("1729")."""
    found = (re.sub(r"[^a-z0-9]", "", each) for each in re.findall(r"[\w./-]*\d[\w./-]*", fold(text)))
    return tuple((bare, number[0] if (number := re.match(r"[a-z]?\d+", bare)) else "") for bare in found)


def _is_heading(task: Task) -> bool:
    """Whether a task is a heading: high up in a plan, with nobody who leads."""
    return task.section.count(".") < 2 and not task.lead and not task.section.startswith(PLAIN_SECTIONS)


def _is_timed(question: Question) -> bool:
    """Whether a time is asked for, or to whom something is due; not who does something."""
    return question.asks("when", "whom") or (question.asks("due") and not question.asks("who"))


def _text_of(passage: Passage) -> str:
    if passage.task is not None:
        return passage.task.summary
    return f"{passage.deadline.what} {passage.deadline.when}" if passage.deadline else ""
