"""What is shown before a broadcast is sent: its readers counted as Vietnamese writes numbers, or why nobody is one."""

from __future__ import annotations

from bot.features.broadcasts.service import BroadcastPreview
from bot.features.broadcasts.words import preview
from bot.road.reply import Reply
from knowledge.model.broadcasts import BroadcastAudience


def shown(people: int) -> Reply:
    counts = {BroadcastAudience.ALL: people}
    unit = "Công đoàn Khu công nghiệp Tân Phong"
    return preview(
        BroadcastPreview("Họp sáng thứ Hai.", unit, unit, BroadcastAudience.ALL, counts, "t", may_narrow=True)
    )


def labels(reply: Reply) -> list[str]:
    return [button.label for row in reply.buttons for button in row]


def test_thousands_stand_with_dots_and_a_phone_shows_each_button() -> None:
    assert "<b>1.314 người</b>" in shown(1_314).text
    assert labels(shown(1_314)) == ["Phạm vi: Công đoàn KCN Tân Phong", "Gửi cho 1.314 người", "Sửa", "Hủy"]


def test_where_nobody_would_get_it_the_preview_says_so_and_cannot_be_sent() -> None:
    assert "chưa gửi được; anh/chị mời thêm ở /moi" in shown(0).text
    assert labels(shown(0)) == ["Phạm vi: Công đoàn KCN Tân Phong", "Sửa", "Hủy"]
