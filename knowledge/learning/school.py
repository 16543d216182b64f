"""Training data of the ranking: questions with what answers them, and what is learned from any part of them.

The data are questions with the lines of the plans' texts that answer them; candidates name their lines, so that data
and catalogue may both change. Whatever looks at other questions (pairs, votes, kinds of question) is worked out without
the author of the question learned from: authors stand in a few groups, each read with what the others taught.
Learning needs the optional dependencies `train` (lightgbm, scikit-learn, scipy).
"""

from __future__ import annotations

import json
import random
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from knowledge.answer import load_adviser
from knowledge.forms import load_forms
from knowledge.learning.linear import LinearModel
from knowledge.learning.train import LESSONS, ROOM, train
from knowledge.learning.variations import with_clause, without_names
from knowledge.question import Understanding
from knowledge.search.asking import ShownCandidates, make_asked
from knowledge.search.candidates import Candidate, Sort
from knowledge.search.index import Index, build_index
from knowledge.search.lore import Lore, learn_pairs, pieces_of_asked
from knowledge.search.ranker import Features, Pairs, Ranked, RankedQuestion, Ranker, Votes
from knowledge.search.trees import Forest
from knowledge.text import fold
from knowledge.text import words as words_of_text

TREES, LEAVES = 150, 15
GROUPS = 4
"""Groups of authors, each of which is read with what the others taught."""
SHARE_WITH_CLAUSE, SHARE_WITHOUT_PLAN = 0.2, 0.3
"""How many questions are learned a second time in another form."""
SHARE_OF_NEW_PLANS = 0.25
"""How many questions are ranked, where the trees learn, as if their plan were new."""
RANDOM = 30
"""Candidates at random among those a question is not answered by; without them nonsense is learned."""

_SETTINGS = {
    "objective": "binary",
    "num_leaves": LEAVES,
    "learning_rate": 0.08,
    "min_data_in_leaf": 30,
    "feature_fraction": 0.7,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "verbose": -1,
    "num_threads": 2,
    "seed": 1,
    "deterministic": True,
}

_SORTS: Mapping[str, frozenset[Sort]] = {
    "target": frozenset({Sort.TARGET}),
    "verdict": frozenset({Sort.TARGET}),
    "comparison": frozenset({Sort.TARGET, Sort.TASK, Sort.DEADLINE}),
    "deadline": frozenset({Sort.DEADLINE, Sort.TASK}),
    "indicator": frozenset({Sort.ROW}),
    "task": frozenset({Sort.TASK, Sort.DEADLINE, Sort.TARGET}),
    "responsible": frozenset({Sort.TASK, Sort.DEADLINE}),
    "document": frozenset({Sort.TASK, Sort.DEADLINE}),
}
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")

_SILENT = frozenset({"absent", "law", "people", "other", "result", "silent"})
"""Kinds of question that no text answers."""

_FACTS = frozenset({Sort.TARGET, Sort.TASK, Sort.DEADLINE, Sort.ROW})


@dataclass(frozen=True)
class Taught:
    """A question with the places of the candidates that answer it; none where nothing does."""

    by: str
    text: str
    kind: str
    answers: frozenset[int]


def find_answers(row: Mapping[str, Any], index: Index) -> frozenset[int]:
    """The candidates that were read from the lines which answer the question."""
    candidates = index.candidates
    lines: dict[str, set[int]] = defaultdict(set)
    for source in row["source"]:
        file, _, number = str(source).partition(":")
        lines[file.removesuffix(".txt")].add(int(number))
    found: set[int] = set()
    for plan, wanted in lines.items():
        own = [place for place, candidate in enumerate(candidates) if candidate.plan == plan]
        found |= _overview(wanted, own, candidates) if row["kind"] == "overview" else set()
        if row["kind"] != "overview":
            found |= _told(row, _facts(str(row["kind"]), wanted, own, candidates), index)
    return frozenset(found)


def _told(row: Mapping[str, Any], places: set[int], index: Index) -> set[int]:
    """Of the facts read from one line, those that hold the figures of the answer, or most of its words."""
    if len(places) < 2:
        return places
    answer = fold(str(row["answer"] or ""))
    figures = set(_FIGURE.findall(answer))
    words = {word for word in words_of_text(answer) if len(word) > 2}

    def share(place: int) -> float:
        held = index.words_of(place)
        figured = len(figures & held) / len(figures) if figures else 0.0
        return figured + (len(words & held) / len(words) if words else 0.0)

    most = max(map(share, places))
    enough = 0.5 if row["kind"] == "comparison" else 0.7
    return {place for place in places if share(place) >= enough * most}


def _overview(wanted: set[int], own: Sequence[int], candidates: Sequence[Candidate]) -> set[int]:
    def fit(place: int) -> float:
        return len(candidates[place].lines & wanted) / (len(candidates[place].lines | wanted) or 1)

    best = max(own, key=fit, default=None)
    return {place for place in own if best is not None and fit(place) > 0 and fit(place) >= 0.9 * fit(best)}


def _facts(kind: str, wanted: set[int], own: Sequence[int], candidates: Sequence[Candidate]) -> set[int]:
    hit = {place for place in own if candidates[place].sort in _FACTS and candidates[place].lines & wanted}
    hit -= {place for place in hit if any(_is_within(candidates[o], candidates[place]) for o in hit)}
    fitting = {place for place in hit if candidates[place].sort in _SORTS.get(kind, _FACTS)}
    if kind == "document" or (kind == "responsible" and not hit):
        fitting |= {place for place in own if candidates[place].sort is Sort.DOCUMENT}
    return fitting or hit


def _is_within(piece: Candidate, whole: Candidate) -> bool:
    """Whether a task is one of the pieces that another sums up."""
    both = piece.sort is whole.sort is Sort.TASK and piece.ref != whole.ref
    return both and piece.lines < whole.lines and piece.tasks[0].section.startswith(whole.tasks[0].section)


class School:
    """The questions of the training data, matched to the candidates of the present catalogue."""

    def __init__(self, understanding: Understanding) -> None:
        """Read every question; raises FileNotFoundError where the data are missing."""
        self.understanding = understanding
        self.index = build_index(understanding, load_forms())
        self.candidates = self.index.candidates
        self.features = Features(self.index)
        lines = (ROOM / "data" / "questions.jsonl").read_text(encoding="utf-8").splitlines()
        every = [json.loads(line) for line in lines if line.strip()]
        traced = {row["by"] for row in every if row["source"]}
        rows = [row for row in every if row["by"] in traced and (row["source"] or row["kind"] in _SILENT)]
        asked = [Taught(r["by"], r["q"], r["kind"], find_answers(r, self.index)) for r in rows]
        self.taught = [*asked, *self._vary(asked)]
        adviser, shown = load_adviser(), ShownCandidates(self.index)
        resolved = [adviser.resolve(understanding.read(each.text), None) for each in self.taught]
        self.named = [adviser.names.find(question, ()) for question in resolved]
        self.shown = [shown.ids(named) for named in self.named]
        self.words = [make_asked(understanding, named, {}).words for named in self.named]
        self.examples = LESSONS["questions"].read()
        authors = sorted({each.by for each in self.taught})
        self._groups = {author: number % GROUPS for number, author in enumerate(authors)}
        self._models: dict[int, LinearModel] = {}

    def _vary(self, asked: Sequence[Taught]) -> Iterator[Taught]:
        """A share of the questions once more: with a harmless clause, or without the name of the plan they ask about.

        A target asked for without a plan is answered by every plan that sets it.
        """
        chance = random.Random(2)
        for each in asked:
            if chance.random() < SHARE_WITH_CLAUSE:
                yield replace(each, text=with_clause(each.text, chance))
            plans = {self.candidates[place].plan for place in each.answers}
            if each.kind not in {"target", "verdict"} or len(plans) != 1 or chance.random() > SHARE_WITHOUT_PLAN:
                continue
            bare = without_names(each.text, self.understanding.plans[plans.pop()].aliases)
            if bare is not None:
                subjects = {self.candidates[place].ref for place in each.answers}
                places = (n for n, c in enumerate(self.candidates) if c.sort is Sort.TARGET and c.ref in subjects)
                yield replace(each, text=bare, answers=each.answers.union(places))

    def plans_of(self, at: int) -> frozenset[str]:
        """The plans that answer a question."""
        return frozenset(self.candidates[place].plan for place in self.taught[at].answers)

    def split_new(self, places: Sequence[int], chance: random.Random) -> Iterator[tuple[str | None, list[int]]]:
        """A share of the questions by their plan, to be read as if nobody had asked about it before; the rest at last.

        So a plan just brought in is answered by what is plain in its text, not by what was learned of others.
        """
        new = {at for at in places if len(self.plans_of(at)) == 1 and chance.random() < SHARE_OF_NEW_PLANS}
        for plan in sorted({plan for at in new for plan in self.plans_of(at)}):
            yield plan, [at for at in places if at in new and plan in self.plans_of(at)]
        yield None, [at for at in places if at not in new]

    def lore(self, places: Iterable[int], without: str | None = None) -> Lore:
        """What is learned from the questions at these places, those about the plan `without` left out."""
        answered = [at for at in places if self.taught[at].answers and without not in self.plans_of(at)]
        held = [
            (self.words[at], [self.features.words_of(place) for place in self.taught[at].answers])
            for at in answered
            if self.taught[at].kind != "overview"
        ]
        ids = [tuple(sorted(self.candidates[place].id for place in self.taught[at].answers)) for at in answered]
        return Lore(learn_pairs(held), list(zip([self.words[at] for at in answered], ids, strict=True)))

    def group_of(self, at: int) -> int:
        """The group of authors that the author of a question belongs to."""
        return self._groups[self.taught[at].by]

    def authors_of(self, group: int) -> frozenset[str]:
        """The authors in a group."""
        return frozenset(author for author, each in self._groups.items() if each == group)

    def kinds(self, at: int) -> Mapping[str, float]:
        """The kinds of a question, by a model that learned from authors of all other groups."""
        return self.model_without(self.group_of(at)).predict(self.taught[at].text)

    def model_without(self, group: int) -> LinearModel:
        """The kinds of question as authors of all other groups taught them; kept."""
        if group not in self._models:
            others = [each for each in self.examples if self._groups.get(each.by, -1) != group]
            self._models[group] = train(LESSONS["questions"], others)
        return self._models[group]

    def lore_without(self, group: int) -> Lore:
        """What is learned from the questions of authors of all other groups."""
        return self.lore(at for at in range(len(self.taught)) if self.group_of(at) != group)

    def asked(self, at: int) -> RankedQuestion:
        """A question as the ranker sees it."""
        return make_asked(self.understanding, self.named[at], self.kinds(at), self.shown[at])

    def rows(self, at: int, pairs: Pairs, votes: Votes, chance: random.Random) -> Any:
        """The features of the candidates of one question and which of them answer it."""
        asked = self.asked(at)
        everything = len(self.candidates)
        chosen, table = self.features.weigh(asked, pairs, votes.count(asked.words), everything)
        answers = self.taught[at].answers
        kept = [n for n, place in enumerate(chosen) if n < 60 or place in answers]
        kept += chance.sample(range(60, len(chosen)), RANDOM)
        return table[kept], np.array([chosen[n] in answers for n in kept], dtype=np.float64)


def learn_forest(school: School, places: Sequence[int]) -> Forest:
    """Trees taught by the questions at these places."""
    import lightgbm  # noqa: PLC0415

    chance = random.Random(1)
    tables, answers = [], []
    for group in sorted({school.group_of(at) for at in places}):
        own = [at for at in places if school.group_of(at) == group]
        rest = [at for at in places if school.group_of(at) != group]
        for plan, some in school.split_new(own, chance):
            lore = school.lore(rest, without=plan)
            votes = Votes(lore.questions, school.index, pieces_of_asked(lore.questions))
            pairs = Pairs(school.index.terms, lore.pairs)
            for at in some:
                table, right = school.rows(at, pairs, votes, chance)
                tables.append(table)
                answers.append(right)
    booster = lightgbm.train(_SETTINGS, lightgbm.Dataset(np.vstack(tables), np.concatenate(answers)), TREES)
    return make_forest(booster.dump_model()["tree_info"])


def make_forest(trees: Sequence[Mapping[str, Any]]) -> Forest:
    """The trees of a dumped booster as arrays; every node of a tree has a place, a leaf leads to itself."""
    flat: list[list[tuple[int, float, int, int, float]]] = []

    def lay(node: Mapping[str, Any], nodes: list[tuple[int, float, int, int, float]]) -> int:
        at = len(nodes)
        nodes.append((0, np.inf, at, at, float(node.get("leaf_value", 0.0))))
        if "split_feature" in node:
            left = lay(node["left_child"], nodes)
            right = lay(node["right_child"], nodes)
            nodes[at] = (int(node["split_feature"]), float(node["threshold"]), left, right, 0.0)
        return at

    for tree in trees:
        nodes: list[tuple[int, float, int, int, float]] = []
        lay(tree["tree_structure"], nodes)
        flat.append(nodes)
    width = max(map(len, flat))
    filled = np.array([nodes + [(0, np.inf, 0, 0, 0.0)] * (width - len(nodes)) for nodes in flat], dtype=np.float64)
    return Forest.from_parts({name: filled[:, :, n] for n, name in enumerate(Forest.PARTS)})


def hold_out(
    school: School, own: Collection[int], *, with_new: bool = False
) -> Iterator[tuple[int, RankedQuestion, tuple[Ranked, ...]]]:
    """These questions with their ranking, by what all others taught; a share as if its plan were new."""
    rest = [at for at in range(len(school.taught)) if at not in own]
    forest = learn_forest(school, rest)
    places = sorted(own)
    for plan, some in school.split_new(places, random.Random(3)) if with_new else [(None, places)]:
        lore = school.lore(rest, without=plan)
        ranker = Ranker(school.index, lore, forest, pieces_of_asked(lore.questions))
        for at in some:
            asked = school.asked(at)
            yield at, asked, ranker.rank(asked)
