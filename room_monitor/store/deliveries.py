"""Which messages are committed? So that their redelivery is recognised.

A broker repeats what was not acknowledged when the connection broke: at most as many as
may be in flight, so the newest are enough. The messages of one turn share a row, each as
packet id (2 bytes, big-endian), length of the digest (1 byte) and digest.
"""

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, func, select

from room_monitor.store.tables import deliveries
from room_monitor.store.values import Delivery

KEPT = 10_000
"""At least so many of the newest messages are known: more than are ever in flight, far
fewer than the 65,535 after which packet ids come round again."""


def last(connection: Connection) -> int:
    """How many messages were ever kept."""
    return connection.execute(select(func.max(deliveries.c.last))).scalar() or 0


def keep(connection: Connection, after: int, messages: Sequence[Delivery]) -> int:
    """Keep messages, the oldest make place; how many were ever kept.

    Raises:
        OverflowError: A packet id or the length of a digest is out of range.
    """
    if not messages:
        return after
    newest = after + len(messages)
    packed = b"".join(
        packet.to_bytes(2, "big") + len(digest).to_bytes(1, "big") + digest
        for packet, digest in messages
    )
    connection.exec_driver_sql(
        "INSERT INTO deliveries (last, messages) VALUES (?, ?)", (newest, packed)
    )
    connection.exec_driver_sql(
        "DELETE FROM deliveries WHERE last <= ?", (newest - KEPT,)
    )
    return newest


def recent(connection: Connection) -> dict[int, bytes]:
    """The digest per packet id, the newest where an id was used again."""
    turns = connection.execute(
        select(deliveries.c.messages).order_by(deliveries.c.last)
    ).scalars()
    return {packet: digest for turn in turns for packet, digest in _unpack(turn)}


def _unpack(turn: bytes) -> Iterator[tuple[int, bytes]]:
    place = 0
    while place < len(turn):
        end = place + 3 + turn[place + 2]
        yield int.from_bytes(turn[place : place + 2], "big"), turn[place + 3 : end]
        place = end
