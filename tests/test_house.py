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


def test_services_and_words_never_see_an_update() -> None:
    inside = [(path, tree) for path, tree in modules("bot/features") if path.stem in {"service", "words"}]
    assert len(inside) > 20
    seen = [str(path) for path, tree in inside if "telegram" in {name.split(".")[0] for name in imported(tree)}]
    assert not seen


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
