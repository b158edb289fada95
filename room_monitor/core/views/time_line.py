"""Where do instants lie beside each other when the wall clock was set in between?

An instant in the log is on the clock as it stood when it was written; a step moves what
was before it (ADR 7). On the time line every instant is on the last clock, so that the
time between two of them is the time that passed.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from room_monitor.core.events import ClockStepped, Entry

NONE = timedelta(0)


class Stretch(NamedTuple):
    """From one instant to another, without the second; ``None`` if it has no end yet."""

    began_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class TimeLine:
    """By how much the clock was set, and where in the log.

    Attributes:
        positions: Of the steps, in order.
        sums: By how much the clock was set from each of them on; one more, zero, behind.
    """

    positions: tuple[int, ...] = ()
    sums: tuple[timedelta, ...] = (NONE,)

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> "TimeLine":
        """The time line of a log."""
        steps = [
            (entry.position, entry.event.by)
            for entry in entries
            if isinstance(entry.event, ClockStepped)
        ]
        sums = [NONE]
        for _, by in reversed(steps):
            sums.append(sums[-1] + by)
        return cls(tuple(position for position, _ in steps), tuple(reversed(sums)))

    def after(self, position: int) -> timedelta:
        """By how much the clock was set after an entry."""
        return self.sums[bisect_right(self.positions, position)]

    def move(self, at: datetime, position: int) -> datetime:
        """Where an instant lies that stands in the entry at ``position``."""
        return at + self.after(position)


def merged(stretches: Iterable[tuple[datetime, datetime]]) -> list[Stretch]:
    """The same time, in order and without overlap."""
    whole: list[tuple[datetime, datetime]] = []
    for began_at, ended_at in sorted(stretches):
        if whole and began_at <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(whole[-1][1], ended_at))
        elif began_at < ended_at:
            whole.append((began_at, ended_at))
    return [Stretch(*each) for each in whole]


def within(
    stretches: Sequence[Stretch], began_at: datetime, ended_at: datetime
) -> timedelta:
    """How much of ``began_at <= at < ended_at`` lies in the stretches."""
    total = NONE
    for start, end in stretches:
        last = ended_at if end is None else min(end, ended_at)
        total += max(NONE, last - max(start, began_at))
    return total
