"""Text in fonts from before Unicode."""

from __future__ import annotations

import pytest

from knowledge.importing.old_fonts import OldFont, old_font, to_unicode


@pytest.mark.parametrize(
    ("name", "font"),
    [
        (".VnTime", OldFont.TCVN3),
        ("ABCDEF+.VnTime", OldFont.TCVN3),
        (".VnTime,Bold", OldFont.TCVN3),
        (".VnArial-BoldItalic", OldFont.TCVN3),
        (".VnTimeH", OldFont.TCVN3_CAPITALS),
        (".VnArial NarrowH", OldFont.TCVN3_CAPITALS),
        ("ABCDEF+.VnTimeH,Bold", OldFont.TCVN3_CAPITALS),
        ("VNI-Times", OldFont.VNI),
        ("ABCDEF+VNI-Helve-Condense", OldFont.VNI),
        ("Times New Roman", None),
        ("ABCDEF+TimesNewRomanPSMT", None),
        ("Verdana", None),
        ("", None),
    ],
)
def test_the_name_of_a_font_says_how_it_is_read(name: str, font: OldFont | None) -> None:
    assert old_font(name) is font


def test_tcvn3() -> None:
    assert to_unicode("KÕ ho¹ch ph¸t triÓn ®oµn viªn, tho¶ \xadíc", OldFont.TCVN3) == (
        "Kế hoạch phát triển đoàn viên, thoả ước"
    )
    assert to_unicode("KÕ ho¹ch n¨m 2025", OldFont.TCVN3_CAPITALS) == "KẾ HOẠCH NĂM 2025"
    assert to_unicode("quú, s÷a, nghiÖp, ®ñ ®iÒu kiÖn, Ýt nhÊt 80%", OldFont.TCVN3) == (
        "quỳ, sữa, nghiệp, đủ điều kiện, ít nhất 80%"
    )


def test_vni() -> None:
    assert (
        to_unicode("Keá hoaïch phaùt trieån ñoaøn vieân naêm 2025", OldFont.VNI)
        == "Kế hoạch phát triển đoàn viên năm 2025"
    )
    assert to_unicode("thöïc hieän thoûa öôùc, nghæ, kyõ, lyù, quyeàn lôïi", OldFont.VNI) == (
        "thực hiện thỏa ước, nghỉ, kỹ, lý, quyền lợi"
    )
    assert to_unicode("ÑOAØN VIEÂN COÂNG ÑOAØN, ÑÒNH KYØ", OldFont.VNI) == "ĐOÀN VIÊN CÔNG ĐOÀN, ĐỊNH KỲ"


def test_text_of_other_fonts_stays() -> None:
    assert to_unicode("thoả ước ñ Ñ", None) == "thoả ước ñ Ñ"
