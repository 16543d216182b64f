"""How far a unit is from its targets, in words."""

from __future__ import annotations

from collections.abc import Collection
from html import escape
from typing import Final

from bot.road.reply import Reply
from bot.words.targets import targets_text
from knowledge.progress import PlanProgress
from storage.units import Unit

_THING: Final = "phần so với chỉ tiêu"


def progress_answer(found: PlanProgress, unit: Unit) -> Reply:
    """To "còn thiếu bao nhiêu đoàn viên so với chỉ tiêu 2030?"."""
    return Reply(f"<b>{escape(unit.name)}</b>\n{targets_text(found, unit)}")


def no_target(unit: Unit, year: int | None, plan_years: Collection[int]) -> Reply:
    """Where the plan sets nothing (for that year) that reports measure; `plan_years` are those it has targets for."""
    when = f" cho năm {year}" if year else ""
    known = f" Các mốc có thể so: {', '.join(map(str, sorted(plan_years)))}." if plan_years else ""
    return Reply(
        f"Kế hoạch áp dụng cho <b>{escape(unit.name)}</b> không đặt chỉ tiêu nào{when} mà số liệu báo cáo đo được."
        f"{known}"
    )


def no_plan(unit: Unit) -> Reply:
    """Where no plan governs a unit."""
    return Reply(f"Chưa có kế hoạch nào áp dụng cho <b>{escape(unit.name)}</b> để so.")


def no_share() -> Reply:
    """To the share of a unit that no plan governs."""
    return Reply(
        "Đơn vị của anh/chị chưa gắn với kế hoạch nào và chưa có chỉ tiêu giao xuống ở đây, nên tôi chưa có gì để so. "
        "Số liệu đã báo cáo xem ở /lichsu; chỉ tiêu của một kế hoạch thì hỏi kèm tên, ví dụ: "
        "<i>chỉ tiêu của Quảng Trị</i>."
    )


def working() -> Reply:
    """While sums over a large tree are being made."""
    return Reply(f"Tôi đang làm {_THING}, xong tôi gửi ngay vào đây.", silent=True)


def working_toast() -> str:
    """The same as a toast."""
    return f"Đang làm {_THING}, xong tôi gửi vào đây."


def failed() -> Reply:
    """Where they could not be made in the end."""
    return Reply(f"Xin lỗi, tôi chưa làm được {_THING}. Anh/chị thử lại sau ít phút giúp.")
