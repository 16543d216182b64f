"""The journal in words: who did what, when."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

from bot.features.journal.detail_words import tell_details
from bot.features.journal.service import JournalPage
from bot.features.journal.taps import ShowJournal
from bot.road.reply import Reply
from bot.words.dates import moment
from bot.words.reports import short_unit
from storage.audit import Entry
from storage.units import Unit

_ACTIONS: Final = {
    "role.granted": "giao vai trò",
    "role.passing": "tạo đường dẫn bàn giao vai trò",
    "role.passed": "nhận bàn giao vai trò",
    "account.passing": "tạo đường dẫn đổi tài khoản",
    "account.passed": "đổi tài khoản Telegram",
    "person.phone_changed": "đổi số điện thoại",
    "role.ended": "kết thúc vai trò",
    "invite.created": "tạo mã mời",
    "invites.created": "tạo mã mời cho nhiều đơn vị",
    "invite.used": "dùng mã mời",
    "person.joined": "tham gia",
    "person.forgotten": "xóa dữ liệu cá nhân",
    "unit.added": "thêm đơn vị",
    "unit.changed": "sửa đơn vị",
    "unit.renamed": "đổi tên đơn vị",
    "unit.moved": "chuyển đơn vị",
    "unit.merged": "sáp nhập đơn vị",
    "unit.dissolved": "giải thể đơn vị",
    "unit.revived": "khôi phục đơn vị",
    "units.imported": "nhập danh sách đơn vị",
    "submission.recorded": "nộp báo cáo",
    "submission.returned": "gửi trả báo cáo",
    "proof.added": "gửi ảnh, tệp minh chứng",
    "proof.dropped": "bỏ ảnh, tệp minh chứng",
    "draft.dropped": "bỏ bản nháp",
    "request.extension": "xin gia hạn",
    "request.reopen": "xin mở lại báo cáo",
    "request.approved": "đồng ý yêu cầu",
    "request.refused": "từ chối yêu cầu",
    "campaign.opened": "mở đợt báo cáo",
    "campaign.closed": "đóng đợt báo cáo",
    "deadline.set": "đặt hạn",
    "deadline.ended": "bỏ hạn",
    "broadcast.confirmed": "gửi thông báo",
    "reminder.nudged": "nhắc nộp báo cáo",
    "form.held": "nhận biểu mẫu chờ duyệt",
    "form.discarded": "hủy biểu mẫu chờ duyệt",
    "form.approved": "duyệt biểu mẫu",
    "form.withdrawn": "rút biểu mẫu",
    "form.restored": "dùng lại biểu mẫu",
    "plan.file_read": "nhận tệp kế hoạch",
    "plan.file_dropped": "hủy tệp kế hoạch",
    "plan.imported": "nhập kế hoạch",
    "plan.discarded": "bỏ kế hoạch chưa duyệt",
    "plan.approved": "duyệt kế hoạch",
    "plan.replaced": "thay thế kế hoạch",
    "plan.withdrawn": "rút kế hoạch",
    "plan.restored": "khôi phục kế hoạch",
    "summary.exported": "tải tệp tổng hợp",
    "figures.brought_in": "nhập số liệu các kỳ trước",
    "workbook.taken": "nhập số liệu từ tệp Excel",
    "shares.set": "giao chỉ tiêu",
    "goal.closed": "kết thúc chỉ tiêu",
    "share.objected": "có ý kiến về chỉ tiêu",
    "share.kept": "giữ nguyên chỉ tiêu sau ý kiến",
    "relay.asked": "hỏi cấp trên",
    "relay.answered": "trả lời câu hỏi của cấp dưới",
}

_CORRECTED: Final = "sửa báo cáo"

_NAMED: Final = ("plan:", "form:")
"""What the subject of an entry about a plan or a form begins with."""


def journal(found: JournalPage, *, edits: int | None = None) -> Reply:
    """Who did what, when, and what was changed by it, the latest first."""
    where = f" – {escape(found.unit.name)}" if found.unit is not None else ""
    if not found.entries:
        return Reply(f"<b>Nhật ký{where}</b>\nChưa có gì được ghi.", edits=edits)
    lines = [f"<b>Nhật ký{where}</b>"]
    for each in found.entries:
        who = "Người vận hành" if each.person_id is None else found.people.get(each.person_id) or "Người đã xóa dữ liệu"
        place = found.places.get(each.unit_id) if each.unit_id is not None else _name_of(each.subject)
        about = f" · {escape(place)}" if place is not None else ""
        what = _CORRECTED if _is_correction(each) else _ACTIONS.get(each.action, each.action)
        lines.append(f"{moment(each.at, found.zone)}: {escape(who)} {escape(what)}{about}")
        if told := tell_details(each, found):
            lines.append(f"  <i>{told}</i>")
    older = ShowJournal(found.unit.id if found.unit is not None else 0, found.entries[-1].id).button("Cũ hơn ›")
    return Reply("\n".join(lines), ((older,),) if found.has_more else (), edits=edits)


def _is_correction(entry: Entry) -> bool:
    return entry.action == "submission.recorded" and entry.details.get("version", 1) > 1


def _name_of(subject: str | None) -> str | None:
    """The id of the plan or form that an entry is about."""
    named = subject is not None and subject.startswith(_NAMED)
    return subject.partition(":")[2] if subject is not None and named else None


def choose_journal(places: Sequence[Unit]) -> Reply:
    """Where somebody manages more than one subtree: which one's journal."""
    return Reply(
        "Xem nhật ký của đơn vị nào?",
        tuple((ShowJournal(unit.id).button(short_unit(unit.name)),) for unit in places),
    )
