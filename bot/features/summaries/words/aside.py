"""While something slow is made, and where it comes to nothing."""

from __future__ import annotations

from typing import Final

from bot.features.summaries.reports import Thing
from bot.road.reply import Reply

_THINGS: Final = {
    Thing.SUMMARY: "phần cộng số liệu",
    Thing.PROGRESS: "phần so với chỉ tiêu",
    Thing.WORKBOOK: "tệp Excel",
    Thing.CSV: "tệp CSV",
    Thing.YEAR: "tệp Excel 12 tháng",
    Thing.CHARTS: "biểu đồ",
    Thing.NUDGE: "việc nhắc",
}


def working(thing: Thing) -> Reply:
    """While something slow is being made."""
    return Reply(f"Tôi đang làm {_THINGS[thing]}, xong tôi gửi ngay vào đây.", silent=True)


def working_toast(thing: Thing) -> str:
    """The same as a toast."""
    return f"Đang làm {_THINGS[thing]}, xong tôi gửi vào đây."


def failed(thing: Thing) -> Reply:
    """Where a file could not be made in the end."""
    return Reply(f"Xin lỗi, tôi chưa làm được {_THINGS[thing]}. Anh/chị thử lại sau giúp.")


def not_open() -> str:
    """The toast to a period that is still to come or gone."""
    return "Kỳ này chưa mở hoặc không còn nữa."
