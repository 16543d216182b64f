"""Answers beside plain retrieval: right answers and CPU a question, on the same questions in the same run.

The peers (bm25s, SQLite FTS5, rapidfuzz) answer with the best paragraph of the plans' texts, folded on both sides, the
plan's name in front of each; they have no silence, so an absent or silent row is theirs only by luck. Needs the
texts in ../shared/plans. Run: python tests/benchmarks/bench_answers.py
"""

from __future__ import annotations

import itertools
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import bm25s
from rapidfuzz import fuzz, process

from knowledge.plans import load_plans
from knowledge.text import fold, tidy, words

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.knowledge.examiner import DATA, SHARED, Row, faults_in, read_rows, reply_to

COLD_STARTS = 7


def paragraphs() -> list[str]:
    """The paragraphs of the five texts, the plan's citation in front of each."""
    cited = {plan.id: plan.citation for plan in load_plans()}
    found = []
    for file in sorted((SHARED / "plans").glob("*.txt")):
        blocks = tidy_blocks(file.read_text(encoding="utf-8"))
        found += [f"{cited[file.stem]}: {block}" for block in blocks]
    return found


def tidy_blocks(text: str) -> list[str]:
    """Paragraphs between blank lines; lines broken in the middle of a sentence are joined to the one before."""
    blocks: list[str] = []
    for raw in text.split("\n"):
        line = tidy(raw)
        if not line:
            continue
        if blocks and line[0].islower():
            blocks[-1] += " " + line
        else:
            blocks.append(line)
    return [block for block in blocks if len(block) > 20]


def bigrams(text: str) -> list[str]:
    """Folded syllables and pairs of them."""
    single = words(fold(tidy(text)))
    return [*single, *(f"{a}_{b}" for a, b in itertools.pairwise(single))]


def peer_bm25s(texts: list[str]) -> Callable[[str], str]:
    """bm25s over folded syllables and pairs."""
    index = bm25s.BM25()
    index.index([bigrams(text) for text in texts], show_progress=False)

    def ask(question: str) -> str:
        found, _ = index.retrieve([bigrams(question)], k=1, show_progress=False)
        return texts[int(found[0, 0])]

    return ask


def peer_fts5(texts: list[str]) -> Callable[[str], str]:
    """SQLite's FTS5, folded first, any word."""
    db = sqlite3.connect(":memory:")
    db.execute("CREATE VIRTUAL TABLE passages USING fts5(folded)")
    db.executemany("INSERT INTO passages(rowid, folded) VALUES (?, ?)", enumerate(map(fold, texts)))

    def ask(question: str) -> str:
        asked = " OR ".join(f'"{word}"' for word in words(fold(tidy(question)))) or '"x"'
        row = db.execute("SELECT rowid FROM passages WHERE folded MATCH ? ORDER BY rank LIMIT 1", (asked,)).fetchone()
        return texts[row[0]] if row else ""

    return ask


def peer_rapidfuzz(texts: list[str]) -> Callable[[str], str]:
    """rapidfuzz's token_set_ratio over all paragraphs, folded."""
    folded = [fold(text) for text in texts]

    def ask(question: str) -> str:
        best = process.extractOne(fold(tidy(question)), folded, scorer=fuzz.token_set_ratio)
        return texts[best[2]] if best else ""

    return ask


def measure(name: str, reply: Callable[[Row], str], rows: list[Row]) -> None:
    """Print how many rows are right, and the median and 99th percentile of a reply's milliseconds of CPU."""
    right, spans = 0, []
    for row in rows:
        begin = time.process_time()
        said = reply(row)
        spans.append((time.process_time() - begin) * 1000 / (len(row.context) + 1))
        right += not faults_in(row, said)
    spans.sort()
    p99 = spans[int(len(spans) * 0.99) - 1]
    print(f"{name:12} right {right:5} of {len(rows)}   median {statistics.median(spans):7.2f} ms   p99 {p99:7.2f} ms")


def main() -> None:
    """Compare, then time a cold `troly ask`."""
    rows = [row for file in sorted(DATA.glob("questions*.jsonl")) for row in read_rows(file)]
    shared = SHARED / "questions-dev.jsonl"
    rows += read_rows(shared) if shared.exists() else ()
    reply_to(rows[0])
    measure("troly", reply_to, rows)
    if (SHARED / "plans").exists():
        texts = paragraphs()
        for name, build in (("bm25s", peer_bm25s), ("FTS5", peer_fts5), ("rapidfuzz", peer_rapidfuzz)):
            ask = build(texts)
            measure(name, lambda row, ask=ask: ask(row.q), rows)  # type: ignore[misc]
    else:
        print("the plans' texts are not beside this checkout: no peers to compare with")
    cold = []
    for _ in range(COLD_STARTS):
        begin = time.perf_counter()
        subprocess.run(
            [str(Path(sys.executable).with_name("troly")), "ask", "chỉ tiêu TƯLĐTT 2025?"],
            capture_output=True,
            check=True,
        )
        cold.append(time.perf_counter() - begin)
    bare = []
    for _ in range(COLD_STARTS):
        begin = time.perf_counter()
        subprocess.run([sys.executable, "-c", "pass"], capture_output=True, check=True)
        bare.append(time.perf_counter() - begin)
    print(f"cold start   median {statistics.median(cold):.2f} s (a bare interpreter: {statistics.median(bare):.2f} s)")


if __name__ == "__main__":
    main()
