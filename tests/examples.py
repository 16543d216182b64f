"""How many examples a property is tried with: a third in the ordinary run, all by `make properties`."""

from __future__ import annotations

from typing import Final

from hypothesis import settings

LONG: Final = "long"
"""The profile of hypothesis under which all are tried."""

USUAL: Final = 100
"""Examples of a property that names no number."""


def examples(most: int) -> int:
    """How many of `most` examples are to be tried now."""
    return most if settings.get_current_profile_name() == LONG else a_third(most)


def a_third(most: int) -> int:
    """How many of `most` examples the ordinary run tries."""
    return -(-most // 3)
