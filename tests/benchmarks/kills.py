"""The full kill round: 500 questions, ten kills at random moments, on SQLite. Prints what was lost, doubled, in doubt.

python tests/benchmarks/kills.py [--questions 500] [--kills 10] [--rounds 1] [--seed 1] [--rate 0]
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

import click

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.e2e.killing import kill_round


@click.command()
@click.option("--questions", default=500, show_default=True, help="A multiple of four.")
@click.option("--kills", default=10, show_default=True)
@click.option("--rounds", default=1, show_default=True)
@click.option("--seed", default=1, show_default=True)
@click.option("--rate", default=0, show_default=True, help="SEND_RATE: messages a second; 0 for no limit.")
def main(questions: int, kills: int, rounds: int, seed: int, rate: int) -> None:
    """Kill the program in the middle of a burst, again and again, and count."""
    well = True
    for number in range(seed, seed + rounds):
        with tempfile.TemporaryDirectory(prefix="troly-kills-") as folder:
            count = asyncio.run(kill_round(Path(folder), questions=questions, kills=kills, seed=number, rate=rate))
        click.echo(f"seed {number}: {count.line}")
        well = well and not count.lost and not count.unexcused
    sys.exit(0 if well else 1)


if __name__ == "__main__":
    main()
