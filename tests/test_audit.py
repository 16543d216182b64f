"""The audit of pinned libraries reads every pin, tells what is known of them, and does not fail without a network."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx

from tests.audit import FILES, Pin, audit, read_pins

PINS = "numpy==2.1.0 \\\n    --hash=sha256:aa\nuvicorn[standard]==0.30.0 ; python_version < '4'\n    # via x==1\n"


def knows_numpy(queries: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"vulns": [{"id": "OSV-2"}, {"id": "OSV-1"}]} if each["package"]["name"] == "numpy" else {} for each in queries
    ]


def knows_nothing(queries: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{} for _ in queries]


def out_of_reach(_queries: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    raise httpx.ConnectError("no network")


def test_each_pin_is_read_once() -> None:
    assert read_pins([PINS, PINS]) == [Pin("numpy", "2.1.0"), Pin("uvicorn", "0.30.0")]


def test_every_pin_of_the_program_is_read() -> None:
    for name in FILES:
        text = (Path(__file__).parents[1] / name).read_text()
        assert len(read_pins([text])) == len({line for line in text.splitlines() if "==" in line and line[0].isalnum()})


def test_a_known_hole_fails_and_is_named() -> None:
    assert audit([PINS], knows_numpy) == (1, ["numpy 2.1.0: OSV-1, OSV-2"])


def test_without_any_it_says_how_many_were_looked_at() -> None:
    assert audit([PINS], knows_nothing) == (0, ["no known hole in 2 libraries"])


def test_out_of_reach_is_said_and_fails_nothing() -> None:
    code, [line] = audit([PINS], out_of_reach)
    assert code == 0
    assert line.startswith("not checked")
