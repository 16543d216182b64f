"""Files that the sandbox holds, sent by people or by the bot, and how the Bot API describes them."""

from __future__ import annotations

import hashlib
import mimetypes
from itertools import count
from pathlib import PurePath

from bot.sandbox import pictures
from bot.sandbox.model import Json, StoredFile


class FileStore:
    """Files by their Telegram id and by the path from which they are fetched."""

    def __init__(self) -> None:
        self.files: dict[str, StoredFile] = {}
        self.files_by_path: dict[str, StoredFile] = {}
        self._file_numbers = count(1)

    def store_file(
        self, name: str, data: bytes, mime: str = "", *, folder: str = "documents", size: int | None = None
    ) -> StoredFile:
        number = next(self._file_numbers)
        mime = mime or mimetypes.guess_type(name)[0] or "application/octet-stream"
        digest = hashlib.sha256(number.to_bytes(8, "big") + data[:4096]).hexdigest()
        suffix = PurePath(name).suffix
        path = f"{folder}/file_{number}{suffix if suffix[1:].isascii() and suffix[1:].isalnum() else ''}"
        stored = StoredFile(
            f"BQACAgUAAxk{digest[:48]}",
            f"AgAD{digest[48:60]}",
            path,
            name,
            mime,
            data,
            len(data) if size is None else size,
        )
        self.files[stored.id] = stored
        self.files_by_path[path] = stored
        return stored


def document_json(stored: StoredFile) -> Json:
    return {
        "file_id": stored.id,
        "file_unique_id": stored.unique_id,
        "file_name": stored.name,
        "mime_type": stored.mime,
        "file_size": stored.size,
    }


def photo_json(stored: StoredFile) -> Json:
    width, height = pictures.find_size(stored.data) or (800, 600)
    return {
        "file_id": stored.id,
        "file_unique_id": stored.unique_id,
        "width": width,
        "height": height,
        "file_size": stored.size,
    }
