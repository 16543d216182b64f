"""What people have made aside: codes for many units as files."""

from __future__ import annotations

from typing import Final

import msgspec

from bot.access import Right
from bot.features.people import bulk_words as words
from bot.features.people import inviting
from bot.hands.errands import Made, Maker, Workplace

INVITATIONS: Final = "invitations"
"""The kind of errand."""


class InvitationsErrand(msgspec.Struct, frozen=True):
    """Codes for all units below one where nobody has joined; `bot_name` is the user name in their links."""

    unit: int
    bot_name: str


async def _make(place: Workplace, errand: InvitationsErrand) -> Made:
    """Codes are kept before the files are made: a code that is in no file opens nothing for anybody, and expires."""
    async with place.writing() as asking:
        acting = await asking.as_actor()
        unit = await acting.get_unit(Right.SUPERVISE, errand.unit)
        made = await inviting.invite_all(acting, unit)
    if not made.made:
        return Made([words.everybody_joined(unit)])
    return Made(lambda: words.files(made, bot_name=errand.bot_name))


MAKERS: Final = {INVITATIONS: Maker(InvitationsErrand, _make, failed=words.failed())}
