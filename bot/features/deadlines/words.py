"""Deadlines set by hand, in words: rules, the step-by-step questions, what was set."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

from bot.features.deadlines import taps
from bot.features.deadlines.dialogs import DeadlineDraft, DeadlineStep
from bot.features.deadlines.service import ListedDeadline, Proposal
from bot.road.reply import Reply
from bot.services.nudging import Nudged
from bot.words.audiences import list_distinct
from bot.words.dates import WEEKDAYS, clock, weekday, will_leave
from bot.words.people import silent_line
from bot.words.reports import short, short_unit
from knowledge.calendar.deadlines import impossible_day
from knowledge.calendar.descriptions import DayDescription, Description, Rhythm
from knowledge.calendar.outcomes import DateReason, Unclear
from knowledge.calendar.rules import DayKind, DayOf
from knowledge.model.owing import Audience
from knowledge.numbers import format_count
from storage.deadlines import SetDeadline

SHOWN = 20
_PLACES = {1: "đầu tiên", 2: "thứ hai", 3: "thứ ba", 4: "thứ tư", 5: "thứ năm", -1: "cuối cùng", -2: "áp chót"}
_EXAMPLES = (
    "<code>ngày 20 hằng tháng</code>, <code>trước 15/01</code>, <code>thứ Sáu tuần cuối quý</code>, "
    "<code>17h ngày 20/12</code>"
)


_LEAVE: Final = ((taps.LeaveDeadline().button("Hủy"),),)


# A rule in words -----------------------------------------------------------------------------------------------------


def rule(what: Description) -> str:
    """When something is due, in words: ngày 20 hằng tháng, 17:00."""
    match what.rhythm:
        case Rhythm.ONCE:
            said = " và ".join(weekday(day) for day in what.dates)
        case Rhythm.DAYS:
            said = "hằng ngày" if what.every == 1 else f"cứ {what.every} ngày một lần"
        case Rhythm.WEEKS:
            days = ", ".join(WEEKDAYS[day] for day in what.weekdays)
            said = f"{days} hằng tuần" if what.every == 1 else f"{days}, cứ {what.every} tuần một lần"
        case Rhythm.YEAR:
            said = f"{_days(what.days, yearly=True)} hằng năm"
        case Rhythm.MONTH:
            said = f"{_days(what.days)} hằng tháng"
        case Rhythm.QUARTER:
            said = _days(what.days, cycle="mỗi quý", length=3)
        case Rhythm.HALF:
            said = _days(what.days, cycle="mỗi 6 tháng", length=6)
        case Rhythm.MONTHS:
            said = f"{_days(what.days, cycle='mỗi kỳ', length=what.every)}, cứ {what.every} tháng một lần"
    if what.at is not None:
        said += f", {clock(what.at)}"
    if what.start is not None:
        said += f", từ {what.start:%d/%m/%Y}"
    if what.end is not None:
        said += f", đến hết {what.end:%d/%m/%Y}"
    return said


def _days(days: Sequence[DayDescription], *, yearly: bool = False, cycle: str = "", length: int = 0) -> str:
    return ", ".join(_day(each, yearly=yearly, cycle=cycle, length=length) for each in days)


def _day(each: DayDescription, *, yearly: bool, cycle: str, length: int) -> str:
    day, said = each.day, _day_of(each.day)
    if yearly and day.kind is DayKind.NUMBER and not day.shift and each.month is not None:
        return f"ngày {day.number:02}/{each.month:02}"
    if yearly and each.month is not None:
        return f"{said} tháng {each.month}"
    if not cycle:
        return said
    if each.last_month and day.kind is not DayKind.NUMBER and (day.kind is DayKind.LAST or day.number < 0):
        return f"{said} {cycle}" if day.kind is DayKind.LAST and not day.shift else f"{said} của {cycle}"
    if each.last_month or each.month is None:
        return f"{said} tháng cuối {cycle}"
    if each.month == 1:
        return f"{said} tháng đầu {cycle}"
    return f"{said} tháng giữa {cycle}" if length == 3 else f"{said} tháng thứ {each.month} {cycle}"


def _day_of(day: DayOf) -> str:
    match day.kind:
        case DayKind.NUMBER:
            said = f"ngày {day.number}"
        case DayKind.LAST:
            said = "ngày cuối"
        case DayKind.WEEKDAY:
            said = f"{WEEKDAYS[day.weekday]} {_PLACES.get(day.number, f'thứ {abs(day.number)}')}"
        case DayKind.WORKING:
            said = f"ngày làm việc {_PLACES.get(day.number, f'thứ {abs(day.number)}')}"
    if day.shift:
        return f"{abs(day.shift)} ngày {'trước' if day.shift < 0 else 'sau'} {said}"
    return said


def _assumed(what: Description) -> str:
    said = {
        "day": "không thấy nói ngày nào nên tôi hiểu là ngày cuối kỳ",
        "start": "không thấy nói bắt đầu từ đâu nên tôi tính từ lần tới",
        "time": "giờ thì tôi hiểu theo buổi anh/chị nói",
    }
    found = [said[each] for each in sorted(what.assumed) if each in said]
    return f"<i>({'; '.join(found)})</i>" if found else ""


# Setting one ---------------------------------------------------------------------------------------------------------


def ask_what() -> Reply:
    """The first question."""
    return Reply(
        "<b>Đặt hạn</b>\nCác đơn vị cần làm việc gì? Anh/chị có thể gõ cả việc lẫn hạn trong một tin, ví dụ:\n"
        "<code>Nộp danh sách khen thưởng: ngày 20 hằng tháng</code>",
        _LEAVE,
    )


def ask_when(what: str) -> Reply:
    """The second one."""
    return Reply(
        f"<b>{escape(what)}</b>\nHạn khi nào? Ví dụ: {_EXAMPLES}.",
        ((taps.AskWhatAgain().button("Quay lại"), taps.LeaveDeadline().button("Hủy")),),
    )


def ask_what_for(description: Description) -> Reply:
    """Where only the date was given."""
    return Reply(
        f"Hạn: <b>{escape(rule(description))}</b>. Các đơn vị cần làm việc gì vào hạn đó?",
        _LEAVE,
    )


def unclear(found: Unclear, *, what: str = "") -> Reply:
    """Why a date was not understood, and what to type instead."""
    words = f" <i>{escape(found.words[:80])}</i>" if found.words else ""
    match found.reason:
        case DateReason.NO_SUCH_DATE:
            said = f"Lịch không có ngày {escape(impossible_day(found.words)) or words}."
        case DateReason.NO_SUCH_TIME:
            said = f"Không có giờ{words}."
        case DateReason.LUNAR:
            said = f"Tôi chưa tính được ngày âm lịch{words}; anh/chị cho ngày dương giúp."
        case DateReason.DAY_MISSING:
            said = f"Còn thiếu ngày{words}: ngày bao nhiêu, hay thứ mấy?"
        case DateReason.MONTH_MISSING:
            said = f"Còn thiếu tháng{words}."
        case DateReason.AMBIGUOUS:
            said = f"Tôi hiểu được nhiều cách{words}; anh/chị nói rõ hơn giúp."
        case DateReason.PAST:
            said = f"Hạn này đã qua:{words}. Anh/chị cho một ngày sắp tới, hoặc ghi rõ năm giúp."
        case DateReason.VAGUE:
            said = f"Tôi chưa rõ{words} là ngày nào."
        case _:
            said = f"Tôi chưa hiểu thời hạn{words}."
    head = f"<b>{escape(what)}</b>\n" if what else ""
    return Reply(f"{head}{said}\nVí dụ: {_EXAMPLES}.", _LEAVE)


def already_past() -> Reply:
    """To a rule whose days are all over."""
    return Reply("Hạn này đã qua. Anh/chị cho một ngày sắp tới giúp.", _LEAVE)


def audience(value: Audience) -> str:
    """Who owes it, in words."""
    return {
        Audience.GRASSROOTS: "công đoàn cơ sở",
        Audience.DIRECT: "đơn vị cấp dưới trực tiếp",
        Audience.ALL: "mọi đơn vị bên dưới",
    }[value]


def proposal(shown: Proposal, edits: int | None = None) -> Reply:
    """The rule and its next three dates, before it is kept."""
    at = f"{clock(shown.description.at)} " if shown.description.at else ""
    ahead = "\n".join(f"• {at}{weekday(day)}" for day in shown.upcoming)
    note = _assumed(shown.description)
    is_once = shown.description.rhythm is Rhythm.ONCE  # then the rule is the day
    count = shown.counts.get(shown.audience, 0)
    lines = [
        "<b>Tôi hiểu thế này, đúng chưa ạ?</b>",
        f"Việc: <b>{escape(shown.what)}</b>",
        f"Hạn: <b>{escape(rule(shown.description))}</b>",
        *([note] if note else []),
        *([] if is_once else ["Các lần tới:" if len(shown.upcoming) > 1 else "Lần tới:", ahead]),
        f"Ai làm: {audience(shown.audience)} thuộc {escape(shown.unit_name)} – {format_count(count)} đơn vị",
    ]
    choices = tuple(
        (
            taps.ChooseAudience(shown.token, each).button(
                f"{'✓ ' if each is shown.audience else ''}{audience(each).capitalize()} "
                f"({format_count(shown.counts[each])})"
            ),
        )
        for each in list_distinct(shown.counts, shown.audience, Audience.ALL)
    )
    scopes = taps.OfferDeadlineScopes(shown.token).button(f"Phạm vi: {short_unit(shown.unit_name, 31)}")
    place = ((scopes,),) if shown.may_narrow else ()
    last = (
        taps.KeepDeadline(shown.token).button("Đặt hạn"),
        taps.AskWhenAgain().button("Sửa"),
        taps.LeaveDeadline().button("Hủy"),
    )
    return Reply(
        "\n".join(lines), (*(choices if len(choices) > 1 else ()), *place, last if count else last[1:]), edits=edits
    )


def kept(shown: Proposal, deadline_id: int, edits: int | None) -> Reply:
    """After **Đặt hạn**."""
    count = shown.counts.get(shown.audience, 0)
    is_once = shown.description.rhythm is Rhythm.ONCE
    next_on = "" if is_once else f"Lần tới: {weekday(shown.upcoming[0])}. "
    return Reply(
        f"✅ Đã đặt hạn <b>{escape(shown.what)}</b>: {escape(rule(shown.description))}.\n"
        f"{next_on}Tôi sẽ nhắc {format_count(count)} đơn vị thuộc {escape(shown.unit_name)} "
        "trước hạn, và báo anh/chị đơn vị nào quá hạn.",
        (
            (taps.AnnounceDeadline(deadline_id).button(f"Báo ngay cho {format_count(count)} đơn vị"),),
            (taps.EndDeadline(deadline_id).button("Bỏ hạn này"),),
        ),
        edits=edits,
    )


def left_dialog(edits: int | None = None) -> Reply:
    """After **Hủy**."""
    return Reply("Vâng, tôi không đặt hạn.", edits=edits)


def ended(deadline: SetDeadline, edits: int | None) -> Reply:
    """After **Bỏ hạn này**."""
    return Reply(f"Đã bỏ hạn <b>{escape(deadline.what)}</b>. Tôi không nhắc việc này nữa.", edits=edits)


def announced(nudged: Nudged) -> Reply:
    """After **Báo ngay**: how many it reaches, and the units by name where nobody can be written to."""
    reminded = nudged.reminded + nudged.again
    lines = [
        f"Đã báo cho {format_count(reminded)} người." if reminded else "Chưa có ai để báo: chưa cán bộ nào dùng trợ lý."
    ]
    if nudged.leaves_at is not None:
        leaves = will_leave(nudged.leaves_at, overnight=nudged.waits_overnight)
        lines = [f"Đang là giờ yên lặng nên tin báo tới {format_count(reminded)} người chưa gửi. {leaves}."]
    if nudged.silent and reminded:
        lines.append(f"{format_count(len(nudged.silent))} đơn vị không nhắn được:")
        lines += [silent_line(each.name, each.contact, has_officer=each.has_officer) for each in nudged.silent[:SHOWN]]
        if len(nudged.silent) > SHOWN:
            lines.append(f"• và {format_count(len(nudged.silent) - SHOWN)} đơn vị nữa")
    return Reply("\n".join(lines))


def set_deadlines(found: Sequence[ListedDeadline]) -> Reply:
    """What has been set at or below a supervisor's units, each with its next day."""
    lines = ["<b>Các hạn đang đặt</b>"]
    for place, each in enumerate(found[:SHOWN], 1):
        deadline = each.deadline
        ahead = f", lần tới {weekday(each.following)}" if each.following else ", đã qua"
        lines.append(
            f"{place}. <b>{escape(deadline.what)}</b> – {escape(rule(each.description))}{ahead} "
            f"({audience(deadline.audience)} thuộc {escape(deadline.unit_name)})"
        )
    return Reply(
        "\n".join(lines),
        tuple(
            (taps.EndDeadline(each.deadline.id).button(short(f"Bỏ hạn {place}: {each.deadline.what}", 40)),)
            for place, each in enumerate(found[:8], 1)
        ),
    )


def resume(draft: DeadlineDraft) -> Reply:
    """After a question in between was answered."""
    if draft.step is DeadlineStep.WHEN:
        return ask_when(draft.what)
    if draft.step is DeadlineStep.WHAT:
        return Reply("Anh/chị đang đặt dở một hạn: các đơn vị cần làm việc gì?", _LEAVE)
    return Reply("Anh/chị đang đặt dở một hạn: bấm <b>Đặt hạn</b> ở tin trên, hoặc gõ /huy.")
