"""Places within the place of a plan: where somebody is tells whose plan they ask of; a figure of its own it has none.

Which town lies in which place stands in `places.toml`, with the words around them.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence, Set
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

import msgspec

from knowledge.catalogue import read_toml
from knowledge.lexer import Match, Syllable
from knowledge.text import fold, fold_words, has_phrase, spelling
from knowledge.wordlists import WordLists

FARTHEST: Final = 9
"""Syllables before a place or a body among which whoever is there is spoken of."""

MOST_BESIDE: Final = 2
"""Syllables beside a place that is a clause by itself: "Cam Lộ đó,"."""

MOST_BETWEEN: Final = 3
"""Syllables between two places that are named beside each other."""


class AroundPlaces(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words around the name of a place; the file says of each list what it is."""

    kinds: tuple[str, ...]
    numbered: tuple[str, ...]
    no_place_behind: tuple[str, ...]
    where: tuple[str, ...]
    askers: tuple[str, ...]
    firms: tuple[str, ...]
    counted: tuple[str, ...]
    single: tuple[str, ...]
    asks: tuple[str, ...]
    has: tuple[str, ...]
    sets: tuple[str, ...]
    of_its_own: tuple[str, ...]
    its_own: tuple[str, ...]
    whole: tuple[str, ...]
    joints: tuple[str, ...]
    merging: tuple[str, ...]
    merged_with: tuple[str, ...]
    not_merged: tuple[str, ...]


class PartOfPlace(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of place to which figures are handed on; the file says of each field what it is."""

    name: str
    said: tuple[str, ...]
    own: tuple[str, ...]


NO_TASKS: Final = frozenset({"asked_figure", "figure", "overview", "document", "signer", "result", "form"})
"""Cues of questions for something else than what is to be done."""


class PlaceWithin(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A place of a plan with what lies in it; the file says of each field what it is."""

    place: str
    level: str
    another: str
    towns: tuple[str, ...]
    merged: tuple[str, ...] = ()
    quarters: tuple[str, ...] = ()
    numbered: str = ""
    most: int = 0


class _Data(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    words: AroundPlaces
    parts: tuple[PartOfPlace, ...]
    within: tuple[PlaceWithin, ...]


@cache
def _data() -> _Data:
    return read_toml(files("knowledge") / "places.toml", _Data)


_AROUND: Final = WordLists.of(_data().words)
_NUMBERED: Final = {fold(kind): spelling(kind) for kind in _data().words.numbered}
"""Kinds of places that are known by a number, with the marks they are written with."""

_QUARTERS: Final = frozenset(name for within in _data().within for name in within.quarters)
_WITHIN: Final = {name: within for within in _data().within for name in (*within.towns, *within.quarters)}

INNER_PLACES: Final = tuple(_WITHIN)
"""Names of districts, towns and quarters that lie in the places of plans, with their marks."""


PARTS: Final = frozenset(part.name for part in _data().parts)
"""What places within one are told as to which figures are handed on."""


def sets_parts(texts: Iterable[str]) -> bool:
    """Whether figures are set by themselves for each of the places within one, going by what they are set on."""
    said = [tuple(fold_words(name)) for part in _data().parts for name in part.said]
    return any(has_phrase(fold_words(text), said) for text in texts)


class SaidPlace(NamedTuple):
    """A place that is named: where in the message its name begins and ends, and what place of a plan it lies in."""

    name: str
    begin: int
    end: int
    within: PlaceWithin | None


class SaidPlaces(NamedTuple):
    """The places of a message that no plan is called by.

    `region` is the place of a plan in which whoever asks is, or which was merged with the one named ("" where none is
    known); `asked` are those asked about, `of_asker` those where the asker is. `signs` are cues of the question:
    "versus" where one stands beside a place with a plan, "part" where a figure of one within a plan's place is asked
    for. A place that is named only as what another was merged with is none of them.
    """

    region: str
    asked: tuple[str, ...]
    of_asker: tuple[str, ...]
    signs: frozenset[str]

    def apart(self, *, named: bool) -> tuple[str, ...]:
        """The places that are none of a plan; where one is meant (`named`), without those where the asker is."""
        return self.asked if named else (*self.asked, *self.of_asker)


def regions_of(places: Iterable[str]) -> tuple[str, ...]:
    """The places of plans in which these lie, in their order."""
    found = (_within_of(place) for place in places)
    return tuple(dict.fromkeys(within.place for within in found if within is not None))


def _within_of(place: str) -> PlaceWithin | None:
    kind, _, number = fold(place).rpartition(" ")
    numbered = number.isdigit() and (
        w for w in _data().within if fold(w.numbered) == kind and 1 <= int(number) <= w.most
    )
    return _WITHIN.get(place) or (next(numbered, None) if numbered else None)


def read_places(
    clauses: Sequence[Sequence[Syllable]],
    found: Iterable[Match],
    plans: Iterable[Match],
    cues: Set[str],
    *,
    dated: bool = False,
    parts: bool = True,
) -> SaidPlaces:
    """What the places named in a message are to it.

    What is to be done the whole's plan says for all that lies in it, so that a place within is no other there.

    Args:
        clauses: the syllables of each clause; positions run on through them.
        found: names of places and bodies that no plan speaks for; `plans` those of plans and their issuers.
        cues: signs of what is asked; `dated`: whether years or figures are named too.
        parts: whether a share of an amount may be asked for, as no plan sets one by itself.
    """
    of_tasks = NO_TASKS.isdisjoint(cues) and not dated
    said = [SaidPlace(m.phrase.value, m.at[0], m.at[-1] + 1, _WITHIN.get(m.phrase.value)) for m in found]
    said = sorted([*said, *_numbered(clauses)], key=lambda place: place.begin)
    spoken = [syllable.folded for clause in clauses for syllable in clause]
    asked, of_asker = dict[str, SaidPlace](), dict[str, SaidPlace]()
    signs = set[str]()
    merged = list[SaidPlace]()
    for place in said:
        before, behind = _beside(clauses, place)
        bare = _without_kind(before)
        if _is_merged(bare, behind):
            merged.append(place)
            continue
        if place.name in _QUARTERS and bare == before and not _AROUND.ends(before, "where"):
            continue
        is_there = is_of_asker(bare) or _is_asker_beside(bare, behind) or (of_tasks and place.within is not None)
        is_there = is_there or _is_where_whole_is_asked(spoken, place, bare, behind)
        if is_there and not _AROUND.begins(behind, "has"):
            of_asker[place.name] = place
        else:
            asked[place.name] = place
            if place.within and (
                _AROUND.ends(bare, "of_its_own") or _AROUND.begins(behind, "its_own") or _AROUND.begins(behind, "has")
            ):
                signs.add("part")
    is_shared = parts and "asked_figure" in cues and not has_phrase(spoken, _AROUND.phrases("whole"))
    handed = _handed_on(spoken) if is_shared else ""
    if handed:
        signs.add("part")
        asked |= of_asker
        of_asker = {}
    if any(_is_joined(spoken, place, plan) for place in asked.values() for plan in plans):
        signs.add("versus")
    names = tuple(asked) or ((handed,) if handed else ())
    inner = [place.within for place in of_asker.values() if place.within]
    agreeing = [within.place for within in inner if not _is_of_another(spoken, within, said)]
    agreeing += [within.place for within in _data().within for place in merged if place.name in within.merged]
    region = agreeing[0] if agreeing and not names else ""
    return SaidPlaces(region, names, tuple(of_asker), frozenset(signs))


def _is_merged(before: Sequence[str], behind: Sequence[str]) -> bool:
    """Whether a place is named only as what another was merged with: "chưa sáp nhập với", "… chưa nhập vào"."""
    for joint in ((), *_AROUND.phrases("merged_with")):
        if tuple(before[len(before) - len(joint) :]) == joint and _AROUND.ends(
            before[: len(before) - len(joint)], "merging"
        ):
            return True
    return _AROUND.begins(behind, "not_merged")


def _handed_on(spoken: Sequence[str]) -> str:
    """To what kind of places a figure is handed on that is asked for ("mỗi huyện", "huyện em được"), or ""."""
    for name, said, own in _folded_parts():
        if has_phrase(spoken, said):
            return name
        heard = [each for each in own if each[0] in spoken]
        spans = ((at, at + len(each)) for each in heard for at in range(len(spoken)) if _at(spoken, at, each))
        if any(_AROUND.ends(spoken[:at], "of_its_own") or _AROUND.begins(spoken[end:], "its_own") for at, end in spans):
            return name
    return ""


@cache
def _folded_parts() -> list[tuple[str, list[tuple[str, ...]], list[tuple[str, ...]]]]:
    """The parts of places with the folded words by which they are told, and by which one's own."""
    return [
        (part.name, [tuple(fold_words(each)) for each in part.said], [tuple(fold_words(each)) for each in part.own])
        for part in _data().parts
    ]


def _numbered(clauses: Sequence[Sequence[Syllable]]) -> Iterator[SaidPlace]:
    """Districts and communes that are known by a number: "quận 7", and where somebody is also "q7"."""
    spelled = [syllable for clause in clauses for syllable in clause]
    folded = [syllable.folded for syllable in spelled]
    for at, (syllable, number) in enumerate(itertools.pairwise(spelled)):
        if not number.folded.isdigit() or len(number.folded) > LONGEST_NUMBER:
            continue
        named_so = at and folded[at - 1] in _AROUND.folded("no_place_behind")
        marks = _NUMBERED.get(syllable.folded)
        if marks is not None and syllable.marks in {None, marks} and not named_so:
            name = f"{syllable.typed_text or syllable.folded} {number.folded}"
            yield SaidPlace(name, at, at + 2, _within_of(name))
    for within in _data().within:
        letter = fold(within.numbered[:1])
        for at in range(1, len(folded) if letter else 0):
            if not folded[at].startswith(letter):
                continue
            short = "".join(folded[at : at + 2]) if folded[at] == within.numbered[0] else folded[at]
            number_of = short.removeprefix(letter)
            if number_of != short and number_of.isdigit() and _AROUND.ends(folded[:at], "where"):
                name = f"{within.numbered} {number_of}"
                if _within_of(name) is within and int(number_of) > QUARTERS_OF_A_YEAR:
                    yield SaidPlace(name, at, at + 2 - (folded[at] == short), within)


QUARTERS_OF_A_YEAR: Final = 4
"""Up to it "q3" is a quarter of a year, no district."""

LONGEST_NUMBER: Final = 2
"""Digits of a district's number."""


def _beside(clauses: Sequence[Sequence[Syllable]], place: SaidPlace) -> tuple[list[str], list[str]]:
    """The words of its clause before a place and behind it."""
    start = 0
    for clause in clauses:
        if place.begin < start + len(clause):
            folded = [syllable.folded for syllable in clause]
            return folded[max(place.begin - start - FARTHEST, 0) : place.begin - start], folded[place.end - start :]
        start += len(clause)
    return [], []


def _without_kind(before: list[str]) -> list[str]:
    """The words before a place without what kind of place it is: "ở chợ"."""
    for kind in sorted(_AROUND.phrases("kinds"), key=len, reverse=True):
        if tuple(before[-len(kind) :]) == kind:
            return _without_kind(before[: -len(kind)])
    return before


def _at(words: Sequence[str], at: int, phrase: tuple[str, ...]) -> bool:
    return tuple(words[at : at + len(phrase)]) == phrase


def is_of_asker(before: Sequence[str]) -> bool:
    """Whether the words before a place or a body say that the asker is there, or a firm of theirs, and ask for nothing.

    Example: "tôi làm ở", "xưởng em bên", "doanh nghiệp 20 người ở"; not "tôi muốn hỏi ở", "doanh nghiệp ở",
    nor "của công ty em ở".
    """
    if not _AROUND.ends(before, "where"):
        return False
    asked = max((at for at in range(len(before)) if _AROUND.begins(before[at:], "asks")), default=-1)
    said = before[asked + 1 :]
    if any(_AROUND.begins(said[at:], "of_its_own") and not _is_owner(said, at) for at in range(len(said))):
        return False
    if _AROUND.folded("askers").intersection(said) or has_phrase(said, _AROUND.phrases("single")):
        return True
    firms = [at for at in range(len(said)) if _AROUND.begins(said[at:], "firms")]
    return any(
        said[at].isdigit() and _AROUND.begins(said[at + 1 :], "counted") and any(firm < at for firm in firms)
        for at in range(len(said))
    )


def _is_owner(said: Sequence[str], at: int) -> bool:
    """Whether what stands there only says whose a firm is: "xưởng của tui"; not "chỉ tiêu của công ty em"."""
    before = any(_AROUND.begins(said[firm:], name) for firm in range(at) for name in ("firms", "single"))
    return before and bool(_AROUND.folded("askers").intersection(said[at + 1 : at + 2]))


def _is_asker_beside(before: Sequence[str], behind: Sequence[str]) -> bool:
    """Whether the asker, or a firm of theirs, is named right beside a place: "bên … tụi em", "công ty em … "."""
    askers = _AROUND.folded("askers")
    if _AROUND.ends(before, "where") and not _AROUND.ends(before[:-1], "asks"):
        return bool(askers.intersection(behind[:1])) and not _AROUND.begins(behind, "its_own")
    firms = any(_AROUND.ends(before[:-1], name) for name in ("firms", "single"))
    return (
        firms
        and before[-1] in askers
        and not any(_AROUND.begins(before[at:], "of_its_own") for at in range(len(before)))
    )


def _is_where_whole_is_asked(
    spoken: Sequence[str], place: SaidPlace, bare: Sequence[str], behind: Sequence[str]
) -> bool:
    """Whether a place within is named as where one is, and the whole is what is asked of: "ở Đông Hà thì tỉnh đặt"."""
    if place.within is None or _AROUND.ends(bare, "of_its_own") or _AROUND.begins(behind, "its_own"):
        return False
    alone = len(bare) + len(behind) <= MOST_BESIDE and not _AROUND.begins(behind, "sets")
    beside = bool(_AROUND.folded("askers").intersection(behind[:1]))
    is_there = (_AROUND.ends(bare, "where") and not _AROUND.ends(bare[:-1], "asks")) or beside or alone
    level = tuple(fold(place.within.level).split())
    whole = (at for at in range(len(spoken)) if _at(spoken, at, level) and at + len(level) != place.begin)
    return is_there and any(_AROUND.begins(spoken[at + len(level) :], "sets") for at in whole)


def _is_joined(spoken: Sequence[str], place: SaidPlace, plan: Match) -> bool:
    """Whether a place and one with a plan are named beside each other."""
    begin, end = sorted(((place.begin, place.end), (plan.at[0], plan.at[-1] + 1)))
    between = tuple(spoken[begin[1] : end[0]])
    return len(between) <= MOST_BETWEEN and between in _AROUND.phrases("joints")


def _is_of_another(spoken: Sequence[str], within: PlaceWithin, said: Sequence[SaidPlace]) -> bool:
    """Whether something is spoken of that its whole is not: the province, of a town's quarter; not of a place named."""
    another = tuple(fold(within.another).split())
    begins = {place.begin for place in said}
    return any(_at(spoken, at, another) and at + len(another) not in begins for at in range(len(spoken)))
