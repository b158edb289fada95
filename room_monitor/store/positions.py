"""Where are we? Small named numbers that change together with what they describe."""

from collections.abc import Mapping

from sqlalchemy import Connection, select

from room_monitor.store.tables import positions

ALIVE = "alive_at"
"""The last instant the monitor is known to have been alive, in microseconds."""
HEAD = "log_head"
"""The position of the last entry: shows when the log's tail was cut off."""
ROLLED_UP = "rolled_up_row"
"""The last row of the readings that is in the rollups."""

_SET = (
    "INSERT INTO positions (name, value) VALUES (?, ?)"
    " ON CONFLICT (name) DO UPDATE SET value = excluded.value"
)


def get(connection: Connection, name: str) -> int | None:
    """The number, if it was ever set."""
    found = connection.execute(
        select(positions.c.value).where(positions.c.name == name)
    ).scalar()
    return None if found is None else int(found)


def put(connection: Connection, values: Mapping[str, int]) -> None:
    """Set some numbers, in the transaction that makes them true."""
    connection.exec_driver_sql(_SET, list(values.items()))
