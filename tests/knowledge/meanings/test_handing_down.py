"""Which words hand shares down, and which ask or begin alike."""

from __future__ import annotations

import pytest

from knowledge.meanings.words import load_words


@pytest.mark.parametrize(
    "text",
    [
        "giao thêm cho khối mỏ 40 người",
        "giao kết nạp 2026: CS1 50, CS2 30, còn lại chia đều đi",
        "giao 40 đoàn viên mới cho MAY ạ",
        "giao kết nạp: MAY 50, CK không",
        "điều chỉnh MAY 60, do mở thêm ca nhé",
    ],
)
def test_words_with_numbers_hand_shares_down(text: str) -> None:
    assert load_words().hands_down(text)


@pytest.mark.parametrize(
    "text",
    [
        "giao kết nạp CS1 50?",
        "giao kết nạp CS1 50 chưa ạ",
        "giao MAY 50 thì còn thiếu bao nhiêu",
        "phân bổ 500 đoàn viên thế nào cho MAY",
        "giao MAY 50 đúng không",
        "chia sẻ báo cáo tháng 10 cho MAY",
        "giao ban tháng 10, tất cả các đơn vị 8h",
        "giao hạn nộp ngày 15 cho MAY",
        "giao chỉ tiêu cho MAY",
    ],
)
def test_a_question_or_another_errand_hands_nothing_down(text: str) -> None:
    assert not load_words().hands_down(text)
