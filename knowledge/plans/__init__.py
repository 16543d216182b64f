"""The curated catalogue of plans: one TOML file a plan, checked on loading."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from knowledge.catalogue import require_unique
from knowledge.catalogue.plan_files import parse_plan
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
    """One catalogue file as a plan.

    Raises:
        CatalogueError: the file is wrong; the message names the file and the key.
    """
    return parse_plan(file.name, file.read_text(encoding="utf-8"))


def find_original(plan_id: str) -> tuple[str, bytes] | None:
    """The text of a plan as it was received: file name and content; None where none is kept.

    It lies beside the catalogue under the plan's id, whatever its format.
    """
    kept = files(__package__).joinpath(ORIGINALS)
    if not kept.is_dir():
        return None
    file = next((each for each in kept.iterdir() if each.name.rpartition(".")[0] == plan_id), None)
    return (file.name, file.read_bytes()) if file is not None else None
