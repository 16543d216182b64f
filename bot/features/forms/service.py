"""What ADMIN_IDS do with forms in the chat: who may, what is known of each, its workbook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.access import AccessDeniedError, Right
from bot.features.forms import entering
from bot.features.forms.entering import FirstPeriod, HeldForm
from bot.hands.asking import Asking
from knowledge.forms.workbook import write_form
from knowledge.glossary import Glossary
from knowledge.model.forms import Form, due_on, locks_on, opens_on
from knowledge.model.owing import AskedUnits
from knowledge.model.periods import Period
from knowledge.model.stored_forms import StoredForm
from knowledge.spreadsheets.model import Sheet
from storage import owing


@dataclass(frozen=True, slots=True)
class KnownForm:
    """A form that holds or held: its latest version, the dates of the period that is shown, and what may be done.

    `glossary` names what plans measure, and of whom.
    """

    form: Form
    period: FirstPeriod | None
    glossary: Glossary
    may_withdraw: bool
    may_restore: bool


def require_operator(asking: Asking) -> None:
    """Raise AccessDeniedError for anybody but the admins that the operator named: forms are for everybody."""
    if not asking.asker.is_admin:
        raise AccessDeniedError(Right.MANAGE)


async def keep(asking: Asking, sheets: Sequence[Sheet], file: tuple[str, bytes], glossary: Glossary) -> HeldForm:
    """Hold the form that a workbook describes.

    Raises:
        AccessDeniedError: the asker is none of ADMIN_IDS.
        FormWorkbookError: what is wrong, each with its cell; nothing is kept.
    """
    require_operator(asking)
    described = entering.understand(sheets, glossary, asking.forms)
    held = await entering.hold(asking.db, described, file, by=asking.person_id, now=asking.now)
    return await _look_at(asking, held, glossary)


async def find_held(asking: Asking, version: int, mark: str, glossary: Glossary) -> HeldForm | None:
    """What a button is about; None where it is held no more. Raises AccessDeniedError."""
    require_operator(asking)
    found = await entering.find_held(asking.db, version, mark)
    return await entering.look_at(asking.db, found, glossary, asking.today) if found is not None else None


async def _look_at(asking: Asking, held: StoredForm, glossary: Glossary) -> HeldForm:
    found = await entering.look_at(asking.db, held, glossary, asking.today)
    assert found is not None
    return found


async def answer_doubt(asking: Asking, held: HeldForm, left: int, choice: int, glossary: Glossary) -> HeldForm | None:
    """Decide what is asked next; None where something else is asked by now, or that is no answer."""
    doubt = held.doubt
    if doubt is None or left != len(held.described.doubts) or choice >= len(doubt.choices):
        return None
    stored = await entering.answer_doubt(asking.db, held, doubt.choices[choice], by=asking.person_id, now=asking.now)
    return await _look_at(asking, stored, glossary)


async def approve(asking: Asking, held: HeldForm, since: Period | None) -> Form:
    """Put it in force from that period on; raises FormChangedError where that is not as it was shown."""
    stored = await entering.approve(asking.db, held, since, by=asking.person_id, now=asking.now)
    assert stored.form is not None
    return stored.form


async def drop(asking: Asking, held: HeldForm) -> None:
    """Drop what is held."""
    await entering.discard(asking.db, held.version, by=asking.person_id, now=asking.now)


async def list_held(asking: Asking) -> list[StoredForm]:
    """The forms that wait to be approved."""
    return await entering.list_held(asking.db)


async def find_known(asking: Asking, form_id: str, glossary: Glossary) -> KnownForm | None:
    """A form with what may be done with it; None for an unknown one. Raises AccessDeniedError."""
    require_operator(asking)
    form = asking.forms.find(form_id)
    if form is None:
        return None
    period = entering.find_next(form, asking.today)
    shown = None
    if period is not None:
        asked = AskedUnits.of_period(form, period).still_asked(asking.today)
        count = await owing.count_owing(asking.db, asked)
        shown = FirstPeriod(period, opens_on(form, period), due_on(form, period), locks_on(form, period), count)
    gone = form.withdrawn_on is not None
    return KnownForm(form, shown, glossary, not gone and form.id not in entering.KEPT, gone)


async def withdraw(asking: Asking, form_id: str) -> None:
    """Let it ask for nothing any more. Raises AccessDeniedError, FormChangedError."""
    require_operator(asking)
    await entering.withdraw(asking.db, form_id, asking.today, by=asking.person_id, now=asking.now)


async def restore(asking: Asking, form_id: str) -> None:
    """Ask for it again. Raises AccessDeniedError, FormChangedError."""
    require_operator(asking)
    await entering.restore(asking.db, form_id, by=asking.person_id, now=asking.now)


def write_workbook(form: Form, glossary: Glossary) -> tuple[str, bytes]:
    """The name and content of the workbook that describes a form. Pure."""
    return f"{form.id}.xlsx", write_form(form, glossary)
