"""When was the door of a room closed and locked, as far as its sensors saw?

A room is locked while all its door contacts say closed and all its locks say locked.
Without a lock nothing is said: a closed door is not a locked one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from room_monitor.core.evaluation import Locking
from room_monitor.core.events import DoorMoved, OccupancySuggested
from room_monitor.core.ids import DeviceId
from room_monitor.core.site import Role

LOCKINGS_KEPT = 500
"""How many stretches of a locked door are remembered; the log keeps them all."""

NOTHING = timedelta(seconds=30)
"""A shorter stretch, once it is over, is not remembered: somebody tried the lock."""


@dataclass(frozen=True, slots=True)
class Doors:
    """What the sensors at the door of a room said.

    Attributes:
        closed: Whether each door contact says closed.
        locked: Whether each lock says locked.
        since: Since when all of them are, if they are.
        co2_ppm: CO₂ when it was locked, where it was measured.
        suggested: That somebody may be inside was said since then.
        past: Earlier stretches, oldest first.
    """

    closed: Mapping[DeviceId, bool] = field(default_factory=dict)
    locked: Mapping[DeviceId, bool] = field(default_factory=dict)
    since: datetime | None = None
    co2_ppm: float | None = None
    suggested: bool = False
    past: tuple[Locking, ...] = ()

    @property
    def lockings(self) -> tuple[Locking, ...]:
        """All remembered stretches, the present one included."""
        if self.since is None:
            return self.past
        return (*self.past, Locking(self.since, None))

    @property
    def are_locked(self) -> bool:
        """Whether all that is known of the door says that nobody can leave."""
        return (
            bool(self.locked)
            and all(self.locked.values())
            and all(self.closed.values())
        )


def evolve(doors: Doors, event: DoorMoved | OccupancySuggested) -> Doors:
    """Say how the doors are after ``event``."""
    if isinstance(event, OccupancySuggested):
        return replace(doors, suggested=True)
    match event.role:
        case Role.DOOR_CONTACT:
            closed = {**doors.closed, event.device: event.state == "closed"}
            moved = replace(doors, closed=closed)
        case Role.DOOR_LOCK:
            locked = {**doors.locked, event.device: event.state == "locked"}
            moved = replace(doors, locked=locked)
        case _:
            return doors
    if moved.are_locked and doors.since is None:
        return replace(moved, since=event.at, co2_ppm=event.co2_ppm, suggested=False)
    if not moved.are_locked and doors.since is not None:
        ended_at = max(event.at, doors.since)
        past = doors.past
        if ended_at - doors.since >= NOTHING:
            past = (*past, Locking(doors.since, ended_at))[-LOCKINGS_KEPT:]
        return replace(moved, since=None, co2_ppm=None, suggested=False, past=past)
    return moved


def shift(doors: Doors, by: timedelta) -> Doors:
    """Move all instants after a step of the wall clock."""
    return replace(
        doors,
        since=None if doors.since is None else doors.since + by,
        past=tuple(
            Locking(began_at + by, ended_at and ended_at + by)
            for began_at, ended_at in doors.past
        ),
    )
