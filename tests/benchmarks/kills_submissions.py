"""The full kill round of submissions: 300 reports by 50 officers, ten kills at random moments, on SQLite.

python tests/benchmarks/kills_submissions.py [--officers 50] [--months 6] [--kills 10] [--rounds 1] [--seed 1]
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

import click

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.e2e.submission_kills import kill_round


@click.command()
@click.option("--officers", default=50, show_default=True)
@click.option("--months", default=6, show_default=True, help="Reports of each officer.")
@click.option("--kills", default=10, show_default=True)
@click.option("--rounds", default=1, show_default=True)
@click.option("--seed", default=1, show_default=True)
def main(officers: int, months: int, kills: int, rounds: int, seed: int) -> None:
    """Kill the program while reports come in, again and again, and count what was lost or doubled."""
    well = True
    for number in range(seed, seed + rounds):
        with tempfile.TemporaryDirectory(prefix="troly-kills-") as folder:
            url = f"sqlite:///{folder}/killed.db"
            count = asyncio.run(
                kill_round(Path(folder), url, officers=officers, months=months, kills=kills, seed=number)
            )
        click.echo(f"seed {number}: {count.line}")
        well = well and count.is_clean
    sys.exit(0 if well else 1)


if __name__ == "__main__":
    main()
