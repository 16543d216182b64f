"""Evidence in words: asked for, kept, shown."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from zoneinfo import ZoneInfo

from bot.features.reminders.evidence import Evidence, ShownEvidence
from bot.features.reminders.words import title
from bot.road.reply import Kept, Reply
from bot.words.dates import moment


def ask() -> Reply:
    """After **Gửi ảnh minh chứng**."""
    return Reply("Anh/chị gửi ảnh hoặc tệp minh chứng vào đây, nhiều ảnh cũng được. Không gửi nữa thì gõ /huy.")


def _work(found: Evidence) -> str:
    return f"việc <b>{escape(found.work.title)}</b>" if found.work.title else "việc đã xong"


def kept(found: Evidence) -> Reply:
    """A photo or file came; said once for what was sent together."""
    passed_on = " và chuyển cho người đặt hạn" if found.shown_to is not None else ""
    proof = found.proof
    return Reply(
        f"📎 Đã giữ minh chứng {_work(found)} của {escape(found.unit.name)}{passed_on}.",
        key=f"done:{proof.chat_id}:{proof.album}" if proof.album is not None else None,
    )


def shown(found: Evidence, *, by: str) -> Reply:
    """To whoever set the deadline."""
    sender = f" (người gửi: {escape(by)})" if by else ""
    return Reply(
        f"📎 <b>{escape(found.unit.name)}</b> gửi minh chứng {_work(found)}{sender}.",
        again=Kept(found.proof.kind.value, found.proof.file_id),
    )


def evidence(found: Sequence[ShownEvidence], zone: ZoneInfo) -> list[Reply]:
    """To somebody above: each photo or file with its unit, its work and when it came."""
    if not found:
        return [Reply("Chưa có đơn vị nào gửi ảnh hoặc tệp minh chứng.")]
    return [
        Reply(
            f"📎 <b>{escape(each.shown.unit_name)}</b>"
            + (f", việc <b>{escape(title(each.duty))}</b>" if each.duty is not None else "")
            + f" – gửi {moment(each.shown.proof.added_at, zone)}",
            again=Kept(each.shown.proof.kind.value, each.shown.proof.file_id),
        )
        for each in found
    ]


def left() -> Reply:
    """After /huy."""
    return Reply("Vâng, không cần gửi thêm minh chứng.")
