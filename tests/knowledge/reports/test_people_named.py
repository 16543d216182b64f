"""People by what they are called at their work: who works there, who has joined, who came and who left."""

from __future__ import annotations

import pytest

from tests.knowledge.reports.test_told_otherwise import ALL_SAME, WHOLE, check

TOTALS = {"workers": 120, "members": 115}
MOVED = {"admitted": 3, "lost": 1}


@pytest.mark.parametrize(
    "said",
    [
        "120 anh em",
        "một trăm hai mươi anh em",
        "anh em 120",
        "120 chị em tiểu thương",
        "tiểu thương: 120",
        "120 bạn chài",
        "bà con có 120",
        "thầy cô 120",
        "120 cô giáo",
        "y bác sĩ 120",
        "120 anh em xe ôm",
        "bác tài 120",
        "120 thợ mộc",
        "người làm 120",
    ],
)
def test_whoever_works_there(said: str) -> None:
    check(f"tổ mình {said}, đoàn viên 115, kn 3, giảm 1", WHOLE)


@pytest.mark.parametrize(
    "said",
    [
        "thêm 120 anh em",
        "anh em 130, chị em 120",
        "trong đó chị em 25",
        "120 anh em mới vô",
        "25 chị em",
        "anh em ở tổ hai 120",
        "tiểu thương 120, sạp 150",
        "120 anh em ăn trưa",
    ],
)
def test_who_may_be_but_some_of_them_is_asked_about(said: str) -> None:
    check(
        f"đoàn viên 115, kn 3, giảm 1, {said}",
        {"members": 115, "lost": 1} | ({} if "thêm" in said or "mới" in said else {"admitted": 3}),
    )


@pytest.mark.parametrize(
    "said",
    ["vô đoàn 115", "đã vào đoàn 115", "115 người có thẻ đoàn", "vô công đoàn rồi 115", "vào nghiệp đoàn 115"],
)
def test_all_who_have_joined(said: str) -> None:
    check(f"120 công nhân, {said}, thêm 3, bớt 1", WHOLE)


@pytest.mark.parametrize("people", ["công nhân", "tài xế", "anh em"])
@pytest.mark.parametrize("said", ["đã vào công đoàn", "là đoàn viên", "vô công đoàn rồi"])
def test_workers_who_have_joined_are_members(people: str, said: str) -> None:
    check(f"115 {people} {said}, kn 3, giảm 1", {"members": 115, **MOVED})


@pytest.mark.parametrize(
    "text",
    [
        "trường em 36 cô giáo, toàn bộ là đoàn viên, kn 0, giảm 0",
        "nghiệp đoàn bốc vác 36 người, toàn bộ là đoàn viên, không tăng không giảm",
        "36 thầy cô, tất cả đều là đoàn viên, không tăng không giảm",
        "36 xã viên, toàn bộ đều đã vào công đoàn, không ai vào, không ai ra",
    ],
)
def test_all_of_them_are_members(text: str) -> None:
    check(text, ALL_SAME)


@pytest.mark.parametrize(
    "said",
    [
        "vào đoàn 3",
        "mới vô đoàn 3",
        "vô thêm ba",
        "nhận mới 3",
        "tuyển thêm 3 đứa, cũng vô công đoàn luôn",
        "tuyển mới 3 bạn vào công đoàn hết",
        "tuyển 3 cũng vào đoàn luôn",
    ],
)
def test_who_came(said: str) -> None:
    check(f"lđ 120, đv 115, {said}, giảm 1", WHOLE)


def test_who_was_hired_only() -> None:
    check("lđ 120, đv 115, kn 3, giảm 1, tuyển thêm 9 người", WHOLE)


@pytest.mark.parametrize("said", ["tuyển thêm 9 người sẽ vào công đoàn", "vào Đoàn 9 bạn"])
def test_who_may_have_come_is_asked_about(said: str) -> None:
    check(f"lđ 120, đv 115, {said}, giảm 1", {**TOTALS, "lost": 1})


@pytest.mark.parametrize(
    "said",
    [
        "nghỉ chạy 1",
        "nghỉ bán 1",
        "bỏ chạy một",
        "lên bờ nghỉ 1",
        "lên bờ 1 người",
        "ra khỏi đoàn 1",
        "xin ra khỏi nghiệp đoàn 1",
        "về hưu 1 ra khỏi đoàn",
        "nghỉ biển ra khỏi nghiệp đoàn 1",
    ],
)
def test_who_left(said: str) -> None:
    check(f"lđ 120, đv 115, kn 3, {said}", WHOLE)


@pytest.mark.parametrize("said", ["nghỉ bán 2 buổi", "lên bờ 2 ngày", "vào đoàn phí 2 triệu", "vào đoàn thanh niên 2"])
def test_what_only_looks_like_coming_and_going(said: str) -> None:
    check(f"{said}, lđ 120, đv 115, kn 3, giảm 1", WHOLE)


@pytest.mark.parametrize("said", ["nghỉ dưỡng sức 2", "nghỉ chạy chuyến đêm 2"])
def test_who_may_only_rest_is_asked_about(said: str) -> None:
    check(f"lđ 120, đv 115, kn 3, {said}", {**TOTALS, "admitted": 3})


@pytest.mark.parametrize(
    "text",
    [
        "trường tiểu học đồi thông 120 người, trong đó 115 đoàn viên, kn 3, giảm 1",
        "cty 120 ng, đv 115, kn 3, giảm 1",
        "ban quản lý tiểu thương báo: 115 đoàn viên, 120 người làm, kn 3, giảm 1",
        "đội ba gác bữa rày một trăm hai mươi anh em, vô đoàn rồi một trăm mười lăm, thêm ba, bỏ chạy một",
    ],
)
def test_people_behind_the_name_of_their_unit(text: str) -> None:
    check(text, WHOLE)


@pytest.mark.parametrize("kind", ["thời vụ", "mùa vụ", "thử việc"])
def test_seasonal_and_trial_workers_are_workers_too(kind: str) -> None:
    check(f"công nhân {kind} 20, công nhân hợp đồng 100, đoàn viên 95, kn 3, giảm 1", {"members": 95, **MOVED})
    check(f"lao động {kind} và hợp đồng 120, đoàn viên 115, kn 3, giảm 1", WHOLE)
    check(f"lao động 120 ({kind} 20), đoàn viên 115, kn 3, giảm 1", WHOLE)
