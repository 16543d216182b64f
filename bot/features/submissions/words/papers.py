"""The signed paper of a report: that it is kept, of which report it is, and how it is shown."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

from bot.features.submissions.history import SentReport
from bot.features.submissions.taps import AttachPaper, DropPaper
from bot.road.reply import Attachment, Button, Kept, Reply
from bot.services.proofs import Proof
from bot.services.reports import ReportAtUnit
from bot.words import printed
from bot.words.reports import report_name, short
from knowledge.text import raised

MOST_SHOWN: Final = 10
PRINT: Final = "Bản in để ký"
"""The label of what makes the printed report."""

REOPEN: Final = "Xin mở lại"
"""The label of what asks for a locked report to be opened again."""


def _what(proof: Proof) -> str:
    return "các ảnh" if proof.album is not None else "ảnh" if proof.kind.value == "photo" else "tệp"


def kept(proof: Proof) -> Reply:
    """A photo or file came with a report; said once for what was sent together."""
    key = f"paper:{proof.chat_id}:{proof.album}" if proof.album is not None else None
    return Reply(
        f"📎 Tôi giữ {_what(proof)} này làm bản ký kèm báo cáo. Số liệu chỉ lấy theo phần chữ anh/chị nhắn.",
        ((_drop(proof),),),
        key=key,
    )


def which_report(proof: Proof, offered: Sequence[ReportAtUnit]) -> Reply:
    """A photo or file came with nothing open."""
    several = len({each.unit.id for each in offered}) > 1
    rows: list[tuple[Button, ...]] = []
    for each in offered:
        name = raised(report_name(each.form, each.period))
        label = f"{name} – {each.unit.name}" if several else name
        rows.append((AttachPaper(proof.id, each.submission.id).button(short(label)),))
    what = _what(proof)
    key = f"paper:{proof.chat_id}:{proof.album}" if proof.album is not None else None
    return Reply(
        f"Tôi chưa đọc được chữ trong {what}. Nếu đây là bản ký của một báo cáo đã gửi, anh/chị chọn báo cáo để tôi "
        "giữ kèm:",
        (*rows, (_drop(proof),)),
        key=key,
    )


def _drop(proof: Proof) -> Button:
    return DropPaper(proof.id).button("Bỏ tệp này" if proof.kind.value == "document" else "Bỏ ảnh này")


def attached(proof: Proof, report: ReportAtUnit, *, edits: int | None) -> Reply:
    """It was said of which report it is."""
    return Reply(
        f"📎 Đã giữ {_what(proof)} làm bản ký kèm báo cáo {escape(report_name(report.form, report.period))} của "
        f"{escape(report.unit.name)}. Số liệu không đổi.",
        ((_drop(proof),),),
        edits=edits,
    )


def dropped(edits: int | None) -> Reply:
    """It is kept no longer."""
    return Reply("Vâng, tôi đã bỏ, không giữ lại.", edits=edits)


def gone() -> str:
    """The toast where it is no more."""
    return "Ảnh hoặc tệp này không còn được giữ. Anh/chị gửi lại giúp."


def papers(report: ReportAtUnit, found: Sequence[Proof]) -> list[Reply]:
    """What was sent as the signed paper of a report, the latest first where there are many."""
    name = f"{escape(report_name(report.form, report.period))} – {escape(report.unit.name)}"
    if not found:
        return [Reply(f"Báo cáo {name} chưa có ảnh bản ký.")]
    shown = list(enumerate(found, 1))[-MOST_SHOWN:]
    return [
        Reply(f"Bản ký {number}/{len(found)}: {name}", again=Kept(proof.kind.value, proof.file_id))
        for number, proof in shown
    ]


def count_line(count: int) -> str:
    """How many there are, on the report."""
    return f"📎 Kèm {count} ảnh hoặc tệp bản ký."


def show_label(count: int) -> str:
    """The label of the button that shows them."""
    return "Ảnh bản ký" if count == 1 else f"Ảnh bản ký ({count})"


# The printed report ----------------------------------------------------------------------------------------------


def printing() -> Reply:
    """While the printed report is being made."""
    return Reply(printed.working(), silent=True)


def printed_report(sent: SentReport, content: bytes) -> Reply:
    """The report as a document."""
    name = escape(raised(report_name(sent.form, sent.period)))
    return Reply(
        f"<b>{name}</b>\n{escape(sent.unit.name)}\n{printed.caption()}",
        document=Attachment(content, printed.file_name(sent.form, sent.unit.code, sent.period)),
    )


def not_printed() -> Reply:
    """Where it could not be made in the end."""
    return Reply(printed.failed())


def nothing_to_print() -> Reply:
    """Where no report was sent yet."""
    return Reply(printed.nothing_to_print())
