"""The only module that reads or waits for time.

Two clocks tell time: the wall clock dates evidence, the monotonic clock says how much time
really passed. ``StepWatch`` compares them: when they disagree the wall clock was set.
"""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

STEP = timedelta(seconds=2)
"""A smaller disagreement of the clocks is drift and slewing, not a step."""


_UNSETTABLE = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


class Clock(Protocol):
    """Where time comes from."""

    def now(self) -> datetime:
        """The wall clock, aware UTC."""
        ...

    def elapsed(self) -> float:
        """Seconds on a clock that nobody can set."""
        ...

    async def sleep(self, duration: timedelta) -> None:
        """Wait for this much real time."""
        ...


class SystemClock:
    """The clocks of this machine."""

    def now(self) -> datetime:
        """The wall clock, aware UTC."""
        return datetime.now(UTC)

    def elapsed(self) -> float:
        """Seconds on the monotonic clock; counts while the machine is suspended."""
        return time.clock_gettime(_UNSETTABLE)

    async def sleep(self, duration: timedelta) -> None:
        """Wait for this much real time."""
        await asyncio.sleep(duration.total_seconds())


def machine_microseconds() -> int:
    """Of CLOCK_MONOTONIC, by which the service manager counts."""
    return time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000


class ManualClock:
    """A clock that tests move: time passes, or somebody sets the wall clock."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._elapsed = 0.0

    def now(self) -> datetime:
        """The wall clock, aware UTC."""
        return self._now

    def elapsed(self) -> float:
        """Seconds that have passed, whatever the wall clock says."""
        return self._elapsed

    async def sleep(self, duration: timedelta) -> None:
        """Let the time pass at once."""
        self.pass_time(duration)
        await asyncio.sleep(0)

    def pass_time(self, duration: timedelta) -> None:
        """Let real time pass."""
        self._now += duration
        self._elapsed += duration.total_seconds()

    def step(self, by: timedelta) -> None:
        """Set the wall clock; no time passes."""
        self._now += by


class StepWatch:
    """Notices that the wall clock was set, by comparing it with the monotonic one."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._wall = clock.now()
        self._elapsed = clock.elapsed()

    def look(self) -> timedelta | None:
        """By how much the wall clock was set since the last look, if it was."""
        wall, elapsed = self._clock.now(), self._clock.elapsed()
        by = (wall - self._wall) - timedelta(seconds=elapsed - self._elapsed)
        self._wall, self._elapsed = wall, elapsed
        return by if abs(by) >= STEP else None
