"""When the monitor could see, and when it was blind."""

from datetime import datetime
from typing import NamedTuple

from room_monitor.core.events import (
    Blindness,
    BrokerLost,
    Entry,
    GapFound,
    MonitorStarted,
    MonitorStopped,
)


class Sight(NamedTuple):
    """Since when the monitor has been blind, if it is."""

    blind_since: datetime | None = None
    why: str = ""


def evolve_sight(sight: Sight, entry: Entry) -> Sight:
    """Follow what the log says of the monitor itself.

    Blindness has one beginning, whatever happens to a monitor that cannot see anyway.
    """
    since = sight.blind_since
    match entry.event:
        case MonitorStarted(at=at):
            return Sight(since or at, "it has only just started")
        case BrokerLost(began_at=at):
            return Sight(since or at, "the broker is away")
        case MonitorStopped():
            return Sight(since or entry.recorded_at, "the monitor was stopped")
        case GapFound(cause=Blindness.BROKER_AWAY):
            return Sight()
        case GapFound(cause=Blindness.NOT_RUNNING | Blindness.KILLED, began_at=at):
            return Sight(since or at, "the monitor did not run")
        case _:
            return sight
