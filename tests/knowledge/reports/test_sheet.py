"""The reporting dialog as a pure machine: a table of talks, and random walks that must not lose a figure."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.forms import TERM_FORM, get_form
from knowledge.model.forms import Figures
from knowledge.numbers import Reason
from knowledge.reports import filling
from knowledge.reports import sheet as sheets
from knowledge.reports.sheet import ReportSheet, SheetAction, SheetEvent, SheetNote, SheetOutcome, SheetStep, UnreadText
from tests.examples import examples
from tests.monthly import form_of_four_rows

MONTHLY = form_of_four_rows()
TERM = get_form(TERM_FORM)
TODAY = date(2026, 11, 3)
LAST: Figures = {
    key: Decimal(value) for key, value in {"workers": 1310, "members": 1241, "admitted": 5, "lost": 2}.items()
}


def talk(
    *inputs: str | tuple[SheetAction, str], previous: Figures | None = LAST, sheet: ReportSheet | None = None
) -> SheetOutcome:
    """What a series of inputs comes to: typed words, or a verb with its argument."""
    outcome = SheetOutcome(sheet or sheets.begin(MONTHLY))
    for said in inputs:
        if isinstance(said, str):
            outcome = filling.decide_words(MONTHLY, outcome.sheet, previous, said, today=TODAY)
        else:
            outcome = filling.decide(MONTHLY, outcome.sheet, previous, *said)
    return outcome


def tap(verb: SheetAction, arg: str = "") -> tuple[SheetAction, str]:
    return verb, arg


def whole(workers: int, members: int, admitted: int, lost: int) -> dict[str, Decimal]:
    return {
        k: Decimal(v)
        for k, v in zip(("workers", "members", "admitted", "lost"), (workers, members, admitted, lost), strict=True)
    }


COMPLETE = ("1320", "1.250", "12", "3")
ONE_MESSAGE = "báo cáo tháng 10: cnvclđ 1320, đoàn viên 1.250, mới 12, giảm 3"

TALKS = [
    pytest.param(COMPLETE, SheetStep.SUMMARY, whole(1320, 1250, 12, 3), id="four figures, four questions"),
    pytest.param((ONE_MESSAGE,), SheetStep.SUMMARY, whole(1320, 1250, 12, 3), id="one message is enough"),
    pytest.param(
        ("1320, 1250, 12, 3",), SheetStep.SUMMARY, whole(1320, 1250, 12, 3), id="bare figures in the form's order"
    ),
    pytest.param(
        ("1320", ONE_MESSAGE), SheetStep.SUMMARY, whole(1320, 1250, 12, 3), id="the whole report in the middle"
    ),
    pytest.param(
        (tap(SheetAction.NO_CHANGE),),
        SheetStep.SUMMARY,
        whole(1310, 1241, 0, 0),
        id="nothing changed: last month's totals",
    ),
    pytest.param(("không có biến động",), SheetStep.SUMMARY, whole(1310, 1241, 0, 0), id="the same in words"),
    pytest.param(
        (tap(SheetAction.KEEP), "giữ nguyên", "0", "không"),
        SheetStep.SUMMARY,
        whole(1310, 1241, 0, 0),
        id="kept one by one",
    ),
    pytest.param(
        ("1.250 đoàn viên",), SheetStep.ASK, {"members": Decimal(1250)}, id="another row, named, is taken as that row"
    ),
    pytest.param(
        ("1320", "1250", "12 đoàn viên"),
        SheetStep.ASK,
        {"workers": Decimal(1320), "members": Decimal(1250), "admitted": Decimal(12)},
        id="the thing counted after a sub-row's figure",
    ),
    pytest.param(("1,32",), SheetStep.SETTLE, {}, id="a decimal in a count is asked about"),
    pytest.param(
        ("1,32", tap(SheetAction.CHOOSE, "0")), SheetStep.ASK, {"workers": Decimal(1320)}, id="and settled by a button"
    ),
    pytest.param(("1,32", "1320"), SheetStep.ASK, {"workers": Decimal(1320)}, id="or by typing it clearly"),
    pytest.param(("1,32", tap(SheetAction.NONE_OF_THESE)), SheetStep.ASK, {}, id="or dropped"),
    pytest.param(("khoảng 1.300",), SheetStep.SETTLE, {}, id="an approximate figure is asked about"),
    pytest.param(
        ("khoảng 1.300", "dạ đúng rồi"), SheetStep.ASK, {"workers": Decimal(1300)}, id="yes takes the one figure asked"
    ),
    pytest.param(("khoảng 1.300", "không ạ"), SheetStep.ASK, {}, id="no drops it, and is no zero"),
    pytest.param(
        ("khoảng 1.300", "đúng 1310"), SheetStep.ASK, {"workers": Decimal(1310)}, id="a figure beside yes is the figure"
    ),
    pytest.param(("1,32", "đúng"), SheetStep.SETTLE, {}, id="yes says nothing where two figures are asked about"),
    pytest.param(
        ("cnvclđ 1320, mới 12, giảm 3",),
        SheetStep.ASK,
        {"workers": Decimal(1320), "admitted": Decimal(12), "lost": Decimal(3)},
        id="what is missing is asked, never zero",
    ),
    pytest.param(
        (*COMPLETE, "đoàn viên 1.260"),
        SheetStep.SUMMARY,
        whole(1320, 1260, 12, 3),
        id="a correction by name at the summary",
    ),
    pytest.param(
        (*COMPLETE, tap(SheetAction.FIX), tap(SheetAction.FIGURE, "1"), "1260"),
        SheetStep.SUMMARY,
        whole(1320, 1260, 12, 3),
        id="a correction by buttons",
    ),
    pytest.param(
        (*COMPLETE, tap(SheetAction.BACK), "4"),
        SheetStep.SUMMARY,
        whole(1320, 1250, 12, 4),
        id="back from the summary to the last question",
    ),
    pytest.param(
        ("1320", "1250", tap(SheetAction.BACK), tap(SheetAction.BACK), "1330"),
        SheetStep.ASK,
        {"workers": Decimal(1330), "members": Decimal(1250)},
        id="back twice, then on to what is missing",
    ),
]


@pytest.mark.parametrize(("inputs", "step", "figures"), TALKS)
def test_a_talk_comes_to_its_step_and_figures(
    inputs: tuple[str | tuple[SheetAction, str], ...], step: SheetStep, figures: dict[str, Decimal]
) -> None:
    outcome = talk(*inputs)
    assert outcome.sheet.step is step
    assert outcome.sheet.figures == figures


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("-5", Reason.NEGATIVE),
        ("99999999999", Reason.TOO_LARGE),
        ("nhiều lắm", Reason.NOT_A_NUMBER),
        ("chưa có số liệu", Reason.NOT_YET),
        ("15%", Reason.PERCENT),
        ("12 triệu đồng", Reason.MONEY),
    ],
)
def test_what_is_no_figure_says_why_and_changes_nothing(said: str, reason: Reason) -> None:
    outcome = talk("1320", said)
    assert outcome.event is SheetEvent.REFUSED
    assert [each.reason for each in outcome.not_taken] == [reason]
    assert outcome.sheet == talk("1320").sheet


def test_no_change_without_an_earlier_report_asks_for_the_totals() -> None:
    first = talk(tap(SheetAction.NO_CHANGE), previous=None)
    assert (first.sheet.step, first.sheet.key) == (SheetStep.ASK, "workers")
    done = talk(tap(SheetAction.NO_CHANGE), "120", "100", previous=None)
    assert done.sheet.no_change
    assert done.sheet.figures == whole(120, 100, 0, 0)


def test_no_change_is_over_once_somebody_joined() -> None:
    assert not talk(tap(SheetAction.NO_CHANGE), "mới 3").sheet.no_change


CHANGED = tap(SheetAction.CHANGED)


@pytest.mark.parametrize(
    "said",
    [
        (CHANGED, tap(SheetAction.VALUE, "3"), tap(SheetAction.VALUE, "1")),
        (CHANGED, "3", "1"),
        ("có thay đổi", "ba", "1 người"),
        (CHANGED, "kết nạp 3, giảm 1"),
        (CHANGED, tap(SheetAction.VALUE, "5"), tap(SheetAction.BACK), "3", "1"),
        (CHANGED, "5", "1", "kết nạp 3"),
    ],
)
def test_two_answers_make_a_report_and_the_totals_follow(said: tuple[str | tuple[SheetAction, str], ...]) -> None:
    done = talk(*said)
    assert done.sheet.step is SheetStep.SUMMARY
    assert done.sheet.figures == whole(1310, 1243, 3, 1)
    assert sheets.is_ready(MONTHLY, done.sheet, LAST)


def test_a_total_put_right_by_hand_no_longer_follows() -> None:
    done = talk(CHANGED, "3", "1", "đoàn viên 1250", "giảm 2")
    assert done.sheet.figures == whole(1310, 1250, 3, 2)
    assert [verdict.rule for verdict in sheets.unexplained(MONTHLY, done.sheet, LAST)] == ["members-carry-over"]


def test_two_answers_are_offered_only_where_every_total_follows() -> None:
    assert sheets.offers_moves_only(MONTHLY, sheets.begin(MONTHLY), LAST)
    assert not sheets.offers_moves_only(MONTHLY, sheets.begin(MONTHLY), None)
    assert not sheets.offers_moves_only(MONTHLY, sheets.begin(MONTHLY), {"workers": Decimal(5)})
    assert not sheets.offers_moves_only(TERM, sheets.begin(TERM), LAST)
    assert talk(CHANGED, previous=None).note is SheetNote.OUT_OF_PLACE
    assert talk("1320", CHANGED).note is SheetNote.OUT_OF_PLACE


def test_back_from_the_first_of_two_answers_is_the_first_of_four() -> None:
    back = talk(CHANGED, tap(SheetAction.BACK))
    assert (back.sheet.step, back.sheet.key, back.sheet.moves_only) == (SheetStep.ASK, "workers", False)


def test_a_button_for_another_figure_only_says_that_it_is_typed() -> None:
    asked = talk(CHANGED, tap(SheetAction.OTHER_VALUE))
    assert asked.note is SheetNote.TYPE_FIGURE
    assert asked.sheet.key == "admitted"
    assert talk(tap(SheetAction.VALUE, "3")).note is SheetNote.OUT_OF_PLACE
    assert talk(CHANGED, tap(SheetAction.VALUE, "-3")).note is SheetNote.OUT_OF_PLACE


def test_zeros_typed_one_by_one_are_not_the_report_of_no_change() -> None:
    assert not talk(tap(SheetAction.KEEP), tap(SheetAction.KEEP), "0", "0").sheet.no_change


def test_nothing_can_be_kept_or_skipped_where_it_may_not() -> None:
    assert talk(tap(SheetAction.KEEP), previous=None).note is SheetNote.NOTHING_TO_KEEP
    assert talk(tap(SheetAction.SKIP)).note is SheetNote.MAY_NOT_SKIP
    assert talk("1320", "1250", "giữ nguyên").note is SheetNote.NOTHING_TO_KEEP


def test_a_broken_rule_is_sent_only_with_a_reason() -> None:
    broken = talk("1320", "1300", "12", "3")
    assert [verdict.rule for verdict in sheets.unexplained(MONTHLY, broken.sheet, LAST)] == ["members-carry-over"]
    assert talk("gửi", sheet=broken.sheet).note is SheetNote.NEEDS_REASON
    assert talk("ừ", sheet=broken.sheet).note is SheetNote.REASON_TOO_SHORT
    explained = talk("tháng trước nhập thiếu một tổ", sheet=broken.sheet)
    assert explained.note is SheetNote.REASON_TAKEN
    assert talk("gửi", sheet=explained.sheet).event is SheetEvent.SEND
    assert talk("cnvclđ 1.330", sheet=explained.sheet).sheet.reasons == explained.sheet.reasons
    changed = talk("đoàn viên 1.290", sheet=explained.sheet)
    assert changed.sheet.reasons == {}


@pytest.mark.parametrize(
    "said", ["tháng trước bỏ sót tổ cắt 20 người", "kết nạp bù 12 người từ tháng 9", "sai sót kỳ trước"]
)
def test_a_reason_with_a_figure_in_it_is_a_reason(said: str) -> None:
    explained = talk("1320", "1300", "12", "3", said)
    assert explained.sheet.reasons == {"members-carry-over": said}
    assert explained.sheet.figures == whole(1320, 1300, 12, 3)


@pytest.mark.parametrize("said", ["đoàn viên 1.250", "sửa đoàn viên 1250", "sửa lại đv 1250 nhé"])
def test_a_figure_named_instead_of_a_reason_is_a_correction(said: str) -> None:
    assert talk("1320", "1300", "12", "3", said).sheet.figures == whole(1320, 1250, 12, 3)


def test_a_net_change_that_contradicts_itself_is_kept_and_judged() -> None:
    outcome = talk("tháng 10 cnvclđ 1320, đoàn viên 1.250, mới 12, giảm 3, tăng thực tế 20")
    assert "net-change" in {v.rule for v in sheets.unexplained(MONTHLY, outcome.sheet, LAST)}
    stored = sheets.load_sheet(MONTHLY, sheets.dump_sheet(outcome.sheet))
    assert stored == outcome.sheet


def test_send_before_the_end_says_what_is_missing() -> None:
    outcome = talk("1320", "gửi")
    assert outcome.note is SheetNote.NOT_COMPLETE
    assert outcome.sheet.key == "members"


def test_a_question_in_the_middle_is_told_from_an_answer() -> None:
    assert talk("chỉ tiêu tưlđtt 2025?").may_be_question
    assert not talk("-5").may_be_question
    assert talk(*COMPLETE, "chỉ tiêu tưlđtt 2025?").may_be_question


def test_cancel_keeps_the_sheet() -> None:
    outcome = talk("1320", "hủy")
    assert outcome.event is SheetEvent.CANCEL
    assert outcome.sheet.figures == {"workers": Decimal(1320)}


def test_a_correction_begins_with_what_was_sent() -> None:
    sheet = sheets.begin_correction(MONTHLY, MONTHLY.completed(whole(1320, 1250, 12, 3)), {}, no_change=False)
    assert sheet.step is SheetStep.PICK
    assert talk(tap(SheetAction.FIGURE, "3"), "4", sheet=sheet).sheet.figures == whole(1320, 1250, 12, 4)
    assert talk("giảm 4", sheet=sheet).sheet.figures == whole(1320, 1250, 12, 4)


def term(*inputs: str | tuple[SheetAction, str]) -> SheetOutcome:
    outcome = SheetOutcome(sheets.begin(TERM))
    for said in inputs:
        if isinstance(said, str):
            outcome = filling.decide_words(TERM, outcome.sheet, None, said, today=TODAY)
        else:
            outcome = filling.decide(TERM, outcome.sheet, None, *said)
    return outcome


def test_the_larger_form_is_filled_in_part_by_part() -> None:
    assert term().sheet.step is SheetStep.PARTS
    at_two = term(tap(SheetAction.PART, "2"), "100", tap(SheetAction.SKIP))
    assert (at_two.sheet.key, sheets.find_place(TERM, at_two.sheet)) == ("i38", (3, 3))
    done = term(tap(SheetAction.PART, "2"), "100", tap(SheetAction.SKIP), "7")
    assert done.sheet.step is SheetStep.PARTS
    assert not sheets.missing(TERM, done.sheet, "tuyen-giao")
    assert done.sheet.skipped == ("i37",)
    assert term(tap(SheetAction.REVIEW)).note is SheetNote.NOT_COMPLETE


def test_money_written_with_a_comma_is_asked_about() -> None:
    outcome = term(tap(SheetAction.PART, "0"), "12", "1,250")
    assert outcome.sheet.step is SheetStep.SETTLE
    assert {reading.value for reading in outcome.sheet.doubts[0].readings} == {Decimal("1.25"), Decimal(1250)}


def test_skipped_rows_stay_missing_and_are_never_zero() -> None:
    sheet = sheets.begin(TERM)
    for part in range(len(TERM.parts)):
        sheet = filling.decide(TERM, sheet, None, SheetAction.PART, str(part)).sheet
        while sheet.step is SheetStep.ASK:
            sheet = filling.decide(TERM, sheet, None, SheetAction.SKIP).sheet
    assert sheet.step is SheetStep.SUMMARY
    assert sheet.figures == {}
    assert filling.decide(TERM, sheet, None, SheetAction.SEND).event is SheetEvent.SEND


def test_rows_that_a_form_has_lost_are_dropped_on_loading() -> None:
    old = ReportSheet(
        step=SheetStep.ASK, key="gone", figures={"gone": Decimal(1), "workers": Decimal(5)}, skipped=("gone",)
    )
    sheet = sheets.load_sheet(MONTHLY, sheets.dump_sheet(old))
    assert (sheet.key, sheet.figures, sheet.skipped) == ("members", {"workers": Decimal(5)}, ())


VERBS = st.sampled_from(SheetAction).filter(lambda verb: verb is not SheetAction.SEND)
ARGS = st.sampled_from(["", "0", "1", "2", "3", "99", "-1", "x"])
NUMBERS = st.integers(0, 30_000).map(str)
WORDS = st.sampled_from(
    ["giữ nguyên", "bỏ qua", "quay lại", "sửa", "gửi", "1,32", "khoảng 200", ONE_MESSAGE, "mới 4", "abc", "", "?"]
)
INPUTS = st.lists(st.one_of(st.tuples(VERBS, ARGS), NUMBERS, WORDS, st.text(max_size=20)), max_size=12)


@settings(max_examples=examples(120), deadline=None)
@given(INPUTS, st.booleans())
def test_any_walk_leaves_a_sheet_that_can_be_stored_and_shown(
    inputs: list[str | tuple[SheetAction, str]], with_previous: bool
) -> None:
    previous = LAST if with_previous else None
    sheet = sheets.begin(MONTHLY)
    for said in inputs:
        before = sheet
        if isinstance(said, str):
            outcome = filling.decide_words(MONTHLY, sheet, previous, said, today=TODAY)
        else:
            outcome = filling.decide(MONTHLY, sheet, previous, *said)
        sheet = outcome.sheet
        assert sheets.load_sheet(MONTHLY, sheets.dump_sheet(sheet)) == sheet
        assert (sheet.step is SheetStep.ASK) == (sheet.key in {row.key for row in MONTHLY.asked})
        assert (sheet.step is SheetStep.SETTLE) <= bool(sheet.doubts)
        if outcome.event in {SheetEvent.REFUSED, SheetEvent.CANCEL, SheetEvent.NOT_AN_ANSWER}:
            assert sheet == before
        if sheet.step is SheetStep.SUMMARY:
            assert not sheets.missing(MONTHLY, sheet)
        if outcome.event is SheetEvent.SEND:
            assert sheets.is_ready(MONTHLY, before, previous)
        kept = {SheetAction.BACK, SheetAction.FIX, SheetAction.REVIEW, SheetAction.CANCEL, SheetAction.FIGURE}
        if not isinstance(said, str) and said[0] in kept:
            assert sheet.figures == before.figures


@settings(max_examples=examples(60), deadline=None)
@given(st.lists(st.integers(0, 9_999), min_size=4, max_size=4), st.integers(0, 6))
def test_back_and_forward_keeps_every_figure(values: list[int], steps_back: int) -> None:
    sheet = talk(*map(str, values)).sheet
    expected = dict(sheet.figures)
    assert expected == whole(*values)
    for _ in range(steps_back):
        sheet = filling.decide(MONTHLY, sheet, LAST, SheetAction.BACK).sheet
        assert sheet.figures == expected
    if sheet.step is SheetStep.ASK:
        sheet = filling.decide(MONTHLY, sheet, LAST, SheetAction.KEEP).sheet
    assert sheet.step is SheetStep.SUMMARY
    assert sheet.figures == expected


def test_what_was_typed_and_is_no_figure_is_kept_until_the_row_has_another_figure() -> None:
    unread = {"i25": UnreadText("hỏi lại"), "i26": UnreadText("chưa rõ", Decimal(7)), "gone": UnreadText("x")}
    sheet = sheets.change(sheets.begin(TERM), figures={"i26": Decimal(7)}, unread=unread)
    kept = sheets.load_sheet(TERM, sheets.dump_sheet(sheet))
    assert set(kept.unread) == {"i25", "i26"}
    assert kept.figures == {"i26": Decimal(7)}
    mended = sheets.put_figure(TERM, sheets.put_figure(TERM, kept, "i25", Decimal(3)), "i26", Decimal(8))
    assert sheets.load_sheet(TERM, sheets.dump_sheet(mended)).unread == {}
