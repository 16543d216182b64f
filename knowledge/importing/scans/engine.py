"""Tesseract, where it is installed with Vietnamese: found, and run within limits of its own."""

from __future__ import annotations

import math
import re
import resource
import shutil
import signal
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from knowledge.importing.limits import environment_of, limit
from knowledge.importing.refusals import MOST_MEMORY_OF_PAGE, FileRefusedError, WhyRefused

LANGUAGE: Final = "vie"
DPI: Final = 300
"""Points to an inch of the pictures that are given to tesseract."""

SAUVOLA, OTSU = 2, 0
"""How tesseract tells ink from paper: by what is around each point, or by one border for the page."""

_LOOK_SECONDS: Final = 8  # of processor time for all looks at a page together
_WAIT_SECONDS: Final = 40  # by the clock: two processors may be shared by many
_ASK_SECONDS: Final = 10
_WHOLE_PAGE, _UPRIGHT_ONLY = "3", "0"  # blocks, lines and words are looked for; nothing but which way is up
_TURN = re.compile(r"^Rotate: (90|180|270)$.*^Orientation confidence: (\d+\.\d+)$", re.MULTILINE | re.DOTALL)
_SURE_TURN: Final = 5.0  # of what pages of a few lines have; empty ones have less than 1


@dataclass(frozen=True, slots=True)
class Engine:
    """An installed tesseract; `has_vietnamese`: whether it can be used."""

    path: str
    version: str
    has_vietnamese: bool


def find_engine() -> Engine | None:
    """The installed tesseract; None where there is none. Asked anew each time, since it may come while a bot runs."""
    path = shutil.which("tesseract")
    if path is None:
        return None
    try:
        version = _ask(path, "--version").partition("\n")[0].removeprefix("tesseract ").strip()
        languages = _ask(path, "--list-langs").split()
    except (OSError, subprocess.SubprocessError):
        return None
    return Engine(path, version, LANGUAGE in languages)


def can_read_scans() -> bool:
    """Whether pictures of text can be read on this machine."""
    engine = find_engine()
    return engine is not None and engine.has_vietnamese


def _ask(path: str, question: str) -> str:
    asked = subprocess.run(  # noqa: S603 - a program of the system's path and one word of ours
        [path, question],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env=environment_of(LC_ALL="C", OMP_THREAD_LIMIT="1"),
        timeout=_ASK_SECONDS,
        check=True,
    )
    return (asked.stdout or asked.stderr).decode("utf-8", "replace")


def look(picture: bytes, threshold: int) -> str:
    """What tesseract sees on a picture, as its TSV; only a process that reads one page calls it.

    Args:
        picture: a PGM made by this program, never a file of others.
        threshold: `SAUVOLA` or `OTSU`.

    Raises:
        FileRefusedError: it takes too long or too much memory, or tesseract is gone.
    """
    settings = (f"thresholding_method={threshold}", "tessedit_create_tsv=1")
    given = [each for setting in settings for each in ("-c", setting)]
    seen = _run(picture, ["-l", LANGUAGE, "--psm", _WHOLE_PAGE, *given])
    if seen.returncode != 0:
        raise FileRefusedError(WhyRefused.OUT_OF_MEMORY)
    return seen.stdout.decode("utf-8", "replace")


def find_turn(picture: bytes) -> int:
    """By how many degrees clockwise a picture has to be turned to be upright; 0 also where that cannot be told.

    Raises:
        FileRefusedError: it takes too long.
    """
    seen = _run(picture, ["--psm", _UPRIGHT_ONLY])
    met = _TURN.search(seen.stdout.decode("utf-8", "replace"))
    return int(met[1]) if met is not None and float(met[2]) > _SURE_TURN else 0


def _run(picture: bytes, given: Sequence[str]) -> subprocess.CompletedProcess[bytes]:
    engine = shutil.which("tesseract")
    if engine is None:
        raise FileRefusedError(WhyRefused.SCAN)
    try:
        seen = subprocess.run(  # noqa: S603 - a program of the system's path, and nothing of the file but its points
            [engine, "stdin", "stdout", "--dpi", str(DPI), *given],
            input=picture,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment_of(LC_ALL="C", OMP_THREAD_LIMIT="1"),
            timeout=_WAIT_SECONDS,
            preexec_fn=partial(limit, _seconds_left(), MOST_MEMORY_OF_PAGE),
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise FileRefusedError(WhyRefused.TIMEOUT) from None
    if seen.returncode in {-signal.SIGXCPU, -signal.SIGKILL}:
        raise FileRefusedError(WhyRefused.TIMEOUT)
    return seen


def _seconds_left() -> int:
    """What earlier looks of this process have left of the processor time, at least one second."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return max(1, math.ceil(_LOOK_SECONDS - used.ru_utime - used.ru_stime))
