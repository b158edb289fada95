"""Stories of stays, told to the monitor itself, and what it makes of them.

    acts → ``control.perform`` ─┐
    doors → ``Engine.offer`` ───┴→ engine, store and catalogue as they are → log → views

Many stories are told at once, each in a room of its own. One line for each thing that
happens, at a time in hours, minutes and seconds that really passed since the stories
began, whatever the clock on the wall was set to:

    0:00         begins enclosure
    0:00:30      shut                        closed and locked; also: open, closed, ajar
    0:14:59.5    check                       by staff; ``by ROLE`` says who else
    0:20         check with contact at 0:16  told later
    0:21         asks contact                somebody tells it; ``calls`` is the button
    0:22         decision_written yes D-17 by behavioural_scientist
    0:30         agrees 10 min
    0:40         co2 900
    1:00         ends                        or: ends unknown
    1:10         check at 0:55 as c4         its record is called c4
    1:20         corrects c4 at 0:54 as k    or: corrects b kind own_request; voids c4
    1:30         confirms k person Robin     the others are Kim
    1:40         acknowledges stay-contact
"""

import asyncio
import contextlib
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache
from itertools import count
from pathlib import Path

from room_monitor.clock import ManualClock
from room_monitor.control import Answer, Do, Request, perform
from room_monitor.core.events import RecordCorrected
from room_monitor.core.ids import RecordId, RoomId, StayId
from room_monitor.core.obligations import Plan, plan
from room_monitor.core.readings import Reading
from room_monitor.core.requirements import Catalogue, StayKind
from room_monitor.core.site import Device, Role, Room, RoomKind
from room_monitor.core.state import RoomState
from room_monitor.draft import Arrival
from room_monitor.engine import Engine
from room_monitor.settings import Settings, load, load_sources
from room_monitor.settings.units import read_duration
from room_monitor.store.sqlite_store import SqliteStore
from sensors.quantity import Quantity
from tests.journeys.findings import Told, span

ROOT = Path(__file__).parents[2]
WATCHED_FROM = -timedelta(minutes=10)
"""When the monitor begins to watch, before the stories begin."""

SPEAKS_EVERY = timedelta(hours=20)
"""How often a device speaks though nothing changed."""


class Trouble(StrEnum):
    """What goes wrong with the monitor while the stories are told."""

    NOTHING = "nothing"
    NIGHT_BACK = "the clocks go back"
    NIGHT_FORWARD = "the clocks go forward"
    STOPPED = "stopped and begun again"
    KILLED = "killed and begun again"
    SET_FORWARD = "the wall clock is set forward"
    SET_BACK = "the wall clock is set back"
    BROKER_AWAY = "the broker is away"


HOUR = timedelta(hours=1)
BACK = datetime(2026, 10, 25, 1, tzinfo=UTC)
FORWARD = datetime(2027, 3, 28, 1, tzinfo=UTC)
"""When it becomes winter, and summer, in Utrecht."""


TROUBLED = (
    (span("0:03:40"), span("0:04:20")),
    (span("0:14:30"), span("0:20")),
    (span("2:57"), span("3:01")),
    (span("23:58"), span("24:02")),
    (span("47:58"), span("48:02")),
)
"""From when to when the broker is away: in the middle of each limit. All other troubles
begin at the same instants; a monitor that is stopped comes back after this long:"""
AWAY = timedelta(seconds=20)
HEARTBEAT = timedelta(seconds=5)
"""How often the engine is woken where it cannot say when it wants to be."""


@cache
def settings() -> Settings:
    """The real catalogue, and rooms of our own."""
    real = load(ROOT / "config/site.yaml")
    site = (Path(__file__).parent / "stories.yaml").read_text("utf-8")
    return load_sources({**real.sources, "site.yaml": site})


@dataclass(frozen=True, slots=True)
class Story:
    """What happens in one room; ``elsewhere`` is a bedroom."""

    lines: str
    elsewhere: bool = False


def tell(
    stories: Mapping[str, Story | str],
    folder: Path,
    *,
    until: str,
    trouble: Trouble = Trouble.NOTHING,
    goes_on_from: str | None = None,
) -> Told:
    """Tell stories side by side, each in a room of its own.

    Args:
        stories: By the name of the room.
        folder: For the store.
        until: When the last thing happened.
        trouble: What goes wrong meanwhile.
        goes_on_from: Earlier stories in this folder were told up to here.
    """
    told = {n: Story(s) if isinstance(s, str) else s for n, s in stories.items()}
    house = House(told, folder, trouble)
    asyncio.run(house.play(span(until), span(goes_on_from) if goes_on_from else None))
    return house.told()


# --- The house --------------------------------------------------------------------------


class House:
    """Rooms, an engine that watches them, and people."""

    def __init__(
        self, stories: Mapping[str, Story], folder: Path, trouble: Trouble
    ) -> None:
        self._began_at = {
            # The change comes in the middle of the first limits.
            Trouble.NIGHT_BACK: BACK - TROUBLED[0][0],
            Trouble.NIGHT_FORWARD: FORWARD - TROUBLED[0][0],
        }.get(trouble, datetime(2026, 3, 2, 20, tzinfo=UTC))
        self._clock = StoryClock(self._began_at + WATCHED_FROM)
        self._moved = timedelta(0)
        self._stories = stories
        self._folder = folder
        self._trouble = trouble
        self._plans = _plans(frozenset((n, s.elsewhere) for n, s in stories.items()))
        self._todo: dict[timedelta, list[Callable[[], Awaitable[None]]]] = {}
        self._lines: dict[timedelta, dict[str, list[str]]] = {}
        self._number = count()
        self._away = False
        self._kept: list[tuple[str, Device, Quantity, float]] = []
        self._rooms: Mapping[RoomId, RoomState] = {}
        self._ended_at = self._began_at
        self._records: dict[tuple[str, str], RecordId] = {}
        self._stays: dict[str, StayId] = {}
        self._answers: dict[str, list[tuple[str, Answer]]] = {n: [] for n in stories}
        self._store: SqliteStore
        self._engine: Engine
        self._running: asyncio.Task[None]

    async def play(self, until: timedelta, since: timedelta | None = None) -> None:
        """Tell everything up to an instant."""
        if since is not None:
            self._clock.reach(self._wall(since))
        self._folder.mkdir(parents=True, exist_ok=True)
        await self._starts()
        for name in self._stories if since is None else ():
            for device in self._plans[RoomId(name)].room.devices:
                for quantity, value in AT_REST.get(device.role, {}).items():
                    self._says(name, device, quantity, value)
        await self._settle()
        self._plan_trouble(until)
        for days in range(1, until // SPEAKS_EVERY + 1):
            self._later(days * SPEAKS_EVERY, self._all_speak)
        for name, story in self._stories.items():
            for line in filter(None, map(str.strip, story.lines.splitlines())):
                time, words = line.split(maxsplit=1)
                self._lines.setdefault(span(time), {}).setdefault(name, []).append(
                    words
                )
        while instants := sorted({*self._todo, *self._lines}):
            if instants[0] > until:
                break
            await self._wait(instants[0])
            for work in self._todo.pop(instants[0], ()):
                await work()
            await asyncio.gather(
                *(
                    self._happen(name, lines)
                    for name, lines in self._lines.pop(instants[0], {}).items()
                )
            )
            await self._settle()
        await self._wait(until)
        self._rooms, self._ended_at = self._engine.rooms, self._clock.now()
        await self._stops()

    def told(self) -> Told:
        """What came of it."""
        with SqliteStore.open(self._folder) as store:
            entries = list(store.entries())
            assert store.verify() == len(entries)
        return Told(
            self._began_at,
            self._ended_at,
            entries,
            self._rooms,
            self._answers,
            _catalogue(),
        )

    # --- What happens -----------------------------------------------------------------

    async def _happen(self, name: str, lines: Iterable[str]) -> None:
        for words in lines:
            await self._happens(name, words)

    async def _happens(self, name: str, words: str) -> None:
        room = self._plans[RoomId(name)].room
        if words in DOORS:
            for role, quantity, value in DOORS[words]:
                for device in room.devices_in(role):
                    self._says(name, device, quantity, value)
        elif words == "calls":
            for pressed in (1.0, 0.0):
                (button,) = room.devices_in(Role.CALL_BUTTON)
                self._says(name, button, Quantity.CALL_BUTTON, pressed)
        elif words.startswith("co2 "):
            (climate,) = room.devices_in(Role.CLIMATE)
            self._says(name, climate, Quantity.CO2, float(words.split()[1]))
        elif words != "nothing":
            request, label = self._request(name, words)
            answer = await perform(self._engine, request, self._clock.now(), settings())
            self._answers[name].append((words, answer))
            if request.do is Do.BEGIN_STAY and answer.stay is not None:
                self._stays[name] = answer.stay
            names = [e.record for e in answer.events if isinstance(e, RecordCorrected)]
            # A correction has a name of its own, to be confirmed by.
            record = names[0] if names else answer.record
            if label and record is not None:
                self._records[name, label] = record

    def _request(self, name: str, words: str) -> tuple[Request, str]:
        words, option = _options(words)
        at = option.get("at")
        request = Request(
            do=Do.RECORD,
            target=self._stays.get(name, name),
            role=option.get("by", "staff"),
            person=option.get("person", "Kim"),
            remark="as it was",
            at=None if at is None else self._wall(span(at)),
            until=self._wall(span(option["until"])) if "until" in option else None,
        )
        return self._act(name, request, words.split()), option.get("as", "")

    def _act(self, name: str, request: Request, words: list[str]) -> Request:
        match words:
            case ["begins", kind]:
                return replace(
                    request,
                    do=Do.BEGIN_STAY,
                    target=name,
                    kind=StayKind(kind),
                    key=f"k-{next(self._number)}",
                )
            case ["ends", *unknown]:
                return replace(request, do=Do.END_STAY, at_unknown=bool(unknown))
            case ["check", *contact]:
                return replace(
                    request, do=Do.CHECK_IN, contact_given=bool(contact) or None
                )
            case ["asks" | "gives" as does, "contact"]:
                return replace(request, do=Do.CONTACT, contact_given=does == "gives")
            case ["agrees", number, unit]:
                every = read_duration(f"{number} {unit}")
                return replace(request, do=Do.AGREE_CHECKS, at_most=every)
            case ["corrects", label, *instead]:
                target = self._records[name, label]
                request = replace(request, do=Do.CORRECT, target=target)
                return _corrected(request, instead)
            case ["voids", label]:
                target = self._records[name, label]
                return replace(request, do=Do.CORRECT, target=target, void=True)
            case ["confirms", label]:
                target = self._records[name, label]
                return replace(request, do=Do.CONFIRM, target=target)
            case ["acknowledges", requirement]:
                alerts = self._engine.rooms[RoomId(name)].alerts
                (alert,) = (
                    a.id for a in alerts.values() if a.requirement == requirement
                )
                return replace(request, do=Do.ACKNOWLEDGE, target=alert)
            case [fact, "yes" | "no" as outcome, *value]:
                return replace(
                    request,
                    fact=fact,
                    outcome=outcome == "yes",
                    value=" ".join(value) or None,
                )
        raise AssertionError(words)

    async def _all_speak(self) -> None:
        """Whatever each device said last, it says again."""
        for room in self._engine.rooms.values():
            for device in room.plan.room.devices:
                for quantity, heard in room.heard.get(device.id, {}).items():
                    self._says(room.plan.room.id, device, quantity, heard.reading.value)

    def _says(
        self, name: str, device: Device, quantity: Quantity, value: float
    ) -> None:
        if self._away:
            self._kept.append((name, device, quantity, value))
            return
        now = self._clock.now()
        reading = Reading(
            room=RoomId(name),
            device=device.id,
            quantity=quantity,
            value=value,
            at=now,
            received_at=now,
        )
        self._engine.offer(
            Arrival(
                readings=(reading,),
                received_at=now,
                delivery=None,
                redelivered=False,
                done=lambda: None,
            )
        )

    # --- What goes wrong --------------------------------------------------------------

    def _plan_trouble(self, until: timedelta) -> None:
        for from_, to in TROUBLED:
            if from_ > until:
                continue
            match self._trouble:
                case Trouble.STOPPED:
                    self._later(from_, self._stops)
                    self._later(from_ + AWAY, self._starts)
                case Trouble.KILLED:
                    self._later(from_, self._dies)
                    self._later(from_ + AWAY, self._starts)
                case Trouble.SET_FORWARD:
                    self._later(from_, lambda: self._set(HOUR))
                case Trouble.SET_BACK:
                    self._later(from_, lambda: self._set(-HOUR))
                case Trouble.BROKER_AWAY:
                    self._later(from_, self._loses_the_broker)
                    self._later(to, self._hears_again)

    async def _set(self, by: timedelta) -> None:
        await self._settle()
        self._clock.step(by)
        self._moved += by
        await self._settle()

    async def _loses_the_broker(self) -> None:
        self._away = True
        await self._engine.blinded()

    async def _hears_again(self) -> None:
        """The broker hands in what it kept, and everything is dated by its arrival."""
        self._away = False
        for name, device, quantity, value in self._kept:
            self._says(name, device, quantity, value)
        self._kept.clear()
        await self._engine.sees()

    async def _starts(self) -> None:
        self._store = SqliteStore.open(self._folder)
        self._engine = Engine(self._store, self._plans, self._clock)
        await self._engine.start(
            version="0",
            configuration=settings().hash,
            catalogue=settings().catalogue.stamp,
            change=None,
        )
        self._running = asyncio.create_task(self._engine.run())
        await self._engine.sees()

    async def _stops(self) -> None:
        self._engine.stop()
        await self._running
        self._store.close()

    async def _dies(self) -> None:
        self._running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._running
        self._store.close()

    # --- Time ---------------------------------------------------------------------------

    def _later(self, at: timedelta, work: Callable[[], Awaitable[None]]) -> None:
        self._todo.setdefault(at, []).append(work)

    def _wall(self, at: timedelta) -> datetime:
        """What people write down for an instant of the story, on the clock of now."""
        return self._began_at + self._moved + at

    async def _wait(self, until: timedelta) -> None:
        """Let time pass, with a turn wherever the engine asked for one."""
        end = self._wall(until)
        while not self._running.done() and self._clock.now() < end:
            due_at = self._engine.next_deadline()
            if due_at is None or due_at >= end:
                break
            if due_at <= self._clock.now():
                # Of a sensor that cannot be judged now: what is due next is not told.
                due_at = min(end, self._clock.now() + HEARTBEAT)
            self._clock.reach(due_at)
            await self._settle()
        self._clock.reach(end)

    async def _settle(self) -> None:
        if not self._running.done():
            self._engine.time_passed()
            await self._engine.chore(lambda: None)


class StoryClock(ManualClock):
    """Time passes in the stories only: to gather messages takes none."""

    async def sleep(self, duration: timedelta) -> None:  # noqa: ARG002 - any time
        await asyncio.sleep(0)

    def reach(self, instant: datetime) -> None:
        """Let time pass until an instant."""
        self.pass_time(instant - self.now())


CLOSED, OPEN = 0.0, 1.0
UNLOCKED, LOCKED = 0.0, 1.0
CONTACT, LOCK = Quantity.DOOR_CONTACT, Quantity.DOOR_LOCK

AT_REST: Mapping[Role, Mapping[Quantity, float]] = {
    Role.DOOR_CONTACT: {Quantity.DOOR_CONTACT: OPEN},
    Role.DOOR_LOCK: {Quantity.DOOR_LOCK: UNLOCKED},
    Role.CALL_BUTTON: {Quantity.CALL_BUTTON: 0.0},
    Role.CLIMATE: {Quantity.CO2: 500.0},
}

DOORS: Mapping[str, Sequence[tuple[Role, Quantity, float]]] = {
    words: ((Role.DOOR_CONTACT, CONTACT, contact), (Role.DOOR_LOCK, LOCK, lock))
    for words, contact, lock in (
        ("shut", CLOSED, LOCKED),
        ("closed", CLOSED, UNLOCKED),
        ("open", OPEN, UNLOCKED),
        ("ajar", OPEN, LOCKED),
    )
}


@cache
def _plans(wanted: frozenset[tuple[str, bool]]) -> Mapping[RoomId, Plan]:
    of_kind = {room.kind: room for room in settings().site.rooms}
    safe, bedroom = of_kind[RoomKind.SAFE_ROOM], of_kind[RoomKind.BEDROOM]
    return {
        RoomId(name): plan(_named(bedroom if elsewhere else safe, name), _catalogue())
        for name, elsewhere in wanted
    }


def _catalogue() -> Catalogue:
    return settings().catalogue


def _named(room: Room, name: str) -> Room:
    return replace(room, id=RoomId(name), name=name)


_OPTION = re.compile(r"(.*) (at|by|until|person|as) (\S+)")


def _options(words: str) -> tuple[str, dict[str, str]]:
    """What is said besides, at the end of a line."""
    options: dict[str, str] = {}
    while match := _OPTION.fullmatch(words):
        words, name, value = match.groups()
        options[name] = value
    return words, options


def _corrected(request: Request, instead: Sequence[str]) -> Request:
    match instead:
        case []:
            return request
        case ["kind", kind]:
            return replace(request, kind=StayKind(kind))
        case ["outcome", outcome]:
            return replace(request, outcome=outcome == "yes")
        case ["unknown"]:
            return replace(request, at_unknown=True)
    raise AssertionError(instead)
