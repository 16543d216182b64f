"""The test client and the sandbox as a process of its own, tried with a bot of a few lines."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from tests.e2e import tiny_bot
from tests.e2e.chat import Chat


@pytest_asyncio.fixture
async def chat() -> AsyncIterator[Chat]:
    async with Chat() as stage, tiny_bot.running(stage.sandbox):
        yield stage


async def test_a_chat_reads_like_a_chat(chat: Chat) -> None:
    hoa = chat.person("Nguyễn Thị Hoa", phone="+84901000003")
    await hoa.starts("Ma-moi_1")
    (await hoa.hears("Xin chào")).has_buttons("Chia sẻ số điện thoại")
    await hoa.shares_phone()
    await hoa.hears("Đã nhận ra")
    question = await hoa.says("chỉ tiêu tưlđtt 2025")
    reply = (await hoa.hears("80%", "25-CTr/TU")).lacks("không đặt").has_buttons("Đúng", "Năm 2030")
    await hoa.taps("Đúng", on=reply)
    assert await hoa.hears_toast() == "Cảm ơn anh/chị đã cho biết."
    assert (await hoa.sees_change()).labels == []
    await hoa.edits(question, "chỉ tiêu tưlđtt 2030")
    await hoa.hears("Câu hỏi đã sửa")
    await hoa.taps("Năm 2030")
    await hoa.hears("Đến năm 2030")
    await hoa.says("/baocao")
    await hoa.hears("1/4")
    hoa.sees_buttons("Bỏ qua", "Hủy")
    await hoa.taps("Hủy")
    await hoa.hears("bản nháp")
    await hoa.sends_document("tháng 10.xlsx", b"PK")
    await hoa.hears("Đã nhận tệp tháng 10.xlsx.")
    await hoa.says("tệp")
    assert (await hoa.hears()).file_name == "tong-hop-10-2026.xlsx"
    await chat.all_taken()
    hoa.hears_nothing_more()
    assert hoa.commands == ["help", "baocao", "han"]
    assert hoa.transcript().startswith("Nguyễn Thị: /start Ma-moi_1\nBot: Xin chào anh/chị!")


async def test_groups_inline_and_two_people(chat: Chat) -> None:
    hoa, binh = chat.person("Hoa"), chat.person("Bình")
    group = chat.group("Nhóm", hoa, binh)
    [card] = await hoa.in_group(group).asks_inline("tưlđtt")
    assert card.title.startswith("Thỏa ước")
    there = binh.in_group(group)
    await there.says("@troly_congdoan_bot tưlđtt 2025")
    answer = await there.hears("80%")
    await there.says("còn 2030?", reply_to=answer)
    await there.hears("80%")
    await hoa.says("câu hỏi riêng")
    await hoa.hears("80%")
    await hoa.sees("80%")


async def test_waiting_in_vain_shows_the_chat(chat: Chat) -> None:
    hoa = chat.person("Hoa")
    chat.patience = 0.02
    chat.sandbox.fault("500", "sendMessage", times=None)
    with pytest.raises(AssertionError, match="Hoa heard nothing more"):
        await hoa.hears()
    chat.sandbox.faults.clear()


async def test_as_a_process_of_its_own() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.sandbox", "--empty", "--no-limits", stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    served = json.loads(await process.stdout.readline())
    try:
        async with httpx.AsyncClient(base_url=served["url"]) as client:
            burst = (await client.post("/sandbox/burst", json={"people": 3, "messages": ["một", "hai"]})).json()
            assert burst == {"burst": 0, "expected": 6}
            api = f"/bot{served['token']}"
            for update in (await client.get(f"{api}/getUpdates")).json()["result"]:
                person_id = update["message"]["chat"]["id"]
                await client.post(f"{api}/sendMessage", data={"chat_id": str(person_id), "text": "đáp"})
            measured = (await client.get("/sandbox/burst/0", params={"latencies": "1"})).json()
            assert (measured["heard"], len(measured["latencies_ms"])) == (6, 6)
            assert (await client.get("/sandbox/counts")).json()["calls"] == {"getUpdates": 1, "sendMessage": 6}
    finally:
        process.terminate()
    assert await process.wait() == 0
