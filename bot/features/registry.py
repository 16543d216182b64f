"""Every command, button and dialog, one line each. A new feature adds its lines here, and nowhere else."""

from __future__ import annotations

from bot.features.basics import commands as basics
from bot.features.people import commands as people
from bot.features.people import service as people_service
from bot.features.plans import commands as plans
from bot.features.questions import commands as questions
from bot.features.relay import commands as relay
from bot.features.reminders import commands as reminders
from bot.features.submissions import commands as reporting
from bot.features.summaries import commands as summary
from bot.features.summaries import errands
from bot.features.understanding import commands as meant
from bot.features.units import commands as units
from bot.hands.shape import Command, Registry, Tap
from bot.words import commands as wording
from storage import conversations

REGISTRY = Registry(
    commands=(
        Command("start", basics.on_start, wording.START, in_groups=True),
        Command("help", basics.on_help, wording.HELP, in_groups=True),
        Command("kehoach", plans.on_plans, wording.PLANS, in_groups=True),
        Command("toi", basics.on_me, wording.ME),
        *reporting.COMMANDS,
        *summary.COMMANDS,
        *reminders.COMMANDS,
        *units.COMMANDS,
        summary.JOURNAL,
        Command("huy", basics.on_cancel, wording.CANCEL, in_groups=True),
        Command("xoadulieu", basics.on_forget, wording.FORGET),
    ),
    taps=(
        *questions.TAPS,
        *meant.TAPS,
        *reporting.TAPS,
        *reminders.TAPS,
        *units.TAPS,
        *summary.TAPS,
        *relay.TAPS,
        Tap("plan", plans.on_plan),
        Tap("planfile", plans.on_file),
        Tap("forget", basics.on_forget_confirmed),
    ),
    dialogs=(people.DIALOG, units.DIALOG, relay.DIALOG, *reminders.DIALOGS, reporting.DIALOG, summary.DIALOG),
    forget=(conversations.forget_person, reminders.forget, errands.forget, people_service.forget),
    find_audiences=people.find_audiences,
    find_own_plan=people_service.find_own_plan,
)
