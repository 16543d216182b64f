"""Known holes in the pinned libraries, asked of a public database: `make audit`.

Only names and versions of libraries are sent, to OSV (https://google.github.io/osv.dev/api/), which gathers what the
Python Packaging Advisory Database and others publish. Where it cannot be reached that is said, and nothing fails.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx

FILES: Final = ("requirements.txt", "requirements-dev.txt")
DATABASE: Final = "https://api.osv.dev/v1/querybatch"
_PIN: Final = re.compile(r"^([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)
_SECONDS: Final = 20.0
_AT_ONCE: Final = 500

Ask = Callable[[Sequence[dict[str, Any]]], list[dict[str, Any]]]


@dataclass(frozen=True, slots=True, order=True)
class Pin:
    """A library in the version that is installed."""

    name: str
    version: str


def read_pins(texts: Iterable[str]) -> list[Pin]:
    """The libraries of files of requirements, each once. Pure."""
    return sorted({Pin(found[1].lower(), found[2]) for text in texts for found in _PIN.finditer(text)})


def find_holes(pins: Sequence[Pin], ask: Ask) -> dict[Pin, list[str]]:
    """The ids of what is known of each library that has any; raises what `ask` raises."""
    found: dict[Pin, list[str]] = {}
    for start in range(0, len(pins), _AT_ONCE):
        some = pins[start : start + _AT_ONCE]
        asked = [{"package": {"name": pin.name, "ecosystem": "PyPI"}, "version": pin.version} for pin in some]
        for pin, told in zip(some, ask(asked), strict=True):
            ids = sorted(each["id"] for each in told.get("vulns", ()))
            if ids:
                found[pin] = ids
    return found


def ask_database(queries: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The database's answers, in order.

    Raises:
        httpx.HTTPError: it is out of reach.
    """
    answer = httpx.post(DATABASE, json={"queries": list(queries)}, timeout=_SECONDS)
    answer.raise_for_status()
    results: list[dict[str, Any]] = answer.json()["results"]
    return results


def audit(texts: Iterable[str], ask: Ask) -> tuple[int, list[str]]:
    """The exit code, and what is printed: 1 only where a hole is known."""
    pins = read_pins(texts)
    try:
        holes = find_holes(pins, ask)
    except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
        return 0, [f"not checked: the database of known holes is out of reach ({type(error).__name__})"]
    lines = [f"{pin.name} {pin.version}: {', '.join(ids)}" for pin, ids in sorted(holes.items())]
    return (1, lines) if lines else (0, [f"no known hole in {len(pins)} libraries"])


def main() -> None:
    """Audit what is pinned beside this program."""
    root = Path(__file__).parents[1]
    code, lines = audit([(root / name).read_text() for name in FILES], ask_database)
    sys.stdout.write("\n".join(lines) + "\n")
    sys.exit(code)


if __name__ == "__main__":
    main()
