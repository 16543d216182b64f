"""Long rounds of the kill tests in `tests/faults`: much work, many kills at random moments. Prints what came of it.

python tests/benchmarks/kills.py questions [--size 500] [--kills 10] [--rounds 1] [--seed 1] [--rate 0]
python tests/benchmarks/kills.py reports --size 300     # by fifty officers, six months each
python tests/benchmarks/kills.py reminders --size 2000 --kills 50 --rate 30
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from pathlib import Path

import click

sys.path.insert(0, str(Path(__file__).parents[2]))

from storage.engine import Database
from tests.faults.invariants import check
from tests.faults.loads import Load, survive
from tests.faults.questions import QUESTIONS, Questions
from tests.faults.reminders import Reminders
from tests.faults.reports import Reports
from tests.faults.rig import Case, Rig

MONTHS = 6


async def kill_round(kind: str, size: int, kills: int, seed: int, rate: float, folder: Path) -> bool:
    """One round on SQLite; whether everything that was promised was kept."""
    url = f"sqlite:///{folder}/killed.db"
    await (await Database.open(url)).close()
    begun = time.monotonic()
    async with Rig(Case(4, seed=seed), folder, url) as rig:
        rig.sandbox.latency = 0.01
        rig.settings["SEND_RATE"] = str(rate)
        load: Load
        match kind:
            case "questions":
                load = Questions(rig, people=size // len(QUESTIONS))
            case "reports":
                load = await Reports.prepared(rig, officers=size // MONTHS, months=MONTHS)
            case _:
                load = await Reminders.planted(rig, size)
        await survive(rig, load, kills)
        try:
            await check(rig, load)
        except AssertionError as error:
            click.echo(str(error), err=True)
            return False
        finally:
            click.echo(f"seed {seed}: {rig.figures.line}, {time.monotonic() - begun:.1f} s")
    return True


@click.command()
@click.argument("kind", type=click.Choice(["questions", "reports", "reminders"]))
@click.option("--size", default=500, show_default=True, help="How many of them.")
@click.option("--kills", default=10, show_default=True)
@click.option("--rounds", default=1, show_default=True)
@click.option("--seed", default=1, show_default=True)
@click.option("--rate", default=0.0, show_default=True, help="SEND_RATE: messages a second; 0 for no limit.")
def main(kind: str, size: int, kills: int, rounds: int, seed: int, rate: float) -> None:
    """Kill the program in the middle of its work, again and again, and count."""
    well = True
    for number in range(seed, seed + rounds):
        with tempfile.TemporaryDirectory(prefix="troly-kills-") as folder:
            well = asyncio.run(kill_round(kind, size, kills, number, rate, Path(folder))) and well
    sys.exit(0 if well else 1)


if __name__ == "__main__":
    main()
