"""Who answers for what a unit owes: its officers; for a unit above the grassroots that has none, its supervisors."""

from __future__ import annotations

from typing import Final

from sqlalchemy import ColumnElement, and_, exists, not_, or_

from knowledge.model.units import GRASSROOTS_KINDS
from storage.schema import roles, units

_OTHERS: Final = roles.alias("officers")
_has_officer: Final = (
    exists()
    .where(_OTHERS.c.unit_id == units.c.id, _OTHERS.c.role == "officer", _OTHERS.c.ended_at.is_(None))
    .correlate(units)
)

is_officer: Final[ColumnElement[bool]] = roles.c.role == "officer"
"""That a role is an officer's."""

answers: Final[ColumnElement[bool]] = or_(
    is_officer,
    and_(
        roles.c.role == "supervisor",
        units.c.kind.not_in(sorted(kind.value for kind in GRASSROOTS_KINDS)),
        not_(_has_officer),
    ),
)
"""That whoever holds a role answers for the reports of its unit; `roles` and `units` are joined."""
