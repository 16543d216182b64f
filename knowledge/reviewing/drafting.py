"""A plan of what was read and settled: the facts that a person or the reading is sure of, in the catalogue's form."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Final

import msgspec

from knowledge.catalogue import read_toml
from knowledge.importing.model import Identity, ReadDeadline, ReadPassage, ReadTarget, ReadTask
from knowledge.model.plans import PERCENT, Comparator, Deadline, OwnSubject, Plan, PlanState, Target, Task
from knowledge.model.units import UnitKind
from knowledge.numbers import format_decimal
from knowledge.question import Understanding
from knowledge.text import fold, raised, spelling, words

LONGEST_POPULATION: Final = 300
LONGEST_WHAT: Final = 300
_NO_SECTION: Final = "–"
_LONGEST_ID: Final = 48
_NAMELESS: Final = "plan"
_SLUG = re.compile(r"[a-z0-9]+")


class _Wording(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The shape of `drafting.toml`.

    `organs` stand before a body's name; `written` is how their parts are written; `places` tell, by the word before a
    place's name, how the place is called; `figures` show a value by its comparator; `kinds` of deadlines are told by
    words of what is due.
    """

    unknown_kind: str
    scope: str
    no_figure: str
    organs: tuple[str, ...]
    whole: tuple[str, ...]
    written: tuple[str, ...]
    short_forms: dict[str, str]
    places: dict[str, str]
    figures: dict[str, str]
    kinds: dict[str, tuple[str, ...]]


@cache
def _wording() -> _Wording:
    return read_toml(files("knowledge.reviewing") / "drafting.toml", _Wording)


@dataclass(frozen=True, kw_only=True)
class Settled:
    """What of a reading enters the plan.

    Attributes:
        identity: with issuer, title and both years of its term.
        targets: each with the id of the subject that it measures.
        subjects: those of the ids that the plan brings itself.
        deadlines: each with the kinds of unit that are reminded of it.
        passages: what the text says beside all that.
    """

    identity: Identity
    targets: Sequence[tuple[ReadTarget, str]]
    subjects: Sequence[OwnSubject]
    deadlines: Sequence[tuple[ReadDeadline, tuple[UnitKind, ...]]]
    tasks: Sequence[ReadTask]
    passages: Sequence[ReadPassage] = ()


# --- The plan --------------------------------------------------------------------------------------------------------


def draft_plan(settled: Settled, understanding: Understanding, known: Iterable[Plan]) -> Plan:
    """The plan of what was settled.

    Args:
        understanding: of the catalogue, for the populations that targets are measured on.
        known: every plan whose id is taken, and whose issuer may be the same.

    Raises:
        ValueError: a target or deadline contradicts itself.
    """
    identity, others = settled.identity, tuple(known)
    assert identity.issuer is not None and identity.covers_from is not None and identity.covers_to is not None
    sibling = find_of_issuer(identity.issuer, others)
    issuer = sibling.issuer if sibling is not None else identity.issuer
    place = sibling.place if sibling is not None else _place_of(issuer)
    scope = _wording().scope.format(issuer=issuer)
    return Plan(
        id=_free_id(_id_base(issuer, identity), {plan.id for plan in others}),
        kind=identity.kind or _wording().unknown_kind,
        title=identity.title or identity.kind or _wording().unknown_kind,
        short=short_of(issuer),
        issuer=issuer,
        place=place,
        carries_out=identity.carries_out,
        aliases=_aliases(issuer, place, sibling, others),
        covers_from=identity.covers_from,
        covers_to=identity.covers_to,
        scope=scope,
        number=identity.number,
        issued_on=identity.date,
        issued_at=identity.place,
        signer=identity.signer,
        signer_title=identity.signer_title,
        recipients=identity.recipients,
        subjects=_subjects(settled, others),
        targets=_targets(settled.targets, understanding),
        deadlines=_deadlines(settled.deadlines, scope),
        tasks=_tasks(settled.tasks, settled.passages),
    )


def make_target(read: ReadTarget, subject: str, target_id: str, scopes: tuple[str, ...] = ()) -> Target:
    """One target as the catalogue has it, on these populations; raises ValueError where it contradicts itself."""
    return Target(
        id=target_id,
        indicator=subject,
        figure=show_figure(read),
        population=read.indicator[:LONGEST_POPULATION],
        section=read.section or _NO_SECTION,
        comparator=read.comparator,
        horizon=read.horizon,
        value=read.value,
        value_max=read.value_max,
        unit=read.unit if read.value is not None else None,
        scopes=scopes,
        each_year=read.each_year,
        quote=read.quote,
        lines=() if read.lines is None else tuple(range(read.lines[0], read.lines[1] + 1)),
    )


def make_deadline(
    read: ReadDeadline, deadline_id: str, scope: str = "", owed_by: tuple[UnitKind, ...] = ()
) -> Deadline:
    """One deadline as the catalogue has it; raises ValueError where it never falls due."""
    return Deadline(
        id=deadline_id,
        what=read.what[:LONGEST_WHAT],
        when=read.when,
        who=read.who or scope,
        section=read.section or _NO_SECTION,
        due=read.due,
        recurrence=read.recurrence,
        to=read.to,
        kind=kind_of(read.what),
        owed_by=owed_by,
        rule=read.rule if read.recurrence is not None else None,
        quote=read.quote,
        lines=() if read.lines is None else tuple(range(read.lines[0], read.lines[1] + 1)),
    )


def show_figure(read: ReadTarget) -> str:
    """The figure as a plan would write it: "từ 80% trở lên", "2.000 đoàn viên"."""
    if read.value is None:
        return _wording().no_figure
    form = _wording().figures[read.comparator.value]
    last = read.value if read.value_max is None else read.value_max
    first = _number(read.value, None if read.comparator is Comparator.RANGE and read.unit != PERCENT else read.unit)
    return form.format(value=first, value_max=_number(last, read.unit))


def _number(value: Decimal, unit: str | None) -> str:
    shown = format_decimal(value)
    return f"{shown}%" if unit == PERCENT else f"{shown} {unit}" if unit else shown


def _subjects(settled: Settled, others: Iterable[Plan]) -> tuple[OwnSubject, ...]:
    """The subjects that the plan's targets name and the glossary does not know.

    Those of other plans too, so that this one stands by itself when they are withdrawn.
    """
    known = {subject.id: subject for plan in others for subject in plan.subjects}
    known |= {subject.id: subject for subject in settled.subjects}
    named = dict.fromkeys(subject for _, subject in settled.targets)
    return tuple(known[subject] for subject in named if subject in known)


def _targets(read: Sequence[tuple[ReadTarget, str]], understanding: Understanding) -> tuple[Target, ...]:
    taken: set[str] = set()
    made = []
    for each, subject in read:
        target_id = _free_id(f"{subject.replace('_', '-')}-{each.horizon or 'term'}", taken)
        taken.add(target_id)
        made.append(make_target(each, subject, target_id, understanding.read(each.indicator).scopes))
    return tuple(made)


def _deadlines(read: Sequence[tuple[ReadDeadline, tuple[UnitKind, ...]]], scope: str) -> tuple[Deadline, ...]:
    numbered = enumerate(read, 1)
    return tuple(make_deadline(each, f"deadline-{number}", scope, owed_by) for number, (each, owed_by) in numbered)


def _tasks(read: Sequence[ReadTask], passages: Sequence[ReadPassage]) -> tuple[Task, ...]:
    """The tasks and behind them what is only quoted, those of one section numbered so that each can be looked up."""
    made: list[Task] = []
    counts: Counter[str] = Counter()
    entries: Sequence[ReadTask | ReadPassage] = [*read, *passages]
    for each in entries:
        section = each.section or _NO_SECTION
        counts[section] += 1
        is_first = counts[section] == 1
        lead: tuple[str, ...] = ()
        if isinstance(each, ReadTask):
            summary, quote, lead = each.summary, each.quote, (each.lead,) if each.lead else ()
        else:
            summary = quote = each.text
        made.append(
            Task(
                section=section if is_first else f"{section} ({counts[section]})",
                label=None if is_first else section,
                summary=summary,
                lead=lead,
                quote=quote,
                lines=() if each.lines is None else tuple(range(each.lines[0], each.lines[1] + 1)),
                quoted=isinstance(each, ReadPassage),
            )
        )
    return tuple(made)


def kind_of(what: str) -> str:
    """The kind of a deadline, by what is due: "báo cáo …" is a report; a task where nothing tells it."""
    plain = fold(what)
    for kind, signs in _wording().kinds.items():
        if any(fold(sign) in plain for sign in signs):
            return kind
    return "task"


# --- Who issued it ---------------------------------------------------------------------------------------------------


def find_of_issuer(issuer: str, known: Iterable[Plan]) -> Plan | None:
    """A plan of the same body that is known, however its name is spelled; the newest."""
    same = [plan for plan in known if _body(plan.issuer) == _body(issuer)]
    return max(same, key=lambda plan: (plan.covers_to, plan.covers_from), default=None)


def find_same(identity: Identity, known: Iterable[Plan]) -> Plan | None:
    """The known plan that a document is: of one number and date; without a number of one issuer, date and title."""
    for plan in known:
        if identity.number is not None and plan.number is not None:
            is_one = _key(identity.number) == _key(plan.number) and _may_be(identity.date, plan.issued_on)
        else:
            same_issuer = identity.issuer is not None and _body(identity.issuer) == _body(plan.issuer)
            same_day = identity.date == plan.issued_on and plan.number is None and identity.number is None
            is_one = same_issuer and same_day and _is_titled(identity.title, plan.title)
        if is_one:
            return plan
    return None


def write_issuer(issuer: str) -> str:
    """An issuer as a sentence would write it: no capitals of a letterhead, organs before the body.

    Example: "LIÊN ĐOÀN LAO ĐỘNG TỈNH VĨNH AN BAN THƯỜNG VỤ" is "Ban Thường vụ Liên đoàn Lao động tỉnh Vĩnh An".
    """
    body = " ".join(issuer.split())
    if body.isupper():
        body = " ".join(word.capitalize() for word in body.lower().split())
    for written in sorted(_wording().written, key=len, reverse=True):
        body = re.sub(rf"(?<!\w){re.escape(written)}(?!\w)", written, body, flags=re.IGNORECASE)
    organs = "|".join(map(re.escape, _wording().organs))
    behind = re.fullmatch(rf"(?P<body>.+?) (?P<organ>{organs})", body, flags=re.IGNORECASE)
    body = f"{behind['organ']} {behind['body']}" if behind is not None else body
    return raised(body)


def short_of(issuer: str) -> str:
    """The name in answers: without organs, with the usual short forms."""
    short = _without_organs(issuer)
    for long, form in _wording().short_forms.items():
        short = re.sub(rf"\b{re.escape(long)}\b", form, short, flags=re.IGNORECASE)
    return raised(short)


def _without_organs(issuer: str) -> str:
    organs = "|".join(map(re.escape, _wording().organs))
    bare = re.sub(rf"\s*\((?:{organs})\)$", "", issuer.strip(), flags=re.IGNORECASE)
    return re.sub(rf"^(?:{organs})\s+", "", bare, flags=re.IGNORECASE)


def _place_of(issuer: str) -> str:
    body = _without_organs(issuer)
    for sign, called in _wording().places.items():
        met = re.search(rf"(?<!\w){re.escape(sign)}\s+(?P<name>.+)$", body, flags=re.IGNORECASE)
        if met is not None and not any(_key(whole) == _key(met["name"]) for whole in _wording().whole):
            return f"{called} {met['name']}".strip()
    return body


def _aliases(issuer: str, place: str, sibling: Plan | None, others: Sequence[Plan]) -> tuple[str, ...]:
    """What officers call the plan: its issuer, long and short, and its place; those of a sibling where there is one."""
    if sibling is not None:
        return tuple(alias for alias in sibling.aliases if not any(letter.isdigit() for letter in alias))
    bare = _without_organs(issuer)
    every = [issuer, bare, short_of(issuer), place, _bare_place(place)]
    wanted = {_key(text): text.lower() for text in every if len(text) > 2}
    taken = {_key(alias) for other in others if other.state is PlanState.IN_FORCE for alias in other.aliases}
    free = tuple(text for key, text in wanted.items() if key not in taken)
    return free or (issuer.lower(),)


def _bare_place(place: str) -> str:
    for called in {*_wording().places.values()} - {""}:
        if place.lower().startswith(f"{called} "):
            return place[len(called) + 1 :]
    return place


def _id_base(issuer: str, identity: Identity) -> str:
    year = identity.date.year if identity.date is not None else identity.covers_from
    name = "-".join(_SLUG.findall(fold(short_of(issuer))))[:_LONGEST_ID].strip("-")
    return f"{name or _NAMELESS}-{year}"


def _free_id(base: str, taken: set[str]) -> str:
    return next(each for each in _numbered(base) if each not in taken)


def _numbered(base: str) -> Iterator[str]:
    yield base
    number = 2
    while True:
        yield f"{base}-{number}"
        number += 1


def _may_be(one: date | None, other: date | None) -> bool:
    return one is None or other is None or one == other


def _is_titled(one: str | None, other: str) -> bool:
    mine, theirs = frozenset(_key(one or "")), frozenset(_key(other))
    return len(mine & theirs) * 5 >= 4 * min(len(mine), len(theirs)) > 0


def _body(issuer: str) -> tuple[str, ...]:
    return _key(_without_organs(issuer))


def _key(text: str) -> tuple[str, ...]:
    return tuple(spelling(word) for word in words(text))
