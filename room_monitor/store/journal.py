"""Every reading as it was heard, in the order it was heard.

A reading whose device numbers and dates its messages is kept once, however often it is
delivered. Others cannot be told from a repetition here (see ``deliveries``).
"""

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, Engine, select
from sqlalchemy.dialects.sqlite import insert

from room_monitor.core.ids import DeviceId, RoomId
from room_monitor.core.readings import Reading
from room_monitor.store.instants import instant, maybe_instant, micros
from room_monitor.store.tables import LATE, RETAINED, readings, series
from sensors.quantity import Quantity

SeriesKey = tuple[RoomId, DeviceId, Quantity]

_PAGE = 5_000
_KEEP = (
    "INSERT INTO readings"
    " (series, value, at, received_at, measured_at, sequence, flags, tag)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
)
_LAST = "SELECT row FROM readings ORDER BY row DESC LIMIT 1"


def last_row(connection: Connection) -> int:
    """The newest row, 0 for none. Rows only grow: the newest is never deleted."""
    found = connection.exec_driver_sql(_LAST).scalar()
    return 0 if found is None else int(found)


class SeriesIds:
    """The small numbers under which room, device and quantity are kept.

    What a transaction adds counts only once it is committed: ``settle`` or ``forget``.
    """

    def __init__(self) -> None:
        self._known: dict[SeriesKey, int] = {}
        self._new: dict[SeriesKey, int] = {}

    def of(self, connection: Connection, key: SeriesKey) -> int:
        """The number of a series, new if need be."""
        known = self._known.get(key) or self._new.get(key)
        if known is None:
            known = self._new[key] = _find_or_add(connection, key)
        return known

    def settle(self) -> None:
        """The transaction was committed."""
        if self._new:
            self._known |= self._new
            self._new = {}

    def forget(self) -> None:
        """The transaction was rolled back."""
        self._new = {}


def _find_or_add(connection: Connection, key: SeriesKey) -> int:
    room, device, quantity = key
    wanted = select(series.c.id).where(
        series.c.device == device,
        series.c.quantity == quantity.value,
        series.c.room == room,
    )
    found = connection.execute(wanted).scalar()
    if found is None:
        connection.execute(
            insert(series).values(room=room, device=device, quantity=quantity.value)
        )
        found = connection.execute(wanted).scalar_one()
    return int(found)


def keep(connection: Connection, ids: SeriesIds, heard: Sequence[Reading]) -> int:
    """Add readings; how many were new."""
    rows = []
    id_of = ids.of
    for reading in heard:
        _, _, _, value, at, received_at, measured_at, sequence, late, held, tag = (
            reading
        )
        kept_at = micros(at)
        rows.append(
            (
                id_of(connection, reading[:3]),
                value,
                kept_at,
                kept_at if received_at is at else micros(received_at),
                None if measured_at is None else micros(measured_at),
                sequence,
                (LATE if late else 0) | (RETAINED if held else 0),
                tag,
            )
        )
    if not rows:
        return 0
    return connection.exec_driver_sql(_KEEP, rows).rowcount


def replay(engine: Engine, after: int) -> Iterator[tuple[int, Reading]]:
    """The readings behind a row in the order they were written, with their rows."""
    wanted = select(readings).order_by(readings.c.row).limit(_PAGE)
    names: dict[int, SeriesKey] = {}
    while True:
        with engine.connect() as connection:
            page = connection.execute(wanted.where(readings.c.row > after)).all()
            if any(row[1] not in names for row in page):
                names = {
                    id_: (RoomId(room), DeviceId(device), Quantity(quantity))
                    for id_, room, device, quantity in connection.execute(
                        select(series)
                    )
                }
        for row, of, value, at, received_at, measured_at, sequence, flags, tag in page:
            heard_at = instant(at)
            yield (
                row,
                Reading(
                    *names[of],
                    value,
                    heard_at,
                    heard_at if received_at == at else instant(received_at),
                    maybe_instant(measured_at),
                    sequence,
                    bool(flags & LATE),
                    bool(flags & RETAINED),
                    tag,
                ),
            )
        if len(page) < _PAGE:
            return
        after = page[-1][0]
