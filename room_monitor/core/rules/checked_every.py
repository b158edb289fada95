"""Was it done again before this long had passed, from the start of the stay?"""

from datetime import datetime

from room_monitor.core.evaluation import (
    RESOLUTION,
    Evaluation,
    Known,
    Reason,
    Verdict,
)
from room_monitor.core.requirements import CheckedEvery


def evaluate(asks: CheckedEvery, known: Known, now: datetime) -> Evaluation:
    """Judge the time since the last one, or since the start.

    Besluit Jeugdwet art. 6.2.4(2), in our reading: no gap is longer than the limit, the
    one from start to first and from last to end included. A gap of exactly the limit is
    in time.
    """
    assert known.stay is not None, "a repetition is asked of a stay"
    began_at = known.stay.began_at
    done = [
        h.at
        for h in known.happened.get(asks.fact, ())
        if h.at <= now and h.outcome is not False and (not asks.by or h.role in asks.by)
    ]
    last_at = max([began_at, *done])
    due_at = _due_at(asks, known, last_at, now)
    if due_at is None:
        return Evaluation(Verdict.MET, Reason.NOT_ASKED, began_at)
    if now > due_at:
        return Evaluation(Verdict.VIOLATED, Reason.CHECK_MISSED, due_at)
    return Evaluation(
        Verdict.MET, Reason.CHECKED_IN_TIME, last_at, due_at + RESOLUTION, due_at=due_at
    )


def _due_at(
    asks: CheckedEvery, known: Known, last_at: datetime, now: datetime
) -> datetime | None:
    """By when it must be done again; an agreement counts from when it was made."""
    if not asks.agreed:
        return last_at + asks.at_most
    made = [h for h in known.happened.get("check_interval", ()) if h.at <= now]
    if not made:
        return None
    agreed = max(reversed(made), key=lambda h: h.at)
    assert agreed.at_most is not None, "an agreement says how long"
    return max(last_at, agreed.at) + min(agreed.at_most, asks.at_most)
