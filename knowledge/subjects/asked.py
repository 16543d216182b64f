"""What is asked for — a share, money, a number of things — and whether a subject's targets state that."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from knowledge.question import Understanding
from knowledge.subjects.nearness import Measured, Words
from knowledge.subjects.words import load_alike
from knowledge.text import has_phrase

PERCENT = "%"


class AskedFor:
    """Compares what questions ask for with the units of targets."""

    def __init__(self, understanding: Understanding, measured: Iterable[Measured]) -> None:
        """`measured` are all subjects that can be asked about."""
        fold, lists = understanding.fold_words, load_alike()
        self._fold = fold
        self._same = {word: fold(alike[0])[0] for alike in lists.units for each in alike for word in fold(each)[:1]}
        self._units = frozenset(self._first_of(unit) for each in measured for unit in each.units) - {"", PERCENT}
        self._shares = [fold(phrase) for phrase in lists.shares]
        self._asking = [fold(phrase) for phrase in lists.asking]
        self._in_money = [(*asking, *fold(money)) for asking in self._asking for money in lists.money]
        self._whom = [[fold(each) for each in whom] for whom in (lists.people, lists.bodies)]
        counters = (fold(counter)[0] for counter in lists.counters)
        self._counters = frozenset(self._same.get(counter, counter) for counter in counters)
        self._money = frozenset(word for money in lists.money for word in fold(money))

    def is_how_many(self, spoken: Words) -> bool:
        """Whether it is asked how much or how many."""
        return has_phrase(spoken, self._asking)

    def is_counted(self, measured: Measured, spoken: Words) -> bool:
        """Whether what is asked for is counted as its targets count: "mấy vụ", "bao nhiêu căn", "bao nhiêu tiền"."""
        things = self._counted_things(spoken)
        if not things.isdisjoint(self._counters):
            return not _is_share(measured)
        if has_phrase(spoken, self._in_money):
            return self._is_in_money(measured)
        return any(self._first_of(unit) in things for unit in measured.units if unit)

    def is_of_kind(self, measured: Measured, spoken: Words) -> bool:
        """Whether its targets state what is asked for: no share and no money where things are counted."""
        units = measured.units
        if has_phrase(spoken, self._in_money):
            return self._is_in_money(measured)
        if self.is_counted_otherwise(measured, spoken):
            return False
        if _is_share(measured) and not self._counted_things(spoken).isdisjoint(self._counters):
            return False
        if any(self._asks_of(who, spoken) and not _names(measured, who) for who in self._whom):
            return False
        asks_share = has_phrase(spoken, self._shares)
        return not asks_share or any(PERCENT in unit or "/" in unit or not unit for unit in units)

    def is_counted_otherwise(self, measured: Measured, spoken: Words) -> bool:
        """Whether things are asked for that other targets count, and none of its own: "mấy căn"; money is none."""
        counted = (self._counted_things(spoken) - measured.words) & self._units
        if not _is_share(measured):
            counted -= self._counters
        units = {self._first_of(unit) for unit in measured.units}
        return units != {""} and not counted - self._money <= units

    def wants_no_count(self, measured: Measured, spoken: Words) -> bool:
        """Whether money or a share is asked for where things or people are counted."""
        if not all(unit and PERCENT not in unit and "/" not in unit for unit in measured.units):
            return False
        wants_money = has_phrase(spoken, self._in_money) and not self._is_in_money(measured)
        return wants_money or has_phrase(spoken, self._shares)

    def _is_in_money(self, measured: Measured) -> bool:
        return any(not self._money.isdisjoint(self._fold(unit)) for unit in measured.units)

    def _asks_of(self, whom: Sequence[Words], spoken: Words) -> bool:
        """Whether a share or a number of them is asked: "tỷ lệ công đoàn cơ sở …", "có mấy người"."""
        ends = self._ends((*self._asking, *self._shares), spoken)
        return any(spoken[end : end + len(each)] == each for end in ends for each in whom)

    @staticmethod
    def _ends(phrases: Iterable[Words], spoken: Words) -> list[int]:
        """The places behind phrases that stand among the words."""
        starts = ((at, each) for each in phrases for at in range(len(spoken)))
        return [at + len(each) for at, each in starts if spoken[at : at + len(each)] == each]

    def _first_of(self, unit: str) -> str:
        """The first word of a unit, by which things are counted, or of what is the same."""
        word = next(iter(self._fold(unit)), "") if unit != PERCENT else PERCENT
        return self._same.get(word, word)

    def _counted_things(self, spoken: Words) -> frozenset[str]:
        """The words behind those that ask how many: "mấy vụ"; of those that are the same, the first, and for a share
        `PERCENT`."""
        things = set[str]()
        for end in self._ends(self._asking, spoken):
            is_share = any(spoken[end : end + len(each)] == each for each in self._shares)
            thing = PERCENT if is_share else "".join(spoken[end : end + 1])
            things.add(self._same.get(thing, thing))
        return frozenset(things)


def _names(measured: Measured, whom: Sequence[Words]) -> bool:
    """Whether some of them stand in the words of a subject."""
    return any(has_phrase(run, whom) for run in (*measured.labels, *measured.runs))


def _is_share(measured: Measured) -> bool:
    """Whether its targets are shares only."""
    return all(unit == PERCENT for unit in measured.units)
