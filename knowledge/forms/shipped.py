"""The forms that ship with the program: one TOML file each, read and checked once. A new one is a new file here."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from knowledge.catalogue import read_toml, require_unique
from knowledge.errors import CatalogueError
from knowledge.model.forms import Form

MONTHLY_FORM = "doan-vien-thang"
QUARTERLY_FORM = "hoat-dong-quy"
TERM_FORM = "so-ket-nhiem-ky"


def load_form(file: Traversable) -> Form:
    """The form in a TOML file; raises CatalogueError naming the file and the key at fault."""
    form = read_toml(file, Form)
    if f"{form.id}.toml" != file.name:
        raise CatalogueError(file.name, f"id: {form.id!r} is not the name of the file")
    return form


def read_forms(folder: Traversable) -> tuple[Form, ...]:
    """The forms of a folder by id; raises CatalogueError naming the file and the key at fault."""
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    forms = tuple(load_form(folder / name) for name in names)
    require_unique("forms", "id", [form.id for form in forms])
    return forms


@cache
def load_forms() -> tuple[Form, ...]:
    """The forms that ship with the product, by id."""
    return read_forms(files(__package__))


def get_form(form_id: str) -> Form:
    """The form of that id as it ships; raises KeyError for an unknown one.

    For those that the program itself builds upon; what comes from outside is looked up in the book (`FormBook`).
    """
    form = next((form for form in load_forms() if form.id == form_id), None)
    if form is None:
        raise KeyError(form_id)
    return form
