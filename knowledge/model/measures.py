"""What of the plans' targets the rows of a form measure."""

from __future__ import annotations

from enum import StrEnum

from knowledge.model.form_dates import FormFact


class MeasureKind(StrEnum):
    """How a target is read off a form.

    LEVEL: the figure as it stands (members in all). FLOW: what came together in the year so far (newly admitted).
    SHARE: some rows as a percentage of another.
    """

    LEVEL = "level"
    FLOW = "flow"
    SHARE = "share"


class Measure(FormFact, frozen=True):
    """Which rows of a form measure a plan's indicator.

    `name` is what they come to, in words. The target's unit must be one of `units` (a share's is "%"), and `scopes`
    must all be among the target's; `keys` are summed. `moves` is the row by which a level changes from one period to
    the next, `whole` what a share is a share of.
    """

    indicator: str
    kind: MeasureKind
    name: str
    units: tuple[str, ...]
    keys: tuple[str, ...]
    scopes: tuple[str, ...] = ()
    moves: str | None = None
    whole: str | None = None

    def __post_init__(self) -> None:
        """Refuse a share of nothing, and what its kind has no use for."""
        if (self.kind is MeasureKind.SHARE) != (self.whole is not None):
            raise ValueError(f"{self.indicator}: whole belongs to a share, and only to it")
        if self.moves is not None and self.kind is not MeasureKind.LEVEL:
            raise ValueError(f"{self.indicator}: moves belongs to a level only")

    @property
    def rows(self) -> tuple[str, ...]:
        """Every row that it reads."""
        return (*self.keys, *filter(None, (self.moves, self.whole)))
