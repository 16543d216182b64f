"""Wording of people and their roles."""

from __future__ import annotations

from html import escape
from typing import Final

from knowledge.phones import mask_phone, write_phone
from knowledge.text import fold, shorten
from storage.people import Person, RoleName

ROLES: Final[dict[RoleName, str]] = {
    RoleName.OFFICER: "cán bộ nhập liệu",
    RoleName.SUPERVISOR: "cán bộ phụ trách",
    RoleName.ADMIN: "quản trị viên",
}

_UNIT_IN_LABEL: Final = 42

# fmt: off
_FAMILY_NAMES: Final = frozenset({
    "an", "au", "bach", "banh", "bien", "bo", "bui", "cao", "chau", "chu", "chung", "cu", "dam", "dang", "danh",
    "dao", "dau", "diep", "dinh", "do", "doan", "dong", "duong", "giang", "giap", "ha", "han", "ho", "hoang",
    "hong", "hua", "huynh", "kha", "khong", "khuat", "kieu", "kim", "la", "lai", "lam", "le", "lieu", "lo", "lu",
    "luong", "luu", "ly", "ma", "mac", "mach", "mai", "nghiem", "ngo", "nguy", "nguyen", "nhan", "ninh", "nong",
    "on", "pham", "phan", "phi", "pho", "phung", "quach", "quan", "quang", "ta", "tang", "thach", "thai", "than",
    "tieu", "to", "ton", "tong", "tran", "trang", "trieu", "trinh", "truong", "tu", "ung", "uong", "van", "vi",
    "vo", "vu", "vuong",
})
# fmt: on
"""Vietnamese family names, folded. They come first, and people are called by the name that comes last."""


def address(name: str) -> str:
    """How somebody is addressed: "anh/chị Hoa" for Nguyễn Thị Hoa, by the whole name where it is no Vietnamese one."""
    words = name.split()
    if not words:
        return "anh/chị"
    is_vietnamese = len(words) > 1 and fold(words[0]) in _FAMILY_NAMES
    return f"anh/chị {escape(words[-1] if is_vietnamese else name.strip())}"


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
    return f"Mời cán bộ: {shorten(unit_name, _UNIT_IN_LABEL)}"
