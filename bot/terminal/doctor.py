"""`troly doctor`: checks of this installation, as findings an operator can act on."""

from __future__ import annotations

import asyncio
import ipaddress
import shutil
import sqlite3
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy.exc import SQLAlchemyError

from bot.reader import SecondReader
from bot.reader.client import Client, ReaderError
from bot.reader.frame import FrameError
from bot.road.carrier import BadTokenError, Carrier, CarrierError, NotTelegramError
from bot.road.clock import system_clock
from bot.settings import Settings, find_misspelt
from bot.words.answers import EXAMPLES
from knowledge.answer import load_adviser
from knowledge.importing.scans.engine import find_engine
from knowledge.meanings import Meaning
from knowledge.model.obligations import DEFAULT_HOUR
from storage import inbox, messages, notes
from storage.engine import Database
from storage.guard import DatabaseLostError
from storage.notes import NoteKey
from storage.refused import DatabaseRefusedError, plain

LOOK_BACK = timedelta(days=7)
WRITE_SECONDS = 15.0
LITTLE_SPACE = 200_000_000  # bytes


class FindingMark(StrEnum):
    """How a finding is to be taken, as it is printed. Only a failure keeps the bot from its work."""

    OK = "ok"
    WARNING = "warn"
    FAILURE = "FAIL"


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check."""

    subject: str
    says: str
    mark: FindingMark = FindingMark.OK

    def __str__(self) -> str:
        """One line, the mark first."""
        return f"{self.mark:<4}  {self.subject}: {self.says}"


def warning(subject: str, says: str) -> Finding:
    """What is worth mending, though the bot works."""
    return Finding(subject, says, FindingMark.WARNING)


def failure(subject: str, says: str) -> Finding:
    """What keeps the bot from its work."""
    return Finding(subject, says, FindingMark.FAILURE)


async def examine(settings: Settings) -> list[Finding]:
    """Run every check; a failure of one does not hide the others."""
    return [
        *await _database(settings),
        *await _telegram(settings),
        *await _reader(settings),
        *_settings(settings),
        _scans(),
    ]


def _settings(settings: Settings) -> list[Finding]:
    quiet = settings.quiet_hours
    never = f", never from {quiet.start:%H:%M} to {quiet.end:%H:%M}" if quiet.start != quiet.end else ""
    hours = f"at {DEFAULT_HOUR:%H:%M}, or at the hour chosen in /nhac{never} ({settings.timezone})"
    found = [Finding("reminders", hours)]
    found += [
        warning(name, f"is no setting and counts for nothing; is {meant} meant?")
        for name, meant in find_misspelt().items()
    ]
    if settings.admin_ids:
        return [*found, Finding("ADMIN_IDS", f"{len(settings.admin_ids)} admins")]
    says = "nobody is told when something goes wrong, nobody can approve plans; set it"
    return [*found, warning("ADMIN_IDS", says)]


def _scans() -> Finding:
    """Whether pictures of text are read; nothing is wrong where they are not."""
    engine = find_engine()
    if engine is None:
        return Finding("scans", "are not read; that takes the packages tesseract-ocr and tesseract-ocr-vie")
    if not engine.has_vietnamese:
        return Finding("scans", f"are not read; tesseract {engine.version} lacks the package tesseract-ocr-vie")
    return Finding("scans", f"are read by tesseract {engine.version}")


async def _database(settings: Settings) -> list[Finding]:
    try:
        database = await Database.open(settings.database_address, create=False)
    except DatabaseRefusedError as error:
        return [failure("database", error.reason)]
    now = system_clock()
    try:
        unwritable = await _try_to_write(database)
        async with database.read() as db:
            noted = await notes.list_all(db)
            updates = await inbox.count_by_state(db)
            stands = await messages.count_by_state(db)
            troubled = await messages.list_troubled(db, since=now - LOOK_BACK, most=10)
    except (SQLAlchemyError, OSError, DatabaseLostError) as error:
        return [failure("database", f"cannot be read: {plain(error)}; check the disk, or restore a backup")]
    finally:
        await database.close()
    engine = f"SQLite {sqlite3.sqlite_version} at {database.path}" if database.is_sqlite else "PostgreSQL"
    if unwritable is None:
        found = [Finding("database", f"{engine}, opens, is up to date and can be written")]
    else:
        found = [failure("database", f"{engine} cannot be written: {unwritable}; free or repair its disk")]
    if database.path is not None:
        free = shutil.disk_usage(database.path.resolve().parent).free
        found.append(
            Finding("disk", f"{free / 1e9:.1f} GB free", FindingMark.OK if free > LITTLE_SPACE else FindingMark.WARNING)
        )
        found += _owner(database.path)
    found += [_noted(note, settings) for note in noted if note.is_open or note.noted_at > now - LOOK_BACK]
    parked = updates.get("parked", 0)
    waiting = f"{updates.get('new', 0)} waiting, {parked} put aside"
    found.append(Finding("updates", waiting, FindingMark.WARNING if parked else FindingMark.OK))
    text = ", ".join(f"{count} {state.value}" for state, count in sorted(stands.items())) or "none yet"
    found.append(Finding("messages", text))
    for delivery in troubled:
        when = (delivery.doubted_at or delivery.done_at or delivery.created_at).astimezone(settings.timezone)
        fate = "in doubt" if delivery.doubted_at else "not delivered"
        then = ", sent again" if delivery.doubted_at and delivery.state is messages.MessageState.SENT else ""
        to = f"{delivery.kind.value} to chat {delivery.chat_id}"
        found.append(Finding("message", f"{to} {fate}{then}, {when:%d/%m/%Y %H:%M} ({delivery.error})"))
    return found


async def _try_to_write(database: Database) -> str | None:
    """Why the database cannot be written; None where it can."""
    try:
        async with asyncio.timeout(WRITE_SECONDS), database.write() as db:
            await notes.put(db, NoteKey.DOCTOR, "", system_clock())
    except TimeoutError:
        return f"nothing could be stored within {WRITE_SECONDS:.0f} s"
    except (SQLAlchemyError, OSError, DatabaseLostError) as error:
        return plain(error)
    return None


def _owner(path: Path) -> list[Finding]:
    """A file that root made in the folder of somebody else: then the bot, run by that user, cannot write it."""
    real = path.resolve()
    folder = real.parent.stat().st_uid
    names = [name for name in (real, Path(f"{real}-wal"), Path(f"{real}-shm")) if name.exists()]
    roots = [name.name for name in names if name.stat().st_uid == 0 != folder]
    if not roots:
        return []
    return [failure("owner", f"{', '.join(roots)} belongs to root, its folder does not; give it to that user")]


def _noted(note: notes.Note, settings: Settings) -> Finding:
    """What the running bot has left for us."""
    when = f"{note.noted_at.astimezone(settings.timezone):%d/%m/%Y %H:%M:%S}"
    if note.key in (NoteKey.ALIVE, NoteKey.DOCTOR):
        return Finding(note.key.value, f"last wrote at {when}")
    says = f"{note.words}, {when}" if note.words else when
    return Finding(note.key.value, says, FindingMark.FAILURE if note.is_open else FindingMark.OK)


async def _telegram(settings: Settings) -> list[Finding]:
    origin = urlsplit(settings.telegram_api_url).netloc
    if settings.telegram_bot_token is None:
        return [failure("TELEGRAM_BOT_TOKEN", "is missing; @BotFather gives one")]
    carrier = Carrier(settings.telegram_api_url, settings.token, proxy=settings.proxy)
    try:
        me = await carrier.call("getMe", timeout=10)
        webhook = await carrier.call("getWebhookInfo", timeout=10)
    except BadTokenError:
        return [failure("telegram", f"{origin} refuses the token; check TELEGRAM_BOT_TOKEN")]
    except NotTelegramError as error:
        check = "the network blocks Telegram or asks for a login; set TELEGRAM_PROXY, or check TELEGRAM_API_URL"
        return [failure("telegram", f"a page that is not Telegram's answers for {origin} ({error}): {check}")]
    except CarrierError as error:
        return [failure("telegram", f"{origin} cannot be reached ({error}); check TELEGRAM_PROXY")]
    finally:
        await carrier.close()
    found = [Finding("telegram", f"{origin} knows the bot as @{me.get('username', '?')}")]
    url = webhook.get("url") if isinstance(webhook, dict) else ""
    if url and url != settings.webhook_url:
        found.append(failure("webhook", f"updates go to {urlsplit(url).netloc}, which is not WEBHOOK_URL"))
    elif webhook.get("last_error_message"):
        at = datetime.fromtimestamp(webhook.get("last_error_date", 0), settings.timezone)
        found.append(warning("webhook", f"Telegram's last error, {at:%d/%m/%Y %H:%M}: {webhook['last_error_message']}"))
    elif url:
        found.append(Finding("webhook", f"{url}, {webhook.get('pending_update_count', 0)} updates waiting at Telegram"))
    elif settings.webhook_url:
        found.append(warning("webhook", "Telegram knows of none yet; `troly run` tells it WEBHOOK_URL at its start"))
    return found


async def _reader(settings: Settings) -> list[Finding]:
    """Try the second reader with an example of the product's own; no finding where there is none."""
    client, host = Client.of(settings), settings.reader_host
    if client is None:
        return []
    reader = SecondReader(load_adviser(), client)
    began = time.monotonic()
    try:
        frame = await reader.ask(EXAMPLES[0], EXAMPLES[0])
    except ReaderError as error:
        check = "check READER_URL, READER_KEY and READER_MODEL; until then the bot reads alone"
        return [warning("reader", f"{host} {error}; {check}")]
    except FrameError:
        return [warning("reader", f"{host} does not answer in the form asked for; choose another READER_MODEL")]
    finally:
        await reader.close()
    took = time.monotonic() - began
    if frame.means is not Meaning.PLAN_QUESTION or not frame.facts:
        return [warning("reader", f"{host} misreads a plain question; choose another READER_MODEL")]
    found = [Finding("reader", f"{host} answers as {settings.reader_model} in {took:.1f} s")]
    if is_overheard(settings.reader_url or ""):
        found.append(warning("READER_URL", "leads to another house without encryption; use https"))
    return found


def is_overheard(url: str) -> bool:
    """Whether what is sent there can be read on the way: plain http to a machine outside the local network."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme == "https" or ("." not in host.strip("[]").rstrip(".") and ":" not in host):
        return False
    try:
        return not ipaddress.ip_address(host).is_private
    except ValueError:
        return True
