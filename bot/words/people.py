"""Wording of people and their roles."""

from __future__ import annotations

from html import escape
from typing import Final

from bot.words.reports import short_unit
from knowledge.phones import mask_phone, write_phone
from storage.people import Person, RoleName

ROLES: Final[dict[RoleName, str]] = {
    RoleName.OFFICER: "cán bộ nhập liệu",
    RoleName.SUPERVISOR: "cán bộ phụ trách",
    RoleName.ADMIN: "quản trị viên",
}

_UNIT_IN_LABEL: Final = 28


def person_name(person: Person) -> str:
    """A person's name, or where it is unknown what else identifies them."""
    if person.name:
        return escape(person.name)
    return f"số {mask_phone(person.phone)}" if person.phone else "người đã xóa dữ liệu"


def how_to_be_let_in() -> str:
    """What somebody without a unit does to get one."""
    return (
        "Để vào đơn vị của mình, anh/chị gửi <code>/start MÃ</code> với mã mời của công đoàn cấp trên, "
        "hoặc vào /start và chia sẻ số điện thoại."
    )


def staff_line(person: Person, role: RoleName) -> str:
    """Somebody who serves a unit, and whether they have joined."""
    joined = "" if person.has_joined else " (chưa tham gia)"
    return f"{person_name(person)} – {ROLES[role]}{joined}"


def contact_line(person: Person) -> str:
    """Whom to call, for those above: "Hồ Ngọc Lan, 0901 000 005"; empty where neither is known."""
    return ", ".join(part for part in (escape(person.name), write_phone(person.phone) if person.phone else "") if part)


def why_silent(contact: Person | None, *, has_officer: bool) -> str:
    """Why a unit cannot be reached, and whom to call there."""
    why = "không gửi tin được, có thể đã chặn trợ lý" if has_officer else "chưa có cán bộ tham gia"
    line = contact_line(contact) if contact is not None else ""
    return f"{why}; liên hệ {line}" if line else why


def silent_line(unit_name: str, contact: Person | None, *, has_officer: bool) -> str:
    """A unit that cannot be reached, in a list of such units."""
    return f"• {escape(unit_name)} – {why_silent(contact, has_officer=has_officer)}"


def invite_label(unit_name: str) -> str:
    """The label of the button that makes a code for a unit which cannot be reached."""
    return f"Mời cán bộ: {short_unit(unit_name, _UNIT_IN_LABEL)}"
