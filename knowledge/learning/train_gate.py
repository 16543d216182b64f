"""Training of the gate between names, ranking and silence, from questions ranked by what other authors taught.

Each is ranked as a question never seen would be; what is learned from is whether what names showed, and whether
nothing, was the answer. A part of `python -m knowledge.learning.train_ranking`.
"""

from __future__ import annotations

import numpy as np

from knowledge.learning.school import GROUPS, School, hold_out, make_forest
from knowledge.search.gate import Gate, features
from knowledge.search.trees import Forest

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
    rows, named, silent = [], [], []
    for group in range(GROUPS):
        own = {at for at in range(len(school.taught)) if school.group_of(at) == group}
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
