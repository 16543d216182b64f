"""Names that are names only where nothing else is, trades without a sum, figures put right; and what only looks so."""

from __future__ import annotations

import pytest

from tests.knowledge.reports.test_said import understand
from tests.knowledge.reports.test_told_otherwise import ALL_SAME, WHOLE, check

TOTALS = {"workers": 120, "members": 115}


@pytest.mark.parametrize(
    "text",
    [
        "lđ 120, đv 115, nhận 3, ra 1",
        "lđ 120, đv 115, tháng rồi nhận 3 em, hết làm 1",
        "120 lao động, 115 đoàn viên, nhận 3 bạn mới, 1 người hết làm",
        "phân xưởng sợi: 120 lao động/115 đoàn viên, lên 3 xuống 1",
        "lao dong 120, doan vien 115, len 3, xuong 1 nha anh",
        "lđ 120, đv 115, đến 3 đi 1",
        "lao động 120, có thẻ 115, nhận 3, bỏ 1",
        "120 công nhân, 115 người có thẻ đoàn viên, thêm 3, bỏ 1",
        "nghiệp đoàn xe tải: 120 tài xế, 115 người vào công đoàn rồi, thêm 3, bỏ 1",
        "chợ em có 120 tiểu thương, 115 đoàn viên, thêm 3, 1 chị nghỉ",
    ],
)
def test_who_joins_leaves_or_is_a_member_by_lesser_names(text: str) -> None:
    check(text, WHOLE)


@pytest.mark.parametrize(
    "said",
    ["nhận 3 máy cắt mới", "nhận 3 lao động mới", "nhận 3 giấy khen", "đã nhận 3 triệu tiền quỹ", "nhận 20/10 quà"],
)
def test_what_else_is_received_is_nobody_who_joins(said: str) -> None:
    check(f"lđ 120, đv 115, {said}, giảm 1", {**TOTALS, "lost": 1})


@pytest.mark.parametrize("said", ["115 có thẻ bảo hiểm", "có thẻ xe 115", "có thể 115", "có thể 115 đoàn viên"])
def test_other_cards_and_guesses_are_no_members(said: str) -> None:
    got = understand(f"lđ 120, {said}, kn 3, giảm 1")
    assert got is not None
    assert "members" in got.ask
    assert got.figures.get("admitted") == 3


def test_what_may_be_a_guess_without_its_marks_is_asked_about() -> None:
    check("ld 120, co the doan vien 115, kn 3, giam 1", {"workers": 120, "admitted": 3, "lost": 1})


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("lđ 120, đv 115 trong đó tài xế 12, kn 3, giảm 1", WHOLE),
        ("lao động 120, tài xế 12, đv 115, kn 3, giảm 1", WHOLE),
        ("giá điện lên 5 xuống 2 ngàn, lđ 120, đv 115, kn 3, giảm 1", WHOLE),
        ("lđ 120, đv lên 115, kn 3, giảm 1", WHOLE),
        ("lđ từ 122 xuống 120, đv 115, kn 3, giảm 1", {"members": 115, "admitted": 3, "lost": 1}),
    ],
)
def test_lesser_names_give_way_to_proper_ones(text: str, figures: dict[str, int]) -> None:
    check(text, figures)


@pytest.mark.parametrize(
    "text",
    [
        "trạm bơm em không có ai vô ai ra, vẫn 36 người, 36 đều là đoàn viên",
        "tháng qua không có ai vào, không có ai ra, 36 lao động, cả 36 là đoàn viên",
        "đội em 36 lao động, hết 36 là đoàn viên, không ai vô ai ra",
        "cơ quan tổng 36 người, công đoàn 36, không tăng không giảm",
        "tăng giảm đều 0, lđ 36, đv 36",
    ],
)
def test_all_are_members_and_nobody_came_or_went(text: str) -> None:
    check(text, ALL_SAME)


@pytest.mark.parametrize(
    ("said", "moved"),
    [
        ("không ai vào, ra 2", {"admitted": 0, "lost": 2}),
        ("không có ai vô, ra 2 người", {"admitted": 0, "lost": 2}),
        ("không có ai vào ai ra ngoài bác Tư về hưu", {"admitted": 0}),
        ("không ai vào, nghỉ việc 1 chị", {"admitted": 0, "lost": 1}),
        ("không ai vào, ra khỏi công đoàn 2", {"admitted": 0, "lost": 2}),
        ("không có ai vào, ai nghỉ thì mai báo", {"admitted": 0}),
        ("không ai đến họp, kn 2, giảm 1", {"admitted": 2, "lost": 1}),
        ("không ai đến, không ai đi", {"admitted": 0, "lost": 0}),
        ("chưa nhận ai, không ai nghỉ", {"admitted": 0, "lost": 0}),
        ("không nhận quà, giảm 1", {"lost": 1}),
        ("kn 2 nam, giảm 1 nam", {"admitted": 2, "lost": 1}),
        ("kn 2, giảm 1 năm nay", {"admitted": 2}),
        ("tăng giảm 2", {}),
        ("tăng giảm thực tế 0", {}),
        ("kn 3, giảm 1, biến động chưa chắc", {}),
    ],
)
def test_some_who_left_all_the_same(said: str, moved: dict[str, int]) -> None:
    check(f"lđ 120, đv 115, {said}", {**TOTALS, **moved})


@pytest.mark.parametrize(
    "text",
    [
        "thangs 10: lao ddoongj 120, ddoanf vieen 115, taawng 3, giamr 1",
        "LD9=120; D9V=115; KN=3; Gia3m=1",
        "LDD: 120, DDV: 115, KN: 3, GIAMR: 1",
        "ba1o ca1o tha1ng 10: 120 lao d9o65ng, 115 d9oa2n vie6n, ke61t na5p 3, gia3m 1",
        "chowj coos 120 chij tieeur thuwowng, 115 ddoanf vieen, theem 3, bowts 1",
    ],
)
def test_raw_keys_through_a_whole_message(text: str) -> None:
    check(text, WHOLE)


@pytest.mark.parametrize(
    "text",
    [
        "LĐ 1,120; ĐV 1,115; KN 13; Giảm 1. Bữa nay mưa, công ty nghỉ hai ca",
        "workers 1,120; members 1,115; joined 13; left 1",
    ],
)
def test_thousands_as_in_english(text: str) -> None:
    check(text, {"workers": 1120, "members": 1115, "admitted": 13, "lost": 1})


@pytest.mark.parametrize("figure", ["1,12", "1,1205"])
def test_what_commas_make_no_thousands(figure: str) -> None:
    check(f"LĐ {figure}; ĐV 115; KN 3; giảm 1", {"members": 115, "admitted": 3, "lost": 1})


@pytest.mark.parametrize(
    "text",
    [
        "lđ 120, đv 115, thêm 3 bớt 1. Cả năm tới giờ kết nạp 41",
        "tổng lao động công ty giày em 120, đoàn viên 115, kn 3, giảm 1. Từ đầu năm kn 41, giảm 12",
        "đoàn viên nhà máy gạch mình 115, lao động 120, kn 3, giảm 1. Năm nay vô được 41 người",
    ],
)
def test_the_year_behind_the_month(text: str) -> None:
    check(text, WHOLE)


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("em mới có lao động 120 với đoàn viên 115 thôi, tăng giảm chị Sen chưa gửi", TOTALS),
        ("lđ 120, đv 115, biến động thì tổ trưởng chưa đưa", TOTALS),
        ("mới có kết nạp 3 giảm 1, còn tổng lao động với tổng đoàn viên chiều em nhắn", {"admitted": 3, "lost": 1}),
        ("tạm thời lđ 120 và đv 115, kn 3, giảm 1", {"admitted": 3, "lost": 1}),
    ],
)
def test_two_of_the_four_for_now(text: str, figures: dict[str, int]) -> None:
    check(text, figures)


@pytest.mark.parametrize(
    ("said", "members"),
    [
        ("em ghi lộn đoàn viên 151, đúng là 115", 115),
        ("tui ghi lộn đoàn viên 151, sửa lại 115", 115),
        ("ghi lộn đoàn viên 151, chắc là 115", None),
        ("ghi lộn đoàn viên 115", None),
        ("đoàn viên 115 em ghi lộn", None),
    ],
)
def test_a_figure_taken_back_and_put_right(said: str, members: int | None) -> None:
    figures = {"workers": 120, "admitted": 3, "lost": 1}
    check(f"lđ 120, {said}. Kết nạp 3, giảm 1", figures | ({} if members is None else {"members": members}))


@pytest.mark.parametrize(
    "text",
    [
        "xuong em lao dong 120 rua doan vien 115 vo 3 giam 1 nghe me",
        "lđ 120 rứa, đv 115 hè, vô 3, ra 1 nghe",
        "tong lao dong 120 ha chi, doan vien 115 ha, them 3 bot 1 ha",
        "lđ 120, đv 115, kn 3, giảm 1, chị ơi bữa ni bão chưa họp",
    ],
)
def test_particles_and_talk_beside_the_figures(text: str) -> None:
    check(text, WHOLE)


def test_no_month_is_counted_where_one_is_named() -> None:
    check("lao dong 120 doan vien 115 vo 3 giam 0 thang muoi", {**WHOLE, "lost": 0})


def test_what_is_not_settled_yet_is_asked_about() -> None:
    check("lđ 120, đv 115, kn 3, giảm 1 chưa họp xét", {**TOTALS, "admitted": 3})


@pytest.mark.parametrize(
    "text",
    [
        "UBND xã cơ quan chung 120 cán bộ, công đoàn 115, kết nạp 3, giảm 1",
        "120 lao động, công đoàn có 115, kn 3, giảm 1",
        "trường 120 thầy cô, công đoàn 115 người, thêm 3, bớt 1",
        "lđ 120, công đoàn 12 tổ, đv 115, kn 3, giảm 1",
    ],
)
def test_the_union_beside_the_office(text: str) -> None:
    check(text, WHOLE)


@pytest.mark.parametrize("said", ["công đoàn 3", "công đoàn 3 tổ"])
def test_a_number_of_the_union_that_can_hardly_be_its_members(said: str) -> None:
    check(f"120 lao động, {said}, kn 3, giảm 1", {"workers": 120, "admitted": 3, "lost": 1})


@pytest.mark.parametrize(
    "said",
    [
        "giáo viên 100, nhân viên 20",
        "trường có 100 giáo viên và 20 nhân viên",
        "cán bộ quản lý 3, giáo viên 97, nhân viên 20",
        "bác sĩ 20, điều dưỡng 75, nhân viên khác 25",
        "công nhân 96, nhân viên văn phòng 24",
        "cán bộ 5, công nhân 115",
    ],
)
def test_trades_whose_sum_nobody_told_are_asked_about(said: str) -> None:
    check(f"{said}, đoàn viên 115, kn 3, giảm 1", {"members": 115, "admitted": 3, "lost": 1})


@pytest.mark.parametrize(
    "said",
    [
        "giáo viên 100, nhân viên 20, tổng 120",
        "lao động 120 (giáo viên 100, nhân viên 20)",
        "cán bộ giáo viên nhân viên 120, trong đó giáo viên 100, nhân viên 20",
        "nhân viên 120",
        "tháng rồi có 120 công nhân viên",
    ],
)
def test_trades_whose_sum_is_told(said: str) -> None:
    check(f"{said}, đoàn viên 115, kn 3, giảm 1", WHOLE)
