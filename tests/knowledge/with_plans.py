"""As `troly ask --json -`, with the plans of a folder beside those that ship with the product.

python -m tests.knowledge.with_plans FOLDER < questions
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from bot.terminal.answering import answer_lines, as_json
from knowledge.answer import build_adviser
from knowledge.plans import load_plans, read_plan

TODAY = date(2026, 11, 29)


def replies(folder: Path, lines: Iterable[str]) -> Iterator[bytes]:
    """A line of JSON for each line that is no empty one."""
    made = (read_plan(file) for file in sorted(folder.glob("*.toml")))
    adviser = build_adviser((*load_plans(), *made))
    yield from map(as_json, answer_lines(lines, adviser, TODAY))


if __name__ == "__main__":
    for reply in replies(Path(sys.argv[1]), sys.stdin):
        sys.stdout.buffer.write(reply + b"\n")
