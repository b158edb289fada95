"""Has the right person established it, in time, and does that still hold?"""

from datetime import datetime

from room_monitor.core.evaluation import (
    RESOLUTION,
    Evaluation,
    Happening,
    Known,
    Reason,
    Verdict,
)
from room_monitor.core.requirements import DoneBy


def evaluate(asks: DoneBy, known: Known, now: datetime) -> Evaluation:
    """Judge the last answer that counts: a "yes" of the right person, a "no" of anybody.

    What somebody else confirmed proves nothing of a room; where it was due because of a
    stay it is a violation.
    """
    answers = [h for h in known.happened.get(asks.fact, ()) if h.at <= now]
    if not answers:
        return _absent(asks, known, now)
    counting = [
        h for h in answers if not asks.by or h.role in asks.by or h.outcome is False
    ]
    if not counting:
        verdict = Verdict.UNKNOWN if asks.due is None else Verdict.VIOLATED
        return Evaluation(verdict, Reason.WRONG_PERSON, answers[-1].at)
    if asks.before_start and known.stay is not None:
        # Saying it again later does not undo that it was said in time.
        began_at = known.stay.began_at
        counting = [h for h in counting if h.at <= began_at] or counting
    # Of two answers about one instant the one that was recorded last counts.
    last = max(reversed(counting), key=lambda h: h.at)
    return _present(asks, known, last, now)


def _absent(asks: DoneBy, known: Known, now: datetime) -> Evaluation:
    since = known.watched_since if known.stay is None else known.stay.began_at
    if asks.due is None or known.stay is None:
        return Evaluation(Verdict.UNKNOWN, Reason.NOT_YET_RECORDED, since)
    due_at = since + asks.due
    if now > due_at:
        return Evaluation(Verdict.VIOLATED, Reason.NOT_RECORDED, due_at)
    return Evaluation(
        Verdict.UNKNOWN,
        Reason.NOT_YET_RECORDED,
        since,
        due_at + RESOLUTION,
        due_at=due_at,
    )


def _present(
    asks: DoneBy, known: Known, answer: Happening, now: datetime
) -> Evaluation:
    if not answer.outcome:
        return Evaluation(Verdict.VIOLATED, Reason.ANSWERED_NO, answer.at)
    if asks.before_start and known.stay and answer.at > known.stay.began_at:
        return Evaluation(Verdict.VIOLATED, Reason.TOO_LATE, known.stay.began_at)
    if asks.valid_for is None:
        return Evaluation(Verdict.MET, Reason.DONE, answer.at)
    expires_at = answer.at + asks.valid_for
    if now >= expires_at:
        return Evaluation(Verdict.UNKNOWN, Reason.EXPIRED, expires_at)
    return Evaluation(Verdict.MET, Reason.DONE, answer.at, expires_at)
