"""Names of issuers' places that are typed with a slip."""

from __future__ import annotations

import pytest

from knowledge.answer import load_adviser
from knowledge.question import load_understanding


@pytest.mark.parametrize(
    ("text", "plan"),
    [
        ("ở quảng tị có ban nữ công không", "quangtri-nq02-2021"),
        ("o quang ti ban nu cong may phan tram", "quangtri-nq02-2021"),
        ("ở quảng trij thỏa ước 2030", "quangtri-nq02-2021"),
        ("o Quan Tri moi nam ket nap may doan vien", "quangtri-nq02-2021"),
        ("ở qunag tri thoa uoc 2030", "quangtri-nq02-2021"),
        ("quảng tị thì sao", "quangtri-nq02-2021"),
        ("của bảo lcộ mỗi năm kết nạp", "baoloc-nq02-2021"),
        ("ở bảo lộcc ban nữ công bao nhiêu", "baoloc-nq02-2021"),
        ("ở bảo lô có ban nữ công không", "baoloc-nq02-2021"),
        ("bên công thươn ban nữ công bao nhiêu", "vuit-nq02-2021"),
        ("công thươnng 2025 bao nhiêu đoàn viên", "vuit-nq02-2021"),
    ],
)
def test_a_place_with_a_slip_is_that_place(text: str, plan: str) -> None:
    assert load_understanding().read(text).plans == (plan,)


@pytest.mark.parametrize(
    "text",
    [
        "hội đồng quản trị có phải ký thỏa ước không",
        "Quản trị công đoàn cơ sở thế nào",
        "sếp bảo lo báo cáo thỏa ước 2030",
        "bảo lo thỏa ước 2030 đi",
        "ở Quảng Tín thỏa ước bao nhiêu",
        "tiền thưởng công thức tính sao",
    ],
)
def test_other_words_are_no_place(text: str) -> None:
    assert not load_understanding().read(text).plans


def test_an_absence_is_told_of_the_place_that_was_meant() -> None:
    answer = load_adviser().ask("ở quảng tị bao nhiêu nơi phải lập ban nữ công hả chị")
    assert not answer.groups
    assert [absence.plan.id for absence in answer.absences] == ["quangtri-nq02-2021"]
