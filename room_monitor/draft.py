"""A turn in the making: what came in, and what follows from it before it is written."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from room_monitor.core import desk as desks
from room_monitor.core.desk import Desk
from room_monitor.core.events import (
    AlertAcknowledged,
    AlertShelved,
    AlertUnshelved,
    Event,
    PageFailed,
    PageSent,
    Trouble,
)
from room_monitor.core.ids import PageId, RoomId
from room_monitor.core.judging import Turn
from room_monitor.core.monitor import Told, act, advance, judge_all
from room_monitor.core.readings import Reading
from room_monitor.core.requirements import Priority
from room_monitor.core.rota import Rota
from room_monitor.core.state import RoomState, evolve
from room_monitor.core.stay import Rejected
from room_monitor.store import (
    Attempt,
    Delivery,
    Notification,
    NotificationState,
    Sealed,
)


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

    # --- What others ask -----------------------------------------------------------------

    def act(
        self, room: RoomId, told: Told, texts: Mapping[str, Sealed], *, seeing: bool
    ) -> Sequence[Event] | Rejected:
        """What a person tells of a room."""
        state = self.room(room)
        if state is None:
            return Rejected(f"there is no room {room}")
        turn = act(state, told, self.now, seeing=seeing)
        if isinstance(turn, Rejected):
            return turn
        self.enter(room, turn)
        self.texts.update(texts)
        return turn.events

    def act_on_trouble(
        self, told: Told, texts: Mapping[str, Sealed]
    ) -> Sequence[Event] | Rejected:
        """What a person does with an alert about the monitor itself."""
        if not isinstance(told, AlertAcknowledged | AlertShelved | AlertUnshelved):
            return Rejected("this is done in a room, not to the monitor")
        said = desks.tell(self.desk, told, self.now)
        if isinstance(said, str):
            return Rejected(said)
        for event in said:
            self.say(None, event)
        self.texts.update(texts)
        return said

    def trouble_found(
        self, trouble: Trouble, subject: str, detail: str, priority: Priority
    ) -> None:
        """Something is wrong with the monitor itself; nothing new if that is known."""
        for event in desks.trouble_found(
            self.desk, trouble, subject, detail, priority, self.now
        ):
            self.say(None, event)

    def trouble_over(self, trouble: Trouble, subject: str) -> None:
        """It is no longer wrong."""
        for event in desks.trouble_over(self.desk, trouble, subject, self.now):
            self.say(None, event)

    def attempted(self, notification: Notification, attempt: Attempt) -> None:
        """What became of an attempt; of a page the log says so once it is final."""
        self.attempts.append(attempt)
        page = PageId(notification.id)
        paged = self.desk.pages.get(page)
        if paged is None or attempt.state is NotificationState.QUEUED:
            return
        tries = notification.attempts + 1
        ended: Event
        if attempt.state is NotificationState.SENT:
            ended = PageSent(
                page=page, channel=paged.channel, at=attempt.at, attempts=tries
            )
        else:
            ended = PageFailed(
                page=page,
                channel=paged.channel,
                at=attempt.at,
                attempts=tries,
                error=attempt.error or "",
            )
        self.say(notification.room, ended)

    # --- Who is told of it ---------------------------------------------------------------

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
