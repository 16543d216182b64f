"""A file that becomes a plan: what was understood of it, what it changes, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from html import escape
from typing import Final

from bot.features.plans import fact_words, taps
from bot.features.plans.reviews import PAGE, ReviewView
from bot.road.reply import Button, Reply
from bot.words.dates import day
from bot.words.plans import horizon
from bot.words.reports import short
from knowledge.importing.model import Identity
from knowledge.model.answers import Fact
from knowledge.model.plan_reviews import ReviewMatter, ReviewRow
from knowledge.model.plans import Plan, Target
from knowledge.reviewing.comparing import Difference
from knowledge.reviewing.trying import Tried

_LABEL: Final = 40
_MOST_FILES: Final = 5
_MOST_COMPARED: Final = 3
_MOST_LINES: Final = 6
_MOST_TRIED: Final = 10
_MOST_FIGURES: Final = 3
_SECONDS_A_PAGE: Final = 6


# The file comes ------------------------------------------------------------------------------------------------------


def reading(name: str, key: str) -> Reply:
    """A file was received and is being read."""
    return Reply(f"Tôi đang đọc “{escape(short(name, 80))}”, anh/chị chờ một chút nhé…", key=key)


def scanning(page: int, pages: int, told: str) -> Reply:
    """Which page of a scan is being read, and for how long yet, in the place of that message."""
    minutes = -(-(pages - page + 1) * _SECONDS_A_PAGE // 60)
    return Reply(
        f"Tệp là ảnh chụp hoặc bản quét nên tôi đọc từng trang: đang đọc trang {page}/{pages}, "
        f"còn khoảng {minutes} phút…",
        edits_key=told,
    )


def scanned(pages: int, told: str) -> Reply:
    """All pages of a scan were read, in the place of that message."""
    return Reply(f"Tôi đã đọc xong {pages} trang bản quét, đang sắp xếp nội dung…", edits_key=told)


def download_failed() -> Reply:
    """A file could not be fetched."""
    return Reply("Tôi không tải được tệp này, anh/chị gửi lại giúp tôi nhé.")


def send_again() -> str:
    """The toast where a file is not to be had any more."""
    return "Tôi không lấy lại được tệp đó. Anh/chị gửi lại tệp giúp."


def photo() -> Reply:
    """A photo came; Telegram makes it small, and a plan has more than one page."""
    return Reply(
        "Nếu đây là trang của một kế hoạch: anh/chị quét đủ các trang vào một tệp PDF (“Quét tài liệu” có sẵn trong "
        "ứng dụng Ghi chú hoặc Google Drive) rồi gửi tôi tệp đó. Ảnh gửi thẳng bị Telegram thu nhỏ, dễ đọc sai số. "
        "Nếu là câu hỏi, anh/chị gõ thành chữ giúp."
    )


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
    if view.is_scanned:
        lines.append(
            "Tôi đọc từ ảnh nên chữ và số có thể sai: anh/chị đối chiếu từng con số với ảnh kèm theo giúp tôi."
        )
    if view.places:
        units = "; ".join(escape(unit.name) for unit in view.places[:_MOST_FILES])
        lines.append(f"Đơn vị đang theo kế hoạch của cơ quan này: {units}.")
    if view.replaceable:
        named = "; ".join(escape(plan.citation) for plan in view.replaceable)
        lines.append(f"Cùng cơ quan ban hành và cùng nội dung: {named}. Khi duyệt, tôi sẽ hỏi có thay không.")
    lines.append(
        "Sau khi anh/chị bấm <b>Duyệt</b>, tôi mới trả lời và nhắc hạn theo văn bản này."
        if view.is_ready
        else "Trước khi anh/chị duyệt, tôi chưa trả lời và chưa nhắc hạn theo văn bản này."
    )
    return Reply("\n".join(lines), _card_buttons(view), edits=edits)


def _card_buttons(view: ReviewView) -> tuple[tuple[Button, ...], ...]:
    review = view.review.id
    drop = taps.AskDropping(review).button("Hủy")
    facts = ((taps.ListFacts(review).button("Xem những gì đã đọc"),),) if view.listed else ()
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
    lines = [f"Tên: {escape(short(identity.title, fact_words.PHRASE))}"] if identity.title else []
    lines.append(f"Cơ quan ban hành: {escape(identity.issuer) if identity.issuer else 'chưa rõ'}")
    lines.append(f"Ngày ban hành: {day(identity.date) if identity.date else 'không ghi'}")
    if identity.covers_from is not None and identity.covers_to is not None:
        lines.append(fact_words.term((identity.covers_from, identity.covers_to)))
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
    """A page of what enters the plan, then of what was left out."""
    review, every = view.review.id, view.listed
    if not every:
        return card(view, edits=edits)
    pages = -(-len(every) // PAGE)
    page = min(page, pages - 1)
    shown = list(enumerate(every, 1))[page * PAGE : (page + 1) * PAGE]
    lines = [f"<b>Những gì đã đọc</b> (trang {page + 1}/{pages}); bấm vào số để xem nguồn, sửa hoặc bỏ."]
    lines += [f"{number}. {_in_list(row)}" for number, row in shown]
    numbers = tuple(taps.ShowFact(review, row.place).button(str(number)) for number, row in shown)
    back = [taps.ListFacts(review, page - 1).button("‹ Trang trước")] if page else []
    on = [taps.ListFacts(review, page + 1).button("Trang sau ›")] if page + 1 < pages else []
    turning = ((*back, *on),) if back or on else ()
    return Reply("\n".join(lines), (numbers, *turning, _to_card(view)), edits=edits)


def _in_list(row: ReviewRow) -> str:
    line = fact_words.in_line(row)
    return line if row.is_taken else f"<s>{line}</s> (đã bỏ)"


def fact(view: ReviewView, number: int, picture: bytes | None, *, edits: int | None = None) -> Reply:
    """One thing of that page, with its source, also as the picture that it was read from; `number` counts from 0."""
    row, review = view.listed[number], view.review.id
    back = taps.ListFacts(review, number // PAGE).button("Quay lại")
    text = f"<b>{fact_words.what(row)}</b>\n{fact_words.described(row)}"
    if not row.is_taken:
        again = taps.TakeBack(review, row.place).button("Lấy lại")
        return Reply(f"{text}\nĐã bỏ.", ((again, back),), photo=fact_words.picture_of(picture), edits=edits)
    mend = taps.MendFact(review, row.place).button("Sửa")
    drop = [taps.DropFact(review, row.place).button("Bỏ")] if fact_words.may_be_dropped(row) else []
    return Reply(text, ((mend, *drop, back),), photo=fact_words.picture_of(picture), edits=edits)


def _to_card(view: ReviewView) -> tuple[Button, ...]:
    return (taps.OpenReview(view.review.id).button("Quay lại"),)


def compared(view: ReviewView, old: Plan, found: Difference, *, edits: int | None = None) -> Reply:
    """What changes against the plan that may be replaced."""
    changed = [f"{_measured(now)}: {_as_set(before)} → <b>{_as_set(now)}</b>" for before, now in found.changed]
    parts = (
        ("Thay đổi", changed),
        ("Mới", [f"{_measured(each)}: {_as_set(each)}" for each in found.new]),
        ("Không còn", [f"{_measured(each)}: {_as_set(each)}" for each in found.gone]),
    )
    lines = [f"<b>So với {escape(old.citation)}</b>"]
    for title, said in parts:
        if said:
            lines.append(f"\n<i>{title} ({len(said)})</i>")
            lines += [f"• {each}" for each in said[:_MOST_LINES]]
        if len(said) > _MOST_LINES:
            lines.append(f"… và {len(said) - _MOST_LINES} chỉ tiêu khác")
    if found.same:
        lines.append(f"\nGiữ nguyên: {found.same} chỉ tiêu.")
    trying = taps.TryQuestions(view.review.id, taps.mark_of(old.id)).button("Câu trả lời nào đổi")
    return Reply("\n".join(lines), ((trying,), _to_card(view)), edits=edits)


def trying() -> Reply:
    """Questions are being asked of old and new."""
    return Reply("Tôi đang hỏi thử theo kế hoạch cũ và kế hoạch mới, anh/chị chờ một chút nhé…")


def trying_failed() -> Reply:
    """Asking them was given up."""
    return Reply("Tôi chưa hỏi thử được; anh/chị xem phần so sánh giúp.")


def tried(view: ReviewView, old: Plan, found: Tried) -> Reply:
    """Which answers change once the plan stands in the place of another."""
    lines = [f"<b>Hỏi thử {found.asked} câu</b>, nếu thay {escape(old.citation)}:"]
    if not found.changed:
        lines.append("Không câu trả lời nào đổi.")
    else:
        lines[0] += f" {len(found.changed)} câu trả lời đổi."
    for each in found.changed[:_MOST_TRIED]:
        lines.append(f"\n• {escape(short(each.question, fact_words.LINE))}")
        lines.append(f"  {_told(each.before)} → <b>{_told(each.after)}</b>")
    if len(found.changed) > _MOST_TRIED:
        lines.append(f"\n… và {len(found.changed) - _MOST_TRIED} câu khác.")
    return Reply("\n".join(lines), (_to_card(view),))


def _told(facts: Sequence[Fact]) -> str:
    figures = list(dict.fromkeys(_as_set(fact.target) for fact in facts))
    more = "; …" if len(figures) > _MOST_FIGURES else ""
    return "; ".join(figures[:_MOST_FIGURES]) + more if figures else "không có"


def _measured(target: Target) -> str:
    return escape(short(target.population, fact_words.LINE))


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
