"""The list of features. A new one adds its line here; a new command, button or meaning of an old one adds none."""

from __future__ import annotations

from bot.features.basics import commands as basics
from bot.features.broadcasts import commands as broadcasts
from bot.features.campaigns import commands as campaigns
from bot.features.deadlines import commands as deadlines
from bot.features.errands import commands as errands
from bot.features.forms import commands as forms
from bot.features.home import commands as home
from bot.features.journal import commands as journal
from bot.features.people import commands as people
from bot.features.people import service as people_service
from bot.features.plans import commands as plans
from bot.features.questions import commands as questions
from bot.features.relay import commands as relay
from bot.features.reminders import commands as reminders
from bot.features.requests import commands as requests
from bot.features.second_reader import commands as second_reader
from bot.features.submissions import commands as submissions
from bot.features.summaries import commands as summaries
from bot.features.targets import commands as targets
from bot.features.units import commands as units
from bot.hands.registry import Registry

REGISTRY = Registry(
    (
        second_reader.FEATURE,
        questions.FEATURE,
        people.FEATURE,
        home.FEATURE,
        plans.FEATURE,
        targets.FEATURE,
        forms.FEATURE,
        units.FEATURE,
        relay.FEATURE,
        deadlines.FEATURE,
        broadcasts.FEATURE,
        submissions.FEATURE,
        requests.FEATURE,
        campaigns.FEATURE,
        summaries.FEATURE,
        journal.FEATURE,
        errands.FEATURE,
        reminders.FEATURE,
        basics.FEATURE,
    ),
    list_audiences=people_service.list_audiences,
    find_own_plans=people_service.find_own_plans,
)
