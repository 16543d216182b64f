"""Everything that buttons, menus, the guide and the README let people type, collected from where it stands."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from bot.labels import load_menu

ROOT = Path(__file__).parents[2]
SAMPLE = "3"
"""What stands for the number, the name or the day in a label that is made up as it is shown."""


def labels() -> list[str]:
    """Every button's label and every menu line of the views and handlers."""
    found: dict[str, None] = dict.fromkeys(load_menu().values())
    for path in sorted((ROOT / "bot").rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        if "sandbox" in path.parts or not re.search(r"\bButton\(|\.button\(", source):
            continue
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call) and _makes_label(node.func):
                found.update(dict.fromkeys(_texts(node.args[0])) if node.args else {})
    return list(found)


def _makes_label(called: ast.expr) -> bool:
    match called:
        case ast.Name(id="Button") | ast.Attribute(attr="button"):
            return True
        case _:
            return False


def _texts(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=body, orelse=other):
            yield from _texts(body)
            yield from _texts(other)
        case ast.Subscript(value=value):
            yield from _texts(value)
        case ast.JoinedStr(values=parts):
            told = "".join(part.value if isinstance(part, ast.Constant) else SAMPLE for part in parts)  # type: ignore[misc]
            if any(letter.isalpha() for letter in told):
                yield told


def examples() -> list[str]:
    """What the guide prints to be typed: questions, commands, reports; no mere number, nothing typed to others."""
    guide = (ROOT / "docs" / "huong-dan-can-bo.md").read_text(encoding="utf-8")
    printed = dict.fromkeys(re.findall(r"`([^`]+)`", guide))
    return [said for said in printed if re.search(r"[^\W\d]", said) and not said.startswith("@")]


def named_in_the_admins_guide() -> list[str]:
    """The buttons that the guide for admins names: what it prints in bold, a name left out as it is in `labels`."""
    guide = (ROOT / "docs" / "huong-dan-quan-tri.md").read_text(encoding="utf-8")
    named = re.findall(r"\*\*([^*]+)\*\*", guide)
    return [label.replace(" …", f" {SAMPLE}") for label in dict.fromkeys(" ".join(each.split()) for each in named)]


def asked_in_the_readme() -> list[str]:
    """The questions that the README puts to the product."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    return re.findall(r'^\$ troly ask[^"\n]*"([^"]+)"', readme, re.MULTILINE)
