"""The clock of a program, moved from outside while it runs (libfaketime)."""

from __future__ import annotations

import select
import time
from datetime import datetime
from pathlib import Path
from typing import Final

LIBRARIES: Final = [
    path
    for folder in ("/usr/lib", "/usr/lib64", "/usr/local/lib")
    for path in sorted(Path(folder).glob("**/libfaketimeMT.so.1"))
]
FILE: Final = "FAKETIME_TIMESTAMP_FILE"


def clock_of(file: Path) -> dict[str, str]:
    """The environment of a program whose clock `file` moves; it looks at the file once a second."""
    assert LIBRARIES, "libfaketime is not installed (Debian package faketime)"
    return {
        "LD_PRELOAD": str(LIBRARIES[0]),
        FILE: str(file),
        "FAKETIME_CACHE_DURATION": "0",
        "FAKETIME_FORCE_MONOTONIC_FIX": "0",  # otherwise every timed wait of a thread ends at once: a spinning loop
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "NO_FAKE_STAT": "1",
    }


def show(file: Path, moment: datetime) -> None:
    """Let a clock show that moment and run on."""
    move(file, round(moment.timestamp() - time.time()))


def move(file: Path, seconds: int) -> None:
    """Let a clock go so many seconds ahead of the machine's."""
    part = file.with_suffix(".new")
    part.write_text(f"{seconds:+d}\n")
    part.replace(file)


def wait_until_shown(file: Path, machines: float) -> None:
    """Wait until this process's clock is moved by what `file` says; `machines` is what it shows otherwise, less the
    monotonic clock, which stays."""
    wanted = machines + float(file.read_text())
    while abs(time.time() - time.monotonic() - wanted) > 1:
        # not a sleep: it names the moment of its end, which a clock moved meanwhile makes invalid
        select.select((), (), (), 0.02)
