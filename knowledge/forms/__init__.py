"""Report forms: those that ship, the book of all that hold now, and the rules by which a report is checked."""

from __future__ import annotations

from knowledge.forms.book import FormBook, load_book, make_book, read_book
from knowledge.forms.called import CalledFor, find_called
from knowledge.forms.rules import check_report
from knowledge.forms.shipped import MONTHLY_FORM, QUARTERLY_FORM, TERM_FORM, get_form, load_form, load_forms, read_forms

__all__ = [
    "MONTHLY_FORM",
    "QUARTERLY_FORM",
    "TERM_FORM",
    "CalledFor",
    "FormBook",
    "check_report",
    "find_called",
    "get_form",
    "load_book",
    "load_form",
    "load_forms",
    "make_book",
    "read_book",
    "read_forms",
]
