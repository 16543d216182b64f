"""What a plan's targets may measure, proposed where its file names no subject, or one that nobody knows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from knowledge.catalogue import parse_toml
from knowledge.errors import CatalogueError
from knowledge.model.plans import Plan
from knowledge.question import build_understanding
from knowledge.subjects.proposing import NewTarget, SubjectProposal, make_proposer


def propose_subjects(text: str, known: Sequence[Plan]) -> list[str]:
    """One line for each target that names no subject which is known; nothing where the text is no TOML.

    Args:
        text: of the file. `known`: the plans beside it.
    """
    try:
        content = parse_toml("", text)
    except CatalogueError:
        return []
    glossary = build_understanding(tuple(known)).glossary
    own = {each.get("id") for each in _tables(content, "subjects")}
    taken = own | {subject.id for subject in glossary.subjects}
    places = [
        (place, each)
        for place, each in enumerate(_tables(content, "targets"))
        if each.get("indicator") not in taken and isinstance(each.get("population"), str)
    ]
    if not places:
        return []
    wanted = [NewTarget(each["population"], each.get("unit")) for _, each in places]
    proposals = make_proposer(known).propose(wanted, taken=[each for each in own if isinstance(each, str)])
    names = {subject.id: subject.name for subject in glossary.subjects}
    return [
        f"$.targets[{place}] (id {each.get('id')}): {_told(proposal, names)}"
        for (place, each), proposal in zip(places, proposals, strict=True)
    ]


def _told(proposal: SubjectProposal, names: dict[str, str]) -> str:
    known = ", ".join(f"{each.subject} ({names[each.subject]}, {each.p:.0%})" for each in proposal.known)
    new = proposal.new
    made = f'[[subjects]] id = "{new.id}", name = "{new.name}", short = "{new.short}", names = {_list(new.names)}'
    if proposal.is_known:
        return f"proposed: indicator = one of {known}; if it is none of them, {made}"
    return f"proposed as new: {made}" + (f"; or one of {known}" if known else "")


def _list(names: Sequence[str]) -> str:
    return msgspec.json.encode(list(names)).decode()


def _tables(content: dict[str, Any], key: str) -> Iterator[dict[str, Any]]:
    found = content.get(key)
    return (each for each in found if isinstance(each, dict)) if isinstance(found, list) else iter(())
