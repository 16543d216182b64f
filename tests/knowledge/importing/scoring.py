"""How right a reading is, against a truth in lines of JSON.

    python -m tests.knowledge.importing.scoring TRUTH.jsonl FILE…

A line of the truth belongs to the file of the same place: `{"targets": [{"value", "value_max", "comparator", "unit",
"horizon", "each_year", "quote_words"}], "deadlines": [{"due", "recurrence", "quote_words"}]}`; `file` names the file
where the lines stand in another order.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from decimal import Decimal
from pathlib import Path
from typing import Any

from knowledge.importing.model import PlanReading, ReadDeadline, ReadTarget
from knowledge.importing.plain_text import document_of_text
from knowledge.importing.reading import read_plan
from knowledge.importing.shadow import shadow

Truth = Mapping[str, Any]
_SAME_UNITS = (
    ("cong doan co so", "cdcs"),
    ("doan vien cong doan", "doan vien"),
    ("nguoi lao dong", "nld"),
    ("doanh nghiep", "dn"),
    ("thoa uoc lao dong tap the", "thoa uoc"),
    ("ti dong", "ty dong"),
)


@dataclass
class Score:
    """Counts over readings; `right` in value, unit, horizon and comparator at once."""

    expected: int = 0
    right: int = 0
    wrong: int = 0
    missed: int = 0
    false: int = 0
    read: int = 0
    sure: int = 0
    sure_and_wrong: int = 0
    doubtful: int = 0
    missed_but_left: int = 0
    days_expected: int = 0
    days_right: int = 0
    recurrences_expected: int = 0
    recurrences_right: int = 0
    deadlines_false: int = 0
    complaints: list[str] = field(default_factory=list)

    def add(self, other: Score) -> None:
        """Count another reading in."""
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))

    def __str__(self) -> str:
        """The counts and the rates on a few lines."""
        return "\n".join(
            (
                f"targets with a figure: {self.expected}, right {self.right} ({_rate(self.right, self.expected)}), "
                f"wrong {self.wrong}, missed {self.missed} (among left over {self.missed_but_left})",
                f"read {self.read}: false {self.false} ({_rate(self.false, self.read)}), sure {self.sure}, "
                f"sure and wrong {self.sure_and_wrong}, doubtful {self.doubtful} ({_rate(self.doubtful, self.read)})",
                f"deadlines: days {self.days_right}/{self.days_expected}, "
                f"recurrences {self.recurrences_right}/{self.recurrences_expected}, false {self.deadlines_false}",
            )
        )


def _rate(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "–"


def _number(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _unit(unit: object) -> str:
    folded = " ".join(shadow(str(unit or "")).split())
    for full, short in _SAME_UNITS:
        folded = folded.replace(full, short)
    return folded


def _fits(words: object, quote: str) -> bool:
    """Whether the words that the truth names stand in a quote, whatever breaks them."""
    if not words:
        return True
    said = words if isinstance(words, str) else " ".join(words) if isinstance(words, list) else ""
    wanted = re.findall(r"\w+", shadow(said))
    there = set(re.findall(r"\w+", shadow(quote)))
    return sum(word in there for word in wanted) >= 0.8 * len(wanted)


def _is_same_unit(one: object, other: object, *, strictly: bool) -> bool:
    """Whether two units are one, with or without what a rate is measured on; loosely also where one says it shorter."""
    mine, theirs = _unit(one), _unit(other)
    if mine in {theirs, theirs.partition("/")[0]}:
        return True
    shorter, longer = sorted((re.findall(r"\w+", each) for each in (mine, theirs.partition("/")[0])), key=len)
    return not strictly and bool(shorter) and longer[: len(shorter)] == shorter


def _scaled(value: object, unit: object) -> tuple[Decimal | None, str]:
    """A value and its unit, "3,5 triệu lượt" as 3500000 "lượt"; amounts of money stay as they are said."""
    number, said = _number(value), str(unit or "")
    scale = re.match(r"(triệu|nghìn|ngàn) (?!đồng)", said)
    if number is None or scale is None:
        return number, said
    return number * (10**6 if scale[1] == "triệu" else 10**3), said[scale.end() :]


def _agreement(target: ReadTarget, truth: Truth, *, strictly: bool) -> int:
    value, unit = _scaled(truth.get("value"), truth.get("unit"))
    last, _ = _scaled(truth.get("value_max"), truth.get("unit"))
    read, read_unit = _scaled(target.value, target.unit)
    same = [
        value == read and last == _scaled(target.value_max, target.unit)[0],
        _is_same_unit(unit, read_unit, strictly=strictly),
        truth.get("horizon") == target.horizon,
        truth.get("comparator") == target.comparator.value,
    ]
    return sum(same)


def score(reading: PlanReading, truth: Truth, *, strictly: bool = True) -> Score:
    """The counts of one reading; not `strictly`, a unit may be said shorter: "lượt" for "lượt công nhân"."""
    found = Score()
    wanted = [each for each in truth.get("targets", ()) if each.get("value") is not None]
    figures = [target for target in reading.targets if target.value is not None]
    found.expected, found.read = len(wanted), len(figures)
    found.sure = sum(target.doubt is None for target in figures)
    found.doubtful = found.read - found.sure
    free = list(figures)
    unmet: list[Truth] = []
    for each in wanted:
        best = next(
            (
                one
                for one in free
                if _agreement(one, each, strictly=strictly) == 4 and _fits(each.get("quote_words"), one.quote)
            ),
            None,
        )
        if best is None:
            unmet.append(each)
        else:
            free.remove(best)
            found.right += 1
    for each in unmet:
        near = [
            one
            for one in free
            if _scaled(each.get("value"), each.get("unit"))[0] in {one.value, one.value_max}
            and _fits(each.get("quote_words"), one.quote)
        ]
        best = max(near, key=lambda one: _agreement(one, each, strictly=strictly), default=None)
        if best is None:
            found.missed += 1
            found.missed_but_left += _is_left(reading, each)
            found.complaints.append(f"missed: {json.dumps(each, ensure_ascii=False)}")
            continue
        free.remove(best)
        found.wrong += 1
        found.sure_and_wrong += best.doubt is None
        found.complaints.append(f"wrong: {json.dumps(each, ensure_ascii=False)}\n   read: {_shown(best)}")
    found.false = len(free)
    found.sure_and_wrong += sum(target.doubt is None for target in free)
    found.complaints += [f"false: {_shown(target)}" for target in free]
    _score_deadlines(reading.deadlines, truth.get("deadlines", ()), found)
    return found


def _shown(target: ReadTarget) -> str:
    value = f"{target.value}" if target.value_max is None else f"{target.value}–{target.value_max}"
    return f"{target.comparator.value} {value} {target.unit} {target.horizon} {target.doubt} | {target.quote[:140]}"


def _is_left(reading: PlanReading, truth: Truth) -> bool:
    value = _number(truth["value"])
    for left in reading.left_over:
        if _fits(truth.get("quote_words"), left.quote):
            digits = left.number.replace(".", "").replace(" ", "").replace(",", ".")
            if re.fullmatch(r"\d+(?:\.\d+)?", digits) and Decimal(digits) == value:
                return True
    return False


def _score_deadlines(read: Sequence[ReadDeadline], wanted: Iterable[Truth], found: Score) -> None:
    free = list(read)
    for each in wanted:
        dated = each.get("due") is not None
        if not dated and each.get("recurrence") is None:
            continue
        met = next(
            (
                one
                for one in free
                if (str(one.due) == str(each["due"]) if dated else one.recurrence == each["recurrence"])
                and _fits(each.get("quote_words"), one.quote)
                and each.get("section", one.section) == one.section
            ),
            None,
        )
        if dated:
            found.days_expected += 1
            found.days_right += met is not None
        else:
            found.recurrences_expected += 1
            found.recurrences_right += met is not None
        if met is None:
            found.complaints.append(f"deadline missed: {json.dumps(each, ensure_ascii=False, default=str)}")
        else:
            free.remove(met)
    found.deadlines_false = len(free)
    found.complaints += [
        f"deadline false: {one.section} {one.due or one.recurrence} | {one.when} | {one.what[:80]}" for one in free
    ]


def main(arguments: Sequence[str]) -> None:
    """Score the files of the command line."""
    truths = [json.loads(line) for line in Path(arguments[0]).read_text(encoding="utf-8").splitlines() if line.strip()]
    named = {Path(truth["file"]).name: truth for truth in truths if "file" in truth}
    total, loosely = Score(), Score()
    for place, name in enumerate(arguments[1:]):
        document = _read(Path(name))
        reading, truth = read_plan(document), named.get(Path(name).name) or truths[place]
        one = score(reading, truth)
        loosely.add(score(reading, truth, strictly=False))
        print(f"== {name}\n{one}")
        print("\n".join(f"   {each}" for each in one.complaints))
        total.add(one)
    print(f"== all\n{total}\n== with shorter units\n{loosely}")


def _read(path: Path) -> Any:
    """The document of a file: of plain text here, of other kinds by the reader of files."""
    if path.suffix in {".txt", ".md"}:
        return document_of_text(path.read_text(encoding="utf-8"))
    from knowledge.importing.files import read_document

    return read_document(path)


if __name__ == "__main__":
    main(sys.argv[1:])
