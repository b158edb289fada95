"""Does the rota hold together: is somebody there, and is there a ladder for every alert?"""

from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from room_monitor.core.ids import RoomId
from room_monitor.core.requirements import Priority
from room_monitor.core.rota import Ladder, Shift, gaps
from room_monitor.settings.problems import Problem
from room_monitor.settings.rota_shapes import WEEKDAYS
from room_monitor.settings.yaml_source import Source

_WEEK = timedelta(weeks=1)
# One Monday in winter and one in summer: shifts in two time zones may adjoin in one only.
_MONDAYS = ((2026, 1, 5), (2026, 7, 6))
_MOST_ROOMS = 3


def nobody_there(
    source: Source, shifts: Collection[Shift], ladders: Collection[Ladder]
) -> Iterator[Problem]:
    """Hours of the week without anybody on shift, if a ladder relies on them.

    Args:
        source: The site file, for the line.
        shifts: All of them. Without any, that is said of each step by itself.
        ladders: All of them.
    """
    relied_on = any(step.on_shift for ladder in ladders for step in ladder.steps)
    if not relied_on or not shifts:
        return
    zone = next(iter(shifts)).zone
    for year, month, day in _MONDAYS:
        monday = datetime(year, month, day, tzinfo=ZoneInfo(zone)).astimezone(UTC)
        open_hours = [
            (begin.astimezone(ZoneInfo(zone)), end.astimezone(ZoneInfo(zone)))
            for begin, end in gaps(shifts, monday - _WEEK, monday + 2 * _WEEK)
            if monday <= begin < monday + _WEEK
        ]
        if open_hours:
            message = f"nobody is on shift {_between(*open_hours[0])}"
            if more := len(open_hours) - 1:
                message += f", and at {more} other time(s) of the week"
            yield source.problem(("shifts",), message)
            return


def _between(begin: datetime, end: datetime) -> str:
    first, last = (WEEKDAYS[at.weekday()].capitalize() for at in (begin, end))
    until = "24:00" if f"{end:%H:%M}" == "00:00" else f"{end:%H:%M}"
    if begin.date() == (end - timedelta(minutes=1)).date():
        return f"on {first} from {begin:%H:%M} to {until}"
    return f"from {first} {begin:%H:%M} to {last} {end:%H:%M}"


def alerts_without_a_ladder(
    source: Source, ladders: Collection[Ladder], rooms: Collection[str]
) -> Iterator[Problem]:
    """Alerts that nobody would be told of, though there are ladders for others.

    Args:
        source: The site file, for the line.
        ladders: All of them.
        rooms: All rooms, and the locations.
    """
    for priority in Priority if ladders else ():
        untold = [
            room
            for room in rooms
            if not any(ladder.fits(RoomId(room), priority) for ladder in ladders)
        ]
        if priority is Priority.NONE or not untold:
            continue
        message = f"there is no ladder for alerts of priority '{priority}'"
        if len(untold) < len(rooms):
            more = len(untold) - _MOST_ROOMS
            message += f" in {', '.join(untold[:_MOST_ROOMS])}"
            message += f" and {more} more" if more > 0 else ""
        yield source.problem(("ladders",), message)


def ladders_in_vain(
    source: Source, ladders: Collection[Ladder], rooms: Collection[str]
) -> Iterator[Problem]:
    """Ladders that are never used, because those before them take every alert.

    Args:
        source: The site file, for the line.
        ladders: All of them, in the order of the file.
        rooms: All rooms, and the locations.
    """
    taken: set[tuple[str, Priority]] = set()
    for index, ladder in enumerate(ladders):
        fits = {
            (room, priority)
            for room in rooms
            for priority in Priority
            if ladder.fits(RoomId(room), priority) and priority is not Priority.NONE
        }
        if fits <= taken:
            message = "never used: the ladders before it take every alert it is for"
            yield source.problem(("ladders", index), message)
        taken |= fits
