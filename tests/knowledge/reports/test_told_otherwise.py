"""Figures told in other ways than "name, figure": what is taken, what is asked, and look-alikes.

Each kind stands with messages that are read by it and with some that only look so.
"""

from __future__ import annotations

import pytest

from tests.knowledge.reports.test_said import understand

WHOLE = {"workers": 120, "members": 115, "admitted": 3, "lost": 1}
ALL_SAME = {"workers": 36, "members": 36, "admitted": 0, "lost": 0}


def check(text: str, figures: dict[str, int], ask: set[str] | None = None) -> None:
    """The figures that are sure; what is asked, where it is not simply what is left."""
    got = understand(text)
    assert got is not None
    assert got.figures == figures
    assert got.kept == []
    assert set(got.ask) == ({*WHOLE} - {*figures} if ask is None else ask)


@pytest.mark.parametrize(
    "text",
    [
        "Nghiệp đoàn nghề cá Cửa Tùng: 120 ngư dân trên 14 tàu, 115 đoàn viên, vô mới 3, bỏ nghề 1",
        "đội tàu có 120 thuyền viên, 115 đoàn viên, mới vô 3, xin ra 1",
        "tàu xa bờ: lao động đi biển 120, đv 115, vô thêm 3, thôi biển 1",
        "HTX nấm: 120 xã viên đi làm, 115 đoàn viên, nạp thêm 3, ra 1",
        "nghiệp đoàn vận tải: tài xế với phụ xe 120 người, 115 đoàn viên, mới vào 3, nghỉ 1",
    ],
)
def test_workers_of_boats_and_cooperatives(text: str) -> None:
    check(text, WHOLE)


def test_boats_themselves_are_no_workers() -> None:
    check("nghiệp đoàn có 14 tàu, 115 đoàn viên, vô 3, ra 1", {"members": 115, "admitted": 3, "lost": 1})


@pytest.mark.parametrize(
    "text",
    [
        "Tất cả 36 người làm đều là đoàn viên, không có kết nạp, không có giảm",
        "tat ca 36 cong nhan deu la doan vien, khong ket nap, khong giam",
        "có 36 lao động, tất cả là đoàn viên, không ai vào cũng không ai ra",
        "toàn bộ 36 cán bộ đều đã vào công đoàn, không biến động",
        "36 lao động, 100% là đoàn viên, không tăng không giảm",
        "trạm em hết thảy 36 người, vô công đoàn đủ 36, kết nạp 0, giảm 0",
        "36 đv trên 36 người, không tăng không giảm",
    ],
)
def test_all_of_the_workers_are_members(text: str) -> None:
    check(text, ALL_SAME)


@pytest.mark.parametrize(
    "text",
    [
        "vẫn 115 đv trên 120 người, kết nạp 3, giảm 1",
        "115 đoàn viên trong tổng số 120 người, kết nạp 3, giảm 1",
        "công đoàn em có 115 người, tổng lao động 120, kết nạp 3, giảm 1",
        "120/115, vào 3, ra 1, đó là lao động trên đoàn viên",
        "120 - 115, vào 3 ra 1 (lao động - đoàn viên)",
        "lao động đủ 120, đoàn viên đủ 115, kn 3, giảm 1",
    ],
)
def test_totals_told_together(text: str) -> None:
    check(text, WHOLE)


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("đoàn viên trên 115, lđ 120, kn 3, giảm 1", {"workers": 120, "admitted": 3, "lost": 1}),
        ("115/120, vào 3, ra 1", {"admitted": 3, "lost": 1}),
        ("công đoàn em có 115 người, kết nạp 3, giảm 1", {"admitted": 3, "lost": 1}),
    ],
)
def test_totals_of_which_it_is_open_what_they_are(text: str, figures: dict[str, int]) -> None:
    check(text, figures)


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("tháng 10 kết nạp 3 giảm 1, tổng số thì chiều nay kế toán về em báo sau", {"admitted": 3, "lost": 1}),
        ("thang 10 ket nap 3 giam 1, con tong thi chua dem xong", {"admitted": 3, "lost": 1}),
        ("em chỉ mới có đoàn viên thôi: 115, mấy số khác mai gửi tiếp", {"members": 115}),
        ("tháng 10 đoàn viên 115, các số khác em chưa có", {"members": 115}),
        ("kết nạp 3, giảm 1, số còn lại chờ kế toán", {"admitted": 3, "lost": 1}),
    ],
)
def test_what_is_said_to_come_later_shakes_nothing_that_was_told(text: str, figures: dict[str, int]) -> None:
    check(text, figures)


def test_totals_that_were_told_are_shaken_where_the_totals_are() -> None:
    check("lđ 120, đv 115, kn 3, giảm 1, tổng số thì để em báo lại", {"admitted": 3, "lost": 1})


@pytest.mark.parametrize(
    "text",
    [
        "từ đầu năm cộng dồn kết nạp 31, còn riêng tháng 10 thì kết nạp 3, giảm 1, lđ 120, đv 115",
        "năm ngoái kết nạp 30, tháng 10 năm nay kết nạp 3, giảm 1, lđ 120, đv 115",
        "Cùng kỳ năm trước lao động 112, nay lao động 120, đoàn viên 115, kết nạp 3, giảm 1",
        "tháng 10: kết nạp 3 (cả năm 31), giảm 1 (cả năm 12), lđ 120, đv 115",
    ],
)
def test_a_figure_of_another_time_beside_the_months_own(text: str) -> None:
    check(text, WHOLE)


@pytest.mark.parametrize(
    ("said", "figures"),
    [
        ("kn 3 tính từ tháng 8, giảm 1", {"lost": 1}),
        ("kn 3 gồm cả 1 người tháng 9, giảm 1", {"lost": 1}),
        ("kn 3, giảm 1 em cộng luôn tháng 9 vô", {}),
        ("kn 3, giảm 1, có gộp tháng trước", {}),
        ("kn 3, giảm 1, số tính tháng 10", {"admitted": 3, "lost": 1}),
    ],
)
def test_who_came_and_went_in_another_month_too(said: str, figures: dict[str, int]) -> None:
    check(f"tháng 10: lđ 120, đv 115, {said}", {"workers": 120, "members": 115, **figures})


@pytest.mark.parametrize(
    "text",
    [
        "Sep 2026: headcount 120, union members 115, new 3, left 1",
        "september: staff 120, members 115, joined 3, quit 1",
    ],
)
def test_english_with_its_months(text: str) -> None:
    check(text, WHOLE)
    got = understand(text)
    assert got is not None
    assert got.period == "2026-09"


@pytest.mark.parametrize(
    "text",
    ["sep 9 gio goi em, ld 120, dv 115, kn 3, giam 1", "May Gò Vấp: lđ 120, đv 115, kn 3, giảm 1"],
)
def test_short_english_months_without_a_year_are_other_words(text: str) -> None:
    check(text, WHOLE)
    got = understand(text)
    assert got is not None
    assert got.period == "2026-10"


@pytest.mark.parametrize(
    "text",
    [
        "lđ 120 (nữ 70, nam 50), đv 115 (nữ 68), kết nạp cháu Thu, cháu Hà với cháu Lộc là 3 người, giảm 1 là bác Tư",
        "lđ 120, đv 115, kết nạp mới anh Dũng cùng chị Nga với cô Ba là 3, giảm 1",
        "lđ 120, đv 115, kết nạp 3, giảm thầy Nam 1 người",
        "lđ 120, đv 115, kn 3, giảm 1, hôm qua nhà em có giỗ 5 mâm",
        "ld 120, dv 115, kn 3, giam 1, moi tram lan cup dien la tram lan kho",
    ],
)
def test_people_named_and_stories_beside_the_figures(text: str) -> None:
    check(text, WHOLE)


@pytest.mark.parametrize(
    "text",
    [
        "kết nạp 3 chứ hông phải 5 nha, lđ 120, đv 115, giảm 1",
        "lđ 120, đv 115 chứ hổng phải 151, kn 3, giảm 1",
        "lđ 120, đv 115, kết nạp hôm trước em nhắn 5 trong nhóm, sai rồi, đúng là 3, giảm 1",
    ],
)
def test_a_figure_put_right(text: str) -> None:
    check(text, WHOLE)


@pytest.mark.parametrize(
    "text",
    [
        "cty em thangs 10 cos 120 lao ddoongj, 115 ddoanf vieen, keets naap 3, giarm 1",
        "Lao đoongj 120, đoanf vieen 115, keets nạp 3, giamr 1",
        "tramj em thangs 10: lao ddoongj 120, ddoanf vieen 115, nghir 1, keets napj 3 nhes chij",
    ],
)
def test_raw_keys_with_slips(text: str) -> None:
    check(text, WHOLE)


@pytest.mark.parametrize(
    "said",
    [
        "kế toán nói 120 lao động, tổ trưởng nói 118",
        "máy chấm công ra 120 lao động còn bảng lương 118",
        "giám đốc bảo 120 người, nhân sự bảo 118",
        "lao động 120 mà danh sách ra 118",
        "lđ theo bảng lương 120, theo sổ 118",
        "phần mềm báo 120 lao động, nhưng sổ lại ghi 118",
    ],
)
def test_two_sources_are_asked_about(said: str) -> None:
    check(f"{said}, đv 115, kn 3, giảm 1", {"members": 115, "admitted": 3, "lost": 1})


@pytest.mark.parametrize("said", ["à mà kế toán nói lđ 118", "ủa sổ lại ghi lđ 118", "á, nhân sự bảo lđ 118"])
def test_what_somebody_else_says_puts_nothing_right(said: str) -> None:
    check(f"lđ 120, đv 115, kn 3, giảm 1. {said}", {"members": 115, "admitted": 3, "lost": 1})


@pytest.mark.parametrize("said", ["à lđ 118", "á nhầm, nhân sự bảo lđ 118 mới đúng"])
def test_what_is_put_right_plainly_is_taken(said: str) -> None:
    check(f"lđ 120, đv 115, kn 3, giảm 1. {said}", WHOLE | {"workers": 118})


def test_a_total_at_the_end_of_the_month_is_of_no_row_but_the_last_one_named() -> None:
    check(
        "lđ đầu tháng 118, đv đầu tháng 113, kn 3, giảm 1, cuối tháng 115", {"members": 115, "admitted": 3, "lost": 1}
    )
    check("120 lđ, đầu tháng 118, kn 3, giảm 1, cuối tháng 115", {"workers": 120, "admitted": 3, "lost": 1})


@pytest.mark.parametrize(
    "text",
    [
        "chép trong sổ ra lđ 120, đv 115, kn 3, giảm 1",
        "nhân sự tháng 10: 120, đoàn viên 115, vào 3, ra 1",
        "Tổ trưởng em báo: lđ 120, đv 115, kn 3, giảm 1",
        "em đếm theo danh sách: lđ 120, đv 115, kn 3, giảm 1",
    ],
)
def test_one_source_is_no_doubt(text: str) -> None:
    check(text, WHOLE)


@pytest.mark.parametrize(
    "said",
    [
        "không nhớ của tháng 9 hay tháng 10",
        "không nhớ của tháng nào nữa",
        "em chẳng biết là kỳ nào",
    ],
)
def test_a_month_that_is_forgotten_is_asked_about_and_the_figures_stay(said: str) -> None:
    check(f"sổ em ghi lđ 120, đv 115, kn 3, giảm 1, {said}", WHOLE, {"period"})


@pytest.mark.parametrize(
    ("said", "admitted"),
    [
        ("chưa nạp ai", 0),
        ("chưa kết nạp được ai", 0),
        ("chưa nhận thêm ai", 0),
        ("kết nạp chưa xong", None),
        ("kết nạp chưa rõ", None),
    ],
)
def test_nobody_yet_is_none(said: str, admitted: int | None) -> None:
    told = {} if admitted is None else {"admitted": admitted}
    check(f"lđ 120, đv 115, {said}, giảm 1", {"workers": 120, "members": 115, "lost": 1, **told})


def test_a_row_told_vaguely_is_not_said_to_be_unchanged() -> None:
    check(
        "đoàn viên chừng sáu bảy chục, lđ 120, không ai vào, không ai ra",
        {"workers": 120, "admitted": 0, "lost": 0},
    )
