"""Pure decisions about a message whose sending failed or was interrupted: send again, give up, or wait."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum

from bot.road.carrier import (
    BadTokenError,
    CarrierError,
    ForbiddenError,
    MigratedError,
    NotSentError,
    RefusedError,
    ServerFailedError,
    SlowDownError,
    TooLargeError,
)
from storage.mail import MessageKind
from storage.messages import MessageState, Outgoing

TRIES = 8  # after which a message that is refused is given up

_GONE = ("chat not found", "user not found", "user is deactivated", "peer_id_invalid", "bot can't initiate")


class DeliveryDoubt(StrEnum):
    """The reason why it is unknown whether a message arrived."""

    LOST = "lost"  # the answer was
    SERVER_FAILED = "server failed"  # Telegram answered 5xx
    DIED = "died"  # the process did, between claim and mark


class Effect(StrEnum):
    """The effect of a failure beyond its own message."""

    NONE = ""
    PAUSE = "pause"
    HALT = "halt"
    HOLD_CHAT = "hold chat"
    UNREACHABLE = "unreachable"
    MIGRATED = "migrated"
    BAD_TOKEN = "bad token"  # noqa: S105


@dataclass(frozen=True, slots=True)
class SendVerdict:
    """The decision about a message after a failed call; `wait` in seconds."""

    state: MessageState
    effect: Effect = Effect.NONE
    wait: float = 0.0
    counted: bool = False
    doubted: bool = False
    error: str = ""


def decide_again(kind: MessageKind, doubt: DeliveryDoubt, *, doubts: int, last_call: bool, edits: bool) -> bool:
    """Whether a message that may have arrived is sent again. Pure.

    Args:
        doubts: how often it has been in doubt before.
        edits: whether it changes a message instead of sending one: then a repetition does no harm.

    An answer is sent again where the process died, and once where it was lost on the way or Telegram failed: somebody
    waits for it, and silence costs more than a double. A receipt carries its own number and may be repeated. An early
    reminder is left to the next step, the last one goes out again and says so. A broadcast is never repeated.
    """
    if edits:
        return doubts < TRIES
    match kind:
        case MessageKind.RECEIPT:
            return doubts < 3
        case MessageKind.REPLY:
            return doubt is DeliveryDoubt.DIED or doubts < 1
        case MessageKind.REMINDER:
            return last_call and doubts < 1
        case MessageKind.BROADCAST:
            return False


def decide_after_failure(outgoing: Outgoing, error: Exception) -> SendVerdict:
    """The decision about the message and all sending after a failed call. Pure; its table was measured at Telegram.

    What did not reach Telegram, a page of something else on the way included, is tried again for as long as it takes.
    """
    name = type(error).__name__
    back_off = min(60.0, 2.0**outgoing.attempts)
    match error:
        case NotSentError():
            return SendVerdict(MessageState.DUE, Effect.PAUSE, wait=1.0, error=name)
        case SlowDownError(retry_after=None):
            return SendVerdict(MessageState.DUE, Effect.PAUSE, wait=3.0, error=name)
        case SlowDownError():
            effect = Effect.HOLD_CHAT if outgoing.chat_id < 0 else Effect.HALT
            return SendVerdict(MessageState.DUE, effect, wait=error.retry_after or 0.0, error=name)
        case BadTokenError():
            return SendVerdict(MessageState.DUE, Effect.BAD_TOKEN, wait=10.0, error=name)
        case MigratedError():
            return SendVerdict(MessageState.DUE, Effect.MIGRATED, error=name)
        case ForbiddenError():
            return SendVerdict(MessageState.DEAD, Effect.UNREACHABLE, counted=True, error=error.description)
        case TooLargeError():
            return SendVerdict(MessageState.DEAD, counted=True, error=error.description)
        case RefusedError(status=400):
            gone = any(sign in error.description.lower() for sign in _GONE)
            effect = Effect.UNREACHABLE if gone else Effect.NONE
            return SendVerdict(MessageState.DEAD, effect, counted=True, error=error.description)
        case RefusedError():
            state = MessageState.DUE if outgoing.attempts + 1 < TRIES else MessageState.DEAD
            return SendVerdict(state, wait=back_off, counted=True, error=error.description)
    doubt = DeliveryDoubt.SERVER_FAILED if isinstance(error, ServerFailedError) else DeliveryDoubt.LOST
    if decide_again(
        outgoing.kind, doubt, doubts=outgoing.doubts, last_call=outgoing.last_call, edits=is_edit(outgoing.body)
    ):
        return SendVerdict(MessageState.DUE, wait=max(2.0, back_off), counted=True, doubted=True, error=name)
    return SendVerdict(MessageState.DOUBT, counted=True, doubted=True, error=name)


def decide_after_opening(error: CarrierError) -> tuple[Effect, float]:
    """What it means for all sending that no connection could be opened: the effect, and for how many seconds. Pure."""
    match error:
        case BadTokenError():
            return Effect.BAD_TOKEN, 10.0
        case SlowDownError(retry_after=float(wait)):
            return Effect.HALT, wait
    return Effect.PAUSE, 1.0


def is_edit(body: str) -> bool:
    """Whether a stored body changes a message that was sent before."""
    fields = json.loads(body) if body else {}
    return "edits" in fields or "edits_key" in fields
