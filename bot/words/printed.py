"""The printed report in words: what stands in its head, its table and its foot, to be signed and stamped.

Head and foot are those of Nghị định 30/2020/NĐ-CP, which unions follow for their documents; rows keep the names of
their form.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.words.letters import Letter, LetterRow
from bot.words.reports import period_name
from knowledge.forms.rules import show_figure
from knowledge.model.forms import Figures, Form, Indicator
from knowledge.model.periods import Period
from knowledge.model.units import UnitKind
from knowledge.numbers import format_count
from knowledge.text import raised

_SIGNS: Final = {UnitKind.PROVINCE: "LĐLĐ", UnitKind.CONFEDERATION: "TLĐ"}


@dataclass(frozen=True, slots=True)
class Issuer:
    """The unit whose report it is; `above` is the name of the one right above it, None for a root."""

    name: str
    kind: UnitKind
    above: str | None


@dataclass(frozen=True, slots=True)
class Gathered:
    """Of a sum: how many reports were expected and are in it, and the first of those that are missing, by name."""

    expected: int
    received: int
    missing: tuple[str, ...]


def own_report(
    issuer: Issuer,
    form: Form,
    period: Period,
    figures: Figures,
    *,
    reasons: Sequence[tuple[str, str]],
    no_change: bool,
    now: datetime,
) -> Letter:
    """The report of one unit; `now` is local, `reasons` the rules it breaks and what the officer said to them."""
    opening = f"{issuer.name} báo cáo số liệu {period_name(period)} như sau:"
    closing = ["Trong kỳ không có biến động."] if no_change else []
    closing += [f"Giải trình: {sentence} Lý do: {reason}" for sentence, reason in reasons]
    return _letter(issuer, form, period, _rows(form, form.told, figures), opening, closing, now)


def sum_report(
    issuer: Issuer, form: Form, period: Period, figures: Figures, gathered: Gathered, *, now: datetime
) -> Letter:
    """The sum over a unit and all below it, with what is missing from it; `now` is local."""
    opening = (
        f"{issuer.name} tổng hợp số liệu {period_name(period)} của "
        f"{format_count(gathered.received)}/{format_count(gathered.expected)} đơn vị phải nộp như sau:"
    )
    rows = _rows(form, form.indicators, figures)
    return _letter(issuer, form, period, rows, opening, [_missing(gathered)], now)


def _missing(gathered: Gathered) -> str:
    count = gathered.expected - gathered.received
    if not count:
        return "Tất cả đơn vị phải nộp đã có số liệu trong bảng trên."
    unnamed = count - len(gathered.missing)
    more = f" và {format_count(unnamed)} đơn vị khác" if unnamed else ""
    names = f": {', '.join(gathered.missing)}{more}" if gathered.missing else ""
    return f"Số liệu trên chưa gồm {format_count(count)} đơn vị chưa nộp{names}."


def _letter(
    issuer: Issuer,
    form: Form,
    period: Period,
    rows: Sequence[LetterRow],
    opening: str,
    closing: Sequence[str],
    now: datetime,
) -> Letter:
    sign = "CĐCS" if issuer.kind.is_grassroots else _SIGNS.get(issuer.kind, "CĐ")
    kept = ("- Lưu: VT.",)
    return Letter(
        issuer=(*((issuer.above.upper(),) if issuer.above is not None else ()), issuer.name.upper()),
        state=("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"),
        number=f"Số: ……/BC-{sign}",
        place_and_date=f"……………, ngày {now.day:02} tháng {now.month:02} năm {now.year}",
        title="BÁO CÁO",
        subject=f"{raised(_unnamed(form.title))}, {period_name(period)}",
        addressee=f"Kính gửi: {issuer.above}" if issuer.above is not None else "",
        opening=(opening,),
        heads=("TT", "Chỉ tiêu", "Đơn vị tính", "Số liệu"),
        rows=tuple(rows),
        closing=(*closing, *((raised(form.note),) if form.note else ())),
        recipients=("Nơi nhận:", *((f"- {issuer.above} (để báo cáo);",) if issuer.above is not None else ()), *kept),
        signature=("TM. BAN CHẤP HÀNH", "CHỦ TỊCH"),
        hint="(Ký tên, đóng dấu)",
        made_at=now,
    )


def _unnamed(title: str) -> str:
    """A form's title without the kind of document, which stands in capitals above it."""
    kind, _, rest = title.partition(" cáo ")
    return rest if kind == "Báo" else title


def _rows(form: Form, shown_rows: Sequence[Indicator], figures: Figures) -> list[LetterRow]:
    """These rows of the form; what was not given stays empty, for that is not zero."""
    whole, rows, part = form.completed(figures), [], None
    for row in shown_rows:
        if row.part != part:
            part = row.part
            rows += [
                LetterRow("", f"{each.number}. {each.title}" if each.number else each.title, is_title=True)
                for each in form.parts
                if each.id == part
            ]
        value = whole.get(row.key)
        shown = ""
        if value is not None:
            shown = format_count(value, signed=True) if row.signed else show_figure(value, row.kind)
        is_below = row.parent is not None
        rows.append(
            LetterRow("" if is_below else row.no, f"- {row.name}" if is_below else row.name, row.unit or "", shown)
        )
    return rows


def file_name(form: Form, code: str, period: Period) -> str:
    """Plain letters, so that every phone and mail programme keeps it."""
    plain = "_".join(
        "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in each).strip("-")
        for each in (form.id, code, period.code)
    )
    return f"bao-cao_{plain}"[:110] + ".docx"


def caption() -> str:
    """Under the file."""
    return "Anh/chị ghi số văn bản, địa danh, rồi in, ký và đóng dấu. Chụp bản đã ký gửi lại đây, tôi giữ kèm báo cáo."


def caption_of_sum() -> str:
    """Under the file of a sum."""
    return "Anh/chị ghi số văn bản, địa danh, rồi in, ký và đóng dấu."


def working() -> str:
    """While it is being made."""
    return "Tôi đang làm bản in, xong tôi gửi ngay vào đây."


def failed() -> str:
    """Where it could not be made in the end."""
    return "Xin lỗi, tôi chưa làm được bản in. Anh/chị thử lại sau giúp."


def nothing_to_print() -> str:
    """Where no report was sent yet."""
    return "Chưa có báo cáo nào đã gửi để in. Anh/chị gõ /baocao để nộp báo cáo."
