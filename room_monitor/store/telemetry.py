"""What did a device say over time? Rollups per minute, and what may be deleted.

A rollup is merged from readings, each of which is added exactly once: late ones find
their minute, and deleting readings does not change it. Retained readings are not fresh
evidence and are in no rollup.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import Connection, case, delete, select
from sqlalchemy.dialects.sqlite import insert

from room_monitor.core.ids import DeviceId
from room_monitor.store import journal, positions, snapshots
from room_monitor.store.instants import instant, micros
from room_monitor.store.tables import RETAINED, readings, rollups, series
from room_monitor.store.values import Point
from sensors.quantity import Quantity

_MINUTE = 60_000_000  # µs
_Key = TypeVar("_Key")


@dataclass(slots=True)
class _Sum:
    """What was said in a stretch of time, and can be added to."""

    count: int
    low: float
    high: float
    total: float
    last: float
    last_at: int

    def add(self, other: "_Sum") -> None:
        self.count += other.count
        self.low = min(self.low, other.low)
        self.high = max(self.high, other.high)
        self.total += other.total
        if other.last_at >= self.last_at:
            self.last, self.last_at = other.last, other.last_at

    def point(self, at: int) -> Point:
        return Point(
            at=instant(at),
            count=self.count,
            low=self.low,
            high=self.high,
            mean=self.total / self.count,
            last=self.last,
        )


_NEW = insert(rollups)
_OLD, _MORE = rollups.c, _NEW.excluded
_MERGE = _NEW.on_conflict_do_update(
    index_elements=["series", "minute"],
    set_={
        "count": _OLD.count + _MORE.count,
        "low": case((_MORE.low < _OLD.low, _MORE.low), else_=_OLD.low),
        "high": case((_MORE.high > _OLD.high, _MORE.high), else_=_OLD.high),
        "total": _OLD.total + _MORE.total,
        "last": case((_MORE.last_at >= _OLD.last_at, _MORE.last), else_=_OLD.last),
        "last_at": case(
            (_MORE.last_at >= _OLD.last_at, _MORE.last_at), else_=_OLD.last_at
        ),
    },
)


def roll_up(connection: Connection, limit: int) -> int:
    """Add the next ``limit`` readings to the rollups; how many there were."""
    done = positions.get(connection, positions.ROLLED_UP) or 0
    rows = connection.execute(
        select(
            readings.c.row,
            readings.c.series,
            readings.c.at,
            readings.c.value,
            readings.c.flags,
        )
        .where(readings.c.row > done)
        .order_by(readings.c.row)
        .limit(limit)
    ).all()
    if not rows:
        return 0
    minutes: dict[tuple[int, int], _Sum] = {}
    for _, of, at, value, flags in rows:
        if not flags & RETAINED:
            _gather(
                minutes, (of, at // _MINUTE), _Sum(1, value, value, value, value, at)
            )
    if minutes:
        connection.execute(
            _MERGE,
            [
                {
                    "series": of,
                    "minute": minute,
                    "count": said.count,
                    "low": said.low,
                    "high": said.high,
                    "total": said.total,
                    "last": said.last,
                    "last_at": said.last_at,
                }
                for (of, minute), said in minutes.items()
            ],
        )
    positions.put(connection, {positions.ROLLED_UP: rows[-1][0]})
    return len(rows)


def _gather(sums: dict[_Key, _Sum], key: _Key, more: _Sum) -> None:
    known = sums.get(key)
    if known is None:
        sums[key] = more
    else:
        known.add(more)


def thin(
    connection: Connection,
    *,
    readings_before: datetime,
    rollups_before: datetime,
    limit: int,
) -> int:
    """Delete what is old, at most ``limit`` rows; how many were deleted."""
    deleted = _thin_readings(connection, micros(readings_before), limit)
    return deleted + _thin_rollups(
        connection, micros(rollups_before) // _MINUTE, limit - deleted
    )


def _thin_readings(connection: Connection, before: int, limit: int) -> int:
    """From the oldest row on, until one is too new or still needed."""
    last_needless = min(
        snapshots.oldest_reading_row(connection),
        positions.get(connection, positions.ROLLED_UP) or 0,
        # The newest row stays whatever its age: it keeps row numbers growing.
        journal.last_row(connection) - 1,
    )
    oldest = connection.execute(
        select(readings.c.row, readings.c.received_at)
        .where(readings.c.row <= last_needless)
        .order_by(readings.c.row)
        .limit(limit)
    )
    last_old = 0
    for row, received_at in oldest:
        if received_at >= before:
            break
        last_old = row
    if not last_old:
        return 0
    return connection.execute(
        delete(readings).where(readings.c.row <= last_old)
    ).rowcount


def _thin_rollups(connection: Connection, before: int, limit: int) -> int:
    deleted = 0
    for of in connection.execute(select(series.c.id)).scalars().all():
        if deleted >= limit:
            break
        old = (
            select(rollups.c.minute)
            .where(rollups.c.series == of, rollups.c.minute < before)
            .order_by(rollups.c.minute)
            .limit(limit - deleted)
        )
        minutes = connection.execute(old).scalars().all()
        if minutes:
            deleted += connection.execute(
                delete(rollups).where(
                    rollups.c.series == of, rollups.c.minute <= minutes[-1]
                )
            ).rowcount
    return deleted


def points(
    connection: Connection,
    *,
    device: DeviceId,
    quantity: Quantity,
    start: datetime,
    end: datetime,
    resolution: timedelta,
) -> list[Point]:
    """What a device said; see ``port.Reader.series``.

    Raises:
        ValueError: The resolution is neither zero nor a whole number of minutes.
    """
    step = resolution // timedelta(microseconds=1)
    if step < 0 or step % _MINUTE:
        raise ValueError("the resolution must be zero or a whole number of minutes")
    of = (
        connection.execute(
            select(series.c.id).where(
                series.c.device == device, series.c.quantity == quantity.value
            )
        )
        .scalars()
        .all()
    )
    first, end_at = micros(start), micros(end)
    if step == 0:
        return [
            _Sum(1, value, value, value, value, at).point(at)
            for at, value in _fresh(connection, of, first, end_at, after=0)
        ]
    sums: dict[int, _Sum] = {}
    for at, said in _minutes(connection, of, first, end_at):
        _gather(sums, at // step, said)
    done = positions.get(connection, positions.ROLLED_UP) or 0
    for at, value in _fresh(connection, of, first, end_at, after=done):
        _gather(sums, at // step, _Sum(1, value, value, value, value, at))
    return [sums[bucket].point(bucket * step) for bucket in sorted(sums)]


def _fresh(
    connection: Connection, of: Sequence[int], start: int, end: int, *, after: int
) -> list[tuple[int, float]]:
    """Instants and values of the readings behind row ``after`` that are fresh."""
    wanted = (
        select(readings.c.at, readings.c.value)
        .where(
            readings.c.series.in_(of),
            readings.c.at >= start,
            readings.c.at < end,
            readings.c.row > after,
            readings.c.flags.op("&")(RETAINED) == 0,
        )
        .order_by(readings.c.at, readings.c.row)
    )
    return [(at, value) for at, value in connection.execute(wanted)]


def _minutes(
    connection: Connection, of: Sequence[int], start: int, end: int
) -> Iterable[tuple[int, _Sum]]:
    """The rollups of the minutes that begin in the stretch, with their begin."""
    wanted = select(rollups).where(
        rollups.c.series.in_(of),
        rollups.c.minute >= -(-start // _MINUTE),
        rollups.c.minute < -(-end // _MINUTE),
    )
    for _, minute, count, low, high, total, last, last_at in connection.execute(wanted):
        yield minute * _MINUTE, _Sum(count, low, high, total, last, last_at)
