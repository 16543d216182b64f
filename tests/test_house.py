"""Checks of structure: what imports what, where Telegram and wording may stand, and that tests mirror the packages."""

from __future__ import annotations

import ast
import gc
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from knowledge.text import fold

ROOT = Path(__file__).parents[1]
DATA_OF_TESTS = ("tests", "knowledge", "data")
VIETNAMESE = re.compile(r"[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE)


@cache
def parsed(path: Path) -> ast.Module:
    gc.disable()  # trees are kept to the end: looking through all of them again takes longer than reading them
    try:
        return ast.parse(path.read_text(encoding="utf-8"))
    finally:
        gc.freeze()
        gc.enable()


def modules(*packages: str) -> Iterator[tuple[Path, ast.Module]]:
    for package in packages:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path.relative_to(ROOT), parsed(path)


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
    "hands": ("bot.services", "bot.taps", "bot.features", "bot.reader", "bot.terminal", "bot.sandbox"),
    "services": ("bot.road", "bot.words", "bot.features", "bot.reader", "bot.terminal", "bot.sandbox", "telegram"),
    "labels.py": ("bot.road", "bot.words", "bot.hands", "bot.services", "bot.features", "telegram", "storage"),
    "taps.py": ("bot.services", "bot.features", "bot.reader", "bot.terminal", "bot.sandbox", "telegram", "storage"),
    "reader": ("bot.road", "bot.words", "bot.hands", "bot.features", "bot.terminal", "bot.sandbox", "telegram"),
    "sandbox": ("bot.road", "bot.words", "bot.hands", "bot.features", "bot.reader", "bot.terminal", "telegram"),
    "features": ("bot.terminal", "bot.sandbox"),
    "terminal": ("bot.hands", "telegram"),
}
OPEN = {"words": ("bot.road.reply",)}


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
    assert not wrong


def feature_of(path: Path) -> str:
    """The name of the feature that a module of bot/features belongs to; "" for the list of them."""
    return path.parts[2] if len(path.parts) > 3 else ""


def test_no_feature_imports_another() -> None:
    wrong = [
        f"{path} imports {name}"
        for path, tree in modules("bot/features")
        for name in named(tree)
        if feature_of(path) and lies_in(name, "bot.features") and not lies_in(name, f"bot.features.{feature_of(path)}")
    ]
    assert not wrong


def users_by_name() -> dict[str, set[str]]:
    """Who imports what, by its full dotted name: features by theirs, modules of bot/services by their dotted name."""
    found: dict[str, set[str]] = {}
    for path, tree in modules("bot/features", "bot/services"):
        user = feature_of(path) if path.parts[1] == "features" else ".".join(path.with_suffix("").parts)
        for name in named(tree):
            found.setdefault(name, set()).add(user)
    return found


def test_a_shared_service_serves_more_than_one_feature() -> None:
    """bot/services is for what several features do; what one does alone stands in its folder."""
    users = users_by_name()

    def features(module: str) -> set[str]:
        direct = {user for name, found in users.items() if lies_in(name, module) for user in found}
        own = {each for each in direct if not each.startswith("bot.")}
        return own.union(*(features(each) for each in direct - own - {module}))

    shared = [".".join(path.with_suffix("").parts) for path, _ in modules("bot/services") if path.stem != "__init__"]
    assert len(shared) > 5
    assert {module: features(module) for module in shared if len(features(module)) < 2} == {}


def test_a_shared_button_leads_from_one_feature_into_another() -> None:
    """bot/taps is for buttons that another feature than their own shows or hands over."""
    users = users_by_name()
    tree = parsed(ROOT / "bot/taps.py")
    made_by = {
        node.name: {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
    }
    buttons = [node.name for node in tree.body if isinstance(node, ast.ClassDef)]
    assert len(buttons) > 5
    for button in buttons:
        names = {button, *(maker for maker, used in made_by.items() if button in used)}
        assert len(set().union(*(users.get(f"bot.taps.{name}", set()) for name in names))) > 1, button


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


# --- No Vietnamese word in the code of knowledge, with its marks or without ------------------------------------------

SPELLING = Path("knowledge/text.py")
"""Knows the letters, tones and rimes that syllables are spelled with, and no word."""

ENGLISH = (
    "am an be can chat dam day do dot gap go ham hay he hem it lap long man map mat may me met mop my no on sat so tan "
    "tap ten than that the them tin to ton van vi doc sdt toc but cut got let loc yet"
)
"""Syllables that are English words too, the code of a language ("vi"), or libraries' own names (".doc", <w:sdt>,
"toc", "loc")."""

_ESCAPED_LETTER = re.compile(r"\\u([0-9a-f]{4})", re.IGNORECASE)
_NO_WORDS = re.compile(r"%\w+%|\(\?P[<=]\w+[>)]|\[[^\]]*\]|\\[a-zA-Z]")
_WORD = re.compile(r"(?<![\w-])[^\W\d_]{2,}(?![\w-])")


def strings_in(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from value
        for each in value.values():
            yield from strings_in(each)
    elif isinstance(value, list):
        for each in value:
            yield from strings_in(each)


@cache
def syllables() -> frozenset[str]:
    """What the words of knowledge's own data become without their marks; plans and forms aside, which name anything."""
    data = [path for path in (ROOT / "knowledge").rglob("*.toml") if path.parent.name not in {"plans", "forms"}]
    texts = (text for path in data for text in strings_in(tomllib.loads(path.read_text(encoding="utf-8"))))
    found = {word for text in texts for word in _WORD.findall(text.lower()) if not word.isascii()}
    return frozenset(map(fold, found)).difference(ENGLISH.split())


def vietnamese_in(source: str) -> list[str]:
    """The Vietnamese words of a string or of a pattern: those with marks, and those that a word of the data folds to.

    Names made of several words ("doan-vien-thang", "tong_lien_doan") are names, not words; so are the lists and groups
    that a pattern names.
    """
    spelled = _NO_WORDS.sub("\0", _ESCAPED_LETTER.sub(lambda match: chr(int(match[1], 16)), source))
    return [word for word in _WORD.findall(spelled) if not word.isascii() or word in syllables()]


NAMES_IN_CHATS = {"hoi", "bot"}
"""Words in the code of bot/ that fold like Vietnamese ones, beside names of commands and buttons: the code behind an
inline card's link, and Telegram's own word."""


def test_no_folded_vietnamese_word_stands_in_the_code_of_the_bot() -> None:
    from bot.features.registry import REGISTRY

    named = {command.name for command in REGISTRY.commands} | NAMES_IN_CHATS
    named |= {part for feature in REGISTRY.features for on in feature.taps for part in on.tap.name.split(":")}
    wrong = []
    for path, tree in modules("bot", "storage"):
        if is_wording(path) or path.stem == "sample":
            continue
        described = docstrings(tree)
        wrong += [
            f"{path}:{node.lineno}: {found}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in described
            for found in vietnamese_in(node.value)
            if found not in named
        ]
    assert not wrong


def test_no_vietnamese_word_stands_in_the_code_of_knowledge() -> None:
    assert len(syllables()) > 400
    wrong = []
    for path, tree in modules("knowledge"):
        if is_wording(path) or path == SPELLING:
            continue
        described = docstrings(tree)
        wrong += [
            f"{path}:{node.lineno}: {found}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in described
            for found in vietnamese_in(node.value)
        ]
    assert not wrong


@pytest.mark.parametrize(
    "source",
    (
        *("khong", "den", "va", "muoi", "bao nhieu", "doan vien", "Chỉ tiêu ", "là", "đơn vị", r"h\u0103m"),
        *(r"\b(?:ngay|thang) \d", r"\btruoc (?:nam )?20\d\d", r"(?:phan tram|%)$", r"^(?:cong doan co so)\s+"),
    ),
)
def test_a_vietnamese_word_is_found_in_a_string_and_in_a_pattern(source: str) -> None:
    assert vietnamese_in(source)


@pytest.mark.parametrize(
    "source",
    (
        *("day last", "each month", "no such day: ", "the plan ends on that day", "it may be so", "count", "signer"),
        *("doan-vien-thang", "tong_lien_doan", "Asia/Ho_Chi_Minh", "NFKC", "%Y-%m-%d"),
        *(r"(?P<unit>month|quarter|year) %den% [aeiouy]+\bday", "(?:end|closing|last|day last)"),
    ),
)
def test_english_names_and_signs_are_no_vietnamese_words(source: str) -> None:
    assert not vietnamese_in(source)


def test_every_module_says_what_it_is() -> None:
    assert not [str(path) for path, tree in modules("bot", "knowledge", "storage") if not ast.get_docstring(tree)]


def test_tests_mirror_the_packages_folder_by_folder() -> None:
    found = [
        path.relative_to(ROOT / "tests")
        for package in ("bot", "knowledge", "storage")
        for path in (ROOT / "tests" / package).rglob("*")
        if path.is_dir() and "__pycache__" not in path.parts and path.relative_to(ROOT).parts[:3] != DATA_OF_TESTS
    ]
    assert len(found) > 20
    assert not [str(path) for path in found if not (ROOT / path / "__init__.py").exists()]


def test_the_readme_tells_every_setting_and_every_dependency() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8").lower()
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    settings = re.findall(r"^#? ?([A-Z_]+)=", example, re.MULTILINE)
    assert settings
    assert not [name for name in settings if name.lower() not in readme]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    packages = [re.split(r"[\[<>=]", name)[0] for name in named]
    assert not [name for name in packages if name.lower() not in readme]


def test_a_public_class_name_stands_in_one_module() -> None:
    homes: dict[str, list[str]] = {}
    for path, tree in modules("bot", "knowledge", "storage"):
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes.setdefault(node.name, []).append(str(path))
    assert len(homes) > 100
    assert {name: found for name, found in homes.items() if len(found) > 1} == {}


def test_no_module_is_longer_than_five_hundred_lines() -> None:
    paths = [path for package in ("bot", "knowledge", "storage") for path in (ROOT / package).rglob("*.py")]
    long = {str(path.relative_to(ROOT)) for path in paths if len(path.read_text(encoding="utf-8").splitlines()) > 500}
    assert not long


POLL = 0.05  # seconds: a token pause between two looks
#: Tests and their stand-ins that may read the machine's clock, or sleep longer, and why.
REAL_TIME = {
    "tests/faults/clocks.py": "moves the clock of a program, and waits until it is moved",
    "tests/faults/nursery.py": "tells a program by how much its clock is moved",
    "tests/faults/rig.py": "kills and pauses a program that runs on the machine's clock, and gives up after a time",
    "tests/faults/invariants.py": "waits a limited time until such a program has nothing left to do",
    "tests/faults/servers.py": "waits a limited time until a PostgreSQL that was killed is gone, and up again",
    "tests/faults/test_plans.py": "how soon every process answers from plans that changed",
    "tests/faults/test_time.py": "moves the clock of a program; how late a reminder is, how many come in a second",
    "tests/faults/test_storage.py": "how soon a program notices that its storage is gone, and leaves",
    "tests/faults/test_hostile.py": "how soon others are answered beside hostile input",
    "tests/storage/test_processes.py": "how soon a server on the real clock notices a death; a process held still",
    "tests/bot/reader/stand_in.py": "an endpoint that is slow or hangs; whoever asks gives up before",
    "tests/bot/road/fake_api.py": "a Bot API that is slow or hangs; whoever asks gives up before",
}
_CLOCKS = {("datetime", "now"), ("date", "today"), ("time", "time"), ("time", "monotonic"), ("time", "perf_counter")}


def _uses_real_time(node: ast.AST) -> bool:
    """Whether a call reads the machine's clock, or sleeps for more than a token poll."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return False
    if not isinstance(node.func.value, ast.Name):
        return False
    called = (node.func.value.id, node.func.attr)
    if called[1] == "sleep":
        [given] = node.args
        return not (isinstance(given, ast.Constant) and isinstance(given.value, int | float) and given.value <= POLL)
    return called in _CLOCKS or called[1] in {"monotonic", "perf_counter"}


def test_tests_do_not_read_the_wall_clock() -> None:
    found = {
        f"{path}:{node.lineno}"
        for path, tree in modules("tests")
        if path.parts[1] != "benchmarks" and str(path) not in REAL_TIME
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and _uses_real_time(node)
    }
    assert not found
