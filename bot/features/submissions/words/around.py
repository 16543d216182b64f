"""What is said around the steps of a report: stale buttons, drafts kept and thrown away, campaigns that were closed."""

from __future__ import annotations

from html import escape
from zoneinfo import ZoneInfo

from bot.features.submissions.service import CampaignClosed, OpenDraft
from bot.features.submissions.taps import DropDraft, ShowReport
from bot.road.reply import Button, Reply
from bot.words.commands import Wording
from bot.words.dates import moment
from bot.words.reports import figure_lines

REPORT = Wording("Nộp số liệu của đơn vị")
HISTORY = Wording("Báo cáo đã gửi, xem và sửa số liệu")


def stale_tap() -> str:
    """The toast to a button of a step that is over."""
    return "Bước này đã xong. Anh/chị trả lời ở tin mới nhất giúp."


def finished_tap() -> str:
    """The toast to a button of a draft that is no more."""
    return "Báo cáo này đã gửi hoặc bản nháp đã xóa. Xem /lichsu, hoặc /baocao để làm báo cáo mới."


def moved_on(by: str | None) -> str:
    """Said before the current step when the draft has changed since this chat last saw it."""
    if by is None:
        return "Bản nháp đã sang bước khác nên câu vừa rồi chưa được ghi. Đây là bước hiện tại:"
    return f"{escape(by)} vừa điền tiếp bản nháp này nên câu vừa rồi chưa được ghi. Đây là bước hiện tại:"


def continued(by: str | None) -> str:
    """Said when a stored draft is opened again."""
    if by is None:
        return "Bản nháp vẫn còn, anh/chị điền tiếp."
    return f"Bản nháp do {escape(by)} điền dở, anh/chị điền tiếp."


def back_to() -> str:
    """Said before the current step after a question in between was answered."""
    return "Trở lại báo cáo đang làm:"


def edited() -> Reply:
    """To a message edited in Telegram after its figure was taken."""
    return Reply(
        "Tôi thấy anh/chị vừa sửa tin cũ. Số đã ghi <b>không đổi</b> theo tin sửa. "
        "Muốn sửa: nhắn số mới, ví dụ “đoàn viên 1.260”, hoặc chạm <b>Sửa</b> ở bản tóm tắt; "
        "đã gửi rồi thì vào /lichsu."
    )


def left() -> Reply:
    """After **Hủy**: the keyboard goes, the draft stays."""
    return Reply("Đã dừng, chưa gửi gì.", keyboard=())


def not_understood() -> str:
    """Said before the step again to words that are neither its answer nor a question."""
    return "Tôi chưa hiểu tin vừa rồi."


def draft_dropped() -> Reply:
    """After the draft was thrown away."""
    return Reply("Đã xóa bản nháp. Báo cáo đã gửi (nếu có) vẫn nguyên.")


def draft_already_gone() -> Reply:
    """There was none any more."""
    return Reply("Bản nháp này không còn nữa.")


def nothing_to_send() -> Reply:
    """**Gửi** where nothing waits."""
    return Reply("Không có báo cáo nào đang chờ gửi. /baocao để bắt đầu, /lichsu để xem báo cáo đã gửi.", keyboard=())


def no_rights() -> Reply:
    """To reports and their commands from somebody without a role."""
    return Reply(
        "Tài khoản này chưa gắn với đơn vị nào nên chưa nộp hay xem số liệu được. "
        "Anh/chị xin công đoàn cấp trên mã mời rồi gửi <code>/start MÃ</code>, "
        "hoặc vào /start và chia sẻ số điện thoại. Các câu hỏi về kế hoạch thì cứ hỏi bình thường."
    )


def draft_kept(opened: OpenDraft) -> Reply:
    """Under it: the draft is there, and how to throw it away."""
    return Reply("Bản nháp vẫn được giữ, /baocao để điền tiếp lúc nào cũng được.", ((_drop(opened),),))


def campaign_closed(closed: CampaignClosed, zone: ZoneInfo) -> list[Reply]:
    """To whoever reaches for a report after its campaign was closed: nothing goes any more, and nothing is lost."""
    assert closed.campaign.closed_at is not None
    unit, draft = escape(closed.unit.name), closed.draft
    said = [
        f"Đợt <b>“{escape(closed.campaign.period.name)}”</b> ({escape(closed.form.short)}) <b>đã đóng</b> "
        f"lúc {moment(closed.campaign.closed_at, zone)}, nên không gửi và không sửa được nữa."
    ]
    if closed.standing is not None:
        said.append(f"Báo cáo {unit} đã gửi vẫn giữ nguyên và vẫn nằm trong tổng hợp.")
    elif draft is None:
        said.append(f"{unit} không phải nộp nữa.")
    replies = [Reply("\n".join(said), keyboard=())]
    shown = (ShowReport(closed.standing.id).button("Xem báo cáo"),) if closed.standing is not None else ()
    if draft is not None:
        kept = [f"Số {unit} đã điền mà chưa gửi <b>không mất</b>, bản nháp vẫn còn:"]
        kept += figure_lines(closed.form, draft.sheet.figures, with_empty=False) or ["(chưa điền số nào)"]
        replies.append(Reply("\n".join(kept), ((*shown, _drop(draft)),)))
    elif shown:
        replies.append(Reply("Báo cáo đã gửi:", (shown,)))
    return replies


def _drop(opened: OpenDraft) -> Button:
    return DropDraft(opened.draft.id, opened.mark.born).button("Xóa bản nháp")
