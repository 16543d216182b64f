"""The forms that ship are whole, the loader names what is wrong with one, the rules judge what they should."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.errors import CatalogueError
from knowledge.forms import (
    MONTHLY_FORM,
    QUARTERLY_FORM,
    TERM_FORM,
    check_report,
    get_form,
    load_form,
    load_forms,
    read_forms,
)
from knowledge.model.forms import (
    FigureKind,
    Severity,
    due_on,
    find_opened,
    is_locked,
    is_open,
    last_opened,
    locks_on,
    opens_on,
)
from knowledge.model.periods import Period
from knowledge.model.units import GRASSROOTS_KINDS, UnitKind
from knowledge.units import UNIT_KIND_LABELS, UNIT_KIND_SHORT, parse_unit_kind
from tests.examples import examples

OCTOBER = Period.month(2026, 10)
SHARED = Path(__file__).parents[4] / "shared" / "plans"


def figures(**given: int) -> dict[str, Decimal]:
    return {key: Decimal(value) for key, value in given.items()}


# --- What ships ---


def test_the_forms_are_there_by_id() -> None:
    assert [form.id for form in load_forms()] == [MONTHLY_FORM, QUARTERLY_FORM, TERM_FORM]
    with pytest.raises(KeyError):
        get_form("khac")


def test_the_monthly_form_asks_four_figures_and_derives_the_net_change() -> None:
    form = get_form(MONTHLY_FORM)
    assert [row.key for row in form.asked] == ["workers", "members", "admitted", "lost"]
    assert form.completed(figures(admitted=12, lost=3))["net"] == 9
    assert form.owed_by == GRASSROOTS_KINDS
    assert form.missing(figures(workers=0)) == ("members", "admitted", "lost")


def test_the_monthly_form_tells_how_its_total_moves() -> None:
    movement = get_form(MONTHLY_FORM).movement
    assert movement is not None
    assert [row.key for row in movement] == ["members", "admitted", "lost"]
    assert get_form(TERM_FORM).movement is None


def test_the_term_form_has_every_row_from_25_to_56() -> None:
    form = get_form(TERM_FORM)
    assert sorted({int(row.no) for row in form.indicators}) == list(range(25, 57))
    assert not form.owed_by
    assert form.calendar is None


@pytest.mark.parametrize(
    ("no", "units", "part"),
    [
        ("25", ["lượt người", "triệu đồng"], None),
        ("26", ["lượt người", "triệu đồng"], None),
        ("27", [None, "triệu đồng", "nhà", "triệu đồng"], None),
        ("28", [None, "triệu đồng", "người"], None),
        ("29", [None, "triệu đồng", "người"], None),
        ("30", ["sáng kiến"], "III"),
        ("31", ["triệu đồng"], "III"),
        ("32", ["triệu đồng"], "III"),
        ("33", ["CT, SP"], "III"),
        ("34", ["triệu đồng"], "III"),
        ("35", ["người"], "III"),
        ("36", ["lượt người"], "IV"),
        ("37", ["lượt người"], "IV"),
        ("38", ["lượt người"], "IV"),
        ("39", ["đơn vị"], "V"),
        ("40", ["CĐCS", "BNC", "BNC"], "V"),
        ("41", ["CĐCS", "BNC", "BNC"], "V"),
        ("42", ["người"] * 4, "V"),
        ("43", ["người"] * 3, "V"),
        ("44", ["đơn vị"], "VI"),
        ("45", ["người"], "VII"),
        ("46", ["người"] * 4, "VII"),
        ("47", ["CĐCS"] * 6, "VII"),
        ("48", ["đơn vị"], "VII"),
        ("49", ["DN", "DN"], "VII"),
        ("50", ["lượt người"], "VII"),
        ("51", ["lượt người"], "VII"),
        ("52", ["người"], "VII"),
        ("53", ["người"], "VII"),
        ("54", ["đơn vị"], "VII"),
        ("55", ["CĐCS"], "VII"),
        ("56", ["CĐCS"], "VII"),
    ],
)
def test_units_of_the_term_form_with_ditto_marks_resolved(no: str, units: list[str | None], part: str | None) -> None:
    form = get_form(TERM_FORM)
    rows = form.numbered(no)
    assert [row.unit for row in rows] == units
    assert {p.number for p in form.parts for row in rows if p.id == row.part} == {part}


@pytest.mark.skipif(not SHARED.is_dir(), reason="the received plans are not beside the repository")
def test_every_row_of_the_table_received_is_in_the_form() -> None:
    text = (SHARED / "vuit-soket-2020.txt").read_text(encoding="utf-8")
    table = text[text.rindex("CÔNG ĐOÀN…") :]
    form = get_form(TERM_FORM)
    numbers = [no for no in map(str, range(1, 100)) if f" {no}. \n" in table or f"\t{no}. \n" in table]
    assert numbers == [row.no for row in form.indicators if row.parent is None]
    sub_rows = sum(line.strip().startswith("+ ") for line in table.splitlines())
    # Three sub-rows bear no plus sign: the sums of rows 25 and 26, and the enterprises of row 49.
    assert sum(row.parent is not None for row in form.indicators) == sub_rows + 3


@pytest.mark.parametrize("form", load_forms(), ids=lambda form: form.id)
def test_every_row_can_be_looked_up_and_every_sum_is_money(form: object) -> None:
    for row in getattr(form, "indicators"):  # noqa: B009
        assert row.aliases, row.key
        assert (row.kind is FigureKind.MONEY) == (row.unit == "triệu đồng"), row.key


# --- Dates ---


def test_the_month_opens_on_the_25th_is_due_by_the_5th_and_locks_when_the_next_month_ends() -> None:
    form = get_form(MONTHLY_FORM)
    assert opens_on(form, OCTOBER) == date(2026, 10, 25)
    assert due_on(form, OCTOBER) == date(2026, 11, 5)
    assert locks_on(form, OCTOBER) == date(2026, 11, 30)
    assert due_on(form, Period.month(2026, 12)) == date(2027, 1, 5)
    assert locks_on(form, Period.month(2027, 1)) == date(2027, 2, 28)


@settings(max_examples=examples(60), deadline=None)
@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_the_last_opened_month_is_open_and_the_next_is_not(today: date) -> None:
    form = get_form(MONTHLY_FORM)
    period = last_opened(form, today)
    assert is_open(form, period, today)
    assert not is_open(form, period.shifted(1), today)
    assert not is_locked(form, period, today)


def test_a_form_is_open_from_its_first_period_on() -> None:
    form = msgspec.structs.replace(get_form(MONTHLY_FORM), since="2026-10")
    assert find_opened(form, date(2026, 10, 24)) is None
    assert find_opened(form, date(2026, 10, 25)) == OCTOBER
    assert not is_open(form, OCTOBER.shifted(-1), date(2026, 12, 1))
    assert is_open(form, OCTOBER, date(2026, 12, 1))


def test_a_version_that_has_a_successor_is_open_for_its_own_periods_only() -> None:
    form = msgspec.structs.replace(get_form(MONTHLY_FORM), until="2026-11")
    assert find_opened(form, date(2027, 3, 1)) == OCTOBER
    assert not is_open(form, OCTOBER.shifted(1), date(2027, 3, 1))


@pytest.mark.parametrize("code", ["2026-Q4", "2026", "2026-13", "kỳ này"])
def test_the_first_period_is_one_of_the_forms_own_kind(code: str) -> None:
    with pytest.raises(ValueError):
        msgspec.structs.replace(get_form(MONTHLY_FORM), since=code)


def test_a_campaign_has_dates_in_place_of_a_first_period() -> None:
    with pytest.raises(ValueError):
        msgspec.structs.replace(get_form(TERM_FORM), since="2026")
    assert get_form(TERM_FORM).covers(Period.parse("campaign:2026:Đợt 1"))
    assert not get_form(TERM_FORM).covers(OCTOBER)


def test_a_campaign_form_has_no_dates_of_its_own() -> None:
    with pytest.raises(ValueError, match="campaign"):
        due_on(get_form(TERM_FORM), OCTOBER)


# --- Rules ---


@pytest.mark.parametrize(
    ("now", "before", "broken", "why"),
    [
        (
            {"workers": 1320, "members": 1250, "admitted": 12, "lost": 3},
            None,
            [],
            "no report before: nothing to carry over",
        ),
        (
            {"workers": 1320, "members": 1250, "admitted": 12, "lost": 3},
            {"workers": 1310, "members": 1241},
            [],
            "all holds",
        ),
        ({"workers": 1250, "members": 1320, "admitted": 0, "lost": 0}, None, ["members-within-workers"], "swapped"),
        ({"members": 1251, "admitted": 12, "lost": 3}, {"members": 1241}, ["members-carry-over"], "one too many"),
        (
            {"members": 1250, "admitted": 12, "lost": 3, "net": 8},
            {"members": 1241},
            ["net-change", "members-carry-over"],
            "net given wrong",
        ),
        (
            {"workers": 2000, "members": 100, "admitted": 0, "lost": 0},
            {"workers": 1000, "members": 100},
            ["workers-plausible"],
            "doubled",
        ),
        (
            {"workers": 25, "members": 25, "admitted": 5, "lost": 0},
            {"workers": 12, "members": 20},
            [],
            "small units jump",
        ),
        ({"members": 5, "admitted": 8, "lost": 0}, None, ["admitted-within-members"], "more new than all"),
        ({"workers": 1320}, None, [], "not judged before all figures are there"),
        ({"workers": 0, "members": 0, "admitted": 0, "lost": 0}, {"workers": 0, "members": 0}, [], "zero is a figure"),
    ],
)
def test_rules_of_the_monthly_form(
    now: dict[str, int], before: dict[str, int] | None, broken: list[str], why: str
) -> None:
    previous = None if before is None else figures(**before)
    verdicts = check_report(get_form(MONTHLY_FORM), figures(**now), previous)
    assert [verdict.rule for verdict in verdicts] == broken, why


def test_a_verdict_says_what_was_compared_in_words_an_officer_reads() -> None:
    form = get_form(MONTHLY_FORM)
    now = figures(workers=1320, members=1255, admitted=12, lost=3)
    (verdict,) = check_report(form, now, figures(members=1241))
    assert verdict.previous == 1241
    assert verdict.actual == 1255
    assert verdict.expected == 1250
    assert verdict.difference == 5
    assert verdict.needs_reason
    for shown in ("1.241", "12", "3", "1.250", "1.255", "5"):
        assert shown in verdict.sentence


def test_an_implausible_change_is_only_a_notice() -> None:
    now = figures(workers=5000, members=100, admitted=0, lost=0)
    (verdict,) = check_report(get_form(MONTHLY_FORM), now, figures(workers=1000, members=100))
    assert verdict.severity is Severity.NOTICE
    assert not verdict.needs_reason


def test_sub_rows_of_the_term_form_add_up_or_stay_within() -> None:
    form = get_form(TERM_FORM)
    good = figures(
        i40=10, i40_dau_ky=8, i40_moi=2, i42=9, i42_cap_tren=1, i42_nha_nuoc=3, i42_ngoai=5,
        i47=15, i47_hcsn=5, i47_dnnn=4, i47_ngoai=3, i47_fdi=2, i47_nghiep_doan=1, i49=20, i49_co_cdcs=20,
    )  # fmt: skip
    assert check_report(form, good, None) == ()
    bad = {**good, **figures(i40_moi=3, i42=10, i47=14, i49_co_cdcs=21)}
    assert [verdict.rule for verdict in check_report(form, bad, None)] == [
        "i40-bnc",
        "i42-sum",
        "i47-sum",
        "i49-within",
    ]


@settings(max_examples=examples(80), deadline=None)
@given(st.integers(0, 5000), st.integers(0, 500), st.integers(0, 500), st.integers(0, 500))
def test_a_report_that_adds_up_breaks_no_binding_rule(before: int, admitted: int, lost: int, others: int) -> None:
    members = before + admitted - lost
    if members < admitted:
        return
    now = figures(workers=members + others, members=members, admitted=admitted, lost=lost)
    previous = figures(workers=before + others, members=before)
    verdicts = check_report(get_form(MONTHLY_FORM), now, previous)
    assert not [verdict for verdict in verdicts if verdict.needs_reason]


# --- Loader ---


def _changed(tmp_path: Path, change: Callable[[str], str]) -> Path:
    text = (files("knowledge.forms") / f"{MONTHLY_FORM}.toml").read_text(encoding="utf-8")
    file = tmp_path / f"{MONTHLY_FORM}.toml"
    file.write_text(change(text), encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('period = "month"', 'period = "fortnight"', "period"),
        ('owed_by = ["hcsn"', 'owed_by = ["phuong"', "owed_by"),
        ("opens = { day = 25 }", "opens = { day = 32 }", "calendar.opens"),
        ("opens = { day = 25 }", "opens = { days = 25 }", "calendar.opens"),
        ('unit = "người"\ncarry_over = "workers"', 'carry_over = "workers"', "workers"),
        ('key = "lost"', 'key = "admitted"', "indicators: key not unique: admitted"),
        ('parent = "members"', 'parent = "member"', "unknown parent 'member'"),
        ('derived = ["+admitted", "-lost"]', 'derived = ["+admitted", "-gone"]', "unknown key 'gone'"),
        ('sign = "+"', 'sign = "*"', "admitted"),
        ('left = "workers"\nterms = ["+members"]', 'left = "worker"\nterms = ["+members"]', "members-within-workers"),
        ('share = "0.3"', 'share = "30"', "workers-plausible"),
        ("({workers}); ", "({worker}); ", "sentence names ['worker']"),
        ('no_change = ["admitted"', 'no_change = ["admited"', "no_change"),
        ('kind = "equality"', 'kind = "same"', "rules[1].kind"),
        ('id = "doan-vien-thang"', 'id = "khac"', "id"),
        ('title = "Biến', 'titel = "x"\ntitle = "Biến', "titel"),
        ('owed_by = ["hcsn", "dnnn", "ngoai_nha_nuoc", "fdi", "nghiep_doan"]', "", "owed by"),
        ('moves = "net"', 'moves = "netto"', "measures: unknown key 'netto'"),
        ('kind = "flow"', 'kind = "share"', "new_members: whole belongs to a share"),
        ('kind = "level"', 'kind = "flow"', "members_total: moves belongs to a level"),
        ("[calendar]", "[calendar", "not valid TOML"),
    ],
)
def test_a_wrong_form_names_its_file_and_the_key_at_fault(tmp_path: Path, old: str, new: str, named: str) -> None:
    file = _changed(tmp_path, lambda text: text.replace(old, new, 1))
    with pytest.raises(CatalogueError) as caught:
        load_form(file)
    assert caught.value.file == file.name
    assert named in caught.value.problem


def test_a_new_form_is_just_a_file(tmp_path: Path) -> None:
    _changed(tmp_path, lambda text: text)
    assert [form.id for form in read_forms(tmp_path)] == [MONTHLY_FORM]


# --- Kinds of unit ---


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Tổng Liên đoàn", UnitKind.CONFEDERATION),
        ("TLĐ", UnitKind.CONFEDERATION),
        ("LĐLĐ tỉnh/thành phố", UnitKind.PROVINCE),
        ("lien doan lao dong tinh", UnitKind.PROVINCE),
        ("LĐLĐ", UnitKind.PROVINCE),
        ("Công đoàn ngành trung ương", UnitKind.SECTOR),
        ("cong doan nganh", UnitKind.SECTOR),
        ("cấp trên", UnitKind.UPPER),
        ("cap tren", UnitKind.UPPER),
        ("Công đoàn cấp trên trực tiếp cơ sở", UnitKind.UPPER),
        ("CĐCTTTCS", UnitKind.UPPER),
        ("xã/phường/đặc khu", UnitKind.COMMUNE),
        ("Công đoàn phường", UnitKind.COMMUNE),
        ("dac khu", UnitKind.COMMUNE),
        ("HCSN", UnitKind.PUBLIC),
        ("hành chính sự nghiệp", UnitKind.PUBLIC),
        ("CĐCS khu vực HCSN", UnitKind.PUBLIC),
        ("DNNN", UnitKind.STATE_ENTERPRISE),
        ("doanh nghiep nha nuoc", UnitKind.STATE_ENTERPRISE),
        ("Ngoài Nhà nước", UnitKind.PRIVATE),
        ("ngoài khu vực nhà nước", UnitKind.PRIVATE),
        ("F.D.I", UnitKind.FOREIGN),
        ("DN có vốn đầu tư nước ngoài", UnitKind.FOREIGN),
        ("nghiệp đoàn", UnitKind.GUILD),
        ("NGHIEP DOAN", UnitKind.GUILD),
        ("", None),
        ("công ty", None),
        ("cơ sở", None),
    ],
)
def test_kinds_of_unit_are_understood_as_written(text: str, kind: UnitKind | None) -> None:
    assert parse_unit_kind(text) is kind


def test_every_kind_has_words_that_name_it_alone() -> None:
    for kind in UnitKind:
        assert parse_unit_kind(UNIT_KIND_LABELS[kind]) is kind
        assert parse_unit_kind(UNIT_KIND_SHORT[kind]) is kind
        assert parse_unit_kind(kind.value) is kind
        assert kind.is_grassroots == (kind in GRASSROOTS_KINDS)
