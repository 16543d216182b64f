"""The shape of `words.toml`: which lists of words and phrases there are."""

from __future__ import annotations

import msgspec


class Lists(msgspec.Struct, forbid_unknown_fields=True):
    """Lists of phrases."""

    words: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ()
    joints: tuple[str, ...] = ()
    begins: tuple[str, ...] = ()


class AsideWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an aside is known by, `[beside]` in `words.toml`, where each list is told."""

    doubts: tuple[str, ...]
    sureties: tuple[str, ...]
    unasked: tuple[str, ...]
    moving: tuple[str, ...]
    denied: tuple[str, ...]
    handing: tuple[str, ...]
    warned: tuple[str, ...]
    fillers: tuple[str, ...]
    otherwise: tuple[str, ...]
    helping: tuple[str, ...]
    still: tuple[str, ...]
    fines: tuple[str, ...]
    too: tuple[str, ...]
    those: tuple[str, ...]
    being: tuple[str, ...]
    holidays: tuple[str, ...]
    now: tuple[str, ...]
    speakers: tuple[str, ...]
    away: tuple[str, ...]
    binding: tuple[str, ...]
    loose: tuple[str, ...]
    plural: tuple[str, ...]
    asking: tuple[str, ...]
    dated: tuple[str, ...]
    waiting: tuple[str, ...]
    unsettling: tuple[str, ...]
    until: tuple[str, ...]
    first: tuple[str, ...]
    conditions: tuple[str, ...]
    attributed: tuple[str, ...]
    uncertain: tuple[str, ...]
    then: tuple[str, ...]
    counted: tuple[str, ...]
    counting: tuple[str, ...]
    units: tuple[str, ...]
    numbered: tuple[str, ...]
    sending: tuple[str, ...]
    people: tuple[str, ...]
    selves: tuple[str, ...]
    days: tuple[str, ...]
    expecting: tuple[str, ...]
    resting: tuple[str, ...]
    skipping: tuple[str, ...]
    likewise: tuple[str, ...]
    sent: tuple[str, ...]
    todays: tuple[str, ...]
    subjects: tuple[str, ...]
    openers: tuple[str, ...]
    happening: tuple[str, ...]
    busy: tuple[str, ...]
    resting_from: tuple[str, ...]
    duties: tuple[str, ...]
    bringing: tuple[str, ...]
    choosing: tuple[str, ...]
    offering: tuple[str, ...]
    avoiding: tuple[str, ...]
    punctual: tuple[str, ...]
    routines: tuple[str, ...]
    at_once: tuple[str, ...]
    up_to: tuple[str, ...]
    ahead: tuple[str, ...]
    only_then: tuple[str, ...]
    denials: tuple[str, ...]
    demanding: tuple[str, ...]
    chances: tuple[str, ...]
    over: tuple[str, ...]
    therefore: tuple[str, ...]
    amounts: tuple[str, ...]
    held: tuple[str, ...]
    past: tuple[str, ...]
    measures: tuple[str, ...]
    closing: tuple[str, ...]
    common: tuple[str, ...]
    off: tuple[str, ...]
    checking: tuple[str, ...]


class EverydayMoments(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Moments of everybody's day: one of `leads` and of `deeds`, one of `who` between some; or one of `alone`."""

    leads: tuple[str, ...]
    leads_of_somebody: tuple[str, ...]
    who: tuple[str, ...]
    deeds: tuple[str, ...]
    alone: tuple[str, ...]


class NamedDay(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A day (1–31) of a month that has names of its own; those in `short` are heard only beside its date."""

    day: int
    month: int
    names: tuple[str, ...]
    short: tuple[str, ...] = ()


class WordList(msgspec.Struct, forbid_unknown_fields=True):
    """The shape of `words.toml`."""

    signs: dict[str, tuple[str, ...]]
    harmless: Lists
    reasons: Lists
    repair: Lists
    shifting: Lists
    beside: AsideWords
    moments: EverydayMoments
    named_days: tuple[NamedDay, ...]
