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

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

from room_monitor.clock import Clock, StepWatch
from room_monitor.engine import Engine

HEARTBEAT = timedelta(seconds=1)


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
    scheduler.start()
    _plan(scheduler, duties, clock.now())
    try:
        while True:
            await clock.sleep(HEARTBEAT)
            if steps.look() is not None:
                _plan(scheduler, duties, clock.now())
            beat()
            engine.time_passed()
            due_at = engine.next_deadline()
            if due_at is not None and due_at < clock.now() + 2 * HEARTBEAT:
                scheduler.add_job(
                    engine.time_passed,
                    DateTrigger(due_at),
                    id="deadline",
                    replace_existing=True,
                )
    finally:
        scheduler.shutdown(wait=False)


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
