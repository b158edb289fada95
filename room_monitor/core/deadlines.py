"""When must we look again, though nothing is heard?"""

from collections.abc import Iterable
from datetime import datetime

from room_monitor.core.state import NEVER, RoomState


def next_deadline(rooms: Iterable[RoomState]) -> datetime | None:
    """The first instant (aware UTC) at which time alone may change an answer.

    ``None`` if nothing is waiting. Computed from the rooms: there is no list of jobs.
    """
    soonest = min((room.wake_at for room in rooms), default=NEVER)
    return None if soonest == NEVER else soonest
