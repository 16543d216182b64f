"""Training: `python -m knowledge.learning.train_ranking` learns anew what answers which question.

It writes what the ranking learned, and the gate that weighs names, ranking and silence; or scores authors
or plans left out. Needs the optional dependencies `train` (lightgbm, scikit-learn, scipy).
"""

from __future__ import annotations

import argparse
from collections.abc import Collection, Iterable

from knowledge.learning.school import School, hold_out, learn_forest
from knowledge.learning.train import ROOM
from knowledge.learning.train_gate import learn_gate
from knowledge.question import load_understanding
from knowledge.search.lore import pack


def score(school: School, name: str, own: Collection[int]) -> str:
    """How often what answers stood first, and among three, for questions left out: an author's, or all on a plan."""
    first = three = count = 0
    for at, _, ranked in hold_out(school, own):
        answers = {school.candidates[place].id for place in school.taught[at].answers}
        if answers:
            count += 1
            first += ranked[0].candidate.id in answers
            three += any(each.candidate.id in answers for each in ranked[:3])
    return f"{name:>16}: {count:5} answerable, first {first / count:6.1%}, among three {three / count:6.1%}"


def main(given: Iterable[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m knowledge.learning.train_ranking", description=__doc__)
    parser.add_argument("--score", nargs="*", metavar="AUTHOR", help="score these authors (all) left out")
    parser.add_argument(
        "--plans", nargs="*", metavar="PLAN", help="score these plans (all) with all questions on them left out"
    )
    args = parser.parse_args(list(given) if given is not None else None)
    school = School(load_understanding())
    numbers = range(len(school.taught))
    if args.score is not None:
        for author in args.score or sorted({each.by for each in school.taught}):
            print(score(school, author, {at for at in numbers if school.taught[at].by == author}), flush=True)
    if args.plans is not None:
        for plan in args.plans or sorted(school.understanding.plans):
            print(score(school, plan, {at for at in numbers if plan in school.plans_of(at)}), flush=True)
    if args.score is not None or args.plans is not None:
        return
    data = pack(school.lore(numbers), learn_forest(school, numbers))
    (ROOM / "models" / "ranking.npz").write_bytes(data)
    print(f"written: ranking.npz, {len(data) / 1000:.0f} kB, from {len(school.taught)} questions")
    gate = learn_gate(school).pack()
    (ROOM / "models" / "gate.npz").write_bytes(gate)
    print(f"written: gate.npz, {len(gate) / 1000:.0f} kB")


if __name__ == "__main__":
    main()
