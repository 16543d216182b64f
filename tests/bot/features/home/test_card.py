"""What a card names, and how: pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from bot.features.home import words
from bot.features.home.service import FirstReport, Home, OwnReport, RemindedBelow, ReportBelow, choose_shown
from bot.road.reply import to_plain
from knowledge.forms import MONTHLY_FORM, get_form
from knowledge.model.obligations import Obligation, ObligationKind
from knowledge.model.periods import Period, PeriodKind
from knowledge.model.units import UnitKind
from storage.summaries import Completeness
from storage.units import Unit

TODAY = date(2026, 11, 28)
SENT = datetime(2026, 11, 27, 3, tzinfo=UTC)
UNIT = Unit(9, "X1", "Công đoàn phường Bến Thành", UnitKind.COMMUNE, None, None, "/9/", date(2026, 1, 1))


def owed(month: int, *, unit: int = 1, sent: bool = False) -> Obligation:
    return Obligation(
        f"{month}:{unit}",
        f"form:{MONTHLY_FORM}:2026-{month:02}",
        ObligationKind.FORM,
        unit,
        f"CĐCS {unit}",
        "Biến động đoàn viên",
        date(2026, month + 1, 5),
        form=MONTHLY_FORM,
        period=Period.month(2026, month),
        submitted_at=SENT if sent else None,
    )


def own(**given: object) -> OwnReport:
    values = {
        "unit_id": 1,
        "unit_name": "CĐCS May",
        "form": get_form(MONTHLY_FORM),
        "period": Period.month(2026, 11),
        "falls_on": date(2026, 12, 5),
        "sent_on": None,
    }
    return OwnReport(**{**values, **given})  # type: ignore[arg-type]


def shown(*reports: OwnReport, below: tuple[ReportBelow, ...] = (), has_unit: bool = True) -> str:
    return to_plain(words.card(Home("Nguyễn Thị Hoa", TODAY, reports, below, has_unit)).text)


def test_all_that_is_missing_is_named_and_of_the_rest_what_was_sent_last() -> None:
    opened = [owed(9, sent=True), owed(10), owed(11), owed(9, unit=2, sent=True), owed(10, unit=2, sent=True)]
    assert [each.key for each in choose_shown(opened, TODAY)] == ["10:1", "11:1", "10:2"]
    assert [each.key for each in choose_shown([owed(8), owed(9, sent=True), owed(10, sent=True)], TODAY)] == [
        "8:1",
        "10:1",
    ]
    assert choose_shown([], TODAY) == []


@given(st.lists(st.tuples(st.integers(1, 11), st.integers(1, 3), st.booleans()), unique_by=lambda each: each[:2]))
def test_nothing_missing_is_left_out(drawn: list[tuple[int, int, bool]]) -> None:
    opened = [owed(month, unit=unit, sent=sent) for month, unit, sent in drawn]
    named = {each.key for each in choose_shown(opened, TODAY)}
    assert {each.key for each in opened if each.submitted_at is None} <= named
    assert {each.unit_id for each in opened} == {each.unit_id for each in opened if each.key in named}


def test_each_state_has_its_words() -> None:
    assert "🔸 Tháng 11/2026: chưa nộp, còn 7 ngày (hạn thứ Bảy, 05/12/2026) – Biến động" in shown(own())
    assert "⚠️ Tháng 11/2026: chưa nộp, quá hạn 1 ngày" in shown(own(falls_on=date(2026, 11, 27)))
    assert "chưa nộp, hôm nay là hạn cuối" in shown(own(falls_on=TODAY))
    assert "cấp trên gửi trả để sửa" in shown(own(is_returned=True))
    assert "✅ Tháng 11/2026: đã nộp ngày 27/11/2026" in shown(own(sent_on=date(2026, 11, 27)))
    assert "chưa có báo cáo nào phải nộp" in shown()
    first = FirstReport(Period.month(2026, 12), date(2027, 1, 5))
    new = words.card(Home("Nguyễn Thị Hoa", TODAY, (), (), True, first=first))
    assert "Kỳ đầu tiên của đơn vị: tháng 12/2026, hạn 05/01/2027." in to_plain(new.text)
    assert "phải nộp" not in shown(has_unit=False)
    assert "… và 2 báo cáo khác" in shown(*[own(unit_id=number) for number in range(7)])


def card_of(*reports: OwnReport) -> tuple[list[str], list[str]]:
    """The lines of reports, and the labels of all buttons but the last."""
    card = words.card(Home("Nguyễn Thị Hoa", TODAY, reports, (), True))
    labels = [button.label for row in card.buttons for button in row]
    return to_plain(card.text).splitlines()[1:-2], labels[:-1]


def month(number: int, year: int = 2026, **given: object) -> OwnReport:
    due = date(year, number + 1, 5) if number < 12 else date(year + 1, 1, 5)
    return own(period=Period.month(year, number), falls_on=due, **given)


def test_the_present_month_comes_first_and_those_before_are_named_with_a_way_to_each() -> None:
    lines, labels = card_of(month(8), month(10), month(11, can_say_no_change=True))
    assert lines[0].startswith("🔸 Tháng 11/2026: chưa nộp, còn 7 ngày")
    assert lines[1:] == ["⚠️ Còn thiếu từ trước: tháng 8, tháng 10."]
    assert labels == ["Nộp ngay", "Không có biến động", "Nộp bù tháng 8", "Nộp bù tháng 10"]


def test_of_many_months_the_latest_are_named() -> None:
    lines, labels = card_of(month(12, 2025), *[month(number) for number in range(1, 7)])
    assert lines == ["⚠️ Còn thiếu từ trước: tháng 3, tháng 4, tháng 5, tháng 6 và 3 tháng trước nữa."]
    assert labels == ["Nộp bù tháng 3", "Nộp bù tháng 4", "Nộp bù tháng 5", "Nộp bù tháng 6", "Các kỳ trước nữa"]
    assert "tháng 12/2025" in card_of(month(12, 2025), month(11))[0][1]


def test_of_several_units_it_is_told_whose_month_it_is() -> None:
    lines, labels = card_of(month(10), month(11), month(11, unit_id=2, unit_name="CĐCS Giày"))
    assert lines[2] == "⚠️ Còn thiếu từ trước: tháng 10 – CĐCS May."
    assert labels == ["Nộp ngay: CĐCS May", "Nộp ngay: CĐCS Giày", "Nộp bù: tháng 10 – CĐCS May"]


def test_a_month_and_a_quarter_are_both_there() -> None:
    quarter = own(
        form=get_form("hoat-dong-quy"), period=Period(PeriodKind.QUARTER, 2026, 3), falls_on=date(2026, 11, 25)
    )
    lines, labels = card_of(month(10), quarter, month(11, can_say_no_change=True))
    assert lines[0].startswith("⚠️ Quý III/2026: chưa nộp, quá hạn 3 ngày")
    assert lines[1].startswith("🔸 Tháng 11/2026: chưa nộp")
    assert lines[2] == "⚠️ Còn thiếu từ trước: tháng 10."
    assert labels == ["Nộp ngay: quý III/2026", "Nộp ngay: tháng 11/2026", "Không có biến động", "Nộp bù tháng 10"]
    lines, labels = card_of(month(11, can_say_no_change=True), replace(quarter, falls_on=date(2026, 12, 9)))
    assert labels == ["Nộp ngay: tháng 11/2026", "Không có biến động", "Nộp ngay: quý III/2026"]
    old = replace(quarter, falls_on=date(2026, 10, 15))
    assert card_of(old, month(11))[1] == ["Nộp ngay", "Nộp bù: quý III/2026"]


def test_what_was_sent_back_is_no_less_urgent_for_being_older() -> None:
    lines, labels = card_of(month(10, is_returned=True), month(11))
    assert lines[1].startswith("⚠️ Tháng 10/2026: cấp trên gửi trả để sửa")
    assert labels == ["Nộp ngay: tháng 11/2026", "Sửa rồi nộp lại: tháng 10/2026"]


@given(st.lists(st.tuples(st.integers(1, 11), st.integers(1, 3), st.booleans()), unique_by=lambda each: each[:2]))
def test_what_is_missing_stands_on_the_card_once(drawn: list[tuple[int, int, bool]]) -> None:
    home = Home(
        "Hoa",
        TODAY,
        tuple(month(number, unit_id=unit, is_returned=returned) for number, unit, returned in drawn),
        (),
        True,
    )
    named = [(each.unit_id, each.period) for each in (*home.missing, *home.older)]
    assert sorted(named) == sorted((each.unit_id, each.period) for each in home.own)


def test_what_has_come_in_from_below_is_counted() -> None:
    def month(**counts: int) -> str:
        below = ReportBelow(
            UNIT, get_form(MONTHLY_FORM), Period.month(2026, 11), date(2026, 12, 5), Completeness(**counts)
        )
        return shown(below=(below,), has_unit=False)

    assert "đã nộp 12/40, chưa nộp 28, còn 7 ngày" in month(expected=40, received=12)
    assert "chưa nộp 28 (2 đang chờ sửa)" in month(expected=40, received=12, returned=2)
    assert "cả 40 đơn vị đã nộp" in month(expected=40, received=40)
    assert "không có đơn vị nào phải nộp" in month()


def test_who_was_reminded_and_who_was_not_stands_below_the_count() -> None:
    def told(reminded: RemindedBelow) -> str:
        count = Completeness(expected=40, received=12)
        below = ReportBelow(
            UNIT, get_form(MONTHLY_FORM), Period.month(2026, 11), date(2026, 12, 5), count, reminded=reminded
        )
        return next(line for line in shown(below=(below,), has_unit=False).splitlines() if line.startswith("🔔"))

    at, opens = datetime(2026, 11, 28, 8, 5, tzinfo=UTC), datetime(2026, 11, 29, 7, tzinfo=UTC)
    assert told(RemindedBelow(28, 0, at, None, (), ())) == "🔔 Đã nhắc 28 đơn vị, lần cuối 08:05 ngày 28/11/2026."
    assert told(RemindedBelow(20, 2, at, opens, ("A", "B & C", "D", "E"), ("G",))) == (
        "🔔 Sẽ nhắc 20 đơn vị lúc 07:00 ngày 29/11/2026, vì đang là giờ yên lặng. "
        "Không nhắn được: A, B & C, D và 1 đơn vị nữa. Đang tắt nhắc: G. Chưa nhắc: 2 đơn vị."
    )


def test_a_report_sent_back_is_not_sent_anew_unchanged() -> None:
    card = words.card(Home("Hoa", TODAY, (own(is_returned=True),), (), True))
    assert [button.label for row in card.buttons for button in row] == ["Sửa rồi nộp lại", "Việc đến hạn"]
