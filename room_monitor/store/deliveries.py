"""Which messages are committed? So that their redelivery is recognised.

A broker repeats what was not acknowledged when the connection broke: at most as many as
may be in flight. A ring of the newest messages is enough.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, func, select

from room_monitor.store.tables import deliveries
from room_monitor.store.values import Delivery

KEPT = 10_000
_KEEP = (
    "INSERT INTO deliveries (slot, nth, packet, digest) VALUES (?, ?, ?, ?)"
    " ON CONFLICT (slot) DO UPDATE SET nth = excluded.nth,"
    " packet = excluded.packet, digest = excluded.digest"
)


def last(connection: Connection) -> int:
    """How many messages were ever kept."""
    return connection.execute(select(func.max(deliveries.c.nth))).scalar() or 0


def keep(connection: Connection, after: int, messages: Sequence[Delivery]) -> int:
    """Keep messages, the oldest make place; how many were ever kept."""
    if messages:
        connection.exec_driver_sql(
            _KEEP,
            [
                (nth % KEPT, nth, packet, digest)
                for nth, (packet, digest) in enumerate(messages, after + 1)
            ],
        )
    return after + len(messages)


def recent(connection: Connection) -> dict[int, bytes]:
    """The digest per packet id, the newest where an id was used again."""
    rows = connection.execute(
        select(deliveries.c.packet, deliveries.c.digest).order_by(deliveries.c.nth)
    )
    return {packet: digest for packet, digest in rows}  # noqa: C416 - rows are no pairs
