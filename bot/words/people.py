"""Wording of people and their roles."""

from __future__ import annotations

from html import escape
from typing import Final

from knowledge.phones import mask_phone
from storage.people import Person, RoleName

ROLES: Final[dict[RoleName, str]] = {
    RoleName.OFFICER: "cán bộ nhập liệu",
    RoleName.SUPERVISOR: "cán bộ phụ trách",
    RoleName.ADMIN: "quản trị viên",
}


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
