"""Invitations as people hand them in: the bare code, a link, with words and marks around them."""

from __future__ import annotations

import pytest

from bot.features.people.pasted import find_code, read_started

BOT = "troly_congdoan_bot"
CODE = "aB3-dE5_gH7jK9mN1pQ3rS5t"


@pytest.mark.parametrize(
    "said",
    [
        CODE,
        f" {CODE}. ",
        f"“{CODE}”",
        f'"{CODE}",',
        f"mã: {CODE}",
        f"Mã mời của tôi là {CODE} nhé!",
        f"https://t.me/{BOT}?start={CODE}",
        f"<https://t.me/{BOT}?start={CODE}>.",
        f"t.me/{BOT.upper()}?start={CODE}",
        f"https://telegram.me/{BOT}/?start={CODE}",
        f"tg://resolve?domain={BOT}&start={CODE}",
        f"Chị ơi, chị vào đường dẫn này để tham gia trợ lý giúp em với, dùng được một lần thôi ạ: "
        f"https://t.me/{BOT}?start={CODE}\n\nHoặc gửi:\n/start {CODE}",
    ],
)
def test_an_invitation_is_found_in_what_is_pasted(said: str) -> None:
    assert find_code(said, BOT) == CODE
    assert read_started(said, BOT) == CODE


def test_a_link_behind_words_is_found() -> None:
    assert find_code("Bấm vào đây", BOT, [f"https://t.me/{BOT}?start={CODE}"]) == CODE


@pytest.mark.parametrize(
    "said",
    [
        "",
        "mã mời là gì",
        "chỉ tiêu TƯLĐTT 2025 TP.HCM",
        f"https://t.me/another_bot?start={CODE[:10]}",
        "abcdefghijklmnopqrstuvwx",
        f"{CODE} và {CODE[::-1]}",
        f"{'Một văn bản dài. ' * 10}{CODE}",
    ],
)
def test_what_hands_in_no_invitation(said: str) -> None:
    assert find_code(said, BOT) is None


@pytest.mark.parametrize(("said", "code"), [("baocao", "baocao"), ("", ""), ("guess7", "guess7"), ("“hoi”.", "hoi")])
def test_what_a_link_opens_the_chat_with(said: str, code: str) -> None:
    assert read_started(said, BOT) == code
