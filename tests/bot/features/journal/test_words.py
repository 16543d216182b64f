"""The journal speaks Vietnamese: whatever the program notes in it has words."""

from __future__ import annotations

import ast
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import bot
from bot.features.journal.service import JournalPage
from bot.features.journal.words import journal
from knowledge.forms import load_book
from storage.audit import Entry

HOME = Path(bot.__file__).parent


def list_noted() -> set[str]:
    """Every action given to `audit.note` as it stands in the code."""
    noted = set()
    for path in HOME.rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        if "audit.note(" not in source:
            continue
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "audit.note":
                noted |= {each.value for each in ast.walk(node.args[1]) if isinstance(each, ast.Constant)}
    return {each for each in noted if isinstance(each, str) and not each.endswith(".")}


@pytest.mark.parametrize("action", sorted(list_noted()))
def test_has_words(action: str) -> None:
    entry = Entry(1, datetime(2026, 11, 2, 5, tzinfo=UTC), 7, action, None, None, {})
    said = journal(JournalPage(None, (entry,), {7: "Hoa"}, {}, False, ZoneInfo("Asia/Ho_Chi_Minh"), load_book()))
    assert action not in said.text


@pytest.mark.parametrize("action", ["imported", "discarded", "approved", "replaced", "withdrawn", "restored"])
def test_what_became_of_a_plan_names_the_plan(action: str) -> None:
    entry = Entry(1, datetime(2026, 11, 2, 5, tzinfo=UTC), None, f"plan.{action}", None, "plan:lamgiang-2026", {})
    said = journal(JournalPage(None, (entry,), {}, {}, False, ZoneInfo("Asia/Ho_Chi_Minh"), load_book()))
    assert "kế hoạch" in said.text
    assert said.text.endswith(" · lamgiang-2026")


def said_of(action: str, details: dict[str, object], subject: str | None = None) -> str:
    entry = Entry(1, datetime(2026, 11, 2, 5, tzinfo=UTC), 7, action, 3, subject, details)
    people, places = {7: "Hoa", 8: "Lan"}, {3: "CĐCS May", 4: "Khu Bắc"}
    return journal(JournalPage(None, (entry,), people, places, False, ZoneInfo("Asia/Ho_Chi_Minh"), load_book())).text


REPORT = {"form": "doan-vien-thang", "period": "2026-10"}
OCTOBER = "Biến động đoàn viên, tháng 10/2026"


@pytest.mark.parametrize(
    ("action", "details", "said"),
    [
        ("submission.recorded", REPORT | {"version": 1, "changed": {}}, f"nộp báo cáo · CĐCS May\n  <i>{OCTOBER}</i>"),
        (
            "submission.recorded",
            REPORT | {"version": 2, "changed": {"members": ["1250", "1255"], "lost": [None, "3"]}},
            f"sửa báo cáo · CĐCS May\n  <i>{OCTOBER}; Đoàn viên: 1.250 → 1.255; Giảm: để trống → 3</i>",
        ),
        (
            "request.approved",
            REPORT | {"changed": {"due_on": ["2026-12-05", "2026-12-08"]}},
            f"<i>{OCTOBER}; Hạn nộp: 05/12 → 08/12</i>",
        ),
        (
            "request.approved",
            REPORT | {"changed": {"locks_on": ["2026-12-30", "2027-01-04"]}},
            "Sửa được đến: 30/12/2026 → 04/01/2027",
        ),
        ("unit.renamed", {"changed": {"name": ["CĐCS <May>", "CĐCS Dệt"]}}, "Tên: CĐCS &lt;May&gt; → CĐCS Dệt"),
        ("unit.moved", {"from": 4, "to": 9}, "Cấp trên: Khu Bắc → đơn vị khác"),
        ("unit.moved", {"from": None, "to": 4}, "Cấp trên: không có → Khu Bắc"),
        ("unit.merged", {"into": 4}, "vào Khu Bắc"),
        ("unit.changed", {"plan": "b-2026", "before": "a-2021"}, "Kế hoạch: a-2021 → b-2026"),
        ("deadline.set", {"what": "Nộp kế hoạch", "rule": "x", "audience": "g"}, "“Nộp kế hoạch”"),
        ("campaign.opened", {"form": "x", "due_on": "2026-12-15"}, "hạn 15/12/2026"),
        ("units.imported", {"added": 1200, "changed": 3, "moved": 0, "roles": 2}, "thêm 1.200 đơn vị; sửa 3 đơn vị"),
    ],
)
def test_says_what_was_changed_from_what_to_what(action: str, details: dict[str, object], said: str) -> None:
    assert said in said_of(action, details)


def test_says_whose_role_it_was() -> None:
    said = said_of("role.ended", {"role": "officer"}, "person:8")
    assert said.endswith("Hoa kết thúc vai trò · CĐCS May\n  <i>Lan; cán bộ nhập liệu</i>")
    assert said_of("role.granted", {"role": "officer"}, "person:7").endswith("<i>cán bộ nhập liệu</i>")


@pytest.mark.parametrize(
    ("action", "details"),
    [("role.passed", {"role": "officer", "from": 4}), ("broadcast.confirmed", {"to": "all", "expected": 3})],
)
def test_only_a_move_of_a_unit_tells_what_lies_above(action: str, details: dict[str, object]) -> None:
    assert "Cấp trên" not in said_of(action, details)


def test_many_changed_figures_are_counted() -> None:
    changed = {key: ["1", "2"] for key in ("i46", "i49", "i49_co_cdcs", "i40", "i41", "i40_moi")}
    said = said_of(
        "submission.recorded", {"form": "so-ket-nhiem-ky", "period": "2026", "version": 2, "changed": changed}
    )
    assert said.count(" → ") == 4
    assert "và 2 số khác" in said


@pytest.mark.parametrize(
    "details", [{}, {"form": "gone", "period": "x", "changed": {"a": ["1", "2"]}}, {"due_on": "x"}]
)
def test_what_is_not_known_any_more_is_left_out(details: dict[str, object]) -> None:
    assert said_of("submission.recorded", details).endswith("Hoa nộp báo cáo · CĐCS May")
