"""Whether the way in which something is sent, as a question quotes it, is what a plan sets: on paper, by mail."""

from __future__ import annotations

from typing import Final

from knowledge.model.answers import Answer, Confirmation, Matter
from knowledge.text import fold
from knowledge.verdicts.words import WORDS

_WAYS: Final = {way: WORDS.composed(rf"(?<!\w)%{way}%(?!\w)") for way in ("on_paper", "by_mail", "by_post")}
_DROPPED: Final = {
    way: WORDS.composed(rf"(?<!\w)(?:%drops%|%negates% %needs%)(?: \w+){{0,2}}? %{way}%(?!\w)") for way in _WAYS
}
_ONLY: Final = WORDS.composed(r"(?<!\w)%only_so%(?!\w)")
_EITHER: Final = WORDS.composed(r"(?<!\w)%or_else%(?!\w)")


def judge_way(claim: str, answer: Answer) -> Confirmation | None:
    """The verdict on how something is sent, of the first deadline shown that says how; None where none is quoted.

    Examples, of a report to be sent by mail and on paper: "gửi mail là xong" is not so, "gửi cả bản giấy" is.

    Args:
        claim: the message in folded letters, without the words that ask.
    """
    via = next((found.deadline.via for found in answer.passages if found.deadline and found.deadline.via), None)
    said = {way for way, pattern in _WAYS.items() if pattern.search(claim)}
    if via is None or not said or _EITHER.search(claim):
        return None
    stated = {way for way, pattern in _WAYS.items() if pattern.search(fold(via))}
    dropped = {way for way, pattern in _DROPPED.items() if pattern.search(claim)}
    kept = said - dropped
    is_less = bool(dropped & stated) or (kept < stated and _ONLY.search(claim) is not None)
    if not kept <= stated or (dropped - stated and not is_less):
        return None
    return Confirmation(matter=Matter.SENTENCE, agrees=not is_less, fact=via)


def without_way(claim: str) -> str | None:
    """The claim without what it says of how something is sent; None where it says nothing of it.

    Example: "báo cáo sơ kết khỏi cần bản in" → "báo cáo sơ kết".
    """
    rest = claim
    for pattern in (*_DROPPED.values(), *_WAYS.values()):
        rest = pattern.sub(" ", rest)
    return None if rest == claim else " ".join(rest.split())
