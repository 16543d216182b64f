"""Numbers that are no shares, of units or of something else, and what goes with them: reasons, kinds, reports."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge.shares.matching import Below, NamesBelow
from knowledge.shares.reading import ReadShares, Spread, read_shares
from tests.knowledge.shares.values import values

TODAY = date(2026, 2, 10)
KL, VT, CM, HL, GO, HS, YK, MG = range(1, 9)
REGION = NamesBelow(
    [
        Below(KL, "KL", "LĐLĐ khu vực Kim Lũ"),
        Below(VT, "VT", "LĐLĐ khu vực Vĩnh Tảo"),
        Below(CM, "CM", "Công đoàn phường Cẩm Mai"),
        Below(HL, "HL", "Công đoàn phường Hải Lĩnh"),
        Below(GO, "GO", "CĐCS Công ty Gỗ Hải Lĩnh"),
        Below(HS, "HS", "CĐCS Công ty Hải sản Tân San"),
        Below(YK, "YK", "CĐCS Trung tâm Y tế khu vực"),
        Below(MG, "MG", "CĐCS Trường Mẫu giáo Sơn Ca"),
    ]
)


def read(text: str) -> ReadShares:
    return read_shares(text, REGION, TODAY)


@pytest.mark.parametrize(
    ("text", "shares"),
    [
        ("giới thiệu đảng: hai LĐLĐ khu vực mỗi nơi 20", {KL: 20, VT: 20}),
        ("2 LĐLĐ khu vực: 82%", {KL: 82, VT: 82}),
        ("các liên đoàn khu vực đều 30, trung tâm y tế 5", {KL: 30, VT: 30, YK: 5}),
        ("mỗi LĐLĐ khu vực 30, mỗi phường 5", {KL: 30, VT: 30, CM: 5, HL: 5}),
        ("2 kv mỗi nơi 20", {KL: 20, VT: 20}),
        ("các khu vực mỗi nơi 20", {KL: 20, VT: 20}),
        ("giao luôn 2 phường Cẩm Mai, Hải Lĩnh mỗi phường 3", {CM: 3, HL: 3}),
        ("2 công ty gỗ với hải sản mỗi bên 30", {GO: 30, HS: 30}),
        ("cả 2 phường Cẩm Mai, Hải Lĩnh đều 3", {CM: 3, HL: 3}),
        ("khu vực Kim Lũ 86%, khu vực Vĩnh Tảo 83%, phường thì 75% cả hai", {KL: 86, VT: 83, CM: 75, HL: 75}),
        ("phường cả hai 75%, khu vực thì cả 2 80%", {CM: 75, HL: 75, KL: 80, VT: 80}),
        ("hai liên đoàn mỗi nơi 100", {KL: 100, VT: 100}),
        ("LĐLĐ mỗi nơi 100, phường đều 5", {KL: 100, VT: 100, CM: 5, HL: 5}),
        ("tưlđtt: 2 LĐLĐ kv 85, hai phường 70, cty 100 hết", {KL: 85, VT: 85, CM: 70, HL: 70, GO: 100, HS: 100}),
        ("giao Gỗ 80 (năm ngoái đạt 75), Hải sản 60 (năm trước được 58)", {GO: 80, HS: 60}),
        ("Kim Lũ lấy 500, Vĩnh Tảo 400", {KL: 500, VT: 400}),
        ("Kim Lũ lấy 10 từ Vĩnh Tảo", {KL: 10, VT: -10}),
        ("hai san tan san 100, go 90", {HS: 100, GO: 90}),
        ("go hai linh ha xuong 70", {GO: 70}),
        ("Gỗ có 500 lao động, 450 đoàn viên, giao 30", {GO: 30}),
    ],
)
def test_how_many_units_there_are_is_no_amount(text: str, shares: dict[int, int | None]) -> None:
    said = read(text)
    assert (values(said), said.unread, said.spread) == (shares, [], None)


@pytest.mark.parametrize(
    ("text", "spread", "each"),
    [
        ("phấn đấu 88% DN có thỏa ước, đơn vị nào cũng 88", Spread.EACH, 88),
        ("thỏa ước: phấn đấu 90% dn, Gỗ 80%, còn lại mỗi nơi 90%", Spread.EACH, 90),
        ("Gỗ 22, còn lại mỗi nơi mười", Spread.EACH, 10),
        ("Gỗ 22, trường 2, ai khác ko đổi", Spread.UNCHANGED, None),
        ("Gỗ 22, những nơi chưa nhắc giữ nguyên", Spread.UNCHANGED, None),
        ("Xin giao Trung tâm Y tế khu vực 16 đv, Sơn Ca 3, các đơn vị khác giữ như cũ", Spread.UNCHANGED, None),
    ],
)
def test_what_the_others_get_is_told_in_passing(text: str, spread: Spread, each: int | None) -> None:
    said = read(text)
    assert said.unread == []
    assert (said.spread, None if said.each is None else said.each.value) == (spread, each)


@pytest.mark.parametrize(
    ("text", "shares", "reason"),
    [
        (
            "giảm kết nạp của Gỗ còn 30 vì mất đơn hàng, cho nghỉ gần 200 công nhân",
            {GO: 30},
            "mất đơn hàng, cho nghỉ gần 200 công nhân",
        ),
        (
            "Do mất đơn hàng, cho nghỉ 200 công nhân, giảm Gỗ còn 30",
            {GO: 30},
            "mất đơn hàng, cho nghỉ 200 công nhân",
        ),
        (
            "bỏ chỉ tiêu lập CĐCS của phường Cẩm Mai, địa bàn hết doanh nghiệp đủ 20 lao động rồi",
            {CM: None},
            "địa bàn hết doanh nghiệp đủ 20 lao động rồi",
        ),
        (
            "TƯLĐTT của kv Kim Lũ hạ còn 78% nghen, mấy công ty bên đó toàn siêu nhỏ",
            {KL: 78},
            "mấy công ty bên đó toàn siêu nhỏ",
        ),
        ("hạ Gỗ xuống còn 25 (cán bộ phụ trách nghỉ hưu)", {GO: 25}, "cán bộ phụ trách nghỉ hưu"),
        (
            "go ha xuong 70 dv moi do cty chuyen bot xuong sang tinh khac",
            {GO: 70},
            "cty chuyen bot xuong sang tinh khac",
        ),
        ("hạ Gỗ còn 30, đoàn viên ưu tú hết nguồn", {GO: 30}, ""),
        ("hạ đoàn viên ưu tú của Gỗ còn 30, đoàn viên ưu tú hết nguồn", {GO: 30}, "đoàn viên ưu tú hết nguồn"),
        ("hạ Gỗ còn 30, mất đơn hàng, Hải sản 20", {GO: 30, HS: 20}, ""),
        ("hạ Gỗ còn 30, vì mất đơn hàng, Hải sản 20", {GO: 30, HS: 20}, "mất đơn hàng"),
    ],
)
def test_a_reason_ends_before_the_next_share(text: str, shares: dict[int, int | None], reason: str) -> None:
    said = read(text)
    assert (values(said), said.unread, said.reason) == (shares, [], reason)


@pytest.mark.parametrize(
    "text",
    [
        "3 LĐLĐ khu vực mỗi nơi 20",
        "3 khu vực mỗi nơi 20",
        "2 LĐLĐ khu vực 20",
        "3 phường Cẩm Mai, Hải Lĩnh mỗi phường 3",
        "2 phường Cẩm Mai, Hải Lĩnh 3",
        "phường thì 75% cả ba",
        "phường cả hai 75",
        "hai công đoàn mỗi nơi 5",
        "LĐLĐ cũng 100",
        "cty 20 hết",
        "phường 20 người",
        "thỏa ước: hai phường 10 người",
        "Kim Lũ, Vĩnh Tảo cũng 3",
        "hạ Gỗ còn 30 vì mất đơn hàng, còn 40 thôi",
        "hạ Gỗ còn 30, đơn hàng 20%",
        "Gỗ giảm 5, mất việc 20 lao động",
        "phấn đấu 80% DN có thỏa ước, đơn vị nào cũng 88",
    ],
)
def test_numbers_that_nothing_explains_are_asked_about(text: str) -> None:
    said = read(text)
    assert said.unread or any(not share.match.is_sure for share in said.shares)


@pytest.mark.parametrize(
    "text",
    [
        "Hải sản 1.240 lao động, 1.198 đoàn viên, tăng 10 giảm 4",
        "Gỗ 500 lđ, 450 đv",
        "các công ty 100% hết rồi",
        "phường mỗi nơi kết nạp được 20 rồi",
        "xin giao Hải sản 100 thôi",
        "hồi 2025 mình chia theo kết quả năm trước nên mấy phường than dữ lắm",
    ],
)
def test_what_a_unit_has_or_wishes_is_no_share(text: str) -> None:
    assert not read(text).says_shares
