"""A whole monitor without its shell: rooms and desk, in turns, on a clock of its own.

    acts, readings, time ──Draft──> events ──> log ──> truth (what must follow)
                                        └──evolve──> twin (what the log alone says)

Turns are taken as the engine takes them, at every deadline, and committed to lists. A
``House`` can be killed: it then recalls everything from log and journal, or from a
snapshot and what came after it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from json import loads as from_json
from pathlib import Path
from re import compile as pattern
from typing import Any, TypeVar, cast

from room_monitor.core import desk as desks
from room_monitor.core import monitor
from room_monitor.core.deadlines import next_deadline
from room_monitor.core.desk import Desk
from room_monitor.core.events import (
    Blindness,
    BrokerLost,
    ClockStepped,
    ConfigurationChanged,
    Entry,
    Event,
    GapFound,
    MonitorStarted,
)
from room_monitor.core.ids import RoomId
from room_monitor.core.monitor import Told
from room_monitor.core.obligations import Plan, plan
from room_monitor.core.readings import Reading
from room_monitor.core.requirements import Catalogue
from room_monitor.core.site import Room
from room_monitor.core.state import NEVER, RoomState, evolve, hear
from room_monitor.core.stay import Rejected
from room_monitor.draft import Draft
from room_monitor.evidence.entries import decode, encode
from room_monitor.recall import recall, snapshot
from room_monitor.settings import Settings, load
from room_monitor.store import Snapshot, Store
from tests.core.play import remembered

SITE = Path(__file__).parents[2] / "config/site.yaml"
DUSK = datetime(2026, 3, 28, 20, 30, tzinfo=UTC)
"""A Saturday night with a change of shift, and of the clocks, in it."""

CALM, BEDROOM = RoomId("calm-1"), RoomId("bedroom-7")
DEVICES = frozenset(
    {
        "calm-1-climate",
        "calm-1-door",
        "calm-1-lock",
        "calm-1-call",
        "calm-1-tap",
        "bedroom-7-lock",
    }
)
SPEAKS_EVERY = timedelta(minutes=45)

OF_THE_CATALOGUE = frozenset({"citation"})
OF_THE_PROGRAM = frozenset({"detail", "error", "changes"})
WORD = pattern(r"[^\s]{0,120}")

T = TypeVar("T")


@cache
def settings() -> Settings:
    """The example site with the real catalogue and rota."""
    return load(SITE)


@cache
def watched(*missing: str) -> tuple[Room, ...]:
    """A safe room and a bedroom, with the devices that matter here."""
    rooms = (settings().site.by_id[name] for name in (CALM, BEDROOM))
    return tuple(
        replace(
            room,
            devices=tuple(
                replace(device, interval=SPEAKS_EVERY)
                for device in room.devices
                if device.id in DEVICES - set(missing)
            ),
        )
        for room in rooms
    )


@cache
def asked(without: str = "", *missing: str) -> Mapping[RoomId, Plan]:
    """What is asked of the rooms by the catalogue, or by one that lacks a requirement."""
    whole = settings().catalogue
    kept = tuple(r for r in whole.requirements if r.id != without)
    catalogue = Catalogue(version=whole.version, hash=whole.hash, requirements=kept)
    return {room.id: plan(room, catalogue) for room in watched(*missing)}


class Shelf:
    """Log, journal and the last snapshot, as ``recall`` reads them."""

    def __init__(
        self, entries: list[Entry], readings: list[Reading], kept: Snapshot | None
    ) -> None:
        self._entries, self._readings, self._kept = entries, readings, kept

    def latest_snapshot(self) -> Snapshot | None:
        return self._kept

    def entries(
        self,
        after: int = 0,
        *,
        room: RoomId | None = None,
        types: frozenset[str] | None = None,
    ) -> Iterator[Entry]:
        for entry in self._entries[after:]:
            wanted = types is None or type(entry.event).__name__ in types
            if wanted and room in (None, entry.room):
                yield entry

    def readings_after(self, row: int) -> Iterator[tuple[int, Reading]]:
        yield from enumerate(self._readings[row:], row + 1)


class House:
    """Two rooms, a desk, and all that is written down.

    Attributes:
        now: The wall clock.
        rooms: As they are.
        twin: As the log alone tells them, folded entry by entry.
        hears: Called with each entry, once it is written.
        looks: Called before each turn with how long nobody could have looked.
    """

    def __init__(
        self,
        hears: Callable[[Entry], None],
        looks: Callable[[datetime, bool], None],
    ) -> None:
        self.now = DUSK
        self.plans = asked()
        self.rota = settings().rota
        self.rooms = {name: RoomState(plan=p) for name, p in self.plans.items()}
        self.desk = Desk()
        self.twin, self.twin_desk = dict(self.rooms), self.desk
        self.entries: list[Entry] = []
        self.readings: list[Reading] = []
        self.seeing = False
        self.hears, self.looks = hears, looks
        self._lately = self._moment()
        self._before = self._lately
        self._start(away=timedelta(0))
        self.sees()

    # --- What happens -------------------------------------------------------------------

    def tell(self, room: RoomId, told: Told) -> Sequence[Event] | Rejected:
        """A person tells something of a room."""

        def ask(draft: Draft) -> Sequence[Event] | Rejected:
            state = draft.room(room)
            assert state is not None
            turn = monitor.act(state, told, draft.now, seeing=self.seeing)
            if isinstance(turn, Rejected):
                return turn
            draft.enter(room, turn)
            return turn.events

        return self.turn(ask)

    def tell_of_trouble(self, told: desks.Told) -> list[Event] | str:
        """A person does something with an alert about the monitor itself."""

        def ask(draft: Draft) -> list[Event] | str:
            said = desks.tell(draft.desk, told, draft.now)
            for event in said if not isinstance(said, str) else ():
                draft.say(None, event)
            return said

        return self.turn(ask)

    def hear(self, readings: Iterable[Reading]) -> None:
        """Devices say something."""

        def ask(draft: Draft) -> None:
            for reading in readings:
                state = draft.room(reading.room)
                assert state is not None
                draft.readings.append(reading)
                turn = monitor.take(state, reading, seeing=self.seeing)
                draft.enter(reading.room, turn)

        self.turn(ask)

    def wait(self, duration: timedelta) -> None:
        """Time passes, with a turn wherever the monitor asked for one."""
        until = self.now + duration
        while (due_at := self.wakes_at()) is not None and due_at < until:
            self.now = due_at
            self.turn(lambda _: None)
        self.now = until
        self.turn(lambda _: None)

    def oversleep(self, duration: timedelta) -> None:
        """The whole machine stands still, and goes on."""
        began_at = self.now
        self.now += duration

        def ask(draft: Draft) -> None:
            draft.happen(
                GapFound(
                    cause=Blindness.STOOD_STILL, began_at=began_at, ended_at=draft.now
                )
            )

        self.turn(ask, awake=False)

    def set_clock(self, by: timedelta) -> None:
        """Somebody sets the wall clock; no time passes."""
        self.looks(self.now, True)
        self.now += by
        row = len(self.readings)
        self._turn(lambda draft: draft.happen(ClockStepped(by=by, reading_row=row)))

    def blinded(self) -> None:
        """The broker is away."""
        if not self.seeing:
            return
        self.seeing, self._blind_since = False, self.now
        self.turn(lambda draft: draft.happen(BrokerLost(began_at=draft.now)))

    def sees(self) -> None:
        """All that was said until now has been heard."""
        if self.seeing:
            return
        self.seeing = True

        def ask(draft: Draft) -> None:
            began_at = min(self._blind_since, draft.now)
            draft.happen(
                GapFound(
                    cause=Blindness.BROKER_AWAY, began_at=began_at, ended_at=draft.now
                )
            )
            draft.pass_time(draft.now, seeing=True)
            draft.judge(seeing=True)

        self.turn(ask)

    def say(self, room: RoomId | None, event: Event) -> None:
        """Something becomes of a page."""
        self.turn(lambda draft: draft.say(room, event))

    def reconfigure(self, plans: Mapping[RoomId, Plan]) -> None:
        """Other devices or requirements come into force."""
        self.plans = plans

        def ask(draft: Draft) -> None:
            for room, new in plans.items():
                state = draft.room(room)
                assert state is not None
                draft.changed[room] = state._replace(plan=new)
                self.twin[room] = self.twin[room]._replace(plan=new)
            draft.happen(
                ConfigurationChanged(
                    at=draft.now,
                    configuration="c",
                    catalogue="k",
                    rooms=tuple(plans),
                    changes=("requirements and devices",),
                )
            )
            draft.judge(seeing=self.seeing)
            draft.desk = draft.desk.afresh

        self.turn(ask)

    def is_killed(self, *, away: timedelta, since: str) -> None:
        """It is killed, and started after a while; it must know what it knew.

        Args:
            away: How long it does not run.
            since: From where it recalls: ``the log``, ``a snapshot`` of this moment, or
                ``an older snapshot`` and what came after it.
        """
        moments = {"a snapshot": self._moment(), "an older snapshot": self._before}
        kept = moments[since]() if since in moments else None
        shelf = cast("Store", Shelf(self.entries, self.readings, kept))
        recalled = recall(shelf, self.plans)
        for name, state in self.rooms.items():
            assert remembered(recalled.rooms[name]) == remembered(state), (
                f"recalled from {since}, {name} is not as it was"
            )
        assert recalled.desk == self.desk, f"recalled from {since}, the desk is another"
        self.rooms, self.desk = dict(recalled.rooms), recalled.desk
        self.seeing = False
        self._start(away)

    def settle(self) -> None:
        """A step of the story is over."""
        self._before, self._lately = self._lately, self._moment()

    # --- Turns --------------------------------------------------------------------------

    def turn(self, ask: Callable[[Draft], T], *, awake: bool = True) -> T:
        """One turn, as the engine takes it."""
        self.looks(self.now, awake)
        return self._turn(ask)

    def _turn(self, ask: Callable[[Draft], T]) -> T:
        draft = Draft(self.rooms, self.desk, self.now)
        answer = ask(draft)
        draft.pass_time(draft.now, seeing=self.seeing)
        draft.claim(self.rota)
        self._commit(draft)
        return answer

    def wakes_at(self) -> datetime | None:
        """When time alone may next change something.

        While sensors cannot be heard what they owe is left alone, and people are judged
        in time all the same: the engine then looks every second.
        """
        of_desk = desks.next_deadline(self.desk, self.rota, self.now)
        if self.seeing:
            of_rooms = next_deadline(self.rooms.values())
            return min((at for at in (of_rooms, of_desk) if at), default=None)
        instants = [*_instants(self.rooms.values()), of_desk or NEVER]
        return min((at for at in instants if self.now < at < NEVER), default=None)

    def _start(self, away: timedelta) -> None:
        stopped_at = self.now
        self.now += away
        self._blind_since = stopped_at
        self.looks(self.now, False)
        draft = Draft(self.rooms, self.desk, self.now)
        if self.entries:
            draft.happen(
                GapFound(
                    cause=Blindness.KILLED, began_at=stopped_at, ended_at=draft.now
                )
            )
        draft.happen(
            MonitorStarted(at=draft.now, version="0", configuration="c", catalogue="k")
        )
        draft.judge(seeing=False)
        draft.claim(self.rota)
        self._commit(draft)
        self.turn(lambda _: None)

    def _commit(self, draft: Draft) -> None:
        for reading in draft.readings:
            self.readings.append(reading)
            self.twin[reading.room] = hear(self.twin[reading.room], reading)
        self.rooms |= draft.changed
        self.desk = draft.desk
        for room, event in draft.events:
            entry = written(len(self.entries) + 1, draft.now, room, event)
            self.entries.append(entry)
            for name, state in self.twin.items():
                if room in (None, name):
                    self.twin[name] = evolve(state, event)
            self.twin_desk = desks.evolve(self.twin_desk, room, event, draft.now)
            self.hears(entry)

    def _moment(self) -> Callable[[], Snapshot]:
        rooms, desk = tuple(self.rooms.values()), self.desk
        position, row, now = len(self.entries), len(self.readings), self.now
        return lambda: snapshot(
            rooms,
            desk,
            position=position,
            reading_row=row,
            configuration="c",
            now=now,
        )


def written(
    position: int, recorded_at: datetime, room: RoomId | None, event: Event
) -> Entry:
    """An entry, through its bytes: they say the same, and hold no free text."""
    content = encode(position, recorded_at, room, event)
    entry = decode(content, b"")
    assert entry.event == event, f"read again {event} is {entry.event}"
    assert (entry.recorded_at, entry.room) == (recorded_at, room)
    for key, text in _texts(from_json(content)["event"]):
        allowed = key in OF_THE_CATALOGUE | OF_THE_PROGRAM
        assert allowed or WORD.fullmatch(text), f"free text in {key} of {event}"
    return entry


def _texts(plain: Any, key: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(plain, str):
        yield key, plain
    elif isinstance(plain, dict):
        for name, value in plain.items():
            yield from _texts(value, name)
    elif isinstance(plain, list):
        for value in plain:
            yield from _texts(value, key)


def _instants(rooms: Iterable[RoomState]) -> Iterator[datetime]:
    for room in rooms:
        yield from room.rechecks.values()
        yield from (alert.until for alert in room.alerts.values() if alert.until)
