"""The tree of units in words: a unit's page, searches, moves and ends, and the empty unit file."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

from bot.features.people import words as people_views
from bot.features.units.service import Found, UnitPage
from bot.features.units.template import Template
from bot.road.reply import Attachment, Button, Reply
from bot.words.commands import Wording
from bot.words.dates import day
from knowledge.model.plans import Plan
from knowledge.units import UNIT_KIND_LABELS, UNIT_KIND_SHORT
from storage.units import Unit

UNITS = Wording("Đơn vị: xem, tìm, ai phụ trách")

_LABEL: Final = 46
_MOST_STAFF: Final = 12


def label(name: str) -> str:
    """A name that fits a button."""
    return name if len(name) <= _LABEL else name[: _LABEL - 1].rstrip() + "…"


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
    return Reply("\n".join(lines), _page_buttons(page), edits=edits)


def _staff_lines(page: UnitPage) -> list[str]:
    if not page.staff:
        return ["Chưa có cán bộ nào."]
    lines = ["Cán bộ:"]
    for role, person in page.staff[:_MOST_STAFF]:
        joined = "" if person.has_joined else " (chưa tham gia)"
        lines.append(f"• {people_views.name(person)} – {people_views.ROLES[role.role]}{joined}")
    if len(page.staff) > _MOST_STAFF:
        lines.append(f"• và {len(page.staff) - _MOST_STAFF} người khác")
    return lines


def _below(page: UnitPage) -> str:
    def count(number: int) -> str:
        return f"{number:,}".replace(",", ".")

    shown = f" Trang {page.page + 1}/{page.pages}." if page.pages > 1 else ""
    if page.below == page.count:
        return f"Trực thuộc: {count(page.count)} đơn vị, trong đó {count(page.grassroots)} CĐCS.{shown}"
    return (
        f"Trực thuộc: {count(page.count)} đơn vị; cả các cấp dưới nữa là {count(page.below)}, "
        f"trong đó {count(page.grassroots)} CĐCS.{shown}"
    )


def _page_buttons(page: UnitPage) -> tuple[tuple[Button, ...], ...]:
    unit = page.unit
    rows: list[tuple[Button, ...]] = [(Button(label(each.name), data=f"u:v:{each.id}:0"),) for each in page.children]
    turn = []
    if page.page > 0:
        turn.append(Button("◀ Trang trước", data=f"u:v:{unit.id}:{page.page - 1}"))
    if page.page + 1 < page.pages:
        turn.append(Button("Trang sau ▶", data=f"u:v:{unit.id}:{page.page + 1}"))
    rows += [tuple(turn)] if turn else []
    doing = []
    if page.may_invite:
        doing.append(Button("Mời cán bộ", data=f"u:i:{unit.id}"))
        if page.staff:
            doing.append(Button("Vai trò", data=f"u:s:{unit.id}"))
    if page.may_manage:
        doing.append(Button("Thay đổi", data=f"u:m:{unit.id}"))
    rows += [tuple(doing)] if doing else []
    moving = []
    if page.above:
        moving.append(Button("▲ Cấp trên", data=f"u:v:{page.above[-1].id}:0"))
    if page.count or page.above:
        moving.append(Button("Tìm đơn vị", data="u:f"))
    rows += [tuple(moving)] if moving else []
    return tuple(rows)


def tops(units: Sequence[Unit], *, page: int, count: int, size: int, edits: int | None = None) -> Reply:
    """Several units to begin from; `count` of them in all."""
    rows: list[tuple[Button, ...]] = [(Button(label(unit.name), data=f"u:v:{unit.id}:0"),) for unit in units]
    turn = []
    if page > 0:
        turn.append(Button("◀ Trang trước", data=f"u:t:{page - 1}"))
    if (page + 1) * size < count:
        turn.append(Button("Trang sau ▶", data=f"u:t:{page + 1}"))
    rows += [tuple(turn)] if turn else []
    rows.append((Button("Tìm đơn vị", data="u:f"),))
    return Reply("Anh/chị muốn xem đơn vị nào?", tuple(rows), edits=edits)


def no_units() -> Reply:
    """To an admin while there are no units at all."""
    return Reply(
        "Chưa có đơn vị nào. Anh/chị lấy tệp mẫu, điền danh sách đơn vị và cán bộ, rồi nhờ người vận hành chạy "
        "<code>troly units import TỆP</code>.",
        ((Button("Lấy tệp mẫu", data="u:T"),),),
    )


def ask_search() -> Reply:
    """What to type to find a unit."""
    return Reply("Anh/chị gõ tên hoặc mã đơn vị cần tìm, có dấu hay không dấu đều được. Thôi thì gõ /huy.")


def found(what: Found, *, verb: str = "v") -> Reply:
    """Units that were searched for, each a button."""
    if not what.units:
        return Reply(
            f"Tôi không tìm thấy đơn vị nào có “{escape(what.text[:60])}” trong phạm vi của anh/chị. "
            "Thử gõ ít chữ hơn, hoặc gõ mã đơn vị.",
            ((Button("Tìm lại", data="u:f"),),) if verb == "v" else (),
        )
    rows = tuple((Button(label(unit.name), data=f"u:{verb}:{unit.id}:0"),) for unit in what.units)
    more = " Còn nhiều đơn vị nữa; gõ thêm chữ để thu hẹp." if what.has_more else ""
    return Reply(f"Các đơn vị có “{escape(what.text[:60])}” trong tên hoặc mã:{more}", rows)


def change_menu(unit: Unit, *, edits: int | None = None) -> Reply:
    """What an admin may change of a unit."""
    back = (Button("Quay lại", data=f"u:v:{unit.id}:0"),)
    if unit.dissolved_on is not None:
        return Reply(
            f"<b>{escape(unit.name)}</b> đã giải thể từ {day(unit.dissolved_on)}.",
            ((Button("Khôi phục", data=f"u:rv:{unit.id}"),), back),
            edits=edits,
        )
    return Reply(
        f"Thay đổi gì ở <b>{escape(unit.name)}</b>? Nhiều đơn vị cùng lúc thì nhập bằng tệp.",
        (
            (Button("Chuyển cấp trên", data=f"u:mv:{unit.id}"), Button("Sáp nhập", data=f"u:mg:{unit.id}")),
            (Button("Đổi tên", data=f"u:rn:{unit.id}"), Button("Giải thể", data=f"u:ds:{unit.id}")),
            (Button("Lấy tệp mẫu", data="u:T"),),
            back,
        ),
        edits=edits,
    )


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


def name_too_long() -> Reply:
    """To a name that cannot be one."""
    return Reply("Tên đơn vị dài nhất 250 ký tự, trên một dòng. Anh/chị gõ lại giúp, hoặc /huy.")


def choose_target(what: Found, unit: Unit, *, act: str) -> Reply:
    """Several units that may be meant as the other side of a move or merger (`act`: mv or mg)."""
    rows = tuple((Button(label(each.name), data=f"u:q:{act}:{unit.id}:{each.id}"),) for each in what.units)
    more = " Còn nhiều đơn vị nữa; gõ thêm chữ để thu hẹp." if what.has_more else ""
    return Reply(f"Anh/chị chọn một đơn vị có “{escape(what.text[:60])}”:{more}", rows)


def confirm_move(unit: Unit, target: Unit, below: int, *, edits: int | None = None) -> Reply:
    """Before a unit is moved."""
    with_them = f" cùng {below} đơn vị trực thuộc" if below else ""
    return Reply(
        f"Chuyển <b>{escape(unit.name)}</b>{with_them} về <b>{escape(target.name)}</b>?",
        (
            (
                Button("Chuyển", data=f"u:y:mv:{unit.id}:{target.id}"),
                Button("Quay lại", data=f"u:v:{unit.id}:0"),
            ),
        ),
        edits=edits,
    )


def confirm_merge(unit: Unit, target: Unit, children: int, *, edits: int | None = None) -> Reply:
    """Before a unit is merged into another."""
    with_them = f" {children} đơn vị trực thuộc chuyển sang đó;" if children else ""
    return Reply(
        f"Sáp nhập <b>{escape(unit.name)}</b> vào <b>{escape(target.name)}</b>?{with_them} "
        "số liệu cũ vẫn được giữ, từ hôm nay đơn vị này không phải nộp báo cáo nữa.",
        (
            (
                Button("Sáp nhập", data=f"u:y:mg:{unit.id}:{target.id}"),
                Button("Quay lại", data=f"u:v:{unit.id}:0"),
            ),
        ),
        edits=edits,
    )


def confirm_dissolve(unit: Unit, below: int, *, edits: int | None = None) -> Reply:
    """Before a unit is ended."""
    with_them = f" và {below} đơn vị trực thuộc" if below else ""
    return Reply(
        f"Giải thể <b>{escape(unit.name)}</b>{with_them}? "
        "Số liệu cũ vẫn được giữ; từ hôm nay không phải nộp báo cáo nữa.",
        ((Button("Giải thể", data=f"u:DS:{unit.id}"), Button("Quay lại", data=f"u:v:{unit.id}:0")),),
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
        roles=("officer", "supervisor", "admin"),
        guide_sheet="Hướng dẫn",
        guide=(
            ("Cột", "Điền gì"),
            ("Mã", "Mã của đơn vị, mỗi đơn vị một mã, không đổi về sau."),
            ("Cấp trên", "Mã của đơn vị cấp trên trực tiếp; để trống nếu là đơn vị cao nhất."),
            ("Tên", "Tên đầy đủ của đơn vị."),
            ("Loại hình", "Một trong: " + ", ".join(UNIT_KIND_SHORT.values()) + "."),
            ("Kế hoạch", "Số của kế hoạch áp dụng cho đơn vị và mọi đơn vị trực thuộc; để trống thì theo cấp trên."),
            ("Cán bộ", "Họ và tên cán bộ. Đơn vị có nhiều cán bộ thì mỗi người một dòng, cùng mã đơn vị."),
            ("Điện thoại", "Số di động dùng Telegram, ví dụ 0901 000 003; cán bộ chia sẻ số này để tham gia."),
            ("Vai trò", "officer (nhập liệu), supervisor (phụ trách) hoặc admin (quản trị); để trống là officer."),
            ("", ""),
            ("Nhập lại", "Nhập lần nữa sẽ cập nhật theo mã; đơn vị không có trong tệp được giữ nguyên."),
        ),
    )


def template_file(content: bytes) -> Reply:
    """The empty unit file as a document."""
    return Reply(
        "Tệp mẫu: điền trang đầu, trang sau là hướng dẫn. Xong thì nhờ người vận hành chạy "
        "<code>troly units import TỆP</code>.",
        document=Attachment(content, template().file_name),
    )
