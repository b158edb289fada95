"""The engine is woken in time, whatever happens to the clock or to a duty."""

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta, tzinfo
from typing import cast

import apscheduler.schedulers.base
import pytest

from room_monitor.clock import SystemClock
from room_monitor.engine import Engine
from room_monitor.scheduler import HEARTBEAT, Duty, keep_time

HOUR = timedelta(hours=1)
SOON = timedelta(milliseconds=30)


class Wall:
    """The wall clock of the machine, which somebody may set."""

    set_by = timedelta(0)

    def now(self, tz: tzinfo | None = UTC) -> datetime:
        return datetime.now(tz) + self.set_by


class FastClock(SystemClock):
    """A machine whose heart beats fifty times as fast; its wall clock can be set."""

    beats = 0
    most_beats: int | None = None

    def __init__(self, wall: Wall) -> None:
        self._wall = wall

    def now(self) -> datetime:
        return self._wall.now()

    async def sleep(self, duration: timedelta) -> None:
        assert duration == HEARTBEAT
        if self.beats == self.most_beats:
            await asyncio.Event().wait()
        self.beats += 1
        await asyncio.sleep(duration.total_seconds() / 50)


class Woken:
    """Stands in for the engine: it only notes when it was woken."""

    def __init__(self) -> None:
        self.at: list[datetime] = []
        self.due_at: datetime | None = None
        self.due_later: list[datetime] = []

    def time_passed(self) -> None:
        assert threading.current_thread() is threading.main_thread()
        now = datetime.now(UTC)
        self.at.append(now)
        if self.due_later and self.due_at is not None and self.due_at <= now:
            self.due_at = self.due_later.pop(0)

    def next_deadline(self) -> datetime | None:
        return self.due_at


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> Wall:
    """The wall clock of this process, for APScheduler as well, which reads it itself."""
    wall = Wall()
    monkeypatch.setattr(apscheduler.schedulers.base, "datetime", wall)
    return wall


@pytest.fixture
def woken() -> Woken:
    return Woken()


@asynccontextmanager
async def keeping_time(
    woken: Woken, clock: FastClock, *duties: Duty
) -> AsyncIterator[None]:
    keeper = asyncio.create_task(keep_time(cast("Engine", woken), clock, duties))
    try:
        yield
    finally:
        assert not keeper.done()
        keeper.cancel()
        with pytest.raises(asyncio.CancelledError):
            await keeper


async def happens(true: Callable[[], bool]) -> None:
    """Wait until something is so; a few seconds at most."""
    async with asyncio.timeout(5):
        while not true():  # noqa: ASYNC110 - nothing tells when it is
            await asyncio.sleep(0.005)


def counted(done: list[str], name: str) -> Callable[[], Awaitable[None]]:
    async def work() -> None:
        done.append(name)

    return work


async def test_the_engine_is_woken_at_every_heartbeat(woken: Woken, wall: Wall) -> None:
    clock = FastClock(wall)
    async with keeping_time(woken, clock):
        await happens(lambda: len(woken.at) >= 5)

        assert clock.beats >= 5


@pytest.mark.parametrize("by", [-HOUR, HOUR])
async def test_heart_and_duties_go_on_when_the_wall_clock_is_set(
    woken: Woken, wall: Wall, by: timedelta
) -> None:
    """A scheduler that waits for its next job would wait for an hour."""
    done: list[str] = []
    async with keeping_time(
        woken, FastClock(wall), Duty("it", SOON, counted(done, "it"))
    ):
        await happens(lambda: len(done) >= 2)
        wall.set_by = by
        beats, times = len(woken.at), len(done)

        await happens(lambda: len(woken.at) >= beats + 5 and len(done) >= times + 3)


async def test_a_deadline_wakes_the_engine_between_two_heartbeats(wall: Wall) -> None:
    """Within 100 ms; on a machine that is busy with other things, at one of five."""
    late: list[timedelta] = []
    while len(late) < 5 and not any(
        each < timedelta(milliseconds=100) for each in late
    ):
        woken, clock = Woken(), FastClock(wall)
        clock.most_beats = 1
        woken.due_at = due_at = datetime.now(UTC) + timedelta(milliseconds=150)
        async with keeping_time(woken, clock):
            await happens(lambda: len(woken.at) == 2)  # noqa: B023
        late.append(woken.at[1] - due_at)

    assert timedelta(0) <= min(late) < timedelta(milliseconds=100)


async def test_several_deadlines_wake_it_between_two_heartbeats(
    woken: Woken, wall: Wall
) -> None:
    clock = FastClock(wall)
    clock.most_beats = 1
    begun = datetime.now(UTC)
    due = [begun + timedelta(milliseconds=each) for each in (150, 160, 400, 900)]
    woken.due_at, woken.due_later = due[0], due[1:]
    async with keeping_time(woken, clock):
        await happens(lambda: len(woken.at) == 5)

        assert all(at >= due_at for at, due_at in zip(woken.at[1:], due, strict=True))


async def test_a_deadline_that_stays_is_left_to_the_next_heartbeat(
    woken: Woken, wall: Wall
) -> None:
    """It is no reason to take turn after turn."""
    clock = FastClock(wall)
    clock.most_beats = 1
    woken.due_at = datetime.now(UTC)
    async with keeping_time(woken, clock):
        await happens(lambda: len(woken.at) == 2)
        await asyncio.sleep(0.3)

        assert len(woken.at) == 2


async def test_a_deadline_that_moves_nearer_is_heard_of_at_the_next_heartbeat(
    woken: Woken, wall: Wall
) -> None:
    clock = FastClock(wall)
    clock.most_beats = 2
    woken.due_at = datetime.now(UTC) + HOUR
    async with keeping_time(woken, clock):
        await happens(lambda: clock.beats >= 1)
        woken.due_at = due_at = datetime.now(UTC) + timedelta(milliseconds=150)
        await happens(lambda: len(woken.at) == 3)

        assert woken.at[2] >= due_at


async def test_a_deadline_that_is_over_wakes_the_engine_at_once(
    woken: Woken, wall: Wall
) -> None:
    clock = FastClock(wall)
    clock.most_beats = 1
    woken.due_at = datetime.now(UTC) - HOUR
    async with keeping_time(woken, clock):
        await happens(lambda: len(woken.at) == 2)


async def test_each_duty_is_done_again_and_again(woken: Woken, wall: Wall) -> None:
    done: list[str] = []
    duties = [Duty(name, SOON, counted(done, name)) for name in ("a", "b")]
    async with keeping_time(woken, FastClock(wall), *duties):
        await happens(lambda: min(done.count("a"), done.count("b")) >= 3)


async def test_a_duty_that_fails_stops_neither_the_others_nor_itself(
    woken: Woken, wall: Wall
) -> None:
    done: list[str] = []

    async def fail() -> None:
        done.append("fails")
        raise RuntimeError("it cannot be done")

    duties = [Duty("fails", SOON, fail), Duty("works", SOON, counted(done, "works"))]
    async with keeping_time(woken, FastClock(wall), *duties):
        await happens(lambda: min(done.count("fails"), done.count("works")) >= 3)
        beats = len(woken.at)
        await happens(lambda: len(woken.at) > beats)


async def test_a_duty_that_takes_long_does_not_pile_up(
    woken: Woken, wall: Wall
) -> None:
    at_work = most = 0
    done: list[str] = []

    async def take_long() -> None:
        nonlocal at_work, most
        at_work += 1
        most = max(most, at_work)
        await asyncio.sleep(5 * SOON.total_seconds())
        at_work -= 1
        done.append("long")

    duties = [
        Duty("long", SOON, take_long),
        Duty("short", SOON, counted(done, "short")),
    ]
    async with keeping_time(woken, FastClock(wall), *duties):
        await happens(lambda: done.count("long") >= 2)

    assert most == 1
    assert done.count("short") > done.count("long")
