"""Kinds of unions that plans say nothing of."""

from __future__ import annotations

import pytest

from knowledge.answer import load_adviser
from knowledge.model.answers import Answer, AnswerKind, Caveat
from knowledge.unsaid_kinds import find_kind


def ask(text: str) -> Answer:
    return load_adviser().ask(text)


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("thanh lap may cai nghiep doan xe lam", "nghiep doan"),
        ("mo them duoc nghiep doan nao", "nghiep doan"),
        ("nghiep doan cua toi nop bao cao", ""),
        ("lap cong doan o doanh nghiep doan ket", ""),
    ],
)
def test_a_kind_is_asked_for_where_it_is_to_be_founded(said: str, kind: str) -> None:
    assert find_kind(said.split()) == kind


@pytest.mark.parametrize(
    "asked",
    [
        "A15 giao thành lập mấy nghiệp đoàn tài xế xe tải",
        "Bảo Lộc phải mở bao nhiêu nghiệp đoàn hái trà",
        "cong thuong co dat chi tieu lap nghiep doan ban hang rong khong",
    ],
)
def test_a_plan_that_says_nothing_of_them_is_told_to_set_none(asked: str) -> None:
    found = ask(asked)
    assert (found.kind, found.caveat) == (AnswerKind.SILENT, None)


def test_a_plan_that_speaks_of_them_is_told() -> None:
    found = ask("Quảng Trị có tính lập nghiệp đoàn nghề cá không")
    assert any("nghiệp đoàn" in passage.task.summary for passage in found.passages if passage.task is not None)


def test_a_figure_of_their_members_is_not_that_of_all() -> None:
    found = ask("đoàn viên nghiệp đoàn xích lô ở TP.HCM năm 2025 phải đạt mấy người")
    assert found.caveat is Caveat.NO_FIGURE
    assert not found.facts


def test_a_union_of_that_kind_that_reports_is_answered() -> None:
    assert ask("em ở nghiệp đoàn bến cảng, báo cáo sơ kết gửi trước ngày nào").passages[0].deadline is not None
