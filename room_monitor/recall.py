"""What a monitor remembers: the state of all rooms, from snapshot, log and journal.

    state = fold of the log and of the readings

A snapshot is a cache of that fold at one place in the log and in the journal of readings.
Without one, or with one this code cannot read, everything is folded from the beginning.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final, NamedTuple

from room_monitor.core.alert import Alert
from room_monitor.core.breach import Standing
from room_monitor.core.evaluation import DayTally, Heard
from room_monitor.core.events import ConfigurationChanged, MonitorStarted
from room_monitor.core.ids import AlertId, DeviceId, ObligationId, RoomId, StayId
from room_monitor.core.obligations import Plan
from room_monitor.core.state import RoomState, evolve, hear
from room_monitor.core.stay import Happened, Stay
from room_monitor.store import Reader, Snapshot
from room_monitor.store.codec import dumps, loads
from sensors.quantity import Quantity

FORMAT: Final = 1
"""Raise it when ``Memory`` changes: older snapshots are then folded anew."""


class Memory(NamedTuple):
    """What of a room's state is remembered; the rest is computed."""

    watched_since: datetime
    heard: Mapping[DeviceId, Mapping[Quantity, Heard]]
    last_heard: Mapping[DeviceId, datetime]
    sequences: Mapping[DeviceId, int]
    tallies: Mapping[DeviceId, tuple[DayTally, ...]]
    stays: Mapping[StayId, Stay]
    happened: Happened
    standings: Mapping[ObligationId, Standing]
    alerts: Mapping[AlertId, Alert]


class Recalled(NamedTuple):
    """The rooms as they were left, and where in log and journal that was.

    Attributes:
        rooms: By id; a room that was never watched before has a fresh state.
        position: The last log entry that is in it.
        reading_row: The last reading that is in it.
        configuration: Hash of the configuration last in force, ``None`` at the very first.
    """

    rooms: dict[RoomId, RoomState]
    position: int
    reading_row: int
    configuration: str | None


def remember(state: RoomState) -> bytes:
    """The part of a room's state that is kept, as bytes."""
    memory = Memory(*(getattr(state, field) for field in Memory._fields))
    return dumps(memory, Memory)


def snapshot(
    rooms: Iterable[RoomState],
    *,
    position: int,
    reading_row: int,
    configuration: str,
    now: datetime,
) -> Snapshot:
    """A snapshot of all rooms at one place in log and journal."""
    return Snapshot(
        position=position,
        reading_row=reading_row,
        configuration=configuration,
        format=FORMAT,
        taken_at=now,
        rooms={state.plan.room.id: remember(state) for state in rooms},
    )


def recall(store: Reader, plans: Mapping[RoomId, Plan]) -> Recalled:
    """Bring back the rooms as they were left."""
    kept = store.latest_snapshot()
    if kept is not None and kept.format != FORMAT:
        kept = None
    rooms = {room: _brought_back(plan, kept) for room, plan in plans.items()}
    position = kept.position if kept else 0
    configuration = kept.configuration if kept else None
    for entry in store.entries(position):
        position = entry.position
        event = entry.event
        if isinstance(event, MonitorStarted | ConfigurationChanged):
            configuration = event.configuration
        if entry.room is None:
            rooms = {room: evolve(state, event) for room, state in rooms.items()}
        elif entry.room in rooms:
            rooms[entry.room] = evolve(rooms[entry.room], event)
    row = kept.reading_row if kept else 0
    for at_row, reading in store.readings_after(row):
        row = at_row
        state = rooms.get(reading.room)
        if state is not None and not reading.retained:
            rooms[reading.room] = hear(state, reading)
    return Recalled(rooms, position, row, configuration)


def _brought_back(plan: Plan, kept: Snapshot | None) -> RoomState:
    memory = kept.rooms.get(plan.room.id) if kept else None
    if memory is None:
        return RoomState(plan=plan)
    return RoomState(plan, *loads(memory, Memory))
