"""Dialogs under way, under the feature that hears them now: nobody is left in a dialog that nothing answers."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_PURPOSES = {"report": "r", "history": "h"}

_dialogs = sa.table(
    "dialogs",
    sa.column("chat_id", sa.BigInteger()),
    sa.column("feature", sa.String()),
    sa.column("state", sa.Text()),
)


def upgrade() -> None:
    """Rewrite the states that reports, requests and campaigns kept under one name."""
    connection = op.get_bind()
    found = connection.execute(
        sa.select(_dialogs.c.chat_id, _dialogs.c.state).where(_dialogs.c.feature == "report")
    ).all()
    for chat_id, stored in found:
        moved = _move(json.loads(stored))
        if moved is not None:
            feature, state = moved
            connection.execute(
                _dialogs.update()
                .where(_dialogs.c.chat_id == chat_id)
                .values(feature=feature, state=json.dumps(state, ensure_ascii=False, separators=(",", ":")))
            )


def _move(state: dict[str, Any]) -> tuple[str, dict[str, Any]] | None:
    """The feature whose dialog it is, and its state; None for what stays as it is."""
    match state:
        case {"type": "Explaining" | "Remarking"}:
            return "request", state
        case {"type": "Naming"}:
            return "campaign", state | {"type": "NamingCampaign"}
        case {"type": "Choosing", "purpose": "campaign", "form": form}:
            return "campaign", {"type": "ChoosingCampaignUnit", "form": form}
        case {"type": "Choosing", "purpose": "report" | "history" as purpose}:
            return "report", state | {"purpose": _PURPOSES[purpose]}
        case _:
            return None
