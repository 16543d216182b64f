"""Rows of report forms: found by their number, by their part, or by the words officers use for them."""

from __future__ import annotations

from collections.abc import Container, Iterable

from knowledge.model.answers import Row
from knowledge.model.forms import Form
from knowledge.model.questions import Question
from knowledge.question import Understanding
from knowledge.search.coverage import Coverage, CoveredPassage, content_of
from knowledge.search.postings import count_terms
from knowledge.search.wordbook import Tokens, fold_number, shared_wordbook
from knowledge.text import has_phrase
from knowledge.words import WORDS

MOST_SHOWN = 4
SHORTEST_NAME = 2
"""Words of a row's name that tell it wherever they stand."""

FITS = 0.6
NEAR = 0.85
"""Shares (0–1): of a question's words that a row must hold; of the best row's score that others need beside it."""


class Rows:
    """The index over the rows of those forms that a plan brought."""

    def __init__(self, forms: Iterable[Form], understanding: Understanding) -> None:
        """A form without a plan is the product's own and is not asked about."""
        self.forms = {form.id: form for form in forms if form.plan is not None}
        self.understanding = understanding
        rows = [(form.id, row.key) for form in self.forms.values() for row in form.indicators]
        book = shared_wordbook()
        self._index = Coverage(rows, count_terms(Tokens.of((self._runs(*row) for row in rows), book), book))

    def numbered(self, numbers: tuple[int, ...]) -> tuple[Row, ...]:
        """The rows of these numbers."""
        wanted = {str(number) for number in numbers}
        return tuple(
            self.row(form.id, row.key)
            for form in self.forms.values()
            for row in form.indicators
            if row.no in wanted and row.parent is None
        )

    def of_parts(self, numbers: tuple[str, ...]) -> tuple[Row, ...]:
        """The rows of the parts of these Roman numbers."""
        return tuple(
            self.row(form.id, row.key)
            for form in self.forms.values()
            for part in form.parts
            if part.number in numbers
            for row in form.indicators
            if row.part == part.id and row.parent is None
        )

    def named(self, question: Question) -> tuple[Row, ...]:
        """A whole part where its title is asked for, else the rows that fit; none where none does."""
        found = self._find(question)
        if not found or found[0].coverage < FITS:
            return ()
        part = self._part(question)
        if part:
            return part
        best = [hit for hit in found if hit.score >= NEAR * found[0].score]
        return tuple(dict.fromkeys(self.row(*hit.item) for hit in best))[:MOST_SHOWN]

    def called(self, question: Question, plans: Container[str]) -> Row | None:
        """The row, or that of the line within one, whose name stands whole in a question; None unless it is one alone.

        Example: "nghiệp đoàn … có đếm trong biểu không" → the row in which they are a line.

        Args:
            plans: ids of the plans whose forms are meant.
        """
        spoken = question.spoken
        found: dict[str, set[tuple[str, str]]] = {}
        for form in self.forms.values():
            for row in form.indicators if form.plan in plans else ():
                for alias in row.aliases:
                    words = self.understanding.fold_words(alias)
                    if len(words) >= SHORTEST_NAME and has_phrase(spoken, [words]):
                        found.setdefault(" ".join(words), set()).add((form.id, row.parent or row.key))
        longest = max(found, key=len, default="")
        rows = found.get(longest, set())
        within = all(name in longest for name in found)
        return self.row(*rows.pop()) if within and len(rows) == 1 else None

    def _runs(self, form_id: str, key: str) -> list[tuple[str, ...]]:
        form = self.forms[form_id]
        row = form.get_indicator(key)
        part = next((part.title for part in form.parts if part.id == row.part), "")
        texts = [row.name, row.short, *row.aliases, part, row.note or ""]
        return [self.understanding.fold_words(text) for text in texts]

    def _find(self, question: Question) -> list[CoveredPassage[tuple[str, str]]]:
        words = [fold_number(word) for word in question.content]
        return self._index.find(words, content_of(question), limit=8) if words else []

    def _part(self, question: Question) -> tuple[Row, ...]:
        asked = set(question.content) - WORDS.folded("of_forms")
        for form in self.forms.values():
            for part in form.parts:
                title = set(self.understanding.fold_words(part.title)) - WORDS.folded("of_forms")
                if title and asked and asked <= title and len(asked) * 2 >= len(title):
                    rows = (row for row in form.indicators if row.part == part.id and not row.parent)
                    return tuple(self.row(form.id, row.key) for row in rows)
        return ()

    def row(self, form_id: str, key: str) -> Row:
        """A row with its sub-rows; of a sub-row, the row it belongs to."""
        form = self.forms[form_id]
        row = form.get_indicator(form.get_indicator(key).parent or key)
        key = row.key
        return Row(form=form, row=row, subrows=tuple(sub for sub in form.indicators if sub.parent == key))
