"""What is in the store? Reading one SQLite file, also while a writer runs."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, Engine

from room_monitor.core.events import Entry
from room_monitor.core.ids import AlertId, DeviceId, RoomId
from room_monitor.core.readings import Reading
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
from room_monitor.store.errors import NoStore
from room_monitor.store.instants import maybe_instant
from room_monitor.store.sqlite import DATABASE, meanings, reading_engine
from room_monitor.store.values import (
    Configuration,
    Head,
    Notification,
    Point,
    Refusal,
    Sealed,
    Snapshot,
)
from sensors.quantity import Quantity


class SqliteReader:
    """See ``port.Reader`` for what each method promises."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @classmethod
    def open(cls, folder: Path, *, busy: timedelta = timedelta(seconds=2)) -> Self:
        """Open what a monitor has written, or is writing; changes nothing.

        Args:
            folder: Where the database is.
            busy: How long to wait for a program that holds the database.

        Raises:
            NoStore: No monitor has written there.
            StoreUnavailable: The file cannot be used; the reason says what to do.
        """
        path = folder / DATABASE
        with meanings():
            try:
                present = path.is_file() and path.stat().st_size > 0
            except PermissionError:
                present = True  # what SQLite says of it is clearer
            if not present:
                raise NoStore(folder)
            reader = cls(reading_engine(path, busy))
            try:
                with reader._reading() as connection:
                    schema.require_current(connection)
            except BaseException:
                reader.close()
                raise
        return reader

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with meanings(), self._engine.connect() as connection:
            yield connection

    def head(self) -> Head:  # noqa: D102 - here and below: see the port
        with self._reading() as connection:
            return event_log.head(connection)

    def entries(  # noqa: D102
        self,
        after: int = 0,
        *,
        until: int | None = None,
        room: RoomId | None = None,
        since: datetime | None = None,
        types: frozenset[str] | None = None,
        limit: int | None = None,
    ) -> Iterator[Entry]:
        found = event_log.entries(
            self._engine, after, until=until, room=room, since=since, types=types
        )
        with meanings():
            yield from islice(found, limit)

    def verify(self) -> int:  # noqa: D102
        with meanings():
            return event_log.verify(self._engine)

    def readings_after(self, row: int) -> Iterator[tuple[int, Reading]]:  # noqa: D102
        with meanings():
            yield from journal.replay(self._engine, row)

    def last_reading_row(self) -> int:  # noqa: D102
        with self._reading() as connection:
            return journal.last_row(connection)

    def latest_snapshot(self) -> Snapshot | None:  # noqa: D102
        with self._reading() as connection:
            return snapshots.latest(connection)

    def configuration(self, digest: str | None = None) -> Configuration | None:  # noqa: D102
        with self._reading() as connection:
            return configurations.find(connection, digest)

    def recent_deliveries(self) -> Mapping[int, bytes]:  # noqa: D102
        with self._reading() as connection:
            return deliveries.recent(connection)

    def alive_at(self) -> datetime | None:  # noqa: D102
        with self._reading() as connection:
            return maybe_instant(positions.get(connection, positions.ALIVE))

    def due_notifications(  # noqa: D102
        self, at: datetime, limit: int = 100, *, but: Collection[str] = ()
    ) -> list[Notification]:
        with self._reading() as connection:
            return notifications.due(connection, at, limit, but)

    def notifications_of(self, alert: AlertId) -> list[Notification]:  # noqa: D102
        with self._reading() as connection:
            return notifications.of_alert(connection, alert)

    def refusals(self) -> list[Refusal]:  # noqa: D102
        with self._reading() as connection:
            return refusals.every(connection)

    def text(self, commitment: str) -> Sealed | None:  # noqa: D102
        with self._reading() as connection:
            return persons.text(connection, commitment)

    def series(  # noqa: D102
        self,
        device: DeviceId,
        quantity: Quantity,
        start: datetime,
        end: datetime,
        resolution: timedelta = timedelta(0),
    ) -> list[Point]:
        with self._reading() as connection:
            return telemetry.points(
                connection,
                device=device,
                quantity=quantity,
                start=start,
                end=end,
                resolution=resolution,
            )

    def close(self) -> None:
        """Give up the files."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
