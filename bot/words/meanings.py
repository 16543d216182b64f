"""Wording of meanings: their names, and the question which of two is meant."""

from __future__ import annotations

from collections.abc import Sequence

from bot.road.reply import Button, Reply
from knowledge.meanings.model import Meaning

_NAMES = {
    Meaning.PLAN_QUESTION: "Hỏi về kế hoạch",
    Meaning.REPORT: "Nộp báo cáo trong tin này",
    Meaning.BEGIN_REPORT: "Nộp báo cáo",
    Meaning.DUE: "Hạn nộp sắp tới",
    Meaning.OWN_STATUS: "Đơn vị đã nộp chưa",
    Meaning.OWN_FIGURES: "Số liệu đơn vị mình",
    Meaning.HISTORY: "Xem, sửa báo cáo đã gửi",
    Meaning.EXTENSION: "Xin gia hạn",
    Meaning.REMINDER_SETTINGS: "Giờ nhắc của tôi",
    Meaning.SUMMARY: "Tổng hợp số liệu",
    Meaning.MISSING: "Đơn vị chưa nộp",
    Meaning.BROADCAST: "Gửi thông báo",
    Meaning.SET_DEADLINE: "Đặt hạn cho các đơn vị",
    Meaning.INVITE: "Mời cán bộ",
    Meaning.UNITS: "Xem các đơn vị",
    Meaning.SHARE: "Chỉ tiêu và tiến độ",
    Meaning.PLANS: "Các kế hoạch",
    Meaning.AUDIT: "Nhật ký",
    Meaning.ME: "Tôi là ai ở đây",
    Meaning.FORGET: "Xóa dữ liệu của tôi",
    Meaning.CANCEL: "Thôi việc đang làm dở",
    Meaning.ANSWER: "Trả lời câu đang hỏi",
    Meaning.HELP: "Hướng dẫn",
    Meaning.COURTESY: "Chỉ chào hỏi",
    Meaning.ABOUT_BOT: "Hỏi về trợ lý",
    Meaning.UNKNOWN: "Việc khác",
}


def name(meaning: Meaning) -> str:
    """The name of a meaning on buttons."""
    return _NAMES[meaning]


def which(choices: Sequence[Meaning], data: Sequence[str]) -> Reply:
    """The question which of two meanings is meant; `data` is what their buttons carry."""
    buttons = tuple((Button(_NAMES[each], data=own),) for each, own in zip(choices, data, strict=True))
    return Reply("Anh/chị muốn:", buttons)
