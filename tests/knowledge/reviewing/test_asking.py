"""What a person is asked of a reading, and the plan that comes of what was settled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.catalogue.checking import check_plan
from knowledge.catalogue.plan_files import parse_plan, write_plan
from knowledge.glossary import load_glossary
from knowledge.importing.document import Document, Paragraph
from knowledge.importing.model import PlanReading, ReadTarget
from knowledge.importing.reading import read_plan
from knowledge.model.plan_reviews import ReviewMatter, ReviewRow, ReviewVerdict
from knowledge.model.plans import Comparator, Plan
from knowledge.model.units import GRASSROOTS_KINDS, UnitKind
from knowledge.plans import find_original, load_plans
from knowledge.reviewing.asking import (
    NewSubject,
    Placed,
    ReviewMaker,
    Titled,
    content_of,
    may_be_right,
    read_identity,
    settle,
    write_identity,
)
from knowledge.reviewing.debtors import find_debtors_named
from knowledge.reviewing.drafting import draft_plan, find_same, short_of, show_figure, write_issuer
from knowledge.reviewing.linking import link
from knowledge.subjects.proposing import make_proposer
from tests.e2e.plan_texts import NEWER, PLAN
from tests.examples import examples


def reading_of(text: str) -> PlanReading:
    return read_plan(Document(tuple(Paragraph(line) for line in text.splitlines())))


@pytest.fixture(scope="module")
def maker() -> ReviewMaker:
    proposer = make_proposer(load_plans())
    return ReviewMaker(proposer, proposer.understanding)


def judged(rows: Iterable[ReviewRow], verdict: ReviewVerdict) -> list[ReviewRow]:
    return [msgspec.structs.replace(row, verdict=verdict) if row.is_waiting else row for row in rows]


def dropped(row: ReviewRow) -> ReviewRow:
    return msgspec.structs.replace(row, verdict=ReviewVerdict.DROPPED)


def plan_of(reading: PlanReading, rows: list[ReviewRow], maker: ReviewMaker) -> Plan:
    return draft_plan(settle(write_identity(reading.plan), rows), maker.understanding, load_plans())


def test_rows_are_numbered_and_what_is_doubtful_waits(maker: ReviewMaker) -> None:
    rows = maker.begin(reading_of(PLAN))
    assert [row.place for row in rows] == list(range(1, len(rows) + 1))
    counts = Counter((row.matter, row.verdict) for row in rows)
    assert counts[ReviewMatter.TARGET, ReviewVerdict.DOUBTFUL] == 2
    assert counts[ReviewMatter.LEFT_OVER, ReviewVerdict.OPEN] == 2
    assert counts[ReviewMatter.DUTY, ReviewVerdict.OPEN] == 1


def test_nothing_doubtful_enters_without_a_word(maker: ReviewMaker) -> None:
    reading = reading_of(PLAN)
    untouched = plan_of(reading, list(maker.begin(reading)), maker)
    assert {target.value for target in untouched.targets} == {80, 500}
    assert all(not deadline.owed_by for deadline in untouched.deadlines)
    agreed = plan_of(reading, judged(maker.begin(reading), ReviewVerdict.ACCEPTED), maker)
    assert {target.value for target in agreed.targets} == {80, 500, 100, 60}
    assert agreed.deadlines[0].owed_by == (UnitKind.UPPER,)
    dropped = plan_of(reading, judged(maker.begin(reading), ReviewVerdict.DROPPED), maker)
    assert {target.value for target in dropped.targets} == {80, 500}


def test_a_drafted_plan_fits_the_catalogue_and_comes_back_from_its_file(maker: ReviewMaker) -> None:
    reading = reading_of(PLAN)
    plan = plan_of(reading, judged(maker.begin(reading), ReviewVerdict.ACCEPTED), maker)
    check_plan(plan.id, plan, load_plans(), load_glossary())
    assert parse_plan("plan.toml", write_plan(plan)) == plan
    assert (plan.id, plan.short) == ("ldld-tinh-vinh-an-2026", "LĐLĐ tỉnh Vĩnh An")
    assert (plan.issuer, plan.place) == ("Ban Thường vụ Liên đoàn Lao động tỉnh Vĩnh An", "tỉnh Vĩnh An")
    assert (plan.number, plan.covers_from, plan.covers_to) == ("45/KH-LĐLĐ", 2026, 2030)
    assert "vĩnh an" in plan.aliases
    assert all(target.quote for target in plan.targets)


def test_a_subject_that_is_a_known_one_is_not_brought(maker: ReviewMaker) -> None:
    reading = reading_of(PLAN)
    rows = judged(maker.begin(reading), ReviewVerdict.ACCEPTED)
    place = next(place for place, row in enumerate(rows) if row.matter is ReviewMatter.SUBJECT)
    asked = content_of(rows[place], NewSubject)
    chosen = msgspec.to_builtins(msgspec.structs.replace(asked, same="collective_agreement"))
    rows[place] = msgspec.structs.replace(rows[place], content=chosen)
    plan = plan_of(reading, rows, maker)
    assert plan.targets[0].indicator == "collective_agreement"
    assert asked.subject.id not in {subject.id for subject in plan.subjects}


def test_a_newer_version_stands_by_itself_when_the_first_is_withdrawn(maker: ReviewMaker) -> None:
    first_reading = reading_of(PLAN)
    first = plan_of(first_reading, judged(maker.begin(first_reading), ReviewVerdict.ACCEPTED), maker)
    known = (*load_plans(), first)
    proposer = make_proposer(known)
    reading = reading_of(NEWER)
    later = ReviewMaker(proposer, proposer.understanding)
    rows = judged(later.begin(reading), ReviewVerdict.ACCEPTED)
    plan = draft_plan(settle(write_identity(reading.plan), rows), later.understanding, known)
    assert plan.targets[0].indicator == first.targets[0].indicator
    assert (plan.issuer, plan.short, plan.id) == (first.issuer, first.short, "ldld-tinh-vinh-an-2026-2")
    check_plan(plan.id, plan, known, load_glossary(), replaces=[first.id])
    check_plan(plan.id, plan, load_plans(), load_glossary())


def test_the_term_is_asked_where_the_text_does_not_tell_it(maker: ReviewMaker) -> None:
    reading = reading_of(PLAN.replace(" giai đoạn 2026-2030", ""))
    issuer, term = maker.begin(reading)[:2]
    assert (issuer.verdict, term.verdict) == (ReviewVerdict.SURE, ReviewVerdict.DOUBTFUL)
    assert content_of(term, Titled).years == (2026, 2030)
    agreed = msgspec.structs.replace(term, verdict=ReviewVerdict.ACCEPTED)
    identity = read_identity(write_identity(reading.plan), [agreed])
    assert (identity.covers_from, identity.covers_to) == (2026, 2030)


@pytest.mark.parametrize("plan", load_plans(), ids=lambda plan: plan.id)
def test_a_shipped_text_is_known_again_and_its_facts_are_found(plan: Plan) -> None:
    kept = find_original(plan.id)
    assert kept is not None
    reading = reading_of(kept[1].decode())
    assert find_same(reading.plan, load_plans()) == plan
    facts = len(plan.targets) + len(plan.deadlines)
    assert len(link(plan, reading).missing) <= facts * 0.17


def test_a_number_of_the_same_digits_is_another_plan() -> None:
    known = load_plans()
    shipped = next(plan for plan in known if plan.number == "25-CTr/TU")
    read = reading_of(PLAN).plan
    same = msgspec.structs.replace(read, number=shipped.number, issuer=shipped.issuer, date=shipped.issued_on)
    assert find_same(same, known) == shipped
    assert find_same(msgspec.structs.replace(same, number="52-CTr/TU"), known) is None


@pytest.mark.parametrize("plan", load_plans(), ids=lambda plan: plan.id)
def test_a_plan_like_the_five_takes_few_taps(plan: Plan, maker: ReviewMaker) -> None:
    """One for each doubtful fact, one for all numbers, one for six subjects or duties, one to begin, one to approve."""
    kept = find_original(plan.id)
    assert kept is not None
    waiting = Counter(row.matter for row in maker.begin(reading_of(kept[1].decode())) if row.is_waiting)
    together = (ReviewMatter.SUBJECT, ReviewMatter.DUTY)
    each = sum(count for matter, count in waiting.items() if matter not in {ReviewMatter.LEFT_OVER, *together})
    taps = each + bool(waiting[ReviewMatter.LEFT_OVER]) + sum(-(-waiting[matter] // 6) for matter in together)
    assert 1 + taps + 2 <= 15


@pytest.mark.parametrize(
    ("written", "issuer", "short"),
    (
        (
            "LIÊN ĐOÀN LAO ĐỘNG TỈNH VĨNH AN BAN THƯỜNG VỤ",
            "Ban Thường vụ Liên đoàn Lao động tỉnh Vĩnh An",
            "LĐLĐ tỉnh Vĩnh An",
        ),
        ("Ban Thường vụ Thành ủy Bảo Lộc", "Ban Thường vụ Thành ủy Bảo Lộc", "Thành ủy Bảo Lộc"),
        ("CÔNG ĐOÀN CÔNG THƯƠNG VIỆT NAM", "Công đoàn Công Thương Việt Nam", "Công đoàn Công Thương Việt Nam"),
    ),
)
def test_an_issuer_is_written_as_sentences_write_it(written: str, issuer: str, short: str) -> None:
    assert write_issuer(written) == issuer
    assert short_of(issuer) == short


@pytest.mark.parametrize(
    ("who", "kinds"),
    (
        ("Các công đoàn cấp trên trực tiếp cơ sở", {UnitKind.UPPER}),
        ("Công đoàn cơ sở và công đoàn cấp trên cơ sở", {UnitKind.UPPER, *GRASSROOTS_KINDS}),
        ("Các cấp công đoàn trực thuộc", {UnitKind.UPPER, UnitKind.COMMUNE, *GRASSROOTS_KINDS}),
        ("Ban Thường vụ Thành ủy", set()),
        (None, set()),
    ),
)
def test_kinds_of_unit_are_told_by_whom_the_plan_names(who: str | None, kinds: set[UnitKind]) -> None:
    assert set(find_debtors_named(who)) == kinds


@pytest.mark.parametrize(
    ("value", "value_max", "comparator", "unit", "shown"),
    (
        (80, None, ">=", "%", "từ 80% trở lên"),
        (1500000, None, "=", "đoàn viên", "1.500.000 đoàn viên"),
        (70, 80, "range", "%", "từ 70% đến 80%"),
        (2, 3, "range", "cuộc/năm", "từ 2 đến 3 cuộc/năm"),
        (4, None, "<", "ca/100.000 lao động", "dưới 4 ca/100.000 lao động"),
        (None, None, "qualitative", None, "không nêu con số"),
    ),
)
def test_a_figure_is_shown_as_a_plan_writes_it(
    value: int | None, value_max: int | None, comparator: str, unit: str | None, shown: str, maker: ReviewMaker
) -> None:
    read = ReadTarget(
        section="I",
        quote="q",
        indicator="đoàn viên",
        value=None if value is None else Decimal(value),
        value_max=None if value_max is None else Decimal(value_max),
        comparator=Comparator(comparator),
        unit=unit,
        horizon="2030",
    )
    assert show_figure(read) == shown
    row = maker.target_row(Placed(fact=read, subject="members_total"))
    assert row.verdict is ReviewVerdict.SURE


PIECES = st.sampled_from(
    [
        *PLAN.splitlines(),
        *(
            "Đến năm 2028:",
            "Hằng năm",
            "2.5. 7 đến 9 cuộc đối thoại mỗi năm",
            "a) Không quá 1,5%",
            "1.500.000.000",
            "…",
        ),
        *(
            "Trước ngày 30/2/2027 báo cáo",
            "Định kỳ 6 tháng, các công đoàn cơ sở báo cáo",
            "100%",
            "Số: /KH",
            "LIÊN ĐOÀN",
        ),
    ]
)


@settings(max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=st.lists(PIECES | st.text(max_size=30), max_size=25), verdict=st.sampled_from([*ReviewVerdict]))
def test_any_text_is_asked_and_drafted_without_an_exception(
    lines: list[str], verdict: ReviewVerdict, maker: ReviewMaker
) -> None:
    reading = reading_of("\n".join(lines))
    asked = [row if may_be_right(row) or not row.is_waiting else dropped(row) for row in maker.begin(reading)]
    rows = judged(asked, verdict)
    assert msgspec.convert(msgspec.to_builtins(rows), list[ReviewRow]) == rows
    identity = read_identity(write_identity(reading.plan), rows)
    if identity.issuer is None or identity.covers_from is None or identity.covers_to is None:
        return
    plan = plan_of(reading, rows, maker)
    assert len(plan.targets) == sum(row.is_taken for row in rows if row.matter is ReviewMatter.TARGET)
    assert write_plan(plan)
