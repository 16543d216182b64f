"""A list of units that was sent, in words: what it would change, what is wrong with it, what became of it."""

from __future__ import annotations

from html import escape
from typing import Final

from bot.features.units import taps
from bot.features.units.headings import HEADER_WITHIN
from bot.features.units.importing import ImportOutcome
from bot.features.units.lists import MOST_ROWS, ForeseenList
from bot.features.units.troubles import (
    FileNote,
    NoteKind,
    RowProblem,
    RowSpot,
    RowTrouble,
    Said,
    UnitFileRefusedError,
    WhyNoUnits,
)
from bot.road.reply import Reply
from bot.taps import ReadFigures
from bot.words.units import listed
from knowledge.numbers import format_count

_MOST_LINES: Final = 12

_COLUMNS: Final = {
    "code": "Mã",
    "parent": "Cấp trên",
    "name": "Tên",
    "kind": "Loại hình",
    "plan": "Kế hoạch",
    "officer": "Cán bộ",
    "phone": "Điện thoại",
    "role": "Vai trò",
}

_TROUBLES: Final[dict[RowTrouble, str]] = {
    RowTrouble.NO_CODE: "đơn vị chưa có mã (“{0}”)",
    RowTrouble.TOO_LONG: "dài quá {0} ký tự",
    RowTrouble.NOT_KIND: "“{0}” không phải loại hình đơn vị; chọn một trong: {1}",
    RowTrouble.NOT_PLAN: "không có kế hoạch “{0}”; đang có: {1}",
    RowTrouble.NOT_PHONE: "“{0}” không phải số điện thoại; viết như 0901 000 003",
    RowTrouble.NO_PHONE: "cán bộ cần có số điện thoại",
    RowTrouble.NOT_ROLE: "“{0}” không phải vai trò; chọn một trong: {1}",
    RowTrouble.NO_OFFICER: "có vai trò nhưng không có số điện thoại của cán bộ",
    RowTrouble.IS_DATE: "ô {0} bị Excel đổi thành ngày {1}; đặt cột là Văn bản (Text) rồi gõ lại mã",
    RowTrouble.SHORTENED: "ô {0} bị Excel rút gọn thành “{1}”; đặt cột là Văn bản (Text) rồi gõ lại",
    RowTrouble.WIDE: "ô {0} có chữ hoặc số toàn khổ “{1}”; gõ lại là “{2}”",
    RowTrouble.APOSTROPHE: "ô {0} có dấu nháy ở đầu “{1}”; gõ lại là “{2}”",
    RowTrouble.IS_ERROR: "ô {0} đang báo lỗi {1}; sửa lại công thức",
    RowTrouble.UNCALCULATED: "ô {0} là công thức chưa có kết quả; mở tệp bằng Excel rồi lưu lại, hoặc dán giá trị",
    RowTrouble.EITHER_LETTERS: "ô {0} đọc được là “{1}” hoặc, theo phông chữ cũ của cột, là “{2}”; gõ lại giúp",
    RowTrouble.ANOTHER: "đơn vị {0} đã có ở {1} với giá trị khác ở cột {2}",
    RowTrouble.AGAIN: "đơn vị {0} đã có ở {1}, dòng này không thêm cán bộ nào",
    RowTrouble.NEEDS: "đơn vị mới {0} còn thiếu cột {1}",
    RowTrouble.DISSOLVED: "đơn vị {0} đã giải thể từ {1}, không sửa được nữa",
    RowTrouble.PARENT_DISSOLVED: "đơn vị cấp trên {0} đã giải thể",
    RowTrouble.PARENT_REFUSED: "đơn vị cấp trên {0}, ở {1}, cũng chưa dùng được",
    RowTrouble.NO_PARENT: "không có đơn vị cấp trên {0}, cả trong tệp lẫn trong hệ thống",
    RowTrouble.PARENT_NAME: "“{0}” là tên đơn vị; ghi mã của đơn vị đó là {1}",
    RowTrouble.CYCLE: "đơn vị không thể nằm dưới chính nó: {0}",
    RowTrouble.TOO_DEEP: "đơn vị {0} sẽ nằm trong nhánh sâu quá {1} cấp",
    RowTrouble.OUT_OF_REACH: "đơn vị {0} không thuộc phạm vi anh/chị quản lý",
    RowTrouble.PARENT_OUT_OF_REACH: "không có đơn vị cấp trên {0} trong tệp hay trong phạm vi anh/chị quản lý",
    RowTrouble.NEEDS_PARENT: "đơn vị {0} phải nằm dưới một đơn vị anh/chị quản lý",
    RowTrouble.PLAN_NOT_YOURS: "kế hoạch của đơn vị do quản trị viên của trợ lý đặt; anh/chị để trống ô này",
    RowTrouble.OTHER_NAME: "số này là của {0} ở {1}",
    RowTrouble.OFFICER_AGAIN: "cán bộ này đã có ở {0}, cùng đơn vị và vai trò",
}

_NOTES: Final[dict[NoteKind, str]] = {
    NoteKind.HIDDEN_SHEET: "Trang “{0}” đang ẩn nên tôi không đọc; cần đọc thì cho hiện ra rồi gửi lại.",
    NoteKind.NO_HEADER: "Trang “{0}” không có dòng tiêu đề (cột Mã và Tên) nên tôi không đọc.",
    NoteKind.NOT_ASKED: "Trang “{0}” không được chọn nên tôi không đọc.",
    NoteKind.SHEETS: "Đơn vị nằm ở {0} trang, tôi đọc cả: {1}.",
    NoteKind.TWO_ROW_HEADING: "Tôi đọc {0} và {1} là một tiêu đề hai dòng.",
    NoteKind.HIDDEN_ROWS: "Có {0} dòng đang ẩn, tôi vẫn đọc; dòng đầu tiên là {1}.",
    NoteKind.REPEATED: "Tôi bỏ qua {0}: lặp lại tiêu đề.",
    NoteKind.NUMBERING: "Tôi bỏ qua {0}: chỉ đánh số cột.",
    NoteKind.FURTHER: "Từ {0} là một bảng khác có tiêu đề riêng, tôi đọc cả bảng đó.",
    NoteKind.UNREAD: "Các cột này không thuộc danh sách đơn vị nên tôi không đọc: {0}.",
    NoteKind.BELOW: "Tôi bỏ qua {0} (“{1}”): nằm dưới danh sách, không phải đơn vị.",
    NoteKind.TOTAL: "Tôi bỏ qua {0} (“{1}”): là dòng tổng.",
    NoteKind.OLD_LETTERS: "{0} ô viết bằng phông chữ cũ ({1}), tôi đã chuyển sang Unicode, ví dụ “{2}” thành “{3}”.",
}


def _say(said: Said) -> str:
    if isinstance(said, RowSpot):
        return f"dòng {said.row}" + (f" trang “{said.sheet}”" if said.sheet else "")
    return said


def _problem(problem: RowProblem) -> str:
    said = [_COLUMNS.get(each, each) if isinstance(each, str) else _say(each) for each in problem.said]
    where = _say(problem.spot)
    return f"{where[0].upper()}{where[1:]}, cột {_COLUMNS[problem.column]}: " + _TROUBLES[problem.trouble].format(*said)


def _note(note: FileNote) -> str:
    return _NOTES[note.kind].format(*map(_say, note.said))


def _lines(lines: list[str]) -> list[str]:
    """As many as can be looked at, each behind a dot."""
    shown = [f"• {escape(line)}" for line in lines[:_MOST_LINES]]
    more = len(lines) - _MOST_LINES
    return [*shown, f"• và {format_count(more)} dòng nữa"] if more > 0 else shown


def _named(roots: tuple[tuple[str, str], ...]) -> str:
    return listed([f"{name} ({code})" for code, name in roots], _MOST_LINES)


def _new_roots(roots: tuple[tuple[str, str], ...]) -> list[str]:
    return [f"• Đơn vị đứng đầu, không có cấp trên: <b>{escape(_named(roots))}</b>"] if roots else []


def foreseen(what: ForeseenList, mark: str) -> Reply:
    """What a list would change, and the button that takes it in."""
    if what.is_too_long:
        return _too_long()
    change = what.change
    lines = [
        "<b>Danh sách đơn vị</b>",
        f"{format_count(len(change.new))} đơn vị mới, {format_count(len(change.updated))} đơn vị đã có, "
        f"{format_count(len(change.officers))} dòng cán bộ. Chưa có gì được ghi nhận.",
        *_new_roots(what.roots),
        *_lines([_note(note) for note in what.table.notes]),
    ]
    refused = len({problem.spot for problem in change.problems})
    if refused:
        lines += ["", f"Có {format_count(refused)} dòng chưa dùng được:"]
        lines += _lines([_problem(problem) for problem in change.problems])
    leave = taps.LeaveList().button("Hủy")
    if not what.has_something:
        return Reply("\n".join([*lines, "", "Anh/chị sửa rồi gửi lại tệp giúp."]))
    take = taps.TakeList(mark)
    button = take.button("Nhập các dòng đúng") if refused else take.button("Nhập danh sách")
    return Reply("\n".join(lines), ((button, leave),))


def _too_long() -> Reply:
    return Reply(
        f"Danh sách dài hơn {format_count(MOST_ROWS)} dòng. "
        "Anh/chị nhờ người vận hành chạy <code>troly units import TỆP</code> giúp."
    )


def taken(outcome: ImportOutcome | None) -> Reply:
    """What became of a list."""
    if outcome is None:
        return _too_long()
    refused = len({problem.spot for problem in outcome.problems})
    lines = [
        "<b>Đã nhập danh sách đơn vị</b>",
        f"{format_count(outcome.added)} đơn vị mới, {format_count(outcome.changed)} thay đổi "
        f"({format_count(outcome.moved)} chuyển cấp trên), {format_count(outcome.unchanged)} giữ nguyên; "
        f"{format_count(outcome.roles)} vai trò được trao, {format_count(outcome.people)} cán bộ mới.",
        *_new_roots(outcome.roots),
    ]
    if refused:
        lines += ["", f"{format_count(refused)} dòng chưa nhập:", *_lines(list(map(_problem, outcome.problems)))]
    if outcome.ended:
        spots = ", ".join(map(_say, outcome.ended[:_MOST_LINES]))
        lines.append(f"Vai trò đã bị thu hồi trước đây nên không trao lại, hãy mời lại nếu cần: {escape(spots)}.")
    return Reply("\n".join(lines))


def refused(why: UnitFileRefusedError) -> Reply:
    """Why a file is no list that can be taken in."""
    match why.why:
        case WhyNoUnits.NO_CODES:
            text = (
                f"Dòng {why.said[0]} giống dòng tiêu đề nhưng không có cột Mã. Các cột tôi chưa hiểu: {why.said[1]}. "
                "Anh/chị đặt tên cột như tệp mẫu ở /donvi (Mã, Cấp trên, Tên, Loại hình, Cán bộ, Điện thoại, Vai trò)."
            )
        case WhyNoUnits.NOTHING_BELOW:
            text = "Dưới dòng tiêu đề chưa có đơn vị nào. Anh/chị điền danh sách rồi gửi lại."
        case WhyNoUnits.TWO_COLUMNS:
            column = _COLUMNS.get(why.said[1], why.said[1])
            text = f"Tệp có hai cột cùng là “{column}”. Anh/chị bỏ bớt một cột rồi gửi lại."
        case WhyNoUnits.ONLY_HIDDEN:
            text = f"Danh sách đơn vị nằm ở trang đang ẩn: {why.said[0]}. Anh/chị cho trang đó hiện ra rồi gửi lại."
        case _:
            text = (
                f"Tôi không thấy dòng tiêu đề trong {HEADER_WITHIN} dòng đầu: cần có cột Mã và Tên. "
                "Anh/chị lấy tệp mẫu ở /donvi giúp."
            )
    return Reply(escape(text))


def which(mark: str) -> Reply:
    """Where a table may be a list of units or figures of them."""
    return Reply(
        "Tệp này vừa có đơn vị vừa có số liệu. Anh/chị gửi để làm gì?",
        ((taps.ReadList(mark).button("Danh sách đơn vị"), ReadFigures(mark).button("Số liệu báo cáo")),),
    )


def figures_way() -> Reply:
    """How figures come in as a file."""
    return Reply(
        "Số liệu thì tôi chỉ nhận ở tệp Excel của tôi, để không nhầm đơn vị và kỳ: vào /tonghop, bấm Excel, "
        "điền vào tệp đó rồi gửi lại. Chưa có gì được ghi nhận."
    )


def left_alone() -> Reply:
    """To whoever does not want the list taken in."""
    return Reply("Vâng, tôi không nhập gì từ tệp này.")


def send_again() -> str:
    """The toast where the file is not to be had any more."""
    return "Tôi không lấy lại được tệp đó. Anh/chị gửi lại tệp giúp."


def not_yours() -> Reply:
    """To somebody of a unit who sends a list."""
    return Reply(
        "Tệp này là danh sách đơn vị, do quản trị viên nhập; anh/chị chuyển cho người đó giúp. "
        "Còn số liệu thì điền vào tệp Excel tải ở /tonghop, hoặc nộp bằng /baocao."
    )
