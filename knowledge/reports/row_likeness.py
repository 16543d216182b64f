"""How like what somebody calls a figure is to the rows of a form: in short words, other words, another order. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from math import log
from typing import Final

from knowledge.model.forms import Form, Indicator
from knowledge.reports.message import find_rows
from knowledge.reports.phrases import DATA, folded
from knowledge.reports.table_cells import NUMBERED
from knowledge.text import fold

_WORD: Final = re.compile(r"[^\W_]+")


@lru_cache(maxsize=1)
def _short() -> tuple[re.Pattern[str], dict[str, str]]:
    words = {fold(short): fold(long) for short, long in DATA.table_short.items()}
    return _any_of(words), words


@lru_cache(maxsize=1)
def _joined() -> re.Pattern[str]:
    return _any_of(folded("table_joined"))


@lru_cache(maxsize=1)
def _fillers() -> re.Pattern[str]:
    return _any_of(folded("table_fillers"))


def _any_of(phrases: Collection[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(phrases, key=len, reverse=True)))})\b")


def terms_of(text: str) -> frozenset[str]:
    """What a name says, without what says nothing: words, and phrases that are one."""
    plain = " ".join(_WORD.findall(fold(text)))
    pattern, words = _short()
    for _ in range(2):  # a short word may stand in what another stands for
        plain = pattern.sub(lambda found: words[found[0]], plain)
    plain = _joined().sub(lambda found: found[0].replace(" ", "_"), plain)
    return frozenset(_fillers().sub(" ", plain).split())


@dataclass(frozen=True, slots=True)
class NamedRow:
    """A row of the form: each of its names as what it says, and all that may be said of it."""

    row: Indicator
    names: tuple[frozenset[str], ...]
    said: frozenset[str]


class RowNames:
    """The rows of a form by their names. `weights` is how much a term tells one row from others."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self._exact: dict[str, tuple[str, ...]] = {}
        self.named: dict[str, NamedRow] = {}
        for row in form.told:
            own = [row.name, row.short, *row.aliases]
            above = form.get_indicator(row.parent) if row.parent is not None else None
            whole = [above.name, above.short, *above.aliases] if above is not None else []
            names = tuple(dict.fromkeys(terms for name in own if (terms := terms_of(name))))
            said = frozenset(chain.from_iterable([*names, *map(terms_of, whole), terms_of(row.unit or "")]))
            self.named[row.key] = NamedRow(row, names, said)
        count = Counter(term for each in self.named.values() for term in frozenset(chain.from_iterable(each.names)))
        self._strange = log(1 + len(self.named))
        self._weights = {term: log(1 + len(self.named) / number) for term, number in count.items()}
        of_term: dict[str, set[str]] = {}
        for each in self.named.values():
            for term in frozenset(chain.from_iterable(each.names)):
                of_term.setdefault(term, set()).add(each.row.no)
        self._telling = frozenset(term for term, numbers in of_term.items() if len(numbers) == 1)

    def weigh(self, terms: Collection[str]) -> float:
        """How much these terms tell together."""
        return sum(self._weights.get(term, self._strange) for term in terms)

    def liken(self, terms: frozenset[str], each: NamedRow, parent: str | None) -> float:
        """How like what a cell says is to a row: 1 for the same; under the row it belongs to, that need not be said."""
        best = max((self._alike(terms, name) for name in each.names), default=0.0)
        if parent is None or each.row.parent != parent:
            return best
        wholes = self.named[parent].names
        return max([best, *(self._alike(terms - whole, name - whole) for name in each.names for whole in wholes)])

    def _alike(self, terms: frozenset[str], name: frozenset[str]) -> float:
        both = self.weigh(terms & name)
        return 2 * both / (self.weigh(terms) + self.weigh(name)) if both else 0.0

    def tells_where(self, terms: frozenset[str]) -> bool:
        """Whether a name says to which number of the form it belongs, wherever it stands."""
        return len(terms) > 1 and not self._telling.isdisjoint(terms)

    def explains(self, terms: frozenset[str], each: NamedRow) -> bool:
        """Whether nothing is said that does not belong to the row."""
        return terms <= each.said

    def find_exact(self, label: str) -> tuple[str, ...]:
        """The rows that are called that, word for word."""
        if label not in self._exact:
            self._exact[label] = self._look_up(NUMBERED.sub("", label).strip(" :"))
        return self._exact[label]

    def _look_up(self, bare: str) -> tuple[str, ...]:
        while bare:
            found = find_rows(self.form, bare)
            lead = _fillers().match(fold(bare))
            if found or lead is None:
                return tuple(key for key in found if key in self.named)
            bare = " ".join(bare.split()[len(lead[0].split()) :]).strip(" :")
        return ()
