"""Does daylight reach the room as the sun and the sky allow?"""

from datetime import UTC, datetime, timedelta
from math import radians, sin

from room_monitor.core.evaluation import (
    Evaluation,
    Known,
    Reason,
    Verdict,
    no_reading,
    too_old,
)
from room_monitor.core.readings import Reading
from room_monitor.core.requirements import Daylight
from room_monitor.core.site import EXACT, Device, Role
from sensors.quantity import Quantity

SUN_STEP = timedelta(minutes=5)
"""How often to look where the sun is: it moves about one degree in this time."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def evaluate(asks: Daylight, known: Known, device: Device, now: datetime) -> Evaluation:
    """Judge the last reading against what the sun at that instant allows.

    Not judged while the sun is too low. Unknown while the young person keeps the blind
    closed, which is their choice and no breach, and while a lamp is on that the sensor
    could be seeing, unless the lamp cannot explain the reading being this low. Once the
    blind is opened or the lamp switched off it takes a new reading to tell.
    """
    # Whenever somebody looks within one step, the sun stands in the same place.
    sun_at = now - (now - _EPOCH) % SUN_STEP
    sun_moves_at = sun_at + SUN_STEP
    sun = known.room.location.sun_elevation(sun_at)
    if sun < asks.min_elevation:
        return Evaluation(Verdict.UNKNOWN, Reason.NOT_JUDGED_NOW, sun_at, sun_moves_at)
    heard = known.latest(device.id, Quantity.DAYLIGHT_ILLUMINANCE)
    if heard is None:
        return no_reading(now)._replace(recheck_at=sun_moves_at)
    reading = heard.reading
    max_age = asks.max_age or device.silent_after
    if stale := too_old(reading, max_age, now):
        return stale._replace(recheck_at=sun_moves_at)
    uncertainty = device.accuracy.get(reading.quantity, EXACT).of(reading.value)
    outdoors = _outdoors(known, now)
    asked = _asked_for(asks, sun, [seen.value for seen, _ in outdoors])
    verdict, reason = _judge(known, asked, reading, uncertainty)
    recheck_at = min(
        reading.at + max_age, sun_moves_at, *(old_at for _, old_at in outdoors)
    )
    return Evaluation(verdict, reason, reading.at, recheck_at, reading)


def _outdoors(known: Known, now: datetime) -> list[tuple[Reading, datetime]]:
    """What the outdoor references say, and until when that is evidence."""
    return [
        (heard.reading, heard.reading.at + outdoor.silent_after)
        for outdoor in known.room.devices_in(Role.OUTDOOR_DAYLIGHT)
        if (heard := known.latest(outdoor.id, Quantity.DAYLIGHT_ILLUMINANCE))
        and not too_old(heard.reading, outdoor.silent_after, now)
    ]


def _asked_for(asks: Daylight, sun: float, outdoors: list[float]) -> float:
    """The illuminance asked for while the sun stands this high, in lx."""
    height = min(1.0, sin(radians(sun)) / sin(radians(asks.at_elevation)))
    return min([asks.low * height, *(asks.outdoor_share * lux for lux in outdoors)])


def _judge(
    known: Known, asked: float, reading: Reading, uncertainty: float
) -> tuple[Verdict, Reason]:
    if reading.value + uncertainty < asked:
        if _was(known, reading.at, Role.BLIND, Quantity.BLIND_STATE, "closed"):
            return Verdict.UNKNOWN, Reason.BLIND_CLOSED
        return Verdict.VIOLATED, Reason.TOO_DARK
    if _was(known, reading.at, Role.LAMP, Quantity.LAMP_STATE, "on"):
        return Verdict.UNKNOWN, Reason.MAY_BE_LAMP
    if reading.value - uncertainty < asked:
        return Verdict.UNKNOWN, Reason.UNDECIDED
    return Verdict.MET, Reason.DAYLIGHT_SEEN


def _was(
    known: Known, at: datetime, role: Role, quantity: Quantity, state: str
) -> bool:
    """Whether one is in a state now, or may have been at ``at``: it has changed since."""
    number = quantity.states.index(state)
    return any(
        (heard := known.latest(device.id, quantity)) is not None
        and (heard.reading.value == number or heard.changed_at > at)
        for device in known.room.devices_in(role)
    )
