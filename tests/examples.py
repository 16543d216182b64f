"""How many examples a costly property is tried with: a third in the ordinary run, all by `make properties`."""

from __future__ import annotations

from typing import Final

from hypothesis import settings

LONG: Final = "long"
"""The profile of hypothesis under which all are tried."""


def examples(most: int) -> int:
    """How many of `most` examples are to be tried now."""
    return most if settings.get_current_profile_name() == LONG else -(-most // 3)
