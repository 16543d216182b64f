"""A file that becomes a plan: what was understood, what is to be looked at, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import escape
from typing import Final

from bot.features.plans import taps
from bot.features.plans.reviews import AT_ONCE, PAGE, ForeseenDuty, ReviewView, may_be_right
from bot.road.reply import Button, Reply
from bot.words.dates import day
from bot.words.plans import horizon
from bot.words.reports import short
from knowledge.importing.asking import IdentityField, NewSubject, Placed, Titled, content_of
from knowledge.importing.comparing import Difference
from knowledge.importing.drafting import show_figure
from knowledge.importing.model import Identity, LeftOver, ReadDeadline, ReadTarget, WhyDoubted
from knowledge.model.plan_reviews import ReviewMatter, ReviewRow
from knowledge.model.plans import ANNUAL, Plan, Target
from knowledge.model.units import GRASSROOTS_KINDS, UnitKind

_LABEL: Final = 40
_QUOTE: Final = 900
_PHRASE: Final = 220
_LINE: Final = 110
_MOST_FILES: Final = 5
_MOST_COMPARED: Final = 3
_MOST_LINES: Final = 12

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
}

_LEVELS: Final = {
    UnitKind.PROVINCE: "LĐLĐ tỉnh, thành phố",
    UnitKind.SECTOR: "công đoàn ngành",
    UnitKind.UPPER: "công đoàn cấp trên trực tiếp cơ sở",
    UnitKind.COMMUNE: "công đoàn xã, phường",
}
_OF_TIME: Final = frozenset(
    {WhyDoubted.NO_HORIZON, WhyDoubted.YEAR_UNREADABLE, WhyDoubted.TERM_ASSUMED, WhyDoubted.ANNUAL_OR_STAGE}
)
_RECURRENCES: Final = {"monthly": "hằng tháng", "yearly": "hằng năm", "regular": "định kỳ, không nêu ngày"}


# The file comes ------------------------------------------------------------------------------------------------------


def reading(name: str) -> Reply:
    """A file was received and is being read."""
    return Reply(f"Tôi đang đọc “{escape(short(name, 80))}”, anh/chị chờ một chút nhé…")


def download_failed() -> Reply:
    """A file could not be fetched."""
    return Reply("Tôi không tải được tệp này, anh/chị gửi lại giúp tôi nhé.")


def too_large(megabytes: int) -> Reply:
    """A file is larger than the chat carries."""
    return Reply(f"Tệp lớn hơn {megabytes} MB nên tôi không nhận được; anh/chị bỏ bớt ảnh rồi gửi lại nhé.")


def reading_failed() -> Reply:
    """Reading was given up."""
    return Reply("Tôi không đọc được tệp này, anh/chị lưu lại thành .docx rồi gửi giúp tôi nhé.")


def no_plan() -> Reply:
    """A file in which nothing of a plan was found."""
    return Reply(
        "Tôi không thấy chỉ tiêu, thời hạn hay nhiệm vụ nào trong tệp này; anh/chị xem lại và gửi tệp kế hoạch "
        "giúp tôi nhé."
    )


def known_already(plan: Plan) -> Reply:
    """The file is a plan that is known."""
    return Reply(
        f"Tôi đã có {escape(plan.citation)} rồi, nên không thêm bản thứ hai.",
        ((taps.ShowPlan(taps.mark_of(plan.id)).button("Xem kế hoạch"),),),
    )


def made_already(plan_id: str) -> Reply:
    """A plan was made of this very file before."""
    return Reply(
        "Tệp này đã được duyệt thành kế hoạch trước đây.",
        ((taps.ShowPlan(taps.mark_of(plan_id)).button("Xem kế hoạch"),),),
    )


# The card ------------------------------------------------------------------------------------------------------------


def card(view: ReviewView, *, edits: int | None = None) -> Reply:
    """What was understood of a file, and what is to be decided."""
    lines = [f"📄 <b>{escape(_title(view.identity))}</b>", *_identity(view.identity)]
    lines.append(f"\nTôi đọc được {_counts(view)}{_open(view)}.")
    if view.replaceable:
        named = "; ".join(escape(plan.citation) for plan in view.replaceable)
        lines.append(f"Cùng cơ quan ban hành và cùng nội dung: {named}. Khi duyệt, tôi sẽ hỏi có thay không.")
    lines.append("Trước khi anh/chị duyệt, tôi chưa trả lời và chưa nhắc hạn theo văn bản này.")
    return Reply("\n".join(lines), _card_buttons(view), edits=edits)


def _card_buttons(view: ReviewView) -> tuple[tuple[Button, ...], ...]:
    review = view.review.id
    drop = taps.AskDropping(review).button("Hủy")
    facts = ((taps.ListFacts(review).button("Xem những gì đã đọc"),),) if view.taken else ()
    if view.is_ready:
        compared = [
            (
                taps.CompareReview(review, taps.mark_of(plan.id)).button(
                    f"So với {short(plan.number or plan.short, _LABEL)}"
                ),
            )
            for plan in view.replaceable[:_MOST_COMPARED]
        ]
        return ((taps.FinishReview(review).button("Duyệt"), drop), *compared, *facts)
    return ((taps.GoOn(review).button("Xem từng chỗ"), drop), *facts)


def _title(identity: Identity) -> str:
    kind = identity.kind or "Văn bản"
    return f"{kind} số {identity.number}" if identity.number else kind


def _identity(identity: Identity) -> list[str]:
    lines = [f"Tên: {escape(short(identity.title, _PHRASE))}"] if identity.title else []
    lines.append(f"Cơ quan ban hành: {escape(identity.issuer) if identity.issuer else 'chưa rõ'}")
    lines.append(f"Ngày ban hành: {day(identity.date) if identity.date else 'không ghi'}")
    if identity.covers_from is not None and identity.covers_to is not None:
        lines.append(f"Giai đoạn: {identity.covers_from}–{identity.covers_to}")
    return lines


def _counts(view: ReviewView) -> str:
    counted = (
        (ReviewMatter.TARGET, "chỉ tiêu"),
        (ReviewMatter.DEADLINE, "thời hạn"),
        (ReviewMatter.TASK, "nhiệm vụ"),
    )
    return ", ".join(f"{view.count(matter)} {what}" for matter, what in counted)


def _open(view: ReviewView) -> str:
    counted: tuple[tuple[Sequence[object], str], ...] = (
        (view.doubtful, "chỗ cần xem"),
        (view.left_over, "con số còn lại"),
        (view.subjects, "nội dung cần đối chiếu"),
        (view.duties, "thời hạn cần nhắc"),
    )
    told = [f"{len(found)} {what}" for found, what in counted if found]
    return f"; {', '.join(told)}" if told else "; không còn chỗ nào cần xem"


def with_files(listed: Reply, files: Sequence[tuple[int, Identity]]) -> Reply:
    """The list of plans with the files that are still being looked over."""
    if not files:
        return listed
    rows = tuple(
        (taps.OpenReview(review).button(short(f"📄 {_title(identity)}", _LABEL)),)
        for review, identity in files[:_MOST_FILES]
    )
    text = f"{listed.text}\n\nTệp đang chờ anh/chị xem: {len(files)}."
    return replace(listed, text=text, buttons=(*rows, *listed.buttons))


def facts(view: ReviewView, page: int, *, edits: int | None = None) -> Reply:
    """A page of the targets and deadlines that enter the plan."""
    review, every = view.review.id, view.taken
    if not every:
        return card(view, edits=edits)
    pages = -(-len(every) // PAGE)
    page = min(page, pages - 1)
    shown = list(enumerate(every, 1))[page * PAGE : (page + 1) * PAGE]
    lines = [f"<b>Những gì đã đọc</b> (trang {page + 1}/{pages}); chạm vào số để xem nguồn, sửa hoặc bỏ."]
    lines += [f"{number}. {_in_line(row)}" for number, row in shown]
    numbers = tuple(taps.ShowFact(review, row.place).button(str(number)) for number, row in shown)
    back = [taps.ListFacts(review, page - 1).button("◀ Trang trước")] if page else []
    on = [taps.ListFacts(review, page + 1).button("Trang sau ▶")] if page + 1 < pages else []
    turning = ((*back, *on),) if back or on else ()
    return Reply("\n".join(lines), (numbers, *turning, _to_card(view)), edits=edits)


def _in_line(row: ReviewRow) -> str:
    if row.matter is ReviewMatter.DEADLINE:
        due = content_of(row, ReadDeadline)
        return f"<b>{escape(when(due))}</b>: {escape(short(due.what, _LINE))}"
    read = content_of(row, Placed).fact
    return f"<b>{escape(figure(read))}</b>: {escape(short(read.indicator, _LINE))}"


def fact(view: ReviewView, number: int, *, edits: int | None = None) -> Reply:
    """One thing that enters the plan, with its source; `number` counts from 0."""
    row, review = view.taken[number], view.review.id
    mend, drop = taps.MendFact(review, row.place).button("Sửa"), taps.DropFact(review, row.place).button("Bỏ")
    back = taps.ListFacts(review, number // PAGE).button("Quay lại")
    return Reply(f"<b>{_what(row)}</b>\n{described(row)}", ((mend, drop, back),), edits=edits)


def _to_card(view: ReviewView) -> tuple[Button, ...]:
    return (taps.OpenReview(view.review.id).button("Quay lại"),)


# One thing after the other -------------------------------------------------------------------------------------------


def step(view: ReviewView, *, edits: int | None = None) -> Reply:
    """What is to be decided next; the card where nothing is."""
    if view.doubtful:
        return _doubtful(view, view.doubtful[0], edits)
    if view.left_over:
        return _left_over(view, view.left_over[0], edits)
    if view.subjects:
        return _subjects(view, view.subjects[:AT_ONCE], edits)
    if view.duties:
        return _duties(view, view.duties[:AT_ONCE], edits)
    return card(view, edits=edits)


def _doubtful(view: ReviewView, row: ReviewRow, edits: int | None) -> Reply:
    review, place = view.review.id, row.place
    right = [taps.JudgeFact(review, place, is_right=True).button("Đúng")] if may_be_right(row) else []
    mend = taps.MendFact(review, place).button("Sửa")
    drop = [taps.JudgeFact(review, place, is_right=False).button("Bỏ")] if _may_be_dropped(row) else []
    left = len(view.doubtful)
    more = f" – còn {left} chỗ cần xem" if left > 1 else " – chỗ cuối cùng cần xem"
    text = f"<b>{_what(row)}</b>{more}\n{described(row)}"
    return Reply(text, ((*right, mend, *drop), _later(view)), edits=edits)


def _may_be_dropped(row: ReviewRow) -> bool:
    return row.matter is not ReviewMatter.IDENTITY


def _what(row: ReviewRow) -> str:
    match row.matter:
        case ReviewMatter.IDENTITY:
            return "Thông tin chung"
        case ReviewMatter.DEADLINE:
            return f"Thời hạn{_place(str(row.content['section']))}"
        case _:
            return f"Chỉ tiêu{_place(content_of(row, Placed).fact.section)}"


def _place(section: str) -> str:
    return f", mục {escape(section)}" if section else ""


def described(row: ReviewRow) -> str:
    """A doubtful row: its source, the reading in words, and why it is asked."""
    match row.matter:
        case ReviewMatter.IDENTITY:
            return _titled(content_of(row, Titled))
        case ReviewMatter.DEADLINE:
            due = content_of(row, ReadDeadline)
            said = f"Tôi hiểu: <b>{escape(when(due))}</b>: {escape(short(due.what, _PHRASE))}"
            return f"{_quote(due.quote)}\n{said}{_why(row)}"
        case _:
            fact = content_of(row, Placed).fact
            said = f"Tôi hiểu: <b>{escape(figure(fact))}</b>: {escape(short(fact.indicator, _PHRASE))}"
            return f"{_quote(fact.quote)}\n{said}{_why(row)}"


def _titled(asked: Titled) -> str:
    if asked.field is IdentityField.ISSUER:
        return "Tôi không thấy tên cơ quan ban hành trong văn bản."
    if asked.years is None:
        return "Văn bản không nêu giai đoạn thực hiện."
    first, last = asked.years
    return (
        "Văn bản không nêu rõ giai đoạn thực hiện.\n"
        f"Tôi hiểu: <b>{first}–{last}</b>, theo ngày ban hành và các mốc năm của chỉ tiêu."
    )


def _quote(text: str) -> str:
    return f"<blockquote expandable>{escape(short(text, _QUOTE))}</blockquote>"


def _why(row: ReviewRow) -> str:
    if row.doubt is None or not row.is_waiting:
        return ""
    return f"\n<i>{_WHY[WhyDoubted(row.doubt)]}</i>"


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


def _later(view: ReviewView) -> tuple[Button, ...]:
    return (taps.OpenReview(view.review.id).button("Để sau"),)


def _left_over(view: ReviewView, row: ReviewRow, edits: int | None) -> Reply:
    left, review = content_of(row, LeftOver), view.review.id
    count = len(view.left_over)
    more = f" – còn {count} con số" if count > 1 else ""
    text = (
        f"<b>Con số chưa xếp vào đâu{_place(left.section)}</b>{more}\n{_quote(left.quote)}\n"
        f"Con số <b>{escape(left.number)}</b> có phải là chỉ tiêu không?"
    )
    first = (
        taps.JudgeNumber(review, row.place, is_target=True).button("Là chỉ tiêu"),
        taps.JudgeNumber(review, row.place, is_target=False).button("Bỏ qua"),
    )
    every = ((taps.SkipNumbers(review).button("Bỏ qua tất cả"),),) if count > 1 else ()
    return Reply(text, (first, *every, _later(view)), edits=edits)


def _subjects(view: ReviewView, rows: Sequence[ReviewRow], edits: int | None) -> Reply:
    review = view.review.id
    lines = ["<b>Nội dung chỉ tiêu cần đối chiếu</b>", "Tôi sẽ xếp các chỉ tiêu này như sau:"]
    buttons: list[tuple[Button, ...]] = []
    for number, row in enumerate(rows, 1):
        asked = content_of(row, NewSubject)
        measured = asked.populations[0] if asked.populations else asked.subject.name
        lines.append(
            f"{number}. {escape(short(measured, _PHRASE))} → <b>{escape(_taken_as(asked, view.subject_names))}</b>"
        )
        buttons.append((taps.OfferSubjects(review, row.place).button(f"Đổi số {number}"),))
    agree = taps.ConfirmSubjects(review, rows[0].place, rows[-1].place)
    buttons.insert(0, (agree.button("Đồng ý tất cả" if len(rows) > 1 else "Đồng ý"),))
    return Reply("\n".join(lines), (*buttons, _later(view)), edits=edits)


def _taken_as(asked: NewSubject, names: Mapping[str, str]) -> str:
    if asked.same is None:
        return f"nội dung mới “{asked.subject.name}”"
    return f"trùng với “{names.get(asked.same, asked.same)}”"


def choose_subject(view: ReviewView, row: ReviewRow, *, edits: int | None = None) -> Reply:
    """Whether a subject is new, or which known one it is."""
    asked, review = content_of(row, NewSubject), view.review.id
    rows = [(taps.ChooseSubject(review, row.place, 0).button("Là mới"),)]
    for number, known in enumerate(asked.known, 1):
        label = f"Trùng với {short(view.subject_names.get(known, known), _LABEL)}"
        rows.append((taps.ChooseSubject(review, row.place, number).button(label),))
    measured = "\n".join(f"• {escape(short(each, _PHRASE))}" for each in asked.populations[:4])
    return Reply(f"Chỉ tiêu này đo nội dung nào?\n{measured}", (*rows, _later(view)), edits=edits)


def _duties(view: ReviewView, duties: Sequence[ForeseenDuty], edits: int | None) -> Reply:
    review = view.review.id
    lines = ["<b>Thời hạn sẽ được nhắc</b>", "Sau khi anh/chị duyệt, tôi sẽ nhắc các đơn vị áp dụng kế hoạch này:"]
    buttons: list[tuple[Button, ...]] = []
    for number, duty in enumerate(duties, 1):
        due = duty.deadline
        lines.append(
            f"{number}. {escape(short(due.what, _PHRASE))}: <b>{escape(due.when)}</b>\n"
            f"Nhắc {_debtors(duty.owed_by)}; hạn gần nhất {day(duty.first)}"
        )
        buttons.append((taps.DropDuty(review, duty.place).button(f"Không nhắc số {number}"),))
    agree = taps.ConfirmDuties(review, duties[0].place, duties[-1].place).button("Đồng ý nhắc")
    return Reply("\n".join(lines), ((agree,), *buttons, _later(view)), edits=edits)


def _debtors(kinds: Sequence[UnitKind]) -> str:
    levels = [name for kind, name in _LEVELS.items() if kind in kinds]
    if set(kinds) >= GRASSROOTS_KINDS:
        levels.append("công đoàn cơ sở")
    elif UnitKind.GUILD in kinds:
        levels.append("nghiệp đoàn")
    return ", ".join(levels)


# In words ------------------------------------------------------------------------------------------------------------


def ask_mending(row: ReviewRow) -> Reply:
    """What is right, for a fact that was read wrongly: only what is wrong needs to be said."""
    return Reply(f"{_example(row)}\nHoặc gõ /huy để thôi.")


def _example(row: ReviewRow) -> str:
    if row.matter is ReviewMatter.IDENTITY:
        if content_of(row, Titled).field is IdentityField.ISSUER:
            return "Anh/chị gõ tên cơ quan ban hành, ví dụ: <i>Liên đoàn Lao động tỉnh Quảng Trị</i>."
        return "Anh/chị gõ giai đoạn thực hiện, ví dụ: <i>2026–2030</i>."
    if row.matter is ReviewMatter.DEADLINE:
        return "Anh/chị gõ thời hạn đúng, ví dụ: <i>trước ngày 15/12/2026</i> hoặc <i>ngày 20 hằng tháng</i>."
    if row.doubt == WhyDoubted.UNIT_UNKNOWN and content_of(row, Placed).fact.unit is None:
        return "Anh/chị gõ đơn vị tính, ví dụ: <i>đoàn viên</i>, <i>%</i>."
    if row.doubt in {
        WhyDoubted.NO_HORIZON,
        WhyDoubted.YEAR_UNREADABLE,
        WhyDoubted.TERM_ASSUMED,
        WhyDoubted.ANNUAL_OR_STAGE,
    }:
        return "Anh/chị gõ thời gian đúng, ví dụ: <i>đến 2028</i> hoặc <i>hằng năm</i>; con số sai thì gõ cả con số."
    return (
        "Anh/chị chỉ gõ chỗ sai, ví dụ: <i>85%</i>, <i>từ 85% trở lên</i>, <i>đến 2028</i> hoặc <i>hằng năm</i>; "
        "nội dung sai thì gõ lại nội dung."
    )


def not_understood(row: ReviewRow) -> Reply:
    """A correction that nothing can be made of."""
    return Reply(f"Tôi chưa hiểu ý sửa. {_example(row)}\nHoặc gõ /huy để thôi.")


def noted(now: ReviewRow, following: Reply) -> Reply:
    """A fact was corrected, and what comes next."""
    return Reply(f"✅ Đã sửa: <b>{escape(_mended(now))}</b>.\n\n{following.text}", following.buttons)


def _mended(now: ReviewRow) -> str:
    match now.matter:
        case ReviewMatter.IDENTITY:
            asked = content_of(now, Titled)
            return asked.text or "–".join(map(str, asked.years or ()))
        case ReviewMatter.DEADLINE:
            return when(content_of(now, ReadDeadline))
        case _:
            return figure(content_of(now, Placed).fact)


def no_target() -> str:
    """The toast where nothing can be made of a number."""
    return "Tôi chưa lập được chỉ tiêu từ con số này; anh/chị bỏ qua giúp."


def mending_left() -> Reply:
    """A correction was given up."""
    return Reply("Đã thôi sửa. Anh/chị mở lại tệp bằng cách gửi lại, hoặc ở /kehoach.")


def compared(view: ReviewView, old: Plan, found: Difference, *, edits: int | None = None) -> Reply:
    """What changes against the plan that may be replaced."""
    lines = [f"<b>So với {escape(old.citation)}</b>"]
    if found.changed:
        lines.append(f"\n<i>Thay đổi ({len(found.changed)})</i>")
        lines += [
            f"• {escape(short(now.population, _LINE))}: {_as_set(before)} → <b>{_as_set(now)}</b>"
            for before, now in found.changed[:_MOST_LINES]
        ]
    for title, targets in ((f"Mới ({len(found.new)})", found.new), (f"Không còn ({len(found.gone)})", found.gone)):
        if targets:
            lines.append(f"\n<i>{title}</i>")
            lines += [f"• {escape(short(each.population, _LINE))}: {_as_set(each)}" for each in targets[:_MOST_LINES]]
    if found.same:
        lines.append(f"\nGiữ nguyên: {found.same} chỉ tiêu.")
    return Reply("\n".join(lines), (_to_card(view),), edits=edits)


def _as_set(target: Target) -> str:
    return f"{escape(target.figure)} ({horizon(target).lower()})"


# The end -------------------------------------------------------------------------------------------------------------


def decided_meanwhile() -> str:
    """The toast where another admin was quicker, or the review is over."""
    return "Mục này vừa có người xem xong; tôi cập nhật lại cho anh/chị."


def gone() -> str:
    """The toast where a review is over."""
    return "Văn bản này đã được xử lý xong; anh/chị xem ở /kehoach."


def confirm_dropping(view: ReviewView, *, edits: int | None = None) -> Reply:
    """Whether to forget a file and all that was decided of it."""
    review = view.review.id
    return Reply(
        f"Hủy <b>{escape(_title(view.identity))}</b>? Tôi sẽ không giữ tệp và những gì đã xem.",
        ((taps.DropReview(review).button("Hủy"), taps.OpenReview(review).button("Quay lại")),),
        edits=edits,
    )


def dropped(view: ReviewView, *, edits: int | None = None) -> Reply:
    """A file is forgotten."""
    return Reply(f"Đã hủy {escape(_title(view.identity))}; tôi không giữ tệp này nữa.", edits=edits)
