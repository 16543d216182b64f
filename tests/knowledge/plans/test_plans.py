"""Every plan of the catalogue: whole, in our own words, and nothing in it that its text does not say.

Checks that need the texts as received look for them in `../shared/plans` beside the repository; without them they
are skipped.
"""

from __future__ import annotations

import calendar
import re
import tomllib
import unicodedata
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path

import pytest

from knowledge.errors import CatalogueError
from knowledge.model.plans import Plan, PlanState
from knowledge.plans import load_plans, read_plan

REPOSITORY = Path(__file__).parents[3]
TEXTS = REPOSITORY.parent / "shared" / "plans"
LONGEST_SUMMARY = 380
LONGEST_COPY = 11
NAMES_WITH_FIGURES = {"4.0"}
"""Figures that are part of a name officers search by ("công nghiệp 4.0"), not a figure of the plan."""

_QUOTED = re.compile(r"“[^”]*”")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})|ngày (\d{1,2}) tháng (\d{1,2}) năm (\d{4})")
_DOCUMENT = re.compile(r"(?<![\d/])\w*\d+[-/](?=\w*[^\W\d_])\w+(?:[-/][^\W\d_]+)*")
_SYLLABLE = re.compile(r"[^\W\d_]+")

plans = pytest.mark.parametrize("plan", load_plans(), ids=lambda plan: plan.id)


def fold(text: str) -> str:
    """Composed, lower case, old-font letters mended, every run of white space one blank."""
    mended = text.replace("ƣ", "ư").replace("Ƣ", "Ư")
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", mended)).lower()


def text_of(plan: Plan) -> str:
    """The folded text of a plan as it was received; skips the test where the texts are absent."""
    file = TEXTS / f"{plan.id}.txt"
    if not file.exists():
        pytest.skip(f"the plan's text as received is not here: {file.name}")
    return fold(file.read_text(encoding="utf-8"))


def numbers(text: str) -> set[str]:
    """Every number of a text without leading zeros; one with thousands also without their dots."""
    written = {piece.lstrip("0") or "0" for piece in _NUMBER.findall(text)}
    return written | {number.replace(".", "") for number in written if re.fullmatch(r"\d{1,3}(?:\.\d{3})+", number)}


def dates(text: str) -> set[date]:
    """Every full date of a text, in figures or in words."""
    found = ([int(part) for part in match if part] for match in _DATE.findall(text))
    return {date(year, month, day) for day, month, year in found}


def unspaced(text: str) -> str:
    """A text without any blank, so that a document's number broken over two lines is found whole."""
    return re.sub(r"\s", "", fold(text))


def prose(plan: Plan) -> list[tuple[str, str]]:
    """Where and what: every sentence of a plan's rows that speaks for the plan."""
    rows = [(f"target {t.id}", f"{t.figure}. {t.population}. {t.note or ''}") for t in plan.targets]
    rows += [
        (f"deadline {d.id}", ". ".join([d.what, d.when, d.who, d.to or "", d.via or "", *d.keywords]))
        for d in plan.deadlines
    ]
    return rows + [(f"task {t.section}", ". ".join([t.summary, *t.keywords, *t.lead, *t.with_])) for t in plan.tasks]


def runs(text: str, length: int) -> set[tuple[str, ...]]:
    """Every run of `length` consecutive syllables, blind to case, figures and punctuation."""
    syllables = _SYLLABLE.findall(fold(text))
    return {tuple(syllables[start : start + length]) for start in range(len(syllables) - length + 1)}


def test_five_plans_are_known() -> None:
    assert {plan.id for plan in load_plans()} >= {
        "baoloc-nq02-2021",
        "hcm-nq02-2022",
        "quangtri-nq02-2021",
        "vuit-nq02-2021",
        "vuit-soket-2020",
    }


@plans
def test_identity_is_complete(plan: Plan) -> None:
    assert plan.title and plan.short and plan.issuer and plan.place and plan.carries_out
    assert plan.aliases, "nobody could name it"
    assert plan.covers_from <= plan.covers_to
    assert (plan.number is None) or plan.issued_on, "a number without a date"
    assert (plan.state is PlanState.IN_FORCE) == (plan.state_note is None)


@plans
def test_aliases_are_told_apart(plan: Plan) -> None:
    assert len(set(plan.aliases)) == len(plan.aliases)
    for other in load_plans():
        if other is not plan:
            assert not set(plan.aliases) & set(other.aliases), f"also names {other.id}"


@plans
def test_every_row_has_a_section(plan: Plan) -> None:
    sections = [t.section for t in plan.targets] + [d.section for d in plan.deadlines] + [t.section for t in plan.tasks]
    assert all(section and section == section.strip() for section in sections)


@plans
def test_every_plan_has_targets_or_deadlines_and_tasks(plan: Plan) -> None:
    assert plan.tasks
    assert plan.targets or plan.deadlines


@plans
def test_summaries_are_one_short_line(plan: Plan) -> None:
    long = {task.section: len(task.summary) for task in plan.tasks if len(task.summary) > LONGEST_SUMMARY}
    broken = [task.section for task in plan.tasks if "\n" in task.summary or task.summary != task.summary.strip()]
    assert not long
    assert not broken


@plans
def test_tasks_can_be_searched_by_more_than_their_summary(plan: Plan) -> None:
    poor = [task.section for task in plan.tasks if len(task.keywords) < 3]
    doubled = [task.section for task in plan.tasks if len(set(task.keywords)) < len(task.keywords)]
    assert not poor
    assert not doubled


@plans
def test_a_plan_keeps_to_one_figure_a_population_and_year(plan: Plan) -> None:
    seen = [(t.indicator, t.horizon, t.population) for t in plan.targets]
    assert len(set(seen)) == len(seen)


@plans
def test_rows_are_in_our_own_words(plan: Plan) -> None:
    copied = runs(text_of(plan), LONGEST_COPY + 1)
    rows = [(f"task {task.section}", task.summary) for task in plan.tasks]
    rows += [(f"deadline {deadline.id}", deadline.what) for deadline in plan.deadlines]
    repeated = {
        f"{where}: {' '.join(run)}"
        for where, words in rows
        for part in _QUOTED.split(words)
        for run in runs(part, LONGEST_COPY + 1) & copied
    }
    assert not repeated


@plans
def test_every_figure_stands_in_the_text(plan: Plan) -> None:
    stated = numbers(text_of(plan)) | NAMES_WITH_FIGURES
    for where, words in prose(plan):
        assert numbers(words) <= stated, where
    for target in plan.targets:
        for value in (target.value, target.value_max):
            assert value is None or str(value) in stated, f"target {target.id}"


@plans
def test_every_date_stands_in_the_text(plan: Plan) -> None:
    stated = dates(text_of(plan))
    for where, words in [*prose(plan), ("carries_out", ". ".join(plan.carries_out)), ("title", plan.title)]:
        assert dates(words) <= stated, where
    assert plan.issued_on is None or plan.issued_on in stated


@plans
def test_every_document_number_stands_in_the_text(plan: Plan) -> None:
    text = unspaced(text_of(plan))
    assert plan.number is None or unspaced(plan.number) in text
    for task in plan.tasks:
        absent = [ref for ref in task.refs if unspaced(ref) not in text]
        assert not absent, f"task {task.section}"
    for where, words in [*prose(plan), ("carries_out", ". ".join(plan.carries_out)), ("title", plan.title)]:
        absent = [number for number in _DOCUMENT.findall(words) if unspaced(number) not in text]
        assert not absent, where


@plans
def test_people_named_stand_in_the_text(plan: Plan) -> None:
    text = text_of(plan)
    assert plan.signer is None or fold(plan.signer) in text
    assert plan.signer_title is None or fold(plan.signer_title) in text


@plans
def test_due_dates_follow_from_the_words_of_the_plan(plan: Plan) -> None:
    for deadline in plan.deadlines:
        if deadline.due is None:
            continue
        before = {day - timedelta(days=1) for day in dates(deadline.when)} if "trước ngày" in deadline.when else set()
        months = re.findall(r"(?<!/)\b(\d{1,2})/(\d{4})", deadline.when)
        month_ends = {date(int(y), int(m), calendar.monthrange(int(y), int(m))[1]) for m, y in months}
        year_ends = {date(int(year), 12, 31) for year in re.findall(r"\b20\d\d\b", deadline.when)}
        assert deadline.due in before | (dates(deadline.when) - before) | month_ends | year_ends, deadline.id


def test_indicators_and_populations_are_of_the_glossary() -> None:
    glossary = tomllib.loads(files("knowledge").joinpath("glossary.toml").read_text(encoding="utf-8"))
    subjects = {subject["id"] for subject in glossary["subjects"]}
    scopes = {scope["id"] for scope in glossary["scopes"]}
    for plan in load_plans():
        for target in plan.targets:
            assert target.indicator in subjects, f"{plan.id}: {target.id}"
            assert set(target.scopes) <= scopes, f"{plan.id}: {target.id}"


PLAN = """
id = "thu"
kind = "Kế hoạch"
title = "Thử"
short = "Thử"
issuer = "Thử"
place = "Thử"
carries_out = ["Thử"]
aliases = ["thử"]
covers_from = 2021
covers_to = 2025
scope = "thử"
"""
TARGET = """
[[targets]]
id = "a"
indicator = "members_total"
figure = "80%"
value = 80
unit = "%"
comparator = "="
horizon = "2025"
population = "thử"
section = "II"
"""
DEADLINE = '[[deadlines]]\nid = "a"\nwhat = "thử"\nwhen = "định kỳ"\nwho = "thử"\nsection = "I"\n'
TASK = '[[tasks]]\nsection = "III.1"\nsummary = "thử"\n'


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ("id = ", "TOML"),  # no TOML at all
        (PLAN.replace('kind = "Kế hoạch"\n', ""), "kind"),  # a key is missing
        (PLAN + 'colour = "đỏ"\n', "colour"),  # a key nobody knows
        (PLAN.replace("covers_to = 2025", 'covers_to = "2025"'), "$.covers_to"),  # a year as text
        (PLAN + TARGET.replace('horizon = "2025"', 'horizon = "khi nào xong"'), "$.targets[0]"),  # no horizon
        (PLAN + TARGET.replace("value = 80", "value = 90"), "$.targets[0]"),  # figure and value differ
        (PLAN + TARGET.replace('comparator = "="', 'comparator = "≥"'), "$.targets[0].comparator"),  # unknown sign
        (PLAN + TARGET.replace('"="', '"range"'), "$.targets[0]"),  # a range without its end
        (PLAN + TARGET.replace('unit = "%"\n', ""), "$.targets[0]"),  # a value without a unit
        (PLAN + TARGET + TARGET, "target ids"),  # one id twice
        (PLAN + DEADLINE, "$.deadlines[0]"),  # never falls due
        (PLAN + DEADLINE + 'recurrence = "mỗi tuần"\n', "$.deadlines[0]"),  # unknown recurrence
        (PLAN + DEADLINE + "due = 2021-01-14\nrecurrence = 'yearly'\n", "$.deadlines[0]"),  # once and again
        (PLAN + 2 * (DEADLINE + "due = 2021-01-14\n"), "deadline ids"),  # one id twice
        (PLAN + TASK + 'roles = ["dance"]\n', "$.tasks[0]"),  # unknown role
        (PLAN + TASK + TASK, "task sections"),  # one section twice
    ],
)
def test_a_fault_names_file_and_key(content: str, place: str, tmp_path: Path) -> None:
    file = tmp_path / "thu.toml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(CatalogueError) as caught:
        read_plan(file)
    assert "thu.toml" in str(caught.value)
    assert place in str(caught.value)


def test_a_sound_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "thu.toml"
    file.write_text(PLAN + TARGET + DEADLINE + "due = 2021-01-14\n" + TASK, encoding="utf-8")
    plan = read_plan(file)
    assert (len(plan.targets), len(plan.deadlines), len(plan.tasks)) == (1, 1, 1)
    assert plan.citation == "Thử"
