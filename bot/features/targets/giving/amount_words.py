"""Amounts of shares as they are written."""

from __future__ import annotations

from decimal import Decimal

from knowledge.model.plans import PERCENT
from knowledge.numbers import format_decimal, format_percent


def amount(value: Decimal, measured_in: str) -> str:
    """An amount with its unit of measure: "50 đoàn viên", "85%"."""
    return format_percent(value) if measured_in == PERCENT else f"{format_decimal(value)} {measured_in}".strip()


def number(value: Decimal, measured_in: str) -> str:
    """The same without the unit of measure, but for percentages."""
    return format_percent(value) if measured_in == PERCENT else format_decimal(value)
