"""Files that the sandbox holds, sent by people or by the bot, and how the Bot API describes them."""

from __future__ import annotations

import hashlib
import mimetypes
import struct
from itertools import count
from pathlib import PurePath

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
    width, height = find_size(stored.data) or (800, 600)
    return {
        "file_id": stored.id,
        "file_unique_id": stored.unique_id,
        "width": width,
        "height": height,
        "file_size": stored.size,
    }


_PNG = b"\x89PNG\r\n\x1a\n"


def find_size(data: bytes) -> tuple[int, int] | None:
    """Width and height in pixels, None where the data is neither PNG nor JPEG."""
    if data.startswith(_PNG) and len(data) >= 24:
        width, height = struct.unpack(">II", data[16:24])
        return int(width), int(height)
    if not data.startswith(b"\xff\xd8"):
        return None
    at = 2
    while at + 9 < len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return int(width), int(height)
        at += 2 + length
    return None
