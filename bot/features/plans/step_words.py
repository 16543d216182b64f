"""One thing of a file after the other: what is to be decided, and what is corrected in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import escape
from typing import Final

from bot.features.plans import fact_words, taps
from bot.features.plans.review_words import card, decided_meanwhile
from bot.features.plans.reviews import AT_ONCE, ForeseenDuty, ReviewView
from bot.road.reply import Button, Reply
from bot.words.dates import day
from bot.words.reports import short
from knowledge.importing.model import LeftOver, ReadDeadline, WhyDoubted
from knowledge.model.plan_reviews import ReviewMatter, ReviewRow
from knowledge.model.units import GRASSROOTS_KINDS, UnitKind
from knowledge.reviewing.asking import IdentityField, NewSubject, Placed, Titled, content_of, may_be_right
from knowledge.reviewing.together import belong_together, find_together, is_of_table, quote_together

_LABEL: Final = 40
_IN_A_ROW: Final = 3
_CELL: Final = 80
_MOST_SHOWN: Final = 12
"""Doubtful targets of one table that are told; more are not agreed to at once."""
_MOST_NAMES: Final = 4
"""Other names of a new subject that are told back."""
_MOST_NUMBERS: Final = 8
"""Numbers left over of one table or sentence that are named."""
_LEVELS: Final = {
    UnitKind.PROVINCE: "LĐLĐ tỉnh, thành phố",
    UnitKind.SECTOR: "công đoàn ngành",
    UnitKind.UPPER: "công đoàn cấp trên trực tiếp cơ sở",
    UnitKind.COMMUNE: "công đoàn xã, phường",
}
_OF_TIME: Final = frozenset(
    {WhyDoubted.NO_HORIZON, WhyDoubted.YEAR_UNREADABLE, WhyDoubted.TERM_ASSUMED, WhyDoubted.ANNUAL_OR_STAGE}
)


def step(view: ReviewView, picture: bytes | None, *, after: int | None = None, edits: int | None = None) -> Reply:
    """What is to be decided next, with the picture that it was read from; the card where nothing is.

    Args:
        after: the row that was looked at alone just before; what belongs together with it is asked alone too.
    """
    looked_at = view.review.get_row(after) if after is not None else None
    for waiting, alone, together in (
        (view.doubtful, _doubtful, _doubtful_table),
        (view.left_over, _left_over, _left_over_together),
    ):
        if not waiting:
            continue
        found = find_together(waiting)
        goes_through = looked_at is not None and belong_together(looked_at, found[0])
        is_alone = len(found) == 1 or goes_through
        asked = alone(view, found[0], edits) if is_alone else together(view, found, edits)
        return replace(asked, photo=fact_words.picture_of(picture))
    if view.subjects:
        return _subjects(view, view.subjects[:AT_ONCE], edits)
    if view.duties:
        return _duties(view, view.duties[:AT_ONCE], edits)
    return card(view, edits=edits)


def _doubtful(view: ReviewView, row: ReviewRow, edits: int | None) -> Reply:
    review, place = view.review.id, row.place
    right = [taps.JudgeFact(review, place, is_right=True).button("Đúng")] if may_be_right(row) else []
    mend = taps.MendFact(review, place).button("Sửa")
    drop = [taps.JudgeFact(review, place, is_right=False).button("Bỏ")] if fact_words.may_be_dropped(row) else []
    left = len(view.doubtful)
    more = f" – còn {left} chỗ cần xem" if left > 1 else " – chỗ cuối cùng cần xem"
    text = f"<b>{fact_words.what(row)}</b>{more}\n{fact_words.described(row)}"
    return Reply(text, ((*right, mend, *drop), _later(view)), edits=edits)


def _doubtful_table(view: ReviewView, rows: Sequence[ReviewRow], edits: int | None) -> Reply:
    """Doubtful targets of one table, doubted for one reason; all are shown where they can be agreed to at once."""
    review, first, last = view.review.id, rows[0], rows[-1]
    facts = [content_of(row, Placed).fact for row in rows]
    shown = [f"• <b>{escape(fact_words.figure(fact))}</b>: {escape(short(fact.indicator, _CELL))}" for fact in facts]
    more = [f"… và {len(shown) - _MOST_SHOWN} số khác"] if len(shown) > _MOST_SHOWN else []
    lines = [
        f"<b>Bảng{fact_words.place(facts[0].section)}</b> – {len(rows)} số cần xem",
        f"{fact_words.quote(quote_together(rows))}\nTôi hiểu:",
        *shown[:_MOST_SHOWN],
        *more,
        fact_words.why(first),
    ]
    agree = taps.JudgeTogether(review, first.place, last.place, is_right=True).button("Đúng cả bảng")
    drop = taps.JudgeTogether(review, first.place, last.place, is_right=False).button("Bỏ cả bảng")
    decide = (agree, drop) if not more and all(map(may_be_right, rows)) else (drop,)
    return Reply("\n".join(lines), (decide, _one_by_one(view, first), _later(view)), edits=edits)


def _one_by_one(view: ReviewView, row: ReviewRow) -> tuple[Button, ...]:
    return (taps.GoThrough(view.review.id, row.place).button("Xem từng số"),)


def _later(view: ReviewView) -> tuple[Button, ...]:
    return (taps.OpenReview(view.review.id).button("Để sau"),)


def _left_over(view: ReviewView, row: ReviewRow, edits: int | None) -> Reply:
    left, review = content_of(row, LeftOver), view.review.id
    count = len(view.left_over)
    more = f" – còn {count} con số" if count > 1 else ""
    source = fact_words.quote(left.quote, has_picture=left.spot is not None)
    text = (
        f"<b>Con số chưa xếp vào đâu{fact_words.place(left.section)}</b>{more}\n{source}\n"
        f"{fact_words.readings(left.differing)}"
        f"Con số <b>{escape(left.number)}</b> có phải là chỉ tiêu không?"
    )
    first = (
        taps.JudgeNumber(review, row.place, is_target=True).button("Là chỉ tiêu"),
        taps.JudgeNumber(review, row.place, is_target=False).button("Bỏ qua"),
    )
    every = ((taps.SkipNumbers(review).button("Bỏ qua tất cả"),),) if count > 1 else ()
    return Reply(text, (first, *every, _later(view)), edits=edits)


def _left_over_together(view: ReviewView, rows: Sequence[ReviewRow], edits: int | None) -> Reply:
    """Numbers of one table, or of one sentence."""
    review, first, last = view.review.id, rows[0], rows[-1]
    what = "bảng" if is_of_table(first) else "câu"
    numbers = [content_of(row, LeftOver).number for row in rows]
    told = ", ".join(f"<b>{escape(number)}</b>" for number in numbers[:_MOST_NUMBERS])
    more = f" và {len(numbers) - _MOST_NUMBERS} số khác" if len(numbers) > _MOST_NUMBERS else ""
    text = (
        f"<b>Con số chưa xếp vào đâu{fact_words.place(content_of(first, LeftOver).section)}</b> – "
        f"còn {len(view.left_over)} con số\n{fact_words.quote(quote_together(rows))}\n"
        f"Trong {what} này có {told}{more}. Nếu không số nào là chỉ tiêu, anh/chị bỏ qua cả {what}."
    )
    skip = taps.SkipTogether(review, first.place, last.place).button(
        "Bỏ qua cả bảng" if is_of_table(first) else "Bỏ qua cả câu"
    )
    has_others = len(view.left_over) > len(rows)
    every = ((taps.SkipNumbers(review).button("Bỏ qua tất cả"),),) if has_others else ()
    return Reply(text, ((skip, *_one_by_one(view, first)), *every, _later(view)), edits=edits)


def _subjects(view: ReviewView, rows: Sequence[ReviewRow], edits: int | None) -> Reply:
    review = view.review.id
    lines = ["<b>Nội dung chỉ tiêu cần đối chiếu</b>", "Tôi sẽ xếp các chỉ tiêu này như sau:"]
    news = (
        "“Nội dung mới” là nội dung mà chưa kế hoạch nào tôi biết đặt chỉ tiêu; bấm <b>Đổi số …</b> để đặt cách gọi "
        "thường ngày cho nội dung ấy."
    )
    others: list[Button] = []
    for number, row in enumerate(rows, 1):
        asked = content_of(row, NewSubject)
        measured = asked.populations[0] if asked.populations else asked.subject.name
        lines.append(
            f"{number}. {escape(short(measured, fact_words.PHRASE))} → "
            f"<b>{escape(_taken_as(asked, view.subject_names, measured))}</b>"
        )
        others.append(taps.OfferSubjects(review, row.place).button(f"Đổi số {number}"))
    if any(content_of(row, NewSubject).same is None for row in rows):
        lines.append(f"<i>{news}</i>")
    agree = taps.ConfirmSubjects(review, rows[0].place, rows[-1].place)
    agreed = (agree.button("Đồng ý tất cả" if len(rows) > 1 else "Đồng ý"),)
    return Reply("\n".join(lines), (agreed, *_in_rows(others), _later(view)), edits=edits)


def _in_rows(buttons: Sequence[Button]) -> list[tuple[Button, ...]]:
    return [tuple(buttons[start : start + _IN_A_ROW]) for start in range(0, len(buttons), _IN_A_ROW)]


def _taken_as(asked: NewSubject, names: Mapping[str, str], measured: str = "") -> str:
    """What a subject is taken for; the name of a new one is left out where it was `measured` just before."""
    if asked.same is None:
        is_told = asked.subject.name.lower() == measured.lower()
        return "nội dung mới" if is_told else f"nội dung mới “{asked.subject.name}”"
    return f"trùng với “{names.get(asked.same, asked.same)}”"


def _called(asked: NewSubject) -> str:
    """What a new subject is called in short, and in a few other words."""
    short = asked.subject.short or asked.subject.name
    others = [name for name in asked.subject.names if name.lower() != short.lower()][:_MOST_NAMES]
    return " · ".join(f"“{short_name}”" for short_name in (short, *others))


def choose_subject(view: ReviewView, row: ReviewRow, *, edits: int | None = None) -> Reply:
    """Whether a subject is new, or which known one it is."""
    asked, review = content_of(row, NewSubject), view.review.id
    rows = [(taps.ChooseSubject(review, row.place, 0).button("Là mới"),)]
    for number, known in enumerate(asked.known, 1):
        name = short(view.subject_names.get(known, known), _LABEL)
        rows.append((taps.ChooseSubject(review, row.place, number).button(f"Trùng với {name}"),))
    measured = "\n".join(f"• {escape(short(each, fact_words.PHRASE))}" for each in asked.populations[:4])
    text = (
        f"Chỉ tiêu này đo nội dung nào?\n{measured}\n"
        "Nội dung đã có mà không thấy ở dưới: anh/chị gõ tên của nó.\n"
        "Nội dung mới: bấm <b>Là mới</b>, hoặc gõ những cách gọi thường ngày, cách nhau bằng dấu phẩy, để ai hỏi bằng "
        "lời ấy cũng tìm thấy. Ví dụ: <i>nhà trọ tự quản, tổ tự quản</i>."
    )
    return Reply(text, (*rows, _later(view)), edits=edits)


def _duties(view: ReviewView, duties: Sequence[ForeseenDuty], edits: int | None) -> Reply:
    review = view.review.id
    lines = ["<b>Thời hạn sẽ được nhắc</b>", "Sau khi anh/chị duyệt, tôi sẽ nhắc các đơn vị áp dụng kế hoạch này:"]
    others: list[Button] = []
    for number, duty in enumerate(duties, 1):
        due = duty.deadline
        lines.append(
            f"{number}. {escape(short(due.what, fact_words.PHRASE))}: <b>{escape(due.when)}</b>\n"
            f"Nhắc {_debtors(duty.owed_by)}; hạn gần nhất {day(duty.first)}"
        )
        others.append(taps.DropDuty(review, duty.place).button(f"Không nhắc số {number}"))
    agree = taps.ConfirmDuties(review, duties[0].place, duties[-1].place).button("Đồng ý nhắc")
    return Reply("\n".join(lines), ((agree,), *((each,) for each in others), _later(view)), edits=edits)


def _debtors(kinds: Sequence[UnitKind]) -> str:
    levels = [name for kind, name in _LEVELS.items() if kind in kinds]
    if set(kinds) >= GRASSROOTS_KINDS:
        levels.append("công đoàn cơ sở")
    elif UnitKind.GUILD in kinds:
        levels.append("nghiệp đoàn")
    return ", ".join(levels)


# In words ------------------------------------------------------------------------------------------------------------


def ask_mending(view: ReviewView, row: ReviewRow, *, edits: int | None = None) -> Reply:
    """What is right, for a fact that was read wrongly: only what is wrong needs to be said.

    It stands under the fact, in the place of the buttons that would decide it.
    """
    review = view.review.id
    back = taps.GoThrough(review, row.place) if row.is_waiting else taps.ShowFact(review, row.place)
    text = f"<b>{fact_words.what(row)}</b>\n{fact_words.described(row)}\n\n✏️ {_example(row)}"
    return Reply(text, ((back.button("Quay lại"),),), edits=edits)


def _example(row: ReviewRow) -> str:
    if row.matter is ReviewMatter.IDENTITY:
        if content_of(row, Titled).field is IdentityField.ISSUER:
            return "Anh/chị gõ tên cơ quan ban hành, ví dụ: <i>Liên đoàn Lao động tỉnh Quảng Trị</i>."
        return "Anh/chị gõ giai đoạn thực hiện, ví dụ: <i>2026–2030</i>."
    if row.matter is ReviewMatter.SUBJECT:
        return (
            "Anh/chị gõ tên nội dung đã có, ví dụ: <i>thỏa ước lao động tập thể</i>; nội dung mới thì gõ những cách "
            "gọi thường ngày, cách nhau bằng dấu phẩy."
        )
    if row.matter is ReviewMatter.DEADLINE:
        return "Anh/chị gõ thời hạn đúng, ví dụ: <i>trước ngày 15/12/2026</i> hoặc <i>ngày 20 hằng tháng</i>."
    if row.doubt == WhyDoubted.UNIT_UNKNOWN and content_of(row, Placed).fact.unit is None:
        return "Anh/chị gõ đơn vị tính, ví dụ: <i>đoàn viên</i>, <i>%</i>."
    if row.doubt in _OF_TIME:
        return "Anh/chị gõ thời gian đúng, ví dụ: <i>đến 2028</i> hoặc <i>hằng năm</i>; con số sai thì gõ cả con số."
    return (
        "Anh/chị chỉ gõ chỗ sai, ví dụ: <i>85%</i>, <i>từ 85% trở lên</i>, <i>đến 2028</i> hoặc <i>hằng năm</i>; "
        "nội dung sai thì gõ lại nội dung."
    )


def not_understood(row: ReviewRow) -> Reply:
    """A correction that nothing can be made of."""
    return Reply(f"Tôi chưa hiểu ý sửa. {_example(row)}\nHoặc gõ /huy để thôi.")


def noted(view: ReviewView, now: ReviewRow, following: Reply) -> Reply:
    """A fact was corrected, and what comes next."""
    return replace(following, text=f"✅ Đã sửa: <b>{escape(_mended(now, view))}</b>.\n\n{following.text}")


def _mended(now: ReviewRow, view: ReviewView) -> str:
    match now.matter:
        case ReviewMatter.IDENTITY:
            known = content_of(now, Titled)
            return known.text or fact_words.years(known.years or ())
        case ReviewMatter.DEADLINE:
            return fact_words.when(content_of(now, ReadDeadline))
        case ReviewMatter.SUBJECT:
            asked = content_of(now, NewSubject)
            return _taken_as(asked, view.subject_names) if asked.same else f"nội dung mới, gọi là {_called(asked)}"
        case _:
            return fact_words.figure(content_of(now, Placed).fact)


def overtaken(following: Reply) -> Reply:
    """A correction came after somebody else's decision, which stands; what comes next."""
    return replace(following, text=f"{decided_meanwhile()}\n\n{following.text}")


def no_target() -> str:
    """The toast where nothing can be made of a number."""
    return "Tôi chưa lập được chỉ tiêu từ con số này; anh/chị bỏ qua giúp."


def mending_left() -> Reply:
    """A correction was given up."""
    return Reply("Đã thôi sửa. Anh/chị mở lại tệp bằng cách gửi lại, hoặc ở /kehoach.")
