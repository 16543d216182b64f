"""What is said while shares are set: what can be handed down, the shares as they would hold, what is refused."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from html import escape
from typing import Final

from bot.features.targets.giving import taps
from bot.features.targets.giving.amount_words import amount, number
from bot.features.targets.giving.dialogs import SettingShares
from bot.features.targets.giving.drafts import GoalRefusedError, ShareLine, ShownShares, TakenWords
from bot.features.targets.giving.history import ShareHistory
from bot.features.targets.giving.holding import GivenShares
from bot.features.targets.giving.refusal_words import refusal, unread
from bot.features.targets.giving.sources import Source
from bot.features.targets.giving.telling import Telling, ToldPerson
from bot.road.reply import Button, Reply
from bot.words.dates import moment, will_leave
from bot.words.reports import short, short_unit, unit_with_code
from knowledge.meanings.words import load_words
from knowledge.model.plans import PERCENT
from knowledge.model.shares import Changed
from knowledge.numbers import format_count, format_decimal
from knowledge.shares.checking import GoalFault, RefusedShare
from knowledge.shares.matching import plain
from knowledge.shares.reading import Spread
from storage.units import Unit

PAGE: Final = 8
_REFUSED_SHOWN: Final = 8
_SILENT_SHOWN: Final = 5
_LEAVE: Final = taps.LeaveGiving().button("Hủy")


def asks_to_begin(text: str) -> bool:
    """Whether words ask to hand shares down, and say none yet."""
    begins = plain(text).startswith(("giao chi tieu", "phan bo chi tieu", "chia chi tieu"))
    return begins and not load_words().asks_back(text)


# What can be handed down ---------------------------------------------------------------------------------------------


def choose_unit(places: Sequence[Unit], year: int) -> Reply:
    """Which unit hands something down."""
    rows = tuple((taps.OpenGiving(unit.id, year).button(short_unit(unit.name)),) for unit in places[:12])
    more = " Nơi khác thì gõ /giaochitieu kèm tên đơn vị." if len(places) > len(rows) else ""
    return Reply(f"<b>Giao chỉ tiêu</b>\nGiao chỉ tiêu của đơn vị nào?{more}", rows)


def for_supervisors() -> Reply:
    """To whoever supervises nobody."""
    return Reply("Giao chỉ tiêu dành cho cán bộ phụ trách. Chỉ tiêu của đơn vị mình anh/chị xem ở /chitieu.")


def nobody_below() -> Reply:
    """To whoever supervises only units without any below."""
    return Reply(
        "Đơn vị anh/chị phụ trách không có đơn vị trực thuộc nào để giao chỉ tiêu. Gõ /chitieu để xem của mình."
    )


def sources(
    unit: Unit,
    year: int,
    found: Sequence[Source],
    page: int,
    *,
    this_year: int,
    edits: int | None = None,
    said: str = "",
) -> Reply:
    """What a unit can hand down in a year; `said` are words that named none of it, or several."""
    pages = max(1, -(-len(found) // PAGE))
    page = min(page, pages - 1)
    shown = found[page * PAGE : (page + 1) * PAGE]
    lines = [f"<b>Giao chỉ tiêu năm {year}</b> – {escape(unit.name)}"]
    named = f" tên “{escape(short(said, 60))}”" if said else ""
    if said and found:
        lines.append(f"“{escape(short(said, 60))}” là chỉ tiêu nào? Anh/chị chọn giúp:")
    lines += [f"• {_source_line(each)}" for each in shown]
    if not found:
        lines.append(f"Năm {year} đơn vị chưa có chỉ tiêu nào{named}. Anh/chị đặt bằng nút <b>Chỉ tiêu khác</b>.")
    if pages > 1:
        lines.append(f"Trang {page + 1}/{pages}")
    rows: list[tuple[Button, ...]] = [
        (taps.OpenSource(unit.id, year, each.mark).button(short(each.name)),) for each in shown
    ]
    turns = []
    if page:
        turns.append(taps.OpenGiving(unit.id, year, page - 1).button("‹ Trang trước"))
    if page + 1 < pages:
        turns.append(taps.OpenGiving(unit.id, year, page + 1).button("Trang sau ›"))
    other = this_year + 1 if year == this_year else this_year
    rows += [tuple(turns)] if turns else []
    rows.append(
        (
            taps.NameOwnGoal(unit.id, year).button("Chỉ tiêu khác"),
            taps.OpenGiving(unit.id, other).button(f"Năm {other}"),
        )
    )
    return Reply("\n".join(lines), tuple(rows), edits=edits)


def _source_line(source: Source) -> str:
    name = escape(short(source.name, 120))
    if source.own is None:
        ahead = source.target.figure if source.target is not None and source.goal is None else ""
        own = f"kế hoạch đặt {escape(ahead)}" if ahead else "đơn vị chưa có chỉ tiêu"
        own += f" đến năm {source.target.year}" if ahead and source.target is not None and source.target.year else ""
    else:
        own = f"<b>{amount(source.own, escape(source.measured_in))}</b>"
    if not source.units:
        return f"{name}: {own}"
    if source.measured_in == PERCENT:
        return f"{name}: {own}, đã giao {format_count(source.units)} đơn vị"
    return f"{name}: {own}, đã giao {format_decimal(source.given)} cho {format_count(source.units)} đơn vị"


def ask_own_goal(year: int) -> Reply:
    """What the unit's own goal is, how much, of what."""
    return Reply(
        f"<b>Chỉ tiêu khác</b>\nAnh/chị gõ tên chỉ tiêu, số lượng và đơn vị tính trong một tin, ví dụ: "
        f"<i>Trồng cây xanh: 500 cây, năm {year}</i>.",
        ((_LEAVE,),),
    )


def own_goal_unclear() -> Reply:
    """To words that are no goal."""
    return Reply(
        "Tôi chưa rõ tên chỉ tiêu hoặc số lượng. Anh/chị gõ như: <i>Trồng cây xanh: 500 cây</i>, hoặc gõ /huy để thôi.",
        ((_LEAVE,),),
    )


def goal_refused(refused: GoalRefusedError) -> Reply:
    """Why nothing of a goal can be handed down."""
    return Reply(f"<b>{escape(refused.name)}</b>: {goal_fault(refused.fault)} Tôi chưa ghi gì.")


def year_refused(year: int, fault: GoalFault) -> Reply:
    """Why nothing can be handed down for a year."""
    return Reply(f"Năm {year}: {goal_fault(fault)} Tôi chưa ghi gì.")


def goal_fault(fault: GoalFault) -> str:
    """The same as a sentence."""
    return {
        GoalFault.PLAN_ENDED: "kế hoạch đặt chỉ tiêu này đã hết thời hạn nên không giao được nữa.",
        GoalFault.PLAN_REPLACED: "kế hoạch đặt chỉ tiêu này đã được thay thế; anh/chị giao theo kế hoạch mới giúp.",
        GoalFault.PLAN_GONE: "kế hoạch đặt chỉ tiêu này không còn hiệu lực nên không giao được nữa.",
        GoalFault.YEAR_PAST: "năm này đã qua nên không giao chỉ tiêu được nữa.",
        GoalFault.YEAR_FAR: "năm này còn xa quá; tôi nhận chỉ tiêu của năm nay và năm năm tới.",
        GoalFault.CLOSED: "chỉ tiêu này đã kết thúc.",
        GoalFault.NOT_HELD: "đơn vị không còn được giao chỉ tiêu này nên chưa giao cho cấp dưới được.",
        GoalFault.NO_UNITS: "đơn vị không có đơn vị trực thuộc nào để giao.",
    }[fault]


# The shares ----------------------------------------------------------------------------------------------------------


def shares(shown: ShownShares, edits: int | None = None, *, how: bool = False) -> Reply:
    """The shares as they stand, or as they would; `how` shows the ways of setting them beside a draft too."""
    measure = escape(shown.measured_in)
    lines = [f"<b>{escape(shown.name)}, năm {shown.state.year}</b> – {escape(shown.unit.name)}", _own_line(shown)]
    if not shown.is_percent:
        lines.append(_balance_line(shown))
    lines += [_share_line(each, shown.measured_in) for each in shown.shown]
    if shown.pages > 1:
        lines.append(f"Trang {shown.page + 1}/{shown.pages} ({format_count(len(shown.lines))} đơn vị)")
    if shown.state.reason:
        lines.append(f"Lý do: {escape(shown.state.reason)}")
    if shown.is_changed:
        lines.append("<i>Chưa giao. Anh/chị xem lại rồi bấm nút bên dưới.</i>")
    if how or not shown.is_changed:
        lines.append(f"<i>{_example(shown)}</i>")
    if measure and not shown.is_percent:
        lines[1] = f"{lines[1]} (tính bằng {measure})" if shown.own is None else lines[1]
    return Reply("\n".join(filter(None, lines)), tuple(_share_buttons(shown, how=how)), edits=edits)


def _own_line(shown: ShownShares) -> str:
    if shown.own is not None:
        return f"Chỉ tiêu của đơn vị: <b>{amount(shown.own, escape(shown.measured_in))}</b>"
    if shown.figure:
        return f"Kế hoạch đặt {escape(shown.figure)}; năm {shown.state.year} chưa có chỉ tiêu riêng"
    return "Đơn vị chưa có chỉ tiêu"


def _balance_line(shown: ShownShares) -> str:
    given = number(shown.balance.given, shown.measured_in)
    if shown.balance.missing and shown.balance.given:
        return f"Giao xuống: <b>{given}</b>, còn <b>{format_decimal(shown.balance.missing)}</b> chưa giao"
    if shown.balance.reserve:
        return f"Giao xuống: <b>{given}</b>, dự phòng {format_decimal(shown.balance.reserve)} so với số của đơn vị"
    if not shown.balance.given:
        return "Chưa giao cho đơn vị nào"
    return f"Giao xuống: <b>{given}</b>" + (", vừa đủ" if shown.own is not None else "")


def _share_line(line: ShareLine, measured_in: str) -> str:
    asides, stood = [], ""
    if line.value is not None and line.standing is not None and line.value != line.standing:
        step = line.value - line.standing
        stood = f"{number(line.standing, measured_in)} → "
        asides.append(f"{'+' if step > 0 else '−'}{number(abs(step), measured_in)}")
    elif line.value != line.standing and line.standing is not None:
        asides.append(f"đang {number(line.standing, measured_in)}")
    if line.last_year is not None:
        more = line.value - line.last_year if line.value is not None else Decimal(0)
        since = (
            f", {'tăng' if more > 0 else 'giảm'} {format_decimal(abs(more))}" if more and measured_in != PERCENT else ""
        )
        asides.append(f"năm trước {number(line.last_year, measured_in)}{since}")
    if not line.is_below:
        asides.append("không còn trực thuộc")
    if line.value is None and line.standing is not None:
        value = "<b>thu hồi</b>"
    else:
        value = f"<b>{number(line.value, measured_in)}</b>" if line.value is not None else "–"
    return f"• {escape(line.unit.name)}: {stood}{value}" + (f" ({'; '.join(asides)})" if asides else "")


def _example(shown: ShownShares) -> str:
    name = next((line.unit.code for line in shown.lines if line.is_below), "CS1")
    if shown.is_percent:
        return f"Anh/chị gõ số của từng đơn vị, ví dụ: {escape(name)} 85%, còn lại 80%."
    evenly = "chia đều" if shown.own is not None else "chia đều 120"
    return (
        f"Anh/chị gõ số của từng đơn vị, ví dụ: {escape(name)} 50, còn lại {evenly}. "
        f"Sửa số đã giao thì thêm lý do: {escape(name)} 60, do mở thêm ca."
    )


def _share_buttons(shown: ShownShares, *, how: bool) -> list[tuple[Button, ...]]:
    token = shown.state.token
    rows: list[tuple[Button, ...]] = []
    turns = []
    if shown.page:
        turns.append(taps.ShowShares(token, shown.page - 1).button("‹ Trang trước"))
    if shown.page + 1 < shown.pages:
        turns.append(taps.ShowShares(token, shown.page + 1).button("Trang sau ›"))
    if turns:
        rows.append(tuple(turns))
    if how or not shown.is_changed:
        rows += _ways(shown)
    if shown.is_changed:
        give = taps.GiveShares(token)
        rows.append(
            (
                give.button("Vẫn giao") if shown.balance.missing else give.button("Giao"),
                taps.ChangeShares(token).button("Sửa"),
                _LEAVE,
            )
        )
        return rows
    if any(line.standing is not None for line in shown.lines):
        rows.append((taps.ShowShareHistory(shown.unit.id, shown.state.goal).button("Các lần thay đổi"),))
    back = taps.OpenGiving(shown.unit.id, shown.state.year).button("Quay lại")
    if shown.may_close:
        return [*rows, (taps.CloseGoal(shown.unit.id, shown.state.goal).button("Kết thúc chỉ tiêu"), back)]
    return [*rows, (back,)]


def history(found: ShareHistory) -> Reply:
    """What was changed, the last first."""
    goal = found.goal
    lines = [f"<b>{escape(goal.name)}, năm {goal.year}</b> – các lần thay đổi"]
    lines += [f"• {_history_line(each, found)}" for each in found.changes]
    return Reply("\n".join(lines), ((taps.SplitShare(found.unit.id, goal.id).button("Quay lại"),),))


def _history_line(changed: Changed, found: ShareHistory) -> str:
    share, goal = changed.after, found.goal
    where = escape(found.places.get(share.unit_id, ""))
    old, new = (None if each is None else number(each, goal.measured_in) for each in (changed.old, share.value))
    step = f"<b>{new or 'thu hồi'}</b>" if old is None else f"{old} → <b>{new or 'thu hồi'}</b>"
    line = f"{moment(share.set_at, found.zone)}, {where}: {step}"
    who = found.people.get(share.set_by) if share.set_by is not None else None
    if who:
        line += f" – {escape(who)}"
    other = share.merged_with
    if other is not None:
        way = "do sáp nhập" if share.value is not None else "sáp nhập vào"
        return f"{line}; {way} {escape(found.places.get(other, 'đơn vị khác'))}"
    return f"{line}; {escape(share.reason)}" if share.reason else line


def _ways(shown: ShownShares) -> list[tuple[Button, ...]]:
    token = shown.state.token
    table = taps.FetchShareTable(token).button("Bằng Excel")
    last_year = taps.ProposeShares(token, Spread.AS_LAST_YEAR).button("Như năm trước")
    evenly = taps.ProposeShares(token, Spread.EVENLY)
    if shown.is_percent:
        alike = ((evenly.button("Giao như nhau"),),) if shown.own is not None else ()
        return [*alike, (last_year, table)]
    first = (evenly.button("Chia đều"), taps.ProposeShares(token, Spread.BY_MEMBERS).button("Theo số đoàn viên"))
    return [*([first] if shown.own is not None else []), (last_year, table)]


_ACTS: Final = {
    "giao": "give",
    "vẫn giao": "give",
    "sửa": "change",
    "bằng excel": "table",
    "giao như nhau": "evenly",
    "chia đều": "evenly",
    "theo số đoàn viên": "by_members",
    "như năm trước": "as_last_year",
}


def find_act(text: str) -> str:
    """Which button's label was typed; empty for anything else."""
    return _ACTS.get(" ".join(text.casefold().split()).strip(" .!"), "")


def ask_which(state: SettingShares, names: Sequence[Unit]) -> Reply:
    """Which unit a name means that may be several."""
    rows = [(taps.ChooseNamed(state.token, unit.id).button(unit_with_code(unit.name, unit.code)),) for unit in names]
    leave_out = taps.ChooseNamed(state.token, 0).button("Bỏ qua")
    return Reply(f"“{escape(short(state.pending[0].words, 60))}” là đơn vị nào?", (*rows, (leave_out, _LEAVE)))


def not_taken(taken: TakenWords) -> Reply:
    """Why a message was not taken: nothing of it was."""
    lines = [f"• {refusal(each, taken.state.measured_in)}" for each in taken.refused[:_REFUSED_SHOWN]]
    if len(taken.refused) > _REFUSED_SHOWN:
        lines.append(f"• và {len(taken.refused) - _REFUSED_SHOWN} chỗ nữa")
    lines += [unread(each, is_told=each in taken.told) for each in taken.unread[:3]]
    return Reply("Tôi chưa ghi gì:\n" + "\n".join(lines) + "\nAnh/chị sửa rồi gõ lại giúp, hoặc gõ /huy.", ((_LEAVE,),))


def cannot_propose(refused: Sequence[RefusedShare], measured_in: str) -> str:
    """The toast to a rule that comes to nothing."""
    return refusal(refused[0], measured_in)


def refused(toast: str) -> Reply:
    """What a button's toast says, to whoever typed its label."""
    return Reply(escape(toast))


def nothing_last_year() -> str:
    """The toast where nothing is known of last year."""
    return "Chưa có chỉ tiêu hay kết quả năm trước của các đơn vị để lấy theo."


def changed_meanwhile() -> Reply:
    """Before the shares are shown anew, where they changed after they had been shown."""
    return Reply("Chỉ tiêu này vừa được người khác thay đổi nên tôi chưa giao. Anh/chị xem lại giúp:")


def nothing_changed() -> str:
    """The toast to **Giao** where nothing would change."""
    return "Chưa có gì thay đổi để giao."


def gone() -> str:
    """The toast to a button of shares that are not being looked at any more."""
    return "Bảng này không còn chờ giao. Anh/chị gõ lại /giaochitieu giúp."


def given(found: GivenShares, telling: Telling | None) -> Reply:
    """After **Giao**; `telling` is None where people are told aside."""
    lines = [
        f"✅ Đã giao <b>{escape(found.goal.name)}</b> năm {found.goal.year} "
        f"cho {format_count(len(found.changed))} đơn vị.",
    ]
    if found.balance.missing:
        lines.append(f"Còn {amount(found.balance.missing, escape(found.goal.measured_in))} chưa giao.")
    elif found.balance.reserve:
        lines.append(f"Dự phòng {amount(found.balance.reserve, escape(found.goal.measured_in))}.")
    if telling is None:
        lines.append("Tôi đang báo cho cán bộ của các đơn vị.")
    else:
        if telling.told:
            lines.append(_told(telling.told))
        if telling.silent:
            names = ", ".join(escape(each) for each in telling.silent[:_SILENT_SHOWN])
            more = (
                f" và {format_count(len(telling.silent) - _SILENT_SHOWN)} đơn vị nữa"
                if len(telling.silent) > _SILENT_SHOWN
                else ""
            )
            lines.append(f"Chưa có cán bộ nào dùng trợ lý: {names}{more}.")
    return Reply("\n".join(lines), ((taps.SplitShare(found.unit.id, found.goal.id).button("Xem chỉ tiêu đã giao"),),))


def _told(told: Sequence[ToldPerson]) -> str:
    leaves_at, on = told[0].leaves_at, told[0].on
    people = f"{format_count(len(told))} cán bộ"
    if leaves_at is None:
        return f"Đã báo cho {people}."
    return f"Đang là giờ yên lặng. {will_leave(leaves_at, overnight=leaves_at.date() > on)} cho {people}."


def told_aside(telling: Telling) -> Reply:
    """After everybody of many units was told."""
    text = f"Đã báo chỉ tiêu cho {format_count(len(telling.told))} cán bộ."
    if telling.silent:
        text += f" {format_count(len(telling.silent))} đơn vị chưa có cán bộ nào dùng trợ lý."
    return Reply(text)


def close_sure(unit_id: int, goal_id: int, name: str, edits: int | None) -> Reply:
    """Before a goal is closed."""
    return Reply(
        f"Kết thúc chỉ tiêu <b>{escape(name)}</b>? Trợ lý sẽ thôi theo dõi và báo cho các đơn vị được giao; "
        "những gì đã giao vẫn được lưu.",
        ((taps.CloseGoal(unit_id, goal_id, is_sure=True).button("Kết thúc chỉ tiêu"), _LEAVE),),
        edits=edits,
    )


def closed(name: str, year: int, told: int | None, edits: int | None) -> Reply:
    """After it was closed; `told` is how many people are told, None where that is done aside."""
    text = f"Đã kết thúc chỉ tiêu <b>{escape(name)}</b> năm {year}."
    if told is None:
        text += " Tôi đang báo cho cán bộ của các đơn vị."
    elif told:
        text += f" Đã báo cho {format_count(told)} cán bộ."
    return Reply(text, edits=edits)


def told_closed_aside(told: int) -> Reply:
    """After everybody of many units was told that a goal is closed."""
    return Reply(f"Đã báo cho {format_count(told)} cán bộ là chỉ tiêu đã kết thúc.")


def left() -> Reply:
    """After **Hủy**."""
    return Reply("Vâng, tôi không giao gì.")


def resume(state: SettingShares | None) -> Reply:
    """After a question in between was answered."""
    what = f"<b>{escape(state.name)}</b>" if state is not None else "chỉ tiêu"
    return Reply(f"Anh/chị đang giao dở {what}: bấm nút ở tin trên, gõ tiếp, hoặc gõ /huy để thôi.")
