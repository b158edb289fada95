"""When the monitor could see, and when it was blind."""

from datetime import datetime
from typing import NamedTuple

from room_monitor.core.events import (
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
    """Follow what the log says of the monitor itself."""
    match entry.event:
        case MonitorStarted(at=at):
            return Sight(at, "it has only just started")
        case BrokerLost(began_at=at):
            return Sight(at, "the broker is away")
        case MonitorStopped():
            return Sight(entry.recorded_at, "the monitor was stopped")
        case GapFound(cause=cause) if cause == "broker_away":
            return Sight()
        case _:
            return sight
