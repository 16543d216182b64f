"""Buttons of units, people, workbooks, forms, shares and questions that stand in chats already go on working."""

from __future__ import annotations

import pytest

from bot.access import Right
from bot.features.forms.taps import (
    ApproveForm,
    DecideDoubt,
    DropForm,
    FetchForm,
    RestoreForm,
    ShowForm,
    ShowHeld,
    WithdrawForm,
)
from bot.features.people.taps import (
    AskCalled,
    CalledLetter,
    ChangeAccount,
    ChooseCalled,
    EndRole,
    HandOver,
    MakeInvitation,
    ReplaceRole,
    RoleLetter,
    ShowRole,
    TurnJoined,
)
from bot.features.registry import REGISTRY
from bot.features.relay.taps import AnswerBelow, AskAbove, WriteAbove
from bot.features.submissions.taps import ChooseColumn, ChooseTableUnit
from bot.features.targets.giving.taps import (
    AnswerByChange,
    AnswerByKeeping,
    OpenGiving,
    SayClear,
    SayOpinion,
    SplitShare,
)
from bot.features.targets.taps import (
    DrawUnitsOfGoal,
    NudgeUnitOfGoal,
    ShowShareProgress,
    ShowUnitOfGoal,
    ShowUnitsOfGoal,
)
from bot.features.units.taps import (
    AskDissolve,
    ChangeUnit,
    ChooseTarget,
    DissolveUnit,
    FetchTemplate,
    LeaveList,
    MergeUnit,
    MoveUnit,
    ReadList,
    Rearrange,
    Rearrangement,
    RenameUnit,
    ReviveUnit,
    SearchUnits,
    ShowFiguresWay,
    TakeList,
)
from bot.hands.taps import On, Tap
from bot.taps import (
    ChooseRole,
    FetchEarlier,
    FillWorkbook,
    InviteAll,
    InviteTo,
    ListForms,
    ReadAnnex,
    ReadFigures,
    ShowJoined,
    ShowStaff,
    ShowTops,
    ShowUnit,
)
from knowledge.model.periods import Period

SENT: dict[str, Tap] = {
    "gt:7:2026": OpenGiving(7, 2026),
    "gt:s:7:9": SplitShare(7, 9),
    "gt:a:12": SayClear(12),
    "gt:a:7:9": SayClear(7, 9),
    "gt:b:12": SayOpinion(12),
    "gt:d:12": AnswerByChange(12),
    "gt:k:12": AnswerByKeeping(12),
    "u:v:7:0": ShowUnit(7, 0),
    "u:t:1": ShowTops(1),
    "u:t:1:supervise": ShowTops(1, Right.SUPERVISE),
    "u:f": SearchUnits(),
    "u:m:7": ChangeUnit(7),
    "u:mv:7": MoveUnit(7),
    "u:mg:7": MergeUnit(7),
    "u:rn:7": RenameUnit(7),
    "u:q:mv:7:8": ChooseTarget(Rearrangement.MOVE, 7, 8),
    "u:y:mg:7:8": Rearrange(Rearrangement.MERGE, 7, 8),
    "u:ds:7": AskDissolve(7),
    "u:DS:7": DissolveUnit(7),
    "u:rv:7": ReviveUnit(7),
    "u:T": FetchTemplate(),
    "tab:l:0a1b2c3d4e5f": ReadList("0a1b2c3d4e5f"),
    "tab:u:0a1b2c3d4e5f": TakeList("0a1b2c3d4e5f"),
    "u:fw": ShowFiguresWay(),
    "tab:f:0a1b2c3d4e5f": ReadFigures("0a1b2c3d4e5f"),
    "tab:p:0a1b2c3d4e5f": ReadAnnex("0a1b2c3d4e5f"),
    "tab:c:0a1b2c3d4e5f:1": ChooseColumn("0a1b2c3d4e5f", 1),
    "tab:o:0a1b2c3d4e5f:0:7": ChooseTableUnit("0a1b2c3d4e5f", 0, 7),
    "u:fx": LeaveList(),
    "u:i:7": ChooseRole(7),
    "u:c:7:o": MakeInvitation(7, RoleLetter.OFFICER),
    "u:s:7": ShowStaff(7),
    "u:p:7:3:s": ShowRole(7, 3, RoleLetter.SUPERVISOR),
    "u:e:7:3:a": EndRole(7, 3, RoleLetter.ADMIN),
    "u:r:7:3:o": ReplaceRole(7, 3, RoleLetter.OFFICER),
    "u:j:7": InviteTo(7),
    "u:all:7": InviteAll(7),
    "u:w:7": ShowJoined(7),
    "sum:before:7": FetchEarlier(7),
    "sum:fill:7": FillWorkbook(7),
    "u:h:7:3:o": HandOver(7, 3, RoleLetter.OFFICER),
    "u:ac": ChangeAccount(),
    "u:ca": AskCalled(),
    "u:cs:c": ChooseCalled(CalledLetter.CHI),
    "u:cs:n": ChooseCalled(CalledLetter.OPEN),
    "u:wp:7:1": TurnJoined(7, 1),
    "up:a:Xy-1": AskAbove("Xy-1"),
    "up:r:12": AnswerBelow(12),
    "up:w:7": WriteAbove(7),
    "fm:l": ListForms(),
    "fm:h:7:0a1b2c3d": ShowHeld(7, "0a1b2c3d"),
    "fm:d:7:0a1b2c3d:2:1": DecideDoubt(7, "0a1b2c3d", 2, 1),
    "fm:A:7:0a1b2c3d:2026-Q4": ApproveForm(7, "0a1b2c3d", Period.parse("2026-Q4")),
    "fm:A:7:0a1b2c3d": ApproveForm(7, "0a1b2c3d"),
    "fm:D:7:0a1b2c3d": DropForm(7, "0a1b2c3d"),
    "fm:v:nu-cong": ShowForm("nu-cong"),
    "fm:x:nu-cong": FetchForm("nu-cong"),
    "fm:w:nu-cong": WithdrawForm("nu-cong"),
    "fm:b:nu-cong": RestoreForm("nu-cong"),
    "tg:o:7:2026": ShowShareProgress(7, 2026),
    "tg:u:3:7:2": ShowUnitsOfGoal(3, 7, 2),
    "tg:u:3:7": ShowUnitsOfGoal(3, 7),
    "tg:v:3:7": ShowUnitOfGoal(3, 7),
    "tg:v:3:7:1": ShowUnitOfGoal(3, 7, 1),
    "tg:n:3:7": NudgeUnitOfGoal(3, 7),
    "tg:g:3:7": DrawUnitsOfGoal(3, 7),
}


@pytest.mark.parametrize(("data", "tap"), SENT.items(), ids=SENT.keys())
def test_a_button_means_what_it_always_meant(data: str, tap: Tap) -> None:
    found = REGISTRY.find_handler(data)
    assert isinstance(found, On)
    assert found.tap.parse(data) == tap
    assert tap.pack() == data
