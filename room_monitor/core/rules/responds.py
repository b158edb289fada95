"""When one thing is set, does the other follow (fan on, so air flows)?"""

from datetime import datetime

from room_monitor.core.evaluation import (
    Evaluation,
    Heard,
    Known,
    Reason,
    Verdict,
    no_reading,
    too_old,
)
from room_monitor.core.requirements import Responds
from room_monitor.core.site import Device


def evaluate(asks: Responds, known: Known, device: Device, now: datetime) -> Evaluation:
    """Judge the answer once it has had its time.

    Not judged while the thing is in another state than the one asked about: a fan that the
    young person switched off proves nothing, and accuses nobody.
    """
    stimulus = known.latest(device.id, asks.quantity)
    if stimulus is None:
        return no_reading(now)
    if stale := too_old(stimulus.reading, device.silent_after, now):
        return stale
    set_until = stimulus.reading.at + device.silent_after
    if asks.state is not None and stimulus.reading.value != asks.state:
        return Evaluation(
            Verdict.UNKNOWN, Reason.NOT_JUDGED_NOW, stimulus.changed_at, set_until
        )
    answers = [
        (heard, asks.max_age or answerer.silent_after)
        for answerer in known.room.devices_in(asks.answer_role)
        if (heard := known.latest(answerer.id, asks.answer)) is not None
    ]
    if not answers:
        return no_reading(now)._replace(recheck_at=set_until)
    answer, max_age = max(answers, key=lambda each: each[0].reading.at)
    if stale := too_old(answer.reading, max_age, now):
        return stale
    old_at = min(answer.reading.at + max_age, set_until)
    return _judge(asks, stimulus, answer, now, old_at)


def _judge(
    asks: Responds, stimulus: Heard, answer: Heard, now: datetime, old_at: datetime
) -> Evaluation:
    reading = answer.reading
    if _follows(asks, stimulus.reading.value, reading.value):
        return Evaluation(Verdict.MET, Reason.RESPONDED, reading.at, old_at, reading)
    due_at = stimulus.changed_at + asks.within
    if now < due_at:
        return Evaluation(
            Verdict.UNKNOWN,
            Reason.AWAITING_RESPONSE,
            stimulus.changed_at,
            min(due_at, old_at),
            reading,
        )
    since = max(due_at, reading.at)
    return Evaluation(Verdict.VIOLATED, Reason.NO_RESPONSE, since, old_at, reading)


def _follows(asks: Responds, value_set: float, answer: float) -> bool:
    if asks.tolerance is not None:
        return answer >= value_set - asks.tolerance
    return (asks.low is None or answer >= asks.low) and (
        asks.high is None or answer <= asks.high
    )
