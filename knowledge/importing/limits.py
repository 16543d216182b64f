"""What a process that reads what people send may use: little time, little memory, no file written, one answer."""

from __future__ import annotations

import os
import resource
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from knowledge.importing.refusals import CPU_SECONDS, MOST_MEMORY, FileRefusedError, WhyRefused

if TYPE_CHECKING:
    from msgspec import Struct


def why_refused(error: Exception) -> WhyRefused:
    """Why a file is not read over which this was raised."""
    match error:
        case FileRefusedError():
            return error.why
        case MemoryError():
            return WhyRefused.OUT_OF_MEMORY
        case RecursionError():
            return WhyRefused.TOO_DEEP
        case _:  # whatever a damaged or hostile file makes a library stumble over
            return WhyRefused.DAMAGED


def environment_of(**ours: str) -> dict[str, str]:
    """What such a process is told of its surroundings: where programs are, and these."""
    kept = {name: os.environ[name] for name in ("PATH", "TESSDATA_PREFIX") if name in os.environ}
    return {"PATH": os.defpath} | kept | ours


def limit(seconds: int) -> None:
    """Let this process have no more than so many seconds of the processor, and no file."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def answer_within_limits(answer: Callable[[], Struct]) -> None:
    """Write one answer as JSON on standard output; what libraries print does not get in between."""
    limit(CPU_SECONDS)
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    with out:
        out.write(msgspec.json.encode(answer()))
