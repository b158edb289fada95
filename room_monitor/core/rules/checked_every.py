"""Was it done again before this long had passed, from the start of the stay?"""

from datetime import datetime

from room_monitor.core.evaluation import (
    RESOLUTION,
    Evaluation,
    Happening,
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
    since, at_most = max([began_at, *done]), asks.at_most
    if asks.agreed:
        agreed = _agreed(known, now)
        if agreed is None:
            return Evaluation(Verdict.MET, Reason.NOT_ASKED, began_at)
        assert agreed.at_most is not None, "an agreement says how long"
        # It counts from when it was made: what was missed before it stays missed.
        since, at_most = max(since, agreed.at), min(agreed.at_most, at_most)
    due_at = since + at_most
    if now > due_at:
        is_check = asks.fact == "check"
        reason = Reason.CHECK_MISSED if is_check else Reason.OVER_LIMIT
        return Evaluation(Verdict.VIOLATED, reason, due_at)
    return Evaluation(
        Verdict.MET, Reason.CHECKED_IN_TIME, since, due_at + RESOLUTION, due_at=due_at
    )


def _agreed(known: Known, now: datetime) -> Happening | None:
    """What was agreed last."""
    made = [h for h in known.happened.get("check_interval", ()) if h.at <= now]
    return max(reversed(made), key=lambda h: h.at, default=None)
