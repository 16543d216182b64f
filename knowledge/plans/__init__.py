"""The curated catalogue of plans: one TOML file a plan, checked on loading."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from knowledge.calendar.duties import check_rule
from knowledge.catalogue import read_toml, require_unique
from knowledge.errors import CatalogueError
from knowledge.model.plans import Plan

ORIGINALS = "originals"


@cache
def load_plans() -> tuple[Plan, ...]:
    """Every plan of the catalogue, in the order of the file names.

    Raises:
        CatalogueError: a file is wrong; the message names the file and the key.
    """
    sources = sorted(
        (file for file in files(__package__).iterdir() if file.name.endswith(".toml")), key=lambda f: f.name
    )
    plans = tuple(read_plan(source) for source in sources)
    require_unique("plans", "plan ids", [plan.id for plan in plans])
    return plans


def read_plan(file: Traversable) -> Plan:
    """One catalogue file as a plan, with ids checked to be unique within it."""
    plan = read_toml(file, Plan)
    require_unique(file.name, "target ids", [target.id for target in plan.targets])
    require_unique(file.name, "deadline ids", [deadline.id for deadline in plan.deadlines])
    require_unique(file.name, "task sections", [task.section for task in plan.tasks])
    for place, deadline in enumerate(plan.deadlines):
        try:
            check_rule(deadline)
        except ValueError as error:
            raise CatalogueError(file.name, f"{error} - at `$.deadlines[{place}].rule`") from error
    return plan


def find_original(plan_id: str) -> tuple[str, bytes] | None:
    """The text of a plan as it was received: file name and content; None where none is kept.

    It lies beside the catalogue under the plan's id, whatever its format.
    """
    kept = files(__package__).joinpath(ORIGINALS)
    if not kept.is_dir():
        return None
    file = next((each for each in kept.iterdir() if each.name.rpartition(".")[0] == plan_id), None)
    return (file.name, file.read_bytes()) if file is not None else None
