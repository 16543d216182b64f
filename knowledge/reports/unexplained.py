"""Numbers of a message that nothing explains, and the figures they may be put for."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from knowledge.forms import check_report
from knowledge.reports.message import TextItem
from knowledge.reports.pairing import Pair, Pairing
from knowledge.reports.shaping import likeliest_count
from knowledge.reports.times import Spot

_FEW = 5
"""By how many more the next of a list may be than its first: people who came or left are few."""
_LED = 3
"""So many words may stand before a figure that goes on with a list; behind more of them it is of something else."""
_MONTHS = 12
"""A number at the head of a message may be that of its month."""


@dataclass
class Unexplained(Pairing):
    """What numbers without a name do to the figures around them."""

    def _alone(self, every: list[Spot], spots: list[Spot], labels: list[TextItem]) -> set[int]:
        """Numbers that are a clause of their own right behind a figure: nobody said what they are."""
        layout, out = self.reader.layout, set()
        named = {key for label in labels for key in label.keys}
        given = all(row.key in named for row in self.reader.form.asked)
        for at, spot in enumerate(every):
            begin, end = layout.clause(spot.at)
            rest = self._unclaimed(begin, spot.at) + self._unclaimed(spot.number_end, end)
            alone = given and at > 0 and not self._unknown(rest)
            beside = at > 0 and every[at - 1] in spots and every[at - 1].at >= begin
            named_since = at > 0 and any(label.keys and every[at - 1].end <= label.start < spot.at for label in labels)
            if (
                spot not in spots
                and not named_since
                and (
                    alone
                    or beside
                    or (at > 0 and every[at - 1] in spots and self._is_close(every[at - 1], spot))
                    or self._goes_on(every, at, spots)
                )
                and not any(True for _ in self.reader.spans("subset", begin, spot.at))
            ):
                out.add(at)
        return out

    def _goes_on(self, every: list[Spot], at: int, spots: list[Spot]) -> bool:
        """Whether a bare number goes on with a list that a figure begins: "kn mới: 2 bs, 3 đd", "41 lđ; 36; 30"."""
        run = [every[at]]
        for spot in reversed(every[:at]):
            run.append(spot)
            if spot in spots:
                break
        lead = self.reader.norm[self.reader.layout.clause(every[at].at)[0] : every[at].at]
        if len(lead.split()) > _LED:
            return False
        first, *others = reversed(run)
        if first not in spots or self.reader.layout.sentence(first.at) != self.reader.layout.sentence(run[0].at):
            return False
        told = [likeliest_count(self.reader.norm[s.at : s.number_end]) for s in (first, *others)]
        values = [value for value in told if value is not None]
        if len(values) < len(told) or not values[0]:
            return False
        moves = any(key in self.reader.children for key in first.keys)
        listed = re.search(r"[():|=]", self.reader.norm[first.number_end : every[at].at]) is None
        alike = len(others) > 1 and max(values) <= 2 * min(values)
        return alike or (moves and listed and max(values[1:]) <= _FEW + values[0])

    def _is_close(self, *spots: Spot) -> bool:
        """Whether two figures are about as large: of two sources, say."""
        told = [likeliest_count(self.reader.norm[s.at : s.number_end]) for s in spots]
        values = [value for value in told if value is not None]
        if not values or len(values) < len(told):
            return False
        least, most = min(values), max(values)
        return least != most and least > 20 and most * 10 < least * 11

    def _either_way(self, items: list[TextItem], pairs: list[Pair]) -> list[Pair]:
        """The pairs, those in doubt that would be others if each figure belonged to its neighbour.

        Names and figures in turn that begin and end with a name ("lao động 87 đoàn viên 5 kết nạp 3 giảm") leave one
        name over whichever way they are read, unless one way makes more people move than there are.
        """
        out, run = list(pairs), list[TextItem]()
        for at, item in enumerate(items):
            following = items[at + 1] if at + 1 < len(items) else None
            run.append(item)
            turned = following is not None and following.is_label != item.is_label
            if following is not None and turned and self.reader.norm[item.end : following.start] == " ":
                continue
            names, numbers = run[::2], run[1::2]
            if len(names) == len(numbers) + 1 > 2 and all(name.is_label and len(name.keys) == 1 for name in names):
                inside = [pair for pair in out if pair.number in numbers]
                others = names[1:] if all(pair.label.start < pair.number.start for pair in inside) else names[:-1]
                if self._may_be(others, numbers):
                    out = [replace(pair, alternatives=(pair.label,)) if pair in inside else pair for pair in out]
            run = []
        return out

    def _may_be(self, names: list[TextItem], numbers: list[TextItem]) -> bool:
        """Whether figures can be those of names, in order: no bound is broken and fewer move than there are."""
        told: dict[str, Decimal] = {}
        for name, number in zip(names, numbers, strict=True):
            value = Decimal(0) if number.zero else likeliest_count(number.raw)
            if value is None:
                return True
            told[name.keys[0]] = value
        moved = max((value for key, value in told.items() if self._is_moving(key)), default=Decimal(0))
        there = max((value for key, value in told.items() if not self._is_moving(key)), default=moved * 2)
        return moved * 2 <= there and not check_report(self.reader.form, told, None)

    def _joined_in_doubt(self, pairs: list[Pair]) -> list[Pair]:
        """The pairs, a movement that is named with all its people in doubt where its figure may be theirs.

        "87 đoàn viên kết nạp 3 giảm": as many as there are people, while nothing else is told of these.
        """
        told = {key for pair in pairs for key in pair.label.keys}
        values = [likeliest_count(pair.number.raw) or Decimal(0) for pair in pairs]
        there = [v for v, p in zip(values, pairs, strict=True) if not any(map(self._is_moving, p.label.keys))]
        out = []
        for pair, value in zip(pairs, values, strict=True):
            keys = self._people_in(pair.label)
            if keys and there and value * 2 > max(there) and not {*keys} & told:
                pair = replace(pair, alternatives=(*pair.alternatives, replace(pair.label, keys=keys)))  # noqa: PLW2901
            out.append(pair)
        return out

    def _people_in(self, label: TextItem) -> tuple[str, ...]:
        """The row that counts all people, where the name of a movement holds its name: "đoàn viên giảm"."""
        if len(label.keys) != 1 or not self._is_moving(label.keys[0]):
            return ()
        words = label.words
        names = [name for at in range(1, len(words)) for name in (words[:at], words[at:])]
        found = [self.reader.lexicon.labels.get(name, ()) for name in names]
        return next((keys for keys in found if len(keys) == 1 and not self._is_moving(keys[0])), ())

    def _claimants(self, every: list[Spot], spots: list[Spot]) -> dict[int, int]:
        """Numbers without a name that the figure behind them may be put for, with the place of that figure's pair.

        Of two numbers before one name ("87 91 đoàn viên") either may be its own, and so may a large number at the
        head of a message, where nothing stands before it.
        """
        out: dict[int, int] = {}
        for at, spot in enumerate(every[:-1]):
            following = every[at + 1]
            if spot in spots or following not in spots:
                continue
            between = self.reader.norm[spot.number_end : following.at]
            led = following.start == following.at and following.end > following.number_end
            value, own = (likeliest_count(self.reader.norm[each.at : each.number_end]) for each in (spot, following))
            begin, end = self.reader.layout.clause(spot.at)
            rest = self._unclaimed(begin, spot.at) + self._unclaimed(spot.number_end, end)
            headed = at == 0 and value is not None and value > _MONTHS and not self._unknown(rest)
            if value == own:
                continue
            if headed or (led and re.fullmatch(r" *[,/-]? *", between)):
                out[at] = spots.index(following)
        return out
