"""The sandbox: a local stand-in for the Telegram Bot API, and the chat page on which people try the product.

`serve` is the demo's entry, `SandboxServer` that of tests; `python -m bot.sandbox` runs it as a process of its own.
"""

from bot.sandbox.chats import Unplayable
from bot.sandbox.clock import MovableClock, following
from bot.sandbox.faults import FaultKind
from bot.sandbox.limits import NO_LIMITS, Limits, Pace
from bot.sandbox.model import Call, Chat, Message, Player
from bot.sandbox.server import SandboxServer, serve
from bot.sandbox.state import Sandbox

__all__ = [
    "NO_LIMITS",
    "Call",
    "Chat",
    "FaultKind",
    "Limits",
    "Message",
    "MovableClock",
    "Pace",
    "Player",
    "Sandbox",
    "SandboxServer",
    "Unplayable",
    "following",
    "serve",
]
