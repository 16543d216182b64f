"""Rate limits of the sandbox, like Telegram's for bots.

Telegram publishes no exact figures; these follow its FAQ (https://core.telegram.org/bots/faq, "My bot is hitting
limits"): about 30 messages a second overall, about one a second in a private chat with short bursts allowed, 20 a
minute in a group.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

from bot.sandbox.refusals import too_many_requests


@dataclass(frozen=True, slots=True)
class Pace:
    """A steady rate in messages a second, and how many may come at once after a pause."""

    per_second: float
    burst: int


@dataclass(frozen=True, slots=True)
class Limits:
    """The three paces. `NO_LIMITS` switches all off."""

    overall: Pace | None = Pace(30, 30)
    private_chat: Pace | None = Pace(1, 5)
    group: Pace | None = Pace(20 / 60, 20)


NO_LIMITS = Limits(overall=None, private_chat=None, group=None)


class RateLimiter:
    """Counts what was sent against `limits`, in real (monotonic) time, whatever the demo's clock says.

    Each pace is a token bucket kept as one number, the time at which it would be full again.
    """

    def __init__(self, limits: Limits, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.limits = limits
        self.refused = 0
        self._monotonic = monotonic
        self._overall_full_at = 0.0
        self._chat_full_at: dict[int, float] = {}

    def take(self, chat_id: int) -> None:
        """Counts one message to `chat_id`, or raises Refusal 429 with `retry_after` (seconds, at least 1)."""
        chat_pace = self.limits.private_chat if chat_id > 0 else self.limits.group
        overall = self.limits.overall
        if chat_pace is None and overall is None:
            return
        now = self._monotonic()
        overall_full_at = _after_one(overall, self._overall_full_at, now, self)
        chat_full_at = _after_one(chat_pace, self._chat_full_at.get(chat_id, 0.0), now, self)
        self._overall_full_at = overall_full_at
        self._chat_full_at[chat_id] = chat_full_at


def _after_one(pace: Pace | None, full_at: float, now: float, limiter: RateLimiter) -> float:
    if pace is None:
        return full_at
    after = max(full_at, now) + 1 / pace.per_second
    excess = after - now - pace.burst / pace.per_second
    if excess > 1e-9:
        limiter.refused += 1
        raise too_many_requests(max(1, math.ceil(excess)))
    return after
