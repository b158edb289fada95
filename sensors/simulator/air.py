"""How much CO₂ is in the air of a room with these people and this ventilation?

    volume × dC/dt = people × 20 L/h − flow × (C − outdoors)

Between two changes people and flow stay the same, so each piece has an exact solution:
no stepping, and the same answer for the same offset.
"""

from dataclasses import dataclass
from datetime import timedelta
from math import exp

from sensors.simulator.curves import HOUR, Points
from sensors.simulator.sky import Sky

EXHALED = 0.020
"""m³ CO₂ per hour and person, at rest."""

NOBODY: Points = ((timedelta(0), 0.0),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Air:
    """CO₂ in the air of a room, a curve in ppm.

    Attributes:
        people: How many there are, from each point on.
        flow: Fresh air in m³/h, from each point on; leaks included.
        start: What is in the air at the start, in ppm.
        volume: Of the room, in m³.
        outdoors: What is in the air outside, in ppm.
    """

    people: Points = NOBODY
    flow: Points
    start: float = 450.0
    volume: float = 25.0
    outdoors: float = 420.0

    def value(self, offset: timedelta, _sky: Sky) -> float:
        """CO₂ at an offset from the start, in ppm."""
        marks = {timedelta(0)} | {at for at, _ in (*self.people, *self.flow)}
        begins = sorted(at for at in marks if timedelta(0) <= at < offset)
        level = self.start
        for begin, end in zip(begins, [*begins[1:], offset], strict=True):
            people, flow = _last(self.people, begin), _last(self.flow, begin)
            level = self._after(level, people, flow, (end - begin) / HOUR)
        return level

    def _after(self, level: float, people: float, flow: float, hours: float) -> float:
        made = people * EXHALED * 1e6  # ppm × m³ per hour
        if flow <= 0:
            return level + made / self.volume * hours
        steady = self.outdoors + made / flow
        return steady + (level - steady) * exp(-flow / self.volume * hours)


def _last(points: Points, offset: timedelta) -> float:
    return [level for at, level in points if at <= offset or at == points[0][0]][-1]
