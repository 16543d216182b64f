"""How well texts fit among those of their own plan."""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

import numpy as np

from knowledge.search.postings import MOST_KEPT, UNKNOWN_WEIGHT, Floats, Postings, Spots, bm25, norm_of
from knowledge.search.wordbook import Numbers, spread_out


class Within:
    """How well each candidate fits among those of its own plan, where the words that name the plan tell nothing."""

    def __init__(self, terms: Postings, plan_of: Numbers) -> None:
        """`plan_of`: for each candidate the number of its plan."""
        self._counts = terms.counts
        self._plan_of, self._sizes = plan_of, np.bincount(plan_of)
        mean = np.bincount(plan_of, terms.lengths) / np.maximum(self._sizes, 1)
        self._norm = norm_of(terms.lengths, mean[plan_of])
        runs, plans, times = [[np.zeros(0, dtype=np.intp)] for _ in range(3)]
        small = plan_of.astype(np.min_scalar_type(len(self._sizes)))
        for first, last, at in terms.counts.stretches():
            own = small[at]
            starts = np.concatenate([np.zeros(1, dtype=np.intp), terms.counts.spreads[first : last - 1].cumsum()])
            is_other = np.concatenate([np.ones(1, dtype=np.bool_), own[1:] != own[:-1]])
            is_other[starts] = True
            begins = np.flatnonzero(is_other)
            runs.append(np.diff(np.searchsorted(begins, starts), append=len(begins)))
            plans.append(own[begins])
            held = np.diff(begins, append=len(own))
            times.append(held.astype(np.min_scalar_type(int(held.max(initial=0)))))
        self._runs = np.concatenate(runs)
        self._run_ends = np.cumsum(self._runs)
        self._run_plans, self._run_times = np.concatenate(plans[1:] or plans), np.concatenate(times[1:] or times)

    def score(self, words: int, known: int, spots: Spots) -> tuple[Floats, Floats]:
        """BM25 within the plan, and the share (0–1) of the words' weight there that the candidate holds.

        Args:
            words: how many words a question has, and how many of them are known.
            spots: where the known words stand, and behind them the pairs.
        """
        kept = self._kept if spots.posts is not None else None
        weights = self._weigh(spots.rows) if kept is None else kept.weights[spots.rows[:known]]
        whole = weights[:known].sum(axis=0) + UNKNOWN_WEIGHT * (words - known)
        candidates = self._plan_of if spots.within is None else self._plan_of[spots.within]
        own = self._own(weights, spots) if kept is None else kept.own[spots.posts]
        of_words = spots.first(known)
        shares = of_words.sum_up(own[: len(of_words.at)]) / np.maximum(whole, 1e-9)[candidates]
        worth = bm25(spots, own, self._norm) if kept is None else kept.worth[spots.posts]
        return spots.sum_up(worth), shares

    def _weigh(self, rows: Numbers) -> Floats:
        """How much the term of each row tells in each plan."""
        count, plans = len(rows), len(self._sizes)
        sizes = self._runs[rows]
        runs = spread_out(self._run_ends[rows] - sizes, sizes)
        by_plan = np.repeat(np.arange(count) * plans, sizes) + self._run_plans[runs]
        spread = np.bincount(by_plan, self._run_times[runs], count * plans).reshape(count, plans)
        weights = np.log(1 + (self._sizes - spread + 0.5) / (spread + 0.5))
        found: Floats = np.where(spread > 0, weights, UNKNOWN_WEIGHT)
        return found

    def _own(self, weights: Floats, spots: Spots) -> Floats:
        """At each spot, how much its term tells in the plan of its text."""
        own: Floats = weights[np.repeat(np.arange(len(spots.rows)), spots.sizes), spots.of_texts(self._plan_of)]
        return own

    @cached_property
    def _kept(self) -> _Kept | None:
        """What is the same for every question; None where it is too much to keep."""
        whole = self._counts.whole()
        if whole is None or len(whole.rows) * len(self._sizes) > MOST_KEPT:
            return None
        weights = self._weigh(whole.rows)
        own = self._own(weights, whole)
        return _Kept(weights, own, bm25(whole, own, self._norm))


class _Kept(NamedTuple):
    """How much the term of each row tells in each plan, and at each spot there; and what the spot adds to BM25."""

    weights: Floats
    own: Floats
    worth: Floats
