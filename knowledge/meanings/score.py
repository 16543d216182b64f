"""`python -m knowledge.meanings.score`: each author's sayings through `understand`, by a model of the other authors.

Needs the optional dependencies `train`. A report that is begun instead of read, and talk that is taken for a question
which no plan answers, count as right: nothing is lost by either.
"""

from __future__ import annotations

import argparse
from collections import Counter
from datetime import date

from knowledge.learning.train import LESSONS, find_temperature, hold_out, leave_authors_out
from knowledge.meanings.model import AskerRole, Meaning, Situation
from knowledge.meanings.understand import MODEL, understand

TODAY = date(2026, 11, 28)
_AS_GOOD = {Meaning.UNKNOWN: {Meaning.PLAN_QUESTION}, Meaning.REPORT: {Meaning.BEGIN_REPORT}}


def main() -> None:
    """Print how many were right by author, how many more were offered, and with -v those that were neither."""
    parser = argparse.ArgumentParser(prog="python -m knowledge.meanings.score", description=__doc__)
    parser.add_argument("-v", "--verbose", action="store_true", help="print what was taken wrongly")
    verbose = parser.parse_args().verbose
    lesson = LESSONS[MODEL]
    examples = lesson.read()
    temperature = find_temperature(hold_out(lesson, examples))
    right, offered, mixed = Counter[str](), Counter[str](), Counter[tuple[str, str]]()
    for model, own in leave_authors_out(lesson, examples, temperature):
        for each in own:
            role = AskerRole(each.extra[0].removeprefix("role="))
            found = understand(each.text, Situation(role, TODAY), model=model)
            wanted = Meaning(each.label)
            good = {wanted, *_AS_GOOD.get(wanted, ())}
            right[each.by] += found.means in good
            offered[each.by] += found.means not in good and bool(good & set(found.choices))
            if found.means not in good:
                mixed[wanted.value, found.means.value] += 1
                if verbose:
                    print(f"{role:10} {wanted:16} {found.means:16} {found.sure:.2f} {each.text}")
        who = own[0].by
        print(f"{who}: {right[who] / len(own):.1%} right, {offered[who] / len(own):.1%} more offered", flush=True)
    print(f"all: {right.total() / len(examples):.1%} right, {offered.total() / len(examples):.1%} more offered")
    for (wanted_, taken), times in mixed.most_common(12):
        print(f"  {wanted_} taken for {taken}: {times}")


if __name__ == "__main__":
    main()
