"""What shakes a figure of a report in one message, and what stands beside one without shaking it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import examples
from tests.knowledge.reports.test_said import understand

WORKERS, MEMBERS, ADMITTED, LOST = "workers", "members", "admitted", "lost"
FOUR = (WORKERS, MEMBERS, ADMITTED, LOST)


def check(text: str, *figures: int | None, month: str | None = "2026-10") -> None:
    """The four figures in the order of the form, None where one is asked about; the month, None where it is asked."""
    got = understand(text)
    assert got is not None
    assert got.figures == {key: value for key, value in zip(FOUR, figures, strict=True) if value is not None}
    assert got.kept == []
    assert {*got.ask} == {key for key, value in zip(FOUR, figures, strict=True) if value is None} | (
        set() if month else {"period"}
    )
    assert month is None or got.period == month


@pytest.mark.parametrize(
    "text",
    [
        "xưởng 240 lao động 231 đoàn viên kết nạp 3 giảm 1 tháng 10",
        "tháng 10 phân xưởng 240 công nhân 231 đoàn viên vô 3 ra 1",
        "đội 240 lao động, 231 đoàn viên, tăng 3, giảm 1",
        "xưởng 3 báo t10: lao động 240, đoàn viên 231, kết nạp 3, giảm 1",
        "tổ 12 lao động 240 đoàn viên 231 kết nạp 3 giảm 1",
    ],
)
def test_a_number_behind_a_part_of_the_unit_is_a_figure_where_a_name_needs_it(text: str) -> None:
    check(text, 240, 231, 3, 1)


def test_this_month_is_asked_about_on_its_first_days_however_it_is_said() -> None:
    check("tháng nầy tổ 45 công nhân 40 đoàn viên vô 2 ra 0", 45, 40, 2, 0, month=None)


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("từ đầu năm tới giờ kết nạp 40, riêng tháng 10 kết nạp 5, giảm 2, lđ 310, đv 300", (310, 300, 5, 2)),
        ("lđ 310 đv 300 từ đầu năm tới nay kết nạp 40, giảm tháng 10 là 2", (310, 300, None, 2)),
        ("năm nay tới giờ vô được 40 người, lao động 310, đoàn viên 300, tháng 10 ra 2", (310, 300, None, 2)),
        ("cả năm vô được 40 người nhưng tháng 10 chỉ 5, ra 2, hiện lao động 310, đoàn viên 300", (310, 300, 5, 2)),
        ("quý 3 giảm 9, tháng 10 giảm 2, kết nạp 5, lao động 310, đoàn viên 300", (310, 300, 5, 2)),
        ("lũy kế kết nạp 40, giảm 12, lao động 310, đoàn viên 300", (310, 300, None, None)),
    ],
)
def test_a_longer_span_governs_who_came_and_went_only(text: str, figures: tuple[int | None, ...]) -> None:
    check(text, *figures)


def test_totals_of_a_year_before_are_not_those_of_now() -> None:
    check("năm ngoái lao động 290, đoàn viên 280, tháng 10 kết nạp 5, giảm 2", None, None, 5, 2)


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("xưởng A 80 công nhân, xưởng B 75 công nhân, đoàn viên cả nhà máy 150, kết nạp 2, giảm 1", (None, 150, 2, 1)),
        (
            "xưởng A 80 lao động, 75 đoàn viên, toàn công ty 150 lao động, 140 đoàn viên, tăng 2, giảm 1",
            (150, 140, 2, 1),
        ),
    ],
)
def test_a_part_of_the_unit_speaks_up_to_where_all_of_it_is_named(text: str, figures: tuple[int | None, ...]) -> None:
    check(text, *figures)


@pytest.mark.parametrize(
    "text",
    [
        "lao động 512, đoàn viên 498, kết nạp 9, giảm 5. Sáng nay em nhắn 489 là bấm lộn số",
        "lao động 512, đoàn viên 498 (tin trước em ghi 489 là sai), kết nạp 9, giảm 5",
        "LD 512, DV 498, hom kia go 489 la go nham, tang 9, giam 5",
        "LD 512, DV 498, tang 9, giam 5, bua truoc em viet 489 la viet lon",
    ],
)
def test_a_slip_of_an_earlier_message_leaves_the_figure_of_now(text: str) -> None:
    check(text, 512, 498, 9, 5)


@pytest.mark.parametrize(
    "text",
    [
        "lao động 512, đoàn viên 498 là gõ nhầm, kết nạp 9, giảm 5",
        "lao động 512, đoàn viên 498, số 498 này em gõ nhầm, kết nạp 9, giảm 5",
    ],
)
def test_a_slip_of_this_message_is_asked_about(text: str) -> None:
    check(text, 512, None, 9, 5)


@pytest.mark.parametrize(
    "text",
    [
        "phòng khám có 28 lao động, 27 đoàn viên, thêm 1, chưa có giảm nha chị, chị duyệt giúp em sớm",
        "lđ 28, đv 27, kết nạp 1, giảm thì chưa ạ, em cảm ơn",
        "ld 28, dv 27, ket nap 1, giam thi chua co a",
    ],
)
def test_not_yet_denies_a_movement_whatever_courtesy_follows(text: str) -> None:
    check(text, 28, 27, 1, 0)


@pytest.mark.parametrize(
    "text",
    [
        "lao động 41, đoàn viên 40, không có ai vào mà cũng chẳng có ai nghỉ",
        "lao động 41, đoàn viên 40, không ai thêm không ai bớt ạ",
        "lđ bữa ni 41, đv 40, hổng ai vô, hổng ai ra",
    ],
)
def test_nobody_came_and_nobody_went(text: str) -> None:
    check(text, 41, 40, 0, 0)


@pytest.mark.parametrize("said", ["quên rồi", "chưa biết", "không nhớ", "quên béng", "hổng rõ"])
def test_what_somebody_has_forgotten_is_asked_about(said: str) -> None:
    check(f"lđ 70 đv 66 kết nạp {said} giảm 1", 70, 66, None, 1)
    check(f"lđ 70, đv 66, kết nạp 2, giảm {said}", 70, 66, 2, None)


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("lđ 88, đv 8, chắc gõ thiếu số, kn 1, giảm 1", (88, None, 1, 1)),
        ("lđ 88, đv 86, kn 11 hình như bấm dư một số, giảm 1", (88, 86, None, 1)),
        ("lđ 88, đv 8?, kn 1, giảm 1", (88, None, 1, 1)),
        ("máy em gõ thiếu dấu, lđ 88, đv 86, kn 1, giảm 1", (88, 86, 1, 1)),
    ],
)
def test_a_digit_left_out_shakes_that_figure_only(text: str, figures: tuple[int | None, ...]) -> None:
    check(text, *figures)


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("đoàn viên sổ ghi chín mốt mà máy ra chín tư lao động một trăm kết nạp hai giảm không có", (100, None, 2, 0)),
        ("lao động sổ lương ghi 212 mà chấm công 208 đoàn viên 200 kết nạp 3 giảm 3", (None, 200, 3, 3)),
        ("lao động 77 đoàn viên 70 kết nạp danh sách ghi ba mà máy hai giảm một", (77, 70, None, 1)),
    ],
)
def test_two_sources_shake_their_row_and_no_other(text: str, figures: tuple[int | None, ...]) -> None:
    check(text, *figures)


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("đoàn viên 84 người, trong đó 3 người đang chờ quyết định, lao động 90, kết nạp 1, giảm 0", (90, None, 1, 0)),
        ("lđ 90, đv 84, kn 4 (1 người chưa có quyết định), giảm 2", (90, 84, None, 2)),
        ("lđ 90, đv 84, kn 1, giảm 2, cộng thêm 1 chị mới nghỉ hôm qua", (90, 84, None, None)),
        ("lao động 90, đoàn viên 84 (nhầm, 85), kn 1, giảm 2", (90, None, 1, 2)),
        ("lao động 90, đoàn viên 84, nhầm, 85, kn 1, giảm 2", (90, 85, 1, 2)),
        ("Lao động 90. Đoàn viên: chính thức 70, tạm thời 14. Kết nạp 1, giảm 2.", (90, None, 1, 2)),
    ],
)
def test_people_beside_a_figure_shake_it(text: str, figures: tuple[int | None, ...]) -> None:
    check(text, *figures)


@pytest.mark.parametrize(
    "text",
    [
        "1/ 48 lao động 2/ 45 đoàn viên 3/ kết nạp 2 4/ giảm 1",
        "đội 48 người, 45 đoàn viên, tháng 10 kết nạp 2 giảm 1",
        "lao động 48 đoàn viên 45 kết nạp 2 giảm 1 kinh phí 12 triệu",
        "lđ 48 đv 45 kn 2 giảm 1 (lũy kế kn 20, giảm 7)",
        "lđ 48 đv 45 kn 2 giảm 1 (từ đầu năm kết nạp 20)",
        "Số: 15/BC-CĐCS. Lao động 48, đoàn viên 45, kết nạp 2, giảm 1. Họp 3 lần",
    ],
)
def test_numbers_of_other_things_shake_nothing(text: str) -> None:
    check(text, 48, 45, 2, 1)


def test_what_fits_the_neighbours_as_well_is_asked_about() -> None:
    check("lao động 87 đoàn viên 5 kết nạp 3 giảm", None, None, None, None)
    check("lao động 95 đoàn viên 87 kết nạp 5 giảm", 95, 87, None, None)
    check("95 lao động 87 đoàn viên giảm 5 kết nạp", 95, None, 5, None)


NAMES = {
    WORKERS: ("lao động", "lđ", "công nhân"),
    MEMBERS: ("đoàn viên", "đv"),
    ADMITTED: ("kết nạp", "kn", "vô"),
    LOST: ("giảm", "nghỉ"),
}
SOUND = {WORKERS: 95, MEMBERS: 87, ADMITTED: 5, LOST: 3}


@st.composite
def told(draw: st.DrawFn) -> tuple[list[list[str]], str]:
    """Four rows with their figures, all named first or all figures first, and what stands between them."""
    named_first = draw(st.booleans())
    rows = [[draw(st.sampled_from(NAMES[key])), str(SOUND[key])] for key in draw(st.permutations(FOUR))]
    return [row if named_first else row[::-1] for row in rows], draw(st.sampled_from([", ", "; ", "\n", ". "]))


@given(told())
@settings(max_examples=examples(120))
def test_a_sound_report_is_taken_without_a_question(report: tuple[list[list[str]], str]) -> None:
    rows, between = report
    check(between.join(" ".join(row) for row in rows), *SOUND.values())


@given(told(), st.integers(0, 3), st.integers(13, 99).filter(lambda number: number not in SOUND.values()))
@settings(max_examples=examples(200))
def test_a_second_number_for_a_row_is_never_certain(report: tuple[list[list[str]], str], at: int, number: int) -> None:
    rows, between = report
    doubted = next(key for key in FOUR if {*rows[at]} & {*NAMES[key]})
    rows[at].insert(1, str(number))
    got = understand(between.join(" ".join(row) for row in rows))
    assert got is not None
    assert doubted in got.ask
    assert all(SOUND[key] == value for key, value in got.figures.items())


@given(told(), st.integers(0, 4), st.integers(13, 99).filter(lambda number: number not in SOUND.values()))
@settings(max_examples=examples(200))
def test_a_number_that_nothing_explains_is_never_passed_over(
    report: tuple[list[list[str]], str], at: int, number: int
) -> None:
    rows, between = report
    rows.insert(at, [str(number)])
    got = understand(between.join(" ".join(row) for row in rows))
    assert got is None or got.ask
    assert got is None or all(SOUND[key] == value for key, value in got.figures.items())
