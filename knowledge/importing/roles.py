"""What a figure is for in its clause, and how it binds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from knowledge.importing.figures import Figure
from knowledge.importing.phrases import BEGIN, END, pattern
from knowledge.model.plans import Comparator

_JOINT = r"(?: (?:la|tu|dat|duoc|so|bang|muc|co|khoang|tren|con|them|moi))*"
_FLOOR = pattern(rf"{BEGIN}%floor_before%{_JOINT} ?$")
_ABOVE = pattern(rf"{BEGIN}%above_before%(?: (?:la|muc))? ?$")
_CEILING = pattern(rf"{BEGIN}%ceiling_before%{_JOINT} ?$")
_BELOW = pattern(rf"{BEGIN}%below_before%(?: (?:la|muc))? ?$")
_NEGATED = re.compile(r"(?<!\w)khong (?:de|co|xay ra|duoc|cho|vuot)(?: \w+){0,4} ?$")
_ABOUT = pattern(rf"{BEGIN}%about_before% ?$")
_NOT_FROM = re.compile(r"(?:dau|thu|lan|so) tu ?$")
_BEHIND = pattern(
    r"(?P<between>(?: [^\W\d_][^\s,;.:()]*){0,6}?) (?:(?P<floor>%floor_behind%)|(?P<ceiling>%ceiling_behind%))(?![^\W_])"
)
_VERB_BETWEEN = pattern(
    rf"{BEGIN}(?:%grades%|duoc|dat|to chuc|ky ket|thanh lap|thuc hien|tham gia|co|hoan thanh|la|xep loai){END}"
)
_OF_NOUN = pattern(rf"^ (?:so )?(?:%units%){END}")
_RISE = re.compile(
    r"(?:len|xuong(?: con)?|ve|con|len den|len toi|xuong duoi|xuong muc)(?: muc| dat| con| toi| den| thanh| tren| duoi| it nhat| khong qua| bang)* ?$"
)
_FROM = re.compile(r"(?<![^\W_])tu(?: muc)? ?$")

_HOLDER = pattern(
    rf"(?:.*(?<![^\W_]))?(?P<each>(?:moi|tung) )?{BEGIN}%holders%{END}(?P<rest>[^;.]*?){BEGIN}(?:co|su dung|tu|duoi|tren|du|quy mo|it nhat|dong){END}"
    rf"(?: (?:tu|tren|duoi|it nhat|du|tong so|su dung|so|co|toi thieu|khoang|va))*(?: \d+)?(?:[ /-]| den )?$"
)
_OWN_ACT = re.compile(r"(?<!\w)(?:phan dau|ket nap|phat trien|gioi thieu|van dong|thu hut|tap hop|dat|tang)(?!\w)")
_PEOPLE = pattern(rf"^ ?(?:%people%){END}")
_DURATION = pattern(rf"^ ?(?:%durations%){END}")
_ENUMERATED = pattern(rf"^ ?(?:%enumerated%){END}")
_LEGAL = pattern(rf"{BEGIN}%legal%{END}")
_AWARD = pattern(rf"{BEGIN}%awards%{END}")
_AWARD_UNITS = pattern(r"%award_units%")
_RANK = pattern(rf"{BEGIN}%ranks%(?: (?:co|la|gom))? ?$")
_SUPPORT = pattern(rf"{BEGIN}%support%{END}")
_EACH = pattern(rf"(?:moi|1|mot|01) (?:%units%|suat|phan|ho|nguoi){END}")
_MONEY = pattern(r"%money%")
_PAST_NEAR = re.compile(
    r"(?<!\w)(?:hien nay|hien co|hien tai|hien dat|da dat|da co|da thanh lap|da ket nap|da phat trien|da ky|da to chuc|da duoc|da hoan thanh|da thu|da gioi thieu|tinh den nay|den nay"
    r"|ket qua|cung ky|thuc te|nam truoc|nhiem ky truoc|uoc thuc hien|da ho tro|da tham|da trao|da tang|so voi)(?!\w)"
)
_LONG_PAST = re.compile(
    r"(?<!\w)(?:hien nay|tinh den nay|den nay|hien co|trong thoi gian qua|nhung nam qua|nam qua)(?!\w)(?:(?!phan dau|muc tieu|chi tieu|den nam|se ).)*$"
)
_MULTIPLE = re.compile(r"lan$")
_GOAL = pattern(rf"{BEGIN}(?:%goal%){END}")


class Role(StrEnum):
    """What a figure is for."""

    TARGET = "target"
    COUNTED = "counted"
    BASELINE = "baseline"
    PAST = "past"
    OTHER = "other"


@dataclass(frozen=True)
class Binding:
    """How a figure binds: its comparator, where the words of it begin and end, whether it is a rough figure."""

    comparator: Comparator
    start: int
    end: int
    is_about: bool = False
    is_carrying: bool = False


def binding_of(shadow: str, figure: Figure, left: int) -> Binding:
    """The comparator of a figure from the words right before it (from `left` on) and right behind it."""
    before = shadow[left : figure.start]
    end = figure.end
    behind = _BEHIND.match(shadow, end)
    if behind is not None and _may_lie_between(figure, behind["between"]):
        if not behind["between"]:
            end = behind.end()
        floor = behind["floor"] is not None
        start, _, _ = _words_before(before, left)
        if figure.value_max is not None:
            return Binding(Comparator.RANGE, start, end)
        return Binding(Comparator.AT_LEAST if floor else Comparator.AT_MOST, start, end)
    start, comparator, carries = _words_before(before, left)
    if figure.value_max is not None:
        return Binding(Comparator.RANGE, start, end)
    if (about := _ABOUT.search(before)) is not None:
        return Binding(comparator or Comparator.EXACTLY, left + about.start(), end, is_about=True)
    return Binding(comparator or Comparator.EXACTLY, start, end, is_carrying=carries)


def _may_lie_between(figure: Figure, between: str) -> bool:
    """Whether "trở lên" behind these words still binds the figure: "30% số đoàn viên trở lên", not "… loại khá trở lên"."""
    if not between:
        return True
    return _VERB_BETWEEN.search(between) is None and (not figure.is_percent or _OF_NOUN.match(between) is not None)


def _words_before(before: str, left: int) -> tuple[int, Comparator | None, bool]:
    for found, comparator in (
        (_CEILING.search(before), Comparator.AT_MOST),
        (_FLOOR.search(before), Comparator.AT_LEAST),
        (_ABOVE.search(before), Comparator.MORE_THAN),
        (_BELOW.search(before), Comparator.LESS_THAN),
    ):
        if found is not None and not _NOT_FROM.search(before):
            carries = comparator is Comparator.AT_LEAST and not found[0].startswith("tu")
            if comparator is Comparator.MORE_THAN and _NEGATED.search(before[: found.start()]):
                comparator = Comparator.AT_MOST
            return left + found.start(), comparator, carries
    return left + len(before.rstrip()), None, False


def role_of(shadow: str, figure: Figure, clause: tuple[int, int], left: int, sentence_start: int) -> Role:
    """What a figure is for; `left` is where the figure before it ends, within the clause."""
    before, behind = shadow[left : figure.start], shadow[figure.numbers[0][1] :]
    whole_before = shadow[clause[0] : figure.start]
    whole = shadow[clause[0] : clause[1]]
    if figure.value_max is not None:
        behind = shadow[figure.numbers[1][1] :] if len(figure.numbers) > 1 else behind
    if _is_counted(whole_before, behind, figure):
        return Role.COUNTED
    if _is_other(before, behind, whole, figure):
        return Role.OTHER
    if _LONG_PAST.search(shadow[sentence_start : figure.start]):
        return Role.PAST
    near = _PAST_NEAR.search(re.split(r"[,(]", whole_before)[-1])
    if near is not None and not _GOAL.search(whole_before[near.start() if near.start() < len(whole_before) else 0 :]):
        return Role.PAST
    return Role.TARGET


def _is_counted(before: str, behind: str, figure: Figure) -> bool:
    if figure.is_percent or not (_PEOPLE.match(behind) or figure.unit is None):
        return False
    tail = before[-140:]
    found = _HOLDER.match(tail)
    if found is None or found["each"] or figure.value > 10_000:
        return False
    return _OWN_ACT.search(found["rest"]) is None and len(found["rest"]) < 90 and "," not in found["rest"][-4:]


def _is_other(before: str, behind: str, whole: str, figure: Figure) -> bool:
    unit = (figure.unit or "").lower()
    if figure.unit is None and (_DURATION.match(behind) or _ENUMERATED.match(behind)):
        return True
    if unit == "" and not behind.strip():
        return True
    if figure.is_percent and figure.value <= 5 and _LEGAL.search(whole):
        return True
    if _AWARD.search(whole) and not figure.is_percent and _AWARD_UNITS.fullmatch(_fold(unit)):
        return True
    if _RANK.search(before):
        return True
    if _MONEY.fullmatch(_fold(unit)) and _EACH.search(before):
        return True
    return _MONEY.fullmatch(_fold(unit)) is not None and (_SUPPORT.search(whole) is not None or figure.base is not None)


def _fold(unit: str) -> str:
    from knowledge.importing.shadow import shadow  # noqa: PLC0415

    return shadow(unit)


def reaches(shadow: str, earlier: Figure, later: Figure) -> bool:
    """Whether the earlier figure is only where the later one starts from: "từ 70% lên 85%", "giảm từ 15% xuống 10%"."""
    between = shadow[earlier.end : later.start]
    if len(between) > 80 or ";" in between:
        return False
    return _FROM.search(shadow[: earlier.start]) is not None and _RISE.search(between) is not None
