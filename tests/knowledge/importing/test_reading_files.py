"""The same facts from the same text as .docx and as PDF, with one font and with two."""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from knowledge.importing.files import read_document
from knowledge.importing.model import PlanReading
from knowledge.importing.plain_text import document_of_text
from knowledge.importing.reading import read_plan
from tests.knowledge.importing.pdf_files import write_pages
from tests.knowledge.importing.test_any_text import PLAN
from tests.knowledge.importing.word_files import paragraph, run, write_docx


def facts(reading: PlanReading) -> list[tuple[object, ...]]:
    targets = [(each.section, each.value, each.comparator, each.unit, each.horizon) for each in reading.targets]
    return [*targets, *((each.section, each.due, each.recurrence, each.rule) for each in reading.deadlines)]


@pytest.mark.slow
@pytest.mark.parametrize("form", ["docx", "one font", "two fonts"])
def test_the_file_says_what_its_text_says(form: str, tmp_path: Path) -> None:
    if form == "docx":
        body = "".join(paragraph(run(escape(line))) for line in PLAN.split("\n"))
        file = write_docx(tmp_path / "plan.docx", body)
    else:
        file = write_pages(tmp_path / "plan.pdf", PLAN, mixed=form == "two fonts")
    assert facts(read_plan(read_document(file))) == facts(read_plan(document_of_text(PLAN)))
