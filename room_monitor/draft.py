"""A turn in the making: what came in, and what follows from it before it is written."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from room_monitor.core import desk as desks
from room_monitor.core.desk import Desk
from room_monitor.core.events import Event
from room_monitor.core.ids import RoomId
from room_monitor.core.judging import Turn
from room_monitor.core.monitor import advance, judge_all
from room_monitor.core.readings import Reading
from room_monitor.core.rota import Rota
from room_monitor.core.state import RoomState, evolve
from room_monitor.store import Attempt, Delivery, Sealed


class Arrival(NamedTuple):
    """One MQTT message, decoded.

    Attributes:
        readings: What it said.
        received_at: Our clock when it came in.
        delivery: Its packet id and digest, to recognise it if it is sent again.
        redelivered: The broker says that it has sent it before.
        done: Called on the event loop once the content is durable.
    """

    readings: tuple[Reading, ...]
    received_at: datetime
    delivery: Delivery | None
    redelivered: bool
    done: Callable[[], None]


class Draft:
    """A turn in the making: nothing of it is true until it is committed."""

    def __init__(
        self, rooms: Mapping[RoomId, RoomState], desk: Desk, now: datetime
    ) -> None:
        self.now = now
        self.changed: dict[RoomId, RoomState] = {}
        self.desk = desk
        self.events: list[tuple[RoomId | None, Event]] = []
        self.readings: list[Reading] = []
        self.deliveries: list[Delivery] = []
        self.attempts: list[Attempt] = []
        self.texts: dict[str, Sealed] = {}
        self._rooms = rooms
        self._told = 0

    @property
    def rooms(self) -> Iterable[RoomState]:
        """All rooms as they are in this draft."""
        return ({**self._rooms, **self.changed}).values()

    def room(self, room: RoomId) -> RoomState | None:
        """A room as it is in this draft, if there is such a room."""
        return self.changed.get(room) or self._rooms.get(room)

    def enter(self, room: RoomId, turn: Turn) -> None:
        """Take over what the core says of one room."""
        self.changed[room] = turn.state
        self.events.extend((room, event) for event in turn.events)

    def happen(self, event: Event) -> None:
        """Something happened to the monitor itself, and so to every room."""
        self.events.append((None, event))
        for room in self.rooms:
            self.changed[room.plan.room.id] = evolve(room, event)

    def pass_time(self, until: datetime, *, seeing: bool) -> None:
        """Judge in all rooms what time alone may have changed up to an instant."""
        for room in list(self.rooms):
            if room.wake_at <= until:
                turn = advance(room, until, seeing=seeing)
                self.enter(room.plan.room.id, turn)

    def judge(self, *, seeing: bool) -> None:
        """Ask everything again in all rooms."""
        for room in list(self.rooms):
            self.enter(room.plan.room.id, judge_all(room, self.now, seeing=seeing))

    def say(self, room: RoomId | None, event: Event) -> None:
        """Something happened that changes no room: to an alert, or to a page."""
        self.events.append((room, event))

    def claim(self, rota: Rota) -> None:
        """Let the desk hear what happened, and say who must be told of it."""
        for room, event in self.events[self._told :]:
            self.desk = desks.evolve(self.desk, room, event, self.now)
        self.desk, said = desks.advance(self.desk, rota, self.now)
        self.events.extend(said)
        self._told = len(self.events)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to write."""
        return not (
            self.events
            or self.readings
            or self.deliveries
            or self.attempts
            or self.texts
        )
