"""The turn that a handler gets: one update with its transaction, time and sender, and the ways to answer."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.routing import BaseRoute
from telegram import InlineQueryResult, InlineQueryResultsButton, Message, Update
from telegram.ext import Application, CallbackContext, ExtBot

from bot import access
from bot.access import Asker, Sender
from bot.road.carrier import Carrier, CarrierError
from bot.road.clock import Clock
from bot.road.reply import Attachment, MessageKind, Reply, to_messages
from bot.settings import Settings
from knowledge.meanings.model import Understood
from storage import messages
from storage.dialogs import OpenDialog
from storage.engine import Database
from storage.mail import NewMessage
from storage.messages import Outgoing
from storage.purge import FindStale

logger = logging.getLogger(__name__)

T = TypeVar("T")
AfterCommit = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Later:
    """The verdict of a `before_send` hook that a message is to be sent later, at `at` (aware)."""

    at: datetime


#: Looks at a message in the moment it is to leave: what to send, None to drop it, or when to ask again.
BeforeSend = Callable[[AsyncConnection, Outgoing, datetime], Awaitable["Reply | Later | None"]]
#: Does something slow for an update before its transaction begins, without effects; the handler finds the result.
Prepare = Callable[[Update, ExtBot[None]], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Tick:
    """A job that is run every so often; it gets the database and the time, and keeps no state."""

    name: str
    every: timedelta
    run: Callable[[Database, datetime], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Preparation:
    """A slow job, such as a download, that is done before some updates are handled.

    Attributes:
        needed: whether it does; asked of every update, so it is quick.
        within: seconds after which it is given up, waiting for its turn included; None for no such bound.
        of_strangers: whether it is done for people who hold no role and are not among ADMIN_IDS; without it their
            update is handled as it came, so that a file of theirs is not even fetched.
    """

    needed: Callable[[Update], bool]
    prepare: Prepare
    within: float | None = None
    of_strangers: bool = True


@dataclass(frozen=True)
class Resources:
    """What turns find by its type; never changed, so whoever took it sees one state from beginning to end."""

    by_type: Mapping[type, object]

    def find(self, kind: type[T]) -> T:
        """What was provided under this type; raises KeyError where nothing was."""
        found = self.by_type[kind]
        if not isinstance(found, kind):
            raise TypeError(f"{kind.__name__} was provided as {type(found).__name__}")
        return found


@dataclass
class Hooks:
    """What features add to the road: resources, ticks, preparations, what is purged, what the web server serves.

    `wording` gives what makes a text as it is said to somebody.
    """

    before_send: dict[MessageKind, BeforeSend] = field(default_factory=dict)
    preparations: list[Preparation] = field(default_factory=list)
    ticks: list[Tick] = field(default_factory=list)
    before_work: list[Callable[[Database], Awaitable[None]]] = field(default_factory=list)
    at_start: list[Callable[[Carrier], Awaitable[None]]] = field(default_factory=list)
    at_stop: list[Callable[[], Awaitable[None]]] = field(default_factory=list)
    after_absence: list[Callable[[Database, datetime, datetime], Awaitable[None]]] = field(default_factory=list)
    stale: list[FindStale] = field(default_factory=list)
    on_unreachable: list[Callable[[AsyncConnection, int, str, datetime], Awaitable[None]]] = field(default_factory=list)
    routes: list[BaseRoute] = field(default_factory=list)
    resources: Resources = field(default_factory=lambda: Resources({}))
    wording: Callable[[Asker], Callable[[str], str]] = field(default=lambda _asker: str)

    def provide(self, resource: object, *, kind: type | None = None) -> None:
        """Let every turn from now on find `resource` by its type (or by `kind`): `turn.resource(Catalogue)`."""
        self.provide_all({kind or type(resource): resource})

    def provide_all(self, resources: Mapping[type, object]) -> None:
        """Provide several at once, so that no turn finds some of them without the others."""
        self.resources = Resources({**self.resources.by_type, **resources})

    def resource(self, kind: type[T]) -> T:
        """What is provided under this type now; raises KeyError where nothing is."""
        return self.resources.find(kind)

    def every(self, span: timedelta, run: Callable[[Database, datetime], Awaitable[None]], *, name: str) -> None:
        """Run something every `span`; a run that is still going is not begun again."""
        self.ticks.append(Tick(name, span, run))

    def prepare(
        self,
        needed: Callable[[Update], bool],
        prepare: Prepare,
        *,
        within: float | None = None,
        of_strangers: bool = True,
    ) -> None:
        """Before updates for which `needed` is true, do something slow (a download) outside any transaction."""
        self.preparations.append(Preparation(needed, prepare, within, of_strangers))


@dataclass
class Work:
    """What handling an update produced so far: collected meanwhile, written when its transaction ends."""

    db: AsyncConnection
    now: datetime
    update: Update
    person: Sender | None
    asker: Asker | None = None
    wording: Callable[[str], str] = str
    said: list[NewMessage] = field(default_factory=list)
    files: list[Attachment] = field(default_factory=list)
    after: list[AfterCommit] = field(default_factory=list)
    tap_answered: bool = False
    forgets_chat: bool = False
    prepared: object = None
    failure: Exception | None = None


@dataclass(frozen=True)
class Surroundings:
    """The part that all turns of a running bot share; PTB's bot_data holds nothing else."""

    settings: Settings
    clock: Clock
    carrier: Carrier
    hooks: Hooks


current_work: ContextVar[Work] = ContextVar("current_work")

_NO_RESULTS: tuple[InlineQueryResult, ...] = ()


class Turn(CallbackContext[ExtBot[None], dict[Any, Any], dict[Any, Any], dict[Any, Any]]):
    """PTB's context with what this product's handlers need. One turn handles one update, in one transaction.

    Replies are written in that transaction and sent after it; if the handler raises, nothing has happened.
    A handler does no I/O but through `db`: slow things are prepared before (`Hooks.prepare`) or follow the commit.

    Attributes:
        in_dialog: what the private chat was in the middle of when its message came; the router looks it up.
        meant: what the message means; None where nothing was said in words.
        read_otherwise: whether the answer goes by what was prepared, not by the own reading.
    """

    in_dialog: OpenDialog | None = None
    meant: Understood | None = None
    read_otherwise: bool = False

    def __init__(
        self,
        application: Application[Any, Any, Any, Any, Any, Any],
        chat_id: int | None = None,
        user_id: int | None = None,
    ) -> None:
        super().__init__(application, chat_id, user_id)
        self._work = current_work.get()
        around: Surroundings = application.bot_data["around"]
        self._around = around
        self._resources = around.hooks.resources

    @property
    def db(self) -> AsyncConnection:
        """This update's transaction. Never commit it."""
        return self._work.db

    @property
    def now(self) -> datetime:
        """When the handling began (aware, UTC): one instant for the whole turn."""
        return self._work.now

    @property
    def today(self) -> date:
        """The local day of `now`, by the operator's time zone."""
        return self.now.astimezone(self.settings.timezone).date()

    @property
    def clock(self) -> Clock:
        """The product's clock."""
        return self._around.clock

    @property
    def settings(self) -> Settings:
        """The operator's settings."""
        return self._around.settings

    @property
    def person(self) -> Sender | None:
        """The sender of the update; None for channel posts and the like."""
        return self._work.person

    async def find_asker(self) -> Asker | None:
        """The sender with their roles as they were when first asked for; None where nobody in particular asks."""
        if self._work.asker is None and self.person is not None:
            self._work.asker = await access.find_asker(self.db, self.person)
            self.address(self._work.asker)
        return self._work.asker

    def address(self, asker: Asker) -> None:
        """From here on, say what is said in this private chat as it is said to them."""
        if self.is_private:
            self._work.wording = self._around.hooks.wording(asker)

    @property
    def chat_id(self) -> int | None:
        """The chat the update comes from; None for inline queries."""
        chat = self._work.update.effective_chat
        return chat.id if chat else None

    @property
    def incoming(self) -> Update:
        """The update as Telegram sent it."""
        return self._work.update

    @property
    def message(self) -> Message | None:
        """The new message; None where one was edited, a button tapped, a card asked for."""
        return self.incoming.message

    @property
    def behind_command(self) -> str:
        """The text behind the command with which the message begins, its lines kept; empty for other messages."""
        message = self.incoming.effective_message
        parts = ((message.text if message is not None else None) or "").split(maxsplit=1)
        return parts[1].strip() if len(parts) > 1 and parts[0].startswith("/") else ""

    @property
    def is_private(self) -> bool:
        """Whether it comes from a chat with one person: the only place where figures are taken."""
        chat = self.incoming.effective_chat
        return chat is not None and chat.type == chat.PRIVATE

    @property
    def tapped(self) -> int | None:
        """The id of the message whose button was tapped, to be changed by the answer; None for no tap."""
        message = self.incoming.effective_message
        return message.message_id if self.incoming.callback_query is not None and isinstance(message, Message) else None

    @property
    def prepared(self) -> object:
        """The result of a preparation for this update; an exception where it failed, None where there was none."""
        return self._work.prepared

    def resource(self, kind: type[T]) -> T:
        """What was provided under this type when the turn began; raises KeyError where nothing was."""
        return self._resources.find(kind)

    def say(self, reply: Reply) -> None:
        """Answer in the chat (and topic) the update comes from; raises ValueError where there is none."""
        if self.chat_id is None:
            raise ValueError("this update comes from no chat; use say_to")
        message = self._work.update.effective_message
        if reply.thread_id is None and message is not None and message.is_topic_message:
            reply = replace(reply, thread_id=message.message_thread_id)
        self.say_to(self.chat_id, reply)

    def addressed(self, reply: Reply) -> Reply:
        """In a group, a reply to the message it answers; otherwise as it is."""
        message = self.incoming.effective_message
        if self.is_private or message is None or self.incoming.callback_query is not None:
            return reply
        return replace(reply, answers=message.message_id)

    def say_to(self, chat_id: int, reply: Reply) -> None:
        """Say something to any chat, with this transaction."""
        if reply.attachment is not None:
            self._work.files.append(reply.attachment)
        if chat_id == self.chat_id:
            reply = replace(reply, text=self._work.wording(reply.text))
        self._work.said += to_messages(chat_id, reply)

    def forget_chat(self) -> None:
        """Let nothing stay of the chat's having written, this update included."""
        self._work.forgets_chat = True

    def after_commit(self, action: AfterCommit) -> None:
        """Do something best effort after the commit; its failure is logged and changes nothing."""
        self._work.after.append(action)

    def answer_tap(self, text: str | None = None, *, alert: bool = False) -> None:
        """Answer the button that was tapped (plain text, at most 200 letters). Left out, the spinner just stops."""
        query = self._work.update.callback_query
        if query is None:
            return
        self._work.tap_answered = True
        said = self._work.wording(text)[:200] if text else None
        fields = {"callback_query_id": query.id, "text": said, "show_alert": alert or None}
        carrier = self._around.carrier
        self.after_commit(lambda: carrier.call("answerCallbackQuery", fields))

    def answer_inline(
        self,
        results: Sequence[InlineQueryResult] = _NO_RESULTS,
        *,
        cache_for: timedelta = timedelta(minutes=5),
        personal: bool = False,
        button: InlineQueryResultsButton | None = None,
    ) -> None:
        """Answer the inline query with at most 50 cards."""
        query = self._work.update.inline_query
        if query is None:
            return
        fields = {
            "inline_query_id": query.id,
            "results": [result.to_dict() for result in results[:50]],
            "cache_time": int(cache_for.total_seconds()),
            "is_personal": personal or None,
            "button": button.to_dict() if button else None,
        }
        carrier = self._around.carrier
        self.after_commit(lambda: carrier.call("answerInlineQuery", fields))

    def call_later(self, method: str, **fields: Any) -> None:
        """Call a method of the Bot API best effort after the commit, such as sendChatAction or setMyCommands."""
        carrier = self._around.carrier
        self.after_commit(lambda: carrier.call(method, fields))


async def post(db: AsyncConnection, chat_id: int, reply: Reply, now: datetime) -> None:
    """Write a reply from outside a turn (a tick, a command), in the transaction of `db`."""
    if reply.attachment is not None:
        await messages.keep_file(db, reply.attachment.sha256, reply.attachment.content, now)
    await messages.enqueue(db, to_messages(chat_id, reply), now)


async def post_to_all(db: AsyncConnection, chat_ids: Iterable[int], reply: Reply, now: datetime) -> None:
    """The same to several chats, such as the admins'; where it has a key, each gets one of its own."""
    for chat_id in sorted(chat_ids):
        key = f"{reply.key}:{chat_id}" if reply.key is not None else None
        await post(db, chat_id, replace(reply, key=key), now)


async def best_effort(action: AfterCommit) -> None:
    """Run `action`; its failure is logged and changes nothing."""
    try:
        await action()
    except CarrierError as error:
        logger.info("best effort failed", extra={"error": type(error).__name__})
    except Exception as error:
        logger.warning("best effort failed", extra={"error": type(error).__name__})
