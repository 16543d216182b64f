"""The same facts from one text as .docx and as PDF, in one font and in two, and as an office program writes them."""

from __future__ import annotations

import shutil
import subprocess
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


def word_file(folder: Path) -> Path:
    body = "".join(paragraph(run(escape(line))) for line in PLAN.split("\n"))
    return write_docx(folder / "plan.docx", body)


@pytest.mark.slow
@pytest.mark.parametrize("form", ["docx", "one font", "two fonts"])
def test_the_file_says_what_its_text_says(form: str, tmp_path: Path) -> None:
    if form == "docx":
        file = word_file(tmp_path)
    else:
        file = write_pages(tmp_path / "plan.pdf", PLAN, mixed=form == "two fonts")
    assert facts(read_plan(read_document(file))) == facts(read_plan(document_of_text(PLAN)))


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["docx", "pdf"])
def test_an_office_program_writes_what_is_read_alike(kind: str, tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed (Debian: apt-get install libreoffice-writer)")
    written = tmp_path / "written"
    home = f"-env:UserInstallation=file://{tmp_path / 'home'}"
    command = [office, home, "--headless", "--convert-to", kind, "--outdir", str(written), str(word_file(tmp_path))]
    done = subprocess.run(command, capture_output=True, timeout=180, check=False)
    file = written / f"plan.{kind}"
    if not file.exists():
        pytest.skip(f"LibreOffice Writer does not run here: {done.stderr.decode(errors='replace')[:200]}")
    assert facts(read_plan(read_document(file))) == facts(read_plan(document_of_text(PLAN)))
