"""Plans brought to words: what is slow about a catalogue, done once for each plan and kept in the process.

So a catalogue of which one plan changed is indexed in the time that counting takes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from threading import Lock

import numpy as np

from knowledge.glossary import Glossary
from knowledge.model.plans import Plan
from knowledge.search.candidates import Candidate, Described, Plain, describe_plan
from knowledge.search.wordbook import Numbers, Tokens, Wordbook, shared_wordbook
from knowledge.text import fold_words


@dataclass(frozen=True)
class Part:
    """Candidates with their texts in numbers.

    Attributes:
        tokens: of the candidates, in their order.
        headings: of what stands above them, each heading once.
        heading_of: for each candidate the place of its heading.
        spoken: all words of a plan as they are written, short forms too; what messages are repaired against.
    """

    candidates: tuple[Candidate, ...]
    tokens: Tokens
    headings: Tokens
    heading_of: Numbers
    spoken: Tokens

    @classmethod
    def of(cls, described: Iterable[Described], plain: Plain, book: Wordbook, written: Iterable[str] = ()) -> Part:
        """Number the texts of candidates, and those `written`."""
        every = list(described)
        headings = {above: number for number, above in enumerate(dict.fromkeys(each.above for each in every))}
        return cls(
            tuple(each.candidate for each in every),
            Tokens.of((each.runs(plain) for each in every), book),
            Tokens.of((filter(None, map(plain, above)) for above in headings), book),
            np.array([headings[each.above] for each in every], dtype=np.int32),
            Tokens.of(((fold_words(text),) for text in written), book),
        )

    @classmethod
    def joined(cls, parts: Sequence[Part]) -> Part:
        """The candidates of all parts, one part's behind the other's, without what is `spoken`."""
        before = np.cumsum([0, *(part.headings.size for part in parts)])
        return cls(
            tuple(candidate for part in parts for candidate in part.candidates),
            Tokens.joined([part.tokens for part in parts]),
            Tokens.joined([part.headings for part in parts]),
            np.concatenate([part.heading_of + offset for part, offset in zip(parts, before, strict=False)]),
            Tokens.joined(()),
        )


def _written(plan: Plan) -> Iterator[str]:
    """What stands in a plan."""
    yield from (plan.title, plan.issuer, plan.short, *(plan.carries_out))
    yield from (text for target in plan.targets for text in (target.population, target.unit) if text)
    for deadline in plan.deadlines:
        yield " ".join((deadline.what, deadline.who, deadline.when, deadline.to or "", *deadline.keywords))
    for task in plan.tasks:
        yield " ".join((task.summary, *task.lead, *task.with_, *task.keywords, *task.refs))


class Shelf:
    """The parts of the plans of the last catalogue, each with what it was made of."""

    def __init__(self) -> None:
        self._kept: Mapping[str, tuple[tuple[object, ...], Part]] = {}
        self._lock = Lock()

    def parts(self, plans: Iterable[Plan], glossary: Glossary, plain: Plain) -> list[Part]:
        """A part for each plan; those of plans that are as they were are not made anew."""
        book = shared_wordbook()
        with self._lock:
            kept: dict[str, tuple[tuple[object, ...], Part]] = {}
            for plan in plans:
                subjects = dict.fromkeys(target.indicator for target in plan.targets)
                source = (plan, glossary.abbreviations, tuple(map(glossary.subject, subjects)))
                was = self._kept.get(plan.id)
                if was is None or was[0] != source:
                    part = Part.of(describe_plan(plan, glossary), plain, book, _written(plan))
                elif was[0][0] is plan:
                    part = was[1]
                else:
                    candidates = tuple(each.candidate for each in describe_plan(plan, glossary))
                    part = replace(was[1], candidates=candidates)
                kept[plan.id] = (source, part)
            self._kept = kept
            return [part for _, part in kept.values()]

    def settle(self, whole: Part) -> None:
        """Hold the words of the parts once: they are stretches of the `whole` in which they stand first, in order."""
        with self._lock:
            kept, begin = {}, 0
            for plan, (source, part) in self._kept.items():
                end = begin + len(part.tokens.numbers)
                own = whole.tokens.numbers[begin:end]
                if not np.array_equal(own, part.tokens.numbers):
                    return
                kept[plan] = (source, replace(part, tokens=Tokens(own, part.tokens.ends)))
                begin = end
            self._kept = kept


@cache
def shared_shelf() -> Shelf:
    """The shelf of this process."""
    return Shelf()
