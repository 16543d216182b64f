"""What a process that reads what people send may use: little time, little memory, no file written, one answer."""

from __future__ import annotations

import os
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


def answer_within_limits(answer: Callable[[], Struct]) -> None:
    """Write one answer as JSON on standard output; what libraries print does not get in between."""
    import resource  # noqa: PLC0415 - only where it is used, as not every system has it

    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    with out:
        out.write(msgspec.json.encode(answer()))
