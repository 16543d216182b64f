"""The words by which a message names what is handed down. Pure."""

from __future__ import annotations

from typing import Final

from knowledge.shares.found import ScannedShares
from knowledge.tokens import TokenSort

_AROUND: Final = (
    *("giving", "taking_back", "between", "to", "courtesy", "joined", "whole", "becoming", "moving", "out_of", "into"),
    *("growing", "shrinking", "raising", "lowering", "more", "more_behind", "done", "told", "told_behind"),
    *("against", "owing", "both"),
)
"""Lists of words that name no goal."""


def find_goal(of: ScannedShares) -> str:
    """The words that nothing else explains, without those that only stand around them."""
    plain = [False] * len(of.tokens)
    for each in of.phrases.of(*_AROUND):
        plain[each.start : each.end] = [True] * (each.end - each.start)
    for each in of.phrases.of("goal_words"):
        if each.end - each.start > 1:
            plain[each.start : each.end] = [False] * (each.end - each.start)
    chunks: list[list[int]] = []
    chunk: list[int] = []
    for at, token in enumerate([*of.tokens, None]):
        if token is not None and token.sort is TokenSort.WORD and not of.taken[at]:
            chunk.append(at)
            continue
        while chunk and plain[chunk[0]]:
            chunk.pop(0)
        while chunk and plain[chunk[-1]]:
            chunk.pop()
        if chunk:
            chunks.append(chunk)
        chunk = []
    words: list[str] = []
    for places in chunks:
        said = [of.tokens[at].text for at in places]
        if not {word.lower() for word in said} <= {word.lower() for word in words}:
            words += said
    return " ".join(words)
