"""How is an instant kept in a column? As whole microseconds since 1970 in UTC."""

from datetime import UTC, datetime, timedelta

from room_monitor.store.errors import NotStorable

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def micros(at: datetime) -> int:
    """An aware instant as microseconds.

    Raises:
        NotStorable: It has no time zone.
    """
    if at.tzinfo is None:
        raise NotStorable(f"{at!r} has no time zone")
    # A double tells instants apart to 0.24 µs until the year 2242: rounding is exact.
    return round(at.timestamp() * 1e6)


def instant(value: int) -> datetime:
    """The reverse of ``micros``, aware UTC."""
    return _EPOCH + timedelta(microseconds=value)


def maybe_instant(value: int | None) -> datetime | None:
    """As ``instant``, where there may be none."""
    return None if value is None else instant(value)
