"""After one thing, did the other happen in time?"""

from datetime import datetime

from room_monitor.core.evaluation import (
    RESOLUTION,
    Evaluation,
    Happening,
    Known,
    Reason,
    Verdict,
)
from room_monitor.core.requirements import WithinLimit


def evaluate(asks: WithinLimit, known: Known, now: datetime) -> Evaluation:
    """Judge the first one not answered yet; exactly at the limit is in time."""
    asked = [h for h in known.of(asks.since) if h.at <= now]
    answers = [
        h.at
        for moment in asks.until
        for h in known.of(moment, asks.by)
        if h.at <= now  # by a clock ahead of ours: it counts when ours gets there
    ]
    answers += [h.until for h in asked if h.until is not None]
    answered_at = max(answers, default=None)
    pending = [h for h in asked if answered_at is None or h.at > answered_at]
    if not pending:
        if answered_at is None or not asked:
            since = known.watched_since if known.stay is None else known.stay.began_at
            return Evaluation(Verdict.MET, Reason.NOT_ASKED, since)
        return Evaluation(Verdict.MET, Reason.IN_TIME, answered_at)
    first = min(pending, key=lambda h: h.at)
    due_at = _due(asks, known, first)
    if now > due_at:
        return Evaluation(Verdict.VIOLATED, Reason.OVER_LIMIT, due_at)
    return Evaluation(
        Verdict.MET, Reason.IN_TIME, first.at, due_at + RESOLUTION, due_at=due_at
    )


def _due(asks: WithinLimit, known: Known, first: Happening) -> datetime:
    due_at = first.at + asks.at_most
    if asks.extended_by is not None and any(
        first.at <= h.at <= due_at for h in known.of(asks.extended_by, asks.by)
    ):
        return due_at + asks.extension
    return due_at
