"""How does SQLite have to be opened, and what do its errors mean?"""

import fcntl
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from room_monitor.store.errors import NotStorable, StoreLocked, StoreUnavailable

DATABASE = "monitor.sqlite3"
LOCK = "monitor.lock"

_RETRY = "will be tried again"
_DAMAGED = (
    "the database file is damaged; stop the monitor, keep the file for examination, "
    "and restore the last backup"
)
_MEANINGS: dict[int, tuple[str, bool]] = {
    sqlite3.SQLITE_FULL: ("the disk is full; make room, it " + _RETRY, True),
    sqlite3.SQLITE_BUSY: (
        "another program holds the database locked; end it, it " + _RETRY,
        True,
    ),
    sqlite3.SQLITE_LOCKED: ("the database is locked; it " + _RETRY, True),
    sqlite3.SQLITE_IOERR: (
        "the disk does not read or write; check disk and cables, it " + _RETRY,
        True,
    ),
    sqlite3.SQLITE_NOMEM: ("out of memory; it " + _RETRY, True),
    sqlite3.SQLITE_READONLY: (
        "the database cannot be written; check owner and mount options",
        False,
    ),
    sqlite3.SQLITE_PERM: ("the database may not be opened; check its owner", False),
    sqlite3.SQLITE_CANTOPEN: (
        "the database cannot be opened; check that its folder exists and is writable",
        False,
    ),
    sqlite3.SQLITE_CORRUPT: (_DAMAGED, False),
    sqlite3.SQLITE_NOTADB: ("the file is no database: " + _DAMAGED, False),
}


@contextmanager
def meanings() -> Iterator[None]:
    """Turn what the driver raises into what a person can act on.

    Raises:
        StoreUnavailable: The medium failed.
        NotStorable: A value fits no column.
    """
    try:
        yield
    except DBAPIError as error:
        raise _meaning(error.orig) from error
    except sqlite3.Error as error:
        raise _meaning(error) from error
    except (OverflowError, UnicodeEncodeError) as error:
        raise NotStorable(f"a value fits no column: {error}") from error


def _meaning(error: BaseException | None) -> StoreUnavailable | NotStorable:
    if isinstance(error, sqlite3.IntegrityError | sqlite3.DataError):
        return NotStorable(f"a value fits no column: {error}")
    code = getattr(error, "sqlite_errorcode", None)
    if isinstance(code, int) and (code & 0xFF) in _MEANINGS:
        what, retry = _MEANINGS[code & 0xFF]
        return StoreUnavailable(f"{what} ({error})", retry=retry)
    return StoreUnavailable(f"the database failed: {error}", retry=False)


class WriterLock:
    """Held by the process that writes in a folder; ends with it, however it ends."""

    def __init__(self, folder: Path) -> None:
        """Take it.

        Raises:
            StoreLocked: Another process has it.
            StoreUnavailable: The folder cannot be written.
        """
        try:
            self._file = os.open(
                folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600
            )
        except OSError as error:
            raise StoreUnavailable(
                f"{folder} cannot be written ({error.strerror}); check owner and "
                "mount options, or use another folder",
                retry=False,
            ) from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.read(self._file, 20).decode(errors="replace").strip()
            os.close(self._file)
            raise StoreLocked(
                folder, int(holder) if holder.isdigit() else None
            ) from error
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, f"{os.getpid()}\n".encode(), 0)

    def release(self) -> None:
        """Give it up."""
        os.close(self._file)


def writing_engine(path: Path, busy: timedelta) -> Engine:
    """For the one connection that writes."""
    engine = _engine(lambda: _connect(path.absolute().as_uri() + "?mode=rwc", busy))

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        for pragma in (
            "journal_mode = WAL",
            "synchronous = FULL",
            "wal_autocheckpoint = 4000",
            "journal_size_limit = 67108864",
            "cache_size = -32768",
        ):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def reading_engine(path: Path, busy: timedelta) -> Engine:
    """For any number of readers, in any thread, also while a writer runs."""
    mode = "mode=ro"
    log = path.with_name(path.name + "-wal")
    if not os.access(path.parent, os.W_OK) and not log.exists():
        # Nobody can be writing, and SQLite could not make the files it shares with
        # a writer: read the file as it is.
        mode = "immutable=1"
    engine = _engine(lambda: _connect(f"{path.absolute().as_uri()}?{mode}", busy))

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA query_only = ON").close()

    return engine


@contextmanager
def overwriting(connection: Connection) -> Iterator[None]:
    """What is deleted in here is overwritten in the file, not only unlinked."""
    connection.exec_driver_sql("PRAGMA secure_delete = ON")
    try:
        yield
    finally:
        connection.exec_driver_sql("PRAGMA secure_delete = OFF")


def fold_log(connection: Connection) -> None:
    """Write the write-ahead log into the database and empty it, outside a transaction.

    Where a reader stands in the way it is done later, at the latest at the end.
    """
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()


def _engine(creator: Callable[[], sqlite3.Connection]) -> Engine:
    return create_engine(
        "sqlite://", creator=creator, poolclass=QueuePool, max_overflow=20
    )


def _connect(uri: str, busy: timedelta) -> sqlite3.Connection:
    return sqlite3.connect(
        uri,
        uri=True,
        timeout=busy.total_seconds(),
        # Transactions begin and end where we say; threads take turns with a lock.
        isolation_level=None,
        check_same_thread=False,
    )
