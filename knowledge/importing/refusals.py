"""Why a file is not read: one reason each, said in English on the terminal; chats have sentences of their own."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class WhyRefused(StrEnum):
    """The one reason for which a file was not read."""

    MISSING = "missing"
    UNKNOWN_TYPE = "unknown_type"
    WRONG_TYPE = "wrong_type"
    OLD_WORD = "old_word"
    MACROS = "macros"
    ENCRYPTED = "encrypted"
    SCAN = "scan"
    TOO_MANY_SCANNED = "too_many_scanned"
    PICTURE_TOO_LARGE = "picture_too_large"
    DAMAGED = "damaged"
    TOO_LARGE = "too_large"
    ZIP_BOMB = "zip_bomb"
    TOO_MUCH_TEXT = "too_much_text"
    TOO_MANY_PAGES = "too_many_pages"
    TOO_DEEP = "too_deep"
    ENTITIES = "entities"
    EMPTY = "empty"
    NOT_VIETNAMESE = "not_vietnamese"
    TIMEOUT = "timeout"
    OUT_OF_MEMORY = "out_of_memory"


LARGEST_FILE: Final = 64 * 2**20  # bytes
LARGEST_PART: Final = 64 * 2**20  # bytes that one part of a .docx may unpack to
LARGEST_PACKAGE: Final = 2**30  # bytes that all parts may unpack to, where they are packed suspiciously
MOST_PARTS: Final = 5_000
MOST_PAGES: Final = 300
MOST_SCANNED_PAGES: Final = 40
MOST_PIXELS: Final = 80_000_000  # points of a picture, before it is made smaller
MOST_PARAGRAPHS: Final = 50_000
MOST_ELEMENTS: Final = 600_000  # of XML in one part of a .docx
MOST_CHARACTERS: Final = 3_000_000
DEEPEST: Final = 200  # elements within elements
MOST_MEMORY: Final = 256 * 2**20  # bytes of address space
MOST_MEMORY_OF_PAGE: Final = 512 * 2**20  # of it for the picture of one page, and for the program that recognises it
CPU_SECONDS: Final = 9
WAIT_SECONDS: Final = 45  # by the clock: two processors may be shared by many

_ENGLISH: Final = {
    WhyRefused.MISSING: "there is no such file, or it may not be read",
    WhyRefused.UNKNOWN_TYPE: "only .docx, .pdf, .txt, .md and pictures of pages are read; save it as one of these",
    WhyRefused.WRONG_TYPE: "it is not what its name says; save it anew under the type that it has",
    WhyRefused.OLD_WORD: ".doc is Word's old format; open it in Word and save it as .docx",
    WhyRefused.MACROS: "it carries macros; save it as .docx without them",
    WhyRefused.ENCRYPTED: "it is protected by a password; save it without one",
    WhyRefused.SCAN: "it is a picture of text; take its .docx, or install tesseract-ocr and tesseract-ocr-vie here",
    WhyRefused.TOO_MANY_SCANNED: f"it has more than {MOST_SCANNED_PAGES} scanned pages; keep those of the plan",
    WhyRefused.PICTURE_TOO_LARGE: f"its picture has more than {MOST_PIXELS // 1_000_000} million points; scan it at "
    "300 dpi",
    WhyRefused.DAMAGED: "it is cut off or damaged; fetch it once more",
    WhyRefused.TOO_LARGE: f"it is larger than {LARGEST_FILE >> 20} MiB; take its pictures out, or split it",
    WhyRefused.ZIP_BOMB: "it unpacks to far more than it should; save it anew in Word",
    WhyRefused.TOO_MUCH_TEXT: f"it has more than {MOST_PARAGRAPHS:,} paragraphs, or far too much text; split it",
    WhyRefused.TOO_MANY_PAGES: f"it has more than {MOST_PAGES} pages; keep those of the plan",
    WhyRefused.TOO_DEEP: "it is nested too deeply to be a document; save it anew in Word",
    WhyRefused.ENTITIES: "it defines entities of its own, as no word processor does; save it anew in Word",
    WhyRefused.EMPTY: "there is no text in it",
    WhyRefused.NOT_VIETNAMESE: "its text is not Vietnamese, or in an old font it does not name; save it in Unicode",
    WhyRefused.TIMEOUT: "reading it takes too long; split it, or save it as .docx",
    WhyRefused.OUT_OF_MEMORY: "reading it takes too much memory; split it, or save it as .docx",
}


class FileRefusedError(Exception):
    """A file was not read; `why` is the one reason, and the text says it in English with what to do."""

    def __init__(self, why: WhyRefused) -> None:
        super().__init__(_ENGLISH[why])
        self.why = why
