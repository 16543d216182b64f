"""Frames: the second reader's answers, made of ids from a closed list. Anything else is dropped."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from knowledge.meanings import Meaning

MOST_FACTS: Final = 6
"""Facts that are taken from a frame; the rest is left out."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A message as the second reader understood it.

    Attributes:
        facts: ids of what answers it, from the list that was offered, the most fitting first.
        silent: that nothing of the list answers it.
    """

    means: Meaning
    facts: tuple[str, ...] = ()
    silent: bool = False


class FrameError(ValueError):
    """The answer is no frame, or names only ids that were not offered."""


class _Reply(BaseModel):
    """The frame as the reader writes it."""

    model_config = ConfigDict(strict=True, extra="ignore")

    means: Meaning
    facts: Annotated[list[Annotated[str, Field(max_length=200)]], Field(max_length=40)] = []
    silent: bool = False


def read_frame(written: str, offered: Container[str]) -> Frame:
    """The frame in the model's text; words and fences around its JSON are left out. Pure.

    Args:
        offered: the ids that it could choose from; others are dropped.

    Raises:
        FrameError: there is no frame, its meaning is none of ours, or all its facts are made up.
    """
    begin, end = written.find("{"), written.rfind("}")
    try:
        reply = _Reply.model_validate_json(written[begin : end + 1] if 0 <= begin < end else "")
    except ValidationError:
        raise FrameError("not a frame") from None
    facts = tuple(each for each in dict.fromkeys(reply.facts) if each in offered)[:MOST_FACTS]
    if reply.facts and not facts:
        raise FrameError("no fact that was offered")
    return Frame(reply.means, facts, reply.silent and not facts)
