"""A question that goes up to a supervisor and the answer that comes back: every word of it."""

from __future__ import annotations

from html import escape

from bot.features.relay.service import AnsweredRelay, NotPassed, PassedOn, WaitingRelay
from bot.features.relay.taps import AnswerBelow, AskAbove
from bot.road.reply import Button, Reply
from bot.words.talk import Content

ASK = "Hỏi cấp trên"
ANSWER = "Trả lời"


def ask_button(ask: AskAbove) -> tuple[tuple[Button, ...], ...]:
    """Under a question that the plans do not answer."""
    return ((ask.button(ASK),),)


def not_passed_on(why: NotPassed) -> str:
    """The toast where a question does not go up."""
    match why:
        case NotPassed.NO_UNIT:
            return "Anh/chị chưa thuộc đơn vị nào nên tôi chưa biết chuyển câu hỏi cho ai."
        case NotPassed.TOO_MANY:
            return "Hôm nay anh/chị đã chuyển nhiều câu hỏi. Mai hỏi tiếp giúp tôi."
        case NotPassed.NOBODY_ABOVE:
            return "Chưa có cán bộ cấp trên nào tham gia để chuyển câu hỏi."
        case NotPassed.WAITS_ALREADY:
            return "Câu hỏi này đã được chuyển và đang chờ trả lời."


def asked(reached: int) -> Reply:
    """The question is on its way."""
    who = "cấp trên của anh/chị" if reached == 1 else f"{reached} cán bộ phụ trách cấp trên"
    return Reply(f"Đã chuyển câu hỏi đến {who}. Có trả lời tôi sẽ gửi ngay vào đây.")


def to_supervisor(name: str, passed: PassedOn) -> Reply:
    """The question of somebody, as the supervisor gets it."""
    return Reply(
        f"<b>Câu hỏi từ cấp dưới</b>\n{escape(name)}, {escape(passed.unit_name)} hỏi:\n"
        f"<blockquote>{escape(passed.question)}</blockquote>\n"
        "Các kế hoạch tôi biết không trả lời được câu này.",
        ((AnswerBelow(passed.id).button(ANSWER),),),
    )


def write_answer(waiting: WaitingRelay) -> Reply:
    """Before the supervisor types the answer."""
    return Reply(
        f"Anh/chị gõ câu trả lời cho {escape(waiting.asked_by)}:\n<blockquote>{escape(waiting.question)}</blockquote>\n"
        "Tin tiếp theo của anh/chị sẽ được chuyển nguyên văn. Gõ /huy nếu thôi."
    )


def only_words(content: Content | None = None) -> Reply:
    """Anything but words as an answer."""
    what = "tin thoại" if content is Content.VOICE else "ảnh hay tệp"
    return Reply(f"Tôi chưa chuyển được {what}. Anh/chị gõ câu trả lời thành chữ giúp, hoặc /huy nếu thôi.")


def answer_of(name: str, answered: AnsweredRelay, answer: str) -> Reply:
    """The answer of somebody, as the asker gets it: theirs, not the plans'."""
    return Reply(
        f"<b>{escape(name)}</b> ({escape(answered.unit_name or 'quản trị viên')}) trả lời câu hỏi của anh/chị:\n"
        f"<blockquote>{escape(answered.question)}</blockquote>\n{escape(answer)}\n\n"
        "<i>Đây là ý kiến của cán bộ cấp trên, không phải trích từ kế hoạch.</i>"
    )


def delivered(name: str) -> Reply:
    """To the supervisor, once the answer is on its way."""
    return Reply(f"Đã chuyển câu trả lời đến {escape(name)}.")


def answered_already() -> str:
    """Where somebody else was quicker."""
    return "Câu hỏi này đã có người trả lời rồi."


def late_answer() -> Reply:
    """An answer typed after somebody else's."""
    return Reply("Câu hỏi này đã có người trả lời trước, nên tôi không chuyển nữa. Cảm ơn anh/chị.")


def left() -> Reply:
    """After /huy."""
    return Reply("Vâng, tôi chưa chuyển gì. Nút Trả lời vẫn dùng được khi anh/chị cần.")
