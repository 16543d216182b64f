"""Shares of a whole quoted without a figure, and what is said of them against what a plan sets."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.road.reply import to_plain
from bot.words import answers
from knowledge.answer import load_adviser
from knowledge.portions import find_portion


@pytest.mark.parametrize(
    ("text", "percent"),
    [
        ("tất cả tổ trưởng đều phải tập huấn đúng không", 100),
        ("tat ca doan vien kho khan deu duoc tham hoi dung khong", 100),
        ("toàn bộ ủy viên ban chấp hành phải được tập huấn phải không", 100),
        ("hết thảy các doanh nghiệp đến 2030 đều có thỏa ước đúng không", 100),
        ("doanh nghiệp nào cũng phải ký thỏa ước đúng không", 100),
        ("cơ sở nào cũng lập ban nữ công phải không", 100),
        ("ba phần tư tổ trưởng được tập huấn đúng không", 75),
        ("một phần tư đoàn viên được mua giảm giá đúng không", 25),
        ("hai phần năm cơ sở phải không", 40),
        ("một nửa khu công nghiệp có thiết chế phải không", 50),
        ("phân nửa doanh nghiệp mở hội nghị phải không", 50),
        ("có ba phần tư tổ trưởng đúng không", 75),
    ],
)
def test_a_share_in_words_is_a_percentage(text: str, percent: int) -> None:
    assert find_portion(text) == Decimal(percent)


@pytest.mark.parametrize(
    "text",
    [
        "quá nửa doanh nghiệp có thỏa ước đúng không",
        "hơn một nửa đoàn viên được đi nghỉ mát đúng không",
        "gần một nửa doanh nghiệp đúng không",
        "trên ba phần tư tổ trưởng đúng không",
        "tất cả các kế hoạch đều đặt thỏa ước đúng không",
        "tất cả anh chị em đều hỏi thỏa ước đúng không",
        "năm nào cũng kết nạp đúng không",
        "kế hoạch nào cũng đặt thỏa ước đúng không",
        "mục hai phần ba nói về thỏa ước đúng không",
        "một nửa nhiệm kỳ thì sơ kết đúng không",
        "nửa năm báo cáo một lần đúng không",
        "thỏa ước bao nhiêu",
        "",
    ],
)
def test_what_is_vague_or_no_share_is_none(text: str) -> None:
    assert find_portion(text) is None


@given(st.text(max_size=120))
def test_any_text_is_taken(text: str) -> None:
    found = find_portion(text)
    assert found is None or 0 < found <= 100


RIGHT = "Đúng, kế hoạch đặt như vậy."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "ủy viên ban chấp hành CĐCS công thương tất cả đều được tập huấn đúng không, trăm phần trăm luôn à",
            RIGHT,
        ),
        ("ủy viên ban chấp hành công đoàn cơ sở công thương tất cả đều được tập huấn đúng không", RIGHT),
        ("một trăm phần trăm ủy viên ban chấp hành công thương được tập huấn đúng không", RIGHT),
        ("tổ trưởng tổ phó công thương phải tập huấn đúng không bảy mươi lăm phần trăm hả", RIGHT),
        ("công thương ba phần tư tổ trưởng tổ phó được tập huấn đúng không", RIGHT),
        ("bao loc tat ca doan vien kho khan deu duoc tham hoi dung khong", RIGHT),
        ("tphcm một nửa khu công nghiệp có thiết chế năm hai không ba mươi phải không", RIGHT),
        ("quảng trị tới hai lăm là phải tám chục phần trăm chỗ có thỏa ước đúng hông", RIGHT),
        ("Bảo Lộc mỗi năm kết nạp năm trăm đến sáu trăm đoàn viên đúng không", RIGHT),
        ("công thương mỗi năm một ngàn rưỡi tới hai ngàn đoàn viên phải không", RIGHT),
        ("tphcm 2023 một triệu rưỡi đoàn viên đúng không", RIGHT),
        ("đúng không, quảng trị 2030 tám mươi lăm phần trăm thỏa ước", RIGHT),
        ("tất cả tổ trưởng tổ phó công thương đều phải được tập huấn đúng không", "Chưa đúng: Công đoàn Công Thương"),
        ("công thương tổ trưởng tổ phó tập huấn phải không tám mươi phần trăm hả", "Chưa đúng: Công đoàn Công Thương"),
        ("Quảng Trị 2030 một nửa doanh nghiệp có thỏa ước đúng không", "Chưa đúng: Tỉnh ủy Quảng Trị đặt 85%"),
        ("mọi doanh nghiệp ở TPHCM đến 2030 đều có thỏa ước đúng không", "Chưa đúng: Thành ủy TP.HCM đặt 85%"),
        ("công thương 2030 một trăm năm mươi sáu ngàn đoàn viên phải không", "Chưa đúng: Công đoàn Công Thương"),
    ],
)
def test_a_verdict_goes_by_what_was_quoted(text: str, said: str) -> None:
    assert to_plain(answers.answer(load_adviser().ask(text))).startswith(said)


@pytest.mark.parametrize(
    "text",
    [
        "Quảng Trị 2030 quá nửa doanh nghiệp có thỏa ước đúng không",
        "công thương hơn một nửa đoàn viên được tham gia văn nghệ đúng không",
        "TPHCM tới 2045 tất cả người lao động đều là đoàn viên đúng không",
        "tphcm 2030 tất cả đoàn viên đều được tính đúng không",
        "tổ trưởng công thương phải tập huấn đúng không",
    ],
)
def test_without_a_figure_that_can_be_held_against_the_plan_there_is_no_verdict(text: str) -> None:
    said = to_plain(answers.answer(load_adviser().ask(text)))
    assert not said.startswith(("Đúng", "Chưa đúng"))
