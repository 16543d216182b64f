"""What came of a case, in figures, and the table of them all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields


@dataclass
class Figures:
    """What was put through and what came of it.

    `lost` and `doubled` break a promise. `in_doubt` counts how often a message came into doubt, `unsent` the reminders
    and broadcasts among them that never reached the Bot API and so will never be seen; `on_wire` how many messages were
    on the wire at the kills: handed to the Bot API and not answered by it; `opening` for how many more a connection had
    been opened; `answered` how many had been answered so shortly before that nobody can have noted it.
    """

    row: int = 0
    cases: int = 1
    kills: int = 0
    messages: int = 0
    reports: int = 0
    reminders: int = 0
    lost: int = 0
    doubled: int = 0
    in_doubt: int = 0
    unsent: int = 0
    on_wire: int = 0
    opening: int = 0
    answered: int = 0

    def __add__(self, other: Figures) -> Figures:
        both = {field.name: getattr(self, field.name) + getattr(other, field.name) for field in fields(self)}
        return Figures(**{**both, "row": self.row})

    @property
    def line(self) -> str:
        """One line for people."""
        return ", ".join(f"{value} {name.replace('_', ' ')}" for name, value in asdict(self).items() if name != "row")


def to_table(everything: Iterable[Figures]) -> list[str]:
    """The figures added up by row, as lines of a table with a last line for all."""
    rows: dict[int, Figures] = {}
    for figures in everything:
        rows[figures.row] = rows[figures.row] + figures if figures.row in rows else figures
    if not rows:
        return []
    titles = [field.name.replace("_", " ") for field in fields(Figures)]
    body = [[str(value) for value in asdict(rows[row]).values()] for row in sorted(rows)]
    total = sum(rows.values(), Figures(cases=0))
    body.append(["all", *(str(value) for value in list(asdict(total).values())[1:])])
    widths = [max(len(line[place]) for line in (titles, *body)) for place in range(len(titles))]
    return ["  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)) for line in (titles, *body)]
