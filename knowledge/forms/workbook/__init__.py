"""A form described by a workbook: read into what it describes, asked about where it is doubtful, made, and written."""

from __future__ import annotations

from knowledge.forms.workbook.layout import describes_form
from knowledge.forms.workbook.making import decide, give_numbers, list_changes, make_form, show_rule
from knowledge.forms.workbook.measures import name_scope, name_subject
from knowledge.forms.workbook.model import (
    DescribedForm,
    DescribedRow,
    FormDoubt,
    FormDoubtKind,
    FormWorkbookError,
    WhyFormRefused,
    WorkbookRefusal,
)
from knowledge.forms.workbook.reading import read_form
from knowledge.forms.workbook.writing import write_form, write_way

__all__ = [
    "DescribedForm",
    "DescribedRow",
    "FormDoubt",
    "FormDoubtKind",
    "FormWorkbookError",
    "WhyFormRefused",
    "WorkbookRefusal",
    "decide",
    "describes_form",
    "give_numbers",
    "list_changes",
    "make_form",
    "name_scope",
    "name_subject",
    "read_form",
    "show_rule",
    "write_form",
    "write_way",
]
