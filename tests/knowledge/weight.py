"""`python -m tests.knowledge.weight`: switch each hand-written mechanism off by itself and count the rows that change.

Rows are questions of authors who knew only the plans. What was learned stays on, but each row is ranked, and its kind
told, by what authors of other groups taught: a model that remembers the row would need no mechanism for it. Trees and
gate are those that ship; they were learned from rankings of the same make. A mechanism that fewer than three rows need
has nobody to stand up for it. Needs the optional dependencies `train`.
"""

from __future__ import annotations

import argparse
import itertools
import random
import sys
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from multiprocessing import get_context
from unittest import mock

from bot.road.reply import to_plain
from bot.words import answers
from knowledge.answer import Adviser
from knowledge.forms import load_forms
from knowledge.glossary import Glossary, load_glossary
from knowledge.learning.linear import LinearModel
from knowledge.learning.school import GROUPS, School
from knowledge.model.answers import Answer
from knowledge.plans import load_plans
from knowledge.question import Understanding, load_understanding
from knowledge.search.asking import make_asked
from knowledge.search.gate import load_gate
from knowledge.search.index import Index, build_index
from knowledge.search.learned import Learned, Opinion
from knowledge.search.lore import load_learned, pieces_of_asked
from knowledge.search.ranker import MOST_RANKED, Ranker
from tests.knowledge import examiner
from tests.knowledge.examiner import is_told, read_asked
from tests.knowledge.mechanisms import Mechanism, mechanisms

BLIND = ("q", "t")
"""How the names of the authors begin who saw neither code nor data."""

SAMPLE = 1_200
PROCESSES = 2
FEWEST = 3
"""Rows that a mechanism is needed by, or it goes."""


@dataclass(frozen=True)
class Weight:
    """What changes where a mechanism is off: the rows that turn wrong, and those that turn right."""

    lost: tuple[int, ...] = ()
    won: tuple[int, ...] = ()

    @property
    def is_needed(self) -> bool:
        """Whether enough rows need it, and more than are better off without it."""
        return len(self.lost) >= FEWEST and len(self.lost) > len(self.won)


class _Remembering(Learned):
    """Judges what it has judged before only once."""

    def __init__(self, understanding: Understanding, voice: Voice) -> None:
        """`voice` keeps its opinions, whatever reads the questions."""
        super().__init__(understanding, voice.kinds, voice.ranker, load_gate())
        self._opinions = voice.opinions

    def judge(self, named: Answer, most: int = MOST_RANKED) -> Opinion:
        """See `Learned`."""
        asked = make_asked(self._understanding, named, {}, self._shown.ids(named))
        key = (
            named.question.text,
            named.question.inherited,
            most,
            *(part for name, part in vars(asked).items() if name != "kinds"),
        )
        if key not in self._opinions:
            self._opinions[key] = super().judge(named, most)
            assert self._opinions[key].odds, "what is switched off meanwhile changes what was weighed"
        return self._opinions[key]


@dataclass(frozen=True)
class Voice:
    """What the authors of the other groups taught, and what was made of it so far."""

    kinds: LinearModel
    ranker: Ranker
    opinions: dict[tuple[Hashable, ...], Opinion] = field(default_factory=dict)


def choose(rows: Sequence[examiner.Asked], most: int | None) -> list[int]:
    """The places of rows of blind authors: all, or a seeded sample with every kind in turn."""
    blind = [at for at, row in enumerate(rows) if row.by.startswith(BLIND)]
    if most is None:
        return blind
    random.Random(18).shuffle(blind)
    by_kind: dict[str, list[int]] = defaultdict(list)
    for at in blind:
        by_kind[rows[at].kind].append(at)
    turns = itertools.zip_longest(*(by_kind[kind] for kind in sorted(by_kind)))
    return [at for turn in turns for at in turn if at is not None][:most]


def advise(glossary: Glossary, index: Index, learn: Callable[[Understanding], Learned]) -> Adviser:
    """The adviser with another glossary; index and what was learned are those given."""
    understanding = Understanding(load_plans(), glossary)
    with (
        mock.patch("knowledge.answer.build_index", lambda *_: index),
        mock.patch("knowledge.answer.build_learned", lambda *_: learn(understanding)),
    ):
        return Adviser(understanding, load_forms())


class Examination:
    """The catalogue, the rows and what the authors taught; made once, before processes part."""

    def __init__(self, chosen: Sequence[int]) -> None:
        """`chosen` are places in the rows of the examiner."""
        self.rows = read_asked()
        self.chosen = chosen
        self.glossary = load_glossary()
        self.index = build_index(load_understanding(), load_forms())
        self.school = School(load_understanding())

    def teach(self, group: int) -> Voice:
        """What can be learned without the authors of a group."""
        school, lore = self.school, self.school.lore_without(group)
        ranker = Ranker(school.index, lore, load_learned()[1], pieces_of_asked(lore.questions))
        return Voice(school.model_without(group), ranker)

    def right(self, voice: Voice, places: Iterable[int], mechanism: Mechanism | None = None) -> frozenset[int]:
        """The rows that are answered right, without the mechanism if one is given."""
        if mechanism is None:
            return self._right(voice, places, self.glossary)
        with mechanism.off():
            return self._right(voice, places, mechanism.without(self.glossary))

    def _right(self, voice: Voice, places: Iterable[int], glossary: Glossary) -> frozenset[int]:
        adviser = advise(glossary, self.index, lambda understanding: _Remembering(understanding, voice))
        said = ((at, to_plain(answers.answer(adviser.ask(self.rows[at].q)))) for at in places)
        return frozenset(at for at, reply in said if is_told(self.rows[at], reply))

    def weigh(self, group: int, names: Collection[str]) -> tuple[int, dict[str, Weight]]:
        """How many rows of a group are right, and what each mechanism weighs there; all without names."""
        voice, authors = self.teach(group), self.school.authors_of(group)
        places = [at for at in self.chosen if self.rows[at].by in authors]
        right = self.right(voice, places)
        weights = {}
        for mechanism in mechanisms(self.glossary):
            if not names or mechanism.name.startswith(tuple(names)):
                without = self.right(voice, places, mechanism)
                weights[mechanism.name] = Weight(tuple(sorted(right - without)), tuple(sorted(without - right)))
        return len(right), weights


def weigh_all(examination: Examination, names: Collection[str]) -> tuple[int, dict[str, Weight]]:
    """The same of all groups together, several at once."""
    with get_context("fork").Pool(PROCESSES, _take, (examination,)) as pool:
        found = pool.starmap(_weigh, [(group, names) for group in range(GROUPS)], chunksize=1)
    total: dict[str, Weight] = {}
    for _, weights in found:
        for name, each in weights.items():
            so_far = total.get(name, Weight())
            total[name] = Weight(so_far.lost + each.lost, so_far.won + each.won)
    return sum(right for right, _ in found), total


_taken: list[Examination] = []


def _take(examination: Examination) -> None:
    _taken.append(examination)


def _weigh(group: int, names: Collection[str]) -> tuple[int, dict[str, Weight]]:
    return _taken[0].weigh(group, names)


def main(given: Sequence[str] | None = None) -> int:
    """The command line; 0 where every mechanism is needed."""
    parser = argparse.ArgumentParser(prog="python -m tests.knowledge.weight", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="how the mechanisms to weigh begin; all without one")
    parser.add_argument("--all", action="store_true", help=f"all rows, not a seeded sample of {SAMPLE}")
    parser.add_argument("-v", "--verbose", action="store_true", help="the rows too")
    args = parser.parse_args(given)
    examination = Examination(choose(read_asked(), None if args.all else SAMPLE))
    right, weights = weigh_all(examination, args.names)
    print(f"{right} of {len(examination.chosen)} rows are right; without a mechanism this many turn wrong, and right:")
    for name, weight in sorted(weights.items(), key=lambda item: (len(item[1].won) - len(item[1].lost), item[0])):
        print(f"{len(weight.lost):5} {len(weight.won):5}  {name}{'' if weight.is_needed else '  -'}")
        for sign, places in (("-", weight.lost), ("+", weight.won)) if args.verbose else ():
            for row in map(examination.rows.__getitem__, places):
                print(f"            {sign} [{row.by} {row.kind}] {row.q}")
    idle = sum(not weight.is_needed for weight in weights.values())
    print(f"{idle} of {len(weights)} are needed by fewer than {FEWEST} rows, or do more harm than good (marked -)")
    return 1 if idle else 0


if __name__ == "__main__":
    sys.exit(main())
