"""Wording of people and their roles."""

from __future__ import annotations

from html import escape
from typing import Final

from knowledge.phones import mask_phone
from knowledge.text import fold
from storage.people import Person, RoleName

ROLES: Final[dict[RoleName, str]] = {
    RoleName.OFFICER: "cán bộ nhập liệu",
    RoleName.SUPERVISOR: "cán bộ phụ trách",
    RoleName.ADMIN: "quản trị viên",
}

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
