"""Fragments completed from the question before: "còn 2030?" keeps the subject, "vậy còn thỏa ước" keeps the rest."""

from __future__ import annotations

import msgspec

from knowledge.model.questions import Question

_FEW_WORDS, _SHORT, _LONG = 3, 7, 9
"""Syllables up to which a bare subject leans by itself, without a year, and with a sign such as "còn"."""

_KEPT_CUES = frozenset({"figure", "overview", "when", "who", "roles", "due", "document", "form", "annual"})


def complete(question: Question, previous: Question | None) -> Question:
    """The question with what it leaves out taken from the one before; as it is where it stands by itself."""
    if previous is None or question.topics or not question.length or _is_courtesy(question):
        return question
    if _continues_rows(question, previous):
        items = question.items or question.numbers
        return _keep_subject(msgspec.structs.replace(question, items=items, years=()), previous)
    own = _has_own_subject(question) or question.asks("overview")
    if not own and (previous.asks("form") or not question.asks("form")):
        return _keep_subject(question, previous)
    return _keep_place_and_time(question, previous) if _is_bare_subject(question) else question


def _is_courtesy(question: Question) -> bool:
    """Nothing but politeness, or taking note: "cảm ơn nhé", "vậy à"."""
    idle = question.cues <= {"padding", "filler", "question_mark", "follow"}
    return question.is_empty and idle and question.length <= _FEW_WORDS


def _continues_rows(question: Question, previous: Question) -> bool:
    """Another number after a row of a form: "còn 47"."""
    numbered = question.items or question.numbers
    return bool(previous.items and numbered) and not question.subjects and not question.leftover


def _has_own_subject(question: Question) -> bool:
    named = question.subjects or question.themes or question.leftover
    spoken_of = question.plans and len(question.content) > 1
    told = spoken_of and (question.asks("due") or question.length > _LONG)
    is_whole = not question.asks("follow") or question.length > _LONG
    identity = question.plans and question.asks("document") and is_whole
    return bool(named or told or identity or question.items or question.sections or question.references)


def _is_bare_subject(question: Question) -> bool:
    """Nothing but a subject, in a few words: it is asked of the place and time of the question before."""
    if not question.subjects or question.leftover or question.plans or question.asks("overview"):
        return False
    if question.asks("figure"):
        return question.length <= _LONG and question.asks("follow")
    if question.length <= _FEW_WORDS or (question.length <= _SHORT and not question.years):
        return True
    return question.length <= _LONG and question.asks("follow", "question_mark")


def _keep_place_and_time(question: Question, previous: Question) -> Question:
    alone = question.elsewhere or question.asks("everywhere")
    plans = question.plans or (() if alone else previous.plans)
    issuers = question.issuers if question.plans or alone else previous.issuers
    if question.plans and question.asks("versus") and not set(question.plans) & set(previous.plans):
        plans = (*previous.plans, *question.plans)
        issuers = (*previous.issuers, *question.issuers)
    keeps_years = not question.years and not question.asks("stages", "overview")
    return msgspec.structs.replace(
        question,
        plans=plans,
        issuers=issuers,
        years=previous.years if keeps_years else question.years,
        elsewhere=question.elsewhere or (() if question.plans else previous.elsewhere),
        inherited=True,
    )


def _keep_subject(question: Question, previous: Question) -> Question:
    return msgspec.structs.replace(
        _keep_place_and_time(question, previous),
        subjects=previous.subjects,
        themes=previous.themes,
        scopes=question.scopes or previous.scopes,
        topics=previous.topics,
        others=question.others or previous.others,
        strange=question.strange or previous.strange,
        content=_joined(previous.content, question.content),
        spoken=_joined(previous.spoken, question.content),
        leftover=previous.leftover,
        items=question.items or previous.items,
        sections=previous.sections,
        references=previous.references,
        cues=question.cues | (previous.cues & _KEPT_CUES),
    )


def lean(fragment: Question, previous: Question) -> Question:
    """A fragment read as a part of the question before it: its own words first, what it lacks from before."""
    return msgspec.structs.replace(
        fragment,
        plans=fragment.plans or previous.plans,
        issuers=fragment.issuers if fragment.plans else previous.issuers,
        subjects=fragment.subjects or previous.subjects,
        years=fragment.years or previous.years,
        scopes=fragment.scopes or previous.scopes,
        spoken=_joined(previous.spoken, fragment.spoken),
        content=_joined(previous.content, fragment.content),
        cues=fragment.cues | (previous.cues & _KEPT_CUES),
        inherited=True,
    )


def _joined(before: tuple[str, ...], added: tuple[str, ...]) -> tuple[str, ...]:
    return (*before, *(word for word in added if word not in before))
