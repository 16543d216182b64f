"""What a question names by the way: of whom it is asked, where the asker is, what only sounds like its subject."""

from __future__ import annotations

import pytest

from bot.road.reply import to_plain
from bot.words import answers
from knowledge.answer import load_adviser
from knowledge.model.answers import Answer, AnswerKind

ADVISER = load_adviser()


def said(answer: Answer) -> str:
    return to_plain(answers.answer(answer))


@pytest.mark.parametrize(
    ("asked", "figure"),
    [
        ("đơn vị có công đoàn thì tới 2030 ở Quảng Trị phải có tờ giao ước giữa chủ và thợ tới mức nào", "85%"),
        ("xí nghiệp có công đoàn mà ký giao kèo chung với ông chủ thì TP.HCM đặt mấy phần trăm năm 2030", "85%"),
        ("nha may co cong doan, cam ket chung voi chu, cong thuong dat bao nhieu den 2025", "80%"),
    ],
)
def test_a_union_being_there_tells_of_whom_agreements_are_asked(asked: str, figure: str) -> None:
    found = ADVISER.ask(asked)
    assert [group.subject for group in found.groups] == ["collective_agreement"]
    assert figure in said(found)


@pytest.mark.parametrize(
    "asked",
    [
        "chỗ có công đoàn rồi thì năm 2030 Quảng Trị bắt mấy phần trăm xưởng lắp quạt phun sương",
        "nơi có công đoàn ở Bảo Lộc phải mở mấy lớp dạy bơi cho con thợ",
    ],
)
def test_nothing_is_denied_of_a_subject_that_is_named_by_the_way(asked: str) -> None:
    found = ADVISER.ask(asked)
    assert not found.groups
    assert "không đặt chỉ tiêu Thành lập công đoàn" not in said(found)


@pytest.mark.parametrize(
    "asked", ["Bảo Lộc đặt chỉ tiêu thành lập công đoàn năm 2030 bao nhiêu", "ban nữ công TP.HCM 2025"]
)
def test_what_is_named_by_its_own_word_is_still_denied(asked: str) -> None:
    assert "không đặt chỉ tiêu" in said(ADVISER.ask(asked))


@pytest.mark.parametrize(
    "asked",
    [
        "cháu công tác ở Đông Hà, cho cháu biết Bảo Lộc đặt mấy phần trăm đối thoại",
        "em đang làm tại Thái Nguyên, Công Thương năm 2025 bao nhiêu đoàn viên",
        "tui o Da Lat, doi thoai Bao Loc may phan tram",
    ],
)
def test_where_the_asker_is_is_not_asked_about_beside_a_plan(asked: str) -> None:
    found = ADVISER.ask(asked)
    assert found.status == "answered"
    assert not found.elsewhere


@pytest.mark.parametrize(
    ("asked", "place"),
    [
        ("đơn vị em ở Thái Nguyên thì thỏa ước 2025 bao nhiêu", "thái nguyên"),
        ("em muốn hỏi ở Đồng Nai với Quảng Trị thỏa ước 2025 bao nhiêu", "đồng nai"),
    ],
)
def test_a_place_that_is_asked_about_is_told_to_have_no_plan(asked: str, place: str) -> None:
    assert place in ADVISER.ask(asked).elsewhere


@pytest.mark.parametrize(
    "asked", ["Công Thương đặt chỉ tiêu xây bao nhiêu nhà mái ấm", "Quảng Trị mỗi năm cất mấy căn nhà cho đoàn viên"]
)
def test_houses_are_no_members(asked: str) -> None:
    found = ADVISER.ask(asked)
    assert not found.groups
    assert "không có trong các kế hoạch" in said(found)


@pytest.mark.parametrize(
    ("asked", "number"),
    [
        ("dòng ba bảy của biểu số liệu ghi gì", "37"),
        ("chi tieu so bon tu bang so ket la gi", "44"),
        ("mục bốn lăm mẫu của Công Thương hỏi gì", "45"),
    ],
)
def test_a_row_is_found_by_its_number_in_words(asked: str, number: str) -> None:
    found = ADVISER.ask(asked)
    assert found.kind is AnswerKind.ROWS
    assert [row.row.no for row in found.rows] == [number]


def test_a_row_is_found_by_its_meaning_where_no_target_is_set() -> None:
    found = ADVISER.ask("biểu số liệu sơ kết có đếm người đã vào Đảng không, nằm dòng mấy")
    assert found.rows[0].row.no == "53"


@pytest.mark.parametrize(
    "asked",
    [
        "vị nào đứng ra ký chương trình của Tỉnh ủy Quảng Trị vậy, bản em có bị ướt nhòe hết trơn",
        "chữ ký cuối chương trình của Quảng Trị là của ai, mực phai rồi chị ơi",
        "đồng chí nào thay mặt ký bản của Quảng Trị",
    ],
)
def test_the_signer_is_told_whatever_is_complained_of_beside_it(asked: str) -> None:
    found = ADVISER.ask(asked)
    assert found.kind is AnswerKind.DOCUMENTS
    assert [plan.id for plan in found.documents] == ["quangtri-nq02-2021"]
    assert (found.documents[0].signer or "") in said(found)


@pytest.mark.parametrize(
    "asked",
    ["ai ký thỏa ước ở Quảng Trị", "ở Quảng Trị ai phải đăng ký học nghề", "Bảo Lộc giao ai ký kết với siêu thị"],
)
def test_what_else_is_signed_is_no_question_for_a_signer(asked: str) -> None:
    assert not ADVISER.understanding.read(asked).asks_signer
