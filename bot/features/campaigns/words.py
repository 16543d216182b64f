"""Campaigns in words: opening one step by step, those that are open, closing one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from bot.features.campaigns import taps
from bot.features.campaigns.dialogs import NamingCampaign
from bot.features.campaigns.service import CampaignProblem, NewCampaign
from bot.road.reply import Button, Reply
from bot.services.campaigns import ManagedCampaign
from bot.taps import LeaveReport
from bot.words.dates import day, moment
from bot.words.reports import short, short_unit, unit_with_code
from bot.words.units import no_unit_found, several_units
from knowledge.model.forms import Form
from knowledge.numbers import format_count
from storage.units import Unit

_PROBLEMS = {
    CampaignProblem.NO_DATE: "Tôi chưa thấy hạn nộp trong tin.",
    CampaignProblem.PAST_DATE: "Hạn nộp phải từ hôm nay trở đi.",
    CampaignProblem.NO_NAME: "Tôi chưa thấy tên đợt trong tin (chữ, không quá 60 ký tự).",
    CampaignProblem.NAME_TAKEN: "Năm nay đã có đợt tên “{name}”, anh/chị đặt tên khác.",
}

_KINDS = {
    taps.AskedKinds.GRASSROOTS: "công đoàn cơ sở và nghiệp đoàn",
    taps.AskedKinds.UPPER: "công đoàn cấp trên",
    taps.AskedKinds.ALL: "mọi đơn vị",
}


def _leave() -> Button:
    return taps.LeaveCampaign().button("Hủy")


# Opening one -------------------------------------------------------------------------------------------------------


def only_admins(*, closing: bool) -> Reply:
    """To words that open or close a campaign, from somebody who may not."""
    return Reply(
        f"Chỉ quản trị của đơn vị {'đóng' if closing else 'mở'} được đợt báo cáo; anh/chị nhờ quản trị của đơn vị mình "
        "hoặc của công đoàn cấp trên giúp. Gõ /toi để xem vai trò của mình."
    )


def choose_form(forms: Sequence[Form]) -> Reply:
    """Which form the campaign asks for."""
    rows = tuple((taps.ChooseCampaignForm(number).button(short(form.title, 60)),) for number, form in enumerate(forms))
    return Reply("<b>Mở đợt báo cáo theo biểu nào?</b>", (*rows, (LeaveReport().button("Hủy"),)))


def choose_unit(units: Sequence[Unit]) -> Reply:
    """For which subtree."""
    rows = tuple((taps.ChooseCampaignUnit(unit.id).button(short_unit(unit.name)),) for unit in units)
    return Reply(
        "<b>Mở cho đơn vị nào và mọi đơn vị bên dưới?</b>\nBấm để chọn, hoặc gõ tên hay mã đơn vị.",
        (*rows, (_leave(),)),
    )


def units_found(units: Sequence[Unit], said: str, *, more: bool) -> Reply:
    """Several units fit what was typed, or none."""
    if not units:
        return no_unit_found(said, _leave())
    rows = [taps.ChooseCampaignUnit(unit.id).button(unit_with_code(unit.name, unit.code)) for unit in units]
    return several_units(rows, _leave(), more=more)


def choose_kinds(unit_name: str) -> Reply:
    """Which kinds of unit owe it."""
    return Reply(
        f"Trong {escape(unit_name)}, <b>những đơn vị nào phải nộp?</b>",
        (
            (taps.ChooseCampaignKinds(taps.AskedKinds.GRASSROOTS).button("Công đoàn cơ sở, nghiệp đoàn"),),
            (taps.ChooseCampaignKinds(taps.AskedKinds.UPPER).button("Công đoàn cấp trên"),),
            (taps.ChooseCampaignKinds(taps.AskedKinds.ALL).button("Mọi đơn vị"),),
            (_leave(),),
        ),
    )


def ask_name(
    unit_name: str,
    problem: CampaignProblem | None = None,
    name: str = "",
    dead_day: str = "",
    known: NamingCampaign | None = None,
) -> Reply:
    """Its name and when it is due, in one message; of the two only what is not `known`.

    `problem` is what was wrong with the last one, `name` its name, `dead_day` a day in it that no calendar has.
    """
    lead = f"{_PROBLEMS[problem].format(name=escape(name))}\n" if problem is not None else ""
    if problem is CampaignProblem.NO_DATE and dead_day:
        lead = f"Lịch không có ngày {escape(dead_day)}.\n"
    if known is not None and known.name:
        return Reply(
            f"{lead}Đợt “{escape(known.name)}” cho {escape(unit_name)}: <b>hạn nộp ngày nào?</b>\n"
            "Ví dụ: <code>15/12/2026</code>. Muốn đổi tên đợt thì nhắn cả tên và hạn.",
            ((_leave(),),),
        )
    if known is not None and known.due_on is not None:
        return Reply(
            f"{lead}Đợt báo cáo cho {escape(unit_name)}, hạn {day(known.due_on)}: <b>đặt tên đợt là gì?</b>\n"
            "Ví dụ: <code>Sơ kết giữa nhiệm kỳ</code>",
            ((_leave(),),),
        )
    return Reply(
        f"{lead}<b>Đặt tên đợt và hạn nộp</b> cho {escape(unit_name)}, trong một tin.\n"
        "Ví dụ: <code>Sơ kết giữa nhiệm kỳ, hạn 15/12/2026</code>",
        ((_leave(),),),
    )


def confirm(new: NewCampaign) -> Reply:
    """Before it is opened."""
    return Reply(
        f"<b>Mở đợt “{escape(new.name)}”?</b>\n{escape(new.form.title)}\n"
        f"Cho {escape(new.unit.name)} và cấp dưới, {_KINDS[new.kinds]}: {format_count(new.owing)} đơn vị phải nộp.\n"
        f"Nhận từ hôm nay, hạn {day(new.due_on)}, sửa được đến hết {day(new.locks_on)}.",
        ((taps.OpenCampaign().button("Mở đợt"), _leave()),),
    )


def opened(found: ManagedCampaign) -> Reply:
    """After it."""
    return Reply(
        f"Đã mở đợt <b>“{escape(found.name)}”</b> ({escape(found.form.short)}) cho {escape(found.unit.name)} "
        f"và cấp dưới, hạn {day(found.campaign.due_on)}. Cán bộ các đơn vị thấy đợt này khi gõ /baocao."
    )


# Closing one -------------------------------------------------------------------------------------------------------


def list_open(found: Sequence[ManagedCampaign], *, more: int = 0) -> Reply:
    """The campaigns that are open, each with how far it is; `more` are not shown."""
    if not found:
        return Reply("Không có đợt báo cáo nào đang mở trong các đơn vị anh/chị quản trị.")
    lines = ["<b>Các đợt báo cáo đang mở</b>"]
    lines += [f"\n<b>“{escape(each.name)}”</b>\n{_about(each)}" for each in found]
    if more:
        lines.append(f"\n… và {more} đợt khác có hạn xa hơn.")
    closing = [taps.AskToClose(each.campaign.id) for each in found]
    if len(found) == 1:
        return Reply("\n".join(lines), ((closing[0].button("Đóng đợt"),),))
    labels = [short(f"Đóng đợt: {each.name}", 60) for each in found]
    return Reply("\n".join(lines), tuple((tap.button(text),) for tap, text in zip(closing, labels, strict=True)))


def _about(found: ManagedCampaign) -> str:
    return (
        f"{escape(found.form.short)} · {escape(found.unit.name)} và cấp dưới\n"
        f"Hạn {day(found.campaign.due_on)} · đã nộp {format_count(found.sent)}/{format_count(found.owing)} đơn vị"
    )


def confirm_closing(found: ManagedCampaign) -> Reply:
    """Before it is closed: what that does."""
    missing = found.owing - found.sent
    left = f"Còn {format_count(missing)} đơn vị chưa nộp.\n" if missing > 0 else ""
    return Reply(
        f"<b>Đóng đợt “{escape(found.name)}”?</b>\n{_about(found)}\n{left}\n"
        "Sau khi đóng, tôi không nhắc nữa và không đơn vị nào gửi hay sửa được báo cáo của đợt này. "
        "Báo cáo đã gửi giữ nguyên, vẫn có trong /tonghop; bản nháp chưa gửi vẫn xem được. "
        "Đợt đã đóng không mở lại được.",
        ((taps.CloseCampaign(found.campaign.id).button("Đóng đợt"), taps.KeepCampaign().button("Để đợt mở")),),
    )


def closed(found: ManagedCampaign, edits: int | None) -> Reply:
    """After it."""
    return Reply(
        f"🔒 Đã đóng đợt <b>“{escape(found.name)}”</b>: {format_count(found.sent)}/{format_count(found.owing)} đơn vị "
        "đã nộp. Từ giờ tôi không nhắc, không nhận báo cáo và không nhận bản sửa của đợt này nữa; "
        "báo cáo đã gửi vẫn có trong /tonghop.",
        edits=edits,
    )


def closed_already(at: datetime, zone: ZoneInfo) -> str:
    """The toast to whoever closes it a second time."""
    return f"Đợt này đã đóng lúc {moment(at, zone)}."


def kept_open(edits: int | None) -> Reply:
    """After a change of mind."""
    return Reply("Vâng, đợt báo cáo vẫn mở.", edits=edits)
