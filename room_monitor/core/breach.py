"""How one obligation stands, and the life of a breach.

    Compliant --violated--> Suspected --still not met after dwell--> Breached
        ^                       |                                        |
        +---------met-----------+------------------met-------------------+

Only MET leads back. UNKNOWN never acquits: a sensor that falls silent in the middle of a
violation leaves the violation standing (ADR 4). A demand that is not judged now (daylight
at night) drops a suspicion, but not a breach.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import assert_never

from room_monitor.core.evaluation import Evaluation, Reason, Verdict
from room_monitor.core.events import (
    BreachClosed,
    BreachEvent,
    BreachOpened,
    BreachRevised,
    Closing,
    EvaluationFailed,
    Evidence,
    LateViolationFound,
    ObligationLapsed,
    Prompted,
    VerdictChanged,
)
from room_monitor.core.ids import BreachId, ObligationId
from room_monitor.core.obligations import Question
from room_monitor.core.readings import Reading


@dataclass(frozen=True, slots=True)
class Standing:
    """How an obligation stands.

    Attributes:
        verdict: The last verdict.
        reason: Its reason.
        since: Since when it holds, dated from the fact.
        suspected_since: When the violation began that has not been acquitted.
        suspected_for: What was wrong when it was last seen to be.
        breach: The open breach, if there is one.
        breach_began_at: When that began.
        prompted_for: The limit somebody was last reminded of.
        last: The breach that was closed last.
    """

    verdict: Verdict
    reason: Reason
    since: datetime
    suspected_since: datetime | None = None
    suspected_for: Reason | None = None
    breach: BreachId | None = None
    breach_began_at: datetime | None = None
    prompted_for: datetime | None = None
    last: BreachId | None = None

    def agrees_with(self, finding: Evaluation) -> bool:
        """Whether a finding is no news: all is as it was, and nothing is suspected."""
        return (
            finding.verdict is self.verdict
            and finding.reason is self.reason
            and self.suspected_since is None
            and self.breach is None
        )

    def dwell_ends_at(self, dwell: timedelta) -> datetime | None:
        """When the suspicion becomes a breach, if nothing is heard until then."""
        if self.suspected_since is None or self.breach is not None:
            return None
        return self.suspected_since + dwell


def decide(
    standing: Standing | None, asked: Question, finding: Evaluation, now: datetime
) -> tuple[BreachEvent, ...]:
    """Say what this finding changes; an empty tuple means nothing."""
    changes: list[BreachEvent] = []
    dwell = asked.obligation.ask.dwell
    if standing is not None:
        due_at = standing.dwell_ends_at(dwell)
        if due_at is not None and due_at <= min(finding.since, now):
            # The breach was there before this finding, though nobody looked in between.
            earlier = _opened(standing, asked, None)
            changes.append(earlier)
            standing = evolve(standing, earlier)
    if (
        standing is None
        or finding.verdict is not standing.verdict
        or finding.reason is not standing.reason
    ):
        changed = _verdict_changed(asked, finding)
        changes.append(changed)
        standing = evolve(standing, changed)
        assert standing is not None
    if standing.breach is not None and finding.verdict is Verdict.MET:
        changes.append(_closed(standing, asked, finding))
    due_at = standing.dwell_ends_at(dwell)
    if due_at is not None and now >= due_at:
        changes.append(_opened(standing, asked, finding.reading))
    return tuple(changes)


def lapse(
    standing: Standing,
    key: ObligationId,
    at: datetime,
    *,
    end_known: bool = True,
    told: bool = False,
) -> tuple[BreachEvent, ...]:
    """Say what follows when the obligation no longer applies from ``at`` on.

    Without ``end_known`` the stay was told to be over at ``at``, and nobody knows since
    when: an open breach has no end that could be told. With ``told`` it lapses because
    somebody said that it was not done: a breach, however short.
    """
    lapsed = ObligationLapsed(obligation=key, at=at)
    if standing.breach is None or standing.breach_began_at is None:
        return (lapsed,)
    began_at = standing.breach_began_at
    ended_at = max(at, began_at) if end_known else None
    closed = BreachClosed(
        breach=standing.breach,
        obligation=key,
        closing=Closing.LAPSED if at > began_at or told else Closing.WITHDRAWN,
        began_at=began_at,
        ended_at=ended_at,
    )
    return (closed, lapsed)


def evolve(standing: Standing | None, event: BreachEvent) -> Standing | None:
    """Say how it stands after ``event``; ``None`` where nothing is asked any more."""
    match event:
        case VerdictChanged(verdict=verdict, reason=reason, since=since):
            return _after_verdict(standing, verdict, reason, since)
        case _ if standing is None:
            return None  # found out after the obligation had lapsed
        case BreachOpened() if standing.breach is not None:
            return standing  # found out later, of a time before the one that is open
        case BreachOpened() | BreachRevised(closing=None):
            return replace(
                standing,
                suspected_since=standing.suspected_since or event.began_at,
                suspected_for=standing.suspected_for or standing.reason,
                breach=event.breach,
                breach_began_at=event.began_at,
            )
        case BreachClosed(breach=breach) if breach == standing.breach:
            return replace(
                standing,
                suspected_since=None,
                suspected_for=None,
                breach=None,
                breach_began_at=None,
                last=breach,
            )
        case BreachClosed() | BreachRevised():
            return standing
        case Prompted(due_at=due_at):
            return replace(standing, prompted_for=due_at)
        case ObligationLapsed():
            return None
        case LateViolationFound() | EvaluationFailed():
            return standing
        case _:
            assert_never(event)


def shift(standing: Standing, by: timedelta) -> Standing:
    """Move what is running after a step of the wall clock."""
    suspected, began_at = standing.suspected_since, standing.breach_began_at
    prompted_for = standing.prompted_for
    return replace(
        standing,
        prompted_for=None if prompted_for is None else prompted_for + by,
        suspected_since=None if suspected is None else suspected + by,
        breach_began_at=None if began_at is None else began_at + by,
    )


def _after_verdict(
    before: Standing | None, verdict: Verdict, reason: Reason, since: datetime
) -> Standing:
    suspected_since = before.suspected_since if before else None
    suspected_for = before.suspected_for if before else None
    if verdict is Verdict.VIOLATED:
        suspected_since, suspected_for = suspected_since or since, reason
    elif verdict is Verdict.MET or reason is Reason.NOT_JUDGED_NOW:
        suspected_since = suspected_for = None
    return Standing(
        verdict=verdict,
        reason=reason,
        since=since,
        suspected_since=suspected_since,
        suspected_for=suspected_for,
        breach=before.breach if before else None,
        breach_began_at=before.breach_began_at if before else None,
        prompted_for=before.prompted_for if before else None,
        last=before.last if before else None,
    )


def _verdict_changed(asked: Question, finding: Evaluation) -> VerdictChanged:
    return VerdictChanged(
        obligation=asked.key,
        source=asked.obligation.source,
        verdict=finding.verdict,
        reason=finding.reason,
        since=finding.since,
        stay=asked.stay,
        evidence=Evidence.of(finding.reading) if finding.reading else None,
    )


def opened(
    asked: Question,
    began_at: datetime,
    reason: Reason,
    reading: Reading | None = None,
) -> BreachOpened:
    """A breach of an obligation that began at an instant."""
    return BreachOpened(
        breach=BreachId(f"{asked.key}#{began_at:%Y%m%dT%H%M%S.%fZ}"),
        obligation=asked.key,
        source=asked.obligation.source,
        priority=asked.obligation.ask.priority,
        reason=reason,
        began_at=began_at,
        stay=asked.stay,
        evidence=Evidence.of(reading) if reading else None,
    )


def _opened(
    standing: Standing, asked: Question, reading: Reading | None
) -> BreachOpened:
    assert standing.suspected_since is not None
    assert standing.suspected_for is not None
    return opened(asked, standing.suspected_since, standing.suspected_for, reading)


def _closed(standing: Standing, asked: Question, finding: Evaluation) -> BreachClosed:
    assert standing.breach is not None
    assert standing.breach_began_at is not None
    # Met before it had lasted long enough to be a breach: what shows it arrived late.
    dwell = asked.obligation.ask.dwell
    never_was = (
        finding.since < standing.breach_began_at + dwell
        or finding.reason is Reason.DISMISSED
    )
    return BreachClosed(
        breach=standing.breach,
        obligation=asked.key,
        closing=Closing.WITHDRAWN if never_was else Closing.MET,
        began_at=standing.breach_began_at,
        ended_at=max(finding.since, standing.breach_began_at),
        evidence=Evidence.of(finding.reading) if finding.reading else None,
    )
