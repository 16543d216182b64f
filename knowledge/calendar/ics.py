"""Due dates as a calendar file (RFC 5545) that a phone opens."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event

from knowledge.calendar.working_days import VIETNAM
from knowledge.model.obligations import Obligation
from knowledge.words import PRODUCT


def calendar_file(obligations: Iterable[Obligation], *, now: datetime, zone: ZoneInfo = VIETNAM) -> bytes:
    """An .ics file with one event for each obligation, in UTF-8.

    Without a time of day it lasts the whole day and rings at 08:30 that morning; with one it ends at that time, after
    half an hour, and rings an hour before. The same obligation always has the same identity, so that opening a newer
    file moves the event. `now` (aware) is the file's own time stamp.
    """
    file = Calendar()
    file.add("prodid", f"-//{PRODUCT}//VI")
    file.add("version", "2.0")
    file.add("method", "PUBLISH")
    for obligation in obligations:
        event = Event()
        event.add("uid", f"{obligation.key}@troly-cong-doan")
        event.add("dtstamp", now.astimezone(UTC))
        event.add("summary", f"{obligation.title} – {obligation.unit_name}")
        event.add("transp", "TRANSPARENT")
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", obligation.title)
        if obligation.due_time is None:
            event.add("dtstart", obligation.falls_on)
            event.add("dtend", obligation.falls_on + timedelta(days=1))
            alarm.add("trigger", timedelta(hours=8, minutes=30))
        else:
            ends = obligation.due_at(zone).astimezone(UTC)
            event.add("dtstart", ends - timedelta(minutes=30))
            event.add("dtend", ends)
            alarm.add("trigger", timedelta(minutes=-30))
        event.add_component(alarm)
        file.add_component(event)
    return bytes(file.to_ical())
