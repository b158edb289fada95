"""Wakes the engine: every second, at the next deadline, and for duties of the calendar.

No deadline lives here. APScheduler holds only wake-ups that can be thrown away and made
again from the state of the rooms; a missed one is made up for by the next heartbeat. The
heartbeat counts seconds nobody can set, so a step of the wall clock cannot stop it, and
after a step all wake-ups are made anew.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

from room_monitor.clock import Clock, StepWatch
from room_monitor.engine import Engine

HEARTBEAT = timedelta(seconds=1)

A_TURN = timedelta(milliseconds=50)
"""How long after a deadline the one that follows is asked for: a turn is over by then, and
if it is not, the next heartbeat makes up for it."""


@dataclass(frozen=True, slots=True)
class Duty:
    """Something to do again and again.

    Attributes:
        name: For people.
        every: How often.
        work: What to do.
    """

    name: str
    every: timedelta
    work: Callable[[], Awaitable[None]]


async def keep_time(
    engine: Engine,
    clock: Clock,
    duties: Sequence[Duty],
    beat: Callable[[], None] = lambda: None,
) -> None:
    """Run until cancelled.

    Args:
        engine: Is woken.
        clock: The time.
        duties: What else is to be done.
        beat: Called at each heartbeat, for whoever watches that it comes.
    """
    scheduler = AsyncIOScheduler(
        timezone=UTC,
        job_defaults={
            "misfire_grace_time": None,
            "coalesce": True,
            "max_instances": 1,
        },
    )
    steps = StepWatch(clock)
    deadlines = _Deadlines(scheduler, engine, clock)
    scheduler.start()
    _plan(scheduler, duties, clock.now())
    try:
        while True:
            await clock.sleep(HEARTBEAT)
            if steps.look() is not None:
                _plan(scheduler, duties, clock.now())
            beat()
            engine.time_passed()
            deadlines.look()
    finally:
        scheduler.shutdown(wait=False)


class _Deadlines:
    """Wakes the engine at each deadline, also at several between two heartbeats.

    What is planned are coroutines: anything else APScheduler runs in another thread.
    """

    def __init__(
        self, scheduler: AsyncIOScheduler, engine: Engine, clock: Clock
    ) -> None:
        self._scheduler = scheduler
        self._engine = engine
        self._clock = clock

    def look(self, *, but: datetime | None = None) -> None:
        """Plan to wake at the next deadline if it is near, and another one than ``but``."""
        due_at = self._engine.next_deadline()
        near = self._clock.now() + 2 * HEARTBEAT
        if due_at is not None and due_at != but and due_at < near:
            self._at(due_at, "deadline", partial(self._wake, due_at))

    async def _wake(self, due_at: datetime) -> None:
        self._engine.time_passed()
        again = partial(self._look_again, due_at)
        self._at(self._clock.now() + A_TURN, "the one that follows", again)

    async def _look_again(self, but: datetime) -> None:
        self.look(but=but)

    def _at(
        self, instant: datetime, name: str, work: Callable[[], Awaitable[None]]
    ) -> None:
        self._scheduler.add_job(
            work,
            DateTrigger(instant),
            id=name,
            replace_existing=True,
            max_instances=3,  # one that was just made is not skipped for one that ends
        )


def _plan(scheduler: AsyncIOScheduler, duties: Sequence[Duty], now: datetime) -> None:
    """Make all wake-ups anew; each duty is first done one interval from now."""
    scheduler.remove_all_jobs()
    for duty in duties:
        scheduler.add_job(
            _until_cancelled,
            IntervalTrigger(
                seconds=duty.every.total_seconds(), start_date=now + duty.every
            ),
            id=duty.name,
            args=(duty,),
        )


async def _until_cancelled(duty: Duty) -> None:
    """Do a duty; that the monitor stops in the middle of it is no failure of the duty."""
    with contextlib.suppress(asyncio.CancelledError):
        await duty.work()
