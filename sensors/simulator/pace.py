"""When is the next step due, at real speed or faster, and how is it dated?"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from math import inf
from typing import Protocol

from sensors.simulator.steps import Step

LONGEST_WAIT = 0.5
"""In seconds; so soon a play that shall stop ends, whatever its clock."""


class Waiting(Protocol):
    """A clock that only goes forwards, and something to wait for."""

    def monotonic(self) -> float:
        """Seconds since some instant."""

    def stopped_within(self, seconds: float) -> bool:
        """Wait so long, or until the play shall stop: then it is true."""


def speed_factor(speed: float) -> float:
    """The speed as a factor; 0 means as fast as can be, which is infinity.

    Raises:
        ValueError: It is negative or not a number.
    """
    if not speed >= 0:
        raise ValueError(f"speed {speed} is not a factor of 0 or more")
    return speed or inf


def paced(steps: Iterable[Step], speed: float, clock: Waiting) -> Iterator[Step]:
    """Give each step when it is due, and end early when the play shall stop.

    A step that is late is given at once, and the next ones do not move: delays do not
    add up.

    Args:
        steps: In the order of time.
        speed: 60 plays an hour in a minute; 0 or infinity waits for nothing.
        clock: Tells the time and waits.
    """
    factor = speed_factor(speed)
    began = clock.monotonic()
    for step in steps:
        due = began + step.offset.total_seconds() / factor
        while (left := due - clock.monotonic()) > 0:
            if clock.stopped_within(min(left, LONGEST_WAIT)):
                return
        if clock.stopped_within(0):
            return
        yield step


class RealDates:
    """Dates messages by when they are published, whatever the speed of the play.

    The scenario begins when its first message is dated. From then on its time passes
    ``speed`` times as fast as real time, so the instants in the messages lie as close
    together as the messages themselves.
    """

    def __init__(self, speed: float, now: Callable[[], datetime]) -> None:
        """Take the speed as for ``paced``, and who tells the instant (aware UTC)."""
        self._factor = speed_factor(speed)
        self._now = now
        self._began_at: datetime | None = None

    def __call__(self, offset: timedelta) -> datetime:
        """When the step at this offset is published, aware UTC."""
        if self._factor == inf:
            return self._now()
        if self._began_at is None:
            self._began_at = self._now() - offset / self._factor
        return self._began_at + offset / self._factor
