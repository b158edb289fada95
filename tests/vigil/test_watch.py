"""Whoever must know is told, by a way that works; the watchdog hears of a living engine."""

import asyncio
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event

import pytest

from room_monitor.clock import ManualClock
from room_monitor.core.events import Trouble
from room_monitor.core.requirements import Priority
from room_monitor.settings.values import Heartbeat
from room_monitor.settings.values import Vigil as Limits
from room_monitor.vigil import Systemd, Vigil
from room_monitor.vigil.watch import HOPELESS
from tests.support.rooms import NOON

SECOND = timedelta(seconds=1)
PLENTY = Limits(disk_free=0, disk_free_share=0.0, memory=1 << 50)


@dataclass
class FakeEngine:
    turns: int = 0
    attempts: int = 0
    trouble: str | None = None
    stood: list[datetime] = field(default_factory=list)

    def stood_still(self, began_at: datetime) -> None:
        self.stood.append(began_at)


@dataclass
class FakeReports:
    """What the engine would write; while it cannot, whoever tells it waits."""

    said: list[tuple[str, ...]] = field(default_factory=list)
    details: list[str] = field(default_factory=list)
    can: asyncio.Event = field(default_factory=asyncio.Event)

    async def trouble_found(
        self, trouble: Trouble, subject: str, detail: str, priority: Priority
    ) -> None:
        await self.can.wait()
        self.said.append(("found", trouble, subject, priority))
        self.details.append(detail)

    async def trouble_over(self, trouble: Trouble, subject: str) -> None:
        await self.can.wait()
        self.said.append(("over", trouble, subject))


@dataclass
class FakeHealth:
    name: str
    failing_since: datetime | None = None


@dataclass
class Resort:
    said: list[str] = field(default_factory=list)
    told: Event = field(default_factory=Event)

    def __call__(self, text: str) -> None:
        self.said.append(text)
        self.told.set()


class Night:
    """A vigil, and everything that it watches, second by second."""

    def __init__(self, folder: Path, limits: Limits = PLENTY) -> None:
        self.clock = ManualClock(NOON)
        self.engine = FakeEngine()
        self.reports = FakeReports()
        self.reports.can.set()
        self.resort = Resort()
        self.broker: str | None = None
        self.health = FakeHealth("sms")
        self.world: list[Sequence[str]] = []
        self.petted = 0
        self.reporting: asyncio.Task[None] | None = None
        self.manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.manager.bind(str(folder / "notify"))
        self.manager.setblocking(False)
        self.vigil = Vigil(
            self.engine,
            self.reports,
            self.clock,
            folder,
            lambda: limits,
            systemd=Systemd(str(folder / "notify"), timedelta(seconds=20)),
            broker=lambda: self.broker,
            transports=lambda: [self.health],
            last_resort=self.resort,
            tell_world=self.world.append,
        )

    def go(
        self,
        seconds: int,
        *,
        turning: bool = True,
        trying: bool = False,
        beating: bool = True,
    ) -> None:
        for _ in range(seconds):
            self.clock.pass_time(SECOND)
            self.engine.turns += turning
            self.engine.attempts += trying
            if beating:
                self.vigil.beat()
            self.vigil.look()
            self._hear()

    def _hear(self) -> None:
        while True:
            try:
                said = self.manager.recv(4096)
            except BlockingIOError:
                return
            self.petted += said == b"WATCHDOG=1"

    async def reported(self) -> list[tuple[str, ...]]:
        """What was told to the engine, once all was told."""
        if self.reporting is None:
            self.reporting = asyncio.create_task(self.vigil._report())
        for _ in range(20):
            await asyncio.sleep(0.01)
        return self.reports.said


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not true():  # noqa: ASYNC110 - nothing tells when it is
            await asyncio.sleep(0.01)


@pytest.fixture
def new_night(tmp_path: Path) -> Iterator[Callable[..., Night]]:
    """Make a night, with the settings given."""
    with ExitStack() as open_sockets:

        def new(limits: Limits = PLENTY) -> Night:
            made = Night(tmp_path, limits)
            open_sockets.enter_context(made.manager)
            return made

        yield new


@pytest.fixture
def night(new_night: Callable[..., Night]) -> Night:
    return new_night()


async def test_while_all_is_well_nobody_is_told_and_the_watchdog_is_petted(
    night: Night,
) -> None:
    night.go(600)

    assert await night.reported() == []
    assert night.world == []
    assert night.vigil.healthy
    assert 60 <= night.petted <= 67


async def test_a_broker_that_is_away_is_told_after_a_minute_and_when_it_is_back(
    night: Night,
) -> None:
    night.broker = "broker: Connection refused"
    night.go(60)
    assert await night.reported() == []
    night.go(30)
    assert not night.vigil.healthy
    night.broker = None
    night.go(121)

    assert await night.reported() == [
        ("found", "broker_away", "", "urgent"),
        ("over", "broker_away", ""),
    ]
    assert night.reports.details == ["broker: Connection refused; since 12:00:01 UTC"]
    assert night.world == [["broker_away"], []]
    assert night.resort.said == []
    assert night.petted >= 20


async def test_a_store_that_is_away_is_told_past_the_log_and_written_afterwards(
    night: Night,
) -> None:
    night.engine.trouble = "the disk is full"
    night.reports.can.clear()
    night.go(11, turning=False, trying=True)
    assert await asyncio.to_thread(night.resort.told.wait, 5)
    assert await night.reported() == []
    night.go(14 * 60, turning=False, trying=True)
    assert len(night.resort.said) == 1
    night.go(2 * 60, turning=False, trying=True)
    await until(lambda: len(night.resort.said) == 2)
    night.engine.trouble = None
    night.reports.can.set()
    night.go(125)

    assert await night.reported() == [
        ("found", "store_away", "", "urgent"),
        ("over", "store_away", ""),
    ]
    assert night.reports.details == [
        "the disk is full; since 12:00:01 UTC; people were told past the log"
    ]


async def test_what_else_goes_wrong_while_nothing_can_be_written_is_told_as_well(
    night: Night,
) -> None:
    night.engine.trouble = "the disk is full"
    night.broker = "broker: Connection refused"
    night.go(62, turning=False, trying=True)
    await night.reported()

    assert ["store_away" in text for text in night.resort.said] == [True, False]


def test_an_away_store_and_an_away_broker_let_the_watchdog_be(night: Night) -> None:
    night.engine.trouble, night.broker = "the disk is full", "broker: gone"
    night.go(3600, turning=False, trying=True)

    assert night.petted >= 360
    assert not night.vigil.healthy


async def test_a_stuck_turn_is_told_and_the_watchdog_hears_no_more_of_us(
    night: Night,
) -> None:
    night.go(10)
    night.go(30, turning=False)
    petted = night.petted
    night.go(30, turning=False)

    assert night.petted == petted
    assert await night.reported() == [("found", "engine_stuck", "", "urgent")]
    assert len(night.resort.said) == 1


def test_a_store_that_hangs_for_ever_is_no_living_engine(night: Night) -> None:
    night.engine.trouble = "the disk does not read or write"
    night.go(190, turning=False)
    assert night.vigil.alive
    night.go(30, turning=False)
    assert not night.vigil.alive


async def test_a_scheduler_that_no_longer_beats_is_told(night: Night) -> None:
    night.go(10)
    night.go(6, beating=False)
    assert night.vigil.troubles == []
    night.go(1, beating=False)
    assert night.vigil.troubles == ["scheduler_late"]
    night.go(30, beating=False)
    petted = night.petted
    night.go(30, beating=False)

    assert night.petted == petted
    assert await night.reported() == [("found", "scheduler_late", "", "high")]


async def test_a_process_that_stood_still_leaves_a_gap_and_is_told(
    night: Night,
) -> None:
    night.go(10)
    since = night.clock.now()
    night.clock.pass_time(timedelta(seconds=29))
    night.go(1)

    assert night.engine.stood == [since]
    assert await night.reported() == [("found", "scheduler_late", "", "high")]


def test_a_clock_that_is_set_is_no_standing_still(night: Night) -> None:
    night.go(10)
    night.clock.step(timedelta(hours=2))
    night.go(10)

    assert night.engine.stood == []
    assert night.vigil.troubles == []


async def test_a_transport_that_gets_nothing_through_is_told_by_its_name(
    night: Night,
) -> None:
    night.health.failing_since = NOON
    night.go(122)
    night.health.failing_since = None
    night.go(122)

    assert await night.reported() == [
        ("found", "transport_stuck", "sms", "high"),
        ("over", "transport_stuck", "sms"),
    ]
    assert night.world == [["transport_stuck: sms"], []]


@pytest.mark.parametrize(
    ("limits", "trouble"),
    [
        (Limits(disk_free=1 << 60), "disk_nearly_full"),
        (Limits(disk_free=0, disk_free_share=0.0, memory=1), "memory_high"),
    ],
)
async def test_the_machine_is_looked_at(
    new_night: Callable[..., Night], limits: Limits, trouble: str
) -> None:
    night = new_night(limits)
    night.vigil._gauged = night.vigil._gauge_once()
    night.go(62)

    assert await night.reported() == [("found", trouble, "", "low")]


async def test_pings_that_miss_are_a_trouble_after_several_and_need_a_healthy_monitor(
    tmp_path: Path, new_night: Callable[..., Night]
) -> None:
    heartbeat = Heartbeat(url_file=tmp_path / "nowhere", misses=3)
    night = new_night(Limits(disk_free=0, disk_free_share=0, heartbeat=heartbeat))
    night.engine.trouble = "the disk is full"

    class Slowly(ManualClock):
        """Time passes only when the test says so."""

        async def sleep(self, duration: timedelta) -> None:
            assert duration
            await asyncio.sleep(0.001)

    night.clock = night.vigil._clock = Slowly(NOON)
    pinging = asyncio.create_task(night.vigil._ping())
    await asyncio.sleep(0.05)
    assert night.vigil._pings.missed == 0
    night.engine.trouble = None
    for missed in (1, 2, 3):
        await until(lambda: night.vigil._pings.missed == missed)  # noqa: B023
        night.clock.pass_time(timedelta(minutes=1))
        night.vigil._looked = night.clock.elapsed()
        night.engine.turns += 1
        night.vigil._scheduler_at = night.clock.elapsed()
        night.vigil.look()
    pinging.cancel()

    assert night.vigil.troubles == ["heartbeat_missed"]


def test_a_blocked_loop_is_cried_out_by_the_thread(night: Night) -> None:
    sentinel = night.vigil._sentinel
    for _ in range(int(HOPELESS.total_seconds()) + 2):
        night.clock.pass_time(SECOND)
        sentinel.look()

    assert night.resort.told.wait(5)
    assert "staat stil" in night.resort.said[0]
