"""What a few words wish for that stand for no label: a campaign opened, closed or looked at, the workbook of a report.

Such words are recognised by what they are made of: something that is done, and what it is done to.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Final

import msgspec

from knowledge.catalogue import read_toml
from knowledge.meanings.words import load_words
from knowledge.text import decode_keys, fold, tidy

FILE: Final = "wishes.toml"
LONGEST: Final = 200
"""Letters; longer texts wish for more than one thing."""
MOST_WORDS: Final = 12
"""Words of a wish to look at something, or to have a file."""
MOST_WORDS_OPENING: Final = 25
_WORD: Final = re.compile(r"[^\W_]+(?:[./-]\d+)*")


class CampaignWish(StrEnum):
    """What is to be done with a campaign of reports."""

    OPEN = "open"
    CLOSE = "close"
    LIST = "list"


class Asked(StrEnum):
    """Which kinds of unit a campaign is for, as far as that is said."""

    GRASSROOTS = "grassroots"
    UPPER = "upper"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class WishedCampaign:
    """A wish about campaigns: the name of one, its unit, which kinds of unit send it, as far as they were said."""

    wish: CampaignWish
    name: str = ""
    unit: str = ""
    asked: Asked | None = None


class _Data(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    campaign: tuple[str, ...]
    of_reports: tuple[str, ...]
    opens: tuple[str, ...]
    closes: tuple[str, ...]
    between: tuple[str, ...]
    reviews: tuple[str, ...]
    many: tuple[str, ...]
    reports: tuple[str, ...]
    leading: tuple[str, ...]
    plain: tuple[str, ...]
    idle: tuple[str, ...]
    is_open: tuple[str, ...]
    looks: tuple[str, ...]
    goes: tuple[str, ...]
    asks_else: tuple[str, ...]
    whom: tuple[str, ...]
    any_of: tuple[str, ...]
    grassroots: tuple[str, ...]
    upper: tuple[str, ...]
    everybody: tuple[str, ...]
    wants: tuple[str, ...]
    sheets: tuple[str, ...]
    sheets_else: tuple[str, ...]


def _signs(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """Any of these phrases among folded words."""
    longest_first = sorted((fold(each) for each in phrases), key=len, reverse=True)
    return re.compile(rf"(?<!\S)(?:{'|'.join(map(re.escape, longest_first))})(?!\S)")


class _Words:
    """The file, as patterns over folded words that a single blank parts."""

    def __init__(self, data: _Data) -> None:
        def one_of(phrases: tuple[str, ...]) -> str:
            return _signs(phrases).pattern

        between = rf"(?: {one_of(data.between)})*"
        done = rf"(?P<opens>{one_of(data.opens)})|(?P<closes>{one_of(data.closes)})"
        self.done = re.compile(rf"(?:{done}){between} {one_of(data.campaign)}")
        self.done_for_all = re.compile(
            rf"{one_of(data.opens)}{between}(?: {one_of(data.reports)})?(?= {one_of(data.reviews)}).* "
            rf"{one_of(data.whom)} {one_of(data.many)}"
        )
        self.review = _signs(data.reviews)
        self.leading = re.compile(rf" ?{one_of(data.leading)}")
        self.plain = re.compile(rf"(?:{one_of(data.plain)})?")
        self.campaign, self.of_reports = _signs(data.campaign), _signs(data.of_reports)
        self.is_open, self.looks, self.goes = _signs(data.is_open), _signs(data.looks), _signs(data.goes)
        self.idle = re.compile(rf"(?:(?:^| ){one_of(data.idle)})+$")
        self.asks_else, self.whom = _signs(data.asks_else), _signs(data.whom)
        self.unnamed = _signs((*data.any_of, *data.grassroots, *data.upper, *data.everybody))
        self.asked = {
            Asked.GRASSROOTS: _signs(data.grassroots),
            Asked.UPPER: _signs(data.upper),
            Asked.ALL: _signs(data.everybody),
        }
        spelled = (word for some in msgspec.structs.astuple(data) for phrase in some for word in phrase.split())
        self.spelled = frozenset(tidy(word).lower() for word in spelled)
        self.wants, self.sheets, self.sheets_else = (
            _signs(data.wants),
            _signs(data.sheets),
            _signs(data.sheets_else),
        )


@cache
def _load() -> _Words:
    return _Words(read_toml(files(__package__) / FILE, _Data))


class _Said:
    """A text as folded words that a blank parts, and the way back to its letters; without courtesies around it, if it
    is not taken whole.
    """

    def __init__(self, text: str, *, whole: bool = False) -> None:
        self.text = tidy(text)
        found = list(_WORD.finditer(self.text))
        plain = [fold(decode_keys(each.group())) for each in found]
        self.plain, self._words = " ".join(plain), found
        shorter = "" if whole else load_words().shorten(self.plain)[-1]
        if shorter:
            first = len(self.plain[: self.plain.find(shorter)].split())
            self.plain, self._words = shorter, found[first : first + len(shorter.split())]

    def is_meant(self, found: re.Match[str]) -> bool:
        """Whether the marks of words that were found, where they bear any, are those of words we know: "dừng đợt", not
        "Dũng, đợt này".
        """
        first, last = (len(self.plain[:place].split()) for place in found.span())
        typed = [each.group().lower() for each in self._words[first:last]]
        return all(word.isascii() or word in _load().spelled for word in typed)

    def letters(self, start: int, end: int | None = None) -> str:
        """What of the text as written stands at these places of `plain`."""
        words = self._words[len(self.plain[:start].split()) : len(self.plain[:end].split())]
        return self.text[words[0].start() : words[-1].end()] if words else ""


def read_campaign_wish(text: str) -> WishedCampaign | None:
    """What a text wishes done with campaigns of reports; None where it wishes nothing of the kind. Pure.

    Example: "mở đợt sơ kết giữa nhiệm kỳ cho các xã" → to be opened, "sơ kết giữa nhiệm kỳ", those above.
    """
    if len(text) > LONGEST:
        return None
    words, said = _load(), _Said(text)
    if words.asks_else.search(said.plain) or len(said.plain.split()) > MOST_WORDS_OPENING:
        return None
    done = words.done.search(said.plain)
    if done is not None and said.is_meant(done) and _is_of_reports(said, done.end()):
        if done["closes"] is not None:
            return WishedCampaign(CampaignWish.CLOSE)
        return _described(said, done.end())
    whole = words.done_for_all.search(said.plain)
    review = words.review.search(said.plain, whole.start()) if whole is not None else None
    if review is not None:
        return _described(said, review.start() - 1)
    return WishedCampaign(CampaignWish.LIST) if _looks(said) else None


def _is_of_reports(said: _Said, at: int) -> bool:
    """Whether the campaign named before that place is one of reports: nothing else is said of it, or that it is."""
    words = _load()
    rest = said.plain[at:].strip()
    named = words.whom.split(rest, maxsplit=1)[0].strip()
    return words.plain.fullmatch(named) is not None or words.of_reports.search(rest) is not None


def _described(said: _Said, at: int) -> WishedCampaign:
    """The campaign to be opened, from what stands behind the word for it."""
    words = _load()
    whom = words.whom.search(said.plain, at)
    end = whom.start() if whom is not None else len(said.plain)
    start = at
    while (found := words.leading.match(said.plain, start)) is not None and found.end() <= end:
        start = found.end()
    end = start + len(words.idle.sub("", said.plain[start:end].strip())) + 1
    name = said.letters(start, end)
    if whom is None:
        return WishedCampaign(CampaignWish.OPEN, name)
    rest = said.plain[whom.end() :]
    if words.unnamed.sub("", rest).strip():
        return WishedCampaign(CampaignWish.OPEN, name, said.letters(whom.end() + 1))
    asked = next((kinds for kinds, signs in words.asked.items() if signs.search(rest)), None)
    return WishedCampaign(CampaignWish.OPEN, name, asked=asked)


def _looks(said: _Said) -> bool:
    words, plain = _load(), said.plain
    if words.campaign.search(plain) is None or len(plain.split()) > MOST_WORDS:
        return False
    if words.is_open.search(plain):
        return words.of_reports.search(plain) is not None or len(plain.split()) <= 6
    if words.goes.search(plain):
        return words.of_reports.search(plain) is not None
    looks = words.looks.search(plain)
    of = words.of_reports.search(plain)
    named = words.campaign.search(plain)
    return looks is not None and of is not None and named is not None and looks.start() < named.start() < of.start()


@dataclass(frozen=True, slots=True)
class WorkbookWish:
    """A wish for the file that a report is filled in by; `month` where a bare number stands for one."""

    month: int | None = None


def read_workbook_wish(text: str) -> WorkbookWish | None:
    """What a text says of the file that a report is filled in by; None where it asks for none. Pure.

    Example: "cho tôi xin biểu mẫu excel", "xin mẫu 11" → of month 11; not "biểu mẫu gồm những mục nào".
    """
    words = _load()
    if len(text) > LONGEST:
        return None
    said = _Said(text, whole=True)
    sheet = words.sheets.search(said.plain)
    if sheet is None or not said.is_meant(sheet) or len(said.plain.split()) > MOST_WORDS:
        return None
    if words.sheets_else.search(said.plain):
        return None
    if words.wants.search(said.plain) is None and sheet.group() != said.plain:
        return None
    month = re.match(r" (1[0-2]|0?[1-9])(?!\S)", said.plain[sheet.end() :])
    return WorkbookWish(int(month[1]) if month is not None else None)
