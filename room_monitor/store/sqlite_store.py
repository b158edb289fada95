"""The store that is embedded: one SQLite file, one writer, any number of readers."""

import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self

from sqlalchemy import Connection, Engine

from room_monitor.store import (
    configurations,
    deliveries,
    event_log,
    journal,
    notifications,
    persons,
    positions,
    refusals,
    schema,
    snapshots,
    telemetry,
)
from room_monitor.store.errors import HeadMoved, StoreUnavailable
from room_monitor.store.instants import micros
from room_monitor.store.sqlite import (
    DATABASE,
    WriterLock,
    fold_log,
    meanings,
    overwriting,
    reading_engine,
    writing_engine,
)
from room_monitor.store.sqlite_reader import SqliteReader
from room_monitor.store.values import Attempt, Committed, Refusal, Snapshot, Turn


class SqliteStore(SqliteReader):
    """See ``port.Store`` for what each method promises."""

    def __init__(self, reading: Engine, writing: Engine, lock: WriterLock) -> None:
        super().__init__(reading)
        self._writing_engine = writing
        self._lock = lock
        self._turn = threading.Lock()
        self._series = journal.SeriesIds()
        self._connection = writing.connect()
        try:
            with self._connection.begin():
                schema.bring_up_to_date(self._connection)
                self._delivered = deliveries.last(self._connection)
        except BaseException:
            self._connection.close()
            raise

    @classmethod
    def open(cls, folder: Path, *, busy: timedelta = timedelta(seconds=2)) -> Self:
        """Become the writer of a folder; makes folder and tables where there are none.

        Args:
            folder: Where the database and its lock are.
            busy: How long to wait for another program that holds the database.

        Raises:
            StoreLocked: There is a writer already.
            StoreUnavailable: The files cannot be used; the reason says what to do.
        """
        try:
            folder.mkdir(mode=0o750, parents=True, exist_ok=True)
        except OSError as error:
            raise StoreUnavailable(
                f"{folder} cannot be made ({error.strerror}); "
                "check the path and who owns the folder above",
                retry=False,
            ) from error
        lock = WriterLock(folder)
        path = folder / DATABASE
        writing = writing_engine(path, busy)
        try:
            # Names and remarks are in it; what SQLite puts beside it gets the same mode.
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
            with meanings():
                return cls(reading_engine(path, busy), writing, lock)
        except BaseException:
            writing.dispose()
            lock.release()
            raise

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """One transaction; threads wait for each other."""
        with self._turn, meanings(), self._connection.begin():
            yield self._connection

    def commit(self, turn: Turn) -> Committed:  # noqa: D102 - here and below: the port
        try:
            with self._writing() as connection:
                head = event_log.head(connection)
                if head.position != turn.after:
                    raise HeadMoved(expected=turn.after, actual=head.position)
                head = event_log.append(connection, head, turn.recorded_at, turn.events)
                stored = journal.keep(connection, self._series, turn.readings)
                delivered = deliveries.keep(
                    connection, self._delivered, turn.deliveries
                )
                notifications.queue(connection, turn.notifications)
                notifications.record(connection, turn.attempts)
                persons.keep(connection, turn.texts)
                positions.put(
                    connection,
                    {
                        positions.ALIVE: micros(turn.recorded_at),
                        positions.HEAD: head.position,
                    },
                )
                row = journal.last_row(connection)
        except BaseException:
            self._series.forget()
            raise
        self._series.settle()
        self._delivered = delivered
        return Committed(head, stored, row)

    def mark_alive(self, at: datetime) -> None:  # noqa: D102
        with self._writing() as connection:
            positions.put(connection, {positions.ALIVE: micros(at)})

    def save_snapshot(self, snapshot: Snapshot) -> None:  # noqa: D102
        with self._writing() as connection:
            snapshots.save(connection, snapshot)

    def save_configuration(self, digest: str, sources: Mapping[str, str]) -> None:  # noqa: D102
        with self._writing() as connection:
            configurations.save(connection, digest, sources)

    def record_attempts(self, attempts: Sequence[Attempt]) -> None:  # noqa: D102
        with self._writing() as connection:
            notifications.record(connection, attempts)

    def save_refusals(self, refusals_: Sequence[Refusal]) -> None:  # noqa: D102
        with self._writing() as connection:
            refusals.add(connection, refusals_)

    def erase_text(self, commitment: str) -> bool:  # noqa: D102
        with self._writing() as connection, overwriting(connection):
            erased = persons.erase(connection, commitment)
        with self._turn, meanings():
            fold_log(self._connection)
        return erased

    def roll_up(self, limit: int = 5_000) -> int:  # noqa: D102
        with self._writing() as connection:
            return telemetry.roll_up(connection, limit)

    def thin(  # noqa: D102
        self,
        *,
        readings_before: datetime,
        rollups_before: datetime,
        limit: int = 5_000,
    ) -> int:
        with self._writing() as connection:
            return telemetry.thin(
                connection,
                readings_before=readings_before,
                rollups_before=rollups_before,
                limit=limit,
            )

    def close(self) -> None:
        """Give up files and lock; closing again does nothing."""
        with self._turn:
            if self._connection.closed:
                return
            super().close()
            self._connection.close()
            self._writing_engine.dispose()
            self._lock.release()
