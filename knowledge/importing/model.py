"""What a document was understood to say: plain values, each with the words it stands in."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum

import msgspec

from knowledge.importing.document import Differing, PageSpot
from knowledge.model.plans import Comparator


class WhyDoubted(StrEnum):
    """Why a fact is to be looked at by a person before it is believed."""

    NO_HORIZON = "no_horizon"
    YEAR_UNREADABLE = "year_unreadable"
    TERM_ASSUMED = "term_assumed"
    ANNUAL_OR_STAGE = "annual_or_stage"
    SAID_TWICE = "said_twice"
    TWO_ACTS = "two_acts"
    UNIT_UNKNOWN = "unit_unknown"
    FLOOR_CARRIED = "floor_carried"
    NUMBER_AMBIGUOUS = "number_ambiguous"
    OUTSIDE_TARGETS = "outside_targets"
    PAST_RESULT = "past_result"
    APPROXIMATE = "approximate"
    AWARD_QUOTA = "award_quota"
    SEVERAL_FIGURES = "several_figures"
    DATA_CUTOFF = "data_cutoff"
    YEAR_ASSUMED = "year_assumed"
    VAGUE = "vague"
    LETTERS_DAMAGED = "letters_damaged"
    SCANNED = "scanned"
    PASSES_DIFFER = "passes_differ"
    BOUND_UNCLEAR = "bound_unclear"
    TIME_UNCLEAR = "time_unclear"


class ReadFact(msgspec.Struct, frozen=True, kw_only=True):
    """What every fact has: where it stands (`section`, lines from 1, page) and its words, cut from the text.

    `spot` is where its figures stand where they were read from a picture, `differing` what of them was read in two
    ways.
    """

    section: str
    quote: str
    lines: tuple[int, int] | None = None
    page: int | None = None
    spot: PageSpot | None = None
    differing: tuple[Differing, ...] = ()


class ReadTarget(ReadFact, frozen=True, kw_only=True):
    """A figure the document sets.

    `indicator` is what is measured, `scope` on whom; `value` in `unit` (`%`, else as written, a rate's base in it);
    `horizon` is "annual", a year, or null where the document does not say; `doubt` is null for what is sure.
    `share_of` is the body whose share an annex hands out.
    """

    indicator: str
    value: Decimal | None
    comparator: Comparator
    value_max: Decimal | None = None
    unit: str | None = None
    horizon: str | None = None
    each_year: bool = False
    scope: str | None = None
    doubt: WhyDoubted | None = None
    share_of: str | None = None


class ReadDeadline(ReadFact, frozen=True, kw_only=True):
    """Something that falls due on a day (`due`) or again and again (`recurrence`, with `rule` where days are named)."""

    what: str
    when: str
    due: date | None = None
    recurrence: str | None = None
    rule: str | None = None
    who: str | None = None
    to: str | None = None
    doubt: WhyDoubted | None = None


class ReadTask(ReadFact, frozen=True, kw_only=True):
    """A numbered task or a point of the organisation part; `lead` is who is responsible where the text says so."""

    summary: str
    lead: str | None = None


class Heading(msgspec.Struct, frozen=True):
    """A numbered place of the outline."""

    section: str
    title: str


class LeftOver(msgspec.Struct, frozen=True):
    """A number that is in no fact, date, document number or outline number, with the sentence it stands in.

    `spot` and `differing` as of a fact.
    """

    number: str
    quote: str
    section: str
    spot: PageSpot | None = None
    differing: tuple[Differing, ...] = ()


class ReadPassage(msgspec.Struct, frozen=True):
    """A paragraph of the text under its section."""

    section: str
    text: str
    lines: tuple[int, int] | None = None
    page: int | None = None


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """Who issued what, when; null or empty where the text is silent."""

    kind: str | None = None
    number: str | None = None
    date: date | None = None
    place: str | None = None
    issuer: str | None = None
    title: str | None = None
    carries_out: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    signer: str | None = None
    signer_title: str | None = None
    recipients: tuple[str, ...] = ()
    covers_from: int | None = None
    covers_to: int | None = None


class Accounts(msgspec.Struct, frozen=True):
    """How many numbers the text has, and how many of them stand where."""

    numbers: int
    in_facts: int
    in_references: int
    left_over: int


class PlanReading(msgspec.Struct, frozen=True, kw_only=True):
    """Everything understood of one document.

    `is_scanned`: some of it was read from pictures; `term_spot` is where its first and last year stand there.
    """

    plan: Identity
    outline: tuple[Heading, ...]
    targets: tuple[ReadTarget, ...]
    deadlines: tuple[ReadDeadline, ...]
    tasks: tuple[ReadTask, ...]
    passages: tuple[ReadPassage, ...]
    left_over: tuple[LeftOver, ...]
    accounts: Accounts
    is_scanned: bool = False
    term_spot: PageSpot | None = None
