"""Broadcasts: the words, the preview, how far it has come, and what came of it."""

from __future__ import annotations

from html import escape
from typing import Final

from bot.features.broadcasts import taps
from bot.features.broadcasts.service import BroadcastPreview, BroadcastProgress, ConfirmedBroadcast, Departure
from bot.road.reply import MessageKind, Reply
from bot.words.audiences import list_distinct
from bot.words.dates import will_leave
from bot.words.reports import short_unit
from knowledge.model.broadcasts import BroadcastAudience
from knowledge.numbers import format_count
from storage.broadcasts import Counts

LONGEST: Final = 3000


def readers(value: BroadcastAudience) -> str:
    """Who gets it, in words."""
    return {
        BroadcastAudience.OFFICERS: "cán bộ các đơn vị",
        BroadcastAudience.SUPERVISORS: "cán bộ phụ trách các cấp",
        BroadcastAudience.ALL: "tất cả cán bộ",
    }[value]


def ask_words() -> Reply:
    """The first question."""
    return Reply(
        "<b>Gửi thông báo</b>\nAnh/chị gõ nội dung thông báo. Tôi sẽ cho xem trước, chưa gửi ngay.",
        ((taps.LeaveBroadcast().button("Hủy"),),),
    )


def too_long(length: int) -> Reply:
    """To words that no message holds."""
    return Reply(f"Nội dung dài {format_count(length)} ký tự; anh/chị rút còn tối đa {format_count(LONGEST)} giúp.")


def message(words: str, sender: str) -> Reply:
    """What everyone gets; `sender` is the name of the unit that writes it."""
    return Reply(f"📢 <b>Thông báo từ {escape(sender)}</b>\n\n{escape(words)}", kind=MessageKind.BROADCAST)


def preview(shown: BroadcastPreview, edits: int | None = None) -> Reply:
    """As everyone will see it, and to whom it goes."""
    count = shown.counts.get(shown.to, 0)
    later = f"\nĐang là giờ yên lặng. {_leaves(shown.leaves)}" if shown.leaves else ""
    if not count:
        later = "\nChưa có ai trong số này dùng trợ lý nên chưa gửi được; anh/chị mời thêm ở /moi."
    text = (
        f"<b>Xem trước</b>\n———\n{message(shown.words, shown.sender).text}\n———\n"
        f"Gửi tới: <b>{readers(shown.to)}</b> thuộc {escape(shown.unit_name)} – "
        f"<b>{format_count(count)} người</b>.{later}"
    )
    choices = tuple(
        (
            taps.ChooseReaders(shown.token, each).button(
                f"{'✓ ' if each is shown.to else ''}{readers(each).capitalize()} ({format_count(shown.counts[each])})"
            ),
        )
        for each in list_distinct(shown.counts, shown.to, BroadcastAudience.ALL)
    )
    scopes = taps.OfferBroadcastScopes(shown.token).button(f"Phạm vi: {short_unit(shown.unit_name, 31)}")
    place = ((scopes,),) if shown.may_narrow else ()
    sends = ((taps.SendBroadcast(shown.token).button(f"Gửi cho {format_count(count)} người"),),) if count else ()
    last = (taps.ChangeWords().button("Sửa"), taps.LeaveBroadcast().button("Hủy"))
    return Reply(text, (*(choices if len(choices) > 1 else ()), *place, *sends, last), edits=edits)


def left_dialog(edits: int | None = None) -> Reply:
    """After **Hủy**."""
    return Reply("Vâng, tôi không gửi thông báo.", edits=edits)


def confirmed(found: ConfirmedBroadcast) -> Reply:
    """After it was confirmed; this message is changed as it goes on."""
    if found.leaves is None:
        return Reply(f"📤 Đang gửi thông báo: 0/{format_count(found.expected)} người.", key=found.progress_key)
    return Reply(
        f"📤 Thông báo tới {format_count(found.expected)} người. {_leaves(found.leaves)}", key=found.progress_key
    )


def _leaves(leaves: Departure) -> str:
    return f"{will_leave(leaves.at, overnight=leaves.overnight)}."


def already_confirmed() -> str:
    """The toast to a second tap."""
    return "Thông báo này đã được gửi đi rồi."


def nothing_pending() -> str:
    """The toast to a button of a broadcast given up."""
    return "Thông báo này không còn chờ gửi. Anh/chị gõ lại /thongbao giúp."


def progress(counts: Counts, expected: int, key: str) -> Reply:
    """How far it has come."""
    return Reply(f"📤 Đang gửi thông báo: {format_count(counts.done)}/{format_count(expected)} người.", edits_key=key)


def finished(found: BroadcastProgress, unit_name: str) -> Reply:
    """What came of it: how many it reached, and by name whom it did not."""
    counts, unreached = found.counts, found.unreached
    lines = [f"✅ Thông báo tới {escape(unit_name)} đã gửi xong: <b>{format_count(counts.sent)} người nhận được</b>."]
    if counts.failed:
        lines.append(f"Không gửi được tới {format_count(counts.failed)} người (đã chặn trợ lý hoặc bỏ tài khoản):")
        lines += [f"• {escape(name or 'người đã xóa dữ liệu')} – {escape(unit)}" for name, unit in unreached.people]
        if counts.failed > len(unreached.people):
            lines.append(f"• và {format_count(counts.failed - len(unreached.people))} người nữa")
    if counts.doubt:
        lines.append(f"Chưa rõ {format_count(counts.doubt)} người đã nhận được chưa; tôi không gửi lại để tránh trùng.")
    if unreached.units:
        lines.append(f"{format_count(unreached.units)} đơn vị chưa có ai dùng trợ lý:")
        lines += [f"• {escape(name)}" for name in unreached.unit_names]
        if unreached.units > len(unreached.unit_names):
            lines.append(f"• và {format_count(unreached.units - len(unreached.unit_names))} đơn vị nữa")
    return Reply("\n".join(lines))


def resume() -> Reply:
    """After a question in between was answered."""
    return Reply("Anh/chị đang soạn dở một thông báo: xem lại bản xem trước ở trên, hoặc gõ /huy.")
