"""Whatever buttons, menus, the guide, /help and the README print is typed, by whoever, in private and in a group."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable

import pytest

from bot.features.registry import REGISTRY
from bot.labels import load_labels
from bot.words.answers import EXAMPLES
from knowledge.meanings import AskerRole, Meaning, Situation, understand
from storage.engine import Database
from storage.people import RoleName
from tests.e2e.chat import Seat
from tests.e2e.town import OPENING_DAY, Town, town_on
from tests.e2e.typed import asked_in_the_readme, examples, labels, named_in_the_admins_guide

AT = "@troly_congdoan_bot"
ROLES = (AskerRole.GUEST, AskerRole.OFFICER, AskerRole.SUPERVISOR)
OFFERED = ("còn 2030?", "thế Quảng Trị thì sao", *EXAMPLES)
ANYWHERE = {meaning for meaning in Meaning if REGISTRY.get_meant(meaning).in_groups}
FOR_EVERYBODY = ANYWHERE | {Meaning.ME, Meaning.FORGET, Meaning.DUE}
FOR_SUPERVISORS = {Meaning.BROADCAST, Meaning.SET_DEADLINE}
FOR_ADMINS = {Meaning.AUDIT}
LACKING = re.compile(r"chưa (gắn với|thuộc) đơn vị nào|mã mời|dành cho|chỉ xem được|khi tôi biết anh/chị thuộc")
NEVER = re.compile(r"không có trong các kế hoạch|không thấy đơn vị nào tên|trục trặc|Anh/chị muốn:")
CITED = re.compile(r"📄|, mục [IVX\d]")
REPORTING = r"\d/4|đơn vị nào|nháp|Xem lại|đã nộp|lý do|kỳ nào|Đợt|đợt|Hiện không có báo cáo nào"
RIGHT = {
    Meaning.PLAN_QUESTION: r"📄|, mục [IVX\d]|Đến 2030|TƯLĐTT|Quảng Trị",
    Meaning.HELP: r"Hỏi được những gì|Xin chào|Chào anh/chị|Mã mời này",
    Meaning.PLANS: r"Các kế hoạch tôi biết|bản có chữ ký lưu|Đang có hiệu lực",
    Meaning.ME: r"Anh/chị",
    Meaning.CANCEL: r"Không có việc gì đang dở",
    Meaning.FORGET: r"Tôi sẽ quên",
    Meaning.ANSWER: r"Hiện không có việc gì đang dở",
    Meaning.DUE: r"[Hh]ạn|Theo các kế hoạch|Việc của đơn vị",
    Meaning.REMINDER_SETTINGS: r"Nhắc việc của anh/chị|Giờ nhắc",
    Meaning.SUMMARY: r"Tổng hợp",
    Meaning.MISSING: r"Chưa nộp|Tổng hợp",
    Meaning.SHARE: r"Giao chỉ tiêu|So với chỉ tiêu|chưa gắn với kế hoạch nào|không đặt chỉ tiêu nào",
    Meaning.REPORT: REPORTING,
    Meaning.BEGIN_REPORT: REPORTING,
    Meaning.HISTORY: r"[Bb]áo cáo",
    Meaning.EXTENSION: r"lý do|gia hạn|đơn vị nào",
    Meaning.BROADCAST: r"Gửi thông báo",
    Meaning.SET_DEADLINE: r"Đặt hạn|đúng chưa",
    Meaning.INVITE: r"Cán bộ|mã mời",
    Meaning.UNITS: r"Mã (TINH|MAY)",
}


@pytest.fixture
async def town(sqlite_database: Database) -> AsyncIterator[Town]:
    async with town_on(sqlite_database, f"sqlite:///{sqlite_database.path}") as town:
        yield town


def test_every_label_is_known() -> None:
    assert [label for label in labels() if load_labels().find(label) is None] == []


def test_the_admins_guide_names_buttons_as_they_are() -> None:
    assert set(named_in_the_admins_guide()) - set(labels()) == set()


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(
    "said",
    [labels(), examples(), [*OFFERED, *asked_in_the_readme()]],
    ids=["buttons and menus", "the guide", "help and the README"],
)
async def test_what_is_printed_works_when_typed(town: Town, said: list[str], role: AskerRole) -> None:
    """Each by somebody who has said nothing before, in a unit of their own."""
    wrong = []
    for number, text in enumerate(said):
        seat = await _seat(town, role, number)
        await seat.says(text)
        heard = (await seat.hears()).text
        if fault := _fault(text, role, heard):
            wrong.append(f"{text!r}: {fault} in {heard[:120]!r}")
    assert wrong == []


async def test_in_a_group_what_is_private_leads_to_the_private_chat(town: Town) -> None:
    hoa = await town.officer()
    in_group = hoa.in_group(town.chat.group("Nhóm", hoa))
    wrong = []
    for text in _of_ones_own([*labels(), *examples()]):
        await in_group.says(f"{text.split()[0]}{AT}" if text.startswith("/") else f"{AT} {text}")
        heard = await in_group.hears()
        if "trò chuyện riêng" not in heard.text:
            wrong.append(f"{text!r}: {heard.text[:120]!r}")
    assert wrong == []


def _of_ones_own(said: Iterable[str]) -> list[str]:
    return [text for text in said if _meaning(text, AskerRole.OFFICER) not in ANYWHERE]


def _meaning(text: str, role: AskerRole) -> Meaning:
    return understand(text, Situation(role, OPENING_DAY.date()), load_labels()).means


async def _seat(town: Town, role: AskerRole, number: int) -> Seat:
    name = f"Người {role.value} {number}"
    if role is AskerRole.GUEST:
        return await town.join(name)
    unit = town.may if role is AskerRole.OFFICER else town.tinh
    return await town.join(name, (unit, RoleName.OFFICER if role is AskerRole.OFFICER else RoleName.SUPERVISOR))


def _fault(text: str, role: AskerRole, heard: str) -> str:
    """What is wrong with a reply; empty where nothing is."""
    means = _meaning(text, role)
    lacks = (
        (role is AskerRole.GUEST and means not in FOR_EVERYBODY)
        or (role is not AskerRole.SUPERVISOR and means in FOR_SUPERVISORS)
        or means in FOR_ADMINS
    )
    if lacks:
        return "" if LACKING.search(heard) else f"{means} by a {role}: what is lacking is not said"
    if NEVER.search(heard) and means is not Meaning.PLAN_QUESTION:
        return f"{means}: denied"
    if CITED.search(heard) and means not in {Meaning.PLAN_QUESTION, Meaning.DUE, Meaning.PLANS}:
        return f"{means}: a plan is cited"
    return "" if re.search(RIGHT[means], heard) else f"{means}: not what it means"
