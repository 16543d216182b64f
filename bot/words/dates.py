"""Dates as Vietnamese officers write them."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

WEEKDAYS: Final = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")


def day(value: date) -> str:
    """A date as dd/mm/yyyy."""
    return f"{value:%d/%m/%Y}"


def moment(value: datetime, zone: ZoneInfo) -> str:
    """An instant as HH:MM ngày dd/mm/yyyy, in that zone."""
    return local_moment(value.astimezone(zone))


def local_moment(local: datetime) -> str:
    """The same of a moment that is local already."""
    return f"{local:%H:%M} ngày {local:%d/%m/%Y}"


def near_moment(value: datetime, zone: ZoneInfo, today: date) -> str:
    """An instant of today or tomorrow in few words, any other as `moment`: "09:00 hôm nay"."""
    local = value.astimezone(zone)
    match (local.date() - today).days:
        case 0:
            return f"{local:%H:%M} hôm nay"
        case 1:
            return f"{local:%H:%M} ngày mai"
        case _:
            return moment(value, zone)


def weekday(value: date) -> str:
    """A day with its weekday: thứ Năm, 05/11/2026."""
    return f"{WEEKDAYS[value.weekday()]}, {day(value)}"


def will_leave(at: datetime, *, overnight: bool) -> str:
    """When something goes out that quiet hours keep back; a local moment: "Sẽ gửi lúc 07:00 sáng mai"."""
    part = "sáng" if at.hour < 11 else "trưa" if at.hour < 13 else "chiều" if at.hour < 18 else "tối"
    return f"Sẽ gửi lúc {at:%H:%M} {part} {'mai' if overnight else 'nay'}"


def clock(value: time) -> str:
    """A time of day: 08:30."""
    return f"{value:%H:%M}"


def left(days: int) -> str:
    """How many days are left."""
    if days > 0:
        return f"còn {days} ngày"
    return "hôm nay" if days == 0 else f"quá hạn {-days} ngày"
