"""The meaning of a message, from a learned model, the signs in the message and the dialog that it stands in.

Every voice adds to the logarithm of a meaning's odds; no voice is a veto, and the order of voices says nothing.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator
from typing import Final

from knowledge.learning import LinearModel, load_model
from knowledge.meanings.kinds import find_kind
from knowledge.meanings.labels import Labels, phrases_alone
from knowledge.meanings.model import AskerRole, Meaning, Place, Situation, Understood
from knowledge.meanings.signs import (
    ReportSigns,
    count_numbers,
    find_answers,
    find_other_form,
    find_plan,
    find_report,
    gives_only_a_year,
    is_a_count,
    names_far_year,
)
from knowledge.meanings.wishes import CampaignWish, read_campaign_wish, read_workbook_wish
from knowledge.meanings.words import load_words
from knowledge.question import Understanding, load_understanding
from knowledge.text import fold

MODEL: Final = "meanings"
SURE_ENOUGH: Final = 0.6
"""Below this the second meaning is offered too, where it is no more than `NEAR` behind."""
NEAR: Final = 0.25
LIKELY: Final = 0.05
"""Probability (0–1) from which the learned voice takes a meaning for a likely one."""
LONGEST_TEXT: Final = 4096

Voice = tuple[Meaning, float]

_LABEL: Final = 5.0
_FAR_YEAR: Final = 3.5
_SIGNS_ONLY: Final = 4.0
_WHOLE_REPORT: Final = 5.0
_REPORT_OF_FORM: Final = 16.0
_PARTIAL_REPORT: Final = 2.0
_NO_REPORT: Final = -2.5
_PLAN_NAMED: Final = 2.5
_PLAN_FILE: Final = 8.0
_DUE_OF_PLAN: Final = 5.0
_SHARE_OF_PLAN: Final = 5.0
_ONLY_A_YEAR: Final = -5.0
_SUBJECT_ALONE: Final = 6.0
_OWN_PROGRESS: Final = 15.0
_LEAVING_UNIT: Final = 5.0
_OF_KIND: Final = 3.0
"""Said for a kind's meaning, beyond what the likeliest has."""
_FOR_SELF: Final = frozenset({Meaning.OWN_FIGURES, Meaning.OWN_STATUS, Meaning.BEGIN_REPORT, Meaning.REPORT})
# What a dialog that asks for figures or a deadline takes as its answer, if nothing is asked.
_HANDING_IN: Final = frozenset(
    {Meaning.REPORT, Meaning.BEGIN_REPORT, Meaning.HISTORY, Meaning.OWN_FIGURES, Meaning.SET_DEADLINE, Meaning.UNKNOWN}
)
_TALK: Final = frozenset({Meaning.COURTESY, Meaning.UNKNOWN, Meaning.ABOUT_BOT})
_FOR_ALL: Final = _TALK | {
    Meaning.PLAN_QUESTION, Meaning.PLANS, Meaning.HELP, Meaning.ME, Meaning.FORGET, Meaning.CANCEL, Meaning.DUE,
}  # fmt: skip


def understand(
    text: str,
    situation: Situation,
    labels: Labels | None = None,
    *,
    plans: Understanding | None = None,
    model: LinearModel | None = None,
) -> Understood:
    """What a message means, said by that person in that place; any text is taken. Pure.

    Example: "còn bao nhiêu ngày nữa thì hết hạn" from an officer → `Meaning.DUE`.

    Args:
        labels: what is printed where it is said; without them, only phrases that people type for things are known.
        plans: reads what is said of plans; without it, the plans that ship with the product are known.
        model: another voice than the one that ships with the product, for judging it.
    """
    said = text.strip()[:LONGEST_TEXT]
    labels = labels or phrases_alone()
    plans = plans or load_understanding()
    meant = labels.find_command(said)
    if meant is not None:
        return Understood(meant, 1.0)
    label = labels.find(said) or _label_of_wish(said, situation) or _label_of_form(said, situation, labels)
    scores = {label_: math.log(max(p, 1e-6)) for label_, p in _learned(said, situation, model).items()}
    if label is not None:
        scores[label] = max(scores.values()) + _LABEL
    for meaning, weight in _voices(said, situation, scores, label, plans):
        scores[meaning] = scores.get(meaning, math.log(1e-6)) + weight
    likely = _spread(scores)
    if situation.place.is_dialog:
        likely = _in_dialog(said, situation, likely, label, plans)
    return _chosen(_own(likely, situation), situation.role)


def _label_of_form(said: str, situation: Situation, labels: Labels) -> Meaning | None:
    """What a label means that names a form beside it: "tổng hợp quý 4"; a form's name alone is a report to be sent.

    Not for supervisors, who may as well want to see what was sent.
    """
    called = find_other_form(said, situation.today)
    if called is None:
        return None
    if called.rest:
        return labels.find(called.rest)
    form, plain = called.form, fold(said)
    is_named = form is not None and any(fold(name) in plain for name in (form.title, form.short, *form.aliases))
    return Meaning.BEGIN_REPORT if is_named and not situation.role.supervises else None


def _label_of_wish(said: str, situation: Situation) -> Meaning | None:
    """What a wish means that is known by what it is made of: "mở đợt sơ kết cho các xã", "xin biểu mẫu excel"."""
    if situation.role is not AskerRole.GUEST and read_workbook_wish(said) is not None:
        return Meaning.BEGIN_REPORT
    found = read_campaign_wish(said)
    if found is None or (found.wish is CampaignWish.LIST and situation.role is not AskerRole.ADMIN):
        return None
    return Meaning.BEGIN_REPORT


def _learned(said: str, situation: Situation, model: LinearModel | None) -> dict[Meaning, float]:
    role = AskerRole.SUPERVISOR if situation.role.supervises else situation.role
    likely = (model or load_model(MODEL)).predict(said, [f"role={role}"])
    return {Meaning(label): p for label, p in likely.items()}


def _voices(
    said: str, situation: Situation, scores: dict[Meaning, float], label: Meaning | None, plans: Understanding
) -> Iterator[Voice]:
    if not said:
        yield Meaning.UNKNOWN, _LABEL
        return
    if not any(letter.isalnum() for letter in said) and any(unicodedata.category(letter) == "So" for letter in said):
        yield Meaning.COURTESY, _SIGNS_ONLY
    found = _find_report(said, situation, scores) if label is None else None
    if found is not None:
        yield from _of_report(found, said)
    names_rows = found is not None and found.hands_in and found.names_form
    if label is None and not names_rows and 0.0005 < math.exp(scores[Meaning.PLAN_QUESTION]) < 0.9:
        found_plan = find_plan(said, plans)
        if found_plan.plan:
            yield Meaning.PLAN_QUESTION, _PLAN_NAMED
        if found_plan.subject and not found_plan.not_understood:
            yield Meaning.PLAN_QUESTION, _SUBJECT_ALONE
    kind = find_kind(said, situation.role) if label is None else None
    if kind is not None:
        yield kind, max(scores.values()) - scores.get(kind, math.log(1e-6)) + _OF_KIND
    if label is None and math.exp(scores[Meaning.SHARE]) > LIKELY and _asks_what_plans_hand_out(said, situation, plans):
        yield Meaning.PLAN_QUESTION, max(scores[Meaning.SHARE] - scores[Meaning.PLAN_QUESTION], 0.0) + _PLAN_NAMED
        yield Meaning.SHARE, -_SHARE_OF_PLAN
    if label is None and math.exp(scores[Meaning.DUE]) > LIKELY and _asks_when_plans_say(said, situation, plans):
        yield Meaning.PLAN_QUESTION, max(scores[Meaning.DUE] - scores[Meaning.PLAN_QUESTION], 0.0) + _PLAN_NAMED
        yield Meaning.DUE, -_DUE_OF_PLAN
    if label is None and names_far_year(said, situation.today) and not load_words().asks_progress(said):
        yield Meaning.PLAN_QUESTION, _FAR_YEAR
    if label is None and load_words().asks_for_file(said):
        asked = find_plan(said, plans)
        if asked.plan and not asked.subject:
            yield Meaning.PLANS, _PLAN_FILE
    if label is None and load_words().names_plan_thing(said):
        yield Meaning.PLAN_QUESTION, _PLAN_NAMED
    yield from _own_voices(said, situation, label, plans)


def _own_voices(said: str, situation: Situation, label: Meaning | None, plans: Understanding) -> Iterator[Voice]:
    """What speaks for and against the asker's own unit being meant."""
    is_officer = situation.role is not AskerRole.GUEST and not situation.role.supervises
    if label is None and is_officer and _asks_own_progress(said, situation, plans):
        yield Meaning.SHARE, _OWN_PROGRESS
    if label is None and situation.role.supervises and _asks_who_is_behind(said, situation, plans):
        yield Meaning.SHARE, _OWN_PROGRESS
    if label is None and situation.role is not AskerRole.GUEST and load_words().leaves_unit(said):
        yield Meaning.ME, _LEAVING_UNIT
        yield Meaning.FORGET, -_LEAVING_UNIT
    if situation.role.supervises and situation.names_unit(said):
        yield from ((meaning, -1.0) for meaning in _FOR_SELF - {Meaning.REPORT, Meaning.BEGIN_REPORT})


def _find_report(said: str, situation: Situation, scores: dict[Meaning, float]) -> ReportSigns | None:
    """What the readers of reports make of a message; None where nothing points to a report."""
    about_report = math.exp(scores[Meaning.REPORT]) + math.exp(scores[Meaning.BEGIN_REPORT])
    if count_numbers(said) >= 2 or about_report > LIKELY:
        return find_report(said, situation.today)
    return find_answers(said, situation.today)


def _of_report(found: ReportSigns, said: str) -> Iterator[Voice]:
    if not found.hands_in and found.rows and gives_only_a_year(said):
        yield from ((meaning, _ONLY_A_YEAR) for meaning in (Meaning.REPORT, Meaning.BEGIN_REPORT))
    elif found.hands_in and found.names_form:
        yield Meaning.REPORT, _REPORT_OF_FORM
    elif found.hands_in and found.rows >= 3:
        yield Meaning.REPORT, _WHOLE_REPORT
    elif found.hands_in:
        yield Meaning.REPORT, _PARTIAL_REPORT * max(found.rows, 1)
    else:
        yield Meaning.REPORT, _NO_REPORT if not found.rows else _NO_REPORT / 2


def _asks_own_progress(said: str, situation: Situation, plans: Understanding) -> bool:
    """Whether an officer asks how far the own unit is in this year's targets: no plan is named, nor a year far ahead.

    Whoever supervises means everything below by it, and has that summed up.
    """
    asks = load_words().asks_reached(said) and not names_far_year(said, situation.today)
    return asks and not find_plan(said, plans).plan


def _asks_who_is_behind(said: str, situation: Situation, plans: Understanding) -> bool:
    """Whether a supervisor asks which units are behind in this year's targets: no plan is named."""
    asks = load_words().asks_who_is_behind(said) and not names_far_year(said, situation.today)
    return asks and not find_plan(said, plans).plan


def _asks_when_plans_say(said: str, situation: Situation, plans: Understanding) -> bool:
    """Whether a plan or an issuer is named, and neither a unit of the asker's nor what is theirs to do."""
    is_own = load_words().speaks_of_own(said) or situation.names_unit(said)
    return not is_own and find_plan(said, plans).plan


def _asks_what_plans_hand_out(said: str, situation: Situation, plans: Understanding) -> bool:
    """Whether it is asked how many a place or body of a plan was given: "tỉnh … được giao mấy đoàn viên".

    Not where anything of the asker's own is spoken of, or a unit of theirs is named.
    """
    words = load_words()
    is_own = words.speaks_of_self(said) or situation.names_unit(said)
    return not is_own and words.is_asking(said) and words.tells_what_is_given(said) and find_plan(said, plans).place


def _spread(scores: dict[Meaning, float]) -> dict[Meaning, float]:
    most = max(scores.values())
    raised = {meaning: math.exp(score - most) for meaning, score in scores.items()}
    total = sum(raised.values())
    return {meaning: each / total for meaning, each in raised.items()}


def _in_dialog(
    said: str, situation: Situation, likely: dict[Meaning, float], label: Meaning | None, plans: Understanding
) -> dict[Meaning, float]:
    """The probabilities where something is being asked: what asks nothing and leaves nothing is its answer."""
    words = load_words()
    asks = words.is_asking(said)
    answers = 0.0
    shifted = dict(likely)
    for meaning in list(shifted):
        if meaning is Meaning.CANCEL or (label is not None and label is not Meaning.REPORT and meaning is label):
            continue
        if situation.place is Place.REPORTING and meaning is Meaning.REPORT and _is_whole(said, situation):
            continue
        share = _answering(
            meaning, asks=asks, is_bare=_is_bare(said, situation.place, plans, asks=asks), place=situation.place
        )
        answers += shifted[meaning] * share
        shifted[meaning] *= 1.0 - share
    shifted[Meaning.ANSWER] = shifted.get(Meaning.ANSWER, 0.0) + answers
    return shifted


def _answering(meaning: Meaning, *, asks: bool, is_bare: bool, place: Place) -> float:
    """The share of a meaning that is an answer in truth."""
    if is_bare:
        return 1.0
    if asks:
        return 0.9 if meaning in {Meaning.REPORT, Meaning.SET_DEADLINE} else 0.0
    if meaning in _HANDING_IN:
        return 1.0
    if place is Place.DEADLINE:
        return 0.9
    return 0.3 if meaning in {Meaning.PLAN_QUESTION, Meaning.DUE} else 0.5 if meaning in _TALK else 0.2


def _is_whole(said: str, situation: Situation) -> bool:
    found = find_report(said, situation.today)
    return found.hands_in and found.rows >= 4


def _is_bare(said: str, place: Place, plans: Understanding, *, asks: bool) -> bool:
    """Whether it is hardly more than a number, or gives one where figures are being asked for."""
    numbers = count_numbers(said)
    if place is Place.REPORTING and not asks and (numbers or is_a_count(said)) and not find_plan(said, plans).plan:
        return True
    return numbers > 0 and sum(letter.isalpha() for letter in said) <= 3


def _own(likely: dict[Meaning, float], situation: Situation) -> dict[Meaning, float]:
    """A supervisor's own figures are those of everything below."""
    if not situation.role.supervises:
        return likely
    moved = dict(likely)
    moved[Meaning.SUMMARY] = moved.get(Meaning.SUMMARY, 0.0) + moved.pop(Meaning.OWN_FIGURES, 0.0)
    return moved


def _chosen(likely: dict[Meaning, float], role: AskerRole) -> Understood:
    """The likeliest, and the second where it is near; a question beside work that a guest may not do is a question."""
    first, second = sorted(likely, key=lambda meaning: -likely[meaning])[:2]
    near = likely[first] < SURE_ENOUGH and likely[first] - likely[second] <= NEAR
    talk = _TALK | {Meaning.PLAN_QUESTION}
    if role is AskerRole.GUEST and near and first not in _FOR_ALL and second in talk:
        first, near = second, False
    elif role is AskerRole.GUEST and first in talk and second not in _FOR_ALL:
        near = False
    return Understood(first, min(likely[first], 1.0), (first, second) if near else ())
