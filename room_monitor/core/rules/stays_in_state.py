"""Is it in the state that is asked for (the door unlocked, the control free)?"""

from datetime import datetime

from room_monitor.core.evaluation import (
    Evaluation,
    Known,
    Reason,
    Verdict,
    no_reading,
    too_old,
)
from room_monitor.core.requirements import StaysInState
from room_monitor.core.site import Device


def evaluate(
    asks: StaysInState, known: Known, device: Device, now: datetime
) -> Evaluation:
    """Judge the last reported state; dated from when it took that state."""
    heard = known.latest(device.id, asks.quantity)
    if heard is None:
        return no_reading(now)
    reading, changed_at = heard
    max_age = asks.max_age or device.silent_after
    if stale := too_old(reading, max_age, now):
        return stale
    recheck_at = reading.at + max_age
    if reading.value == asks.state:
        return Evaluation(Verdict.MET, Reason.IN_STATE, changed_at, recheck_at, reading)
    return Evaluation(
        Verdict.VIOLATED, Reason.WRONG_STATE, changed_at, recheck_at, reading
    )
