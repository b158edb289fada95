"""Did it happen no more often than is allowed?"""

from datetime import datetime

from room_monitor.core.evaluation import Evaluation, Known, Reason, Verdict
from room_monitor.core.requirements import AtMostTimes


def evaluate(asks: AtMostTimes, known: Known, now: datetime) -> Evaluation:
    """Count; the one too many dates the violation. It cannot be undone."""
    assert known.stay is not None, "what is counted is counted during a stay"
    instants = sorted(h.at for h in known.of(asks.moment) if h.at <= now)
    if len(instants) > asks.times:
        return Evaluation(Verdict.VIOLATED, Reason.TOO_OFTEN, instants[asks.times])
    return Evaluation(Verdict.MET, Reason.WITHIN_LIMITS, known.stay.began_at)
