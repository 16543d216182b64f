"""Training: `python -m knowledge.learning.train meanings` learns a model anew from its data and says how good it is.

Needs the optional dependencies `train` (scikit-learn, scipy); whatever uses a model needs numpy only. Another model is
one more row in `LESSONS` and its data in `knowledge/learning/data/`.
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from knowledge.learning.features import EXTRA, count_features, weigh
from knowledge.learning.linear import LinearModel
from knowledge.learning.variations import with_clause

ROOM = Path(__file__).parent
Row = Mapping[str, Any]
RAREST = 2
SHARE_WITH_CLAUSE = 0.25
_TEMPERATURES = tuple(0.4 + 0.05 * step for step in range(33))
_EDGES = (0.0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.01)


@dataclass(frozen=True, slots=True)
class Example:
    """What is learned from one row: its text, whole tokens known beside it, its label, who wrote it, what it counts."""

    text: str
    extra: tuple[str, ...]
    label: str
    by: str
    weight: float = 1.0


@dataclass(frozen=True)
class Lesson:
    """A model to be learned: how a row of its data is read, and how much of it is kept.

    Attributes:
        beside: lighter examples of other data, always learned from and never scored.
        strength: how freely weights may grow (C of the regression).
        words: how much words and pairs count beside pieces of words.
        varied: whether a share of the examples is learned a second time, with a harmless clause beside it.
        most: the number of features kept, those that matter most; the file of 25 labels × 10,000 is about 200 kB.
    """

    name: str
    text: Callable[[Row], str]
    label: Callable[[Row], str]
    extra: Callable[[Row], Sequence[str]] = lambda row: ()
    by: Callable[[Row], str] = lambda row: str(row["by"])
    beside: Callable[[], Sequence[Example]] = tuple
    varied: bool = False
    most: int = 10_000
    strength: float = 30.0
    words: float = 1.0

    def read(self) -> list[Example]:
        """The examples in the data file of this name; raises FileNotFoundError where there is none."""
        return [
            Example(self.text(row), tuple(self.extra(row)), self.label(row), self.by(row))
            for row in read_rows(self.name)
        ]


def read_rows(name: str) -> list[Row]:
    """The rows of a data file; raises FileNotFoundError where there is none of this name."""
    lines = (ROOM / "data" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def written_after(weight: float = 0.6) -> list[Example]:
    """Sayings written by the developers after looking at what was mixed up: learned from, but no judge of anything."""
    return [
        Example(str(row["said"]), (f"role={row['who']}",), str(row["means"]), str(row["by"]), weight)
        for row in read_rows("meanings-more")
    ]


ROLES = ("officer", "officer", "officer", "officer", "supervisor", "guest")
"""Who asks about plans, about as often as that."""


def asked_of_plans(weight: float = 0.03) -> list[Example]:
    """Questions on the plans that ship with the product: so many that each counts little."""
    rows = [row for row in read_rows("questions") if row["by"].startswith("q") and row["kind"] != "other"]
    return [
        Example(str(row["q"]), (f"role={ROLES[at % len(ROLES)]}",), "plan_question", str(row["by"]), weight)
        for at, row in enumerate(rows)
    ]


_KIND_OF = {"law": "silent", "people": "silent", "other": "silent", "absent": "target"}
"""Kinds told apart by more than their wording: what is not there is asked for as a target is."""

LESSONS = {
    lesson.name: lesson
    for lesson in (
        Lesson(
            "meanings",
            text=lambda row: str(row["said"]),
            label=lambda row: str(row["means"]),
            extra=lambda row: [f"role={row['who']}"],
            beside=lambda: [*written_after(), *asked_of_plans()],
            most=13_000,
            strength=60.0,
            words=1.5,
        ),
        Lesson(
            "questions",
            text=lambda row: str(row["q"]),
            label=lambda row: _KIND_OF.get(str(row["kind"]), str(row["kind"])),
            varied=True,
            most=8_000,
        ),
    )
}


@dataclass(frozen=True, slots=True)
class HeldOut:
    """A prediction for one row by a model that learned from other authors."""

    example: Example
    likely: Mapping[str, float]

    @property
    def first(self) -> str:
        """The likeliest label."""
        return next(iter(self.likely))


def add_clauses(examples: Sequence[Example]) -> list[Example]:
    """The examples and a share of them once more, each with a harmless clause and half the weight."""
    chance = random.Random(1)
    chosen = [each for each in examples if chance.random() < SHARE_WITH_CLAUSE]
    varied = (replace(each, text=with_clause(each.text, chance), weight=each.weight / 2) for each in chosen)
    return [*examples, *varied]


def train(lesson: Lesson, examples: Sequence[Example], temperature: float = 1.0) -> LinearModel:
    """A model of these examples; `temperature` above one makes it less sure of itself, below one surer.

    Raises ImportError without the optional dependencies `train`.
    """
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    if lesson.varied:
        examples = add_clauses(examples)
    counts = [count_features(each.text, each.extra) for each in examples]
    labels = [each.label for each in examples]
    vocabulary, rarity = _vocabulary(counts)
    for is_last in (False, True):
        matrix = _matrix(counts, vocabulary, rarity, lesson.words)
        fitted = LogisticRegression(C=lesson.strength, max_iter=400).fit(
            matrix, labels, [each.weight for each in examples]
        )
        if is_last or len(vocabulary) <= lesson.most:
            break
        vocabulary, rarity = _strongest(vocabulary, rarity, matrix, fitted.coef_, lesson.most)
    weights, bias = fitted.coef_.T / temperature, fitted.intercept_ / temperature
    if len(fitted.classes_) == 2:  # one column stands for two there
        weights, bias = np.hstack([-weights / 2, weights / 2]), np.concatenate([-bias / 2, bias / 2])
    scales = np.abs(weights).max(axis=0) / 127.0
    return LinearModel(
        [str(label) for label in fitted.classes_],
        list(vocabulary),
        np.asarray(rarity, dtype=np.float32),
        np.round(weights / scales).astype(np.int8),
        scales.astype(np.float32),
        bias.astype(np.float32),
        lesson.words,
    )


def _vocabulary(counts: Sequence[Counter[str]]) -> tuple[dict[str, int], list[float]]:
    seen = Counter(feature for each in counts for feature in each)
    kept = sorted(feature for feature, times in seen.items() if times >= RAREST or feature.startswith(EXTRA))
    rarity = [math.log((1 + len(counts)) / (1 + seen[feature])) + 1 for feature in kept]
    return {feature: place for place, feature in enumerate(kept)}, rarity


def _matrix(
    counts: Sequence[Counter[str]], vocabulary: Mapping[str, int], rarity: Sequence[float], words: float
) -> Any:
    from scipy.sparse import csr_matrix  # noqa: PLC0415

    ends, places, values = [0], list[int](), list[float]()
    for each in counts:
        at, worth = weigh(each, vocabulary, rarity, words)
        places.extend(at)
        values.extend(worth)
        ends.append(len(places))
    return csr_matrix((values, places, ends), shape=(len(counts), len(vocabulary)))


def _strongest(
    vocabulary: Mapping[str, int], rarity: Sequence[float], matrix: Any, weights: npt.NDArray[np.float64], most: int
) -> tuple[dict[str, int], list[float]]:
    """The features that move a decision most: their greatest weight times how often and how strongly they stand."""
    presence = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=0)).ravel())
    matters = np.abs(weights).max(axis=0) * presence
    names = list(vocabulary)
    matters[[place for feature, place in vocabulary.items() if feature.startswith(EXTRA)]] = np.inf
    kept = sorted(int(at) for at in np.argsort(-matters)[:most])
    return {names[at]: place for place, at in enumerate(kept)}, [rarity[at] for at in kept]


def split_by_author(examples: Sequence[Example]) -> Iterator[tuple[str, list[Example], list[Example]]]:
    """Each author, the examples of all others, and their own."""
    for author in sorted({each.by for each in examples}):
        others = [each for each in examples if each.by != author]
        yield author, others, [each for each in examples if each.by == author]


def leave_authors_out(
    lesson: Lesson, examples: Sequence[Example], temperature: float = 1.0
) -> Iterator[tuple[LinearModel, list[Example]]]:
    """For each author, the model taught by all others, and the author's own rows."""
    beside = list(lesson.beside())
    for _, others, own in split_by_author(examples):
        yield train(lesson, [*others, *beside], temperature), own


def hold_out(lesson: Lesson, examples: Sequence[Example]) -> list[HeldOut]:
    """What a model taught by all other authors makes of each author's rows."""
    return [
        HeldOut(each, model.predict(each.text, each.extra))
        for model, own in leave_authors_out(lesson, examples)
        for each in own
    ]


def find_temperature(held: Sequence[HeldOut]) -> float:
    """The temperature under which the probabilities of held-out rows are the truest (least log loss)."""

    def loss(temperature: float) -> float:
        return -sum(
            math.log(max(_cooled(each.likely, temperature).get(each.example.label, 0.0), 1e-9)) for each in held
        )

    return min(_TEMPERATURES, key=loss)


def _cooled(likely: Mapping[str, float], temperature: float) -> dict[str, float]:
    raised = {label: max(each, 1e-30) ** (1.0 / temperature) for label, each in likely.items()}
    total = sum(raised.values())
    return {label: each / total for label, each in raised.items()}


def score_lines(held: Sequence[HeldOut]) -> Iterator[str]:
    """How many were first and among the first two, by author and in all."""
    by_author: dict[str, list[HeldOut]] = {}
    for each in held:
        by_author.setdefault(each.example.by, []).append(each)
    for author, some in [*sorted(by_author.items()), ("all", list(held))]:
        first = sum(each.first == each.example.label for each in some)
        second = sum(each.example.label in list(each.likely)[:2] for each in some)
        yield f"{author:>4}: {len(some):5} rows, first {first / len(some):6.1%}, among two {second / len(some):6.1%}"


def calibration_lines(held: Sequence[HeldOut], temperature: float) -> Iterator[str]:
    """How often what was said with so much probability was right."""
    sure = [(max(_cooled(each.likely, temperature).values()), each.first == each.example.label) for each in held]
    for low, high in itertools.pairwise(_EDGES):
        inside = [(p, right) for p, right in sure if low <= p < high]
        if inside:
            said = sum(p for p, _ in inside) / len(inside)
            right = sum(right for _, right in inside) / len(inside)
            yield f"  p {low:.2f}-{min(high, 1):.2f}: {len(inside):5} rows, said {said:6.1%}, right {right:6.1%}"


def confusion_lines(held: Sequence[HeldOut], most: int = 12) -> Iterator[str]:
    """What is most often taken for what."""
    mixed = Counter((each.example.label, each.first) for each in held if each.first != each.example.label)
    for (label, taken), times in mixed.most_common(most):
        yield f"  {label} taken for {taken}: {times}"


def learn(lesson: Lesson) -> Iterator[str]:
    """Score the lesson on authors left out, learn it from all rows, write its file; yields what there is to say."""
    examples = lesson.read()
    held = hold_out(lesson, examples)
    yield f"{lesson.name}: {len(examples)} rows; each author by a model of the others:"
    yield from score_lines(held)
    temperature = find_temperature(held)
    yield f"calibration at temperature {temperature:.2f}:"
    yield from calibration_lines(held, temperature)
    yield "most often mixed up:"
    yield from confusion_lines(held)
    data = train(lesson, [*examples, *lesson.beside()], temperature).to_bytes()
    (ROOM / "models" / f"{lesson.name}.npz").write_bytes(data)
    yield f"written: {lesson.name}.npz, {len(data) / 1000:.0f} kB"


def main(given: Iterable[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m knowledge.learning.train", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="the models to learn; all without a name")
    names = parser.parse_args(list(given) if given is not None else None).names or list(LESSONS)
    if unknown := [name for name in names if name not in LESSONS]:
        parser.error(f"no such model: {', '.join(unknown)}; there are {', '.join(LESSONS)}")
    for name in names:
        for line in learn(LESSONS[name]):
            print(line, flush=True)


if __name__ == "__main__":
    main()
