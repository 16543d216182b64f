"""The SQLite file itself: whether it may be used, how it is made, locked and copied.

A file is ours when its header says so (`application_id`), or when it was made before we said so and holds our tables.
Nothing is written into any other.
"""

from __future__ import annotations

import fcntl
import os
import re
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import IO

from sqlalchemy import URL, create_engine
from sqlalchemy.exc import OperationalError

from storage import migrating, schema
from storage.inline import BUSY_TIMEOUT_MS
from storage.refused import DatabaseRefusedError, plain

APPLICATION_ID = 0x5472_4C79  # "TrLy", in the header of every SQLite file of ours
QUICK_CHECK_UP_TO_BYTES = 300_000_000
_OUR_REVISION = re.compile(r"\d{4}")  # as our migrations are numbered; another program's are not
_FEWEST_TABLES = 3


def lock_path(path: Path) -> Path:
    """The file that `troly run` locks beside a SQLite database; it also tells that a database once lay here.

    It lies beside the file that a symlink leads to, so that two names of one file have one lock.
    """
    real = path.resolve()
    return real.with_name(real.name + ".lock")


def check(path: Path, *, create: bool) -> None:
    """Whether the file may be used. A missing one is made, but only where no trace of an earlier one lies.

    Raises:
        DatabaseRefusedError: it is missing, damaged, not writable, another program's, or has two names.
    """
    real = path.resolve()
    if not real.exists():
        traces = [name for name in (lock_path(path), Path(f"{real}-wal")) if name.exists()]
        if traces:
            raise DatabaseRefusedError(
                f"the database {path} is gone but {traces[0].name} beside it shows there was one; "
                "restore a backup, or remove that file too to begin anew"
            )
        if not create:
            raise DatabaseRefusedError(f"there is no database at {path}; `troly units import` or `troly run` makes it")
        _create(real)
        return
    if not real.is_file():
        raise DatabaseRefusedError(f"{path} is no file; let DATABASE_URL name one")
    found = real.stat()
    if found.st_size == 0:
        raise DatabaseRefusedError(
            f"the database {path} is empty (0 bytes); restore a backup, or remove it to begin anew"
        )
    _check_permissions(path, real)
    if found.st_nlink > 1:
        _remove_leftovers(real)
        if real.stat().st_nlink > 1:
            raise DatabaseRefusedError(
                f"the database {path} has a second name (a hard link), and would be damaged if it were opened by both; "
                "remove that name (find -samefile shows it)"
            )
    try:
        with closing(sqlite3.connect(real, timeout=BUSY_TIMEOUT_MS / 1000, isolation_level=None)) as connection:
            is_stamped = _check_ours(connection, path)
            if found.st_size <= QUICK_CHECK_UP_TO_BYTES:
                verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
                if verdict != "ok":
                    raise DatabaseRefusedError(f"the database {path} is damaged; restore a backup")
            connection.execute("BEGIN IMMEDIATE")
            if is_stamped:
                connection.rollback()
            else:
                connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
                connection.commit()
    except sqlite3.OperationalError as error:
        raise DatabaseRefusedError(f"the database {path} cannot be written: {error}") from None
    except sqlite3.DatabaseError:
        raise DatabaseRefusedError(f"the database {path} is damaged; restore a backup") from None


def _check_permissions(path: Path, real: Path) -> None:
    """Whether we may write the file, what SQLite keeps beside it, and new files in its folder."""
    for name in (real, Path(f"{real}-wal"), Path(f"{real}-shm")):
        if name.exists() and not os.access(name, os.R_OK | os.W_OK):
            why = "the file system is read-only" if _is_read_only(name) else "it belongs to another user"
            raise DatabaseRefusedError(
                f"the database {path} cannot be written: {name.name} may not be changed ({why}); "
                "give it to the user that runs troly (chown)"
            )
    if not os.access(real.parent, os.W_OK | os.X_OK):
        raise DatabaseRefusedError(
            f"the database {path} cannot be written: SQLite also needs new files in its folder {real.parent}, "
            "which may not be written; make the folder writable for the user that runs troly"
        )


def _is_read_only(path: Path) -> bool:
    return bool(os.statvfs(path).f_flag & os.ST_RDONLY)


def _check_ours(connection: sqlite3.Connection, path: Path) -> bool:
    """Whether the header already says that it is ours; raises DatabaseRefusedError where it is not ours at all."""
    stamp = connection.execute("PRAGMA application_id").fetchone()[0]
    if stamp == APPLICATION_ID:
        return True
    names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    names = {name for name in names if not name.startswith("sqlite_")}
    if stamp == 0 and _holds_our_tables(connection, names):
        return False
    if stamp == 0 and not names:
        raise DatabaseRefusedError(f"the database {path} holds no tables; restore a backup, or remove it to begin anew")
    raise DatabaseRefusedError(f"{path} is the database of another program; let DATABASE_URL name another file")


def _holds_our_tables(connection: sqlite3.Connection, names: set[str]) -> bool:
    if "alembic_version" not in names:
        return False
    revisions = [str(revision) for (revision,) in connection.execute("SELECT version_num FROM alembic_version")]
    others = names - {"alembic_version"}
    ours = others & schema.metadata.tables.keys()
    return (
        bool(revisions)
        and all(_OUR_REVISION.fullmatch(revision) for revision in revisions)
        and len(ours) >= _FEWEST_TABLES
        and 2 * len(ours) > len(others)
    )


def _create(path: Path) -> None:
    """Make the file whole under another name first, so that a half-made one is never found."""
    part = path.with_name(f".{path.name}.new-{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.touch(mode=0o600)  # names, numbers and messages are nobody else's to read
        engine = create_engine(URL.create("sqlite", database=str(part)))
        try:
            with engine.begin() as connection:
                migrating.upgrade(connection)
                connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")
        finally:
            engine.dispose()
        with suppress(FileExistsError):
            path.hardlink_to(part)
    except (OSError, OperationalError) as error:
        raise DatabaseRefusedError(
            f"the database {path} cannot be created ({plain(error)}); make its folder writable or change DATABASE_URL"
        ) from None
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _remove_leftovers(path: Path) -> None:
    """Remove the second name that a start killed while it made the file has left."""
    for name in path.parent.glob(f".{path.name}.new-*"):
        if is_same(name, path):
            with suppress(OSError):
                name.unlink()


def lock_for_running(path: Path) -> IO[str]:
    """Lock a database for `troly run`; freed when the file returned is closed or the process ends.

    Raises:
        DatabaseRefusedError: another process runs on it, or the lock cannot be made.
    """
    name = lock_path(path)
    try:
        file = os.fdopen(os.open(name, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o644))  # to lock, reading is enough
    except OSError as error:
        raise DatabaseRefusedError(
            f"the lock {name} of the database cannot be made ({plain(error)}); "
            "make the folder, and that file if it is there, accessible for the user that runs troly"
        ) from None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise DatabaseRefusedError(
            f"another troly run is already using {path}; stop it first, or move to PostgreSQL to run several"
        ) from None
    except OSError as error:
        file.close()
        raise DatabaseRefusedError(
            f"the lock {name} cannot be taken ({plain(error)}); put the database on a local disk"
        ) from None
    return file


def is_same(one: Path, other: Path) -> bool:
    """Whether both names lead to one file."""
    return one.exists() and other.exists() and one.samefile(other)


def copy(source: Path, target: Path) -> None:
    """Copy a database that may be in use to a new file that is whole by itself and its owner's only to read.

    Raises:
        sqlite3.Error, OSError: the one cannot be read or the other not be written.
    """
    target.touch(mode=0o600)
    with closing(sqlite3.connect(source, timeout=60)) as connection, closing(sqlite3.connect(target)) as made:
        connection.backup(made)
        made.execute("PRAGMA journal_mode=DELETE")


def verify_copy(path: Path) -> None:
    """Check a copy and have the disk keep it.

    Raises:
        DatabaseRefusedError: it does not pass its integrity check.
        sqlite3.Error, OSError: it cannot be read.
    """
    with closing(sqlite3.connect(path)) as made:
        made.execute("PRAGMA journal_mode=DELETE")
        if made.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
            raise DatabaseRefusedError("the copy does not pass its integrity check; run troly doctor")
        made.execute("SELECT version_num FROM alembic_version").fetchone()
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
