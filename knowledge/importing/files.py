"""Reading a plan's file, from the bot or the terminal: in a process of its own, with limits."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from itertools import chain, islice
from pathlib import Path
from typing import Final

import msgspec

from knowledge.importing.child import FileAnswer
from knowledge.importing.document import Document, Paragraph
from knowledge.importing.refusals import LARGEST_FILE, WAIT_SECONDS, FileRefusedError, WhyRefused
from knowledge.text import is_syllable, words

_TYPES: Final = frozenset({".docx", ".pdf", ".txt", ".md"})
_REFUSED: Final = {
    ".doc": WhyRefused.OLD_WORD,
    ".docm": WhyRefused.MACROS,
    ".dotm": WhyRefused.MACROS,
    **dict.fromkeys((".jpg", ".jpeg", ".png", ".tif", ".tiff", ".heic", ".webp", ".bmp", ".gif"), WhyRefused.SCAN),
}
KNOWN_TYPES: Final = _TYPES | _REFUSED.keys()
"""Ends of names of files that are read, or for which it is known what to do instead."""
_SAMPLE: Final = 5_000  # words that are looked at to tell the language
_FEWEST_WORDS: Final = 12  # fewer tell nothing
_VIETNAMESE: Final = 0.55  # share of its words that look like syllables: other languages have a third or less
_CHILD: Final = ("-m", "knowledge.importing.child")


def read_document(path: Path | str) -> Document:
    """What a .docx, .pdf, .txt or .md file says.

    It blocks while another process reads, for up to 10 s of its processor time; a server calls it aside
    (`asyncio.to_thread`). Nothing is kept, nothing in the file is followed or run.

    Raises:
        FileRefusedError: the one reason why the file is not read, for any file whatever, and no other error.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix in _REFUSED:
        raise FileRefusedError(_REFUSED[suffix])
    if suffix not in _TYPES:
        raise FileRefusedError(WhyRefused.UNKNOWN_TYPE)
    try:
        if not path.is_file():
            raise FileRefusedError(WhyRefused.MISSING)
        if path.stat().st_size > LARGEST_FILE:
            raise FileRefusedError(WhyRefused.TOO_LARGE)
    except (OSError, ValueError):
        raise FileRefusedError(WhyRefused.MISSING) from None
    answer = _ask_child(path.absolute())
    if answer.document is None:
        raise FileRefusedError(answer.why or WhyRefused.DAMAGED)
    if not is_vietnamese(answer.document):
        raise FileRefusedError(WhyRefused.NOT_VIETNAMESE)
    return answer.document


def _ask_child(path: Path) -> FileAnswer:
    try:
        child = subprocess.run(  # noqa: S603 - this interpreter, a module of ours and one path
            [sys.executable, *_CHILD, str(path)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"PYTHONPATH": str(Path(__file__).parents[2]), "PATH": os.defpath, "PYTHONDONTWRITEBYTECODE": "1"},
            timeout=WAIT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return FileAnswer(why=WhyRefused.TIMEOUT)
    if child.returncode in {-signal.SIGXCPU, -signal.SIGKILL}:
        return FileAnswer(why=WhyRefused.TIMEOUT)
    if child.returncode == -signal.SIGABRT:  # how PDFium ends where it gets no memory
        return FileAnswer(why=WhyRefused.OUT_OF_MEMORY)
    try:
        return msgspec.json.decode(child.stdout, type=FileAnswer)
    except msgspec.MsgspecError:
        return FileAnswer(why=WhyRefused.DAMAGED)


def is_vietnamese(document: Document) -> bool:
    """Whether the text is Vietnamese, with its marks or without; a few words or figures alone are taken as such."""
    texts = (
        [block.text] if isinstance(block, Paragraph) else chain.from_iterable(block.rows) for block in document.blocks
    )
    found = (word for text in chain.from_iterable(texts) for word in words(text.lower()) if word.isalpha())
    sample = list(islice(found, _SAMPLE))
    return len(sample) < _FEWEST_WORDS or sum(map(is_syllable, sample)) >= _VIETNAMESE * len(sample)
