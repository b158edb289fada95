"""What the engine asks of a store, whatever database is behind it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from types import TracebackType
from typing import Protocol, Self

from room_monitor.core.events import Entry
from room_monitor.core.ids import AlertId, DeviceId, RoomId
from room_monitor.core.readings import Reading
from room_monitor.store.values import (
    Attempt,
    Committed,
    Configuration,
    Head,
    Notification,
    Point,
    Refusal,
    Sealed,
    Snapshot,
    Turn,
)
from sensors.quantity import Quantity


class Reader(Protocol):
    """Everything one monitor keeps, for everybody.

    May be called from any thread at any time, also while the monitor writes. Every
    method may raise ``StoreUnavailable``.
    """

    def head(self) -> Head:
        """Where the log ends. Costs the same however long the log is."""
        ...

    def entries(
        self,
        after: int = 0,
        *,
        until: int | None = None,
        room: RoomId | None = None,
        since: datetime | None = None,
        types: frozenset[str] | None = None,
        limit: int | None = None,
    ) -> Iterator[Entry]:
        """The entries in order, those that meet every condition given.

        Args:
            after: Only positions greater than this.
            until: Only positions up to and including this.
            room: Only what happened in this room.
            since: Only what was recorded at or after this instant.
            types: Only events of these class names.
            limit: At most this many.

        Raises:
            LogBroken: An entry cannot be read.
        """
        ...

    def verify(self) -> int:
        """Recompute the whole chain; the number of entries.

        Raises:
            LogBroken: The first entry that is not what was written.
        """
        ...

    def readings_after(self, row: int) -> Iterator[tuple[int, Reading]]:
        """The journal behind ``row``, in the order it was written, with the rows."""
        ...

    def last_reading_row(self) -> int:
        """The row of the newest reading, 0 for none."""
        ...

    def latest_snapshot(self) -> Snapshot | None:
        """The newest that is undamaged and not ahead of log and journal."""
        ...

    def configuration(self, digest: str | None = None) -> Configuration | None:
        """The texts under a hash; for ``None`` those that were saved last."""
        ...

    def recent_deliveries(self) -> Mapping[int, bytes]:
        """Of the newest committed messages, the digest per packet id."""
        ...

    def alive_at(self) -> datetime | None:
        """The last instant at which the monitor is known to have been alive."""
        ...

    def due_notifications(
        self, at: datetime, limit: int = 100, *, but: Collection[str] = ()
    ) -> list[Notification]:
        """What must be sent by ``at``, oldest first, but not by these transports."""
        ...

    def notifications_of(self, alert: AlertId) -> list[Notification]:
        """All that was ever queued for an alert, oldest first."""
        ...

    def refusals(self) -> list[Refusal]:
        """All that is counted, newest first."""
        ...

    def text(self, commitment: str) -> Sealed | None:
        """The text behind a commitment, if it was not erased."""
        ...

    def series(
        self,
        device: DeviceId,
        quantity: Quantity,
        start: datetime,
        end: datetime,
        resolution: timedelta = timedelta(0),
    ) -> list[Point]:
        """What a device said in ``start <= at < end``, oldest first.

        Args:
            device: The device.
            quantity: Values are in ``quantity.unit``.
            start: Inclusive, aware UTC.
            end: Exclusive, aware UTC.
            resolution: Zero for every reading, else a whole number of minutes.
        """
        ...

    def close(self) -> None:
        """Give up what is held open."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...


class Store(Reader, Protocol):
    """The same for the one who writes.

    One process at a time is the writer. Its threads may all call; they wait for each
    other. Every method may raise ``StoreUnavailable``, and then has done nothing.
    """

    def commit(self, turn: Turn) -> Committed:
        """Write a turn whole, or not at all. When it returns the turn is durable.

        Raises:
            HeadMoved: The log's head is not at ``turn.after``.
            NotStorable: A value in it cannot be written; no retry will help.
            StoreUnavailable: The medium failed; ``retry`` says whether to try again.
        """
        ...

    def save_snapshot(self, snapshot: Snapshot) -> None:
        """Keep it, and the one before it."""
        ...

    def save_configuration(self, digest: str, sources: Mapping[str, str]) -> None:
        """Keep the texts in use from now on, under the hash over all of them."""
        ...

    def mark_alive(self, at: datetime) -> None:
        """Say that the monitor was alive at ``at``; ``commit`` says it too."""
        ...

    def record_attempts(self, attempts: Sequence[Attempt]) -> None:
        """Say what became of notifications, outside a turn."""
        ...

    def save_refusals(self, refusals: Sequence[Refusal]) -> None:
        """Add counts to those that are kept."""
        ...

    def erase_text(self, commitment: str) -> bool:
        """Erase a text for good; whether there was one."""
        ...

    def roll_up(self, limit: int = 5_000) -> int:
        """Add the next readings to the rollups per minute; how many were added."""
        ...

    def thin(
        self,
        *,
        readings_before: datetime,
        rollups_before: datetime,
        limit: int = 5_000,
    ) -> int:
        """Delete old telemetry, at most ``limit`` rows; how many were deleted.

        Readings that are not yet in a snapshot and in the rollups stay.
        """
        ...
