"""Inviting many, in words: the files with their codes, and the list of who has joined."""

from __future__ import annotations

from html import escape
from typing import Final

from bot.features.people import sheets
from bot.features.people.inviting import Invitations, Invited, Joining, UnitState
from bot.features.people.taps import TurnJoined
from bot.features.people.words import link_of
from bot.road.reply import Attachment, Button, MessageKind, Reply
from bot.taps import InviteAll, ShowJoined, ShowUnit
from bot.words.dates import day
from bot.words.people import ROLES, contact_line
from knowledge.numbers import format_count
from knowledge.phones import write_phone
from storage.units import Unit

_NAME_IN_FILE: Final = 40


def working() -> Reply:
    """While the files are being made."""
    return Reply("Tôi đang làm tệp mã mời, xong tôi gửi ngay vào đây.", silent=True)


def working_toast() -> str:
    """The same as a toast."""
    return "Đang làm tệp mã mời, xong tôi gửi vào đây."


def failed() -> Reply:
    """Where the files could not be made in the end."""
    return Reply("Xin lỗi, tôi chưa làm được tệp mã mời. Anh/chị thử lại sau giúp.")


def everybody_joined(unit: Unit) -> Reply:
    """Where no unit below is left to be invited."""
    return Reply(f"Mọi đơn vị trực thuộc <b>{escape(unit.name)}</b> đều đã có cán bộ tham gia, không cần mời thêm.")


def files(made: Invitations, *, bot_name: str) -> list[Reply]:
    """The workbook and the cards to print."""
    until = f"{made.until:%H:%M} ngày {day(made.until.date())}"
    lines = [
        f"<b>Mã mời cho {format_count(len(made.made))} đơn vị</b> chưa có cán bộ tham gia, thuộc "
        f"{escape(made.unit.name)}.",
        f"Mỗi mã dùng được một lần, trước {until}.",
    ]
    if made.again:
        lines.append(f"{format_count(made.again)} đơn vị đã có mã phát trước đây: mã cũ vẫn dùng được đến khi hết hạn.")
    if made.left:
        lines.append(
            f"Tệp không đủ chỗ cho {format_count(made.left)} đơn vị; bấm <b>Mời cả loạt</b> lần nữa để lấy tệp tiếp."
        )
    lines.append("Ai có mã cũng tham gia được, nên anh/chị chuyển mỗi mã cho đúng đơn vị giúp.")
    buttons: tuple[tuple[Button, ...], ...] = ((ShowJoined(made.unit.id).button("Ai đã tham gia"),),)
    table = sheets.make_table(_table(made, bot_name=bot_name, until=until))
    cards = sheets.print_cards([_card(each, bot_name=bot_name, until=until) for each in made.made])
    name = _plain(made.unit.code)
    return [
        Reply("\n".join(lines), document=Attachment(table, f"ma-moi_{name}.xlsx")),
        Reply(
            "Bản in: mỗi đơn vị một ô có mã QR, cắt rời rồi phát.",
            buttons,
            document=Attachment(cards, f"ma-moi_{name}.pdf"),
        ),
    ]


def _plain(code: str) -> str:
    """Plain letters, so that every phone keeps the file's name."""
    plain = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in code)
    return plain.strip("-")[:_NAME_IN_FILE] or "don-vi"


def _table(made: Invitations, *, bot_name: str, until: str) -> sheets.InvitationTable:
    rows = tuple(
        (
            str(number),
            each.fresh.unit.name,
            each.fresh.unit.code,
            ROLES[each.fresh.role].capitalize(),
            each.contact.name if each.contact else "",
            write_phone(each.contact.phone) if each.contact and each.contact.phone else "",
            each.fresh.code,
            link_of(each.fresh.code, bot_name),
            "",
        )
        for number, each in enumerate(made.made, start=1)
    )
    return sheets.InvitationTable(
        sheet="Mã mời",
        title=f"Mã mời tham gia Trợ lý Công đoàn – {made.unit.name}",
        notes=(f"Mỗi mã dùng một lần, trước {until}. Mở đường dẫn, hoặc gửi cho @{bot_name}: /start MÃ.",),
        heads=(
            ("TT", 5),
            ("Đơn vị", 40),
            ("Mã đơn vị", 14),
            ("Vai trò", 18),
            ("Người liên hệ", 24),
            ("Điện thoại", 16),
            ("Mã mời", 28),
            ("Đường dẫn", 44),
            ("Mã QR", 15),
        ),
        rows=rows,
        links=tuple(link_of(each.fresh.code, bot_name) for each in made.made),
    )


def _card(each: Invited, *, bot_name: str, until: str) -> sheets.InvitationCard:
    code = each.fresh.code
    return sheets.InvitationCard(
        name=each.fresh.unit.name,
        about=f"Mã đơn vị {each.fresh.unit.code} · {ROLES[each.fresh.role]}",
        link=link_of(code, bot_name),
        lines=(
            "Quét bằng máy ảnh điện thoại, mở Telegram, bấm Bắt đầu.",
            f"Hoặc tìm @{bot_name} và gửi:",
            f"/start {code}",
            f"Dùng một lần, trước {until}.",
        ),
    )


# Who has joined ------------------------------------------------------------------------------------------------------


def joined(found: Joining, *, edits: int | None = None) -> Reply:
    """A page of who has joined below a unit and who has not; it is changed as people join."""
    unit, missing = found.unit, found.every - found.joined
    lines = [
        f"<b>Đã tham gia {format_count(found.joined)}/{format_count(found.every)} đơn vị</b> – {escape(unit.name)}",
        f"<i>Lúc {found.looked_at:%H:%M} ngày {day(found.looked_at.date())}; có người tham gia là tôi cập nhật tin này."
        "</i>",
    ]
    waiting = [each for each in found.shown if not each.has_joined]
    there = [each for each in found.shown if each.has_joined]
    if waiting:
        lines += ["", f"<b>Chưa tham gia ({format_count(missing)})</b>", *map(_waiting, waiting)]
    if there:
        lines += ["", "<b>Đã tham gia</b>", *(f"✅ {escape(each.unit.name)}" for each in there)]
    rows: list[tuple[Button, ...]] = []
    turning = []
    if found.page > 0:
        turning.append(TurnJoined(unit.id, found.page - 1).button("‹ Trang trước"))
    if found.page + 1 < found.pages:
        turning.append(TurnJoined(unit.id, found.page + 1).button("Trang sau ›"))
    rows += [tuple(turning)] if turning else []
    rows += [(InviteAll(unit.id).button("Mời cả loạt"),)] if missing else []
    rows.append((ShowUnit(unit.id, 0).button("Xem đơn vị"),))
    return Reply("\n".join(lines), tuple(rows), edits=edits, kind=MessageKind.BROADCAST)


def _waiting(each: UnitState) -> str:
    notes = ["đã có mã mời" if each.is_invited else "chưa có mã mời"]
    if each.contact is not None and (line := contact_line(each.contact)):
        notes.append(line)
    return f"• {escape(each.unit.name)} – {'; '.join(notes)}"
