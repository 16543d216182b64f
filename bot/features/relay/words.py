"""Whom to turn to, a question that goes up to a supervisor and the answer that comes back: every word of it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

from bot.features.relay.service import AnsweredRelay, Contact, NotPassed, PassedOn, WaitingRelay, WayUp
from bot.features.relay.taps import AnswerBelow, AskAbove, WriteAbove
from bot.road.reply import Button, Reply
from bot.words.people import ROLES, how_to_be_let_in, person_name
from bot.words.talk import Content
from knowledge.phones import mask_phone
from knowledge.text import shorten
from storage.units import Unit

ASK = "Hỏi cấp trên"
ANSWER = "Trả lời"

_MOST_NAMES: Final = 6
_LABEL: Final = 30


def contacts(ways: Sequence[WayUp], more: int, support: str) -> Reply:
    """Whom to turn to, unit by unit; `more` is the number of units that are not told, `support` the operator's line."""
    blocks = ["\n".join(_way_lines(way)) for way in ways]
    if more:
        blocks.append(f"Anh/chị còn {more} đơn vị khác, xem ở /toi.")
    asked_for = [way.unit for way in ways if way.can_ask]
    if asked_for:
        blocks.append(f"Bấm <b>{ASK}</b> rồi gõ câu hỏi, tôi chuyển giúp và gửi lại câu trả lời.")
    labels = [ASK] if len(ways) == 1 else [f"{ASK}: {shorten(unit.name, _LABEL)}" for unit in asked_for]
    buttons = [(WriteAbove(unit.id).button(label),) for unit, label in zip(asked_for, labels, strict=False)]
    return Reply("\n\n".join(blocks) + _below_all(support), tuple(buttons))


def _below_all(support: str) -> str:
    """The operator's line as the last paragraph; nothing where there is none."""
    return f"\n\n{escape(support)}" if support else ""


def _way_lines(way: WayUp) -> list[str]:
    lines = [f"<b>{escape(way.unit.name)}</b>"]
    if way.above:
        lines += ["Anh/chị liên hệ:", *(f"• {_contact(each)}" for each in way.above[:_MOST_NAMES])]
        if len(way.above) > _MOST_NAMES:
            lines.append(f"• và {len(way.above) - _MOST_NAMES} người khác")
    if any(each.person.has_joined for each in way.above):
        return lines
    nobody = "Ở cấp trên chưa có ai tham gia" if way.above else "Chưa có cán bộ phụ trách ở cấp trên"
    if way.admins:
        lines.append(f"{nobody}. Anh/chị hỏi quản trị viên của trợ lý: {escape(', '.join(way.admins[:_MOST_NAMES]))}.")
    elif way.can_ask:
        lines.append(f"{nobody}. Anh/chị cứ hỏi, câu hỏi sẽ đến quản trị viên của trợ lý.")
    else:
        lines.append(f"{nobody} nên tôi chưa chuyển câu hỏi giúp được.")
    return lines


def _contact(contact: Contact) -> str:
    person = contact.person
    phone = f", {mask_phone(person.phone)}" if person.name and person.phone else ""
    joined = "" if person.has_joined else " (chưa tham gia)"
    return f"{person_name(person)}{phone} – {ROLES[contact.role]}, {escape(contact.unit.name)}{joined}"


def contacts_of_guest(support: str) -> Reply:
    """To /lienhe of somebody who serves nothing: who is responsible is known once they have a unit."""
    return Reply(
        f"Anh/chị chưa gắn với đơn vị nào nên tôi chưa biết ai phụ trách. {how_to_be_let_in()}{_below_all(support)}"
    )


def contacts_of_admin(support: str) -> Reply:
    """To /lienhe of an admin by the settings without a role of their own."""
    return Reply(
        "Anh/chị là quản trị viên của trợ lý này: không có ai ở cấp trên. "
        f"Cán bộ nào chưa có người phụ trách thì câu hỏi sẽ đến anh/chị.{_below_all(support)}"
    )


def write_question(unit: Unit) -> Reply:
    """Before an officer types a question to whoever is above."""
    return Reply(
        f"Anh/chị gõ câu hỏi cho cấp trên của <b>{escape(unit.name)}</b>. "
        "Tin tiếp theo của anh/chị sẽ được chuyển nguyên văn. Gõ /huy nếu thôi."
    )


def only_words_asked(content: Content | None = None) -> Reply:
    """Anything but words as a question."""
    return Reply(f"Tôi chưa chuyển được {_named(content)}. Anh/chị gõ câu hỏi thành chữ giúp, hoặc /huy nếu thôi.")


def not_asked(why: NotPassed) -> Reply:
    """Where a question that was typed does not go up."""
    return Reply(not_passed_on(why))


def question_left() -> Reply:
    """After /huy instead of a question."""
    return Reply("Vâng, tôi chưa chuyển gì. Khi cần, anh/chị vào lại /lienhe.")


def ask_button(ask: AskAbove) -> tuple[tuple[Button, ...], ...]:
    """Under a question that the plans do not answer."""
    return ((ask.button(ASK),),)


def not_passed_on(why: NotPassed) -> str:
    """The toast where a question does not go up."""
    match why:
        case NotPassed.NO_UNIT:
            return "Anh/chị chưa thuộc đơn vị nào nên tôi chưa biết chuyển câu hỏi cho ai."
        case NotPassed.TOO_MANY:
            return "Hôm nay anh/chị đã chuyển nhiều câu hỏi rồi. Mai anh/chị hỏi tiếp giúp."
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
    silent_plans = "\nCác kế hoạch tôi biết không trả lời được câu này." if passed.is_unanswered else ""
    return Reply(
        f"<b>Câu hỏi từ cấp dưới</b>\n{escape(name)}, {escape(passed.unit_name)} hỏi:\n"
        f"<blockquote>{escape(passed.question)}</blockquote>{silent_plans}",
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
    return Reply(f"Tôi chưa chuyển được {_named(content)}. Anh/chị gõ câu trả lời thành chữ giúp, hoặc /huy nếu thôi.")


def _named(content: Content | None) -> str:
    return "tin thoại" if content is Content.VOICE else "ảnh hay tệp"


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
