"""A cache of the second reader's frames, by digests of the folded messages; in memory only, without the text."""

from __future__ import annotations

import hashlib
import secrets
from collections import OrderedDict
from typing import Final

from bot.reader.frame import Frame
from knowledge.text import fold, tidy

MOST: Final = 2000
"""Messages remembered; the one that was longest not met goes first."""


class Memory:
    """Frames by digests of messages; case, marks, signs and blanks at the ends are ignored.

    The digests are keyed anew at each start, so that messages cannot be found out by trying.
    """

    def __init__(self, most: int = MOST) -> None:
        """Remember `most` messages."""
        self._most = most
        self._key = secrets.token_bytes(32)
        self._frames: OrderedDict[bytes, Frame] = OrderedDict()

    def find(self, text: str) -> Frame | None:
        """The frame of a message; None where there is none, or it is too old."""
        key = self._digest(text)
        frame = self._frames.get(key)
        if frame is not None:
            self._frames.move_to_end(key)
        return frame

    def keep(self, text: str, frame: Frame) -> None:
        """Store the frame of a message."""
        key = self._digest(text)
        self._frames[key] = frame
        self._frames.move_to_end(key)
        while len(self._frames) > self._most:
            self._frames.popitem(last=False)

    def _digest(self, text: str) -> bytes:
        folded = fold(tidy(text)).strip(" .,;:!?…")
        return hashlib.blake2b(folded.encode(), key=self._key, digest_size=16).digest()
