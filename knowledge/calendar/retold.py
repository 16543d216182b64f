"""Times beside a date that are no second date: what the speaker does that day, and what was said already, once more.

What is left out here is only the word of time; whatever else its clause says is judged as in every aside.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from knowledge.calendar.phrases import begins, has
from knowledge.calendar.signs import UNKNOWN, Sign
from knowledge.calendar.words import DateWords, HeardWord, aside_words

_PAUSES = frozenset({",", ".", "-"})
_TIMES_OF_DAY = frozenset({"morning", "noon", "afternoon", "evening", "night"})
_SPANS = frozenset({"week", "month", "quarter", "year"})
_LONG_DAYS = frozenset({"29", "30", "31", "last"})
_FEBRUARY = "2"
# Behind these a span is a bound, or tells which: "sau tháng đó" is no "của tháng đó".
_BINDING = frozenset({"after", "before", "end", "start", "mid", "within", "from", "to", "except", "each", "or"})
_NEAR = 4


def without_retold(words: DateWords) -> DateWords:
    """The words without times that are about the speaker, or say again which span or how often.

    Examples: "20/11, tối đó tôi đi công tác" is the 20th; "ngày 5 mỗi tháng, tháng hai cũng vậy" is the 5th each month.
    """
    left_out: set[int] = set()
    for place, sign in enumerate(words.signs):
        if place in left_out:
            continue
        if sign.sign in _TIMES_OF_DAY or sign.sign == "day":
            tells_no_more = _rests if sign.sign == "day" else _is_own
            if _follows_pause(words, place) and tells_no_more(words, place):
                left_out.update({place} | _today_behind(words, place))
        elif sign.sign in _SPANS or sign.sign == "lunar":
            left_out.update(_named_again(words, place) or _repeated(words, place))
    if not left_out:
        return words
    kept = tuple(sign for place, sign in enumerate(words.signs) if place not in left_out)
    return DateWords(words.text, kept, words.tokens)


def _follows_pause(words: DateWords, place: int) -> bool:
    """Whether a clause begins with a sign, something having been said before."""
    if place < 2:
        return False
    before, sign = words.signs[place - 1], words.signs[place]
    line = words.text.rfind("\n", before.end, sign.start)
    if line >= 0:
        return not words.heard(line, sign.start)
    return before.sign in _PAUSES and not words.heard(before.end, sign.start)


def _clause_behind(words: DateWords, place: int) -> list[HeardWord]:
    """The words behind a sign, up to the next pause."""
    end = next((sign.start for sign in words.signs[place + 1 :] if sign.sign in _PAUSES), len(words.text))
    return words.heard(words.signs[place].end, end)


def _is_bare(tokens: Sequence[HeardWord]) -> bool:
    return all(token.word.isascii() for token in tokens)


def _is_own(words: DateWords, place: int) -> bool:
    """Whether a time of the day tells what a speaker does then, or what goes on: nothing is handed in then."""
    lists, clause = aside_words(), _clause_behind(words, place)
    bare = _is_bare([*words.heard(words.signs[place].start, words.signs[place].end), *clause])
    rest = list(clause)
    if begins(rest, lists.todays, bare):
        return begins(rest[1:], lists.selves, bare)
    if begins(rest, lists.days, bare):
        rest = rest[1:]
    is_that_day = begins(rest, lists.those, bare)
    if is_that_day:
        rest = rest[1:]
    if begins(rest, lists.selves, bare):
        return len(rest) > 1
    if not (is_that_day or begins(rest, lists.speakers, bare)) or len(rest) < 2:
        return False
    return not has(rest[:_NEAR], lists.expecting, bare)


def _today_behind(words: DateWords, place: int) -> set[int]:
    """The sign of "nay" in "tối nay"."""
    behind = words.heard(words.signs[place].end, len(words.text))[:1]
    is_today = begins(behind, aside_words().todays, _is_bare(behind))
    return {at for at, sign in enumerate(words.signs) if is_today and sign.start == behind[0].start}


def _rests(words: DateWords, place: int) -> bool:
    """Whether a clause only says that the day is a holiday: nothing is moved because of it."""
    lists, clause = aside_words(), _clause_behind(words, place)
    bare = _is_bare(clause)
    return begins(clause, lists.resting, bare) and not (
        has(clause, lists.then, bare) or has(clause, lists.expecting, bare) or has(clause, lists.skipping, bare)
    )


def _named_again(words: DateWords, place: int) -> set[int]:
    """A span that is the one named before, with the word that says so: "mỗi tháng …, ngày cuối của tháng ấy"."""
    sign, lists = words.signs[place], aside_words()
    behind = words.heard(sign.end, len(words.text))[:1]
    earlier = [each.sign for each in words.signs[:place]]
    pairs = set(pairwise(earlier))
    if not ({("each", sign.sign), (sign.sign, "any")} & pairs) or earlier[-1] in _BINDING:
        return set()
    if not begins(behind, lists.those, sign.bare and _is_bare(behind)):
        return set()
    clause = _clause_behind(words, place)
    if has(clause, lists.skipping, _is_bare(clause)) or has(clause, lists.resting, _is_bare(clause)):
        return set()
    said = {at for at, each in enumerate(words.signs) if each.start == behind[0].start}
    return {place} | {at for at in said if words.signs[at].sign in {UNKNOWN, "vague", "reason"}}


def _repeated(words: DateWords, place: int) -> set[int]:
    """A clause that says of one span what holds for each: "mỗi tháng …, tháng hai cũng vậy"."""
    lists, sign = aside_words(), words.signs[place]
    unit = "month" if sign.sign == "lunar" else sign.sign
    if not _follows_pause(words, place) or f"each {unit}" not in words.key:
        return set()
    clause = _clause_behind(words, place)
    signs = {at for at in range(place, len(words.signs)) if _within(words.signs[at], sign, clause)}
    names = [words.signs[at] for at in sorted(signs)][1:]
    if len(names) != (sign.sign != "lunar") or not all(each.sign.isdecimal() for each in names):
        return set()
    is_short = sign.sign == "lunar" or names[0].sign == _FEBRUARY
    if is_short and _LONG_DAYS & {each.sign for each in words.signs[:place]}:
        return set()
    named_until = names[-1].end if names else sign.end
    rest = [token for token in clause if token.start >= named_until]
    return signs if any(_is_whole(rest, phrase) for phrase in lists.likewise) else set()


def _within(sign: Sign, first: Sign, clause: Sequence[HeardWord]) -> bool:
    return bool(clause) and first.start <= sign.start and sign.end <= clause[-1].end


def _is_whole(tokens: Sequence[HeardWord], phrase: str) -> bool:
    """Whether words begin with a phrase and say nothing behind it but a particle."""
    return begins(tokens, (phrase,), _is_bare(tokens)) and len(tokens) <= len(phrase.split()) + 1
