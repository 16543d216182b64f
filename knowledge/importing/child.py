"""The process that reads one file, whatever it holds: little time, little memory, no file written, one answer.

`python -m knowledge.importing.child PATH`: the answer stands on standard output as JSON.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Final

import msgspec

from knowledge.importing.document import Document, Paragraph
from knowledge.importing.limits import answer_within_limits, why_refused
from knowledge.importing.plain_text import read_text
from knowledge.importing.refusals import LARGEST_FILE, MOST_MEMORY, FileRefusedError, WhyRefused
from knowledge.spreadsheets.model import ENDINGS

_OLE, _ZIP, _PDF = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", (b"PK\x03\x04", b"PK\x05\x06"), b"%PDF-"
_PROTECTED: Final = "EncryptedPackage".encode("utf-16-le")
PICTURES: Final = frozenset({".jpg", ".jpeg", ".png", ".tif", ".tiff", ".webp", ".bmp"})
"""Ends of names of pictures of pages."""

_PDF_WITHIN: Final = 1024  # bytes before which a PDF begins, whatever stands in front
_SAYS_SOMETHING = re.compile(r"\w")


class FileAnswer(msgspec.Struct, frozen=True):
    """What was read, or the one reason why not.

    `scanned` are the numbers of pages of which there is only a picture; with `SCAN` beside them little else was read.
    """

    document: Document | None = None
    why: WhyRefused | None = None
    scanned: tuple[int, ...] = ()


def read_here(path: Path) -> FileAnswer:
    """Read a file in this process. Only the child does that with what people send.

    Raises:
        FileRefusedError: why it is not read.
    """
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except OSError:
        raise FileRefusedError(WhyRefused.MISSING) from None
    if len(content) > LARGEST_FILE:
        raise FileRefusedError(WhyRefused.TOO_LARGE)
    if not content.strip(b"\0 \t\r\n"):
        raise FileRefusedError(WhyRefused.EMPTY)
    found = _read(content, path.suffix.lower())
    if found.document is not None and not found.scanned and not says_something(found.document):
        raise FileRefusedError(WhyRefused.EMPTY)
    return found


def says_something(document: Document) -> bool:
    """Whether there is any letter or figure in it."""
    return any(map(_SAYS_SOMETHING.search, _texts(document)))


def _texts(document: Document) -> list[str]:
    found: list[str] = []
    for block in document.blocks:
        found.extend([block.text] if isinstance(block, Paragraph) else (cell for row in block.rows for cell in row))
    return found


def _read(content: bytes, suffix: str) -> FileAnswer:
    if suffix in ENDINGS:
        from knowledge.importing.workbook import read_sheets  # noqa: PLC0415 - only what the file needs

        return FileAnswer(read_sheets(content))
    if content.startswith(_OLE):
        protected = _PROTECTED in content
        old = WhyRefused.OLD_WORD if suffix in {".doc", ".docx"} else WhyRefused.WRONG_TYPE
        raise FileRefusedError(WhyRefused.ENCRYPTED if protected else old)
    is_pdf = _PDF in content[:_PDF_WITHIN]
    if suffix == ".docx" and content.startswith(_ZIP):
        from knowledge.importing.word.reading import read_word  # noqa: PLC0415

        return FileAnswer(read_word(content))
    if suffix == ".pdf" and is_pdf:
        from knowledge.importing.pdf.reading import read_pdf  # noqa: PLC0415

        read = read_pdf(content)
        return FileAnswer(read.document, WhyRefused.SCAN if read.is_scan else None, read.scanned)
    if suffix in {".txt", ".md"} and not is_pdf and not content.startswith(_ZIP):
        return FileAnswer(read_text(content, markdown=suffix == ".md"))
    if suffix in PICTURES and not is_pdf and not content.startswith(_ZIP):
        from knowledge.importing.scans.pictures import count_pictures  # noqa: PLC0415

        return FileAnswer(None, WhyRefused.SCAN, tuple(range(1, count_pictures(content) + 1)))
    raise FileRefusedError(WhyRefused.WRONG_TYPE)


def answer(path: Path) -> FileAnswer:
    """What a file says, or why it is not read; nothing is raised, whatever the file."""
    try:
        return read_here(path)
    except Exception as error:  # nothing of it may go unanswered
        return FileAnswer(why=why_refused(error))


def main() -> None:
    """One file, within limits."""
    answer_within_limits(lambda: answer(Path(sys.argv[1])), MOST_MEMORY)


if __name__ == "__main__":
    main()
