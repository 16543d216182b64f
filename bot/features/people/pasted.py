"""The code of an invitation in what somebody typed, pasted or forwarded. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

MOST_AROUND: Final = 60
"""Letters around a bare code: "mã mời của tôi: …" hands one in, a long text that holds such a word does not."""

_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")
_CODE = re.compile(r"(?<![\w-])(?=\S*\d)(?=\S*[A-Z])(?=\S*[a-z])([A-Za-z0-9_-]{24})(?![\w-])")
_LINK = re.compile(
    r"(?:t(?:elegram)?\.(?:me|dog)/(\w+)/?\?|tg://resolve/?\?domain=(\w+)&)(?:[\w=-]+&)*start=([A-Za-z0-9_-]{1,64})",
    re.IGNORECASE,
)


def find_code(text: str, bot_name: str, links: Sequence[str] = ()) -> str | None:
    """The code that a message hands in; None where it hands in none.

    `links` are the addresses behind its words. "mã: “Xk3…”." → "Xk3…", "https://t.me/bot?start=Xk3…" → "Xk3…".
    """
    for each in (text, *links):
        for link in _LINK.finditer(each):
            if (link[1] or link[2]).lower() == bot_name.lower():
                return link[3]
    found = _CODE.findall(text)
    return found[0] if len(found) == 1 and len(text) - len(found[0]) <= MOST_AROUND else None


def read_started(argument: str, bot_name: str) -> str:
    """The code behind /start, without what was pasted around it; empty where there is none.

    "Xk3…." → "Xk3…", "<Xk3…>" → "Xk3…". A short one is taken as it is typed: "baocao".
    """
    found = find_code(argument, bot_name)
    if found is not None:
        return found
    payload = _PAYLOAD.search(argument)
    return payload[0] if payload is not None else ""
