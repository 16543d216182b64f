"""A catalogue of a thousand plans: how long it takes to build, what it holds, what a question costs.

    python tests/benchmarks/bench_catalogue.py [--plans 1000] [--passages 100000]

Plans are made up (see made_plans.py), 60 passages each, no two alike; questions are those of the tests, half with
the place of a made plan. A process of its own builds the catalogue, changes one plan and builds again, while a thread
that wants the interpreter every millisecond tells how long it was kept from it. Another takes so many passages and asks
the same of bm25s and SQLite's FTS5, which answer with the best passage of the same rows.
"""

from __future__ import annotations

import itertools
import random
import resource
import sqlite3
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from os import getpid
from pathlib import Path

import click
import msgspec

sys.path.insert(0, str(Path(__file__).parents[2]))

from knowledge.answer import Adviser
from knowledge.forms import load_forms
from knowledge.glossary import load_glossary
from knowledge.model.plans import Plan
from knowledge.question import Understanding
from knowledge.search.lore import load_asked
from knowledge.search.memory import give_back
from knowledge.text import fold, tidy, words
from tests.benchmarks.common import memory_mb
from tests.benchmarks.made_plans import make_plans
from tests.knowledge.examiner import DATA, read_rows

PASSAGES = 60
"""Passages of each made plan."""

QUESTIONS = 300
MIB = 1.048576
AIMS = "aims: built in 10 s, 400 MiB, 20 ms a question at the median, 3 times bm25s"


def choose_questions(plans: Sequence[Plan]) -> list[str]:
    """Questions of the tests, the same each time; every second one with the place of a plan."""
    chance = random.Random(5)
    rows = [row.q for file in sorted(DATA.glob("questions*.jsonl")) for row in read_rows(file)]
    chosen = chance.sample(rows, min(QUESTIONS, len(rows)))
    return [f"{text} {chance.choice(plans).place}" if at % 2 else text for at, text in enumerate(chosen)]


def build(plans: Sequence[Plan]) -> Adviser:
    """The adviser over these plans."""
    return Adviser(Understanding(plans, load_glossary()), load_forms())


class Ticker:
    """A thread that wants the interpreter every millisecond, and the longest that it had to wait."""

    def __init__(self) -> None:
        self.longest = 0.0
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._tick)

    def _tick(self) -> None:
        before = time.perf_counter()
        while not self._ends.wait(0.001):
            now = time.perf_counter()
            self.longest = max(self.longest, now - before - 0.001)
            before = now

    def __enter__(self) -> Ticker:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.set()
        self._thread.join()


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Print how long something took, how much memory is held behind it, and how long others waited at most."""
    begin, cpu = time.perf_counter(), time.process_time()
    with Ticker() as ticker:
        yield
    spent, used = time.perf_counter() - begin, time.process_time() - cpu
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    click.echo(
        f"{what}: {spent:.1f} s ({used:.1f} s of CPU); {memory_mb(getpid()) / MIB:.0f} MiB held, {most:.0f} at most;"
        f" the interpreter kept for {ticker.longest * 1000:.0f} ms at most"
    )


def ask_all(name: str, ask: Callable[[str], object], questions: Sequence[str]) -> float:
    """Ask everything, print and return the median milliseconds of CPU."""
    ask(questions[0])
    spans = []
    for question in questions:
        begin = time.process_time()
        ask(question)
        spans.append((time.process_time() - begin) * 1000)
    spans.sort()
    median = statistics.median(spans)
    click.echo(f"{name:24} median {median:7.2f} ms   p90 {spans[int(len(spans) * 0.9)]:7.2f} ms")
    return median


def measure_build(count: int) -> None:
    """A catalogue of so many plans."""
    plans = make_plans(count, PASSAGES)
    load_asked()
    click.echo(
        f"{len(plans)} plans, {sum(len(p.tasks) + len(p.deadlines) for p in plans)} passages; plans alone"
        f" {memory_mb(getpid()) / MIB:.0f} MiB"
    )
    with timed("built"):
        adviser = build(plans)
    ask_all("a question", adviser.ask, choose_questions(plans))
    last = msgspec.structs.replace(plans[-1], title="Kế hoạch mới", tasks=plans[-1].tasks[1:])
    with timed("built anew beside it with one plan changed"):
        adviser = build([*plans[:-1], last])
        give_back()


def texts_of(plan: Plan) -> Iterator[str]:
    """The passages of a plan as plain rows, its name in front of each."""
    for task in plan.tasks:
        yield " ".join((plan.short, task.summary, *task.keywords, *task.lead, *task.with_))
    for due in plan.deadlines:
        yield " ".join((plan.short, due.what, due.who, due.when, due.to or "", *due.keywords))


def terms(text: str) -> list[str]:
    """Folded syllables and pairs of them."""
    single = words(fold(tidy(text)))
    return [*single, *map("_".join, itertools.pairwise(single))]


def peer_bm25s(rows: Sequence[str]) -> Callable[[str], object]:
    """bm25s over folded syllables and pairs."""
    import bm25s

    index = bm25s.BM25()
    index.index([terms(row) for row in rows], show_progress=False)
    return lambda question: index.retrieve([terms(question)], k=1, show_progress=False)


def peer_fts5(rows: Sequence[str]) -> Callable[[str], object]:
    """SQLite's FTS5, folded first, any word."""
    db = sqlite3.connect(":memory:")
    db.execute("CREATE VIRTUAL TABLE passages USING fts5(folded)")
    db.executemany("INSERT INTO passages(rowid, folded) VALUES (?, ?)", enumerate(map(fold, rows)))
    sql = "SELECT rowid FROM passages WHERE folded MATCH ? ORDER BY rank LIMIT 1"

    def ask(question: str) -> object:
        return db.execute(sql, (" OR ".join(f'"{word}"' for word in words(fold(tidy(question)))) or '"x"',)).fetchone()

    return ask


def measure_peers(passages: int) -> None:
    """As many passages, beside plain retrieval of the same rows."""
    plans = make_plans(-(-passages // PASSAGES), PASSAGES)
    rows = [text for plan in plans for text in texts_of(plan)][:passages]
    questions = choose_questions(plans)
    adviser = build(plans)
    read = {text: adviser.resolve(adviser.understanding.read(text), None) for text in questions}
    ours = ask_all("troly, a whole answer", adviser.ask, questions)
    found = ask_all("troly, passages found", lambda text: adviser.names.passages.find(read[text]), questions)
    for name, peer in (("bm25s", peer_bm25s), ("FTS5", peer_fts5)):
        median = ask_all(name, peer(rows), questions)
        click.echo(
            f"  on {len(rows)} rows: answer {ours / median:.2f} times {name}, passages {found / median:.2f} times"
        )


@click.command()
@click.option("--plans", default=1_000, show_default=True, help="Plans of the catalogue that is built.")
@click.option("--passages", default=100_000, show_default=True, help="Rows beside bm25s and FTS5; 0 leaves them out.")
@click.option("--only", type=click.Choice(["build", "peers"]), hidden=True)
def main(plans: int, passages: int, only: str | None) -> None:
    """Measure, each part in a process of its own."""
    if only is not None:
        measure_build(plans) if only == "build" else measure_peers(passages)
        return
    click.echo(AIMS)
    for part in ("build", "peers") if passages else ("build",):
        command = [sys.executable, __file__, "--only", part, "--plans", str(plans), "--passages", str(passages)]
        subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
