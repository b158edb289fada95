"""Instants and durations as people write and read them."""

import re
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from room_monitor.cli.errors import Ending, Failure
from room_monitor.settings.units import read_duration

_CLOCK = re.compile(r"\d{1,2}:\d{2}(:\d{2})?")
_AGO = re.compile(r"(.*?)\s*(?:\bago)?")
_SHORT = re.compile(r"(\d+(?:\.\d+)?)\s*m")

HOW = (
    "write '2026-11-22 03:15', '03:15' for the last time it was so, '10 min ago', "
    "or with an offset: '2026-11-22T03:15+01:00'"
)


def duration(text: str) -> timedelta:
    """Read ``30s``, ``10m``, ``24 h``, ``7 d``.

    Raises:
        Failure: With what to write instead.
    """
    short = _SHORT.fullmatch(text.strip())
    try:
        return read_duration(f"{short[1]} min" if short else text)
    except ValueError as error:
        raise Failure(str(error), Ending.REFUSED) from None


def instant(text: str, zone: tzinfo, now: datetime) -> datetime:
    """Read an instant.

    Args:
        text: ISO 8601 with an offset; or local time, with or without the day; or how long
            ago.
        zone: The zone of the site, for what has no offset.
        now: Aware UTC.

    Returns:
        Aware UTC.

    Raises:
        Failure: With what to write instead.
    """
    text = text.strip()
    if text == "now":
        return now
    with suppress(ValueError):
        return _absolute(text, zone, now)
    ago = _AGO.fullmatch(text)
    assert ago is not None, "everything is something, perhaps followed by ago"
    try:
        return now - duration(ago[1])
    except (Failure, OverflowError):
        message = f"'{text}' is no instant; {HOW}"
        raise Failure(message, Ending.REFUSED) from None


def coming(text: str, zone: tzinfo, now: datetime) -> datetime:
    """Read an instant to come: as ``instant``, but ``03:15`` is the next time it is so.

    Raises:
        Failure: With what to write instead.
    """
    text = text.strip()
    try:
        found = _absolute(text, zone, now, ahead=True)
    except ValueError:
        message = f"'{text}' is no instant to come; write '07:30' or '2026-11-22 07:30'"
        raise Failure(message, Ending.REFUSED) from None
    if found <= now:
        message = f"{local(found, zone)} lies in the past"
        raise Failure(message, Ending.REFUSED)
    return found


def _absolute(
    text: str, zone: tzinfo, now: datetime, *, ahead: bool = False
) -> datetime:
    if _CLOCK.fullmatch(text):
        at = time.fromisoformat(text.zfill(5 if text.count(":") == 1 else 8))
        today = now.astimezone(zone).date()
        found = _local(datetime.combine(today, at), zone)
        if (found > now) is not ahead:
            other = today + timedelta(days=1 if ahead else -1)
            found = _local(datetime.combine(other, at), zone)
        return found
    written = datetime.fromisoformat(text)
    if written.tzinfo is not None:
        return written.astimezone(UTC)
    return _local(written, zone)


def _local(naive: datetime, zone: tzinfo) -> datetime:
    """What an hour on the wall means. In autumn one comes twice, in spring one never."""
    first, second = (naive.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return first.astimezone(UTC)
    earlier, later = sorted((first, second), key=lambda at: at.astimezone(UTC))
    if first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != naive:
        message = (
            f"{naive:%Y-%m-%d %H:%M} did not exist: the clock was set forward then"
        )
    else:
        message = (
            f"{naive:%Y-%m-%d %H:%M} came twice that night; give the offset: "
            f"'{earlier.isoformat()}' or '{later.isoformat()}'"
        )
    raise Failure(message, Ending.REFUSED)


def local(at: datetime, zone: tzinfo, now: datetime | None = None) -> str:
    """Write an instant for people, with its offset; of today only the time."""
    there = at.astimezone(zone)
    offset = f"{there:%z}"
    offset = f"{offset[:3]}:{offset[3:5]}"
    if now is not None and there.date() == now.astimezone(zone).date():
        return f"{there:%H:%M:%S} {offset}"
    return f"{there:%Y-%m-%d %H:%M:%S} {offset}"


def short(at: datetime, zone: tzinfo, now: datetime) -> str:
    """Write an instant in a narrow column: ``14:05``, ``19 Nov 14:05``, ``2025-11-19``."""
    there, today = at.astimezone(zone), now.astimezone(zone)
    if there.date() == today.date():
        return f"{there:%H:%M:%S}"
    if abs(today - there) < timedelta(days=300):
        return f"{there:%d-%m %H:%M}"
    return f"{there:%Y-%m-%d}"


def span(time: timedelta) -> str:
    """Write a duration for people: ``45 s``, ``12 min``, ``3 h 05``, ``12 d``."""
    seconds = int(abs(time).total_seconds())
    if seconds < 120:
        return f"{seconds} s"
    if seconds < 7200:
        return f"{seconds // 60} min"
    if seconds < 48 * 3600:
        return f"{seconds // 3600} h {seconds % 3600 // 60:02d}"
    return f"{seconds // 86_400} d"


def iso(at: datetime | date | None) -> str | None:
    """Write an instant for machines, in UTC."""
    if isinstance(at, datetime):
        return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"
    return at.isoformat() if at is not None else None
