"""Every table, in one place. A change here comes with a step in `migrations/versions`; a test compares the two."""

from storage.schema.columns import PathText, RowId, UtcDateTime, metadata
from storage.schema.forms import form_changes, form_files, form_versions
from storage.schema.notices import broadcast_messages, broadcasts, errands, home_cards, notes, relays
from storage.schema.organisation import invite_tries, invites, joining_lists, people, roles, units
from storage.schema.plans import (
    plan_changes,
    plan_facts,
    plan_file_pages,
    plan_files,
    plan_review_rows,
    plan_reviews,
    plan_subjects,
    plan_versions,
)
from storage.schema.questions import ballots, buttons, conversations, missed_questions
from storage.schema.reminders import deadlines, duties_done, reminder_preferences, reminder_steps, reminder_wishes
from storage.schema.road import chats, files, inbox, outbox, pace
from storage.schema.shares import goals, shares
from storage.schema.submissions import audit, campaigns, dialogs, drafts, figures, proofs, requests, submissions

__all__ = [
    "PathText",
    "RowId",
    "UtcDateTime",
    "audit",
    "ballots",
    "broadcast_messages",
    "broadcasts",
    "buttons",
    "campaigns",
    "chats",
    "conversations",
    "deadlines",
    "dialogs",
    "drafts",
    "duties_done",
    "errands",
    "figures",
    "files",
    "form_changes",
    "form_files",
    "form_versions",
    "goals",
    "home_cards",
    "inbox",
    "invite_tries",
    "invites",
    "joining_lists",
    "metadata",
    "missed_questions",
    "notes",
    "outbox",
    "pace",
    "people",
    "plan_changes",
    "plan_facts",
    "plan_file_pages",
    "plan_files",
    "plan_review_rows",
    "plan_reviews",
    "plan_subjects",
    "plan_versions",
    "proofs",
    "relays",
    "reminder_preferences",
    "reminder_steps",
    "reminder_wishes",
    "requests",
    "roles",
    "shares",
    "submissions",
    "units",
]
