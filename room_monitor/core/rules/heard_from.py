"""Has the device said anything lately? Silence is a demand of its own."""

from datetime import datetime

from room_monitor.core.evaluation import Evaluation, Known, Reason, Verdict
from room_monitor.core.requirements import HeardFrom
from room_monitor.core.site import Device


def evaluate(
    asks: HeardFrom, known: Known, device: Device, now: datetime
) -> Evaluation:
    """Judge how long the device has been silent.

    A device that never spoke gets the same time, counted from when we began to watch. Time
    in which the monitor itself was blind is not held against a device.
    """
    max_age = asks.max_age or device.silent_after
    last = known.last_heard.get(device.id)
    base = known.watched_since if last is None else max(last, known.watched_since)
    silent_at = base + max_age
    if now >= silent_at:
        return Evaluation(Verdict.VIOLATED, Reason.SILENT, silent_at)
    if last is None or last < known.watched_since:
        return Evaluation(Verdict.UNKNOWN, Reason.NO_READING, base, silent_at)
    return Evaluation(Verdict.MET, Reason.HEARD_IN_TIME, last, silent_at)
