"""Clauses that only lead up to a question or follow it: "em ở phòng tổng hợp, sáng mai họp gấp: …"."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from knowledge.glossary import Asides, Glossary
from knowledge.lexer import Match, Syllable
from knowledge.text import fold, spelling

SHORTEST = 5
"""Syllables from which a clause may be an aside; a shorter one may add to the question."""

_ASKING = frozenset({"asked_figure", "figure", "when", "who", "section", "document", "form", "whose", "overview"})
_WEAKLY = frozenset({"figure", "section", "document", "form"})
"""Signs that also stand in a clause of somebody's own doings, and ask nothing there: "em dò văn bản mỏi mắt quá"."""

_OF_A_PLAN = frozenset({"overview", "document"})
_NAMING = frozenset({"plan", "scope", "signer"})
_CHANGING = frozenset({"elsewhere", "topic", "other"})


class AsideFinder:
    """Finds the clauses beside a question: of the asker's own doings, or about the asking itself."""

    def __init__(self, glossary: Glossary) -> None:
        """`glossary` holds the words by which people speak of themselves and of what they are doing."""
        words: Asides = glossary.asides
        self._tellers = _Words(words.tellers)
        self._doings = _Words(words.doings)
        self._asking = _Words(words.asking)

    def find(self, clauses: Sequence[Sequence[Syllable]], matches: Iterable[Match], texts: Sequence[str]) -> set[int]:
        """The numbers of the clauses that ask for nothing, where another one asks something complete in itself.

        A subject in a clause of somebody's own doings is none that is asked about.

        Example: of "mai em đi tập huấn rồi, chỉ tiêu thỏa ước bao nhiêu" the first clause, 0.

        Args:
            clauses: the syllables of each clause; the positions in `matches` run on through them.
            texts: each clause as typed.
        """
        clause_of = [number for number, clause in enumerate(clauses) for _ in clause]
        own = {
            number
            for number, clause in enumerate(clauses)
            if self._tellers.stand_in(clause) and self._doings.stand_in(clause) and not self._asking.stand_in(clause)
        }
        subject, naming, asking, of_plan = set[int](), set[int](), set[int](), set[int]()
        telling = {number for number, text in enumerate(texts) if any(letter.isdigit() for letter in text)}
        covered = set[int]()
        for match in matches:
            places = {clause_of[at] for at in match.at}
            kind, value = match.phrase.kind, match.phrase.value
            covered.update(match.at)
            if kind == "subject":
                subject |= places
            elif kind in _NAMING:
                naming |= places
            elif kind in _CHANGING:
                telling |= places - own if kind == "other" else places
            elif kind == "cue" and value in _ASKING:
                asking |= places - own if value in _WEAKLY else places
                of_plan |= places if value in _OF_A_PLAN else set()
        telling |= naming | asking
        spelled = [syllable for clause in clauses for syllable in clause]
        of_plan -= {clause_of[at] for at, each in enumerate(spelled) if at not in covered and len(each.folded) > 1}
        core = subject - (own - telling)
        asks = core & telling | of_plan & naming
        return {
            number
            for number, clause in enumerate(clauses)
            if len(clause) >= SHORTEST
            and number not in telling
            and (number not in subject or number in own)
            and (asks or number not in subject)
            and (core or asks)
        }


class _Words:
    """Single words that stand in a clause; typed with marks, they must be these marks."""

    def __init__(self, words: Iterable[str]) -> None:
        self._marks = {fold(word): spelling(word) for word in words}

    def stand_in(self, clause: Iterable[Syllable]) -> bool:
        return any(
            syllable.folded in self._marks and syllable.marks in {None, self._marks[syllable.folded]}
            for syllable in clause
        )
