"""The sandbox's sample people, whom visitors of the demo play, and their group.

Names, ids and phone numbers are invented. Phone numbers match the sample roster that the demo imports, so that
sharing one's number joins the right unit.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.sandbox.clock import next_local_day_of_month, next_local_morning
from bot.sandbox.model import Player
from bot.sandbox.state import Sandbox

Prepare = Callable[[Sandbox], Awaitable[None]]

ADMIN = Player(
    1001, "Trần Thị", "Mai", "mai_ldld", phone="+84901000001", role="Quản trị · Liên đoàn Lao động thành phố"
)
SUPERVISOR = Player(1002, "Lê Văn", "Hùng", "hung_cdcs", phone="+84901000002", role="Cán bộ công đoàn cấp trên")
OFFICER_HOA = Player(
    1003, "Nguyễn Thị", "Hoa", "hoa_cdcs", phone="+84901000003", role="Cán bộ CĐCS Công ty May Sông Xanh"
)
OFFICER_BINH = Player(1004, "Phạm Quốc", "Bình", "binh_cdcs", phone="+84901000004", role="Cán bộ CĐCS Cơ khí Tân Phong")
OFFICER_LAN = Player(1005, "Hồ Ngọc", "Lan", "", phone="+84901000005", role="Cán bộ CĐCS Trường THPT Nguyễn Du")
GUEST = Player(1006, "Đỗ Minh", "Khôi", "", phone="+84909999999", role="Khách, chưa thuộc đơn vị nào")

PEOPLE = (OFFICER_HOA, OFFICER_BINH, OFFICER_LAN, SUPERVISOR, ADMIN, GUEST)

GROUP_TITLE = "Nhóm cán bộ công đoàn"


@dataclass(frozen=True, slots=True)
class Moment:
    """A named place in time that the page's clock bar offers."""

    label: str
    find: Callable[[datetime], datetime]


NEXT_MORNING = Moment("→ 08:30 sáng mai", next_local_morning)
DUE_DAY = Moment("→ đến hạn nộp", lambda now: next_local_day_of_month(now, 5))


def populate(sandbox: Sandbox) -> None:
    """Adds the sample people, their group and the moments of the clock bar."""
    for person in PEOPLE:
        sandbox.add_person(replace(person))
    sandbox.add_group(GROUP_TITLE, [person.id for person in PEOPLE[:4]])
    for moment in (NEXT_MORNING, DUE_DAY):
        sandbox.moments[moment.label] = moment.find
