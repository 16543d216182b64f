"""`troly plans import`: what was understood of a plan's file, for people and for programs. Nothing is kept."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import click
import msgspec

from knowledge.importing.files import open_file, put_together, read_document, read_pages
from knowledge.importing.model import PlanReading, ReadTarget
from knowledge.importing.reading import read_plan
from knowledge.importing.refusals import FileRefusedError
from knowledge.importing.scans.page import ScannedPage
from knowledge.plans import load_plans
from knowledge.subjects.proposing import NewTarget, Proposer, make_proposer

_LONGEST = 110


def counted(files: Sequence[Path]) -> Iterator[tuple[int, Path]]:
    """The files with their numbers from 1; how far it is stands on the terminal where the output goes elsewhere."""
    is_seen = len(files) > 1 and sys.stderr.isatty() and not sys.stdout.isatty()
    for number, file in enumerate(files, 1):
        if is_seen:
            click.echo(f"\r{number}/{len(files)} …", err=True, nl=False)
        yield number, file
    if is_seen:
        click.echo("", err=True)


def read_file(path: Path, tell: Callable[[str], None]) -> tuple[PlanReading, dict[int, ScannedPage]]:
    """What a file is understood to say, and its scanned pages, by number; FileRefusedError says why one is not read.

    `tell` hears which of these is being read: each takes some seconds.
    """
    opened = open_file(path)
    pages = read_pages(path, opened.scanned, _counting(path, tell))
    return read_plan(put_together(opened, pages)), pages


def _counting(path: Path, tell: Callable[[str], None]) -> Callable[[int, int], None]:
    return lambda place, count: tell(f"{path}: scanned page {place}/{count} …")


def show_files(
    files: Sequence[Path], *, in_json: bool, say: Callable[[str], None], tell: Callable[[str], None]
) -> list[str]:
    """Show each file's reading through `say`, progress through `tell`; the files that are not read, with the reason."""
    refused: list[str] = []
    proposer = make_proposer(load_plans()) if in_json else None
    for _, file in counted(files):
        try:
            reading = read_plan(read_document(file, _counting(file, tell)))
        except FileRefusedError as error:
            refused.append(f"{file}: {error}")
            if in_json:
                say(msgspec.json.encode({"file": str(file), "refused": error.why}).decode())
            continue
        if proposer is not None:
            say(as_json(reading, propose_subjects(reading, proposer)).decode())
        else:
            say(f"{file}\n" + "\n".join(describe(reading)))
    return refused


def propose_subjects(reading: PlanReading, proposer: Proposer) -> list[str]:
    """For each target the id of the subject it measures: the likeliest known one, or one that the plan brings."""
    measured = [NewTarget(target.indicator, target.unit) for target in reading.targets]
    return [proposal.indicator for proposal in proposer.propose(measured)]


def as_json(reading: PlanReading, subjects: Sequence[str]) -> bytes:
    """A reading on one line, for programs; `subjects` are proposed for its targets, in order."""
    plan: dict[str, Any] = msgspec.to_builtins(reading.plan)
    targets = [
        _shown(target, ("indicator",)) | {"subject": subject} | _shown(target, _TARGET_KEYS)
        for target, subject in zip(reading.targets, subjects, strict=True)
    ]
    deadlines = [_shown(deadline, _DEADLINE_KEYS) for deadline in reading.deadlines]
    tasks = [_shown(task, ("section", "summary", "lead", "quote")) for task in reading.tasks]
    left_over = [{"number": left.number, "quote": left.quote, "section": left.section} for left in reading.left_over]
    outline = [{"section": heading.section, "title": heading.title} for heading in reading.outline]
    said = {"plan": plan, "targets": targets, "left_over": left_over, "deadlines": deadlines, "tasks": tasks}
    return msgspec.json.encode(said | {"outline": outline})


_TARGET_KEYS = (
    "value", "value_max", "comparator", "unit", "horizon", "each_year", "scope", "section", "quote", "doubt",
)  # fmt: skip
_DEADLINE_KEYS = ("what", "due", "recurrence", "rule", "who", "to", "section", "quote", "doubt")


def _shown(fact: msgspec.Struct, keys: Iterable[str]) -> dict[str, Any]:
    return {key: _plain(getattr(fact, key)) for key in keys}


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def describe(reading: PlanReading) -> Iterator[str]:
    """A reading as lines for people: who issued what, then the targets, deadlines and numbers left over."""
    plan = reading.plan
    issued = f", {plan.date:%d/%m/%Y}" if plan.date else ""
    yield f"{plan.kind or 'no kind'} {plan.number or 'without a number'}{issued}, {plan.issuer or 'issuer not found'}"
    doubtful = sum(target.doubt is not None for target in reading.targets)
    yield (
        f"{len(reading.targets)} targets ({doubtful} doubtful), {len(reading.deadlines)} deadlines, "
        f"{len(reading.tasks)} tasks; of {reading.accounts.numbers} numbers {reading.accounts.in_facts} stand in them, "
        f"{len(reading.left_over)} are left over"
    )
    for target in reading.targets:
        yield f"  {target.section:8} {_figure(target)}  {target.indicator[:_LONGEST]}{_doubt(target.doubt)}"
    for deadline in reading.deadlines:
        when = f"{deadline.due:%d/%m/%Y}" if deadline.due else deadline.recurrence
        yield f"  {deadline.section:8} {when}: {deadline.what[:_LONGEST]}{_doubt(deadline.doubt)}"
    for left in reading.left_over:
        yield f"  {left.section:8} ? {left.number}: {left.quote[:_LONGEST]}"


def _doubt(doubt: str | None) -> str:
    return f"  [{doubt}]" if doubt else ""


def _figure(target: ReadTarget) -> str:
    horizon = target.horizon or "no year"
    if target.value is None:
        return f"{target.comparator}, {horizon}"
    value = (
        f"{target.value}–{target.value_max}" if target.value_max is not None else f"{target.comparator} {target.value}"
    )
    return f"{value} {target.unit or ''}, {horizon}{', each year' if target.each_year else ''}:"
