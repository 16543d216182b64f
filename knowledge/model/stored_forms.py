"""A form as the database keeps it: versions, what became of each, and its content where it has one there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from knowledge.model.forms import Form


class FormStatus(StrEnum):
    """What became of a version of a form: held → in force → withdrawn, and back."""

    HELD = "held"
    IN_FORCE = "in_force"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class StoredForm:
    """A version of a form in the database.

    Attributes:
        version: its row; another content of the same form has another one.
        number: the version's number, from 1 for each form.
        form: what it asks; None while it is held, and for a form that comes with the program, of which only the status
            is kept.
        described: what was understood of its workbook while it is held, as JSON; None afterwards.
        replaces: the campaign form in whose place it stands; None for others, whose versions have periods of their own.
        withdrawn_on: the local day from which it asks for nothing; None where it was not withdrawn.
        by: who changed it last, a row of people; None for an operator at the command line.
        file: the hash of the workbook it was read from.
    """

    version: int
    form_id: str
    number: int
    status: FormStatus
    form: Form | None
    described: str | None
    replaces: str | None
    withdrawn_on: date | None
    added_at: datetime
    changed_at: datetime
    by: int | None = None
    file: str | None = None
