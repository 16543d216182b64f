"""What a person says of a subject that a plan brings: which known one it is, or by which words people ask for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import msgspec

from knowledge.importing.shadow import compose
from knowledge.question import Understanding
from knowledge.reviewing.asking import NewSubject
from knowledge.subjects.proposing import LONGEST_PHRASE, LONGEST_SHORT
from knowledge.text import raised, tidy

MOST_NAMES: Final = 12
"""Names taken from one message."""

_BETWEEN = re.compile(r"[,;\n]+")


def name_subject(asked: NewSubject, said: str, understanding: Understanding) -> NewSubject | None:
    """The subject as the known one that is named whole, or as a new one that is called what is said.

    Several names stand between commas or on lines of their own; the first is what the subject is called in short. A
    name that means a known subject already cannot stand for a new one and is left out. None where nothing is left.
    """
    names = list(dict.fromkeys(_names(said)))
    if len(names) == 1 and (known := _known(names[0], understanding)) is not None:
        return msgspec.structs.replace(asked, same=known)
    free = [name for name in names if _known(name, understanding) is None]
    if not free:
        return None
    subject = asked.subject
    short = next((name for name in free if len(name) <= LONGEST_SHORT), subject.short or subject.name)
    called = msgspec.structs.replace(subject, short=raised(short), names=(*free, *subject.names))
    return msgspec.structs.replace(asked, subject=called, same=None)


def _names(said: str) -> Iterator[str]:
    parts = _BETWEEN.split(compose(said))[:MOST_NAMES]
    for name in (tidy(part).strip(" .:-–•*\"'?!") for part in parts):
        if len(name) <= LONGEST_PHRASE and sum(map(str.isalpha, name)) > 1:
            yield name


def _known(name: str, understanding: Understanding) -> str | None:
    """The known subject that a name means, with nothing left that means something else."""
    read = understanding.read(name)
    return read.subjects[0] if len(read.subjects) == 1 and not read.leftover else None
