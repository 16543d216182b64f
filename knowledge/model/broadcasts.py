"""Plain values of notices that go to many people."""

from __future__ import annotations

from enum import StrEnum


class BroadcastAudience(StrEnum):
    """Whom a broadcast is for, by their roles at units of a subtree."""

    OFFICERS = "officers"
    SUPERVISORS = "supervisors"
    ALL = "all"
