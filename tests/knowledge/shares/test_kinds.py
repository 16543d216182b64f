"""Units that are named by their kind alone, and names that several units share."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge.shares.matching import Below, NamesBelow
from knowledge.shares.reading import ReadShares, Spread, read_shares
from tests.knowledge.shares.values import values

TODAY = date(2026, 2, 10)
NK, CR, PD, KV1, KV2, MD, DH, BV, CN = range(1, 10)
CITY = NamesBelow(
    [
        Below(NK, "NK", "Công đoàn phường Ninh Khê"),
        Below(CR, "CR", "Công đoàn phường Cái Rô"),
        Below(PD, "PD", "Công đoàn xã Phong Đa"),
        Below(KV1, "KV1", "LĐLĐ khu vực 1"),
        Below(KV2, "KV2", "LĐLĐ khu vực 2"),
        Below(MD, "MD", "CĐCS Công ty Mía đường Tây Khê"),
        Below(DH, "DH", "CĐCS Công ty Dược Tây Khê"),
        Below(BV, "BV", "CĐCS Bệnh viện Nhi"),
        Below(CN, "CN", "Công đoàn các khu công nghiệp"),
    ]
)


def read(text: str) -> ReadShares:
    return read_shares(text, CITY, TODAY)


@pytest.mark.parametrize(
    ("text", "shares"),
    [
        ("2 phường mỗi phường 150, xã Phong Đa 80", {NK: 150, CR: 150, PD: 80}),
        ("hai công ty mỗi cty 40 đv mới, bệnh viện 10", {MD: 40, DH: 40, BV: 10}),
        ("hai khu vực 150 mỗi khu vực, xã 60", {KV1: 150, KV2: 150, PD: 60}),
        ("các phường 75%, xã Phong Đa 70%", {NK: 75, CR: 75, PD: 70}),
        ("tăng cho cả 2 phường mỗi nơi 10", {NK: 10, CR: 10}),
        ("cả hai phường đều 200", {NK: 200, CR: 200}),
        ("mỗi phường 200, xã 100", {NK: 200, CR: 200, PD: 100}),
        ("3 phường xã mỗi nơi 5", {NK: 5, CR: 5, PD: 5}),
        ("xã phường mỗi nơi 5, KCN 10", {NK: 5, CR: 5, PD: 5, CN: 10}),
        ("hai công ty Tây Khê mỗi bên 45", {MD: 45, DH: 45}),
        ("hai công ty (mía đường, dược) mỗi cty 35", {MD: 35, DH: 35}),
        ("thêm cho mỗi phường xã (NK, CR, PD) 50", {NK: 50, CR: 50, PD: 50}),
        ("Phường Ninh Khê và phường Cái Rô: mỗi phường 5", {NK: 5, CR: 5}),
        ("còn 2 doanh nghiệp thì mỗi doanh nghiệp 44", {MD: 44, DH: 44}),
        ("mấy phường giao 250/phường", {NK: 250, CR: 250}),
        ("bỏ chỉ tiêu của hai khu vực", {KV1: None, KV2: None}),
        ("giao 20 cho khu vực 1 và khu vực 2, mỗi nơi 10", {KV1: 10, KV2: 10}),
        ("cái rô với ninh khê giao mỗi nơi 150", {CR: 150, NK: 150}),
        ("khu vực một ba trăm, khu vực hai là hai trăm rưỡi", {KV1: 300, KV2: 250}),
        ("kv1: mười đơn vị, kv2: tám đơn vị", {KV1: 10, KV2: 8}),
        ("P.Đa 50, xã P.Đa 50", {PD: 50}),
        ("Ninh Khê, Cái Rô và Phong Đa lần lượt 150, 120, 45", {NK: 150, CR: 120, PD: 45}),
        ("Mía đường, Dược: 40, 70", {MD: 40, DH: 70}),
    ],
)
def test_a_kind_names_all_units_whose_names_say_it(text: str, shares: dict[int, int | None]) -> None:
    said = read(text)
    assert (values(said), said.unread, said.spread) == (shares, [], None)


@pytest.mark.parametrize(
    "text",
    [
        "hai phường 300",
        "ba phường mỗi phường 100",
        "4 công ty mỗi công ty 20",
        "các doanh nghiệp mỗi nơi 20",
        "chia 300 cho khu vực 1 và khu vực 2",
        "Tây Khê 60, Ninh Khê 100",
        "giao phường 150",
        "xã Ninh Khê 60",
        "trung tâm nhi 20",
        "khu vực 150",
        "khu vực 3 200",
        "bệnh viện đa khoa 10, bệnh viện nhi 8",
        "Ninh Khê, Cái Rô lần lượt 150, 120, 45",
        "hai khu vực thì 20 cái, mỗi bên 10",
        "Phú Hòa 60, Cái Rô 100",
    ],
)
def test_kinds_and_names_that_may_mean_others_are_asked_about(text: str) -> None:
    said = read(text)
    assert said.unread or any(not share.match.is_sure for share in said.shares)


def test_each_of_a_kind_beside_all_has_its_own() -> None:
    said = read("mỗi đơn vị 150 lượt, hai khu vực mỗi khu vực 900")
    assert (values(said), said.spread, said.unread) == ({KV1: 900, KV2: 900}, Spread.EACH, [])
    said = read("tất cả đều 10, riêng 2 công ty 2 thôi")
    assert (values(said), said.spread, said.unread) == ({MD: 2, DH: 2}, Spread.EACH, [])


def test_a_kind_that_stays_as_it_is_serves_nobody_else() -> None:
    said = read("hạ Phong Đa còn 40, các phường giữ nguyên")
    assert (values(said), said.spread, said.unread) == ({PD: 40}, None, [])


def test_a_name_that_looks_like_a_word_for_each_is_a_name() -> None:
    below = NamesBelow([Below(1, "DS", "CĐCS Công ty Đường sắt"), Below(2, "MT", "CĐCS Công ty Môi trường")])
    assert values(read_shares("đường sắt và môi trường mỗi bên 25", below, TODAY)) == {1: 25, 2: 25}


def test_what_is_above_all_is_no_unit() -> None:
    below = NamesBelow([Below(1, "BD", "CĐCS Bưu điện tỉnh"), Below(2, "VC", "Công đoàn Viên chức thành phố")])
    assert not read_shares("tỉnh giao mình 400 đoàn viên mới", below, TODAY).shares
    assert not read_shares("thành phố giao mình 1.200 đoàn viên mới", below, TODAY).shares
