"""What is measured and on whom: the words around a figure as a short noun phrase."""

from __future__ import annotations

import re
from typing import Final

from knowledge.importing.horizons import HorizonKind, find_horizons
from knowledge.importing.phrases import named
from knowledge.importing.shadow import mend_font, shadow

_SUBSET = named("wording.subset")

_JOINTS_BEHIND = named("wording.joints_behind")
_NO_NOUN = named("wording.no_noun")
_IDLE_BEHIND = named("wording.idle_behind")
_BETWEEN = named("wording.between")

LONGEST: Final = 220
_PURE = frozenset({HorizonKind.ANNUAL, HorizonKind.TERM})
_PREDICATE = named("wording.predicate")
_QUALIFIER = named("wording.qualifier")
_LEADING = named("wording.leading")
_TRAILING = named("wording.trailing")
_GOALS = named("wording.goals")
_ABOUT = named("wording.about")
_TOPIC = named("wording.topic")
_BOUND = named("wording.bound")


def leading_words(text: str, *, has_more: bool = True) -> str:
    """The words before a figure without goals, times and comparators: "thu tài chính" of "thu tài chính đạt".

    A topic before a colon ("Về đối thoại:") goes too, unless nothing else says what is measured: `has_more` tells
    whether words stand behind the figure.
    """
    folded = shadow(text)
    for time in reversed(find_horizons(folded)):
        if time.has_lead or time.kind in _PURE:
            text, folded = f"{text[: time.start]} {text[time.end :]}", f"{folded[: time.start]} {folded[time.end :]}"
    goals = list(_GOALS.finditer(folded))
    begin = goals[-1].end() if goals else 0
    topic = _TOPIC.match(folded, begin)
    if topic is not None and (has_more or _ABOUT.match(topic[0]) or len(folded[topic.end() :].split()) > 1):
        begin = topic.end()
    first = _LEADING.match(folded[begin:])
    begin += first.end() if first else 0
    last = _TRAILING.search(folded, begin)
    return text[begin : last.start() if last else len(text)].strip(" ,:;–-")


def trailing_words(text: str) -> str:
    """The words behind a figure without joints at their end."""
    folded = shadow(text)
    if (bound := _BOUND.match(folded)) is not None and not _NO_NOUN.search(bound["noun"]):
        text = text[: bound.end("noun")] + text[bound.end() :]
        folded = shadow(text)
    text = text[len(text) - len(text.lstrip()) :]
    if (idle := _IDLE_BEHIND.match(shadow(text))) is not None:
        text = text[idle.end() :]
    folded = shadow(text)
    last = _JOINTS_BEHIND.search(folded)
    return text[: last.start() if last else len(text)].strip(" ,:;–-.)")


def without_times(text: str) -> str:
    """The words behind a figure without a phrase of time at their beginning or end: "người vào năm 2028" is "người"."""
    times = [time for time in find_horizons(shadow(text)) if time.has_lead or time.kind in _PURE]
    for time in reversed(times):
        if not text[: time.start].strip(" ,(") or not text[time.end :].strip(" ,.)"):
            text = text[: time.start] + text[time.end :]
    return text.strip(" ,:;–-.()")


def predicate_at(text: str) -> int | None:
    """Where what is done begins behind who does it: "doanh nghiệp nhà nước | tổ chức đối thoại"; None without one."""
    folded = shadow(text)
    place = 0
    while (met := _PREDICATE.search(folded, place)) is not None:
        qualifier = _QUALIFIER.match(folded, met.start())
        if qualifier is None:
            return met.start()
        place = qualifier.end()
    return None


def split_behind(text: str) -> int:
    """Where, between two figures, the words of the second begin: behind the last comma or "và"."""
    folded = shadow(text)
    if (subset := _SUBSET.search(folded)) is not None:
        return subset.start() + 1
    places = [min(met.end(), len(text)) for met in _BETWEEN.finditer(f"{folded} ")]
    if not places:
        return len(text)
    place = places[-1]
    return place if len(folded[place:].split()) <= 14 else len(text)


def phrase(*parts: str) -> str:
    """Parts of an indicator as one phrase of bearable length, old fonts mended."""
    joined = _whole_quotes(mend_font(" ".join(" ".join(part.split()) for part in parts if part.strip())))
    return joined if len(joined) <= LONGEST else joined[:LONGEST].rsplit(" ", 1)[0]


def _whole_quotes(text: str) -> str:
    """The text without quotation marks where one of a pair was cut off."""
    curly = text.count("“") == text.count("”")
    return text if curly and text.count('"') % 2 == 0 else re.sub('[“”"]', "", text)
