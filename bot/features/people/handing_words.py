"""Handing over, in words: the one-time links, and what everybody concerned is told."""

from __future__ import annotations

from datetime import date
from html import escape
from typing import Final

from bot.features.people.handing import HandedOver, Passing
from bot.features.people.service import HeldRole, Profile
from bot.features.people.taps import ChangeAccount, HandOver, RoleLetter
from bot.features.people.words import SHARE_PHONE, link_of, share_button
from bot.road.reply import Button, Key, Reply
from bot.words.dates import day
from bot.words.people import ROLES, person_name
from knowledge.text import shorten
from storage.invites import Passes

_UNIT_IN_LABEL: Final = 34


def own_buttons(found: Profile, today: date) -> list[tuple[Button, ...]]:
    """**Bàn giao** of each of one's own roles, and **Đổi điện thoại/tài khoản**."""
    rows: list[tuple[Button, ...]] = []
    for served in found.served:
        for role in served.roles if served.unit.is_active(today) else ():
            name = shorten(served.unit.name, _UNIT_IN_LABEL)
            about = f"{name} ({ROLES[role]})" if len(served.roles) > 1 else name
            rows.append((HandOver(served.unit.id, found.person_id, RoleLetter.of(role)).button(f"Bàn giao: {about}"),))
    return [*rows, (ChangeAccount().button("Đổi điện thoại/tài khoản"),)]


def role_link(passing: Passing, held: HeldRole, *, bot_name: str, is_own: bool) -> Reply:
    """The link that moves a role to whoever opens it."""
    link = link_of(passing.code, bot_name)
    whose = "của anh/chị" if is_own else f"của {person_name(held.person)}"
    return Reply(
        f"<b>Bàn giao</b> vai trò {ROLES[held.role]} {whose} ở <b>{escape(held.unit.name)}</b>.\n"
        f"Người nhận mở đường dẫn này, dùng được một lần, trước {_until(passing)}:\n{link}\n\n"
        f"Hoặc gửi cho tôi:\n<code>/start {passing.code}</code>\n\n"
        f"Khi người nhận tham gia, vai trò {whose} kết thúc; bản nháp và yêu cầu đang chờ chuyển sang người nhận. "
        "Trước lúc đó chưa có gì thay đổi.",
        ((share_button(link, f"Nhận bàn giao {ROLES[held.role]} của {held.unit.name} trên Trợ lý Công đoàn."),),),
    )


def account_link(passing: Passing, *, bot_name: str) -> Reply:
    """The link by which somebody goes on with another account."""
    link = link_of(passing.code, bot_name)
    return Reply(
        "<b>Đổi tài khoản Telegram</b>\nMở đường dẫn này bằng <b>tài khoản mới của chính anh/chị</b>; "
        f"dùng được một lần, trước {_until(passing)}:\n{link}\n\nHoặc từ tài khoản mới gửi cho tôi:\n"
        f"<code>/start {passing.code}</code>\n\n"
        "Mọi vai trò chuyển sang tài khoản mới, tài khoản này không dùng được nữa. Đừng gửi đường dẫn cho người khác.",
        ((share_button(link, "Chuyển sang tài khoản mới trên Trợ lý Công đoàn."),),),
    )


def change_phone() -> Reply:
    """How to give another number, from the account that has it."""
    return Reply(
        f"<b>Đổi số điện thoại</b>\nNếu Telegram này đã dùng số mới, anh/chị bấm <b>{SHARE_PHONE}</b> bên dưới để tôi "
        "ghi số mới thay số cũ.",
        keyboard=((Key(SHARE_PHONE, asks_contact=True),),),
    )


def phone_changed() -> Reply:
    """After another number was given."""
    return Reply("Tôi đã ghi số điện thoại mới của anh/chị.", keyboard=())


def nothing_to_pass() -> Reply:
    """To somebody who serves nothing."""
    return Reply("Anh/chị chưa giữ vai trò nào nên không có gì để chuyển.")


def own_code() -> Reply:
    """To whoever opens the link by which they hand something over."""
    return Reply("Đường dẫn này dành cho người nhận hoặc tài khoản mới và vẫn dùng được; anh/chị cứ gửi đi.")


def _until(passing: Passing) -> str:
    return f"{passing.until:%H:%M} ngày {day(passing.until.date())}"


def taken(what: HandedOver) -> Reply:
    """To whoever has it now."""
    if what.passes is Passes.ACCOUNT:
        return Reply(f"Tài khoản này từ nay là của <b>{person_name(what.after)}</b>: {_places(what)}.", keyboard=())
    return Reply(
        f"Anh/chị đã nhận bàn giao vai trò <b>{ROLES[what.role]}</b> của {_places(what)} từ "
        f"{person_name(what.before)}. Bản nháp và yêu cầu đang chờ của đơn vị đã chuyển cho anh/chị.",
        keyboard=(),
    )


def given(what: HandedOver) -> Reply:
    """To whoever had it, in the chat of before."""
    if what.passes is Passes.ACCOUNT:
        return Reply(
            "Anh/chị đã chuyển sang tài khoản mới; tài khoản này không còn vai trò nào. "
            "Nếu không phải anh/chị làm, hãy báo ngay cho công đoàn cấp trên."
        )
    return Reply(
        f"{person_name(what.after)} đã nhận bàn giao vai trò {ROLES[what.role]} của {_places(what)}; vai trò của "
        "anh/chị ở đó đã kết thúc. Cảm ơn anh/chị! Nếu không đúng người, hãy báo ngay cho công đoàn cấp trên."
    )


def told_above(what: HandedOver) -> Reply:
    """To those above."""
    if what.passes is Passes.ACCOUNT:
        return Reply(f"{person_name(what.after)} ({_places(what)}) đã chuyển sang tài khoản Telegram mới.")
    return Reply(
        f"{_places(what)}: {person_name(what.before)} đã bàn giao vai trò {ROLES[what.role]} cho "
        f"{person_name(what.after)}. Nếu không đúng người, vào /moi, chọn đơn vị rồi <b>Vai trò</b> để kết thúc."
    )


def _places(what: HandedOver) -> str:
    return ", ".join(f"<b>{escape(unit.name)}</b>" for unit in what.units[:3])
