"""Names in the letters of the fonts before Unicode, told from names that are only foreign."""

from __future__ import annotations

import pytest

from knowledge.importing.old_fonts import OldFont
from knowledge.spreadsheets.old_letters import convert, find_old_letters


@pytest.mark.parametrize(
    ("written", "read", "font"),
    [
        ("Hµ Néi", "Hà Nội", OldFont.TCVN3),
        ("Tr\xadêng MÇm non", "Trường Mầm non", OldFont.TCVN3),
        ("NguyÔn V¨n Bạch", "Nguyễn Văn Bạch", OldFont.TCVN3),
        ("CTY DÖT MAY", "CTY DỆT MAY", OldFont.TCVN3),
        ("Coâng ñoaøn phöôøng Hai", "Công đoàn phường Hai", OldFont.VNI),
        ("Phaïm Thò Höông", "Phạm Thị Hương", OldFont.VNI),
    ],
)
def test_names_are_read_as_their_font_showed_them(written: str, read: str, font: OldFont) -> None:
    found = convert([written])
    assert (found.cells, found.font) == ((read,), font)


@pytest.mark.parametrize(
    "name",
    ["Nguyễn Thị Hoa", "Lê Văn Hùng", "Nestlé", "Crème Brûlée", "Citroën Việt Nam", "Müller", "ABC®", "«Sao» Việt",
     "100m²", "HOÀ BÌNH", "Hoa\xadMai", ""],
)  # fmt: skip
def test_names_of_today_and_foreign_ones_stay(name: str) -> None:
    assert find_old_letters(name) is None


def test_what_may_be_either_is_told_and_stays() -> None:
    found = convert(["TrÇn V¨n B×nh", "Tô Hoài", "Lý", "Cán bộ", "abc"])
    assert found.cells == ("Trần Văn Bình", "Tô Hoài", "Lý", "Cán bộ", "abc")
    assert found.unsure == {1: "Tụ Hoài"}
