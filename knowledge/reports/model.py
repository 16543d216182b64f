"""What a message reports: figures sure and unsure, and why."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

import msgspec

from knowledge.model.periods import Period
from knowledge.numbers import Reason


class Doubt(StrEnum):
    """Why a piece of a report has more than one reading."""

    NUMBER = "number"
    PLACE = "place"
    CONFLICT = "conflict"
    APPROXIMATE = "approximate"


class Reading(msgspec.Struct, frozen=True):
    """One way to read a piece: this figure for this indicator."""

    key: str
    value: Decimal


class Unsure(msgspec.Struct, frozen=True):
    """A piece of the message that could be several things, as it was written, with its readings, likeliest first."""

    piece: str
    readings: tuple[Reading, ...]
    doubt: Doubt


class UntakenPiece(msgspec.Struct, frozen=True):
    """A piece whose indicator is known but whose figure cannot be one, and why."""

    piece: str
    key: str
    reason: Reason


class ReportText(msgspec.Struct, frozen=True, kw_only=True):
    """What a message reports.

    `values` are sure; a key that is not among them was not understood or not given, and never zero. `missing` are the
    rows still to be asked for (those of `ambiguous` and `refused` pieces among them); `kept` are rows said to be as in
    the period before. `no_change` says that nobody joined or left, in so many words. `positional` figures came without
    names, in the order of the form: the summary has to say so. `period` is None where none is named or several are
    (`period_choices`); one still to come, long past, or called "this month" too early, is not sure. `assumed_period` is
    the latest opened, where the message leaves the period to the calendar. `as_before` are those of `kept` that were
    named.
    `unit_hint` is what the message calls the unit, as written.
    """

    period: Period | None = None
    period_choices: tuple[Period, ...] = ()
    period_is_sure: bool = True
    assumed_period: Period | None = None
    unit_hint: str | None = None
    values: dict[str, Decimal]
    ambiguous: tuple[Unsure, ...] = ()
    refused: tuple[UntakenPiece, ...] = ()
    unmatched: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    as_before: tuple[str, ...] = ()
    no_change: bool = False
    positional: bool = False
    is_report: bool = False


class ReportUnderstood(msgspec.Struct, frozen=True, kw_only=True):
    """What a report comes to: sure figures, rows said to be unchanged, and what would be asked about.

    `period` is a code ("2026-10"), or None where it would be asked about; `ask` holds keys of rows and "period".
    """

    period: str | None
    figures: dict[str, int]
    kept: list[str]
    ask: list[str]
