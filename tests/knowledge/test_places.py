"""Places within the place of a plan: where the asker is tells whose plan is meant, a figure of its own it has none."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.road.reply import to_plain
from bot.words import answers
from knowledge.answer import load_adviser
from knowledge.model.answers import Answer, AnswerKind
from knowledge.places import INNER_PLACES, regions_of, sets_parts
from tests.examples import examples

QUANG_TRI, HCM, BAO_LOC = "quangtri-nq02-2021", "hcm-nq02-2022", "baoloc-nq02-2021"


def said(answer: Answer) -> str:
    return to_plain(answers.answer(answer))


def ask(text: str) -> Answer:
    return load_adviser().ask(text)


@pytest.mark.parametrize(
    ("asked", "plan"),
    [
        ("tôi công tác tại Cam Lộ, cho hỏi đến 2030 thỏa ước phải ký mấy phần trăm", QUANG_TRI),
        ("tui mần ở Triệu Phong, toàn tỉnh một năm kết nạp mấy đoàn viên tới 2025", QUANG_TRI),
        ("nhà máy em bên Lao Bảo, tới 2045 thỏa ước bao nhiêu phần trăm", QUANG_TRI),
        ("em buon ban o cho Dong Ha, tinh dat thoa uoc 2025 may %", QUANG_TRI),
        ("ở Vĩnh Linh thì tỉnh đặt thỏa ước 2030 mấy phần trăm", QUANG_TRI),
        ("chị ở quận 5, tới năm 2030 phải có bao nhiêu đoàn viên", HCM),
        ("xưởng em dưới Nhà Bè, tp đặt 2025 ký thỏa ước mấy phần trăm", HCM),
        ("cong ty 40 nguoi o Hoc Mon, den 2025 thoa uoc bao nhieu %", HCM),
        ("tiệm của tui ở Gò Vấp, tới 2023 thỏa ước mấy phần trăm", HCM),
        ("em làm ở thành phố Thủ Đức, mục tiêu 2030 bao nhiêu đoàn viên", HCM),
        ("em ở phường Lộc Tiến, mỗi năm kết nạp bao nhiêu đoàn viên mới", BAO_LOC),
        ("tụi em ở xã Lộc Nga, mỗi năm giới thiệu cho Đảng mấy đoàn viên ưu tú", BAO_LOC),
    ],
)
def test_where_the_asker_is_tells_whose_plan_is_meant(asked: str, plan: str) -> None:
    found = ask(asked)
    assert {fact.plan.id for fact in found.facts} == {plan}, asked
    assert not found.elsewhere


@pytest.mark.parametrize(
    ("asked", "place", "plan"),
    [
        ("Cam Lộ được giao kết nạp mấy đoàn viên mỗi năm", "cam lộ", "Tỉnh ủy Quảng Trị"),
        ("thỏa ước 2025 của Vĩnh Linh mấy phần trăm", "vĩnh linh", "Tỉnh ủy Quảng Trị"),
        ("Quảng Trị đặt cho Hướng Hóa kết nạp bao nhiêu đoàn viên", "hướng hóa", "Tỉnh ủy Quảng Trị"),
        ("tui ở Hải Lăng, huyện tui được mấy đoàn viên mới mỗi năm", "hải lăng", "Tỉnh ủy Quảng Trị"),
        ("quận 10 phải ký thỏa ước bao nhiêu phần trăm tới 2025", "quận 10", "Thành ủy TP.HCM"),
        ("Bình Chánh được giao bao nhiêu đoàn viên năm 2025", "bình chánh", "Thành ủy TP.HCM"),
        ("công ty em ở Củ Chi có bao nhiêu đoàn viên", "củ chi", "Thành ủy TP.HCM"),
        ("phường Lộc Sơn được giao mấy đoàn viên mới mỗi năm", "lộc sơn", "Thành ủy Bảo Lộc"),
    ],
)
def test_a_place_within_has_no_figure_of_its_own(asked: str, place: str, plan: str) -> None:
    found = ask(asked)
    assert found.kind is AnswerKind.SILENT, asked
    assert not found.facts
    assert found.elsewhere == (place,)
    assert plan in found.choices[0].label


@pytest.mark.parametrize(
    "asked",
    [
        "Quảng Trị giao mỗi huyện kết nạp bao nhiêu đoàn viên",
        "tphcm chia cho tung quan bao nhieu doan vien nam 2025",
        "Bảo Lộc mỗi phường phải kết nạp mấy đoàn viên mới",
    ],
)
def test_a_share_of_each_place_within_is_not_told_by_the_whole(asked: str) -> None:
    found = ask(asked)
    assert found.kind is AnswerKind.SILENT, asked
    assert "không có trong các kế hoạch" in said(found)
    assert "từng" in said(found)


def test_the_whole_is_told_though_it_is_to_be_shared_out() -> None:
    found = ask("toàn tỉnh Quảng Trị mỗi năm kết nạp mấy đoàn viên để chia mỗi huyện")
    assert {fact.plan.id for fact in found.facts} == {QUANG_TRI}


@pytest.mark.parametrize(
    "asked",
    [
        "thỏa ước 2030 Quảng Trị và Đồng Nai mấy phần trăm",
        "Đồng Nai và Quảng Trị 2030 thỏa ước mấy phần trăm",
        "thoa uoc 2030 cua Quang Tri voi Dong Nai",
    ],
)
def test_of_two_places_that_without_a_plan_is_named_beside_the_answer(asked: str) -> None:
    found = ask(asked)
    assert {fact.plan.id for fact in found.facts} == {QUANG_TRI}, asked
    assert said(found).startswith("Đồng Nai: không có trong các kế hoạch")


@pytest.mark.parametrize(
    "asked",
    [
        "tui ở Đồng Nai, thỏa ước 2025 mấy phần trăm",
        "xưởng em ở Hương Trà, tới 2030 thỏa ước mấy phần trăm, Huế đặt sao",
        "em làm ở Biên Hòa, mỗi năm kết nạp mấy đoàn viên",
        "em ở Củ Chi, Đồng Nai đặt thỏa ước bao nhiêu phần trăm",
    ],
)
def test_places_of_no_plan_stay_unanswered(asked: str) -> None:
    found = ask(asked)
    assert not found.facts
    assert found.elsewhere


@pytest.mark.parametrize(
    "asked",
    [
        "lọc tiền đoàn phí của Bảo Lộc",
        "Bảo Lộc lọc phát thẻ đoàn viên kiểu gì",
        "thỏa ước quý 3 năm 2025 của Quảng Trị",
        "quản 7 đoàn viên ở Bảo Lộc thì làm gì",
    ],
)
def test_words_that_look_like_places_are_none(asked: str) -> None:
    assert not ask(asked).question.elsewhere


@pytest.mark.parametrize(
    "asked",
    [
        "em ở Củ Chi, nghỉ thai sản mấy tháng",
        "tui ở Gio Linh, mai trời mưa không",
        "em làm ở quận 7, lương tối thiểu bao nhiêu",
        "con tui học trường ở Gò Vấp, học phí mấy triệu",
    ],
)
def test_where_somebody_is_answers_nothing_that_no_plan_speaks_of(asked: str) -> None:
    assert ask(asked).status == "not_found", asked


def test_another_plan_that_is_named_is_asked_of() -> None:
    found = ask("em ở Củ Chi, cho hỏi Quảng Trị tới 2030 thỏa ước mấy phần trăm")
    assert {fact.plan.id for fact in found.facts} == {QUANG_TRI}


def test_what_lies_where() -> None:
    assert regions_of(["gio linh", "quận 7", "quận 99", "đồng nai", "lộc phát"]) == ("Quảng Trị", "TP.HCM", "Bảo Lộc")


def test_figures_set_for_each_place_within_are_known() -> None:
    assert sets_parts(["2 mô hình ở mỗi xã, phường"])
    assert not sets_parts(["doanh nghiệp có từ 25 lao động"])


@settings(max_examples=examples(60), deadline=None)
@given(place=st.sampled_from(INNER_PLACES), before=st.sampled_from(["", "của ", "tỷ lệ ở ", "chỉ tiêu của ", "hỏi ở "]))
def test_no_place_within_is_told_the_figure_of_the_whole_as_its_own(place: str, before: str) -> None:
    found = ask(f"{before}huyện {place} được giao bao nhiêu đoàn viên mới mỗi năm")
    assert not found.facts


@pytest.mark.parametrize(
    ("asked", "plan"),
    [
        ("hồi chưa sáp nhập với Quảng Bình thì tỉnh đặt thỏa ước 2030 mấy phần trăm", QUANG_TRI),
        ("trước khi gộp với Vũng Tàu thì tới 2030 bao nhiêu đoàn viên", HCM),
        ("luc chua nhap Binh Duong thanh pho dat thoa uoc 2025 may %", HCM),
        ("thỏa ước tới 2030 ở Quảng Trị mấy phần trăm, lúc Quảng Bình còn riêng ấy", QUANG_TRI),
    ],
)
def test_a_place_that_was_merged_with_another_is_not_asked_about(asked: str, plan: str) -> None:
    found = ask(asked)
    assert {fact.plan.id for fact in found.facts} == {plan}
    assert found.elsewhere == ()


@pytest.mark.parametrize(
    "asked",
    ["Quảng Bình đặt thỏa ước 2025 mấy phần trăm", "Bình Dương giờ nhập rồi thì đoàn viên của Bình Dương bao nhiêu"],
)
def test_a_merged_place_that_is_asked_about_is_no_other(asked: str) -> None:
    assert ask(asked).elsewhere
