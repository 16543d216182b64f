"""Faults that can be scheduled for Bot API calls.

A `Fault` is scheduled for the next calls that match it; the server consults the schedule on every call. Redelivery,
update ids that jump and malformed updates are not faults of a call: see `Sandbox.redeliver`, `renumber_updates`,
`inject_update`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

BLOCK_PAGE = "<html><head><title>Blocked</title></head><body>This site is blocked by your provider.</body></html>\n"


class FaultKind(StrEnum):
    """The kind of a fault: what happens instead of, or around, the ordinary answer."""

    RETRY_AFTER = "429"
    """429 with `parameters.retry_after`; nothing is done."""
    TOO_MANY_BARE = "429_bare"
    """429 without parameters; nothing is done."""
    INTERNAL = "500"
    """500 in JSON; nothing is done."""
    BAD_GATEWAY = "502"
    """502 with an HTML page; nothing is done."""
    OK_FALSE = "ok_false"
    """200 with `ok: false`; nothing is done."""
    NOT_JSON = "not_json"
    """200 with a body that is no JSON; nothing is done."""
    CUT = "cut"
    """Done, but the answer breaks off in the middle of the body."""
    RESET = "reset"
    """Nothing is done and the connection is reset: not delivered, and lost."""
    LOST_AFTER = "lost_after"
    """Done, then the connection is reset: delivered, but the caller cannot know."""
    HANG = "hang"
    """Nothing is done; no answer for `seconds`, then the connection is reset."""
    HANG_AFTER = "hang_after"
    """Done; no answer for `seconds`, then the connection is reset."""
    FORBIDDEN = "403"
    """403 "bot was blocked by the user", or `description`."""
    BAD_REQUEST = "400"
    """400 with `description`."""
    UNAUTHORIZED = "401"
    NOT_FOUND = "404"
    CONFLICT = "409"
    """409 as when another process polls."""
    MIGRATE = "migrate"
    """400 with `parameters.migrate_to_chat_id`."""
    DELAY = "delay"
    """Ordinary, but `seconds` late."""
    KILL_BEFORE = "kill_before"
    """SIGKILL to `pid` when the call arrives; nothing is done."""
    KILL_AFTER = "kill_after"
    """SIGKILL to `pid` after the call was done, before it is answered."""
    KILL_ANSWERED = "kill_answered"
    """SIGKILL to `pid` as soon as the call is done and its answer written."""
    PAGE = "page"
    """A page that is not Telegram's, as from a provider, a captive portal, a proxy: `status`, `content_type`, `body`;
    nothing is done."""


@dataclass(slots=True)
class Fault:
    """A fault for the next `times` calls that match, after `skip` of them passed.

    `method` None matches every method, `chat_id` None every chat; `times` None means until cleared.
    """

    kind: FaultKind
    method: str | None = None
    chat_id: int | None = None
    times: int | None = 1
    skip: int = 0
    seconds: float = 30.0
    retry_after: int = 1
    migrate_to: int = 0
    pid: int = 0
    description: str = ""
    status: int = 403
    content_type: str = "text/html; charset=utf-8"
    body: str = BLOCK_PAGE
    fired: float = 0.0
    """Monotonic seconds of the last call that it met; 0 before the first."""

    def matches(self, method: str, chat_id: int | None) -> bool:
        return (self.method is None or self.method.lower() == method.lower()) and (
            self.chat_id is None or self.chat_id == chat_id
        )


class FaultSchedule:
    """The faults that still wait for a call, first scheduled first."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self._waiting.append(fault)

    def clear(self) -> None:
        self._waiting.clear()

    @property
    def waiting(self) -> tuple[Fault, ...]:
        return tuple(self._waiting)

    def take(self, method: str, chat_id: int | None) -> Fault | None:
        """The fault for this call, counted down, or None for an ordinary one."""
        for fault in self._waiting:
            if not fault.matches(method, chat_id):
                continue
            if fault.skip > 0:
                fault.skip -= 1
                continue
            if fault.times is not None:
                fault.times -= 1
                if fault.times <= 0:
                    self._waiting.remove(fault)
            return fault
        return None
