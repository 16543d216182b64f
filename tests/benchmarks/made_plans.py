"""Plans made up for measuring: as many as wanted, each of its own place, with its own sentences, figures and subjects.

Sentences are spliced from those of the plans that ship, and a share of their syllables is exchanged for others, common
ones often, rare ones seldom, so that no two passages are alike and words are as unevenly spread as in real plans.
"""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal

import msgspec

from knowledge.model.plans import Deadline, OwnSubject, Plan, Target, Task
from knowledge.plans import load_plans

SHARE_EXCHANGED = 0.15
"""Syllables of a sentence that are exchanged for others."""

SHARE_NEW = 0.2
"""Of those, the ones that no plan uses yet."""

OWN_TARGETS = 2
"""Targets of a plan that are on a subject of its own."""

DEADLINES = 5

_ONSETS = "b c ch d đ g gi h kh l m n ng nh ph qu r s t th tr v x"
_RIMES = "a á à ạ an án anh áo âm ấn ất ẹ en êm ết i ích iên iều in o ó oan ốc ôi ơn ột u ú uân ung ước ương ưu y"
_PLACES = "an bình cao dương gia hà kha lâm minh nam phú quang sơn tân vĩnh xuân yên đức hòa long mỹ thạnh trung"


class _Writer:
    """Writes sentences in the words of the plans that ship."""

    def __init__(self, plans: Sequence[Plan], chance: random.Random) -> None:
        self._chance = chance
        self._sentences = [task.summary.split() for plan in plans for task in plan.tasks]
        counted = Counter(word for sentence in self._sentences for word in sentence if word.isalpha())
        self._common, self._weights = list(counted), list(itertools.accumulate(counted.values()))
        self._new = [onset + rime for onset in _ONSETS.split() for rime in _RIMES.split()]

    def sentence(self) -> str:
        """The first half of one sentence and the second of another, some syllables exchanged."""
        first, second = self._chance.choices(self._sentences, k=2)
        return " ".join(map(self._exchanged, (*first[: len(first) // 2 + 1], *second[len(second) // 2 :])))

    def phrase(self, size: int) -> str:
        """A run of syllables that nobody has used together."""
        return " ".join(self._chance.choices(self._new, k=size))

    def _exchanged(self, word: str) -> str:
        if word.isdecimal():
            return str(self._chance.randint(1, 100))
        if not word.isalpha() or self._chance.random() > SHARE_EXCHANGED:
            return word
        if self._chance.random() < SHARE_NEW:
            return self._chance.choice(self._new)
        return self._chance.choices(self._common, cum_weights=self._weights)[0]


def make_plans(count: int, passages: int = 60) -> tuple[Plan, ...]:
    """The plans that ship and made ones beside them, `count` in all, the same each time; one issuer in five has two.

    Args:
        passages: tasks and deadlines of each made plan.
    """
    shipped, chance = load_plans(), random.Random(11)
    writer = _Writer(shipped, chance)
    models = [plan for plan in shipped if plan.targets]
    names = _names(chance)
    made = list(shipped)
    place = next(names)
    while len(made) < count:
        number = len(made)
        place = place if number % 5 == 4 else next(names)
        made.append(_plan(chance.choice(models), number, place, writer, chance, passages))
    return tuple(made[:count])


def _names(chance: random.Random) -> Iterator[str]:
    """Names of places, none twice."""
    names = [" ".join(name).title() for name in itertools.permutations(_PLACES.split(), 3)]
    chance.shuffle(names)
    yield from names


def _plan(model: Plan, number: int, place: str, writer: _Writer, chance: random.Random, passages: int) -> Plan:
    later = 5 if number % 5 == 4 else 0
    subjects = tuple(_subject(f"made-{number}-{at}", writer) for at in range(OWN_TARGETS))
    targets = chance.sample(model.targets, min(len(model.targets), 12))
    own = [
        msgspec.structs.replace(targets[at % len(targets)], id=f"own-{at}", indicator=subject.id)
        for at, subject in enumerate(subjects)
    ]
    return msgspec.structs.replace(
        model,
        id=f"made-{number}",
        title=f"{model.kind} {writer.sentence()}"[:200],
        short=f"Tỉnh ủy {place}{' ' + str(2026 + later) if later else ''}",
        issuer=f"Tỉnh ủy {place}",
        place=place,
        aliases=(place, f"tỉnh {place}", f"Tỉnh ủy {place}", f"{model.kind} {place}"),
        number=f"{number}-CTr/TU",
        signer=None,
        covers_from=model.covers_from + later,
        covers_to=model.covers_to + later,
        subjects=subjects,
        targets=tuple(_target(target, chance) for target in (*targets, *own)),
        deadlines=tuple(_deadline(chance.choice(model.deadlines), at, writer) for at in range(DEADLINES)),
        tasks=tuple(_tasks(model, passages - DEADLINES, writer, chance)),
    )


def _subject(id_: str, writer: _Writer) -> OwnSubject:
    name = f"Tỷ lệ {writer.phrase(4)}"
    return OwnSubject(id=id_, name=name, short=name, names=(name.removeprefix("Tỷ lệ "),))


def _target(target: Target, chance: random.Random) -> Target:
    """The same target with another figure, where it states one that is no range."""
    if target.value is None or target.value_max is not None or str(target.value) not in target.figure:
        return target
    value = Decimal(chance.randint(10, 99))
    return msgspec.structs.replace(target, value=value, figure=target.figure.replace(str(target.value), str(value)))


def _deadline(deadline: Deadline, number: int, writer: _Writer) -> Deadline:
    return msgspec.structs.replace(deadline, id=f"due-{number}", what=writer.sentence())


def _tasks(model: Plan, count: int, writer: _Writer, chance: random.Random) -> Iterator[Task]:
    """Tasks in the outline of the model, those left out that are too many."""
    places = [task.section for task in model.tasks]
    for at in range(count):
        like = chance.choice(model.tasks)
        section = places[at] if at < len(places) else f"V.{at}"
        yield msgspec.structs.replace(like, section=section, summary=writer.sentence())
