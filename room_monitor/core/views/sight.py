"""When the monitor could see, and when it was blind."""

from collections.abc import Iterable
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
from room_monitor.core.views.time_line import Stretch, TimeLine, merged


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


_OF_THE_SENSES = {Blindness.BROKER_AWAY, Blindness.NOT_RUNNING, Blindness.KILLED}
"""Gaps of which a ``Sight`` knows the begin."""


def blind_stretches(
    entries: Iterable[Entry], line: TimeLine, now: datetime
) -> list[Stretch]:
    """When nothing could be seen, on the time line, up to ``now`` at the latest.

    Args:
        entries: Those of the monitor itself, from the beginning of the log.
        line: Their time line.
        now: Aware UTC, on the last clock.
    """
    blind: list[tuple[datetime, datetime]] = []
    sight, since = Sight(), now
    for entry in entries:
        before, sight = sight, evolve_sight(sight, entry)
        if before.blind_since is None and sight.blind_since is not None:
            since = line.move(sight.blind_since, entry.position)
        if isinstance(event := entry.event, GapFound):
            # The clock may have been set since it began: what was told then is moved.
            told = before.blind_since is not None and event.cause in _OF_THE_SENSES
            began_at = since if told else line.move(event.began_at, entry.position)
            blind.append((began_at, line.move(event.ended_at, entry.position)))
    if sight.blind_since is not None:
        blind.append((since, now))
    return merged((began_at, min(ended_at, now)) for began_at, ended_at in blind)
