"""Places and bodies that no plan speaks for, told by how they are written."""

from __future__ import annotations

import pytest

from knowledge.answer import load_adviser
from knowledge.elsewhere import find_bodies, find_names
from knowledge.plans import load_plans
from knowledge.question import build_understanding


@pytest.mark.parametrize(
    ("text", "bodies"),
    [
        ("chỉ tiêu giao Công đoàn Tổng công ty Giấy Việt Nam?", ["Tổng công ty Giấy Việt Nam"]),
        ("chi tieu cua tap doan Samsung, nam 2025", ["tap doan Samsung"]),
        ("thỏa ước ở tổng công ty nhà nước", []),
        ("CHỈ TIÊU CỦA TỔNG CÔNG TY THÉP", []),
        ("tập đoàn", []),
    ],
)
def test_a_corporation_is_named_by_its_capitals(text: str, bodies: list[str]) -> None:
    assert list(find_bodies(text)) == bodies


def test_no_other_plan_answers_for_a_corporation() -> None:
    found = load_adviser().ask("Chỉ tiêu thỏa ước giao cho Công đoàn Tổng công ty Giấy Việt Nam năm 2025?")
    assert found.status == "not_found"
    assert found.elsewhere == ("Tổng công ty Giấy Việt Nam",)


def test_the_parts_of_a_name_are_not_told_beside_it() -> None:
    read = build_understanding(load_plans()).read("Tổng công ty Thép Hà Nội và Hải Phòng")
    assert set(read.elsewhere) == {"hải phòng", "Tổng công ty Thép Hà Nội"}


@pytest.mark.parametrize(
    "asked",
    [
        "tôi làm ở Hải Lăng, chương trình của Tỉnh ủy đặt tỷ lệ ký thỏa ước đến 2030 bao nhiêu",
        "xưởng của em tại Vĩnh Linh. Tỉnh ủy giao ký thỏa ước đến 2030 mấy phần trăm",
    ],
)
def test_the_town_of_the_asker_tells_whose_organ_is_meant(asked: str) -> None:
    found = load_adviser().ask(asked)
    assert {fact.plan.id for fact in found.facts} == {"quangtri-nq02-2021"}
    assert not found.elsewhere


@pytest.mark.parametrize(
    "asked",
    [
        "tôi làm ở Thái Nguyên, Tỉnh ủy đặt tỷ lệ ký thỏa ước đến 2030 bao nhiêu",
        "tỷ lệ thỏa ước của Hải Lăng là bao nhiêu",
        "tôi muốn hỏi ở Hải Lăng, Tỉnh ủy đặt thỏa ước bao nhiêu",
    ],
)
def test_another_place_or_one_that_is_asked_about_is_still_none_of_a_plan(asked: str) -> None:
    found = load_adviser().ask(asked)
    assert not found.facts
    assert found.elsewhere


def test_the_body_of_the_asker_is_not_denied() -> None:
    found = load_adviser().ask(
        "Em ở ban nữ công mới nhận việc. Kế hoạch sơ kết giao các ban Công Thương làm mấy việc gì?"
    )
    assert not found.absences
    assert found.question.subjects == ()


def test_a_body_that_is_asked_about_too_is_answered() -> None:
    found = load_adviser().ask("em ở ban nữ công, Bảo Lộc đặt chỉ tiêu ban nữ công bao nhiêu")
    assert found.question.subjects == ("womens_board",)


def test_a_body_is_told_by_the_words_by_which_a_place_is() -> None:
    read = build_understanding(load_plans()).read
    assert read("chị làm bên ban nữ công, Bảo Lộc giao mấy việc").of_asker == ("womens_board",)
    assert read("chị muốn hỏi bên ban nữ công, Bảo Lộc giao mấy việc").of_asker == ()
    assert read("đoàn viên là lao động ban nữ công có mấy người").of_asker == ()


@pytest.mark.parametrize(
    ("text", "unexplained", "names"),
    [
        ("thỏa ước ở Vạn Ninh năm 2025", {"van", "ninh"}, ["Vạn Ninh"]),
        ("chỉ tiêu đối thoại của Formosa.", {"formosa"}, ["Formosa"]),
        ("cho anh Văn Toàn số thỏa ước", {"van", "toan"}, []),
        ("thỏa ước tới Tết bao nhiêu", {"tet"}, []),
        ("Thỏa Ước Vạn Ninh Bao Nhiêu", {"van", "ninh"}, []),
        ("thỏa ước ở Vạn Ninh", {"ninh"}, []),
    ],
)
def test_a_name_that_stands_in_no_list_is_told_by_its_capitals(
    text: str, unexplained: set[str], names: list[str]
) -> None:
    assert list(find_names(text, unexplained)) == names


def test_a_place_of_such_a_name_is_named_and_told_no_figure() -> None:
    found = load_adviser().ask("chỉ tiêu thỏa ước Phù Cát 2025")
    assert found.elsewhere == ("Phù Cát",)
    assert not found.facts
    assert load_adviser().ask("chỉ tiêu thỏa ước Quảng Trị 2025, gửi chị Vân Anh").facts
