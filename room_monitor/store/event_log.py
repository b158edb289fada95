"""What happened, in order, never edited: the log and its chain.

The columns beside ``entry`` only find entries; ``verify`` checks that they repeat what
the entry says.
"""

import heapq
from collections.abc import Iterator, Sequence
from datetime import datetime
from json import loads

from sqlalchemy import ColumnElement, Connection, Engine, Row, func, select

from room_monitor.core.events import Entry, Event
from room_monitor.core.ids import RoomId
from room_monitor.evidence.chain import GENESIS, ChainBroken, follow, link
from room_monitor.evidence.entries import decode, encode
from room_monitor.evidence.shapes import dump_instant
from room_monitor.store import positions
from room_monitor.store.errors import LogBroken, NotStorable
from room_monitor.store.instants import instant, micros
from room_monitor.store.tables import log
from room_monitor.store.values import Head

_PAGE = 2_000
_LOWEST = -(2**63)  # forged rows may stand before the first
_APPEND = (
    "INSERT INTO log (position, recorded_at, room, type, entry, hash)"
    " VALUES (?, ?, ?, ?, ?, ?)"
)
_HEAD = "SELECT position, hash FROM log ORDER BY position DESC LIMIT 1"


def head(connection: Connection) -> Head:
    """Where the log ends."""
    found = connection.exec_driver_sql(_HEAD).first()
    return Head(0, GENESIS) if found is None else Head(found[0], found[1])


def append(
    connection: Connection,
    after: Head,
    recorded_at: datetime,
    events: Sequence[tuple[RoomId | None, Event]],
) -> Head:
    """Add events behind ``after``; where the log ends then.

    Raises:
        NotStorable: An event has no canonical form.
    """
    position, hash_ = after
    at = micros(recorded_at)
    rows = []
    try:
        for room, event in events:
            position += 1
            entry = encode(position, recorded_at, room, event)
            hash_ = link(hash_, entry)
            rows.append((position, at, room, type(event).__name__, entry, hash_))
    except ValueError as error:
        raise NotStorable(f"an event cannot be written: {error}") from error
    if rows:
        connection.exec_driver_sql(_APPEND, rows)
    return Head(position, hash_)


def entries(
    engine: Engine,
    after: int = 0,
    *,
    until: int | None = None,
    room: RoomId | None = None,
    since: datetime | None = None,
    types: frozenset[str] | None = None,
) -> Iterator[Entry]:
    """The entries that meet every condition, in order; see ``port.Reader``."""
    conditions = []
    if since is not None:
        conditions.append(log.c.recorded_at >= micros(since))
        with engine.connect() as connection:
            first = connection.execute(
                select(func.min(log.c.position)).where(*conditions)
            ).scalar()
        if first is None:
            return
        after = max(after, first - 1)
    if until is not None:
        conditions.append(log.c.position <= until)
    if room is not None:
        conditions.append(log.c.room == room)
    if types is None:
        rows = _rows(engine, after, conditions)
    elif room is not None:
        rows = _rows(engine, after, [*conditions, log.c.type.in_(sorted(types))])
    else:
        # One walk through the index per type; together they are in order again.
        walks = [
            _rows(engine, after, [*conditions, log.c.type == name])
            for name in sorted(types)
        ]
        rows = heapq.merge(*walks, key=lambda row: row[0])
    for position, entry, hash_ in rows:
        try:
            yield decode(entry, hash_)
        except ValueError as error:
            raise LogBroken(position, str(error)) from error


def _rows(
    engine: Engine, after: int, conditions: Sequence[ColumnElement[bool]]
) -> Iterator[Row[int, bytes, bytes]]:
    """Page by page: a slow reader keeps no transaction open."""
    wanted = select(log.c.position, log.c.entry, log.c.hash).where(*conditions)
    wanted = wanted.order_by(log.c.position).limit(_PAGE)
    while True:
        with engine.connect() as connection:
            page = connection.execute(wanted.where(log.c.position > after)).all()
        yield from page
        if len(page) < _PAGE:
            return
        after = page[-1][0]


def verify(engine: Engine) -> int:
    """Recompute the whole chain; the number of entries.

    Raises:
        LogBroken: The first entry that is not what was written.
    """
    with engine.connect() as connection:
        expected = positions.get(connection, positions.HEAD) or 0
    try:
        last, _ = follow(_links(engine))
    except ChainBroken as error:
        raise LogBroken(error.position, error.why) from error
    if last < expected:
        raise LogBroken(last + 1, f"missing: the log once went on to {expected}")
    return last


def _links(engine: Engine) -> Iterator[tuple[int, bytes, bytes]]:
    after = _LOWEST
    wanted = select(log).order_by(log.c.position).limit(_PAGE)
    while True:
        with engine.connect() as connection:
            page = connection.execute(wanted.where(log.c.position > after)).all()
        for position, recorded_at, room, kind, entry, hash_ in page:
            if type(entry) is not bytes or type(hash_) is not bytes:
                raise ChainBroken(position, "its content or its hash is no bytes")
            yield position, entry, hash_
            # Only reached when the entry itself has proved true.
            if not _repeats(entry, (position, recorded_at, room, kind)):
                raise ChainBroken(
                    position, "its columns say otherwise than its content"
                )
        if len(page) < _PAGE:
            return
        after = page[-1][0]


def _repeats(entry: bytes, columns: tuple[int, int, str | None, str]) -> bool:
    """Whether the columns say what the entry says."""
    position, recorded_at, room, kind = columns
    try:
        said = loads(entry)
        return (position, dump_instant(instant(recorded_at)), room, kind) == (
            said["position"],
            said["recorded_at"],
            said["room"],
            said["type"],
        )
    except (ValueError, TypeError, KeyError, OverflowError):
        return False
