"""What was read of a message that hands shares down, as plain numbers."""

from __future__ import annotations

from knowledge.shares.reading import ReadShares


def values(said: ReadShares) -> dict[int, int | None]:
    """The shares of units that are surely meant, None where one is taken back."""
    assert all(share.match.is_sure for share in said.shares), said
    return {
        share.match.units[0]: None if share.amount is None or share.amount.value is None else int(share.amount.value)
        for share in said.shares
    }
