"""The full kill round for reminders: 50 kills on SQLite. Prints what was lost, doubled, in doubt.

python tests/benchmarks/kills_reminders.py [--reminders 2000] [--kills 50] [--seed 1] [--rate 30]
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

import click

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.e2e.reminder_kills import kill_round


@click.command()
@click.option("--reminders", default=2000, show_default=True, help="Half early steps, half last ones.")
@click.option("--kills", default=50, show_default=True)
@click.option("--seed", default=1, show_default=True)
@click.option("--rate", default=30, show_default=True, help="SEND_RATE: messages a second; 0 for no limit.")
def main(reminders: int, kills: int, seed: int, rate: int) -> None:
    """Kill the program while reminders leave, again and again, and count."""
    with tempfile.TemporaryDirectory(prefix="troly-kills-") as folder:
        count = asyncio.run(kill_round(Path(folder), count=reminders, kills=kills, seed=seed, rate=rate))
    click.echo(f"seed {seed}: {count.line}")
    sys.exit(0 if not count.lost and not count.doubled else 1)


if __name__ == "__main__":
    main()
