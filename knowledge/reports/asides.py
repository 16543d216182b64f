"""Asides about figures: one written in an earlier message that was a slip, and a movement denied by "not yet"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from knowledge.reports.message import ReportMessage, TextItem
from knowledge.reports.phrases import folded
from knowledge.reports.words import YET_NONE

_BEFORE_SLIP = re.compile(r"(?<![\w.,/])(?P<n>\d[\d.]*\d|\d) $")


def slips(message: ReportMessage, labels: Sequence[TextItem]) -> Iterator[tuple[int, int, int]]:
    """Where a figure of an earlier message is said to have been a slip: "hôm qua em gõ 845 là gõ nhầm".

    Begin and end of the number, and end of what is said of it. The figures of this message stand beside it.
    One that this message gives too, that has the name of a row, or that another number puts right is no such aside.
    """
    for start, end in message.spans("slipped"):
        number = _BEFORE_SLIP.search(message.norm, 0, start)
        if number is None:
            continue
        begin, until = message.layout.clause(number.start())
        lead = message.norm[begin : number.start()]
        told = any(True for _ in message.spans("telling_before", begin, number.start()))
        bracket = message.norm[:begin].endswith("(") and not lead.strip()
        named = any(item.keys and begin <= item.start < until for item in labels)
        again = len(re.findall(rf"(?<![\d.,]){re.escape(number['n'])}(?![\d.,]*\d)", message.norm)) > 1
        rest = message.norm[end : message.layout.sentence(end)[1]]
        put_right = any(not re.search(r"\d", message.norm[end:at]) for at in _right(message, end, end + len(rest)))
        if (told or bracket) and not (named or again or put_right or re.search(r"\d", lead)):
            yield number.start("n"), number.end("n"), end


def _right(message: ReportMessage, start: int, end: int) -> Iterator[int]:
    """Where words that put a figure right stand directly before a number."""
    for _, stop in message.spans("correcting", start, end):
        if re.match(r" \d", message.norm[stop:]):
            yield stop


def denied(message: ReportMessage, labels: Sequence[TextItem]) -> Iterator[tuple[int, int]]:
    """Where "not yet" denies a movement, whatever courtesies follow it: "chưa có giảm ạ", "giảm thì chưa nha chị"."""
    moving = [
        item
        for item in labels
        if len(item.keys) == 1 and message.by_key[item.keys[0]].sign in {"+", "-"} and item.words
    ]
    for match in YET_NONE.finditer(message.norm):
        begin, end = message.layout.clause(match.start())
        before = any(
            begin <= item.start < match.start() and _says_only(message.norm[item.end : match.start()], "linking_denial")
            for item in moving
        )
        behind = next((item for item in moving if item.start == match.end() + 1), None)
        last = match.end() if before else behind.end if behind is not None and " " in match[0] else None
        if last is not None and _says_only(message.norm[last:end], "courteous"):
            yield match.span()


def _says_only(text: str, name: str) -> bool:
    """Whether a stretch holds nothing but words of a list."""
    return not re.search(r"\d", text) and {word.removesuffix("zz") for word in re.findall(r"\w+", text)} <= folded(name)
