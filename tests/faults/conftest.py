"""The cases of the fault suite: which row on which engine by which intake with which seed, and the table at the end."""

from __future__ import annotations

import itertools
import json
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

from tests.conftest import Postgres, PostgresDatabases
from tests.faults.figures import Figures, to_table
from tests.faults.rig import Case, Engine, Intake, Rig

EVERYWHERE = tuple(itertools.product(Engine, Intake))
CHEAPEST = (Engine.SQLITE, Intake.POLLING)


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("faults")
    group.addoption("--full", action="store_true", help="every row on every engine and intake it asks for")
    group.addoption("--seeds", type=int, default=20, help="with --full: how many seeds for rows with random kills")
    group.addoption("--seed", type=int, help="this seed only, to repeat what failed")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        "row(number, wide=False, seeded=False, engine=None, intake=None, short=None): a row of the fault matrix; "
        "wide: on both engines by both intakes; seeded: with many seeds; engine, intake: on these only; "
        "short: the engine and intake of the short form, where it is not the cheapest",
    )
    config.addinivalue_line("markers", "thorough: left out of the short form of the fault suite")


def cases_of(mark: pytest.Mark, *, full: bool, seeds: int, seed: int | None) -> list[Case]:
    """The cases that a test's mark asks for. Pure."""
    [row] = mark.args
    asked = mark.kwargs
    places = [
        (engine, intake)
        for engine, intake in EVERYWHERE
        if asked.get("engine", engine) is engine and asked.get("intake", intake) is intake
    ]
    first = seed or 1
    if not full:
        engine, intake = asked.get("short") or (CHEAPEST if CHEAPEST in places else places[0])
        return [Case(row, engine, intake, first)]
    if not asked.get("wide"):
        places = [places[0]] if len(places) < 4 else [places[0], places[-1]]
    if seed is not None or not asked.get("seeded"):
        return [Case(row, engine, intake, first) for engine, intake in places]
    at = [places[number % len(places)] for number in range(max(seeds, len(places)))]
    return [Case(row, engine, intake, first + number) for number, (engine, intake) in enumerate(at)]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    mark = metafunc.definition.get_closest_marker("row")
    if mark is None or "case" not in metafunc.fixturenames:
        return
    option = metafunc.config.getoption
    found = cases_of(mark, full=option("full", False), seeds=option("seeds", 20), seed=option("seed", None))
    metafunc.parametrize("case", found, ids=[case.id for case in found])


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what the short form does not run."""
    left = [item for item in items if item.get_closest_marker("thorough")]
    if left and not config.getoption("full", False):
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in left]


@pytest.fixture
def address(case: Case, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh, migrated database on the case's engine."""
    if case.engine is Engine.SQLITE:
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "troly.db")
        yield f"sqlite:///{tmp_path / 'troly.db'}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    databases: PostgresDatabases = request.getfixturevalue("postgres_databases")
    name = databases.take()
    yield server.address(name)
    databases.give_back(name)


@pytest.fixture
async def rig(
    case: Case,
    address: str,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
    request: pytest.FixtureRequest,
) -> AsyncIterator[Rig]:
    """The installation of a case; its figures go into the table."""
    full = bool(request.config.getoption("full", False))
    forked = None if full else request.getfixturevalue("nursery")
    async with Rig(case, tmp_path, address, full=full, nursery=forked) as made:
        try:
            yield made
        finally:
            if case.row:  # 0: the rig itself on bots that fail
                record_property("figures", json.dumps(asdict(made.figures)))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    found: dict[str, Figures] = {}
    for reports in terminalreporter.stats.values():
        for report in reports:
            for name, value in getattr(report, "user_properties", ()):
                if name == "figures":
                    found[report.nodeid] = Figures(**json.loads(value))
    if found:
        terminalreporter.section("faults")
        for line in to_table(found.values()):
            terminalreporter.line(line)
