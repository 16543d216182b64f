"""Parameters of a Bot API call, from any of its three encodings (JSON, form, multipart)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from bot.sandbox.model import MAX_UPLOAD_BYTES, Json, Upload
from bot.sandbox.refusals import Refusal, bad_request


class Params:
    """Typed reading of a call's parameters. Objects may come as JSON text, as forms carry them."""

    def __init__(self, values: Mapping[str, Any], files: Mapping[str, Upload] | None = None) -> None:
        self.values = values
        self.files = files or {}

    def text(self, name: str, default: str = "") -> str:
        value = self.values.get(name)
        if value is None:
            return default
        return value if isinstance(value, str) else str(value)

    def find_integer(self, name: str) -> int | None:
        value = self.values.get(name)
        if value is None or value == "":
            return None
        try:
            return int(value)
        except (TypeError, ValueError):
            raise bad_request(f'parameter "{name}" must be an integer') from None

    def integer(self, name: str, default: int) -> int:
        value = self.find_integer(name)
        return default if value is None else value

    def flag(self, name: str) -> bool:
        return parse_flag(self.values.get(name))

    def json(self, name: str) -> Any:
        """A parameter that is an object or array; None where absent. Raises Refusal where it is not JSON."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return msgspec.json.decode(value)
        except msgspec.DecodeError:
            raise bad_request(f"can't parse {name} JSON object") from None

    def file(self, name: str) -> Upload | str | None:
        """An uploaded file, or the text given instead (a file_id or an address), or None."""
        if name in self.files:
            return self.files[name]
        value = self.text(name)
        if value.startswith("attach://"):
            return self.files.get(value.removeprefix("attach://"))
        return value or None


async def read_params(query: str, content_type: str, body: bytes) -> Params:
    """Parameters from the query string and the body (JSON, form or multipart). Raises Refusal for a broken body."""
    values: Json = dict(parse_qsl(query, keep_blank_values=True)) if query else {}
    if content_type.startswith("application/x-www-form-urlencoded"):
        values.update(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))
    elif content_type.startswith("application/json"):
        if body:
            try:
                decoded = msgspec.json.decode(body)
            except msgspec.DecodeError:
                raise bad_request("can't parse JSON object") from None
            if not isinstance(decoded, dict):
                raise bad_request("object expected")
            values.update(decoded)
    elif content_type.startswith("multipart/form-data"):
        return await _read_multipart(content_type, body, values)
    return Params(values)


async def _read_multipart(content_type: str, body: bytes, values: Json) -> Params:
    if len(body) > MAX_UPLOAD_BYTES + 64 * 1024:
        raise Refusal(413, "Request Entity Too Large")

    async def stream() -> Any:
        yield body

    files: dict[str, Upload] = {}
    try:
        headers = Headers({"content-type": content_type})
        form = await MultiPartParser(headers, stream(), max_part_size=MAX_UPLOAD_BYTES).parse()
    except MultiPartException as error:
        raise bad_request(f"can't parse multipart body: {error.message}") from None
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            files[name] = Upload(value.filename or name, value.content_type or "", await value.read())
        else:
            values[name] = value
    await form.close()
    return Params(values, files)


def parse_flag(value: Any) -> bool:
    """A boolean as the Bot API takes it from JSON and from forms: "yes" → True."""
    return value is True or (isinstance(value, str) and value.lower() in {"true", "1", "yes", "y"})
