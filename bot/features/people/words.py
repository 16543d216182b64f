"""Joining, inviting, roles, /toi: what is said to those who join, and to those who let them in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape
from typing import Final
from urllib.parse import quote, urlencode

from bot.access import Held
from bot.features.people.service import FreshInvitation, HeldRole, Joined, Profile, ServedUnit
from bot.features.people.taps import (
    AskCalled,
    CalledLetter,
    ChooseCalled,
    EndRole,
    HandOver,
    MakeInvitation,
    ReplaceRole,
    RoleLetter,
    ShowRole,
)
from bot.hands.feature import Command
from bot.road.reply import Button, Key, Reply
from bot.taps import ChooseRole, ShowStaff, ShowTops, ShowUnit
from bot.words import people
from bot.words.answers import EXAMPLES
from bot.words.calling import WORDS, Called, address
from bot.words.dates import day
from bot.words.people import ROLES, person_name, staff_line
from bot.words.reports import short_unit
from knowledge.phones import mask_phone
from storage.people import RoleName
from storage.units import Unit

SHARE_PHONE: Final = "Chia sẻ số điện thoại"

_MOST_ROLES: Final = 10
_MOST_NAMES: Final = 6
_MOST_STAFF: Final = 20
_WHAT_NEXT: Final[dict[RoleName, str]] = {
    RoleName.OFFICER: "Gõ /baocao để nộp số liệu, hoặc gửi luôn một tin như "
    "<i>báo cáo tháng 10: cnvclđ 1320, đoàn viên 1.250, mới 12, giảm 3</i>.",
    RoleName.SUPERVISOR: "Gõ /tonghop để xem tổng hợp, /chuanop để xem đơn vị nào chưa nộp, /moi để mời cán bộ.",
    RoleName.ADMIN: "Gõ /donvi để xem đơn vị, /moi để mời cán bộ, /tonghop để xem tổng hợp.",
}
_WAS_OFFICER: Final = "Đơn vị không còn phải nộp; báo cáo cũ xem ở /lichsu."
_MAY_DO: Final[dict[RoleName, str]] = {
    RoleName.OFFICER: "Được nộp, sửa và xem số liệu của đơn vị này.",
    RoleName.SUPERVISOR: "Được xem, nộp, tổng hợp, gửi trả, nhắc, đặt hạn, gửi thông báo và mời cán bộ "
    "cho đơn vị này và mọi đơn vị trực thuộc.",
    RoleName.ADMIN: "Được làm mọi việc của cán bộ phụ trách; ngoài ra được thay đổi đơn vị, mở và đóng đợt báo cáo, "
    "mời quản trị viên và xem nhật ký, ở đơn vị này và mọi đơn vị trực thuộc.",
}


_WHO = (
    "<b>Xin chào! Tôi là Trợ lý Công đoàn.</b>\n"
    "Tôi trả lời về chỉ tiêu, nhiệm vụ và thời hạn trong các kế hoạch, chương trình hành động của công đoàn; "
    "con số nào cũng kèm tên kế hoạch và mục."
)


def welcome(examples: tuple[tuple[Button, ...], ...]) -> Reply:
    """The first thing said to somebody; `examples` are buttons that ask a question each."""
    return Reply(
        f"{_WHO}\n\nAnh/chị cứ gõ như nhắn tin: có dấu hay không dấu, viết tắt đều được. "
        "Thử một câu bên dưới, hoặc /help.",
        examples,
    )


def welcome_group(bot_name: str) -> Reply:
    """The first thing said to a group."""
    name = escape(bot_name)
    return Reply(
        f"{_WHO}\n\nTrong nhóm, hãy gọi <code>@{name}</code> kèm câu hỏi, hoặc trả lời tin của tôi. "
        f"Ví dụ:\n<code>@{name} {escape(EXAMPLES[0])}</code>"
    )


def unknown_code() -> Reply:
    """To /start with a code that opens nothing: used, expired or never given, all alike."""
    return Reply(
        "Mã mời này không dùng được: có thể đã dùng rồi, đã hết hạn hoặc gõ thiếu. "
        "Anh/chị xin mã khác từ công đoàn cấp trên. Trong lúc đó vẫn hỏi về các kế hoạch được."
    )


def too_many_codes(until: datetime) -> Reply:
    """To whoever tried too many codes: a good one waits, too. `until` is local time."""
    return Reply(
        "Tài khoản này vừa thử nhiều mã không đúng nên tạm thời chưa nhận mã nào. "
        f"Sau {until:%H:%M} ngày {day(until.date())}, anh/chị gửi lại mã mời; mã còn hạn thì vẫn dùng được."
    )


def joined(what: Joined) -> Reply:
    """To somebody whose code opened something."""
    greeting = "Anh/chị đã tham gia" if what.is_new or what.of_roster else "Anh/chị đã tham gia từ trước"
    known = f"Tên <b>{escape(what.person.name)}</b> có trong danh sách cán bộ của đơn vị.\n" if what.of_roster else ""
    return Reply(
        f"{greeting} với vai trò <b>{ROLES[what.role]}</b> của <b>{escape(what.unit.name)}</b>.\n{known}"
        f"{_WHAT_NEXT[what.role]}",
        keyboard=(),
    )


def someone_joined(what: Joined) -> Reply:
    """To the one who made the invitation."""
    return Reply(
        f"{person_name(what.person)} đã dùng mã mời của anh/chị và là {ROLES[what.role]} của "
        f"<b>{escape(what.unit.name)}</b>. Nếu không đúng người, vào /moi, chọn đơn vị rồi <b>Vai trò</b> để kết thúc."
    )


def joined_by_phone(held: Sequence[Held]) -> Reply:
    """To somebody whose number stands on the roster."""
    return Reply(
        f"Số điện thoại đã khớp với danh sách cán bộ. Anh/chị là:\n{_held_lines(held)}\n{_what_next(held)}",
        keyboard=(),
    )


def already_joined(held: Sequence[Held]) -> Reply:
    """To somebody who joined before."""
    if not held:
        return Reply("Anh/chị đã tham gia, nhưng hiện không còn giữ vai trò nào.", keyboard=())
    return Reply(f"Anh/chị đã tham gia rồi. Anh/chị là:\n{_held_lines(held)}", keyboard=())


def _what_next(held: Sequence[Held]) -> str:
    roles = [RoleName.ADMIN, RoleName.SUPERVISOR, RoleName.OFFICER]
    highest = next((role for role in roles if any(each.role is role for each in held)), RoleName.OFFICER)
    return _WHAT_NEXT[highest]


def _held_lines(held: Sequence[Held]) -> str:
    lines = [f"• {ROLES[each.role]} của <b>{escape(each.unit.name)}</b>" for each in held[:_MOST_ROLES]]
    if len(held) > _MOST_ROLES:
        lines.append(f"• và {len(held) - _MOST_ROLES} vai trò khác")
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


def link_of(code: str, bot_name: str) -> str:
    """The link that opens the bot with a code."""
    return f"https://t.me/{bot_name}?start={code}"


def share_button(link: str, text: str) -> Button:
    """The button that lets a chat be chosen to which the link is sent."""
    return Button("Chia sẻ", url=f"https://t.me/share/url?{urlencode({'url': link, 'text': text}, quote_via=quote)}")


def choose_role(unit: Unit, roles: Sequence[RoleName], *, edits: int | None = None) -> Reply:
    """For which role somebody is to be invited."""
    rows = [(MakeInvitation(unit.id, RoleLetter.of(role)).button(ROLES[role].capitalize()),) for role in roles]
    return Reply(
        f"Mời ai vào <b>{escape(unit.name)}</b>?\n"
        "• Cán bộ nhập liệu: nộp số liệu.\n"
        "• Cán bộ phụ trách: xem, tổng hợp, gửi trả, nhắc, cho đơn vị này và mọi đơn vị trực thuộc.",
        (*rows, (_back(unit),)),
        edits=edits,
    )


def _back(unit: Unit) -> Button:
    return ShowUnit(unit.id, 0).button("Quay lại")


def invitation(fresh: FreshInvitation, *, bot_name: str, edits: int | None = None) -> Reply:
    """A fresh invitation, to be passed on; it is shown this once."""
    link = link_of(fresh.code, bot_name)
    share = share_button(link, f"Mời anh/chị làm {ROLES[fresh.role]} của {fresh.unit.name} trên Trợ lý Công đoàn.")
    return Reply(
        f"Mã mời làm <b>{ROLES[fresh.role]}</b> của <b>{escape(fresh.unit.name)}</b>, dùng được một lần, "
        f"trước {fresh.until:%H:%M} ngày {day(fresh.until.date())}:\n"
        f"{link}\n\n"
        f"Hoặc người được mời gửi cho tôi:\n<code>/start {fresh.code}</code>\n\n"
        "Anh/chị chuyển tin này cho đúng người giúp; ai có mã cũng tham gia được.",
        ((share,), (ChooseRole(fresh.unit.id).button("Tạo mã khác"), _back(fresh.unit))),
        edits=edits,
    )


def staff(unit: Unit, found: Sequence[HeldRole], *, edits: int | None = None) -> Reply:
    """Whose role is to be ended or replaced."""
    rows = [
        (
            ShowRole(unit.id, held.person.id, RoleLetter.of(held.role)).button(
                f"{held.person.name or 'Chưa rõ tên'} · {ROLES[held.role]}"[:60]
            ),
        )
        for held in found[:_MOST_STAFF]
    ]
    return Reply(f"Anh/chị xem vai trò của ai ở <b>{escape(unit.name)}</b>?", (*rows, (_back(unit),)), edits=edits)


def role_page(held: HeldRole, *, edits: int | None = None) -> Reply:
    """One person's role: end it, or put somebody else in their place."""
    unit, person, letter = held.unit, held.person, RoleLetter.of(held.role)
    phone = f"\nĐiện thoại: {mask_phone(person.phone)}" if person.phone else ""
    joined_line = (
        f"\nTham gia từ {day(person.joined_at.date())}." if person.joined_at is not None else "\nChưa tham gia."
    )
    return Reply(
        f"<b>{person_name(person)}</b> – {ROLES[held.role]} của <b>{escape(unit.name)}</b>.{phone}{joined_line}\n"
        "Kết thúc vai trò thì người này không nộp, không xem được số liệu của đơn vị nữa; "
        "những gì đã nộp vẫn được giữ. Bàn giao thì người này vẫn làm cho đến khi người nhận tham gia.",
        (
            (EndRole(unit.id, person.id, letter).button("Kết thúc vai trò"),),
            (ReplaceRole(unit.id, person.id, letter).button("Thay người khác"),),
            (HandOver(unit.id, person.id, letter).button("Bàn giao"),),
            (ShowStaff(unit.id).button("Quay lại"),),
        ),
        edits=edits,
    )


def role_ended(held: HeldRole, *, edits: int | None = None) -> Reply:
    """After a role was ended."""
    return Reply(
        f"Đã kết thúc vai trò {ROLES[held.role]} của {person_name(held.person)} ở <b>{escape(held.unit.name)}</b>.",
        ((_back(held.unit),),),
        edits=edits,
    )


def your_role_ended(held: HeldRole) -> Reply:
    """To the person whose role was ended."""
    return Reply(
        f"Vai trò {ROLES[held.role]} của anh/chị ở <b>{escape(held.unit.name)}</b> đã kết thúc. Cảm ơn anh/chị! "
        "Anh/chị vẫn hỏi được về các kế hoạch."
    )


def role_gone() -> str:
    """The toast to a button about a role that nobody holds any more."""
    return "Vai trò này đã kết thúc rồi."


def how_to_be_let_in() -> Reply:
    """To somebody without a unit who asks about invitations."""
    return Reply(people.how_to_be_let_in())


# /toi --------------------------------------------------------------------------------------------------------------


def profile(
    found: Profile,
    commands: Sequence[Command],
    passing: Sequence[tuple[Button, ...]],
    called: Called,
    *,
    is_admin: bool,
) -> Reply:
    """Who somebody is here: unit by unit, how they are reminded, and the commands that not everybody has.

    `passing` are the buttons by which something is handed over.

    `is_admin` is for an admin by the settings.
    """
    blocks = ["\n".join(_served_lines(each)) for each in found.served]
    if found.others:
        blocks.append(f"Ngoài ra là:\n{_held_lines(found.others)}")
    if is_admin:
        blocks.append(_ADMIN_OF_ALL)
    if found.muted_until is not None:
        until = f"{found.muted_until:%H:%M} ngày {day(found.muted_until.date())}"
        blocks.append(f"🔕 Đang tắt nhắc đến {until}; bật lại ở /nhac.")
    else:
        blocks.append(f"Giờ nhắc hạn của anh/chị: {found.remind_at:%H:%M}; đổi hay tạm tắt ở /nhac.")
    blocks.append(_command_lines(commands))
    leading = [each.unit for each in found.served if set(each.roles) - {RoleName.OFFICER}]
    return Reply(
        "\n\n".join(blocks),
        (
            *((ShowUnit(unit.id, 0).button(short_unit(unit.name)),) for unit in leading),
            *passing,
            (AskCalled().button(f"Xưng hô: {WORDS[called]}"),),
        ),
    )


_CALL: Final = {
    CalledLetter.ANH: "Gọi là anh",
    CalledLetter.CHI: "Gọi là chị",
    CalledLetter.OPEN: "Gọi chung là anh/chị",
}


def choose_called(called: Called) -> Reply:
    """How somebody is addressed, `called` now."""
    anh, chi, both = (
        ChooseCalled(letter).button(f"✓ {label}" if letter.called is called else label)
        for letter, label in _CALL.items()
    )
    return Reply("Tôi nên gọi thế nào cho phải?", ((anh, chi), (both,)))


def called_kept(name: str, called: Called, *, edits: int | None) -> Reply:
    """After it was chosen."""
    is_open = called is Called.OPEN
    said = f"Vâng, tôi gọi chung là <b>{address(name)}</b>." if is_open else f"Vâng, thưa <b>{address(name)}</b>."
    return Reply(f"{said} Đổi lại lúc nào cũng được, ở /toi.", edits=edits)


def _served_lines(served: ServedUnit) -> list[str]:
    roles = ", ".join(ROLES[role] for role in served.roles)
    lines = [f"<b>{escape(served.unit.name)}</b>"]
    if served.above is not None:
        lines.append(f"thuộc {escape(served.above.name)}")
    if served.unit.dissolved_on is not None:
        lines.append(f"<i>Đã giải thể từ {day(served.unit.dissolved_on)}; số liệu cũ vẫn được giữ.</i>")
    is_over = served.unit.dissolved_on is not None and served.roles[0] is RoleName.OFFICER
    may_do = _WAS_OFFICER if is_over else _MAY_DO[served.roles[0]]
    lines.append(f"Anh/chị là <b>{roles}</b>, từ {day(served.since)}. {may_do}")
    if served.colleagues:
        lines.append("Cùng đơn vị: " + _names([staff_line(who, role.role) for role, who in served.colleagues]))
    else:
        lines.append("Đơn vị chưa có cán bộ nào khác.")
    if served.supervisors:
        lines.append("Phụ trách ở cấp trên: " + _names([person_name(who) for who in served.supervisors]))
    return lines


def _names(names: Sequence[str]) -> str:
    more = f" và {len(names) - _MOST_NAMES} người khác" if len(names) > _MOST_NAMES else ""
    return "; ".join(names[:_MOST_NAMES]) + more


def _command_lines(commands: Sequence[Command]) -> str:
    lines = [f"/{command.name} – {escape(command.line)}" for command in commands]
    return "\n".join(["<b>Các lệnh dành cho anh/chị</b>", *lines, "Các lệnh chung ở /help."])


def nobody_yet(name: str, telegram_id: int, *, may_join: bool) -> Reply:
    """To /toi of somebody who serves nothing; `may_join` where there are units that one may belong to."""
    phone = ", hoặc vào /start và chia sẻ số điện thoại đã có trong danh sách cán bộ" if may_join else ""
    return Reply(
        f"Anh/chị {escape(name)} chưa gắn với đơn vị nào: hỏi được về các kế hoạch, chưa nộp hay xem được số liệu.\n"
        f"Có mã mời thì gửi <code>/start MÃ</code>{phone}.\n"
        f"Nếu quản trị viên hỏi mã tài khoản, anh/chị gửi số này: <code>{telegram_id}</code>."
    )


_ADMIN_OF_ALL: Final = "Anh/chị là quản trị viên của trợ lý này: làm được mọi việc ở mọi đơn vị."


def admin_of_all(commands: Sequence[Command]) -> Reply:
    """To /toi of an admin by the settings without a role of their own."""
    return Reply(f"{_ADMIN_OF_ALL}\n\n{_command_lines(commands)}", ((ShowTops(0).button("Xem các đơn vị"),),))
