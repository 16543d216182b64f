"""What Telegram shows of the bot: its name, what a newcomer reads before the first word, the line of its profile.

Telegram allows 64, 512 and 120 characters (core.telegram.org/bots/api#setmyname, #setmydescription,
#setmyshortdescription).
"""

from __future__ import annotations

NAME = "Trợ lý Công đoàn"

DESCRIPTION = (
    "Trợ lý của cán bộ công đoàn:\n"
    "• tra chỉ tiêu, nhiệm vụ, thời hạn trong các kế hoạch, kèm nguồn;\n"
    "• nộp số liệu hằng tháng ngay trong trò chuyện;\n"
    "• nhắc hạn, xem đơn vị nào chưa nộp, tổng hợp.\n\n"
    "Cứ gõ như nhắn tin, có dấu hay không dấu đều được. Bấm Bắt đầu để thử."
)

SHORT_DESCRIPTION = "Tra kế hoạch công đoàn, nộp số liệu hằng tháng, nhắc hạn cho cán bộ công đoàn."
