"""One thing that was read, in words: its source, what it was taken to say, and why it is asked."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

from bot.road.reply import Attachment
from bot.words.dates import day
from bot.words.reports import short
from knowledge.importing.document import Differing
from knowledge.importing.model import ReadDeadline, ReadTarget, WhyDoubted
from knowledge.model.plan_reviews import ReviewMatter, ReviewRow
from knowledge.model.plans import ANNUAL
from knowledge.reviewing.asking import IdentityField, Placed, Titled, content_of
from knowledge.reviewing.drafting import show_figure

_QUOTE: Final = 900
_BESIDE_PICTURE: Final = 380
PHRASE: Final = 220
LINE: Final = 110
_MOST_READINGS: Final = 2
_READING: Final = 40
_WHY: Final = {
    WhyDoubted.NO_HORIZON: "Văn bản không nêu rõ năm.",
    WhyDoubted.YEAR_UNREADABLE: "Năm trong văn bản không đọc rõ.",
    WhyDoubted.TERM_ASSUMED: "Năm được suy từ giai đoạn của kế hoạch.",
    WhyDoubted.ANNUAL_OR_STAGE: "Có thể là mỗi năm, cũng có thể là cả giai đoạn.",
    WhyDoubted.SAID_TWICE: "Văn bản nêu hai con số cho cùng một việc.",
    WhyDoubted.TWO_ACTS: "Một con số cho hai việc.",
    WhyDoubted.UNIT_UNKNOWN: "Chưa rõ đơn vị tính.",
    WhyDoubted.FLOOR_CARRIED: "“Trở lên” có thể chỉ nói về con số trước.",
    WhyDoubted.NUMBER_AMBIGUOUS: "Con số có thể đọc theo hai cách.",
    WhyDoubted.OUTSIDE_TARGETS: "Con số nằm ngoài phần chỉ tiêu.",
    WhyDoubted.PAST_RESULT: "Có thể là kết quả đã đạt, không phải chỉ tiêu.",
    WhyDoubted.APPROXIMATE: "Văn bản chỉ nêu con số ước chừng.",
    WhyDoubted.AWARD_QUOTA: "Có thể là tỷ lệ khen thưởng, không phải chỉ tiêu.",
    WhyDoubted.SEVERAL_FIGURES: "Một ô có nhiều con số.",
    WhyDoubted.DATA_CUTOFF: "Có thể là mốc lấy số liệu, không phải hạn phải làm.",
    WhyDoubted.YEAR_ASSUMED: "Năm của thời hạn được suy từ văn bản.",
    WhyDoubted.VAGUE: "Thời hạn không nêu ngày cụ thể.",
    WhyDoubted.LETTERS_DAMAGED: "Chữ trong văn bản bị lỗi.",
    WhyDoubted.SCANNED: "Đọc từ ảnh nên có thể sai; anh/chị đối chiếu với ảnh giúp tôi.",
    WhyDoubted.PASSES_DIFFER: "Tôi đọc ảnh hai lần, ra hai kết quả; anh/chị đối chiếu với ảnh giúp tôi.",
    WhyDoubted.BOUND_UNCLEAR: "Chưa rõ “ít nhất”, “trở lên”… thuộc con số nào.",
    WhyDoubted.TIME_UNCLEAR: "Câu nêu nhiều mốc thời gian.",
}
_NAMED: Final = frozenset({"phụ", "đề"})
"""First words of sections that have a name: "Phụ lục 2", "Đề cương IV"."""
_RECURRENCES: Final = {"monthly": "hằng tháng", "yearly": "hằng năm", "regular": "định kỳ, không nêu ngày"}


def what(row: ReviewRow) -> str:
    """What a row is about, with its place in the text."""
    match row.matter:
        case ReviewMatter.IDENTITY:
            return "Thông tin chung"
        case ReviewMatter.DEADLINE:
            return f"Thời hạn{place(str(row.content['section']))}"
        case _:
            return f"Chỉ tiêu{place(content_of(row, Placed).fact.section)}"


def described(row: ReviewRow) -> str:
    """A doubtful row: its source, the reading in words, and why it is asked."""
    match row.matter:
        case ReviewMatter.IDENTITY:
            asked = content_of(row, Titled)
            return _titled(asked, row) if row.is_waiting else told(asked)
        case ReviewMatter.DEADLINE:
            due = content_of(row, ReadDeadline)
            said = f"Tôi hiểu: <b>{escape(when(due))}</b>: {escape(short(due.what, PHRASE))}"
            return f"{quote(due.quote, has_picture=due.spot is not None)}\n{said}{_why_asked(row, due.differing)}"
        case _:
            fact = content_of(row, Placed).fact
            said = f"Tôi hiểu: <b>{escape(figure(fact))}</b>: {escape(short(fact.indicator, PHRASE))}"
            return f"{quote(fact.quote, has_picture=fact.spot is not None)}\n{said}{_why_asked(row, fact.differing)}"


def in_line(row: ReviewRow) -> str:
    """What enters the plan, in one line."""
    if row.matter is ReviewMatter.IDENTITY:
        return told(content_of(row, Titled))
    if row.matter is ReviewMatter.DEADLINE:
        due = content_of(row, ReadDeadline)
        return f"<b>{escape(when(due))}</b>: {escape(short(due.what, LINE))}"
    read = content_of(row, Placed).fact
    return f"<b>{escape(figure(read))}</b>: {escape(short(read.indicator, LINE))}"


def told(known: Titled) -> str:
    """A field of the identity, as it is known."""
    if known.field is IdentityField.ISSUER:
        return f"Cơ quan ban hành: <b>{escape(known.text or '')}</b>"
    return term(known.years or (), bold=True)


def term(covered: Sequence[int], *, bold: bool = False) -> str:
    """The years for which a plan speaks: "Giai đoạn: 2026–2030", "Năm: 2026"."""
    told = years(covered)
    return f"{'Giai đoạn' if '–' in told else 'Năm'}: {f'<b>{told}</b>' if bold else told}"


def years(covered: Sequence[int]) -> str:
    """A term: "2026–2030", or the one year of it."""
    return "–".join(map(str, dict.fromkeys(covered)))


def _titled(asked: Titled, row: ReviewRow) -> str:
    if row.doubt == WhyDoubted.SCANNED:
        return f"{told(asked)}{_why_asked(row)}"
    if asked.field is IdentityField.ISSUER:
        return "Tôi không thấy tên cơ quan ban hành trong văn bản."
    if asked.years is None:
        return "Văn bản không nêu giai đoạn thực hiện."
    return (
        "Văn bản không nêu rõ giai đoạn thực hiện.\n"
        f"Tôi hiểu: <b>{years(asked.years)}</b>, theo ngày ban hành và các mốc năm của chỉ tiêu."
    )


def quote(text: str, *, has_picture: bool = False) -> str:
    """A sentence of the text, to be unfolded where it is long; shorter beside a picture, which shows it."""
    return f"<blockquote expandable>{escape(short(text, _BESIDE_PICTURE if has_picture else _QUOTE))}</blockquote>"


def picture_of(lines: bytes | None) -> Attachment | None:
    """The lines of a scanned page from which something was read."""
    return Attachment(lines, "dong.png") if lines is not None else None


def readings(differing: Sequence[Differing]) -> str:
    """The figures that two looks at a picture read differently, a line each."""
    return "".join(
        f"Lần đọc thứ nhất: <b>{_read(each.first)}</b>; lần thứ hai: <b>{_read(each.second)}</b>.\n"
        for each in differing[:_MOST_READINGS]
    )


def _read(figure: str) -> str:
    return escape(short(figure, _READING)) if figure else "không rõ"


def _why_asked(row: ReviewRow, differing: Sequence[Differing] = ()) -> str:
    if row.doubt is None or not row.is_waiting:
        return ""
    return f"\n{why(row)}\n{readings(differing)}".rstrip()


def why(row: ReviewRow) -> str:
    """Why a row is doubted; nothing where it is not."""
    return f"<i>{_WHY[WhyDoubted(row.doubt)]}</i>" if row.doubt is not None else ""


def figure(fact: ReadTarget) -> str:
    """A target's figure and time in words: "từ 80% trở lên – đến 2028"."""
    return f"{show_figure(fact)} – {_horizon(fact)}"


def _horizon(fact: ReadTarget) -> str:
    if fact.horizon is None:
        return "không nêu năm"
    if fact.horizon == ANNUAL:
        return "hằng năm"
    return f"mỗi năm đến {fact.horizon}" if fact.each_year else f"đến {fact.horizon}"


def when(due: ReadDeadline) -> str:
    """When something falls due, in words."""
    if due.due is not None:
        return f"chậm nhất {day(due.due)}"
    return due.when if due.rule is not None else _RECURRENCES.get(due.recurrence or "", due.when)


def place(section: str) -> str:
    """The section behind a title; nothing where the text has none."""
    if not section:
        return ""
    is_named = section.partition(" ")[0].lower() in _NAMED
    return f", {escape(section[0].lower() + section[1:])}" if is_named else f", mục {escape(section)}"


def may_be_dropped(row: ReviewRow) -> bool:
    """Whether a plan can do without it: not without issuer and term."""
    return row.matter is not ReviewMatter.IDENTITY
