"""What a monitor remembers: the state of all rooms, from snapshot, log and journal.

    state = fold of the log and of the readings

A snapshot is a cache of that fold at one place in the log and in the journal of readings.
Without one, or with one this code cannot read, everything is folded from the beginning.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import reduce
from heapq import merge
from itertools import takewhile
from typing import Final, NamedTuple, get_args

from room_monitor.core import desk as desks
from room_monitor.core.alert import Alert
from room_monitor.core.breach import Standing
from room_monitor.core.desk import Desk
from room_monitor.core.doors import Doors
from room_monitor.core.evaluation import DayTally, Heard
from room_monitor.core.events import (
    Blindness,
    ClockStepped,
    ConfigurationChanged,
    Entry,
    GapFound,
    MonitorEvent,
    MonitorStarted,
    MonitorStopped,
)
from room_monitor.core.ids import AlertId, DeviceId, ObligationId, RoomId, StayId
from room_monitor.core.obligations import Plan
from room_monitor.core.readings import Reading
from room_monitor.core.state import RoomState, evolve, hear
from room_monitor.core.stay import Happened, Stay
from room_monitor.core.views import Sight, evolve_sight
from room_monitor.store import Reader, Snapshot
from room_monitor.store.codec import dumps, loads
from sensors.quantity import Quantity

FORMAT: Final = 2
"""Raise it when ``Memory`` changes: older snapshots are then folded anew."""

OF_THE_MONITOR: Final = frozenset(kind.__name__ for kind in get_args(MonitorEvent))
"""The names of the events that concern every room."""

ALIVE_WITHIN: Final = timedelta(seconds=15)
"""A monitor that runs says at least this often that it is alive."""


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
    doors: Doors
    sensed: Happened


class Recalled(NamedTuple):
    """The rooms as they were left, and where in log and journal that was.

    Attributes:
        rooms: By id; a room that was never watched before has a fresh state.
        position: The last log entry that is in it.
        reading_row: The last reading that is in it.
        configuration: Hash of the configuration last in force, ``None`` at the very first.
        desk: Who was told of what.
    """

    rooms: dict[RoomId, RoomState]
    position: int
    reading_row: int
    configuration: str | None
    desk: Desk


def remember(state: RoomState) -> bytes:
    """The part of a room's state that is kept, as bytes."""
    memory = Memory(*(getattr(state, field) for field in Memory._fields))
    return dumps(memory, Memory)


def snapshot(
    rooms: Iterable[RoomState],
    desk: Desk,
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
        monitor=dumps(desk.afresh, Desk),
    )


def recall(store: Reader, plans: Mapping[RoomId, Plan]) -> Recalled:
    """Bring back the rooms as they were left."""
    kept = store.latest_snapshot()
    if kept is not None and kept.format != FORMAT:
        kept = None
    try:
        rooms = {room: _brought_back(plan, kept) for room, plan in plans.items()}
        desk = loads(kept.monitor, Desk) if kept else Desk()
    except ValueError:  # written by other code under the same number
        kept, desk = None, Desk()
        rooms = {room: RoomState(plan=plan) for room, plan in plans.items()}
    if kept is not None:
        rooms |= _away(store, plans.keys() - kept.rooms.keys(), plans, kept.position)
    position = kept.position if kept else 0
    configuration = kept.configuration if kept else None
    readings = _Journal(store, kept.reading_row if kept else 0)
    for entry in store.entries(position):
        position = entry.position
        event = entry.event
        desk = desks.evolve(desk, entry.room, event, entry.recorded_at)
        if isinstance(event, MonitorStarted | ConfigurationChanged):
            configuration = event.configuration
        if isinstance(event, ClockStepped):
            # What was heard before the step moves with it, what came after does not.
            readings.hear(rooms, until=event.reading_row)
        if entry.room is None:
            rooms = {room: evolve(state, event) for room, state in rooms.items()}
        elif entry.room in rooms:
            rooms[entry.room] = evolve(rooms[entry.room], event)
    readings.hear(rooms, until=None)
    return Recalled(rooms, position, readings.row, configuration, desk)


def _away(
    store: Reader, rooms: Iterable[RoomId], plans: Mapping[RoomId, Plan], until: int
) -> dict[RoomId, RoomState]:
    """Rooms that were not watched when the snapshot was made, as the log left them."""
    states = {}
    for room in rooms:
        before = takewhile(lambda entry: entry.position <= until, log_of(store, room))
        events = (entry.event for entry in before)
        states[room] = reduce(evolve, events, RoomState(plan=plans[room]))
    return states


class _Journal:
    """The readings behind a row, heard piece by piece."""

    def __init__(self, store: Reader, row: int) -> None:
        self.row = row
        self._store = store

    def hear(self, rooms: dict[RoomId, RoomState], *, until: int | None) -> None:
        """Let the rooms hear the next readings, up to a row or to the end."""
        if until is not None and until <= self.row:
            return
        for row, reading in self._store.readings_after(self.row):
            if until is not None and row > until:
                return
            self.row = row
            state = rooms.get(reading.room)
            if state is not None and not reading.retained:
                rooms[reading.room] = hear(state, reading)


def recall_at(
    store: Reader, plans: Mapping[RoomId, Plan], at: datetime
) -> dict[RoomId, RoomState]:
    """The rooms as the log had them at a past instant.

    Of one room only what is in the log of that room is read. Last readings are taken from
    the telemetry as far as it is still kept, and only for one room.

    Args:
        store: Where the log is.
        plans: What was asked then (see ``configuration_at``), of the rooms wanted.
        at: Aware UTC; what was recorded later is not known yet.
    """
    only = next(iter(plans)) if len(plans) == 1 else None
    rooms = {room: RoomState(plan=plan) for room, plan in plans.items()}
    for entry in _until(log_of(store, only), at):
        if entry.room is None:
            rooms = {room: evolve(s, entry.event) for room, s in rooms.items()}
        elif entry.room in rooms:
            rooms[entry.room] = evolve(rooms[entry.room], entry.event)
    if only is not None:
        rooms[only] = _heard_by(store, rooms[only], at)
    return rooms


def desk_of(store: Reader, at: datetime) -> Desk:
    """Who had been told of what, as the log had it at an instant (aware UTC)."""
    desk = Desk()
    for entry in _until(store.entries(types=desks.MATTERS), at):
        desk = desks.evolve(desk, entry.room, entry.event, entry.recorded_at)
    return desk


def log_of(
    store: Reader, room: RoomId | None, types: frozenset[str] | None = None
) -> Iterator[Entry]:
    """The entries of one room and those of the monitor itself; of all rooms for ``None``.

    Args:
        store: Where the log is.
        room: Which room.
        types: Of the rooms only events of these class names.
    """
    if room is None:
        wanted = None if types is None else types | OF_THE_MONITOR
        return store.entries(types=wanted)
    return merge(
        store.entries(room=room, types=types),
        store.entries(types=OF_THE_MONITOR),
        key=lambda entry: entry.position,
    )


def configuration_at(store: Reader, at: datetime) -> str | None:
    """The hash of the configuration in force at an instant; ``None`` before the first."""
    return _last_of(_until(store.entries(types=_OF_CONFIGURATION), at))


def last_configuration(store: Reader) -> str | None:
    """The hash of the configuration that came into force last."""
    return _last_of(store.entries(types=_OF_CONFIGURATION))


_OF_CONFIGURATION = frozenset({"MonitorStarted", "ConfigurationChanged"})


def _last_of(entries: Iterable[Entry]) -> str | None:
    found: str | None = None
    for entry in entries:
        assert isinstance(entry.event, MonitorStarted | ConfigurationChanged)
        found = entry.event.configuration
    return found


def sight_at(store: Reader, at: datetime) -> Sight:
    """Whether the monitor could see at an instant, and if not since when and why.

    A monitor that was killed could not say so: that it was is known by the gap that was
    found later, or because it has not been heard of since.
    """
    sight, stopped = Sight(), False
    for entry in store.entries(types=OF_THE_MONITOR):
        event = entry.event
        if entry.recorded_at > at:
            if isinstance(event, GapFound) and event.began_at <= at < event.ended_at:
                return Sight(
                    sight.blind_since or event.began_at, WHY_BLIND[event.cause]
                )
            continue
        sight = evolve_sight(sight, entry)
        stopped = isinstance(event, MonitorStopped)
    alive_at = store.alive_at()
    if alive_at is not None and not stopped and at - alive_at > ALIVE_WITHIN:
        return Sight(sight.blind_since or alive_at, "the monitor does not run")
    return sight


WHY_BLIND = {
    Blindness.NOT_RUNNING: "the monitor did not run",
    Blindness.KILLED: "the monitor had been killed",
    Blindness.BROKER_AWAY: "the broker was away",
    Blindness.STORE_AWAY: "the store was away",
    Blindness.STOOD_STILL: "the monitor stood still",
}


def _until(entries: Iterable[Entry], at: datetime) -> Iterator[Entry]:
    return takewhile(lambda entry: entry.recorded_at <= at, entries)


def _heard_by(store: Reader, state: RoomState, at: datetime) -> RoomState:
    """The state with what its devices had last said by an instant, for people to see."""
    for device, of_device in state.plan.watching.items():
        back = 2 * state.plan.devices[device].silent_after
        for quantity in (q for q in of_device if q is not None):
            points = store.series(device, quantity, at - back, at)
            if points:
                reading = Reading(
                    room=state.plan.room.id,
                    device=device,
                    quantity=quantity,
                    value=points[-1].last,
                    at=points[-1].at,
                    received_at=points[-1].at,
                )
                state = hear(state, reading)
    return state


def _brought_back(plan: Plan, kept: Snapshot | None) -> RoomState:
    memory = kept.rooms.get(plan.room.id) if kept else None
    if memory is None:
        return RoomState(plan=plan)
    return RoomState(plan, *loads(memory, Memory))
