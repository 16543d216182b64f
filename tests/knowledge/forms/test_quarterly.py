"""The quarterly form: who is asked for which rows, what its measures measure, and that its sums count units."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.forms import MONTHLY_FORM, QUARTERLY_FORM, check_report, get_form, load_forms
from knowledge.glossary import load_glossary
from knowledge.model.forms import Form, MeasureKind, due_on, find_opened, is_locked, is_open, opens_on
from knowledge.model.periods import Period
from knowledge.model.plans import Comparator
from knowledge.model.units import GRASSROOTS_KINDS, UnitKind
from knowledge.plans import load_plans
from knowledge.progress import History, Standing, find_measure, measure_progress
from knowledge.reports import sheet as sheets
from knowledge.reports.sheet import ReportSheet, SheetStep
from tests.examples import examples

FORM = get_form(QUARTERLY_FORM)
QUARTER = Period.parse("2026-Q4")
ABOVE = (UnitKind.UPPER, UnitKind.COMMUNE)
ENTERPRISES = (UnitKind.STATE_ENTERPRISE, UnitKind.PRIVATE, UnitKind.FOREIGN)
owing = st.sampled_from(sorted(FORM.owed_by))


def figures(**told: int) -> dict[str, Decimal]:
    return {key: Decimal(value) for key, value in told.items()}


# --- Who is asked ---


def test_ten_numbers_of_which_each_kind_of_unit_is_asked_its_own() -> None:
    assert [row.no for row in FORM.indicators if row.parent is None] == [str(no) for no in range(1, 11)]
    asked = {kind: {row.no for row in FORM.asked_of(kind).asked} for kind in FORM.owed_by}
    assert {kind: sorted(map(int, asked[kind])) for kind in ENTERPRISES} == {
        kind: [1, 2, 3, 5, 6, 7] for kind in ENTERPRISES
    }
    assert sorted(map(int, asked[UnitKind.PUBLIC])) == [4, 5, 6, 7]
    assert sorted(map(int, asked[UnitKind.GUILD])) == [6, 7]
    assert {kind: sorted(map(int, asked[kind])) for kind in ABOVE} == {kind: [7, 8, 9, 10] for kind in ABOVE}
    assert FORM.owed_by == GRASSROOTS_KINDS | set(ABOVE)


@given(owing)
def test_a_units_form_holds_together_and_asks_nothing_that_is_not_its_own(kind: UnitKind) -> None:
    own = FORM.asked_of(kind)
    keys = {row.key for row in own.indicators}
    assert keys == {row.key for row in FORM.indicators if row.is_asked_of(kind)}
    assert all({*rule.keys} <= keys for rule in own.rules)
    assert all({*measure.rows} <= keys for measure in own.measures)
    assert own.asked_of(kind) == own
    assert set(own.missing({})) == {row.key for row in own.asked} < {row.key for row in FORM.asked}
    assert (own.id, own.calendar, own.owed_by, own.since) == (FORM.id, FORM.calendar, FORM.owed_by, FORM.since)


@given(owing, st.data())
@settings(max_examples=examples(60), deadline=None)
def test_a_walk_through_the_sheet_asks_every_row_of_the_unit_once(kind: UnitKind, data: st.DataObject) -> None:
    own = FORM.asked_of(kind)
    sheet, asked = sheets.begin(own), []
    while sheet.step is SheetStep.ASK:
        asked.append(sheet.key)
        most = 1 if own.get_indicator(sheet.key).yes_no else 5
        sheet = sheets.put_figure(own, sheet, sheet.key, Decimal(data.draw(st.integers(0, most))))
    assert asked == [row.key for row in own.asked]
    assert sheet.step is SheetStep.SUMMARY


@pytest.mark.parametrize("form", [form for form in load_forms() if form.id != QUARTERLY_FORM], ids=lambda form: form.id)
def test_a_form_whose_rows_are_asked_of_all_stays_as_it_is(form: Form) -> None:
    assert all(form.asked_of(kind) is form for kind in UnitKind)


def test_a_sheet_begun_by_another_kind_of_unit_loses_what_is_no_longer_asked() -> None:
    sheet = ReportSheet(step=SheetStep.ASK, key="dialogues", figures=figures(agreements=1, consulted=2))
    own = FORM.asked_of(UnitKind.GUILD)
    loaded = sheets.load_sheet(own, sheets.dump_sheet(sheet))
    assert loaded.figures == figures(consulted=2)
    assert loaded.key == "party_introduced"


# --- When ---


def test_it_is_asked_for_from_the_last_quarter_of_2026_on() -> None:
    assert opens_on(FORM, QUARTER) == date(2026, 12, 20)
    assert due_on(FORM, QUARTER) == date(2027, 1, 10)
    assert not is_locked(FORM, QUARTER, date(2027, 1, 31))
    assert is_locked(FORM, QUARTER, date(2027, 2, 1))
    assert find_opened(FORM, date(2026, 12, 19)) is None
    assert find_opened(FORM, date(2026, 12, 20)) == QUARTER
    assert find_opened(FORM, date(2027, 3, 20)) == Period.parse("2027-Q1")
    assert not is_open(FORM, QUARTER.shifted(-1), date(2027, 1, 5))


# --- What is counted ---

reports = st.lists(st.tuples(owing, st.integers(0, 9)), max_size=30)


@given(reports)
@settings(max_examples=examples(80), deadline=None)
def test_sums_of_reports_count_the_units_of_a_sector(told: list[tuple[UnitKind, int]]) -> None:
    sums: dict[str, Decimal] = {}
    for kind, number in told:
        own = FORM.asked_of(kind)
        given_ = {row.key: Decimal(min(number, 1) if row.yes_no else number) for row in own.asked}
        for key, value in own.completed(given_).items():
            sums[key] = sums.get(key, Decimal(0)) + value
    by_kind = {kind: [number for each, number in told if each is kind] for kind in FORM.owed_by}
    state = by_kind[UnitKind.STATE_ENTERPRISE]
    others = [*by_kind[UnitKind.PRIVATE], *by_kind[UnitKind.FOREIGN]]
    expected = {
        "reporting_soe": len(state),
        "dialogue_soe": sum(number > 0 for number in state),
        "reporting_non_state": len(others),
        "dialogue_non_state": sum(number > 0 for number in others),
        "agreements_non_public": sum(number > 0 for number in others),
        "reporting_public": len(by_kind[UnitKind.PUBLIC]),
        "womens_boards_state": sum(number > 0 for number in [*state, *by_kind[UnitKind.PUBLIC]]),
    }
    assert {key: sums.get(key, 0) for key in expected} == expected
    # A sum is never worked out of other sums: nobody of a sector may have reported.
    assert FORM.completed(sums) == sums


def test_what_was_given_otherwise_is_kept_and_what_is_missing_counts_nothing() -> None:
    own = FORM.asked_of(UnitKind.STATE_ENTERPRISE)
    assert "dialogue_soe" not in own.completed(figures(consulted=1))
    assert own.completed(figures(dialogues=0)) == figures(dialogues=0, dialogue_soe=0, reporting_soe=1)
    assert own.completed(figures(dialogues=3, dialogue_soe=0))["dialogue_soe"] == 0


@pytest.mark.parametrize(
    ("kind", "told", "broken"),
    [
        (UnitKind.PRIVATE, figures(agreement_due=0, agreements=1), "agreements-within-due"),
        (UnitKind.PUBLIC, figures(womens_board_due=0, womens_boards=1), "womens-boards-within-due"),
        (UnitKind.GUILD, figures(legal_cases=1, legal_supported=2), "supported-within-cases"),
        (UnitKind.UPPER, figures(enterprises=10, unionised=11), "unionised-within-enterprises"),
        (UnitKind.COMMUNE, figures(fees_due=10, fees_collected=11), "collected-within-due"),
    ],
)
def test_what_was_done_is_no_more_than_what_was_to_be_done(
    kind: UnitKind, told: dict[str, Decimal], broken: str
) -> None:
    own = FORM.asked_of(kind)
    (verdict,) = check_report(own, told, None)
    assert verdict.rule == broken
    assert verdict.needs_reason == (broken != "collected-within-due")
    assert check_report(own, {key: Decimal(1) for key in told}, None) == ()


# --- What it measures ---


@pytest.mark.parametrize("form", load_forms(), ids=lambda form: form.id)
def test_every_measure_names_an_indicator_of_the_glossary_in_units_that_are_set(form: Form) -> None:
    subjects = {subject.id for subject in load_glossary().subjects}
    scopes = {scope.id for scope in load_glossary().scopes}
    targets = [target for plan in load_plans() for target in plan.targets]
    for measure in form.measures:
        assert measure.indicator in subjects
        assert set(measure.scopes) <= scopes
        set_in = {target.unit for target in targets if target.indicator == measure.indicator}
        # A goal of a unit's own is in the unit of the row that follows it.
        rows = {form.get_indicator(key).unit for key in measure.keys}
        assert set(measure.units) <= set_in | rows, measure.name
        assert all(form.get_indicator(key).key for key in measure.rows)
        if measure.kind is MeasureKind.SHARE:
            assert measure.units == ("%",)


def test_the_targets_of_the_plans_that_it_follows() -> None:
    """Those that no row tells are wishes without a figure, and the one that is set per union."""
    measured = {measure.indicator for measure in FORM.measures}
    followed: set[tuple[str, str]] = set()
    others: set[tuple[str, str]] = set()
    for plan in load_plans():
        for target in plan.targets:
            if target.indicator in measured:
                found = find_measure(target, FORM)
                (followed if found is not None else others).add((plan.id, target.id))
                if found is not None:
                    assert set(found.scopes) <= set(target.scopes)
    assert Counter(plan for plan, _ in followed) == {
        "vuit-nq02-2021": 16,
        "baoloc-nq02-2021": 5,
        "hcm-nq02-2022": 5,
        "quangtri-nq02-2021": 3,
    }
    left = [
        target
        for plan in load_plans()
        for target in plan.targets
        if (plan.id, target.id) in others and target.comparator is not Comparator.QUALITATIVE
    ]
    assert [target.unit for target in left if target.value] == ["đoàn viên/CĐCS"]


def test_a_narrower_population_is_measured_by_its_own_rows() -> None:
    hcm = next(plan for plan in load_plans() if plan.id == "hcm-nq02-2022")
    by_id = {target.id: find_measure(target, FORM) for target in hcm.targets}
    non_public, whole = by_id["agreements-2025"], by_id["agreements-2023"]
    assert non_public is not None
    assert whole is not None
    assert (non_public.keys, whole.keys) == (("agreements_non_public",), ("agreements",))


def test_the_pace_of_what_adds_up_is_told_by_the_month() -> None:
    bao_loc = next(plan for plan in load_plans() if plan.id == "baoloc-nq02-2021")
    target = next(target for target in bao_loc.targets if target.id == "members-for-party")
    measure = find_measure(target, FORM)
    assert measure is not None
    first, second = Period.parse("2027-Q1"), Period.parse("2027-Q2")
    history = History(second, {}, {first: figures(party_introduced=30), second: figures(party_introduced=24)})
    found = measure_progress(bao_loc, target, measure, history, today=date(2027, 7, 5))
    assert found is not None
    assert (found.value, found.missing) == (Decimal(54), Decimal(46))
    assert (found.pace, found.months_left) == (Decimal(9), 6)
    assert found.standing is Standing.ON_PACE


def test_the_monthly_form_measures_nothing_that_the_quarterly_one_does() -> None:
    monthly = {measure.indicator for measure in get_form(MONTHLY_FORM).measures}
    assert not monthly & {measure.indicator for measure in FORM.measures}


# --- What a file may not say ---


@pytest.mark.parametrize(
    ("key", "change", "said"),
    [
        ("agreements", {"asked_of": frozenset({UnitKind.PROVINCE})}, "do not owe the form"),
        ("agreements", {"asked_of": frozenset()}, "asked of units that have no row 'agreement_due'"),
        ("dialogue_soe", {"counts": "agreement_due_non_public"}, "which is not asked for"),
        ("dialogue_soe", {"counts": "nothing"}, "unknown key 'nothing'"),
        ("dialogue_soe", {"asked_of": frozenset({UnitKind.PUBLIC})}, "have no row 'dialogues'"),
    ],
)
def test_a_row_of_units_that_cannot_have_it_is_refused(key: str, change: dict[str, object], said: str) -> None:
    rows = tuple(msgspec.structs.replace(row, **change) if row.key == key else row for row in FORM.indicators)
    with pytest.raises(ValueError, match=said):
        msgspec.structs.replace(FORM, indicators=rows)


def test_a_row_cannot_be_both_asked_and_counted() -> None:
    row = FORM.get_indicator("dialogue_soe")
    with pytest.raises(ValueError, match="neither derived nor asked for"):
        msgspec.structs.replace(row, yes_no=True)
    with pytest.raises(ValueError, match="yes_no belongs to a count"):
        msgspec.structs.replace(FORM.get_indicator("fees_due"), yes_no=True)
