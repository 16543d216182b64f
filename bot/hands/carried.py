"""The photo or file that a message carries, and its words: text, or the caption."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from telegram import Message

from storage.proofs import ProofKind

_PAPER_TYPES: Final = frozenset({".pdf", ".jpg", ".jpeg", ".png", ".heic", ".webp", ".tif", ".tiff"})
_WORKBOOK_TYPES: Final = frozenset({".xlsx", ".xlsm", ".xls", ".csv", ".ods"})


@dataclass(frozen=True, slots=True)
class CarriedFile:
    """A photo or file in a message; `is_paper` where it may be a page that was signed, `album` as Telegram says it."""

    kind: ProofKind
    file_id: str
    message_id: int
    is_paper: bool
    album: str | None = None


def words_of(message: Message) -> str:
    """What a message says: its text, or the caption of what it carries."""
    return message.text or message.caption or ""


def find_carried(message: Message) -> CarriedFile | None:
    """The photo or file of a message; None where it carries none, or a workbook, which is read and not kept."""
    if message.photo:
        return CarriedFile(ProofKind.PHOTO, message.photo[-1].file_id, message.message_id, True, message.media_group_id)
    document = message.document
    suffix = Path(document.file_name or "").suffix.lower() if document is not None else ""
    if document is None or message.animation is not None or suffix in _WORKBOOK_TYPES:
        return None
    is_paper = suffix in _PAPER_TYPES or (document.mime_type or "").startswith("image/")
    return CarriedFile(ProofKind.DOCUMENT, document.file_id, message.message_id, is_paper, message.media_group_id)
