"""Training: `python -m knowledge.learning.train_gate` learns anew when to believe names, the ranking, or neither.

Needs the optional dependencies `train`. Every question is ranked by what other authors taught, as a question never
seen would be; what is learned from is whether what names showed, and whether nothing, was the answer.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable

import numpy as np

from knowledge.learning.train import ROOM
from knowledge.learning.train_ranking import School, hold_out, make_forest
from knowledge.question import load_understanding
from knowledge.search.gate import Gate, features
from knowledge.search.trees import Forest

FOLDS = 4
"""Groups of authors, each ranked by what the others taught."""

_SETTINGS = {
    "objective": "binary",
    "num_leaves": 8,
    "learning_rate": 0.06,
    "min_data_in_leaf": 25,
    "feature_fraction": 0.6,
    "lambda_l2": 5.0,
    "verbose": -1,
    "num_threads": 2,
    "seed": 1,
    "deterministic": True,
}
TREES = 80


def learn_gate(school: School) -> Gate:
    """The gate, from every question as others would have ranked it."""
    authors = sorted({each.by for each in school.taught})
    rows, named, silent = [], [], []
    for fold in range(FOLDS):
        unseen = set(authors[fold::FOLDS])
        own = {at for at, each in enumerate(school.taught) if each.by in unseen}
        for at, asked, ranked in hold_out(school, own, with_new=True):
            if school.taught[at].kind == "result":
                continue
            answers = {school.candidates[place].id for place in school.taught[at].answers}
            rows.append(features(asked, ranked)[0])
            named.append(bool(answers & asked.shown))
            silent.append(not answers)
    table = np.stack(rows)
    return Gate(_learn(table, named), _learn(table, silent))


def _learn(table: np.ndarray, labels: list[bool]) -> Forest:
    import lightgbm  # noqa: PLC0415

    data = lightgbm.Dataset(table, np.array(labels, dtype=np.float64))
    return make_forest(lightgbm.train(_SETTINGS, data, TREES).dump_model()["tree_info"])


def main(given: Iterable[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m knowledge.learning.train_gate", description=__doc__)
    parser.parse_args(list(given) if given is not None else None)
    data = learn_gate(School(load_understanding())).pack()
    (ROOM / "models" / "gate.npz").write_bytes(data)
    print(f"written: gate.npz, {len(data) / 1000:.0f} kB")


if __name__ == "__main__":
    main()
