"""What is said about shares that are handed down."""

from __future__ import annotations

from bot.road.reply import Reply


def no_handing_down() -> Reply:
    """To shares that somebody wants to hand down."""
    return Reply(
        "Tôi chưa nhận việc giao chỉ tiêu cho từng đơn vị. Muốn báo cho các đơn vị bên dưới thì dùng /thongbao, "
        "có hạn thì /dathan."
    )
