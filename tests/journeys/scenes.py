"""Plays a scenario of the simulator through the monitor itself, on a clock of its own.

steps → ``Router.read`` → ``Engine.offer`` → log, and acts through ``control.perform``; all
that is missing is the broker. One play of an hour takes a fraction of a second.
"""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple, TypeVar

from room_monitor import control
from room_monitor.app import plans_of
from room_monitor.cli.simulate import cast_of, request_of
from room_monitor.clock import ManualClock
from room_monitor.core.events import (
    AlertRaised,
    BreachClosed,
    BreachOpened,
    BreachRevised,
    Closing,
    Entry,
    Event,
    Prompted,
    StayBegan,
    VerdictChanged,
)
from room_monitor.core.ids import AlertId, BreachId, DeviceId, RoomId, StayId
from room_monitor.core.site import Role
from room_monitor.core.state import RoomState
from room_monitor.draft import Arrival
from room_monitor.engine import Engine
from room_monitor.evidence.entries import encode
from room_monitor.ingest.decode import Rejection, Router
from room_monitor.recall import recall
from room_monitor.settings import Settings, load
from room_monitor.store import Snapshot
from room_monitor.store.sqlite_store import SqliteStore
from sensors.simulator import SCENARIOS, Act, Publish, Scenario, play
from sensors.simulator.play import choose_room

SITE = Path(__file__).parents[2] / "config/site.yaml"
LOOKS_EVERY = timedelta(minutes=5)
"""How often the engine takes a turn; every message keeps the instant at which it came."""

E = TypeVar("E", bound=Event)


@cache
def example() -> Settings:
    """The example site with the real catalogue."""
    return load(SITE)


class SceneClock(ManualClock):
    """Time passes in the scenes only: to gather messages takes none."""

    async def sleep(self, duration: timedelta) -> None:  # noqa: ARG002 - any time
        await asyncio.sleep(0)

    def reach(self, instant: datetime) -> None:
        """Let time pass until an instant."""
        self.pass_time(instant - self.now())


class Forgetful(SqliteStore):
    """A store without snapshots: what is recalled is folded from the beginning."""

    def save_snapshot(self, snapshot: Snapshot) -> None:
        pass


class Found(NamedTuple):
    """A breach as the log tells it.

    Attributes:
        requirement: Of which requirement.
        ask: Which of its asks.
        role: Of which device, if it is about one.
        began: From the start of the scenario.
        ended: From the start of the scenario; ``None`` while it is open.
        closing: Why it ended; ``None`` while it is open.
        alerted: Whether it raised an alert.
    """

    requirement: str
    ask: str
    role: Role | None
    began: timedelta
    ended: timedelta | None
    closing: Closing | None
    alerted: bool


@dataclass
class Played:
    """What came of a play.

    Attributes:
        room: Where the scenario was played.
        entries: The whole log.
        live: The rooms as they were at the end.
        recalled: The rooms as log and journal bring them back.
        verified: How many entries the chain proved.
        rejections: What was refused of what the devices said.
        errors: What people could not record.
    """

    scenario: Scenario
    room: RoomId
    entries: list[Entry] = field(default_factory=list)
    live: Mapping[RoomId, RoomState] = field(default_factory=dict)
    recalled: Mapping[RoomId, RoomState] = field(default_factory=dict)
    verified: int = 0
    rejections: list[Rejection] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def offset(self, at: datetime) -> timedelta:
        """How long after the start of the scenario."""
        return at - self.scenario.starts_at

    def events(self, kind: type[E]) -> list[tuple[RoomId | None, E]]:
        """All events of a kind, with their rooms, as they stand in the log."""
        return [(e.room, e.event) for e in self.entries if isinstance(e.event, kind)]

    def log(self) -> list[str]:
        """The bytes of the entries, as text; what has a name by lot is numbered."""
        return self._written(
            encode(position, each.recorded_at, each.room, each.event)
            for position, each in enumerate(self._not_by_lot(), 1)
        )

    def facts(self) -> list[str]:
        """What happened in the rooms, as text, wherever in the log it stands."""
        at = self.scenario.starts_at
        return sorted(
            self._written(
                encode(0, at, each.room, each.event)
                for each in self._not_by_lot()
                if each.room is not None
            )
        )

    def _not_by_lot(self) -> list[Entry]:
        """All but reminders: when they come depends on the name of the stay, by lot."""
        return [each for each in self.entries if not isinstance(each.event, Prompted)]

    def breaches(self, room: RoomId | None = None) -> list[Found]:
        """The breaches of the room of the scenario, or of another, in order."""
        where = room or self.room
        closed: dict[BreachId, BreachClosed | BreachRevised] = {
            e.breach: e for at, e in self.events(BreachClosed) if at == where
        }
        closed |= {e.breach: e for at, e in self.events(BreachRevised) if at == where}
        alerted = {e.breach for at, e in self.events(AlertRaised) if at == where}
        return sorted(
            (
                self._found(opened, closed.get(opened.breach), opened.breach in alerted)
                for at, opened in self.events(BreachOpened)
                if at == where
            ),
            key=lambda found: (found.began, found.requirement, found.ask),
        )

    def verdicts(self, requirement: str, ask: str) -> list[tuple[timedelta, str]]:
        """Since when an ask was judged how, in the room of the scenario."""
        return [
            (self.offset(event.since), str(event.reason))
            for room, event in self.events(VerdictChanged)
            if room == self.room
            and event.obligation.split("@")[0].split("/")[1:3] == [requirement, ask]
        ]

    def _written(self, lines: Iterable[bytes]) -> list[str]:
        content = b"\n".join(lines).decode()
        for number, (_, event) in enumerate(self.events(StayBegan), 1):
            content = content.replace(event.stay, f"stay-{number}")
            # An alert is named after its breach, and that after the stay.
            for alert in self._alerts_of(event.stay):
                content = content.replace(alert, f"alert-of-stay-{number}")
        records = [getattr(each.event, "record", None) for each in self.entries]
        for number, record in enumerate(filter(None, records), 1):
            content = content.replace(record, f"record-{number}")
        return content.splitlines()

    def _alerts_of(self, stay: StayId) -> list[AlertId]:
        return [e.alert for _, e in self.events(AlertRaised) if e.stay == stay]

    def _found(
        self,
        opened: BreachOpened,
        closed: BreachClosed | BreachRevised | None,
        alerted: bool,
    ) -> Found:
        _, requirement, ask, *device = opened.obligation.split("@")[0].split("/")
        return Found(
            requirement,
            ask,
            self._role(DeviceId(device[0])) if device else None,
            self.offset(opened.began_at),
            self.offset(closed.ended_at) if closed and closed.ended_at else None,
            closed.closing if closed else None,
            alerted,
        )

    def _role(self, device: DeviceId) -> Role:
        (role,) = (
            each.role
            for room in example().site.rooms
            for each in room.devices
            if each.id == device
        )
        return role


def perform(name: str, folder: Path, every: timedelta = LOOKS_EVERY) -> Played:
    """Play a scenario in the example site, and bring back what came of it.

    Args:
        name: Of the scenario.
        folder: For the store.
        every: How often the engine takes a turn.
    """
    return asyncio.run(_perform(SCENARIOS[name], folder, every))


async def _perform(scenario: Scenario, folder: Path, every: timedelta) -> Played:
    settings = example()
    cast = cast_of(settings.site)
    clock = SceneClock(scenario.starts_at)
    played = Played(scenario, RoomId(choose_room(scenario, cast)))
    router = Router(settings.site)
    plans = plans_of(settings)
    with Forgetful.open(folder) as store:
        engine = Engine(store, plans, clock)
        await engine.start(
            version="0",
            configuration=settings.hash,
            catalogue=settings.catalogue.stamp,
            change=None,
        )
        running = asyncio.create_task(engine.run())
        await engine.sees()
        looks = _looks(scenario, every)
        look_at = next(looks)
        for offset, what in play(scenario, cast):
            at = scenario.starts_at + offset
            while look_at <= at:
                clock.reach(look_at)
                await _look(engine)
                look_at = next(looks)
            if isinstance(what, Act):
                clock.reach(at)
                answer = await control.perform(engine, request_of(what, at), at)
                if answer.error:
                    played.errors.append(f"{offset}: {what.deed}: {answer.error}")
            else:
                _hear(engine, router, what, at, played)
        clock.reach(scenario.starts_at + scenario.duration)
        await _look(engine)
        played.live = engine.rooms
        played.recalled = recall(store, plans).rooms
        engine.stop()
        await running
        played.entries = list(store.entries())
        played.verified = store.verify()
    return played


def _hear(
    engine: Engine, router: Router, what: Publish, at: datetime, played: Played
) -> None:
    """Hand in a message as the monitor would, had it come from a broker."""
    said = router.read(what.topic, what.payload, received_at=at, retained=False)
    assert said.known, what.topic
    played.rejections.extend(said.rejections)
    if said.readings:
        engine.offer(
            Arrival(
                readings=said.readings,
                received_at=at,
                delivery=None,
                redelivered=False,
                done=lambda: None,
            )
        )


def _looks(scenario: Scenario, every: timedelta) -> Iterator[datetime]:
    at = scenario.starts_at
    while True:
        at += every
        yield at


async def _look(engine: Engine) -> None:
    """Let the engine take a turn and come to rest."""
    engine.time_passed()
    await engine.chore(lambda: None)
