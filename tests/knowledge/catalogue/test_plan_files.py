"""Plans as TOML files: what is written is read as the same plan, and each fault is told with its key and mend."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.catalogue.checking import check_plan
from knowledge.catalogue.plan_files import parse_plan, write_plan
from knowledge.errors import CatalogueError
from knowledge.glossary import load_glossary
from knowledge.model.plans import Comparator, Deadline, OwnSubject, Plan, PlanState, Target, Task
from knowledge.plans import load_plans, read_plan
from tests.examples import examples

NEW_PLAN = Path(__file__).parents[1] / "data" / "new-plan" / "lamgiang-2026.toml"
KNOWN = load_plans()

SHARE = Target(
    id="a",
    indicator="a",
    figure="92,5%",
    population="a",
    section="a",
    comparator=Comparator.AT_LEAST,
    value=Decimal("92.5"),
    unit="%",
    quote="“92,5%”",
)

letters = st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\t\"'\\#[]=")
texts = st.text(letters, max_size=30)
said = st.text(letters, min_size=1, max_size=30).filter(str.strip)
lists = st.lists(texts, max_size=3).map(tuple)
lines = st.lists(st.integers(1, 999), max_size=3).map(tuple)
days = st.none() | st.dates(date(1990, 1, 1), date(2060, 1, 1))
targets = st.builds(
    lambda target, words: msgspec.structs.replace(target, **words),
    st.sampled_from(
        [
            *(target for plan in KNOWN for target in plan.targets),
            SHARE,
            msgspec.structs.replace(SHARE, figure="4,50 ca/100.000", unit="ca/100.000", value=Decimal("4.50")),
            msgspec.structs.replace(SHARE, figure="1.500.000 người", unit="người", value=Decimal("1.5E+6")),
        ]
    ),
    st.fixed_dictionaries(
        {"id": texts, "population": texts, "section": texts, "note": st.none() | texts, "lines": lines}
    ),
)
deadlines = st.builds(
    Deadline,
    id=texts,
    what=texts,
    when=texts,
    who=texts,
    section=texts,
    due=days.filter(bool),
    keywords=lists,
    to=texts,
)
tasks = st.builds(Task, section=texts, summary=texts, lead=lists, with_=lists, roles=st.just(("lead",)), lines=lines)
subjects = st.builds(OwnSubject, id=texts, name=texts, names=lists, short=st.none() | texts)


def several(what: st.SearchStrategy[Any], key: str) -> st.SearchStrategy[Any]:
    return st.lists(what, max_size=4, unique_by=lambda each: getattr(each, key)).map(tuple)


whole_plans = st.builds(
    Plan,
    id=st.from_regex(r"[a-z0-9]{1,20}(-[a-z0-9]{1,10}){0,2}", fullmatch=True),
    **dict.fromkeys(("kind", "title", "short", "issuer", "place", "scope"), said),
    carries_out=lists,
    aliases=st.lists(said, min_size=1, max_size=3).map(tuple),
    covers_from=st.integers(1990, 2026),
    covers_to=st.integers(2026, 2050),
    number=st.none() | texts,
    issued_on=days,
    state=st.sampled_from(PlanState),
    state_since=days,
    replaced_by=st.none() | texts,
    recipients=lists,
    subjects=several(subjects, "id"),
    targets=several(targets, "id"),
    deadlines=several(deadlines, "id"),
    tasks=st.lists(tasks, min_size=1, max_size=4, unique_by=lambda task: task.section).map(tuple),
)


@pytest.mark.parametrize("plan", [*KNOWN, read_plan(NEW_PLAN)], ids=lambda plan: plan.id)
def test_a_plan_is_written_as_it_was_read(plan: Plan) -> None:
    assert parse_plan("plan.toml", write_plan(plan)) == plan


@settings(max_examples=examples(60), deadline=None)
@given(whole_plans)
def test_any_plan_is_written_as_it_was_read(plan: Plan) -> None:
    assert parse_plan("plan.toml", write_plan(plan)) == plan


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
TASK = '[[tasks]]\nsection = "III.1"\nsummary = "thử"\n'
SOUND = PLAN + TARGET + TASK


@pytest.mark.parametrize(
    ("content", "key", "mend"),
    [
        ("id = ", "not valid TOML", "quotation marks"),
        ("[" * 3000, "not valid TOML", ""),
        ("x = " + "[" * 3000, "not valid TOML", "brackets"),
        ("x = " + "9" * 5000, "not valid TOML", ""),
        ('name = "x"', "no plan", "id, kind, title"),
        (PLAN, "says nothing", "[[targets]]"),
        (SOUND.replace('kind = "Kế hoạch"\n', ""), "the key kind is missing", "a text in quotation marks"),
        ('isuer = "x"' + SOUND, "unknown key isuer", "did you mean issuer?"),
        (SOUND.replace('figure = "80%"', 'figur = "80%"'), "$.targets[0] (id a)", "did you mean figure?"),
        ('colour = "x"' + SOUND, "unknown key colour", "known are id, kind"),
        (SOUND.replace("covers_to = 2025", 'covers_to = "2025"'), "$.covers_to", "without quotation marks, like 2026"),
        (SOUND.replace("covers_to = 2025", "covers_to = 25"), "$.covers_to", "write it like 2026"),
        (SOUND.replace("covers_to = 2025", "covers_to = 2020"), "$.covers_to", "the last year"),
        (SOUND.replace('["thử"]', '"thử"'), "$.aliases", 'a list like ["…", "…"]'),
        (SOUND.replace('aliases = ["thử"]', "aliases = []"), "$.aliases", 'like ["…"]'),
        ('issued_on = "1/2/2026"' + SOUND, "$.issued_on", "like 2026-01-20"),
        ("issued_on = 2026-01-20T10:00:00" + SOUND, "$.issued_on", "like 2026-01-20"),
        ('state = "inforce"' + SOUND, "$.state", "did you mean in_force?"),
        (SOUND.replace('"="', '"≥"'), "$.targets[0].comparator (id a)", "known are >="),
        (SOUND.replace("value = 80", "value = 90"), "$.targets[0] (id a)", "write the same numbers"),
        (SOUND + 'roles = ["dance"]\n', "$.tasks[0] (section III.1)", "write lead, follow_up"),
        (SOUND.replace('unit = "%"\n', ""), "$.targets[0] (id a)", "unit"),
        (SOUND.replace('id = "thu"', 'id = "Kế hoạch"'), "$.id", "small Latin letters"),
        (SOUND.replace('id = "thu"', f'id = "{"a" * 51}"'), "$.id", "up to 50"),
        (SOUND.replace('short = "Thử"', 'short = " "'), "$.short", "write the plan's own"),
        (SOUND.replace('summary = "thử"', 'summary = "th\\u0000ử"'), "$.tasks[0].summary", "remove it"),
        (SOUND + TASK, "task sections not unique: III.1", "its own"),
        (PLAN + 'tasks = ["x"]', "$.tasks[0]", "[[tasks]]"),
        ("targets = 3" + PLAN, "$.targets", "[[targets]]"),
    ],
)
def test_a_fault_is_told_in_one_sentence_with_its_mend(content: str, key: str, mend: str) -> None:
    with pytest.raises(CatalogueError) as caught:
        parse_plan("thu.toml", content)
    told = str(caught.value)
    assert told.startswith("thu.toml: ")
    assert key in told
    assert mend in told.partition(key)[2]
    assert "\n" not in told


def test_a_byte_order_mark_is_no_fault() -> None:
    assert parse_plan("thu.toml", "\ufeff" + SOUND) == parse_plan("thu.toml", SOUND)


@given(st.text(max_size=60) | st.text(st.sampled_from('a=["]\n0.1{}#'), max_size=40))
def test_no_text_fails_in_another_way(text: str) -> None:
    with pytest.raises(CatalogueError):
        parse_plan("thu.toml", text)


def change(**values: Any) -> Plan:
    return msgspec.structs.replace(parse_plan("thu.toml", SOUND), **values)


def aim(**values: Any) -> Plan:
    target: Target = msgspec.structs.replace(parse_plan("thu.toml", SOUND).targets[0], **values)
    return change(targets=(target,))


OTHER = change(
    id="other",
    number="7/KH-X",
    issued_on=date(2026, 1, 20),
    issuer="Công đoàn Khác",
    short="Khác",
    place="nơi khác",
    aliases=("khác", "7/kh-x"),
    subjects=(OwnSubject(id="bookcases", name="Tủ sách", names=("kệ sách",)),),
)


@pytest.mark.parametrize(
    ("plan", "key", "mend"),
    [
        (aim(indicator="member_total"), "$.targets[0].indicator (id a)", "did you mean members_total?"),
        (aim(indicator="xyzzy"), "$.targets[0].indicator (id a)", "add it under [[subjects]]"),
        (aim(scopes=("stat",)), "$.targets[0].scopes (id a)", "did you mean state?"),
        (change(subjects=(OwnSubject(id="a", name="…"),)), "subject a has a name without words", "write its words"),
        (
            change(subjects=(OwnSubject(id="racks", name="Giá gỗ", names=("kệ sách",)),)),
            "“kệ sách” means the subject bookcases",
            "let targets name bookcases",
        ),
        (
            change(subjects=(OwnSubject(id="racks", name="Giá gỗ", names=("đối thoại",)),)),
            "“đối thoại” means the subject workplace_dialogue",
            "remove “đối thoại”",
        ),
        (change(subjects=(OwnSubject(id="bookcases", name="Giá sách"),)), "calls it “Tủ sách”", "take that name"),
        (change(aliases=("thử", "7/KH-X")), "$.aliases[1]", "remove it"),
        (
            change(number="7/KH-X", issued_on=date(2026, 1, 20), issuer="Công đoàn Khác"),
            "$.number: 7/KH-X is the plan other",
            "take that id",
        ),
    ],
)
def test_what_does_not_fit_the_known_plans_is_told_with_its_mend(plan: Plan, key: str, mend: str) -> None:
    with pytest.raises(CatalogueError) as caught:
        check_plan("thu.toml", plan, (*KNOWN, OTHER), load_glossary())
    told = str(caught.value)
    assert told.startswith("thu.toml: ")
    assert key in told
    assert mend in told
    assert "\n" not in told


@pytest.mark.parametrize(
    "plan",
    [
        change(),
        msgspec.structs.replace(OTHER, number="8/KH"),
        change(id="next", issuer="Công đoàn Khác", aliases=("khác",)),
        change(place="nơi khác", aliases=("khác",)),
        change(aliases=("7/kh-x",), state=PlanState.ENDED),
        aim(indicator="bookcases", scopes=("from_40",)),
        change(subjects=(OwnSubject(id="workplace_dialogue", name="Đối thoại", names=("gặp gỡ chủ",)),)),
        change(subjects=(OwnSubject(id="racks", name="Tủ sách"),)),
    ],
)
def test_what_fits_is_left_alone(plan: Plan) -> None:
    check_plan("thu.toml", plan, (*KNOWN, OTHER), load_glossary())


def test_the_known_plans_fit_each_other() -> None:
    every = (*KNOWN, read_plan(NEW_PLAN))
    for plan in every:
        check_plan(plan.id, plan, every, load_glossary())
