"""Long lists of ids in pieces, because a statement takes only so many parameters."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final, TypeVar

AT_ONCE: Final = 500

Value = TypeVar("Value")


def chunks(values: Collection[Value]) -> Iterator[list[Value]]:
    """The values in lists of `AT_ONCE` at most."""
    every = list(values)
    for start in range(0, len(every), AT_ONCE):
        yield every[start : start + AT_ONCE]
