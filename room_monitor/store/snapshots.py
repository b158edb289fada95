"""What was the state of all rooms, so that a start need not read the whole log?

A snapshot is a short cut, not evidence: one that is damaged, or ahead of the log it was
made from (an older backup was restored), is passed over, and the log is read instead.
"""

import zlib
from hashlib import sha256

from sqlalchemy import Connection, Row, delete, func, insert, select

from room_monitor.core.ids import RoomId
from room_monitor.store import event_log, journal
from room_monitor.store.instants import instant, micros
from room_monitor.store.tables import snapshot_rooms, snapshots
from room_monitor.store.values import Snapshot

KEPT = 2


def save(connection: Connection, snapshot: Snapshot) -> None:
    """Add it, and delete those that are too many."""
    newest = connection.execute(select(func.max(snapshots.c.number))).scalar() or 0
    number = newest + 1
    connection.execute(
        insert(snapshots).values(
            number=number,
            position=snapshot.position,
            reading_row=snapshot.reading_row,
            configuration=snapshot.configuration,
            format=snapshot.format,
            taken_at=micros(snapshot.taken_at),
            monitor=_squeeze(snapshot.monitor),
            checksum=_checksum(snapshot),
        )
    )
    rows = [
        {"snapshot": number, "room": room, "state": _squeeze(state)}
        for room, state in snapshot.rooms.items()
    ]
    if rows:
        connection.execute(insert(snapshot_rooms), rows)
    too_many = select(snapshots.c.number).order_by(snapshots.c.number.desc())
    for old in connection.execute(too_many.offset(KEPT)).scalars().all():
        connection.execute(
            delete(snapshot_rooms).where(snapshot_rooms.c.snapshot == old)
        )
        connection.execute(delete(snapshots).where(snapshots.c.number == old))


def latest(connection: Connection) -> Snapshot | None:
    """The newest that can be trusted, if there is one."""
    head = event_log.head(connection).position
    last_row = journal.last_row(connection)
    newest_first = select(snapshots).order_by(snapshots.c.number.desc())
    for row in connection.execute(newest_first).all():
        try:
            if row.position > head or row.reading_row > last_row:
                continue
            found = _read(connection, row)
            if _checksum(found) == row.checksum:
                return found
        except (zlib.error, TypeError, ValueError, OverflowError):
            continue  # damaged: a column may hold anything
    return None


def oldest_reading_row(connection: Connection) -> int:
    """The rows up to here are in every snapshot that is kept; 0 if there is none."""
    wanted = select(snapshots.c.reading_row).order_by(snapshots.c.reading_row).limit(1)
    return connection.execute(wanted).scalar() or 0


def _read(connection: Connection, row: Row[*tuple[object, ...]]) -> Snapshot:
    states = connection.execute(
        select(snapshot_rooms.c.room, snapshot_rooms.c.state)
        .where(snapshot_rooms.c.snapshot == row.number)
        .order_by(snapshot_rooms.c.room)
    )
    return Snapshot(
        position=row.position,
        reading_row=row.reading_row,
        configuration=row.configuration,
        format=row.format,
        taken_at=instant(row.taken_at),
        rooms={RoomId(room): zlib.decompress(state) for room, state in states},
        monitor=zlib.decompress(row.monitor),
    )


def _squeeze(state: bytes) -> bytes:
    # Memory cards wear out by what is written: fast compression pays.
    return zlib.compress(state, level=1)


def _checksum(snapshot: Snapshot) -> bytes:
    """Over everything in it; parts are preceded by their length."""
    total = sha256()
    parts = [
        str(snapshot.position).encode(),
        str(snapshot.reading_row).encode(),
        snapshot.configuration.encode(),
        str(snapshot.format).encode(),
        str(micros(snapshot.taken_at)).encode(),
        snapshot.monitor,
    ]
    for room in sorted(snapshot.rooms):
        parts += [room.encode(), snapshot.rooms[room]]
    for part in parts:
        total.update(len(part).to_bytes(8, "big"))
        total.update(part)
    return total.digest()
