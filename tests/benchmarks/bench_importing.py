"""Files that become plans: how long thirty pages take until their card, and what many files hold in memory.

    python tests/benchmarks/bench_importing.py [--files 240]

Thirty pages are the plans that ship, one after the other with other figures, as .txt, .docx and .pdf in two fonts; from
the file to the rows of its review. Then `troly plans import` takes a quarter of the files, and all of them, each run a
process of its own; its greatest memory (RSS, the readers it starts apart) may differ by a tenth.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import click

sys.path.insert(0, str(Path(__file__).parents[2]))

from bot.features.plans.entering import read_kept
from knowledge.answer import load_adviser
from knowledge.plans import find_original, load_plans
from tests.benchmarks.common import environment, temporary_folder
from tests.e2e.plan_texts import PLAN, word_file
from tests.knowledge.importing.pdf_files import write_pages

PAGES, LETTERS = 30, 2600
"""Pages of the long plan, and letters of a page."""

LONGEST, GROWTH = 2.0, 0.10
HEAD = "Số: 88/KH-CĐ\nHà Nội, ngày 06 tháng 10 năm 2025\n\nKẾ HOẠCH\nThực hiện nhiệm vụ giai đoạn 2026-2030\n\n"
IMPORT = """
import sys
from bot.cli import main
try:
    main(["plans", "import", *sys.argv[1:]])
finally:
    print(open("/proc/self/status").read().partition("VmHWM:")[2].split()[0], file=sys.stderr)
"""


def long_text() -> str:
    """Thirty pages of what the plans that ship say, with other shares each time."""
    originals = [kept[1].decode() for plan in load_plans() if (kept := find_original(plan.id)) is not None]
    text, step = HEAD, 0
    while len(text) < PAGES * LETTERS:
        text += re.sub(r"\b(\d\d)%", partial(_other_share, step), originals[step % len(originals)]) + "\n"
        step += 1
    return text[: PAGES * LETTERS]


def _other_share(step: int, share: re.Match[str]) -> str:
    return f"{10 + (int(share[1]) + 7 * step) % 90}%"


def time_pages(folder: Path) -> Iterator[float]:
    """Seconds from each kind of file to the rows of its review."""
    text, adviser = long_text(), load_adviser()
    known = tuple(adviser.plans.values())
    written = folder / "long.txt"
    written.write_text(text, encoding="utf-8")
    for file in (written, word_file(folder / "long.docx", text), write_pages(folder / "long.pdf", text, mixed=True)):
        content = file.read_bytes()
        begun = time.perf_counter()
        read = read_kept(file.name, content, {}, known, adviser.understanding)
        spent = time.perf_counter() - begun
        click.echo(f"{PAGES} pages of {file.suffix:5}  {spent:4.2f} s, {len(read.rows)} rows (aim: {LONGEST:.0f} s)")
        yield spent


def import_all(files: Sequence[Path], folder: Path) -> float:
    """The greatest memory of a run that imports them, in MB."""
    url = f"sqlite:///{folder / f'{len(files)}.db'}"
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", IMPORT, *map(str, files)],
        env=environment(DATABASE_URL=url),
        cwd=folder,
        capture_output=True,
        check=True,
        text=True,
    )
    spent = time.perf_counter() - begun
    held = int(done.stderr.split()[-1]) * 1024 / 1e6
    click.echo(f"{len(files):5} files  {held:.0f} MB at most, {spent / len(files):.2f} s a file")
    return held


def measure(files: int) -> bool:
    """Measure and print; whether both stay within their aims."""
    with temporary_folder() as name:
        folder = Path(name)
        slowest = max(time_pages(folder))
        made = [folder / f"KH {number}.txt" for number in range(files)]
        for number, file in enumerate(made):
            file.write_text(PLAN.replace("45/KH", f"{number}/KH").replace("VĨNH AN", f"VĨNH AN {number}"), "utf-8")
        few, many = import_all(made[: files // 4], folder), import_all(made, folder)
    click.echo(f"{many / few - 1:+.1%} memory for four times the files (aim: within {GROWTH:.0%})")
    return slowest <= LONGEST and many / few - 1 <= GROWTH


@click.command()
@click.option("--files", default=240, show_default=True, help="Files that are imported in one go.")
def main(files: int) -> None:
    """Measure; exit 1 where a bound is left."""
    sys.exit(0 if measure(files) else 1)


if __name__ == "__main__":
    main()
