"""Bodies that are told by their look, not by a list: a corporation's capitals, where somebody says to belong."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from knowledge.lexer import Match, Syllable
from knowledge.model.plans import Plan
from knowledge.places import FARTHEST, is_of_asker
from knowledge.text import fold, has_phrase, is_syllable
from knowledge.words import WORDS

_BODIES = WORDS.composed(r"(?<!\w)%named_bodies%(?!\w)")


def find_bodies(text: str) -> Iterator[str]:
    """Corporations with a name in capitals: "Tổng công ty Giấy Việt Nam"; none where all is written so."""
    folded = fold(text)
    if text.isupper() or len(folded) != len(text):
        return
    for head in _BODIES.finditer(folded):
        name = list(itertools.takewhile(lambda word: word[0].isupper(), text[head.end() :].split()))
        if name:
            yield " ".join((text[head.start() : head.end()], *name)).rstrip(".,;:?!")


def find_names(text: str, unexplained: Collection[str]) -> Iterator[str]:
    """Names that stand in no list, by their capitals: two words or more that nothing explains, or one that is no
    syllable ("Hương Trà", "Toyota"); none where most words have capitals, or where somebody is addressed so.

    Args:
        unexplained: folded syllables.
    """
    said = [word.strip(".,;:?!()“”\"'") for word in text.split()]
    if 2 * sum(word[:1].isupper() for word in said) > len(said):
        return
    before = ""
    for is_name, run in itertools.groupby(said, lambda word: word.istitle() and fold(word) in unexplained):
        name = list(run)
        is_whole = len(name) > 1 or not is_syllable(fold(name[0]))
        if is_name and is_whole and not WORDS.ends([fold(before)], "addressed"):
            yield " ".join(name)
        before = name[-1]


def is_counted(folded: Sequence[str], match: Match) -> bool:
    """Whether what is named is what is counted: "mấy phần trăm học sinh"."""
    return WORDS.ends(folded[: match.at[0]], "amounts")


def find_told(clauses: Sequence[Sequence[Syllable]], subjects: Sequence[Match]) -> frozenset[int]:
    """Where the clauses stand that only tell of the asker, beside one that holds a subject; the places of their words.

    Example: of "em là giáo viên, thỏa ước bao nhiêu" the first four; none of "em xin số đảng viên, thỏa ước bao nhiêu".
    """
    starts = list(itertools.accumulate((len(clause) for clause in clauses), initial=0))
    told = set[int]()
    for clause, (begin, end) in zip(clauses, itertools.pairwise(starts), strict=True):
        folded = [syllable.folded for syllable in clause]
        if not subjects or WORDS.folded("asker").isdisjoint(folded):
            continue
        holds_subject = any(begin <= match.at[0] < end for match in subjects)
        if not holds_subject and not has_phrase(folded, WORDS.phrases("amounts")):
            told.update(range(begin, end))
    return frozenset(told)


def find_apart(
    text: str,
    places: Sequence[str],
    plans: Iterable[Plan],
    fold_words: Callable[[str], tuple[str, ...]],
    unexplained: Collection[str] = (),
) -> tuple[str, ...]:
    """The places and bodies named that no plan speaks for, the parts of a longer name not told beside it.

    Args:
        places: those that are known by a list; `fold_words` are the words of a name.
        unexplained: folded syllables that nothing explains, where names may be told by their capitals.
    """
    issuers = [fold_words(plan.issuer) for plan in plans]
    bodies = [body for body in find_bodies(text) if not any(has_phrase(i, [fold_words(body)]) for i in issuers)]
    said = [fold_words(body) for body in bodies]
    return (
        *(place for place in places if not any(has_phrase(body, [fold_words(place)]) for body in said)),
        *bodies,
        *find_names(text, unexplained),
    )


def _before(clauses: Sequence[Sequence[Syllable]], at: int) -> list[str]:
    """The words of its clause before the syllable at that place, which runs on through the clauses."""
    for clause in clauses:
        if at < len(clause):
            return [syllable.folded for syllable in clause[max(at - FARTHEST, 0) : at]]
        at -= len(clause)
    return []


def find_bodies_of_asker(clauses: Sequence[Sequence[Syllable]], subjects: Iterable[Match]) -> tuple[str, ...]:
    """The subjects (ids) that are named only as the body to which the asker belongs: "tôi ở ban nữ công"."""
    named = [(match.phrase.value, is_of_asker(_before(clauses, match.at[0]))) for match in subjects]
    asked = {subject for subject, of_asker in named if not of_asker}
    return tuple(dict.fromkeys(subject for subject, _ in named if subject not in asked))
