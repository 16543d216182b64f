"""Words of questions and plans that belong to no table of the glossary, and what choices say; data: `words.toml`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Final

import msgspec

from knowledge.catalogue import read_toml
from knowledge.text import fold
from knowledge.wordlists import WordLists

PRODUCT: Final = "Trợ lý Công đoàn"
"""The name under which calendars show where an event comes from."""


class _Data(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file as written; it says of each list what it is."""

    copula: str
    joint: str
    joints_of_counts: tuple[str, ...]
    counted: tuple[str, ...]
    one: str
    named_bodies: tuple[str, ...]
    asker: tuple[str, ...]
    addressed: tuple[str, ...]
    where_one_is: tuple[str, ...]
    of_documents: str
    of_forms: tuple[str, ...]
    after_dear: tuple[str, ...]
    cited: tuple[str, ...]
    amounts: tuple[str, ...]
    rates: tuple[str, ...]
    before_sizes: tuple[str, ...]
    behind_sizes: tuple[str, ...]
    parted: tuple[str, ...]
    plain_sections: tuple[str, ...]
    before_names: tuple[str, ...]
    before_places_named: tuple[str, ...]
    no_slips: tuple[str, ...]
    sending: tuple[str, ...]
    organs: tuple[str, ...]
    before_places: tuple[str, ...]
    before_sectors: tuple[str, ...]
    numbered: str
    bodies: tuple[tuple[str, ...], ...]
    former: tuple[str, ...]
    former_marked: tuple[str, ...]
    present: tuple[str, ...]
    changing: tuple[str, ...]
    not_former: tuple[str, ...]
    standing: tuple[str, ...]
    signed: tuple[str, ...]
    not_signed: tuple[str, ...]
    paying: tuple[str, ...]
    each_year: tuple[str, ...]
    each_month: tuple[str, ...]


@cache
def _data() -> _Data:
    return read_toml(files("knowledge") / "words.toml", _Data)


COPULA: Final = fold(_data().copula)
JOINT: Final = fold(_data().joint)
JOINTS_OF_COUNTS: Final = frozenset(map(fold, _data().joints_of_counts))
COUNTED: Final = frozenset(map(fold, _data().counted))
"""Words that join two subjects of which one is counted, and those with which the name of what is counted begins."""
ONE: Final = _data().one
OF_DOCUMENTS: Final = _data().of_documents
PLAIN_SECTIONS: Final = _data().plain_sections
AFTER_DEAR: Final = frozenset(map(fold, _data().after_dear))
"""Words behind "quý" where it is how somebody is addressed."""
SENDING: Final = frozenset(map(fold, _data().sending))
ORGANS: Final = _data().organs
BEFORE_PLACES: Final = _data().before_places
BEFORE_SECTORS: Final = _data().before_sectors
NUMBERED: Final = _data().numbered
BODIES: Final = _data().bodies
FORMER: Final = (*_data().former, *_data().former_marked)
FORMER_MARKED: Final = frozenset(map(fold, _data().former_marked))
"""Words of `FORMER`, folded, that stand for it only where they are typed with their marks."""
PRESENT: Final = _data().present
"""Words that beside those of `FORMER` mean the plan in force too."""
CHANGING: Final = _data().changing
NOT_FORMER: Final = _data().not_former
STANDING: Final = _data().standing
SIGNED: Final = _data().signed
NOT_SIGNED: Final = _data().not_signed
PAYING: Final = _data().paying
EACH_YEAR: Final = tuple(map(fold, _data().each_year))
EACH_MONTH: Final = tuple(map(fold, _data().each_month))
CITED: Final = f"(?:{'|'.join(map(re.escape, _data().cited))})"
"""A pattern over a text with its marks: what a number behind it belongs to is a document or a place in one."""
PARTED: Final = f"(?:{'|'.join(map(re.escape, _data().parted))})"
"""A pattern over a text with its marks: what is parted by a fraction, so that this is a figure and no date."""

WORDS: Final = WordLists(
    {
        name: getattr(_data(), name)
        for name in (
            "named_bodies",
            "asker",
            "addressed",
            "where_one_is",
            "of_forms",
            "before_names",
            "amounts",
            "rates",
            "before_sizes",
            "behind_sizes",
            "before_places_named",
            "no_slips",
        )
    }
)


def targets_on(subject: str, *where: str) -> str:
    """The question for the targets on a subject, with a year or a plan where one is given."""
    return " ".join(("Chỉ tiêu", subject, *filter(None, where)))


def both(names: Iterable[str]) -> str:
    """Names joined as a question says them: "Lâm Sơn và Thanh Giang"."""
    return f" {_data().joint} ".join(names)


def targets_of(plan: str) -> str:
    """The question for all targets of a plan."""
    return f"Các chỉ tiêu của {plan}"


def section_of(section: str, plan: str) -> str:
    """The question for a section of a plan."""
    return f"Mục {section} của {plan}"


def enterprises_from(size: str) -> str:
    """The name of the enterprises of `size` workers and more."""
    return f"doanh nghiệp từ {size} lao động"


def enterprises_under(size: str) -> str:
    """The name of the enterprises of fewer than `size` workers."""
    return f"doanh nghiệp dưới {size} lao động"
