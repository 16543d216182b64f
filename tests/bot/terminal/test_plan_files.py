"""The operator's commands for plans, as they are typed: in, out, and what becomes of them."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from knowledge.catalogue.plan_files import parse_plan, write_plan
from knowledge.model.plans import Plan
from knowledge.plans import load_plans
from tests.bot.terminal.typed import Typed, make_home

ROOT = Path(__file__).parents[3]
NEW_PLAN = ROOT / "tests" / "knowledge" / "data" / "new-plan" / "lamgiang-2026.toml"
NEW, OLD, SHIPPED = "lamgiang-2026", "vuit-nq02-2021", {plan.id: plan for plan in load_plans()}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a new plan's file, where no database was made yet."""
    folder = make_home(tmp_path, monkeypatch)
    shutil.copy(NEW_PLAN, folder / "new.toml")
    return folder


@pytest.fixture
def engine(home: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same with a database on each engine."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    return home


TYPED = Typed("plans")
troly, said, refused = TYPED.run, TYPED.said, TYPED.refused


def states() -> dict[str, str]:
    """The state that `plans list` shows of each plan."""
    lines = [
        re.fullmatch(r"(\S+) .*?, (?:[\d/]+|no date), (.*): \d+ targets, .*", line)
        for line in said("list").splitlines()
    ]
    return {line[1]: line[2] for line in lines if line is not None}


def write(home: Path, plan: Plan, name: str = "changed.toml") -> str:
    (home / name).write_text(write_plan(plan), encoding="utf-8")
    return name


def changed(**values: object) -> Plan:
    return msgspec.structs.replace(parse_plan("new.toml", NEW_PLAN.read_text(encoding="utf-8")), **values)


def test_without_a_database_none_is_made(home: Path) -> None:
    assert states() == {
        "baoloc-nq02-2021": "issuer reorganised",
        "hcm-nq02-2022": "issuer reorganised",
        "quangtri-nq02-2021": "issuer reorganised",
        OLD: "in force",
        "vuit-soket-2020": "ended with 2023",
    }
    assert said("check", "new.toml") == "1 files checked, nothing is wrong with them"
    assert parse_plan("out", said("export", OLD)) == SHIPPED[OLD]
    assert parse_plan("out", said("export", "25-ctr/tu")) == SHIPPED["hcm-nq02-2022"]
    assert "comes with the program" in said("add", write(home, SHIPPED[OLD]), "--approve")
    assert refused("export", "vuit-nq02-2022") == f"no plan 'vuit-nq02-2022'; did you mean {OLD}?"
    assert not (home / "troly.db").exists()


def test_a_plan_enters_is_replaced_and_leaves(engine: Path) -> None:
    assert said("add", "new.toml").startswith(f"{NEW}: read, to be approved")
    assert states()[NEW] == "read, not approved"
    assert "same content (read, not approved); nothing changed" in said("add", "new.toml")
    assert said("add", "new.toml", "--approve") == f"{NEW}: in force from 20/01/2026"
    assert "in force already with the same content" in said("add", "new.toml", "--approve")
    assert states()[NEW] == "in force"
    assert said("replace", "A15/KH-CĐCT", NEW).startswith(f"{OLD} is replaced by {NEW}")
    assert states()[OLD] == f"replaced by {NEW}"
    assert f"{OLD} is replaced by {NEW} already" in refused("replace", OLD, NEW)
    assert "cannot be replaced by what it replaced itself" in refused("replace", NEW, OLD)
    assert said("withdraw", NEW).startswith(f"{NEW} is withdrawn; in force again: {OLD};")
    assert (states()[OLD], states()[NEW]) == ("in force", "withdrawn")
    assert f"troly plans restore {NEW}" in refused("withdraw", NEW)
    assert said("restore", NEW) == f"{NEW}: in force again; replaced by it again: {OLD}"
    assert refused("restore", NEW) == f"{NEW} is in force from 20/01/2026, not withdrawn"
    assert parse_plan("out", said("export", NEW)) == changed()


def test_a_plan_takes_the_place_of_another_in_one_step(home: Path) -> None:
    said("withdraw", OLD)
    assert "is withdrawn already" in refused("add", "new.toml", "--approve", "--replaces", OLD)
    assert NEW not in states(), "half of it was stored"
    said("restore", OLD)
    assert said("add", "new.toml", "--approve", "--replaces", OLD).endswith(f", in the place of {OLD}")
    assert "nothing changed" in said("add", "new.toml", "--approve", "--replaces", OLD)
    assert states()[OLD] == f"replaced by {NEW}"
    troly("add", "new.toml", "--replaces", OLD, code=2)


def test_what_waits_is_dropped(home: Path) -> None:
    said("add", "new.toml")
    assert "dropped" in said("withdraw", NEW)
    assert NEW not in states()
    assert f"no plan '{NEW}'" in refused("withdraw", NEW)


def test_another_content_of_a_known_id_is_refused_with_the_mend(home: Path) -> None:
    said("add", "new.toml", "--approve")
    other = write(home, changed(signer="Ai đó"))
    assert refused("add", other) == (
        f"{NEW} is in force from 20/01/2026 with another content; give the new plan an id of its own and let it "
        f"replace that one, or troly plans withdraw {NEW} first"
    )
    said("withdraw", NEW)
    said("add", other, "--approve")
    assert 'signer = "Ai đó"' in said("export", NEW)


def test_a_shipped_plan_that_was_bettered_stands_instead(home: Path) -> None:
    said("add", write(home, msgspec.structs.replace(SHIPPED[OLD], signer="Ai đó")))
    assert len(said("list").splitlines()) == 6
    said("add", "changed.toml", "--approve")
    assert len(said("list").splitlines()) == 5
    assert 'signer = "Ai đó"' in said("export", OLD)


def test_a_plan_of_a_day_to_come_waits_for_it(home: Path) -> None:
    said("add", write(home, changed(issued_on=None)), "--approve")
    assert states()[NEW] == "in force"
    said("withdraw", NEW)
    said("add", write(home, changed(issued_on=SHIPPED[OLD].issued_on.replace(year=2150))), "--approve")  # type: ignore[union-attr]
    assert states()[NEW] == "in force from 06/10/2150"


def test_files_are_checked_against_what_is_known_and_each_other(home: Path) -> None:
    said("add", "new.toml", "--approve")
    said("check", "new.toml", write(home, changed(id="next-2031", number="9/KH", subjects=())))
    unknown = changed(targets=(msgspec.structs.replace(changed().targets[0], indicator="bookcase"),))
    found = troly("check", "new.toml", write(home, unknown, "unknown.toml"), "absent.toml", code=1)
    of_subject, of_file = found.stdout.splitlines()
    assert of_subject.startswith(
        f"unknown.toml: $.targets[0].indicator (id {unknown.targets[0].id}): the subject bookcase is unknown; did you "
        "mean worker_bookcases? Otherwise add it under [[subjects]]: id = "
    )
    assert of_file == "absent.toml: cannot be read (No such file or directory); name another file"
    assert found.stderr == "Error: 2 of 3 files cannot be taken in\n"


def test_a_yearly_pace_that_only_the_words_tell_is_noted_and_refuses_nothing(home: Path) -> None:
    text = (home / "new.toml").read_text(encoding="utf-8")
    plan = parse_plan("new.toml", text)
    first = plan.targets[0]
    figures = {
        "words": msgspec.structs.replace(first, figure=f"mỗi năm {first.figure}", horizon="2030", each_year=False),
        "keys": msgspec.structs.replace(first, horizon="2030", each_year=True, quote=None, note=None),
        "both": msgspec.structs.replace(first, figure=f"mỗi năm {first.figure}", horizon="2030", each_year=True),
    }
    noted = {}
    for name, target in figures.items():
        changed = msgspec.structs.replace(plan, targets=(target, *plan.targets[1:]))
        (home / "new.toml").write_text(write_plan(changed), encoding="utf-8")
        found = troly("check", "new.toml")
        assert "nothing is wrong" in found.stdout
        noted[name] = [line for line in found.stderr.splitlines() if f"id {first.id}" in line]
    assert "each_year = true" in noted["words"][0]
    assert "none of its words" in noted["keys"][0]
    assert not noted["both"]


def test_what_add_would_refuse_is_found_by_check(home: Path) -> None:
    said("add", "new.toml")
    other, third = (
        write(home, changed(signer="Ai đó")),
        write(home, changed(id="next-2031", number="9/KH"), "third.toml"),
    )
    again = write(home, changed(id="next-2031", number="9/KH", signer="Ai đó"), "again.toml")
    assert troly("check", "new.toml", other, third, third, again, code=1).stdout.splitlines() == [
        f"changed.toml: $.id: {NEW} is read, not approved with another content; give the new plan an id of its own and "
        f"let it replace that one, or troly plans withdraw {NEW} first",
        "again.toml: $.id: next-2031 is the id of third.toml too; give it one of its own",
    ]


def test_a_command_that_is_refused_makes_no_database(home: Path) -> None:
    unknown = changed(targets=(msgspec.structs.replace(changed().targets[0], indicator="xyzzy"),))
    assert "add it under [[subjects]]" in refused("add", write(home, unknown), "--approve")
    for words in (("withdraw", "none"), ("restore", "none"), ("replace", OLD, "none"), ("export", "none")):
        assert refused(*words).startswith("no plan 'none'")
    assert not (home / "troly.db").exists()
    assert refused("restore", OLD) == f"{OLD} is in force, not withdrawn"


def test_a_subject_that_another_plan_needs_keeps_its_plan_in_force(home: Path) -> None:
    said("add", "new.toml", "--approve")
    said("add", write(home, changed(id="next-2031", number="9/KH", subjects=())), "--approve")
    assert "unknown subject worker_bookcases" in refused("withdraw", NEW)
    assert states()[NEW] == "in force"


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda file: None, "cannot be read (No such file or directory)"),
        (lambda file: file.mkdir(), "is a folder"),
        (os.mkfifo, "is no file"),
        (lambda file: file.write_bytes(b"id = '\xff'"), "is no UTF-8 text from byte 7 on"),
        (lambda file: file.write_text("id = 'a'", encoding="utf-16"), "is no UTF-8 text from byte 1 on"),
        (lambda file: file.write_bytes(b"PK\x03\x04\x00\x00"), "is no text but a binary file"),
        (lambda file: file.write_bytes(b"# \n" * 2_000_000), "is larger than 4 MB"),
        (lambda file: file.write_bytes(b""), "no plan: it has none of a plan's keys"),
        (lambda file: file.write_text("<html>"), "not valid TOML"),
        (lambda file: file.write_text(NEW_PLAN.read_text().replace("short =", "shrt =")), "did you mean short?"),
    ],
)
@pytest.mark.parametrize("command", [("add",), ("add", "--approve"), ("check",)])
def test_what_is_no_plan_is_refused_in_one_line(
    home: Path, make: Callable[[Path], object], says: str, command: tuple[str, ...]
) -> None:
    make(home / "bad.toml")
    result = troly(*command, "bad.toml", code=1)
    lines = (result.stdout + result.stderr).splitlines()
    assert lines[0].removeprefix("Error: ").startswith("bad.toml: ")
    assert says in lines[0]
    assert len(lines) == (2 if command == ("check",) else 1)
    assert not (home / "troly.db").exists()


@pytest.mark.parametrize("delay", [0.0, 0.05, 0.2])
def test_a_command_that_is_killed_leaves_all_or_nothing(engine: Path, delay: float) -> None:
    """Killed some moments after it began to write, if it is not through by then."""
    said("list")
    code = (
        "import os, sys, threading, time\n"
        "from storage import plans\n"
        "real = plans._insert\n"
        "async def insert(*args, **values):\n"
        f"    threading.Thread(target=lambda: (time.sleep({delay}), os.kill(os.getpid(), 9)), daemon=True).start()\n"
        "    return await real(*args, **values)\n"
        "plans._insert = insert\n"
        "from bot.cli import main\n"
        f"main(['plans', 'add', 'new.toml', '--approve', '--replaces', '{OLD}'])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=False, capture_output=True, env=os.environ | {"PYTHONPATH": str(ROOT)}
    )
    assert done.returncode in {0, -signal.SIGKILL}, done.stderr
    found = states()
    assert (found.get(NEW), found[OLD]) in {(None, "in force"), ("in force", f"replaced by {NEW}")}
    assert "in the place of" in said("add", "new.toml", "--approve", "--replaces", OLD)
    assert states()[NEW] == "in force"


def test_of_several_at_once_one_approves_and_the_others_find_it_done(engine: Path) -> None:
    command = [sys.executable, "-m", "bot.cli", "plans", "add", "new.toml", "--approve", "--replaces", OLD]
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env) for _ in range(3)]
    told = sorted(each.communicate()[0] for each in running)
    assert [each.returncode for each in running] == [0, 0, 0]
    assert [line.startswith(f"{NEW} is in force already with the same content") for line in told] == [True, True, False]
