"""Plans made for tests: an issuer's place, years and a few targets, everything else as plain as can be."""

from __future__ import annotations

from decimal import Decimal

from knowledge.answer import Adviser
from knowledge.forms import load_forms
from knowledge.glossary import load_glossary
from knowledge.model.plans import ANNUAL, Comparator, Plan, PlanState, Target, Task
from knowledge.plans import load_plans
from knowledge.question import Understanding

AGREEMENTS = "collective_agreement"
DIALOGUES = "workplace_dialogue"


def target(indicator: str, value: int, horizon: str = ANNUAL) -> Target:
    """A percentage to be reached at least."""
    return Target(
        id=f"{indicator}-{horizon}",
        indicator=indicator,
        figure=f"từ {value}% trở lên",
        population="doanh nghiệp có tổ chức công đoàn",
        section="II.1",
        horizon=horizon,
        comparator=Comparator.AT_LEAST,
        value=Decimal(value),
        unit="%",
    )


def plan_of(
    place: str,
    years: tuple[int, int],
    *targets: Target,
    number: str | None = None,
    state: PlanState = PlanState.IN_FORCE,
    replaced_by: str | None = None,
    issuer: str | None = None,
    short: str | None = None,
    aliases: tuple[str, ...] | None = None,
    tasks: tuple[Task, ...] = (),
) -> Plan:
    """A plan of the federation of a province; its id is the place in letters with the first year: "lam-son-2026"."""
    names = {"Lâm Sơn": "lam-son", "Thanh Giang": "thanh-giang"}
    return Plan(
        id=f"{names.get(place, place.lower().replace(' ', '-'))}-{years[0]}",
        kind="Kế hoạch",
        title="Nâng cao chất lượng hoạt động công đoàn",
        short=short or f"LĐLĐ tỉnh {place}",
        issuer=issuer or f"Ban Thường vụ Liên đoàn Lao động tỉnh {place}",
        place=f"tỉnh {place}",
        carries_out=(),
        aliases=aliases or (place.lower(), f"lđlđ {place.lower()}", f"lđlđ tỉnh {place.lower()}"),
        covers_from=years[0],
        covers_to=years[1],
        scope="các cấp công đoàn",
        number=number,
        state=state,
        replaced_by=replaced_by,
        targets=targets,
        tasks=tasks,
    )


def adviser_over(*plans: Plan, shipped: bool = True) -> Adviser:
    """An adviser over these plans, behind those that come with the program unless told otherwise."""
    every = (*load_plans(), *plans) if shipped else plans
    return Adviser(Understanding(every, load_glossary()), load_forms())
