"""Reading a plan's file, from the bot or the terminal: in a process of its own, with limits."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from knowledge.importing.child import PICTURES, FileAnswer, says_something
from knowledge.importing.document import Document, Paragraph
from knowledge.importing.limits import environment_of
from knowledge.importing.refusals import (
    LARGEST_FILE,
    MOST_SCANNED_PAGES,
    WAIT_SECONDS,
    FileRefusedError,
    WhyRefused,
)
from knowledge.importing.scans.child import PageAnswer
from knowledge.importing.scans.engine import can_read_scans
from knowledge.importing.scans.layout import join_documents, make_scanned_document
from knowledge.importing.scans.page import ScannedPage
from knowledge.spreadsheets.model import ENDINGS
from knowledge.text import is_syllable, words

_TYPES: Final = frozenset({".docx", ".pdf", ".txt", ".md"})
_REFUSED: Final = {
    ".doc": WhyRefused.OLD_WORD,
    ".docm": WhyRefused.MACROS,
    ".dotm": WhyRefused.MACROS,
    **dict.fromkeys((".heic", ".gif"), WhyRefused.SCAN),
}
KNOWN_TYPES: Final = _TYPES | PICTURES | _REFUSED.keys()
"""Ends of names of files that are read, or for which it is known what to do instead.

A table (.xlsx, .csv and the like) is read as well, where somebody says that it is of a plan; of its name alone it may
be anything.
"""
_SAMPLE: Final = 5_000  # words that are looked at to tell the language
_FEWEST_WORDS: Final = 12  # fewer tell nothing
_VIETNAMESE: Final = 0.55  # share of its words that look like syllables: other languages have a third or less
_OURS: Final = str(Path(__file__).parents[2])
_CHILD: Final = ("-m", "knowledge.importing.child")
_PAGE_CHILD: Final = ("-m", "knowledge.importing.scans.child")
_PAGE_WAIT_SECONDS: Final = 120  # by the clock, for a page that is looked at twice

Answer = TypeVar("Answer", FileAnswer, PageAnswer)


def _say_nothing(_place: int, _count: int) -> None:
    """Nobody waits for it."""


def read_document(path: Path | str, tell: Callable[[int, int], None] = _say_nothing) -> Document:
    """What a .docx, .pdf, .txt or .md file, a table or a picture of a page says.

    It blocks while another process reads, for up to 10 s of its processor time and as much for each look at a scanned
    page; a server does it aside (`asyncio.to_thread`), scanned pages one by one (`open_file`, `read_scanned`). Nothing
    is kept, nothing in the file is followed or run. `tell` hears before each scanned page which one it is, from 1, and
    how many there are.

    Raises:
        FileRefusedError: the one reason why the file is not read, for any file whatever, and no other error.
    """
    opened = open_file(path)
    return put_together(opened, read_pages(path, opened.scanned, tell))


def read_pages(path: Path | str, numbers: Sequence[int], tell: Callable[[int, int], None]) -> dict[int, ScannedPage]:
    """Scanned pages of a file, by number; `tell` as of `read_document`.

    Raises:
        FileRefusedError: why one is not read.
    """
    pages = {}
    for place, number in enumerate(numbers, 1):
        tell(place, len(numbers))
        pages[number] = read_scanned(path, number)
    return pages


def read_scanned(path: Path | str, number: int) -> ScannedPage:
    """A page of which there is only a picture; it takes some seconds.

    Raises:
        FileRefusedError: why it is not read.
    """
    answer = _ask_child(PageAnswer, (*_PAGE_CHILD, str(Path(path).absolute()), str(number)), _PAGE_WAIT_SECONDS)
    if answer.page is None:
        raise FileRefusedError(answer.why or WhyRefused.DAMAGED)
    return answer.page


def put_together(opened: FileAnswer, pages: Mapping[int, ScannedPage]) -> Document:
    """The document of a file, its scanned pages among the others.

    Raises:
        FileRefusedError: it says nothing, or nothing in Vietnamese.
    """
    document = opened.document
    if opened.scanned:
        scanned = make_scanned_document([pages[number] for number in opened.scanned])
        document = scanned if document is None else join_documents(document, scanned)
    if document is None:
        raise FileRefusedError(opened.why or WhyRefused.DAMAGED)
    if not says_something(document):
        raise FileRefusedError(WhyRefused.EMPTY)
    if not is_vietnamese(document):
        raise FileRefusedError(WhyRefused.NOT_VIETNAMESE)
    return document


def open_file(path: Path | str) -> FileAnswer:
    """What a file says, and which of its pages are yet to be read from their pictures.

    Raises:
        FileRefusedError: why it is not read.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix in _REFUSED:
        raise FileRefusedError(_REFUSED[suffix])
    if suffix not in _TYPES | PICTURES | ENDINGS:
        raise FileRefusedError(WhyRefused.UNKNOWN_TYPE)
    try:
        if not path.is_file():
            raise FileRefusedError(WhyRefused.MISSING)
        if path.stat().st_size > LARGEST_FILE:
            raise FileRefusedError(WhyRefused.TOO_LARGE)
    except (OSError, ValueError):
        raise FileRefusedError(WhyRefused.MISSING) from None
    answer = _ask_child(FileAnswer, (*_CHILD, str(path.absolute())), WAIT_SECONDS)
    if not answer.scanned:
        if answer.document is None:
            raise FileRefusedError(answer.why or WhyRefused.DAMAGED)
        return answer
    if can_read_scans():
        if len(answer.scanned) > MOST_SCANNED_PAGES:
            raise FileRefusedError(WhyRefused.TOO_MANY_SCANNED)
        return answer
    if answer.why is not None:
        raise FileRefusedError(answer.why)
    return FileAnswer(answer.document)


def _ask_child(kind: type[Answer], what: tuple[str, ...], seconds: float) -> Answer:
    try:
        child = subprocess.run(  # noqa: S603 - this interpreter, a module of ours, one path and a number
            [sys.executable, *what],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment_of(PYTHONPATH=_OURS, PYTHONDONTWRITEBYTECODE="1"),
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return kind(why=WhyRefused.TIMEOUT)
    if child.returncode in {-signal.SIGXCPU, -signal.SIGKILL}:
        return kind(why=WhyRefused.TIMEOUT)
    if child.returncode == -signal.SIGABRT:  # how PDFium ends where it gets no memory
        return kind(why=WhyRefused.OUT_OF_MEMORY)
    try:
        return msgspec.json.decode(child.stdout, type=kind)
    except msgspec.MsgspecError:
        return kind(why=WhyRefused.DAMAGED)


def is_vietnamese(document: Document) -> bool:
    """Whether the text is Vietnamese, with its marks or without; a few words or figures alone are taken as such."""
    texts = (
        [block.text] if isinstance(block, Paragraph) else chain.from_iterable(block.rows) for block in document.blocks
    )
    found = (word for text in chain.from_iterable(texts) for word in words(text.lower()) if word.isalpha())
    sample = list(islice(found, _SAMPLE))
    return len(sample) < _FEWEST_WORDS or sum(map(is_syllable, sample)) >= _VIETNAMESE * len(sample)
