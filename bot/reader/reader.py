"""The second reader: reads one message at a time, within its bounds, and remembers the frames."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from typing import Final

from bot.reader.bounds import Bounds, Memory
from bot.reader.client import Client, ReaderError
from bot.reader.frame import Frame, FrameError, read_frame
from bot.reader.masking import Masker
from bot.reader.prompt import build_messages
from knowledge.answer import Adviser

logger = logging.getLogger(__name__)

LONGEST: Final = 400
"""Letters of a message that is shown to it; longer ones stay in the house."""
FEWEST_WORDS: Final = 2
"""A single word tells a reader nothing, and may be a code."""
MOST_OFFERED: Final = 40
"""Candidates that it may choose from."""


class SecondReader:
    """A reader that asks a model what a message means; after any failure there is no reading."""

    def __init__(self, adviser: Adviser, client: Client, *, bounds: Bounds | None = None) -> None:
        """Ask by `client`, about the catalogue of `adviser`."""
        self._adviser = adviser
        self._client = client
        self._memory = Memory()
        self.bounds = bounds or Bounds()

    async def close(self) -> None:
        """Close its connections."""
        await self._client.close()

    def takes(self, text: str) -> bool:
        """Whether a message could be read now: its size fits, and it is remembered or may be asked about."""
        fits = len(text) <= LONGEST and len(text.split()) >= FEWEST_WORDS
        return fits and (self._memory.find(text) is not None or self.bounds.is_free())

    async def read(self, text: str, masker: Masker, also: Iterable[str] = ()) -> Frame | None:
        """The frame of a message; None where the model could not be asked, or nothing usable came back in time.

        Args:
            also: names to be masked beside those that `masker` knows.
        """
        known = self._memory.find(text)
        if known is not None or not self.takes(text):
            return known
        self.bounds.begin()
        try:
            frame = await self.ask(masker.mask(text, also), text)
        except (ReaderError, FrameError) as error:
            logger.warning("second reader gave nothing", extra={"why": str(error)})
            self.bounds.fail()
            return None
        except (Exception, asyncio.CancelledError):
            self.bounds.fail()
            raise
        self.bounds.succeed()
        self._memory.keep(text, frame)
        return frame

    async def ask(self, masked: str, text: str) -> Frame:
        """Ask the model once, without bounds and memory.

        Args:
            masked: what it is shown.
            text: the message as it was written, by which what could be meant is ranked.

        Raises:
            ReaderError: nothing came back. FrameError: it was no frame.
        """
        offered = self._adviser.shortlist(self._adviser.understanding.read(text), MOST_OFFERED)
        messages = build_messages(masked, offered, self._adviser.plans, self._adviser.glossary)
        written = await self._client.complete(messages)
        return read_frame(written, {candidate.id for candidate in offered})
