"""What a question about shares asks: for the units by how far they are behind, and of which goal. Pure.

That it is such a question is for `knowledge.meanings` to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

import msgspec

from knowledge.catalogue import read_toml
from knowledge.figures_question import plain_words
from knowledge.model.forms import Form
from knowledge.model.reached import Followed
from knowledge.model.shares import Goal
from knowledge.text import fold

_WORD: Final = re.compile(r"[a-z]{2,}")


class _Data(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The words of such questions; the file says of each list what it is."""

    ranking: tuple[str, ...]
    around: tuple[str, ...]
    common: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShareQuestion:
    """A question about shares: whether it asks for the units below one by one, and its words that may name a goal."""

    ranks: bool
    words: frozenset[str]


@cache
def _data() -> _Data:
    data = read_toml(files("knowledge") / "share_question.toml", _Data)
    return _Data(*(tuple(fold(each) for each in values) for values in (data.ranking, data.around, data.common)))


def words_around() -> frozenset[str]:
    """Folded words that name no unit in such questions."""
    return frozenset(_data().around)


def goal_words(forms: Iterable[Form]) -> frozenset[str]:
    """Folded words by which forms name what they measure: they name a unit only where one is called so."""
    return frozenset(word for form in forms for measure in form.measures for word in _WORD.findall(fold(measure.name)))


def read_share_question(text: str) -> ShareQuestion:
    """What a question asks.

    Example: "đơn vị nào chậm kết nạp nhất" asks for the units, by "ket" and "nap".
    """
    said = f" {plain_words(text)} "
    ranks = any(f" {each} " in said for each in _data().ranking)
    return ShareQuestion(ranks, _telling(said))


def names_of(goal: Goal, how: Followed | None) -> tuple[str, str]:
    """By what a goal is called: its own name; what measures it, and what officers call the rows of that."""
    if how is None:
        return goal.name, ""
    rows = [row for key in how.measure.keys if (row := how.form.find_indicator(key)) is not None]
    called = (name for row in rows for name in (row.name, row.short, *row.aliases))
    return goal.name, " ".join((how.measure.name, *called))


def choose_goals(question: ShareQuestion, names: Mapping[int, tuple[str, str]]) -> list[int]:
    """The goals that a question means: those whose names share most words with it, all where none does.

    A word of a goal's own name counts twice.

    Args:
        names: by id of the goal, what `names_of` gives.
    """
    fits = {
        goal_id: 2 * len(question.words & _telling(fold(own)))
        + len((question.words & _telling(fold(others))) - _telling(fold(own)))
        for goal_id, (own, others) in names.items()
    }
    most = max(fits.values(), default=0)
    return [goal_id for goal_id, fit in fits.items() if fit == most]


def _telling(said: str) -> frozenset[str]:
    return frozenset(_WORD.findall(said)).difference(_data().common)
