"""How a quantity moves in the course of a scenario.

A curve is data: it says a value for any offset from the start, always the same one.
What a sensor adds of its own is in ``noise``. States are the numbers of their names.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from sensors.quantity import Quantity
from sensors.simulator.sky import Sky

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)

Points = tuple[tuple[timedelta, float], ...]
"""Offsets from the start, ascending, each with a value in the unit of the quantity."""


class Curve(Protocol):
    """One quantity over time."""

    def value(self, offset: timedelta, sky: Sky, /) -> float:
        """The true value at an offset from the start, in the unit of the quantity."""


@dataclass(frozen=True, slots=True)
class Constant:
    """Always the same."""

    level: float

    def value(self, _offset: timedelta, _sky: Sky) -> float:
        """The level."""
        return self.level


@dataclass(frozen=True, slots=True)
class Line:
    """Straight from point to point; level before the first and after the last."""

    points: Points

    def __post_init__(self) -> None:
        _check(self.points)

    def value(self, offset: timedelta, _sky: Sky) -> float:
        """The value on the line."""
        after = _count_until(self.points, offset)
        if after == 0:
            return self.points[0][1]
        if after == len(self.points):
            return self.points[-1][1]
        (begin, low), (end, high) = self.points[after - 1 : after + 1]
        return low + (high - low) * ((offset - begin) / (end - begin))


@dataclass(frozen=True, slots=True)
class Steps:
    """One value from each point on. The device says so the moment it changes."""

    points: Points

    def __post_init__(self) -> None:
        _check(self.points)

    def value(self, offset: timedelta, _sky: Sky) -> float:
        """The value since the last point."""
        return self.points[max(0, _count_until(self.points, offset) - 1)][1]


@dataclass(frozen=True, slots=True)
class Presses:
    """A button that is pressed, or a tag that is presented, for a second each time.

    Attributes:
        presses: When, each with the identity of the tag if there is one.
    """

    presses: tuple[tuple[timedelta, str | None], ...] = ()

    def value(self, offset: timedelta, _sky: Sky) -> float:
        """1 while it is pressed, else 0."""
        return float(any(at <= offset < at + SECOND for at, _ in self.presses))

    def tag(self, offset: timedelta) -> str | None:
        """Which tag is presented now."""
        tags = (tag for at, tag in self.presses if at <= offset < at + SECOND)
        return next(tags, None)


@dataclass(frozen=True, slots=True)
class Daylight:
    """Light of the sky.

    Attributes:
        share: Which part of what falls outside arrives here; 0.03 is a bright room.
    """

    share: float

    def value(self, offset: timedelta, sky: Sky) -> float:
        """Illuminance, in lx."""
        return self.share * sky.illuminance(offset)


@dataclass(frozen=True, slots=True)
class Sum:
    """Several curves, added: daylight and a lamp."""

    parts: tuple[Curve, ...]

    def value(self, offset: timedelta, sky: Sky) -> float:
        """The sum."""
        return sum(part.value(offset, sky) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Dimmed:
    """A curve of which a share is left: daylight behind a blind."""

    curve: Curve
    share: Curve

    def value(self, offset: timedelta, sky: Sky) -> float:
        """The product."""
        return self.curve.value(offset, sky) * self.share.value(offset, sky)


def state(quantity: Quantity, name: str) -> float:
    """The number of a state."""
    return float(quantity.states.index(name))


def states(quantity: Quantity, *points: tuple[timedelta, str]) -> Steps:
    """States by their names, one from each point on."""
    return Steps(tuple((at, state(quantity, name)) for at, name in points))


def changes(curve: Curve) -> Iterable[timedelta]:
    """When a device speaks at once, without waiting for its interval."""
    match curve:
        case Steps(points):
            return (at for at, _ in points[1:])
        case Presses(presses):
            return (at + after for at, _ in presses for after in (0 * SECOND, SECOND))
        case _:
            return ()


def _check(points: Points) -> None:
    offsets = [at for at, _ in points]
    if not offsets or offsets != sorted(set(offsets)):
        raise ValueError("points must be there and ascend")


def _count_until(points: Points, offset: timedelta) -> int:
    return bisect_right(points, offset, key=lambda point: point[0])
