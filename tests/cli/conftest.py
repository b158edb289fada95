"""A state folder as a monitor left it, and the commands as people type them."""

import asyncio
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from room_monitor.app import Monitor
from room_monitor.cli import app
from room_monitor.clock import ManualClock
from room_monitor.control import Do, Request, perform
from room_monitor.core.ids import DeviceId, RoomId
from room_monitor.core.readings import Reading
from room_monitor.core.requirements import StayKind
from room_monitor.draft import Arrival
from room_monitor.settings import load
from room_monitor.store import SqliteStore
from sensors.quantity import Quantity

SITE = Path(__file__).parents[2] / "config/site.yaml"
BEGAN = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
"""Noon; one o'clock at the site. The monitor has just started."""

STOPPED = BEGAN + timedelta(minutes=10)
NAME = "J. Jansen"


@dataclass(frozen=True)
class Said:
    """What a command said and how it ended."""

    out: str
    err: str
    code: int

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


def said(result: Result) -> Said:
    """What came of a command; a mistake in the program is raised."""
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Said(result.stdout, result.stderr, result.exit_code)


def type_at(now: datetime, *arguments: object, given: bytes | None = None) -> Said:
    """Type a command at an instant."""
    typed = [str(argument) for argument in arguments]
    runner = CliRunner(env={"ROOM_MONITOR_STATE": None, "COLUMNS": "120"})
    return said(runner.invoke(app, typed, input=given, obj=ManualClock(now)))


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The state of a monitor that ran for ten minutes; only to be read.

    The lock of the bedroom was heard and is free, nothing else was heard. In calm-1 there
    is an enclosure since the start, with one check after five minutes.
    """
    folder = tmp_path_factory.mktemp("kept") / "state"
    asyncio.run(_live(folder))
    return folder


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """The same, to be written to."""
    folder = tmp_path / "state"
    asyncio.run(_live(folder))
    return folder


async def _live(folder: Path) -> None:
    clock = ManualClock(BEGAN - timedelta(minutes=1))
    with SqliteStore.open(folder) as store:
        monitor = Monitor(load(SITE), store, clock)
        engine = monitor.engine
        await monitor.start()
        running = asyncio.create_task(engine.run())
        await engine.sees()
        await _hear(monitor, clock)
        clock.pass_time(BEGAN - clock.now())
        await perform(engine, _request(Do.BEGIN_STAY), clock.now())
        clock.pass_time(timedelta(minutes=5))
        await perform(engine, _request(Do.CHECK_IN), clock.now())
        clock.pass_time(STOPPED - clock.now())
        engine.stop()
        await running


async def _hear(monitor: Monitor, clock: ManualClock) -> None:
    heard = asyncio.Event()
    free = Reading(
        room=RoomId("bedroom-7"),
        device=DeviceId("bedroom-7-lock"),
        quantity=Quantity.DOOR_LOCK,
        value=0.0,
        at=clock.now(),
        received_at=clock.now(),
    )
    arrival = Arrival((free,), clock.now(), None, redelivered=False, done=heard.set)
    monitor.engine.offer(arrival)
    await heard.wait()


def _request(do: Do) -> Request:
    return Request(
        do=do,
        target="calm-1",
        role="staff",
        person=NAME,
        kind=StayKind.ENCLOSURE,
        key="k-1",
    )
