"""The guard of an open database: whether the file is still the one that was opened, and whether the disk still holds.

SQLite goes on writing into a file that was removed, moved or replaced, and into one over which another was copied;
what is reported then is lost although it was committed. So the file is looked at around every commit, by `os.stat`
alone. The main file of a database in WAL mode is written by checkpoints only, and each of them shows in the index
beside it (`-shm`, offsets as in https://www.sqlite.org/walformat.html): a file that changed without one was changed by
somebody else.

No descriptor of the file is closed while SQLite has it open, since that would drop SQLite's locks.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sqlite3
import time
import zlib
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from storage.refused import DatabaseRefusedError, plain

logger = logging.getLogger(__name__)

WHOLE_UP_TO_BYTES = 16_000_000  # a larger file is compared by samples
_SAMPLES = 1000
_SAMPLE_BYTES = 4096
_TROUBLES = ("SQLITE_FULL", "SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_IOERR", "SQLITE_CORRUPT", "SQLITE_NOTADB")
_INDEX_BYTES = 136
_SALTS, _COPIED, _BEGUN = slice(32, 40), slice(96, 100), slice(128, 132)  # where what stands in the index


class DatabaseLostError(Exception):
    """The file of the database is no longer the one that was opened; the process has to leave."""

    for_operator = True


class DiskFailedError(Exception):
    """The disk under the database fails; the process has to leave."""

    for_operator = True


def is_fatal(error: BaseException | None) -> bool:
    """Whether the database is lost or the disk itself fails: then nothing can be stored, and it is better to stop."""
    while error is not None:
        if isinstance(error, (DatabaseLostError, DiskFailedError)) or _is_of_the_disk(getattr(error, "orig", error)):
            return True
        error = error.__cause__
    return False


def _is_of_the_disk(error: object) -> bool:
    """EIO and its like; not where there was no room for the index, which is a full disk."""
    name = getattr(error, "sqlite_errorname", "")
    return "disk I/O error" in str(error) and not str(name).startswith("SQLITE_IOERR_SHM")


def _is_settled(checkpoints: bytes) -> bool:
    """Whether no checkpoint is under way: as much was copied as was begun."""
    return checkpoints[8:12] == checkpoints[12:]


class Guard:
    """The guard of one open database. On PostgreSQL it only listens to errors.

    Attributes:
        on_fatal: told, once, that the database is lost or its disk fails.
        trouble: the last failure of a statement or commit for want of room, rights or connection, on one line.
        troubled_at: when that was, by the monotonic clock.
        written_at: when somebody last wrote something well, by the same clock.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._name = str(path)
        self._identity: tuple[int, int] | None = None
        self._connection: sqlite3.Connection | None = None
        self._file = self._index = -1
        self._beside: dict[Path, int] = {}
        self._seen: tuple[int, int] | None = None  # time of change and size of the file, as last explained
        self._checkpoints: bytes | None = None  # as they stood then
        self._content: int | None = None  # and a sum of what was in it
        self._fatal: Exception | None = None
        self.on_fatal: Callable[[Exception], None] | None = None
        self.trouble: str | None = None
        self.troubled_at = 0.0
        self.written_at = float("-inf")

    def listen_to(self, *engines: Engine) -> None:
        """Notice what fails on these engines, whoever meets it."""
        for engine in engines:
            event.listen(engine, "handle_error", self._note_error)

    def remember(self) -> None:
        """Take the file at the path for the one that is open. To be called once it is open and migrated."""
        if self._path is not None:
            found = self._path.stat()
            self._identity = (found.st_dev, found.st_ino)

    def begin(self) -> None:
        """Watch the content of the file too, until `close`.

        Raises:
            DatabaseRefusedError: the file cannot be read any more.
            DatabaseLostError: it is another one already.
        """
        if self._path is None or self._connection is not None:
            return
        real = self._path.resolve()
        try:
            self._connection = sqlite3.connect(real, timeout=1, check_same_thread=False, isolation_level=None)
            self._connection.execute("SELECT count(*) FROM sqlite_master").fetchone()  # now log and index stay
            if not Path(f"{real}-shm").exists():
                logger.warning("the database cannot use a write-ahead log; its content is not watched")
                return
            self._settle()
            self._file = os.open(real, os.O_RDONLY | os.O_CLOEXEC)
            self._index = os.open(f"{real}-shm", os.O_RDONLY | os.O_CLOEXEC)
            self._beside = {name: name.stat().st_ino for name in (Path(f"{real}-wal"), Path(f"{real}-shm"))}
        except (sqlite3.Error, OSError) as error:
            raise DatabaseRefusedError(f"the database {self._path} cannot be watched: {plain(error)}") from error
        self.check_same_file()

    def close(self) -> None:
        """Stop watching. To be called when every other connection is closed."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        for descriptor in (self._file, self._index):
            if descriptor >= 0:
                os.close(descriptor)
        self._file = self._index = -1

    def check_same_file(self) -> None:
        """Whether the file is still the one that was opened, with our content; 5 to 10 µs. For around commits.

        To be called from the event loop, like `look`.

        Raises:
            DatabaseLostError: it was removed, moved, replaced or copied over.
            DiskFailedError: the disk failed before.
        """
        if self._fatal is not None:
            raise self._fatal
        if self._identity is None:
            return
        checkpoints = self._read_checkpoints() if self._index >= 0 else None
        try:
            found = os.stat(self._name)  # noqa: PTH116 - pathlib takes longer than the call itself
        except OSError:
            self._lose("was removed or moved away")
        if (found.st_dev, found.st_ino) != self._identity and not self._is_renumbered(found):
            self._lose("was replaced by another file")
        seen = (found.st_mtime_ns, found.st_size)
        if checkpoints is not None and (seen, checkpoints) != (self._seen, self._checkpoints):
            self._explain(seen, checkpoints)

    def _is_renumbered(self, found: os.stat_result) -> bool:
        """Whether the file system gave the file that we hold open another number, as some in user space do."""
        if self._file < 0 or not os.path.samestat(os.fstat(self._file), found):
            return False
        self._identity = (found.st_dev, found.st_ino)
        return True

    async def look(self) -> None:
        """What `check_same_file` does, and the rest: log and index beside it, a new sum of the content.

        Raises:
            DatabaseLostError: see there.
        """
        self.check_same_file()
        self._check_beside()
        if self._index < 0:
            return
        if not _is_settled(self._read_checkpoints()):
            await asyncio.to_thread(self._settle)
        if self._content is None:
            seen, checkpoints = self._seen, self._checkpoints
            content = await asyncio.to_thread(self._sum_content)
            self.check_same_file()
            if (seen, checkpoints) == (self._seen, self._checkpoints) and checkpoints == self._read_checkpoints():
                self._content = content
                self._check_header()

    def _check_beside(self) -> None:
        """Whether log and index are still those that were opened."""
        for name, number in self._beside.items():
            try:
                is_same = name.stat().st_ino == number
            except OSError:
                is_same = False
            if not is_same:
                self._fail_as_lost(f"lost {name.name}, which belongs to it: it was removed or replaced")

    def _settle(self) -> None:
        """After a recovery the index does not tell a finished checkpoint from one under way; after this it does."""
        assert self._connection is not None
        with suppress(sqlite3.Error):
            self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()

    def _read_checkpoints(self) -> bytes:
        """How far the log was copied into the file: the same where no checkpoint ran in between."""
        index = os.pread(self._index, _INDEX_BYTES, 0)
        return index[_SALTS] + index[_COPIED] + index[_BEGUN]

    def _explain(self, seen: tuple[int, int], checkpoints: bytes) -> None:
        """The file or the index changed: by us and other commands of ours, or by somebody else."""
        if checkpoints != self._read_checkpoints() or not _is_settled(checkpoints):
            return  # a checkpoint is under way; the next look explains it
        if seen != self._seen:
            if checkpoints == self._checkpoints and (self._content is None or self._content != self._sum_content()):
                self._lose_to_a_copy()
            if checkpoints != self._checkpoints:
                self._content = None
        self._seen, self._checkpoints = seen, checkpoints

    def _check_header(self) -> None:
        """What a checkpoint has just written is in WAL mode, as no backup of ours is."""
        if os.pread(self._file, 2, 18) != b"\2\2":
            self._lose_to_a_copy()

    def _lose_to_a_copy(self) -> Any:
        aside = self._set_log_aside()
        kept = f" (what was written last is in {aside})" if aside else ""
        self._fail_as_lost(f"was overwritten with another file{kept}")

    def _sum_content(self) -> int:
        size = os.fstat(self._file).st_size
        total = zlib.crc32(str(size).encode())
        if size <= WHOLE_UP_TO_BYTES:
            offset = 0
            while chunk := os.pread(self._file, 1 << 20, offset):
                total = zlib.crc32(chunk, total)
                offset += len(chunk)
            return total
        for sample in range(_SAMPLES):
            total = zlib.crc32(os.pread(self._file, _SAMPLE_BYTES, size * sample // _SAMPLES), total)
        return total

    def _lose(self, fate: str) -> Any:
        """Save what can be saved, then remember and raise that the database is lost."""
        if self._connection is not None:
            try:
                fate += self._save_what_was_there()
            except (sqlite3.Error, OSError) as error:
                logger.error("the content that is gone was not saved", extra={"error": plain(error)})  # noqa: TRY400
        self._fail_as_lost(fate)

    def _fail_as_lost(self, fate: str) -> Any:
        error = DatabaseLostError(
            f"the database {self._path} {fate} while troly was running, so nothing can be stored safely; "
            "put the right file in its place while troly is stopped, then start again"
        )
        self._note_fatal(error)
        raise error

    def _save_what_was_there(self) -> str:
        """Keep the content that no name leads to any more, and leave no log that would be mixed into another file.

        SQLite would copy a log that is left into the file that lies beside it now.
        """
        assert self._path is not None
        assert self._connection is not None
        real = self._path.resolve()
        said = ""
        if os.fstat(self._file).st_nlink == 0:
            saved = real.with_name(f"{real.name}.rescued-{int(time.time())}")
            with closing(sqlite3.connect(saved)) as rescued:
                self._connection.backup(rescued)
            said = f" (what it held is saved as {saved.name})"
        with suppress(sqlite3.Error):
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        self._set_log_aside()
        return said

    def _set_log_aside(self) -> str | None:
        """Keep the log under another name and leave an empty one; the name, None where there was nothing in it."""
        assert self._path is not None
        log = Path(f"{self._path.resolve()}-wal")
        if not log.exists() or log.stat().st_ino != self._beside.get(log) or log.stat().st_size == 0:
            return None
        aside = log.with_name(f"{log.name}.left-{int(time.time())}")
        aside.write_bytes(log.read_bytes())
        os.truncate(log, 0)
        return aside.name

    def _note_error(self, context: Any) -> None:
        """A statement or commit failed somewhere."""
        error = context.original_exception
        name = getattr(error, "sqlite_errorname", "")
        try:
            self.check_same_file()
            self._check_beside()  # without its log SQLite finds the disk at fault
        except (DatabaseLostError, DiskFailedError):
            return  # it is noted
        if _is_of_the_disk(error):
            self._note_fatal(
                DiskFailedError(
                    f"the disk under the database {self._path} fails ({plain(error)}); check the disk, then start again"
                )
            )
        elif name.startswith(_TROUBLES):
            self.note_trouble(error)

    def note_trouble(self, error: BaseException) -> None:
        """Note that something could not be written or read."""
        self.trouble, self.troubled_at = plain(error), time.monotonic()

    def _note_fatal(self, error: Exception) -> None:
        if self._fatal is None:
            self._fatal = error
            if self.on_fatal is not None:
                self.on_fatal(error)
