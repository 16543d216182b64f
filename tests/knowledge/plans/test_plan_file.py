"""The page about plan files is right: its example is read and answered, it names every key, its rules are rules."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.terminal.answering import TerminalReply, as_json
from knowledge.answer import Adviser
from knowledge.calendar.duties import find_occurrences, find_rule
from knowledge.calendar.rules import Rule
from knowledge.catalogue.plan_files import parse_plan, write_plan
from knowledge.errors import CatalogueError
from knowledge.forms import load_forms
from knowledge.glossary import load_glossary
from knowledge.model.answers import Answer, AnswerKind
from knowledge.model.plans import Comparator, Deadline, OwnSubject, Plan, Target, Task
from knowledge.numbers import format_decimal
from knowledge.plans import load_plans, read_plan
from knowledge.question import Understanding

PAGE = (Path(__file__).parents[3] / "docs" / "plan-file.md").read_text(encoding="utf-8")
EXAMPLE = PAGE.partition("```toml\n")[2].partition("```")[0]
TABLES = dict(re.findall(r"^## `\[\[(\w+)\]\][^\n]*\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    return read_example(tmp_path, EXAMPLE)


def read_example(folder: Path, text: str) -> Plan:
    file = folder / "langson-2026.toml"
    file.write_text(text, encoding="utf-8")
    return read_plan(file)


@cache
def adviser(plan: Plan) -> Adviser:
    return Adviser(Understanding((*load_plans(), plan), load_glossary()), load_forms())


def ask(plan: Plan, *lines: str) -> tuple[Answer, str]:
    """The answer to the last of some lines, each leaning on the one before it, and what is said."""
    answer = adviser(plan).ask(lines[0])
    for line in lines[1:]:
        answer = adviser(plan).ask(line, answer.question)
    return answer, TerminalReply(answer).text


def test_the_example_holds_every_odd_figure_exactly(plan: Plan) -> None:
    values = {target.id: target.values for target in plan.targets}
    assert values == {
        "agreements": (Decimal("92.5"),),
        "members": (Decimal(2), Decimal("2.5")),
        "accidents-rate": (Decimal(4),),
        "income-2030": (Decimal("1.5"),),
        "income-2035": (Decimal("2.25"),),
        "dialogue": (),
    }
    assert [target.horizon for target in plan.targets] == ["2030", "2030", None, "2030", "2035", "annual"]
    assert plan.targets[0].quote is not None


@given(st.decimals(min_value=0, max_value=10**9, places=4))
def test_any_decimal_survives_its_file(value: Decimal) -> None:
    plan = parse_plan("langson-2026.toml", EXAMPLE)
    target = msgspec.structs.replace(plan.targets[0], figure=f"{format_decimal(value)}%", value=value)
    changed = msgspec.structs.replace(plan, targets=(target, *plan.targets[1:]))
    again = parse_plan("langson-2026.toml", write_plan(changed))
    assert again == changed
    assert again.targets[0].value == value


def test_a_plan_survives_json(plan: Plan) -> None:
    assert msgspec.json.decode(msgspec.json.encode(plan), type=Plan) == plan


@pytest.mark.parametrize(
    ("shape", "part"),
    [
        (Plan, PAGE.partition("## The plan")[2].partition("## ")[0]),
        (OwnSubject, TABLES["subjects"]),
        (Target, TABLES["targets"]),
        (Deadline, TABLES["deadlines"]),
        (Task, TABLES["tasks"]),
    ],
)
def test_every_key_is_told(shape: type[msgspec.Struct], part: str) -> None:
    told = set(re.findall(r"`(\w+)`", part))
    lists = {"subjects", "targets", "deadlines", "tasks"}
    assert {field.encode_name for field in msgspec.structs.fields(shape)} - lists <= told


def test_its_rules_say_what_the_words_say() -> None:
    rows = re.findall(r"^\| ([^|]+?) \| `(month[^`]+)` \|$", PAGE, re.MULTILINE)
    assert len(rows) == 5
    for words, code in rows:
        deadline = Deadline("x", "x", words, "x", "I", recurrence="regular", rule=code)
        same = Deadline("x", "x", words, "x", "I", recurrence="regular")
        days = list(find_occurrences(deadline, date(2026, 1, 1), date(2027, 12, 31)))
        assert days
        assert Rule.parse(code).code == code
        if find_rule(same) is not None:
            assert list(find_occurrences(same, date(2026, 1, 1), date(2027, 12, 31))) == days


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('rule = "month/12:10.d30-1"', 'rule = "30/11"', r"deadlines\[0\]\.rule.*|.*rule = 'month/12:10\.d29'"),
        ('rule = "month/12:10.d30-1"', 'rule = "once:2026-11-30"', "no rule of days that come again"),
        ('rule = "month/12:10.d30-1"', 'rule = "month/12:10.w4"', "no rule of days that come again"),
        ("value = 92.5", "value = 92", r"targets\[0\].*figure shows 92,5, but the target states 92: write the same"),
        ('recurrence = "monthly"', 'recurrence = "mỗi tháng"', "write monthly"),
        ('horizon = "2035"', 'horizon = "3035"', "a year or left out"),
    ],
)
def test_what_is_wrong_is_named_with_its_mend(old: str, new: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=said) as caught:
        read_example(tmp_path, EXAMPLE.replace(old, new, 1))
    assert "langson-2026.toml" in str(caught.value)


@pytest.mark.parametrize(
    ("asked", "figure"),
    [
        ("92,5% là chỉ tiêu gì", "92,5% trở lên"),
        ("92.5 % là của ai", "92,5% trở lên"),
        ("1,5 lần là chỉ tiêu gì?", "1,5 lần"),
        ("4 ca/100.000 lao động là chỉ tiêu gì", "còn dưới 4 ca/100.000 lao động"),
        ("dưới 4 ca trên 100 nghìn lao động là của ai", "còn dưới 4 ca/100.000 lao động"),
        ("chỉ tiêu tai nạn lao động Lạng Sơn 2028", "Không nêu năm: còn dưới 4 ca/100.000 lao động"),
        ("Lạng Sơn phát triển đoàn viên mới 2030", "Mỗi năm đến 2030: bình quân tăng 2 – 2,5%"),
        ("Lạng Sơn đối thoại", "Hằng năm: hầu hết"),
    ],
)
def test_a_figure_is_found_and_written_as_the_plan_writes_it(asked: str, figure: str, plan: Plan) -> None:
    answer, said = ask(plan, asked)
    assert answer.kind is AnswerKind.TARGETS
    assert {fact.plan.id for fact in answer.facts} == {plan.id}
    assert figure in said


@pytest.mark.parametrize(
    ("lines", "verdict"),
    [
        (["Lạng Sơn đặt thỏa ước 92,5% đúng không"], "Đúng, kế hoạch đặt như vậy."),
        (["Lạng Sơn đặt thỏa ước 92% đúng không"], "Chưa đúng: LĐLĐ Lạng Sơn đặt 92,5% trở lên."),
        (["Lạng Sơn thu nhập đoàn viên 2030", "đúng là 1,5 lần không"], "Đúng, kế hoạch đặt như vậy."),
        (["Lạng Sơn thu nhập đoàn viên 2030", "đúng là 1,6 lần không"], "Chưa đúng: LĐLĐ Lạng Sơn đặt 1,5 lần."),
        (["chỉ tiêu tai nạn lao động Lạng Sơn", "đúng là 4 ca/100.000 lao động không"], "Đúng, kế hoạch"),
        (["Lạng Sơn tai nạn lao động 3 ca/100.000 lao động là đạt chưa"], "Đạt mức còn dưới 4 ca/100.000"),
        (["Lạng Sơn tai nạn lao động 4 ca/100.000 lao động là đạt chưa"], "Chưa đạt mức còn dưới 4 ca/100.000"),
        (["Lạng Sơn thỏa ước 91,5% là đạt chưa"], "Chưa đạt mức 92,5% trở lên"),
        (["Lạng Sơn thỏa ước 92,6% là đạt chưa"], "Đạt mức 92,5% trở lên"),
        (["Lạng Sơn thu nhập đoàn viên 2030 và 2035 chênh nhau bao nhiêu"], "Chênh nhau 0,75 lần (2,25 − 1,5)."),
    ],
)
def test_a_quoted_figure_is_judged_exactly(lines: list[str], verdict: str, plan: Plan) -> None:
    assert verdict in ask(plan, *lines)[1]


@pytest.mark.parametrize("figure", ["92,4%", "0,925%", "1,5%", "4%", "92,5 lần"])
def test_a_figure_that_no_plan_sets_in_that_unit_is_no_figure_of_a_plan(figure: str, plan: Plan) -> None:
    found = ask(plan, f"{figure} là chỉ tiêu gì")[0]
    assert found.status == "not_found"
    assert not found.groups


def test_a_percentage_is_not_held_against_what_is_no_percentage(plan: Plan) -> None:
    said = ask(plan, "Lạng Sơn đặt thu nhập đoàn viên 2030 là 1,5% đúng không")[1]
    assert "Chưa đúng: LĐLĐ Lạng Sơn đặt 1,5 lần." in said
    assert "ạt mức" not in ask(plan, "Lạng Sơn thu nhập đoàn viên 2030 được 2% là đạt chưa")[1]


def test_the_terminal_writes_numbers_exactly(plan: Plan) -> None:
    def facts(asked: str) -> list[tuple[object, ...]]:
        found = json.loads(as_json(TerminalReply(ask(plan, asked)[0])), parse_float=Decimal)["facts"]
        return [tuple(fact[key] for key in ("value", "value_max", "comparator", "unit", "horizon")) for fact in found]

    assert facts("Lạng Sơn thỏa ước 2030") == [(Decimal("92.5"), None, Comparator.AT_LEAST, "%", "2030")]
    rate = facts("Lạng Sơn tai nạn lao động")
    assert rate == [(4, None, Comparator.LESS_THAN, "ca/100.000 lao động", None)]
    assert isinstance(rate[0][0], int)
    assert facts("Lạng Sơn kết nạp đoàn viên mới 2030") == [(2, Decimal("2.5"), Comparator.RANGE, "%", "2030")]


def test_a_yearly_deadline_is_told_with_its_last_day(plan: Plan) -> None:
    said = ask(plan, "Lạng Sơn báo cáo kết quả thực hiện kế hoạch gửi trước ngày nào")[1]
    assert "trước ngày 30/11 hằng năm (chậm nhất 29/11)" in said


def test_its_deadlines_fall_on_the_days_that_it_says(plan: Plan) -> None:
    yearly, monthly = plan.deadlines
    first, last = date(2026, 10, 1), date(2026, 12, 31)
    assert [(each.on, each.assumed) for each in find_occurrences(yearly, first, last)] == [(date(2026, 11, 29), False)]
    assert [each.on for each in find_occurrences(monthly, first, last)] == [
        date(2026, 10, 25),
        date(2026, 11, 25),
        date(2026, 12, 25),
    ]
