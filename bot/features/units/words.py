"""The tree of units in words: a unit's page, searches, moves and ends, and the empty unit file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from html import escape
from typing import Final

from bot.features.units import taps
from bot.features.units.headings import GUIDE_SHEET, ROLE_NAMES
from bot.features.units.service import Foreseen, TopsPage, UnitPage
from bot.features.units.template import Template
from bot.hands.reach import FoundUnits
from bot.road.reply import Attachment, Button, Reply
from bot.taps import ChooseRole, FetchEarlier, InviteAll, ListForms, ShowJoined, ShowStaff, ShowTops, ShowUnit
from bot.words.dates import day
from bot.words.people import staff_line
from bot.words.reports import short_unit
from knowledge.model.plans import Plan
from knowledge.numbers import format_count
from knowledge.units import UNIT_KIND_LABELS, UNIT_KIND_SHORT
from storage.units import Unit

_MOST_STAFF: Final = 12


def _label(unit: Unit) -> str:
    """A unit's name that fits a button."""
    return short_unit(unit.name)


def _unit_buttons(units: Sequence[Unit]) -> list[tuple[Button, ...]]:
    return [(ShowUnit(unit.id, 0).button(_label(unit)),) for unit in units]


def _page_buttons(back: ShowUnit | ShowTops | None, on: ShowUnit | ShowTops | None) -> list[tuple[Button, ...]]:
    turn = [tap.button(label) for tap, label in ((back, "‹ Trang trước"), (on, "Trang sau ›")) if tap is not None]
    return [tuple(turn)] if turn else []


def unit_page(page: UnitPage, plan: Plan | None, *, edits: int | None = None) -> Reply:
    """A unit: what it is, who serves it, what lies below; buttons by what the asker may do."""
    unit = page.unit
    lines = [f"<b>{escape(unit.name)}</b>", f"Mã <code>{escape(unit.code)}</code> · {UNIT_KIND_LABELS[unit.kind]}"]
    if page.above:
        lines.append("Thuộc: " + " › ".join(escape(each.name) for each in page.above))
    if unit.dissolved_on is not None:
        lines.append(f"<i>Đã giải thể từ {day(unit.dissolved_on)}; số liệu cũ vẫn được giữ.</i>")
    if plan is not None:
        lines.append(f"Kế hoạch áp dụng: {escape(plan.citation)}")
    elif page.plan:
        lines.append(f"Kế hoạch áp dụng: {escape(page.plan)}")
    lines += ["", *_staff_lines(page)]
    if page.count:
        lines += ["", _below(page)]
    return Reply("\n".join(lines), _buttons(page), edits=edits)


def _staff_lines(page: UnitPage) -> list[str]:
    if not page.staff:
        return ["Chưa có cán bộ nào."]
    lines = ["Cán bộ:", *(f"• {staff_line(person, role.role)}" for role, person in page.staff[:_MOST_STAFF])]
    if len(page.staff) > _MOST_STAFF:
        lines.append(f"• và {len(page.staff) - _MOST_STAFF} người khác")
    return lines


def _below(page: UnitPage) -> str:
    shown = f" Trang {page.page + 1}/{page.pages}." if page.pages > 1 else ""
    if page.below == page.count:
        all_alike = page.grassroots == page.count
        of_these = "đều là CĐCS" if all_alike else f"trong đó {format_count(page.grassroots)} CĐCS"
        return f"Trực thuộc: {format_count(page.count)} đơn vị, {of_these}.{shown}"
    return (
        f"Trực thuộc: {format_count(page.count)} đơn vị; tính cả các cấp dưới là {format_count(page.below)}, "
        f"trong đó {format_count(page.grassroots)} CĐCS.{shown}"
    )


def _buttons(page: UnitPage) -> tuple[tuple[Button, ...], ...]:
    unit = page.unit
    rows = _unit_buttons(page.children)
    rows += _page_buttons(
        ShowUnit(unit.id, page.page - 1) if page.page > 0 else None,
        ShowUnit(unit.id, page.page + 1) if page.page + 1 < page.pages else None,
    )
    doing = []
    if page.may_invite:
        doing.append(ChooseRole(unit.id).button("Mời cán bộ"))
        if page.staff:
            doing.append(ShowStaff(unit.id).button("Vai trò"))
    if page.may_manage:
        doing.append(taps.ChangeUnit(unit.id).button("Thay đổi"))
    rows += [tuple(doing)] if doing else []
    if page.may_invite and page.below:
        rows.append((InviteAll(unit.id).button("Mời cả loạt"), ShowJoined(unit.id).button("Ai đã tham gia")))
    moving = []
    if page.above:
        moving.append(ShowUnit(page.above[-1].id, 0).button("↑ Cấp trên"))
    if page.count or page.above:
        moving.append(taps.SearchUnits().button("Tìm đơn vị"))
    rows += [tuple(moving)] if moving else []
    return tuple(rows)


def tops(page: TopsPage, *, edits: int | None = None) -> Reply:
    """Several units to begin from."""
    rows = _unit_buttons(page.units)
    rows += _page_buttons(
        ShowTops(page.page - 1, page.right) if page.page > 0 else None,
        ShowTops(page.page + 1, page.right) if page.page + 1 < page.pages else None,
    )
    rows.append((taps.SearchUnits().button("Tìm đơn vị"),))
    return Reply("Anh/chị muốn xem đơn vị nào?", tuple(rows), edits=edits)


def with_forms(reply: Reply) -> Reply:
    """The same for one of ADMIN_IDS: with the way to the forms."""
    return replace(reply, buttons=(*reply.buttons, (ListForms().button("Biểu mẫu"),)))


def no_units() -> Reply:
    """To an admin while there are no units at all."""
    return Reply(
        "Chưa có đơn vị nào. Anh/chị lấy tệp mẫu, điền danh sách đơn vị và cán bộ, rồi gửi tệp vào đây, "
        "hoặc nhờ người vận hành chạy <code>troly units import TỆP</code>.",
        ((taps.FetchTemplate().button("Lấy tệp mẫu"),),),
    )


def ask_search() -> Reply:
    """What to type to find a unit."""
    return Reply("Anh/chị gõ tên hoặc mã đơn vị cần tìm, có dấu hay không dấu đều được. Không tìm nữa thì gõ /huy.")


def found(what: FoundUnits) -> Reply:
    """Units that were searched for, each a button."""
    if not what.units:
        return Reply(_not_found(what), ((taps.SearchUnits().button("Tìm lại"),),))
    text = f"Các đơn vị có “{escape(what.text[:60])}” trong tên hoặc mã:{_more(what)}"
    return Reply(text, tuple(_unit_buttons(what.units)))


def target_not_found(what: FoundUnits) -> Reply:
    """No unit is meant as the other side of a move or merger; it may be typed again."""
    return Reply(_not_found(what))


def _not_found(what: FoundUnits) -> str:
    return (
        f"Tôi không tìm thấy đơn vị nào có “{escape(what.text[:60])}” trong phạm vi của anh/chị. "
        "Thử gõ ít chữ hơn, hoặc gõ mã đơn vị."
    )


def _more(what: FoundUnits) -> str:
    return " Còn nhiều đơn vị nữa; gõ thêm chữ để thu hẹp." if what.has_more else ""


def change_menu(unit: Unit, *, edits: int | None = None) -> Reply:
    """What an admin may change of a unit."""
    back = (_back(unit),)
    if unit.dissolved_on is not None:
        return Reply(
            f"<b>{escape(unit.name)}</b> đã giải thể từ {day(unit.dissolved_on)}.",
            ((taps.ReviveUnit(unit.id).button("Khôi phục"),), back),
            edits=edits,
        )
    return Reply(
        f"Thay đổi gì ở <b>{escape(unit.name)}</b>? Nhiều đơn vị cùng lúc thì nhập bằng tệp.",
        (
            (taps.MoveUnit(unit.id).button("Chuyển cấp trên"), taps.MergeUnit(unit.id).button("Sáp nhập")),
            (taps.RenameUnit(unit.id).button("Đổi tên"), taps.AskDissolve(unit.id).button("Giải thể")),
            (taps.FetchTemplate().button("Lấy tệp mẫu"), FetchEarlier(unit.id).button("Số liệu kỳ trước")),
            back,
        ),
        edits=edits,
    )


def _back(unit: Unit) -> Button:
    return ShowUnit(unit.id, 0).button("Quay lại")


def ask_new_parent(unit: Unit) -> Reply:
    """Where to move a unit."""
    return Reply(
        f"Chuyển <b>{escape(unit.name)}</b> cùng mọi đơn vị trực thuộc về đâu? "
        "Anh/chị gõ tên hoặc mã của đơn vị cấp trên mới, hoặc /huy."
    )


def ask_merged_into(unit: Unit) -> Reply:
    """Which unit takes one over."""
    return Reply(
        f"Sáp nhập <b>{escape(unit.name)}</b> vào đơn vị nào? Các đơn vị trực thuộc sẽ chuyển sang đó. "
        "Anh/chị gõ tên hoặc mã, hoặc /huy."
    )


def ask_name(unit: Unit) -> Reply:
    """A unit's new name."""
    return Reply(f"Anh/chị gõ tên mới của <b>{escape(unit.name)}</b>, hoặc /huy.")


def name_too_long(longest: int) -> Reply:
    """To a name that cannot be one."""
    return Reply(f"Tên đơn vị dài nhất {longest} ký tự, trên một dòng. Anh/chị gõ lại giúp, hoặc /huy.")


def choose_target(what: FoundUnits, unit: Unit, change: taps.Rearrangement) -> Reply:
    """Several units that may be meant as the other side of a move or merger."""
    rows = tuple((taps.ChooseTarget(change, unit.id, each.id).button(_label(each)),) for each in what.meant)
    return Reply(f"Anh/chị chọn một đơn vị có “{escape(what.text[:60])}”:{_more(what)}", rows)


def confirm(foreseen: Foreseen, *, edits: int | None = None) -> Reply:
    """Before a unit is moved or merged into another."""
    unit, target, carried = foreseen.unit, foreseen.target, foreseen.carried
    if foreseen.change is taps.Rearrangement.MOVE:
        with_them = f" cùng {format_count(carried)} đơn vị trực thuộc" if carried else ""
        text = f"Chuyển <b>{escape(unit.name)}</b>{with_them} về <b>{escape(target.name)}</b>?"
        label = "Chuyển"
    else:
        with_them = f" {format_count(carried)} đơn vị trực thuộc chuyển sang đó;" if carried else ""
        if foreseen.shares:
            with_them += f" {foreseen.shares} chỉ tiêu được giao của đơn vị này cộng sang đó;"
            if unit.parent_id not in {target.parent_id, target.id}:
                with_them += " phần tương ứng của cấp trên hai nơi chuyển theo;"
        text = (
            f"Sáp nhập <b>{escape(unit.name)}</b> vào <b>{escape(target.name)}</b>?{with_them} "
            "số liệu cũ vẫn được giữ, từ hôm nay đơn vị này không phải nộp báo cáo nữa."
        )
        label = "Sáp nhập"
    return Reply(text, ((taps.Rearrange(foreseen.change, unit.id, target.id).button(label), _back(unit)),), edits=edits)


def confirm_dissolve(unit: Unit, below: int, *, edits: int | None = None) -> Reply:
    """Before a unit is ended."""
    with_them = f" và {format_count(below)} đơn vị trực thuộc" if below else ""
    return Reply(
        f"Giải thể <b>{escape(unit.name)}</b>{with_them}? "
        "Số liệu cũ vẫn được giữ; từ hôm nay không phải nộp báo cáo nữa.",
        ((taps.DissolveUnit(unit.id).button("Giải thể"), _back(unit)),),
        edits=edits,
    )


def impossible() -> str:
    """The toast to a change that the tree does not allow."""
    return "Không làm được: đơn vị không thể nằm dưới chính nó, hoặc đã giải thể."


def left() -> Reply:
    """To /huy while something about units was asked."""
    return Reply("Vâng, tôi không thay đổi gì.")


def template() -> Template:
    """The empty unit file: its headings, and a page that explains them."""
    return Template(
        file_name="mau-don-vi.xlsx",
        sheet="Đơn vị",
        headings=("Mã", "Cấp trên", "Tên", "Loại hình", "Kế hoạch", "Cán bộ", "Điện thoại", "Vai trò"),
        kinds=tuple(UNIT_KIND_SHORT.values()),
        roles=tuple(called.capitalize() for called in ROLE_NAMES.values()),
        guide_sheet=GUIDE_SHEET,
        guide=(
            ("Cột", "Điền gì"),
            ("Mã", "Mã của đơn vị, mỗi đơn vị một mã, không đổi về sau."),
            ("Cấp trên", "Mã của đơn vị cấp trên trực tiếp; để trống nếu là đơn vị cao nhất."),
            ("Tên", "Tên đầy đủ của đơn vị."),
            ("Loại hình", "Một trong: " + ", ".join(UNIT_KIND_SHORT.values()) + "."),
            ("Kế hoạch", "Số của kế hoạch áp dụng cho đơn vị và mọi đơn vị trực thuộc; để trống thì theo cấp trên."),
            ("Cán bộ", "Họ và tên cán bộ. Đơn vị có nhiều cán bộ thì mỗi người một dòng, cùng mã đơn vị."),
            ("Điện thoại", "Số di động dùng Telegram, ví dụ 0901 000 003; cán bộ chia sẻ số này để tham gia."),
            ("Vai trò", "Cán bộ (nhập liệu), Phụ trách hoặc Quản trị; để trống là Cán bộ."),
            ("", ""),
            ("Nhập lại", "Nhập lần nữa sẽ cập nhật theo mã; đơn vị không có trong tệp được giữ nguyên."),
        ),
    )


def template_file(content: bytes) -> Reply:
    """The empty unit file as a document."""
    return Reply(
        "Tệp mẫu: điền trang đầu, trang sau là hướng dẫn. Xong thì quản trị viên của trợ lý gửi tệp vào đây, "
        "hoặc người vận hành chạy <code>troly units import TỆP</code>.",
        document=Attachment(content, template().file_name),
    )
