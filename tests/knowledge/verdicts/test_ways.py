"""How something is sent, quoted for a yes or no: on paper, by mail."""

from __future__ import annotations

import pytest

from bot.road.reply import to_plain
from bot.words import answers
from knowledge.answer import load_adviser


def reply(text: str) -> str:
    return to_plain(answers.answer(load_adviser().ask(text)))


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("nộp báo cáo sơ kết cho Công Thương chỉ qua email thôi đúng không", "Chưa đúng: kế hoạch ghi “hòm thư"),
        ("bao cao so ket cong thuong khoi can ban in phai khong a", "Chưa đúng: kế hoạch ghi “hòm thư"),
        ("báo cáo sơ kết Công Thương không cần gửi bản cứng phải không", "Chưa đúng: kế hoạch ghi “hòm thư"),
        ("báo cáo sơ kết Công Thương có gửi thêm bản giấy đúng không", "Đúng: kế hoạch ghi “hòm thư"),
        ("báo cáo sơ kết của Công Thương gửi mail lẫn bản cứng phải không", "Đúng: kế hoạch ghi “hòm thư"),
    ],
)
def test_how_a_report_is_sent_is_judged(asked: str, said: str) -> None:
    assert reply(asked).startswith(said)


@pytest.mark.parametrize(
    "asked",
    [
        "báo cáo sơ kết Công Thương gửi mail hay gửi giấy",
        "báo cáo sơ kết Công Thương gửi bản giấy hoặc mail phải không",
    ],
)
def test_where_either_may_be_meant_nothing_is_judged(asked: str) -> None:
    assert not reply(asked).startswith(("Đúng", "Chưa đúng"))


def test_all_of_them_is_confirmed_however_shortly_it_is_asked() -> None:
    said = "toàn bộ doanh nghiệp nhà nước ở Bảo Lộc đều phải đối thoại tại nơi làm việc"
    assert reply(f"{said}, phải k chị").startswith("Đúng") == reply(f"{said}, phải không").startswith("Đúng") is True
