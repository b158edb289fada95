"""One module per kind of demand, one pure function ``evaluate`` each.

A rule answers for one demand and, where the demand is about devices, for one device. It
reads nothing but what it is given and asks no clock: the same question has the same
answer, with a reason.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from room_monitor.core.evaluation import Evaluation, Known
from room_monitor.core.requirements import (
    AtMostTimes,
    CheckedEvery,
    Daylight,
    DaylightShare,
    Demand,
    DoneBy,
    HeardFrom,
    RegisteredWhenLocked,
    Responds,
    StaysInState,
    WithinLimit,
    WithinRange,
)
from room_monitor.core.rules import (
    at_most_times,
    checked_every,
    daylight,
    daylight_share,
    done_by,
    heard_from,
    registered_when_locked,
    responds,
    stays_in_state,
    within_limit,
    within_range,
)
from room_monitor.core.site import Device

OfDevice = Callable[[Any, Known, Device, datetime], Evaluation]
OfPeople = Callable[[Any, Known, datetime], Evaluation]

OF_DEVICES: Mapping[type[Demand], OfDevice] = MappingProxyType(
    {
        WithinRange: within_range.evaluate,
        HeardFrom: heard_from.evaluate,
        StaysInState: stays_in_state.evaluate,
        Responds: responds.evaluate,
        Daylight: daylight.evaluate,
        DaylightShare: daylight_share.evaluate,
    }
)
OF_PEOPLE: Mapping[type[Demand], OfPeople] = MappingProxyType(
    {
        CheckedEvery: checked_every.evaluate,
        WithinLimit: within_limit.evaluate,
        DoneBy: done_by.evaluate,
        AtMostTimes: at_most_times.evaluate,
        RegisteredWhenLocked: registered_when_locked.evaluate,
    }
)


def evaluate(
    demand: Demand, known: Known, device: Device | None, now: datetime
) -> Evaluation:
    """Judge one demand at ``now`` (aware UTC), for ``device`` if it is about devices."""
    if device is not None:
        return OF_DEVICES[type(demand)](demand, known, device, now)
    return OF_PEOPLE[type(demand)](demand, known, now)
