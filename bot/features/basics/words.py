"""The commands about the bot itself in words: help, leaving, being forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from bot.features.basics.taps import ConfirmForgetting, Resolve
from bot.road.reply import Reply
from bot.taps import offer_examples


def help_text(commands: Sequence[tuple[str, str]], *, bot_name: str, sends: str = "", support: str = "") -> Reply:
    """What can be asked, by three examples that can be tapped, and the commands this person has (name, help line).

    `sends` is the paragraph that says what is sent elsewhere, where anything is; `support` the operator's line.
    """
    lines = "\n".join(f"/{name} – {escape(line)}" for name, line in commands)
    return Reply(
        "<b>Hỏi được những gì</b>\n"
        "Chỉ tiêu, nhiệm vụ, thời hạn, cơ quan ban hành, mục của biểu mẫu trong các kế hoạch tôi biết. "
        "Hỏi tiếp chỉ cần vài chữ: <i>còn 2030?</i>, <i>thế Quảng Trị thì sao</i>. "
        "Sửa tin đã gửi thì câu trả lời cũng đổi theo.\n"
        f"Ở nhóm khác hay khi nhắn cho đồng nghiệp, gõ <code>@{escape(bot_name)} tưlđtt 2025</code> "
        "rồi chọn một thẻ để gửi.\n\n"
        f"<b>Các lệnh</b>\n{lines}\n\n"
        + (f"{sends}\n\n" if sends else "")
        + (f"{escape(support)}\n\n" if support else "")
        + "Bấm vào một câu ví dụ để thử:",
        offer_examples(),
    )


def leaves_the_house(host: str) -> str:
    """The paragraph of /help that says what a second reader is sent."""
    return (
        f"<b>Tin tôi chưa hiểu chắc</b>\nTôi gửi chữ của tin đó tới máy đọc ở <code>{escape(host)}</code> do quản trị "
        "viên chọn để hiểu ý, sau khi che số điện thoại, tên người, tên đơn vị. Báo cáo số liệu, tệp và những gì "
        "anh/chị gõ khi đang điền báo cáo không gửi đi. Câu trả lời vẫn chỉ lấy từ các kế hoạch đã duyệt."
    )


def nothing_to_leave() -> Reply:
    """To /huy where nothing is going on."""
    return Reply("Không có việc gì đang dở. Anh/chị cứ gõ câu hỏi khi cần.")


def topic_left() -> Reply:
    """To /huy where only the last question's subject was remembered."""
    return Reply("Vâng, tôi bỏ câu hỏi trước sang một bên. Câu tiếp theo sẽ được hiểu là một câu mới.")


def confirm_forget() -> Reply:
    """Before somebody is forgotten."""
    return Reply(
        "<b>Xóa dữ liệu của anh/chị</b>\n"
        "Tôi sẽ quên tên, số điện thoại, vai trò ở các đơn vị, câu hỏi gần nhất, "
        "ảnh và tệp minh chứng đã gửi, và mọi thứ gắn với tài khoản này.\n"
        "Số liệu đã nộp là của đơn vị nên được giữ lại, không còn tên anh/chị. "
        "Phiếu <b>Đúng</b> / <b>Chưa đúng</b> và các câu chưa trả lời được vốn không ghi tên ai.\n"
        "Xóa chứ ạ?",
        (
            (
                ConfirmForgetting(Resolve.FORGET).button("Xóa dữ liệu của tôi"),
                ConfirmForgetting(Resolve.KEEP).button("Giữ lại"),
            ),
        ),
    )


def forgotten(edits: int | None) -> Reply:
    """After it."""
    return Reply("Đã xóa những gì tôi nhớ về anh/chị. Anh/chị vẫn hỏi được như một người mới.", edits=edits)


def not_forgotten(edits: int | None) -> Reply:
    """After a change of mind."""
    return Reply("Vâng, tôi giữ nguyên, không xóa gì.", edits=edits)
