"""What of a period is shown: met, violated, or nobody can say."""

import itertools
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from room_monitor.core.evaluation import Reason, Verdict
from room_monitor.core.events import (
    Entry,
    GapFound,
    ObligationLapsed,
    VerdictChanged,
)
from room_monitor.core.ids import ObligationId
from room_monitor.core.obligations import Plan
from room_monitor.core.requirements import (
    Requirement,
)
from room_monitor.core.views.fold import fold_requirement
from room_monitor.core.views.sight import Sight, evolve_sight


class Span(NamedTuple):
    """A verdict that held from one instant to another."""

    start: datetime
    end: datetime
    verdict: Verdict
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How much of a period an answer is known for.

    Attributes:
        met: Time that was met.
        violated: Time that was violated.
        period: The whole period; the rest of it is not shown.
    """

    met: timedelta
    violated: timedelta
    period: timedelta

    @property
    def share(self) -> float:
        """The fraction of the period for which there is an answer, 0 to 1."""
        if not self.period:
            return 0.0
        return (self.met + self.violated) / self.period


def spans(
    entries: Iterable[Entry], start: datetime, end: datetime
) -> Mapping[ObligationId, Sequence[Span]]:
    """What was judged of each obligation in ``start <= at < end``, by evidence instant.

    Args:
        entries: The log of one room and of the monitor itself, from its beginning.
        start: Aware UTC, inclusive.
        end: Aware UTC, exclusive.
    """
    changes: dict[ObligationId, list[tuple[datetime, Verdict | None, Reason]]]
    changes = defaultdict(list)
    gaps: list[tuple[datetime, datetime]] = []
    blind = Sight()
    for entry in entries:
        blind = evolve_sight(blind, entry)
        match entry.event:
            case VerdictChanged(obligation=key, since=since) as event:
                _put(changes[key], since, event.verdict, event.reason)
            case ObligationLapsed(obligation=key, at=at):
                _put(changes[key], at, None, Reason.NOT_JUDGED_NOW)
            case GapFound(began_at=began_at, ended_at=ended_at):
                gaps.append((began_at, ended_at))
            case _:
                pass
    if blind.blind_since is not None:
        gaps.append((blind.blind_since, end))
    return {
        key: _without(_cut(of_key, start, end), gaps) for key, of_key in changes.items()
    }


def coverage(
    of_asks: Sequence[Sequence[Span]],
    requirement: Requirement,
    start: datetime,
    end: datetime,
) -> Coverage:
    """Fold the spans of a requirement's asks into how much of the period is shown."""
    edges = sorted(
        {start, end, *(t for s in of_asks for x in s for t in (x.start, x.end))}
    )
    total = {Verdict.MET: timedelta(0), Verdict.VIOLATED: timedelta(0)}
    for begin, finish in itertools.pairwise(edges):
        verdicts = [
            span.verdict
            for of_ask in of_asks
            for span in of_ask
            if span.start <= begin < span.end
            and span.reason is not Reason.NOT_JUDGED_NOW
        ]
        verdict = fold_requirement(requirement, verdicts)
        if verdict in total:
            total[verdict] += finish - begin
    return Coverage(
        met=total[Verdict.MET], violated=total[Verdict.VIOLATED], period=end - start
    )


def requirement_coverage(
    plan: Plan,
    requirement: Requirement,
    known: Mapping[ObligationId, Sequence[Span]],
    start: datetime,
    end: datetime,
) -> Coverage:
    """How much of a period is shown for a requirement that always applies."""
    keys = [q.key for q in plan.always if q.obligation.requirement is requirement]
    return coverage([known.get(key, ()) for key in keys], requirement, start, end)


def _put(
    changes: list[tuple[datetime, Verdict | None, Reason]],
    since: datetime,
    verdict: Verdict | None,
    reason: Reason,
) -> None:
    """A later entry overrules what an earlier one said of the same time."""
    while changes and changes[-1][0] >= since:
        changes.pop()
    changes.append((since, verdict, reason))


def _cut(
    changes: Sequence[tuple[datetime, Verdict | None, Reason]],
    start: datetime,
    end: datetime,
) -> list[Span]:
    ends = [since for since, _, _ in changes[1:]] + [end]
    return [
        Span(max(since, start), min(until, end), verdict, reason)
        for (since, verdict, reason), until in zip(changes, ends, strict=True)
        if verdict is not None and max(since, start) < min(until, end)
    ]


def _without(
    known: Sequence[Span], gaps: Sequence[tuple[datetime, datetime]]
) -> list[Span]:
    """The spans outside all gaps: nothing is known of the time in them."""
    kept = list(known)
    for began_at, ended_at in gaps:
        kept = [
            Span(begin, finish, span.verdict, span.reason)
            for span in kept
            for begin, finish in (
                (span.start, min(span.end, began_at)),
                (max(span.start, ended_at), span.end),
            )
            if begin < finish
        ]
    return kept
