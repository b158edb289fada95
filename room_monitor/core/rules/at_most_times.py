"""Did it happen no more often than is allowed?"""

from datetime import datetime

from room_monitor.core.evaluation import Evaluation, Known, Reason, Verdict
from room_monitor.core.requirements import AtMostTimes


def evaluate(asks: AtMostTimes, known: Known, now: datetime) -> Evaluation:
    """Count; the one too many dates the violation. It cannot be undone."""
    assert known.stay is not None, "what is counted is counted during a stay"
    instants = sorted(
        h.at
        for h in known.of(asks.moment, asks.by)
        if h.at <= now and h.role not in asks.except_by
    )
    if len(instants) > asks.times:
        reason = Reason.WRONG_PERSON if asks.except_by else Reason.TOO_OFTEN
        return Evaluation(Verdict.VIOLATED, reason, instants[asks.times])
    return Evaluation(Verdict.MET, Reason.WITHIN_LIMITS, known.stay.began_at)
