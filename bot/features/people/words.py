"""Joining, inviting, roles: what is said to those who join, and to those who let them in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape
from typing import Final
from zoneinfo import ZoneInfo

from bot.features.people.service import Joined, Service
from bot.road.reply import Button, Key, Reply
from bot.words.commands import Wording
from bot.words.dates import day
from knowledge.phones import mask_phone
from storage.people import Person, Role, RoleName
from storage.units import Unit

INVITE = Wording("Mời cán bộ vào đơn vị của mình và trực thuộc")

SHARE_PHONE: Final = "Chia sẻ số điện thoại"

ROLES: Final[dict[RoleName, str]] = {
    RoleName.OFFICER: "cán bộ nhập liệu",
    RoleName.SUPERVISOR: "cán bộ phụ trách",
    RoleName.ADMIN: "quản trị viên",
}
_LETTERS: Final = {RoleName.OFFICER: "o", RoleName.SUPERVISOR: "s", RoleName.ADMIN: "a"}
_WHAT_NEXT: Final[dict[RoleName, str]] = {
    RoleName.OFFICER: "Gõ /baocao để nộp số liệu, hoặc gửi luôn một tin như "
    "<i>báo cáo tháng 10: cnvclđ 1320, đoàn viên 1.250, mới 12, giảm 3</i>.",
    RoleName.SUPERVISOR: "Gõ /tonghop để xem tổng hợp, /chuanop để xem đơn vị nào chưa nộp, /moi để mời cán bộ.",
    RoleName.ADMIN: "Gõ /donvi để xem đơn vị, /moi để mời cán bộ, /tonghop để xem tổng hợp.",
}


def name(person: Person) -> str:
    """A person's name, or what else tells who it is."""
    if person.name:
        return escape(person.name)
    return f"số {mask_phone(person.phone)}" if person.phone else "người đã xóa dữ liệu"


def role_letter(role: RoleName) -> str:
    """A role in the data of a button."""
    return _LETTERS[role]


def parse_role_letter(letter: str) -> RoleName | None:
    """The role that a button's data means."""
    return next((role for role, own in _LETTERS.items() if own == letter), None)


def joined(what: Joined) -> Reply:
    """To somebody whose code opened something."""
    greeting = "Anh/chị đã tham gia" if what.is_new else "Anh/chị đã tham gia từ trước"
    return Reply(
        f"{greeting} với vai trò <b>{ROLES[what.role]}</b> của <b>{escape(what.unit.name)}</b>.\n"
        f"{_WHAT_NEXT[what.role]}",
        keyboard=(),
    )


def someone_joined(what: Joined) -> Reply:
    """To the one who made the invitation."""
    return Reply(
        f"{name(what.person)} đã dùng mã mời của anh/chị và là {ROLES[what.role]} của <b>{escape(what.unit.name)}</b>. "
        "Nếu không đúng người, vào /moi, chọn đơn vị rồi <b>Vai trò</b> để kết thúc."
    )


def joined_by_phone(services: Sequence[Service]) -> Reply:
    """To somebody whose number stands on the roster."""
    return Reply(
        f"Số điện thoại đã khớp với danh sách cán bộ. Anh/chị là:\n{_service_lines(services)}\n{_what_next(services)}",
        keyboard=(),
    )


def already_joined(services: Sequence[Service]) -> Reply:
    """To somebody who joined before."""
    if not services:
        return Reply("Anh/chị đã tham gia, nhưng hiện không còn giữ vai trò nào.", keyboard=())
    return Reply(f"Anh/chị đã tham gia rồi. Anh/chị là:\n{_service_lines(services)}", keyboard=())


def _what_next(services: Sequence[Service]) -> str:
    roles = [RoleName.ADMIN, RoleName.SUPERVISOR, RoleName.OFFICER]
    highest = next((role for role in roles if any(each.role is role for each in services)), RoleName.OFFICER)
    return _WHAT_NEXT[highest]


def _service_lines(services: Sequence[Service]) -> str:
    lines = [f"• {ROLES[each.role]} của <b>{escape(each.unit.name)}</b>" for each in services[:10]]
    if len(services) > 10:
        lines.append(f"• và {len(services) - 10} vai trò khác")
    return "\n".join(lines)


def phone_unknown() -> Reply:
    """To somebody whose number stands on no roster."""
    return Reply(
        "Số điện thoại này chưa có trong danh sách cán bộ. Anh/chị nhờ công đoàn cấp trên gửi mã mời, "
        "rồi mở đường dẫn hoặc gửi <code>/start MÃ</code> cho tôi. Hỏi về các kế hoạch thì không cần gì cả.",
        keyboard=(),
    )


def phone_taken() -> Reply:
    """To somebody whose number is tied to another account."""
    return Reply(
        "Số điện thoại này đang gắn với một tài khoản Telegram khác. Để an toàn, anh/chị nhờ công đoàn cấp trên "
        "gửi mã mời mới cho tài khoản này.",
        keyboard=(),
    )


def not_own_contact() -> Reply:
    """To a contact that is not the sender's own."""
    return Reply(
        f"Đây không phải số của chính anh/chị. Anh/chị bấm nút <b>{SHARE_PHONE}</b> bên dưới giúp.",
        keyboard=((Key(SHARE_PHONE, asks_contact=True),),),
    )


def how_to_join() -> Reply:
    """To somebody new, once there are units that one may belong to."""
    return Reply(
        f"Nếu là cán bộ công đoàn, anh/chị bấm <b>{SHARE_PHONE}</b> bên dưới để tôi nhận ra đơn vị của anh/chị, "
        "hoặc mở đường dẫn mời mà cấp trên gửi. Chỉ hỏi về kế hoạch thì không cần.",
        keyboard=((Key(SHARE_PHONE, asks_contact=True),),),
    )


def serving(services: Sequence[Service]) -> Reply:
    """To /start of somebody who belongs to units."""
    return Reply(f"Anh/chị là:\n{_service_lines(services)}\n{_what_next(services)}", keyboard=())


def choose_role(unit: Unit, roles: Sequence[RoleName], *, edits: int | None = None) -> Reply:
    """For which role somebody is to be invited."""
    rows = tuple((Button(ROLES[role].capitalize(), data=f"u:c:{unit.id}:{role_letter(role)}"),) for role in roles)
    return Reply(
        f"Mời ai vào <b>{escape(unit.name)}</b>?\n"
        "• Cán bộ nhập liệu: nộp số liệu.\n"
        "• Cán bộ phụ trách: xem, tổng hợp, gửi trả, nhắc, cho đơn vị này và mọi đơn vị trực thuộc.",
        (*rows, (Button("Quay lại", data=f"u:v:{unit.id}:0"),)),
        edits=edits,
    )


def invitation(
    unit: Unit,
    role: RoleName,
    code: str,
    until: datetime,
    *,
    bot_name: str,
    zone: ZoneInfo,
    edits: int | None = None,
) -> Reply:
    """A fresh invitation, to be passed on; it is shown this once."""
    return Reply(
        f"Mã mời làm <b>{ROLES[role]}</b> của <b>{escape(unit.name)}</b>, dùng được một lần, "
        f"trước {until.astimezone(zone):%H:%M} ngày {day(until.astimezone(zone).date())}:\n"
        f"https://t.me/{bot_name}?start={code}\n\n"
        f"Hoặc người được mời gửi cho tôi:\n<code>/start {code}</code>\n\n"
        "Anh/chị chuyển tin này cho đúng người; ai có mã là người đó tham gia được.",
        ((Button("Tạo mã khác", data=f"u:i:{unit.id}"), Button("Quay lại", data=f"u:v:{unit.id}:0")),),
        edits=edits,
    )


def staff(unit: Unit, found: Sequence[tuple[Role, Person]], *, edits: int | None = None) -> Reply:
    """Whose role is to be ended or replaced."""
    rows = tuple(
        (
            Button(
                f"{person.name or 'Chưa rõ tên'} · {ROLES[role.role]}"[:60],
                data=f"u:p:{unit.id}:{person.id}:{role_letter(role.role)}",
            ),
        )
        for role, person in found[:20]
    )
    return Reply(
        f"Vai trò của ai ở <b>{escape(unit.name)}</b>?",
        (*rows, (Button("Quay lại", data=f"u:v:{unit.id}:0"),)),
        edits=edits,
    )


def role_page(unit: Unit, person: Person, role: RoleName, *, edits: int | None = None) -> Reply:
    """One person's role: end it, or put somebody else in their place."""
    ids = f"{unit.id}:{person.id}:{role_letter(role)}"
    phone = f"\nĐiện thoại: {mask_phone(person.phone)}" if person.phone else ""
    joined_line = (
        f"\nTham gia từ {day(person.joined_at.date())}." if person.joined_at is not None else "\nChưa tham gia."
    )
    return Reply(
        f"<b>{name(person)}</b> – {ROLES[role]} của <b>{escape(unit.name)}</b>.{phone}{joined_line}\n"
        "Kết thúc vai trò thì người này không nộp, không xem được số liệu của đơn vị nữa; "
        "những gì đã nộp vẫn được giữ.",
        (
            (Button("Kết thúc vai trò", data=f"u:e:{ids}"),),
            (Button("Thay người khác", data=f"u:r:{ids}"),),
            (Button("Quay lại", data=f"u:s:{unit.id}"),),
        ),
        edits=edits,
    )


def role_ended(unit: Unit, person: Person, role: RoleName, *, edits: int | None = None) -> Reply:
    """After a role was ended."""
    return Reply(
        f"Đã kết thúc vai trò {ROLES[role]} của {name(person)} ở <b>{escape(unit.name)}</b>.",
        ((Button("Quay lại", data=f"u:v:{unit.id}:0"),),),
        edits=edits,
    )


def your_role_ended(unit: Unit, role: RoleName) -> Reply:
    """To the person whose role was ended."""
    return Reply(
        f"Vai trò {ROLES[role]} của anh/chị ở <b>{escape(unit.name)}</b> đã kết thúc. Cảm ơn anh/chị! "
        "Anh/chị vẫn hỏi được về các kế hoạch."
    )


def role_gone() -> str:
    """The toast to a button about a role that nobody holds any more."""
    return "Vai trò này đã kết thúc rồi."
