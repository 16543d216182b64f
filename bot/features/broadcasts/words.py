"""Broadcasts: the words, the preview, how far it has come, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from html import escape

from bot.road.reply import Button, Kind, Reply
from bot.words.commands import Wording
from knowledge.numbers import format_count
from storage.broadcasts import Counts, Readers

SEND = Wording("Gửi thông báo tới các đơn vị bên dưới")

LONGEST = 3000


def readers(value: Readers) -> str:
    """Who gets it, in words."""
    return {
        Readers.OFFICERS: "cán bộ các đơn vị",
        Readers.SUPERVISORS: "cán bộ phụ trách các cấp",
        Readers.ALL: "tất cả cán bộ",
    }[value]


@dataclass(frozen=True, slots=True)
class Draft:
    """A broadcast before it is sent. `counts` tells how many people each choice reaches; `at` (local) is set where it
    waits for the quiet hours to end."""

    words: str
    unit_name: str
    to: Readers
    counts: Mapping[Readers, int]
    token: str
    may_narrow: bool = False
    at: datetime | None = None


def ask_words() -> Reply:
    """The first question."""
    return Reply(
        "<b>Gửi thông báo</b>\nAnh/chị gõ nội dung thông báo. Tôi sẽ cho xem trước, chưa gửi ngay.",
        ((Button("Hủy", data="m:bc:x"),),),
    )


def too_long(length: int) -> Reply:
    """To words that no message holds."""
    return Reply(f"Nội dung dài {format_count(length)} ký tự; anh/chị rút còn tối đa {format_count(LONGEST)} giúp.")


def message(words: str, unit_name: str) -> Reply:
    """What everyone gets."""
    return Reply(f"📢 <b>Thông báo từ {escape(unit_name)}</b>\n\n{escape(words)}", kind=Kind.BROADCAST)


def preview(draft: Draft, edits: int | None = None) -> Reply:
    """As everyone will see it, and to whom it goes."""
    count = draft.counts.get(draft.to, 0)
    later = f"\nĐang là giờ yên lặng nên tôi gửi lúc {draft.at:%H:%M ngày %d/%m/%Y}." if draft.at else ""
    text = (
        f"<b>Xem trước</b>\n———\n{message(draft.words, draft.unit_name).text}\n———\n"
        f"Gửi tới: <b>{readers(draft.to)}</b> thuộc {escape(draft.unit_name)} – <b>{count} người</b>.{later}"
    )
    choices = tuple(
        (
            Button(
                f"{'✓ ' if each is draft.to else ''}{readers(each).capitalize()} ({draft.counts[each]})",
                data=f"m:bc:a:{draft.token}:{each.value}",
            ),
        )
        for each in Readers
        if draft.counts.get(each)
    )
    place = ((Button(f"Phạm vi: {draft.unit_name}"[:50], data=f"m:bc:u:{draft.token}"),),) if draft.may_narrow else ()
    last = (
        Button(f"Gửi cho {count} người", data=f"m:bc:ok:{draft.token}"),
        Button("Sửa", data="m:bc:e"),
        Button("Hủy", data="m:bc:x"),
    )
    return Reply(text, (*(choices if len(choices) > 1 else ()), *place, last if count else last[1:]), edits=edits)


def left_dialog(edits: int | None = None) -> Reply:
    """After **Hủy**."""
    return Reply("Vâng, tôi không gửi thông báo.", edits=edits)


def confirmed(expected: int, key: str, at: datetime | None) -> Reply:
    """After it was confirmed; this message is changed as it goes on. `at` is local."""
    if at is not None:
        return Reply(f"📤 Thông báo sẽ gửi tới {expected} người lúc {at:%H:%M ngày %d/%m/%Y}.", key=key)
    return Reply(f"📤 Đang gửi thông báo: 0/{expected} người.", key=key)


def already_confirmed() -> str:
    """The toast to a second tap."""
    return "Thông báo này đã được gửi đi rồi."


def nothing_pending() -> str:
    """The toast to a button of a broadcast given up."""
    return "Thông báo này không còn chờ gửi. Anh/chị gõ lại /thongbao giúp."


def progress(counts: Counts, expected: int, key: str) -> Reply:
    """How far it has come."""
    return Reply(f"📤 Đang gửi thông báo: {counts.done}/{expected} người.", edits_key=key)


def finished(counts: Counts, unit_name: str) -> Reply:
    """What came of it."""
    lines = [f"✅ Thông báo của {escape(unit_name)} đã gửi xong: <b>{counts.sent} người nhận được</b>."]
    if counts.failed:
        lines.append(f"{counts.failed} người không gửi được (đã chặn trợ lý hoặc bỏ tài khoản).")
    if counts.doubt:
        lines.append(f"{counts.doubt} người không rõ đã nhận được chưa; tôi không gửi lại để tránh trùng.")
    return Reply("\n".join(lines))


def resume() -> Reply:
    """After a question in between was answered."""
    return Reply("Anh/chị đang soạn dở một thông báo: xem lại bản xem trước ở trên, hoặc gõ /huy.")
