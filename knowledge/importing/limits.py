"""What a process that reads what people send may use: little time, little memory, no file written, one answer."""

from __future__ import annotations

import os
import resource
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from knowledge.importing.refusals import CPU_SECONDS, FileRefusedError, WhyRefused

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


def limit(seconds: int, memory: int) -> None:
    """Let this process have no more than so many seconds of the processor and bytes of memory, and no file."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def answer_within_limits(answer: Callable[[], Struct], memory: int) -> None:
    """Write one answer as JSON on standard output within so many bytes; what libraries print stays out of it."""
    limit(CPU_SECONDS, memory)
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    with out:
        out.write(msgspec.json.encode(answer()))
