"""Dates as Vietnamese officers write them."""

from __future__ import annotations

from datetime import date


def day(value: date) -> str:
    """A date as dd/mm/yyyy."""
    return f"{value:%d/%m/%Y}"
