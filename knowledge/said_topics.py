"""Topics that are named by phrases among the words of a question."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

Words = tuple[str, ...]
Span = tuple[int, int]


class SaidTopics:
    """Phrases, folded or as they are written, with the number of the topic that each names; None for none."""

    def __init__(self, phrases: Iterable[tuple[Words, int | None]]) -> None:
        """Of equal phrases the last counts."""
        self._by_first: dict[str, list[tuple[Words, int | None]]] = {}
        for phrase, number in phrases:
            self._by_first.setdefault(phrase[0], []).append((phrase, number))

    def spans(self, words: Sequence[str]) -> Iterator[tuple[Span, int | None]]:
        """Where phrases stand among words (begin and end), with their topics."""
        said = tuple(words)
        for at, word in enumerate(said):
            for phrase, number in self._by_first.get(word, ()):
                if said[at : at + len(phrase)] == phrase:
                    yield (at, at + len(phrase)), number

    def named_in(self, words: Sequence[str]) -> list[int]:
        """The numbers of the topics named, once for each phrase; within a longer phrase a shorter one says nothing."""
        spans = dict(self.spans(words))
        return sorted(number for span, number in spans.items() if number is not None and not _is_within(span, spans))


def _is_within(span: Span, others: Iterable[Span]) -> bool:
    begin, end = span
    return any(first <= begin and end <= last and (first, last) != span for first, last in others)
