"""The sandbox itself: a stand-in for Telegram as one bot sees it, in memory and without any HTTP.

`methods` answers the Bot API from it, `control` and tests drive it. It stands on `acts` (what people do), `chats` (who
is where), `updates` (what the bot is told), `files` and `onlookers` (who looks and waits).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from bot.sandbox.acts import Acts
from bot.sandbox.clock import MovableClock
from bot.sandbox.faults import Fault, FaultKind, FaultSchedule
from bot.sandbox.limits import Limits, RateLimiter
from bot.sandbox.model import Call, Json

BOT_ID = 7_100_000_001
DEFAULT_TOKEN = f"{BOT_ID}:{'sandbox-only-no-real-token-'.ljust(35, '0')}"


class Sandbox(Acts):
    """A stand-in for Telegram as one bot sees it.

    Attributes that tests read: `history` (every call), `people`, `chats`, `updates` (still unconfirmed), `faults`,
    `clock`, `limiter`. `url` is empty until a server serves it.
    """

    def __init__(
        self,
        *,
        clock: MovableClock | None = None,
        limits: Limits | None = None,
        token: str = DEFAULT_TOKEN,
        bot_username: str = "troly_congdoan_bot",
        bot_name: str = "Trợ lý Công đoàn",
        group_privacy: bool = True,
        first_update_id: int = 100_000_001,
    ) -> None:
        bot: Json = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": bot_name,
            "username": bot_username,
        }
        super().__init__(clock or MovableClock(), bot=bot, group_privacy=group_privacy, first_update_id=first_update_id)
        self.url = ""
        self.token = token
        self.limiter = RateLimiter(limits or Limits())
        self.faults = FaultSchedule()
        self.latency = 0.0
        """Seconds added to every call's answer."""
        self.profile: dict[tuple[str, str], str] = {}
        self.history: list[Call] = []
        self.counts: dict[str, int] = {}
        self.moments: dict[str, Callable[[datetime], datetime]] = {}
        """Named moments that the page's clock bar can jump to: label → function of now."""
        self.closing = False
        self.unused_connections = 0
        """How many connections were closed before a byte of a request had come."""
        self.clock.on_move(self._on_clock_moved)

    def fault(self, kind: FaultKind | str, method: str | None = None, *, pid: int = 0, times: int | None = 1,
              chat_id: int | None = None, skip: int = 0, seconds: float = 30.0, retry_after: int = 1,
              migrate_to: int = 0, description: str = "") -> Fault:  # fmt: skip
        """Schedules a fault for the next matching calls; see `Fault` for the parameters."""
        fault = Fault(FaultKind(kind), method, chat_id, times, skip, seconds, retry_after, migrate_to, pid, description)
        self.faults.add(fault)
        return fault

    def calls(self, *methods: str, chat_id: int | None = None) -> Iterator[Call]:
        """The history, only of these methods and this chat where given."""
        wanted = {method.lower() for method in methods}
        for call in self.history:
            if (not wanted or call.method.lower() in wanted) and (chat_id is None or call.chat_id == chat_id):
                yield call

    def close(self) -> None:
        """Ends long polls and event streams, so that a server can stop at once."""
        self.closing = True
        self.end_poll()
        self.dismiss()
        self.notify()

    def _on_clock_moved(self) -> None:
        self.emit({"type": "clock"})
        self.notify()
