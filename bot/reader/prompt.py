"""The prompt of the second reader: the rules, the closed list of possible meanings, and the masked message."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Final

from bot.reader.words import load_words
from knowledge.glossary import Glossary
from knowledge.model.plans import Plan
from knowledge.search.candidates import Candidate, Sort
from knowledge.text import shorten

LONGEST_LINE: Final = 140
"""Letters that tell what a candidate is."""


def build_messages(
    masked: str, offered: Sequence[Candidate], plans: Mapping[str, Plan], glossary: Glossary
) -> list[dict[str, str]]:
    """The messages of a chat completion. Pure; nothing but `masked` comes from the person."""
    words = load_words()
    meanings = "\n".join(f"{meaning.value}: {told}" for meaning, told in words.meanings.items())
    named = dict.fromkeys(candidate.plan for candidate in offered)
    issuers = "\n".join(f"{plan} = {plans[plan].citation}" for plan in named)
    facts = "\n".join(f"{candidate.id} | {describe(candidate, plans, glossary)}" for candidate in offered)
    shown = f"PLANS\n{issuers}\n\nFACTS\n{facts}\n\nMESSAGE\n{json.dumps(masked, ensure_ascii=False)}"
    return [
        {"role": "system", "content": f"{words.prompt.instructions.strip()}\n\nMEANINGS\n{meanings}"},
        {"role": "user", "content": shown},
    ]


def describe(candidate: Candidate, plans: Mapping[str, Plan], glossary: Glossary) -> str:
    """A candidate in the catalogue's own words, on one line."""
    return shorten(" ".join(_text(candidate, plans, glossary).split()), LONGEST_LINE)


def _text(candidate: Candidate, plans: Mapping[str, Plan], glossary: Glossary) -> str:
    match candidate.sort:
        case Sort.TARGET:
            stages = ", ".join(dict.fromkeys(target.horizon for target in candidate.targets if target.horizon))
            return glossary.subject(candidate.ref).name + (f" ({stages})" if stages else "")
        case Sort.DEADLINE:
            due = candidate.deadline
            return f"{due.what}; {due.who}" if due is not None else ""
        case Sort.TASK | Sort.SECTION:
            return candidate.tasks[0].summary
        case Sort.ROW:
            return candidate.row.name if candidate.row is not None else ""
        case Sort.PART:
            titles = {part.number: part.title for part in candidate.form.parts} if candidate.form else {}
            return titles.get(candidate.ref, "")
        case Sort.OVERVIEW:
            return "all targets of the plan"
        case Sort.DOCUMENT:
            return f"the document itself, its number, date, signer, recipients: {plans[candidate.plan].title}"
