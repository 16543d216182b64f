"""Dates and numbers as Vietnamese officers write them; the one place that formats them."""

from __future__ import annotations

from datetime import date


def day(value: date) -> str:
    """A date as dd/mm/yyyy."""
    return f"{value:%d/%m/%Y}"
