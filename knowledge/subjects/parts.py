"""The phrases of which a plan's words are made: what a subject may be called."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from knowledge.subjects.words import AlikeWords


class NamePart(NamedTuple):
    """A phrase; `is_first`: it is the first of all, `is_aside`: it tells a circumstance."""

    text: str
    is_first: bool
    is_aside: bool


class NameParts:
    """Cuts texts at their small words and commas: "tổ công nhân tự quản | tại các | khu nhà trọ"."""

    def __init__(self, lists: AlikeWords) -> None:
        """`lists` hold the small words."""
        self._joint = re.compile(rf"\s*[,;:()]\s*|\s+(?:{_any(lists.joints)})(?=\s)\s*", re.IGNORECASE)
        self._aside = re.compile(rf"\s*(?:{_any(lists.aside)})\s*", re.IGNORECASE)
        self._openings = re.compile(rf"(?:{_any((*lists.openings, *lists.joints))})\s+", re.IGNORECASE)

    def _spans(self, text: str) -> list[tuple[int, int, bool]]:
        """Where the phrases stand, and whether what stands before makes them a circumstance."""
        spans: list[tuple[int, int, bool]] = []
        begin, is_aside = 0, False
        for joint in self._joint.finditer(text):
            if _is_quoted(text[: joint.start()]):
                continue
            spans.append((begin, joint.start(), is_aside))
            begin = joint.end()
            is_aside = self._aside.fullmatch(joint[0]) is not None or (is_aside and joint[0].strip() == ",")
        spans.append((begin, len(text), is_aside))
        return [span for span in spans if text[span[0] : span[1]].strip()]

    def windows(self, text: str) -> list[NamePart]:
        """The phrases, and neighbouring ones with what joins them, each once, also without the words that may go."""
        spans = self._spans(text)
        found: dict[str, NamePart] = {}
        for first, (begin, _, is_aside) in enumerate(spans):
            for last, (_, end, _) in enumerate(spans[first:], first):
                for part in self._opened(text[begin:end].strip()):
                    if not part[0].isdigit():
                        found.setdefault(part, NamePart(part, last == 0, is_aside))
        return list(found.values())

    def _opened(self, text: str) -> Iterator[str]:
        """The text, and what is left of it without each of the words that may go where it begins."""
        while text:
            if self._joint.match(f" {text}") is None:
                yield text
            found = self._openings.match(text)
            text = text[found.end() :] if found is not None else ""

    def beginning(self, text: str, longest: int) -> str:
        """The text, or as much of it as is no longer, up to the end of a phrase or at least of a word."""
        if len(text) <= longest:
            return text
        ends = (end for _, end, _ in reversed(self._spans(text)) if 0 < end <= longest)
        return text[: next(ends, len(text[: longest + 1].rpartition(" ")[0]))].strip()


def _any(phrases: tuple[str, ...]) -> str:
    return "|".join(map(re.escape, sorted(phrases, key=len, reverse=True)))


def _is_quoted(before: str) -> bool:
    """Whether a name in quotation marks was opened and not closed yet."""
    return before.count("“") > before.count("”") or before.count('"') % 2 == 1
