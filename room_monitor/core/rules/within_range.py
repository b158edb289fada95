"""Is the value between its limits, and can this sensor tell?"""

from datetime import datetime

from room_monitor.core.evaluation import (
    Evaluation,
    Known,
    Reason,
    Verdict,
    no_reading,
    too_old,
)
from room_monitor.core.requirements import WithinRange
from room_monitor.core.site import EXACT, Device


def evaluate(
    asks: WithinRange, known: Known, device: Device, now: datetime
) -> Evaluation:
    """Judge the last reading; within the sensor's accuracy of a limit it is undecided."""
    heard = known.latest(device.id, asks.quantity)
    if heard is None:
        return no_reading(now)
    reading = heard.reading
    max_age = asks.max_age or device.silent_after
    if stale := too_old(reading, max_age, now):
        return stale
    verdict, reason = _judge(
        asks, reading.value, _uncertainty(asks, device, reading.value)
    )
    return Evaluation(verdict, reason, reading.at, reading.at + max_age, reading)


def _uncertainty(asks: WithinRange, device: Device, value: float) -> float:
    return device.accuracy.get(asks.quantity, EXACT).of(value)


def _judge(
    asks: WithinRange, value: float, uncertainty: float
) -> tuple[Verdict, Reason]:
    undecided = False
    if asks.low is not None:
        if value + uncertainty < asks.low:
            return Verdict.VIOLATED, Reason.BELOW_LOW
        undecided = value - uncertainty < asks.low
    if asks.high is not None:
        if value - uncertainty > asks.high:
            return Verdict.VIOLATED, Reason.ABOVE_HIGH
        undecided = undecided or value + uncertainty > asks.high
    if undecided:
        return Verdict.UNKNOWN, Reason.UNDECIDED
    return Verdict.MET, Reason.WITHIN_LIMITS
