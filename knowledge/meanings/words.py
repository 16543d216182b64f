"""The words that need no learning: phrases by meaning, courtesies, signs of a question."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cache
from importlib.resources import files

import msgspec

from knowledge.catalogue import read_toml
from knowledge.errors import CatalogueError
from knowledge.meanings.model import Meaning
from knowledge.text import decode_keys, fold, tidy

FILE = "words.toml"

_NUMBER = re.compile(r"(?<![\d/])\b(?!20\d\d\b)\d+")
_WORD = re.compile(r"[^\W_]+(?:[./-]\d+)*")


class _Data(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file as written.

    `phrases` are whole messages by meaning; `before` and `after` are courtesies, `thanks`, `parting` and `greeting`
    those that stand alone. `asking` are words that ask, `progress` such as compare with a target, `reached` such as
    ask how far one has come, `of_target` what has to be spoken of beside them, `reached_short` such as ask it in few
    words but where `reached_else` stands, `behind_who`, `behind_how` and `behind_in` such as ask together who is
    behind but where `behind_else` stands, `given` what is handed out to be reached, `selves` its
    own receivers, `of_plans` things that plans order, `files` words for a file and
    `documents` for what plans are, `handing_down` words that hand out shares, `handing_nothing` what begins alike,
    `changing_shares` words that change them, `asking_back` and `asking_last` words by which such a message asks,
    `takes_out`, `oneself`, `out_of` and `ones_place` such as one after the other say that somebody leaves a unit,
    `around` words that name no unit, `unit_kinds` what names of units begin with.
    """

    phrases: dict[Meaning, tuple[str, ...]]
    thanks: tuple[str, ...]
    parting: tuple[str, ...]
    greeting: tuple[str, ...]
    before: tuple[str, ...]
    after: tuple[str, ...]
    asking: tuple[str, ...]
    progress: tuple[str, ...]
    reached: tuple[str, ...]
    of_target: tuple[str, ...]
    reached_short: tuple[str, ...]
    reached_else: tuple[str, ...]
    behind_who: tuple[str, ...]
    behind_how: tuple[str, ...]
    behind_in: tuple[str, ...]
    behind_else: tuple[str, ...]
    own_duties: tuple[str, ...]
    given: tuple[str, ...]
    selves: tuple[str, ...]
    of_plans: tuple[str, ...]
    files: tuple[str, ...]
    documents: tuple[str, ...]
    handing_down: tuple[str, ...]
    handing_nothing: tuple[str, ...]
    changing_shares: tuple[str, ...]
    asking_back: tuple[str, ...]
    asking_last: tuple[str, ...]
    takes_out: tuple[str, ...]
    oneself: tuple[str, ...]
    out_of: tuple[str, ...]
    ones_place: tuple[str, ...]
    around: tuple[str, ...]
    unit_kinds: tuple[str, ...]


class Courtesy(StrEnum):
    """Which courtesy is said: what is answered differs."""

    THANKS = "thanks"
    PARTING = "parting"
    GREETING = "greeting"


class MeaningWords:
    """The file, indexed. Everything in it is folded once here, and each phrase stands for one meaning."""

    def __init__(self, data: _Data) -> None:
        """Index it; raises CatalogueError where a phrase stands for two meanings."""
        self.unit_kinds = sorted((tuple(plain(kind).split()) for kind in data.unit_kinds), key=len, reverse=True)
        self.around = frozenset(word for phrase in data.around for word in plain(phrase).split())
        self.phrases: dict[str, Meaning] = {}
        for meaning, phrases in data.phrases.items():
            for phrase in phrases:
                if self.phrases.setdefault(plain(phrase), meaning) is not meaning:
                    raise CatalogueError(FILE, f"{phrase!r} stands for two meanings")
        self._before = sorted((plain(each) for each in data.before), key=len, reverse=True)
        self._after = sorted((plain(each) for each in data.after), key=len, reverse=True)
        # Thanks go first: "chào em, cảm ơn nhé" thanks; "chào tạm biệt" parts.
        self._courtesies = {
            Courtesy.THANKS: tuple(f" {plain(each)} " for each in data.thanks),
            Courtesy.PARTING: tuple(f" {plain(each)} " for each in data.parting),
            Courtesy.GREETING: tuple(f" {plain(each)} " for each in data.greeting),
        }
        self._asking = tuple(f" {plain(each)} " for each in data.asking)
        self._of_plans = tuple(f" {plain(each)} " for each in data.of_plans)
        self._handing_down = tuple(f"{plain(each)} " for each in data.handing_down)
        self._handing_nothing = tuple(f"{plain(each)} " for each in data.handing_nothing)
        self._changing_shares = tuple(f"{plain(each)} " for each in data.changing_shares)
        self._asking_back = tuple(f" {plain(each)} " for each in data.asking_back)
        self._asking_last = tuple(f" {plain(each)}" for each in data.asking_last)
        self._files = tuple(f" {plain(each)} " for each in data.files)
        self._documents = tuple(f" {plain(each)} " for each in data.documents)
        self._own_duties = tuple(f" {plain(each)} " for each in data.own_duties)
        self._given = tuple(f" {plain(each)} " for each in data.given)
        self._selves = tuple(f" {plain(each)} " for each in data.selves)
        self._progress = tuple(f" {plain(each)} " for each in data.progress)
        self._reached = tuple(f" {plain(each)} " for each in data.reached)
        self._of_target = tuple(f" {plain(each)} " for each in data.of_target)
        self._reached_short = tuple(f" {plain(each)} " for each in data.reached_short)
        self._reached_else = tuple(f" {plain(each)} " for each in data.reached_else)
        self._behind = tuple(
            tuple(f" {plain(each)} " for each in some) for some in (data.behind_who, data.behind_how, data.behind_in)
        )
        self._behind_else = tuple(f" {plain(each)} " for each in data.behind_else)
        leaving = (data.takes_out, data.oneself, data.out_of, data.ones_place)
        one_of = ["|".join(map(plain, some)) for some in leaving]
        self._leaving = re.compile(rf"\b{' '.join(f'(?:{each})' for each in one_of)}\b")

    def is_asking(self, text: str) -> bool:
        """Whether something asks: a question mark at the end, or a word that asks."""
        said = f" {plain(text)} "
        return text.rstrip().endswith("?") or any(sign in said for sign in self._asking)

    def find_courtesy(self, text: str) -> Courtesy | None:
        """Which courtesy a message says that asks for nothing; None where it only agrees or is signs alone."""
        said = f" {plain(text)} "
        return next((each for each, signs in self._courtesies.items() if any(sign in said for sign in signs)), None)

    def asks_progress(self, text: str) -> bool:
        """Whether it compares what was reached with a target."""
        said = f" {plain(text)} "
        return any(sign in said for sign in self._progress)

    def asks_reached(self, text: str) -> bool:
        """Whether it asks how far one has come towards a target: "đã đạt bao nhiêu phần trăm chỉ tiêu kết nạp"."""
        said = f" {plain(text)} "
        return any(sign in said for sign in self._reached) and any(sign in said for sign in self._of_target)

    def asks_reached_shortly(self, text: str) -> bool:
        """Whether it asks that in few words, which may mean something else to whoever has no share: "còn thiếu mấy"."""
        said = f" {plain(text)} "
        return any(sign in said for sign in self._reached_short) and not any(
            sign in said for sign in self._reached_else
        )

    def asks_who_is_behind(self, text: str) -> bool:
        """Whether it asks which units are behind in a target: "cơ sở nào chậm chỉ tiêu"."""
        said = f" {plain(text)} "
        asks = all(any(sign in said for sign in signs) for signs in self._behind)
        return asks and not any(sign in said for sign in self._behind_else)

    def names_plan_thing(self, text: str) -> bool:
        """Whether it names something that a plan orders, such as its mid-term review."""
        said = f" {plain(text)} "
        return any(sign in said for sign in self._of_plans)

    def speaks_of_own(self, text: str) -> bool:
        """Whether it speaks of what its sender has to do."""
        said = f" {plain(text)} "
        return any(sign in said for sign in self._own_duties)

    def speaks_of_self(self, text: str) -> bool:
        """Whether it speaks of what is given to its sender or their unit: "bên em được giao"."""
        said = f" {plain(text)} "
        return any(sign in said for sign in (*self._own_duties, *self._selves))

    def tells_what_is_given(self, text: str) -> bool:
        """Whether it says that something is given to somebody to reach."""
        said = f" {plain(text)} "
        return any(sign in said for sign in self._given)

    def leaves_unit(self, text: str) -> bool:
        """Whether somebody wants out of a unit, which is no wish to be forgotten: "xóa em khỏi đơn vị"."""
        return self._leaving.search(plain(text)) is not None

    def hands_down(self, text: str) -> bool:
        """Whether it hands shares out, with numbers: "giao thêm cho khối mỏ 40 người"."""
        said = plain(text)
        is_begun = said.startswith(self._handing_down) and not said.startswith(self._handing_nothing)
        return is_begun and bool(_NUMBER.search(said)) and not self.asks_back(text)

    def changes_shares(self, text: str) -> bool:
        """Whether it may change shares that were handed out, with numbers: "tăng thêm khối mỏ 5"."""
        said = plain(text)
        is_begun = any(each.startswith(self._changing_shares) for each in self.shorten(said))
        return is_begun and bool(_NUMBER.search(said)) and not self.asks_back(text)

    def asks_back(self, text: str) -> bool:
        """Whether words about shares ask instead of handing any down: "giao kết nạp CS1 50 chưa ạ"."""
        said = plain(text)
        if text.rstrip().endswith("?") or any(sign in f" {said} " for sign in self._asking_back):
            return True
        return any(f" {each}".endswith(self._asking_last) for each in self.shorten(said))

    def asks_for_file(self, text: str) -> bool:
        """Whether it asks for a plan as a file."""
        said = f" {plain(text)} "
        return any(sign in said for sign in self._files) and any(sign in said for sign in self._documents)

    def shorten(self, said: str) -> list[str]:
        """Plain words, then what is left of them without a courtesy in front or behind, one after the other."""
        found = [said]
        for _ in range(4):
            before = said
            front = next((each for each in self._before if said.startswith(each + " ")), "")
            said = said[len(front) :].strip()
            found.append(said)
            end = next((each for each in self._after if said.endswith(" " + each)), "")
            said = said[: len(said) - len(end)].strip()
            found.append(said)
            if said == before:
                break
        return found


def plain(text: str) -> str:
    """The words of a text without marks, signs and case, keys of Telex and VNI decoded."""
    return " ".join(fold(decode_keys(word)) for word in _WORD.findall(tidy(text)))


def shape(text: str) -> str:
    """The words up to a colon, any number as 0; the colon tells a label's head from the same words in a sentence."""
    head, colon, _ = text.partition(":")
    return " ".join("0" if word.isdecimal() else word for word in plain(head).split()) + colon


@cache
def load_words() -> MeaningWords:
    """The words that ship with the product, read once."""
    return MeaningWords(read_toml(files(__package__) / FILE, _Data))
