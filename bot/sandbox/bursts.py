"""Load tests in the sandbox: many people write at once, and each one's wait for the answer is measured.

The k-th message of the bot in a chat is taken as the answer to the k-th message of its person, so a burst suits
questions that get exactly one message back.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.sandbox.model import Chat, Json, Message, Player
from bot.sandbox.state import Sandbox

FIRST_CROWD_ID = 900_000_001


@dataclass(slots=True)
class _Speaker:
    to_say: list[str]
    said_at: list[float] = field(default_factory=list)
    heard_at: list[float] = field(default_factory=list)


class Burst:
    """`people` write all of `messages`, everything at once or, `one_by_one`, each next message after the last answer.

    Times are monotonic seconds.
    """

    def __init__(
        self,
        sandbox: Sandbox,
        people: int,
        messages: Sequence[str],
        *,
        one_by_one: bool = False,
        first_id: int = FIRST_CROWD_ID,
    ) -> None:
        self._sandbox = sandbox
        self._one_by_one = one_by_one
        self._speakers: dict[int, _Speaker] = {}
        self.heard = 0
        self.expected = people * len(messages)
        self.first_said_at = 0.0
        self.last_heard_at = 0.0
        for person_id in range(first_id, first_id + people):
            if person_id not in sandbox.people:
                sandbox.add_person(Player(person_id, f"Người thử {person_id - first_id + 1}"), started=True)
            self._speakers[person_id] = _Speaker(list(messages))

    def begin(self) -> None:
        """Says the first message of everyone, or all messages, in turns."""
        self._sandbox.on_bot_message.append(self._on_bot_message)
        self.first_said_at = time.perf_counter()
        rounds = 1 if self._one_by_one else max((len(speaker.to_say) for speaker in self._speakers.values()), default=0)
        for _ in range(rounds):
            for person_id, speaker in self._speakers.items():
                self._say_next(person_id, speaker)

    async def wait_heard(self, messages: int, timeout: float = 60.0) -> bool:  # noqa: ASYNC109
        """Waits until `messages` answers arrived; False after `timeout` real seconds."""
        return await self._sandbox.wait_until(lambda: self.heard >= messages, timeout)

    def end(self) -> None:
        self._sandbox.on_bot_message.remove(self._on_bot_message)

    def latencies(self) -> list[float]:
        """Seconds from each message to its answer, of those answered, ascending."""
        return sorted(
            heard - said
            for speaker in self._speakers.values()
            for said, heard in zip(speaker.said_at, speaker.heard_at, strict=False)
        )

    def summary(self) -> Json:
        """Counts, answers a second, and latencies in milliseconds (null before the first answer)."""
        latencies = self.latencies()
        span = self.last_heard_at - self.first_said_at

        def percentile(share: float) -> float | None:
            return (
                round(1000 * latencies[min(len(latencies) - 1, int(share * len(latencies)))], 2) if latencies else None
            )

        return {
            "expected": self.expected,
            "heard": self.heard,
            "seconds": round(span, 4) if latencies else None,
            "per_second": round(self.heard / span, 1) if latencies and span > 0 else None,
            "p50_ms": percentile(0.5),
            "p99_ms": percentile(0.99),
        }

    def _say_next(self, person_id: int, speaker: _Speaker) -> None:
        if len(speaker.said_at) < len(speaker.to_say):
            text = speaker.to_say[len(speaker.said_at)]
            speaker.said_at.append(time.perf_counter())
            self._sandbox.say(person_id, text)

    def _on_bot_message(self, chat: Chat, message: Message) -> None:
        speaker = self._speakers.get(chat.id)
        if speaker is None:
            return
        self.heard += 1
        self.last_heard_at = message.sent_at
        speaker.heard_at.append(message.sent_at)
        if self._one_by_one:
            self._say_next(chat.id, speaker)
