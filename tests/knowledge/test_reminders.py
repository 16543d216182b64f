"""Who is reminded of what and when: stories run through a moving clock, and what always holds."""

from __future__ import annotations

import time as clock
import tomllib
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from knowledge.calendar.deadlines import parse_rule
from knowledge.calendar.ics import calendar_file
from knowledge.calendar.rules import Rule
from knowledge.calendar.working_days import VIETNAM, vietnam_working_days
from knowledge.model.obligations import (
    DEFAULT_STEPS,
    Decision,
    Item,
    Obligation,
    ObligationKind,
    QuietHours,
    Recipient,
    Snooze,
    Step,
    StepKey,
)
from knowledge.model.owing import exists_on
from knowledge.reminders import SnoozeChoice, decide_reminders, find_next, next_wakeup, plan_steps, snooze_times
from tests.examples import examples

CASES: list[dict[str, Any]] = tomllib.loads((Path(__file__).parent / "data" / "reminders.toml").read_text("utf-8"))[
    "case"
]
DUE = date(2026, 10, 20)


def at(text: str) -> datetime:
    """A local moment, "2026-10-13 08:30" or a day's beginning."""
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


def owed(key: str = "a", **given: Any) -> Obligation:
    """An obligation of the unit with that name, with what differs from the usual one."""
    plain: dict[str, Any] = {
        "group": key,
        "kind": ObligationKind.FORM,
        "unit_id": 1,
        "unit_name": key,
        "title": f"Biểu {key}",
        "due_on": DUE,
        "officers": (1,),
        "supervisors": (9,),
    }
    return Obligation(key=key, **(plain | given))


def from_table(row: dict[str, Any]) -> Obligation:
    """The obligation that a row of the table describes."""
    given: dict[str, Any] = {}
    for name, value in row.items():
        match name:
            case "due":
                given["due_on"] = date.fromisoformat(value)
            case "time":
                given["due_time"] = time.fromisoformat(value)
            case "owed_from":
                given["owed_from"] = at(value)
            case "extended_to" | "dissolved_on":
                given[name] = date.fromisoformat(value)
            case "submitted":
                given["submitted_at"] = at("2026-10-01")
            case "officers" | "supervisors" | "steps":
                given[name] = tuple(value)
            case _:
                given[name] = value
    return owed(**given)


def recurring(words: str, steps: list[int], first: datetime, last: datetime) -> list[Obligation]:
    """The obligations that a rule makes between two moments, known by their dates."""
    rule = parse_rule(words, first.date())
    assert isinstance(rule, Rule)
    days = [day for day in rule.upcoming(first.date(), 40) if day <= last.date() + timedelta(days=10)]
    return [
        owed(day.isoformat(), due_on=day, due_time=rule.at, steps=tuple(steps), kind=ObligationKind.DEADLINE)
        for day in days
    ]


class Story:
    """A clock that jumps to every moment at which something can happen, and what was said on the way."""

    def __init__(self, case: dict[str, Any]) -> None:
        self.now = at(case.get("from", "2026-10-01"))
        self.end = at(case.get("to", "2026-11-15"))
        if "rule" in case:
            rows = recurring(case["rule"], case["steps"], self.now, self.end)
        elif "many" in case:
            total, missing = case["many"]["total"], case["many"]["missing"]
            submitted = [None] * missing + [at("2026-10-19")] * (total - missing)
            rows = [owed(f"u{n}", group="a", officers=(n,), submitted_at=when) for n, when in enumerate(submitted, 100)]
        else:
            rows = [from_table(row) for row in case.get("owed", [{"key": "a"}])]
        self.obligations = {row.key: row for row in rows}
        ids = {1, 2, 8, 9} | {officer for row in rows for officer in row.officers if officer >= 100}
        self.people = {person: Recipient(person) for person in sorted(ids)}
        for row in case.get("people", []):
            self.people[row["id"]] = recipient(row)
        self.quiet = QuietHours(*(time.fromisoformat(hour) for hour in case.get("quiet", ["21:00", "07:00"])))
        self.outages = [(at(start), at(end)) for start, end in case.get("outages", [])]
        self.events = sorted(case.get("events", []), key=lambda event: str(event["at"]))
        self.snoozes: list[Snooze] = []
        self.recorded: set[StepKey] = set()
        for line in case.get("recorded", []):
            key, due_on, person, step = line.split("|")
            self.recorded.add(StepKey(key, date.fromisoformat(due_on), int(person), step))
        self.said: list[str] = []

    def decide(self) -> Decision:
        today = self.now.date()
        handed_in = [
            each for each in self.obligations.values() if exists_on(min(each.due_on, today), each.dissolved_on)
        ]  # a unit dissolved by the due day does not owe it
        return decide_reminders(
            handed_in,
            self.people,
            self.recorded,
            now=self.now,
            working_days=vietnam_working_days(),
            quiet=self.quiet,
            snoozes=self.snoozes,
        )

    def run(self) -> list[str]:
        while self.now <= self.end:
            while self.events and at(self.events[0]["at"]) <= self.now:
                self.happen(self.events.pop(0))
            moments = [at(event["at"]) for event in self.events[:1]]
            down = next((end for start, end in self.outages if start <= self.now < end), None)
            if down is not None:
                moments.append(down)
            else:
                decision = self.decide()
                self.say(decision)
                moments += [moment for moment in (self.decide().next_wakeup,) if moment is not None]
            if not moments:
                break
            self.now = min(moments)
        return self.said

    def happen(self, event: dict[str, Any]) -> None:
        for name in ("submit", "extend", "due"):
            if name in event:
                key = event[name]
                changes: dict[str, Any] = {"submitted_at": self.now} if name == "submit" else {}
                if name != "submit":
                    changes["extended_to" if name == "extend" else "due_on"] = date.fromisoformat(event["to"])
                if event.get("from_now"):
                    changes["owed_from"] = self.now
                self.obligations[key] = replace(self.obligations[key], **changes)
        if "wrote" in event:
            self.people[event["wrote"]] = replace(self.people[event["wrote"]], last_wrote_at=self.now)
        if "snooze" in event:
            due_on = self.obligations[event["snooze"]].falls_on
            self.snoozes.append(Snooze(event["snooze"], due_on, event["person"], at(event["until"])))

    def say(self, decision: Decision) -> None:
        """Write down what was decided, and record it as the sender would."""
        stamp = f"{self.now:%d/%m %H:%M}"
        for skip in decision.skipped:
            self.said.append(f"{stamp} {skip.key.recipient} {skip.reason} {skip.key.obligation}{skip.key.step}")
            self.record(skip.key)
        for reminder in decision.reminders:
            self.said.append(f"{stamp} {reminder.recipient}: " + " ".join(written(item) for item in reminder.items))
            for key in reminder.keys:
                self.record(key)
        for digest in decision.digests:
            counts = f"{len(digest.missing)}/{digest.expected}"
            self.said.append(f"{stamp} {digest.supervisor} digest {digest.group} {digest.step.code}: {counts}")
            for key in digest.keys:
                self.record(key)

    def record(self, key: StepKey) -> None:
        assert key not in self.recorded, f"said twice: {key.code}"
        self.recorded.add(key)


def said_keys(decision: Decision) -> list[StepKey]:
    """Every key that these messages use up."""
    return [key for reminder in decision.reminders for key in reminder.keys] + [
        key for digest in decision.digests for key in digest.keys
    ]


def recipient(row: dict[str, Any]) -> Recipient:
    """The preferences that a row of the table describes."""
    return Recipient(
        row["id"],
        time.fromisoformat(row.get("hour", "08:30")),
        at(row["muted_until"]) if "muted_until" in row else None,
        since=at(row["since"]) if "since" in row else None,
        reachable=row.get("reachable", True),
    )


def written(item: Item) -> str:
    """One item as the table writes it."""
    step = "z" if item.step.snoozed_to is not None else item.step.code
    return f"{item.obligation.key}{step}{'!' if item.is_last_call else ''}{'~' if item.is_late else ''}"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_story(case: dict[str, Any]) -> None:
    said = Story(case).run()
    if "expect_digests" in case:
        assert [line for line in said if "digest" in line] == case["expect_digests"]
    else:
        assert said == case["expect"]


# What always holds ---------------------------------------------------------------------------------------------------

_MOMENTS = st.integers(0, 49 * 24 * 60).map(lambda minutes: at("2026-01-20") + timedelta(minutes=minutes))
_DUE = st.dates(date(2026, 2, 1), date(2026, 3, 1))


@settings(deadline=None, max_examples=examples(35))
@given(
    st.lists(st.tuples(_DUE, st.sampled_from([None, time(7, 30), time(17)])), min_size=1, max_size=4),
    _MOMENTS,
    st.integers(5, 200),
)
def test_in_any_weeks_round_tet_each_step_is_said_once_in_order_and_in_waking_hours(
    dues: list[tuple[date, time | None]], start: datetime, minutes: int
) -> None:
    """Whatever the tick, no step comes twice or after a later one, none before its time, none at night."""
    obligations = [owed(f"o{n}", due_on=day, due_time=hour) for n, (day, hour) in enumerate(dues)]
    people = {1: Recipient(1, time(8, 30)), 9: Recipient(9, time(9))}
    recorded: set[StepKey] = set()
    latest: dict[tuple[str, int], int] = {}
    messages: dict[date, int] = {}
    now = start
    for _ in range(400):
        decision = decide_reminders(obligations, people, recorded, now=now, working_days=vietnam_working_days())
        for reminder in decision.reminders:
            assert not QuietHours().covers(now.time())
            messages[now.date()] = messages.get(now.date(), 0) + 1
            for item in reminder.items:
                assert latest.get((item.obligation.key, 1), -99) < item.step.days
                latest[item.obligation.key, 1] = item.step.days
                if item.step.days <= 0:
                    assert now < item.obligation.due_at(VIETNAM)
                else:
                    assert vietnam_working_days().is_working_day(now.date())
        keys = said_keys(decision)
        assert not recorded & set(keys)
        assert len(keys) == len(set(keys))
        recorded |= set(keys)
        now += timedelta(minutes=minutes)
    assert all(count <= 2 for count in messages.values())


@settings(deadline=None, max_examples=examples(60))
@given(_DUE, _MOMENTS, st.sampled_from([time(8, 30), time(6), time(22), time(14, 45)]), st.booleans())
def test_the_next_wakeup_is_never_later_than_the_next_thing_to_say(
    day: date, start: datetime, hour: time, is_writing: bool
) -> None:
    """Between now and the wake-up there is nothing that a finer clock would have said."""
    people = {1: Recipient(1, hour, last_wrote_at=start if is_writing else None), 9: Recipient(9)}
    obligations = [owed(due_on=day)]
    days = vietnam_working_days()
    first = decide_reminders(obligations, people, set(), now=start, working_days=days)
    recorded = set(said_keys(first))
    wakeup = next_wakeup(obligations, people, recorded, now=start, working_days=days)
    now, end = start, wakeup or start + timedelta(days=40)
    while (now := now + timedelta(minutes=97)) < end:
        said = decide_reminders(obligations, people, recorded, now=now, working_days=days)
        assert not said.reminders
        assert not said.digests


@settings(deadline=None, max_examples=examples(60))
@given(_DUE, _MOMENTS)
def test_asked_twice_it_decides_the_same_and_recorded_it_is_silent(day: date, now: datetime) -> None:
    obligations, people = [owed(due_on=day)], {1: Recipient(1), 9: Recipient(9)}
    days = vietnam_working_days()
    first = decide_reminders(obligations, people, set(), now=now, working_days=days)
    assert decide_reminders(obligations, people, set(), now=now, working_days=days) == first
    recorded = set(said_keys(first))
    again = decide_reminders(obligations, people, recorded, now=now, working_days=days)
    assert (again.reminders, again.digests) == ((), ())


@pytest.mark.parametrize(
    ("after", "comes"),
    [
        ("2026-10-01", "2026-10-13 08:30"),
        ("2026-10-13 08:29", "2026-10-13 08:30"),
        ("2026-10-13 08:30", "2026-10-16 08:30"),  # 17/10 is a Saturday
        ("2026-10-20 09:00", "2026-10-21 08:30"),
        ("2026-10-28", None),
    ],
)
def test_the_next_reminder_is_known_ahead(after: str, comes: str | None) -> None:
    days, rows = vietnam_working_days(), [owed("a"), owed("b", submitted_at=at("2026-10-02"), due_on=date(2026, 10, 2))]
    found = find_next(rows, time(8, 30), after=at(after), working_days=days, quiet=QuietHours())
    assert (found and (found[0], found[1].key)) == (comes and (at(comes), "a"))


@settings(deadline=None, max_examples=examples(60))
@given(_DUE, _MOMENTS)
def test_what_was_foretold_comes_then(day: date, now: datetime) -> None:
    row, days = owed(due_on=day), vietnam_working_days()
    found = find_next([row], time(8, 30), after=now, working_days=days, quiet=QuietHours())
    assume(found is not None)
    assert found is not None
    recorded = set(said_keys(decide_reminders([row], {1: Recipient(1)}, set(), now=now, working_days=days)))
    assert decide_reminders([row], {1: Recipient(1)}, recorded, now=found[0], working_days=days).reminders


def test_the_moment_may_be_given_in_any_zone() -> None:
    local, people = at("2026-10-13 08:30"), {1: Recipient(1)}
    days = vietnam_working_days()
    utc = local.astimezone(tz=None)
    found = [decide_reminders([owed()], people, set(), now=now, working_days=days) for now in (local, utc)]
    assert found[0].reminders[0].keys == found[1].reminders[0].keys
    assert found[0].next_wakeup == found[1].next_wakeup


def test_a_message_is_worded_by_its_latest_step_and_ordered_by_urgency() -> None:
    rows = [owed("a"), owed("b", due_on=date(2026, 10, 13)), owed("c", due_on=date(2026, 10, 12))]
    people = {1: Recipient(1)}
    decision = decide_reminders(rows, people, set(), now=at("2026-10-13 08:30"), working_days=vietnam_working_days())
    [message] = decision.reminders
    assert (message.step, message.urgency, message.is_last_call) == (Step(1), 0, True)
    assert [item.days_left for item in message.items] == [0, 7, -1]
    assert message.scheduled_at == at("2026-10-13 08:30")


def test_steps_have_codes_and_keys_are_one_line() -> None:
    assert [Step(days).code for days in DEFAULT_STEPS] == ["-7", "-3", "-1", "0", "+1", "+3", "+7"]
    assert Step(-1, at("2026-10-13 14:00")).code == "z20261013T0700"
    assert StepKey("form:x", DUE, 1, "-7").code == "form:x|2026-10-20|1|-7"


def test_quiet_hours_move_to_the_next_allowed_minute() -> None:
    quiet = QuietHours()
    assert quiet.next_allowed(at("2026-10-13 23:10")) == at("2026-10-14 07:00")
    assert quiet.next_allowed(at("2026-10-14 03:00")) == at("2026-10-14 07:00")
    assert quiet.next_allowed(at("2026-10-14 07:00")) == at("2026-10-14 07:00")


def test_reminding_later_offers_this_afternoon_only_while_it_lies_ahead() -> None:
    person = Recipient(1, time(9, 15))
    assert snooze_times(at("2026-10-13 08:40"), person) == {
        SnoozeChoice.THIS_AFTERNOON: at("2026-10-13 14:00"),
        SnoozeChoice.TOMORROW: at("2026-10-14 09:15"),
    }
    assert list(snooze_times(at("2026-10-13 13:45"), person)) == [SnoozeChoice.TOMORROW]


def test_planned_steps_can_be_listed_for_the_page_of_deadlines() -> None:
    slots = plan_steps(DUE, None, (-1, 0, 1), time(8, 30), working_days=vietnam_working_days(), quiet=QuietHours())
    assert [(slot.step.days, slot.at) for slot in slots] == [
        (-1, at("2026-10-19 08:30")),
        (0, at("2026-10-20 08:30")),
        (1, at("2026-10-21 08:30")),
    ]


def test_a_calendar_file_holds_each_due_date_once_and_keeps_its_identity() -> None:
    now = at("2026-10-13 08:30")
    rows = [owed("a", unit_name="CĐCS Ánh Dương", title="Biến động đoàn viên"), owed("b", due_time=time(17))]
    events = list(Calendar.from_ical(calendar_file(rows, now=now).decode()).walk("VEVENT"))
    assert [str(event["uid"]) for event in events] == ["a@troly-cong-doan", "b@troly-cong-doan"]
    assert events[0].decoded("dtstart") == DUE
    assert str(events[0]["summary"]) == "Biến động đoàn viên – CĐCS Ánh Dương"
    assert events[1].decoded("dtend") == at("2026-10-20 17:00")
    moved = calendar_file([replace(rows[0], extended_to=date(2026, 10, 30))], now=now)
    [event] = Calendar.from_ical(moved.decode()).walk("VEVENT")
    assert (str(event["uid"]), event.decoded("dtstart")) == ("a@troly-cong-doan", date(2026, 10, 30))


def test_twenty_thousand_obligations_take_well_under_a_second() -> None:
    """The whole country is six times this; the cost is linear."""
    rows = [
        owed(f"u{n}", group="form", unit_id=n, officers=(n,), supervisors=(-(n // 40) - 1,)) for n in range(1, 20_001)
    ]
    people = {n: Recipient(n) for n in range(-501, 20_001)}
    started = clock.process_time()
    decision = decide_reminders(rows, people, set(), now=at("2026-10-13 08:30"), working_days=vietnam_working_days())
    took = clock.process_time() - started
    assert len(decision.reminders) == 20_000
    assert took < 3
