"""Dates as Vietnamese officers write them."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo


def day(value: date) -> str:
    """A date as dd/mm/yyyy."""
    return f"{value:%d/%m/%Y}"


def moment(value: datetime, zone: ZoneInfo) -> str:
    """An instant as HH:MM ngày dd/mm/yyyy, in that zone."""
    local = value.astimezone(zone)
    return f"{local:%H:%M} ngày {local:%d/%m/%Y}"
