"""The house keeps its shape: imports point one way, Telegram stays in its rooms, wording stays in the views."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
VIETNAMESE = re.compile(r"[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE)


def modules(*packages: str) -> Iterator[tuple[Path, ast.Module]]:
    for package in packages:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path.relative_to(ROOT), ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def test_imports_point_one_way() -> None:
    wrong = []
    for path, tree in modules("knowledge", "storage"):
        for name in imported(tree):
            package = name.split(".")[0]
            if package in {"bot", "telegram", "tests"} or (
                path.parts[0] == "knowledge" and package in {"storage", "sqlalchemy"}
            ):
                wrong.append(f"{path} imports {name}")
            if path.parts[0] == "storage" and package == "knowledge" and not name.startswith("knowledge.model"):
                wrong.append(f"{path} imports {name}")
    assert not wrong


def test_a_question_on_the_terminal_loads_neither_database_nor_telegram() -> None:
    script = "import sys, bot.cli, bot.terminal.answering; print(*{name.split('.')[0] for name in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not {"sqlalchemy", "telegram", "apscheduler", "matplotlib"} & set(loaded.stdout.split())


# What each room of bot/ must not import: prefixes of dotted names, and what is allowed all the same.
CLOSED = {
    "road": ("bot.hands", "bot.features", "bot.words", "bot.reader", "bot.terminal", "bot.sandbox"),
    "words": ("bot.road", "bot.hands", "bot.features", "bot.reader", "bot.terminal", "bot.sandbox", "telegram"),
    "hands": ("bot.features", "bot.reader", "bot.terminal", "bot.sandbox"),
    "reader": ("bot.road", "bot.words", "bot.hands", "bot.features", "bot.terminal", "bot.sandbox", "telegram"),
    "sandbox": ("bot.road", "bot.words", "bot.hands", "bot.features", "bot.reader", "bot.terminal", "telegram"),
    "features": ("bot.terminal", "bot.sandbox"),
    "terminal": ("bot.hands", "telegram"),
}
OPEN = {"words": ("bot.road.reply",)}

# Features that still reach into others or see both Telegram and the database.
STILL_TO_MOVE = {
    "bot/features/people/commands.py",
    "bot/features/relay/commands.py",
    "bot/features/relay/commands.py imports bot.features.people.commands",
    "bot/features/units/commands.py",
    "bot/features/units/commands.py imports bot.features.people.commands",
    "bot/features/units/commands.py imports bot.features.people.words",
    "bot/features/units/words.py imports bot.features.people.words",
}


def named(tree: ast.Module) -> Iterator[str]:
    """Everything imported, by its full dotted name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{name.name}" for name in node.names)


def lies_in(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def sees_an_update(tree: ast.Module) -> bool:
    return any(name == "bot.road.turn.Turn" or lies_in(name, "telegram") for name in named(tree))


def test_rooms_are_closed_to_those_that_stand_on_them() -> None:
    wrong = [
        f"{path} imports {name}"
        for path, tree in modules("bot")
        for name in named(tree)
        if any(lies_in(name, other) for other in CLOSED.get(path.parts[1], ()))
        and not any(lies_in(name, other) for other in OPEN.get(path.parts[1], ()))
    ]
    assert not wrong


def test_services_words_and_buttons_never_see_an_update() -> None:
    inside = [
        (path, tree)
        for path, tree in modules("bot/features")
        if path.stem in {"service", "taps", "dialogs"} or is_wording(path)
    ]
    assert len(inside) > 20
    assert not [str(path) for path, tree in inside if sees_an_update(tree)]


def test_a_module_of_a_feature_sees_telegram_or_the_database() -> None:
    """Handlers see the update and call a service; what reads and writes the database sees no update."""
    wrong = {
        str(path)
        for path, tree in modules("bot/features")
        if sees_an_update(tree) and any(lies_in(name, "storage") for name in named(tree))
    }
    assert not wrong - STILL_TO_MOVE


def test_a_feature_uses_what_another_does_but_neither_its_handlers_nor_its_words() -> None:
    inside = {".".join(path.with_suffix("").parts): (path, tree) for path, tree in modules("bot/features")}
    closed = {name for name, (path, tree) in inside.items() if is_wording(path) or sees_an_update(tree)}
    wrong = {
        f"{path} imports {other}"
        for path, tree in modules("bot/features")
        for name in named(tree)
        for other in closed
        if lies_in(name, other) and path.parts[2] not in {other.split(".")[2], "registry.py"}
    }
    assert not wrong - STILL_TO_MOVE


def docstrings(tree: ast.Module) -> set[ast.Constant]:
    found = set()
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        for statement in body if isinstance(body, list) else []:
            if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
                found.add(statement.value)
    return found


def is_wording(path: Path) -> bool:
    """Whether a module is there to hold what officers read: a room's `words`, or the words that rooms share."""
    return path.stem.endswith("words") or "words" in path.parts or path.parts[:2] == ("bot", "sandbox")


def test_wording_stands_in_words_only() -> None:
    wrong = []
    read = list(modules("bot", "storage"))
    assert sum(is_wording(path) for path, _ in read) > 20
    for path, tree in read:
        if is_wording(path) or path.stem == "sample":
            continue
        described = docstrings(tree)
        wrong += [
            f"{path}:{node.lineno}: {node.value!r}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and len(node.value) > 1
            and VIETNAMESE.search(node.value)
            and node not in described
        ]
    assert not wrong


def test_every_module_says_which_room_it_is() -> None:
    assert not [str(path) for path, tree in modules("bot", "knowledge", "storage") if not ast.get_docstring(tree)]


def test_the_readme_tells_every_setting_and_every_dependency() -> None:
    import tomllib

    readme = (ROOT / "README.md").read_text(encoding="utf-8").lower()
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    settings = re.findall(r"^#? ?([A-Z_]+)=", example, re.MULTILINE)
    assert settings
    assert not [name for name in settings if name.lower() not in readme]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    packages = [re.split(r"[\[<>=]", name)[0] for name in named]
    assert not [name for name in packages if name.lower() not in readme]
