"""What people see: how a room stands, what of a period is shown, which stays there were.

All of it is folded from the same states and entries that the engine uses, so what a page
or a command shows can be computed again from the log, for any past instant.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from room_monitor.core.alert import Alert
from room_monitor.core.evaluation import Heard, Reason, Verdict
from room_monitor.core.events import (
    BreachOpened,
    BrokerLost,
    CheckRecorded,
    Entry,
    GapFound,
    MonitorStarted,
    MonitorStopped,
    ObligationLapsed,
    StayBegan,
    StayEnded,
    VerdictChanged,
)
from room_monitor.core.ids import DeviceId, ObligationId, RoomId, StayId
from room_monitor.core.obligations import Plan, Question
from room_monitor.core.requirements import (
    Ask,
    EvidenceKind,
    Label,
    Proof,
    Requirement,
    StayKind,
)
from room_monitor.core.site import Device, Room
from room_monitor.core.state import RoomState
from room_monitor.core.stay import Stay


class Readiness(StrEnum):
    """Whether a room may be used: only what is shown to be met counts."""

    READY = "ready"
    NOT_READY = "not_ready"
    NOT_SHOWN = "not_shown"


READINESS = {
    Verdict.MET: Readiness.READY,
    Verdict.VIOLATED: Readiness.NOT_READY,
    Verdict.UNKNOWN: Readiness.NOT_SHOWN,
}


# --- How a room stands -----------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class AskStatus:
    """How one ask stands, for the room or for one device.

    Attributes:
        breach_since: When the open breach began, if there is one.
        evidence: The last reading that bears on it, if it is about a device.
    """

    obligation: ObligationId
    ask: Ask
    device: Device | None
    verdict: Verdict
    reason: Reason
    since: datetime | None
    breach_since: datetime | None = None
    evidence: Heard | None = None

    @property
    def counts(self) -> bool:
        """Whether it says anything: daylight at night, a fan that is off do not."""
        return self.reason is not Reason.NOT_JUDGED_NOW or self.breach_since is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementStatus:
    """How one requirement stands: the fold of its asks.

    Attributes:
        since: Since when the verdict holds, ``None`` if nothing was ever judged.
        reason: That of the ask that decides.
    """

    requirement: Requirement
    verdict: Verdict
    reason: Reason
    since: datetime | None
    asks: tuple[AskStatus, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomStatus:
    """How a room stands.

    Attributes:
        readiness: The fold of the legal demands that always apply; indications and the
            demands of a stay stand beside it.
        stays: Open stays and what is asked because of each.
        alerts: Those that need somebody, the most urgent first.
    """

    room: Room
    readiness: Readiness
    requirements: tuple[RequirementStatus, ...]
    stays: tuple[tuple[Stay, tuple[AskStatus, ...]], ...]
    alerts: tuple[Alert, ...]


def room_status(state: RoomState, *, blind_since: datetime | None) -> RoomStatus:
    """Say how a room stands; what sensors show is unknown while the monitor is blind."""
    statuses: dict[str, list[AskStatus]] = defaultdict(list)
    for asked in state.plan.always:
        status = _ask_status(state, asked, blind_since)
        statuses[asked.obligation.requirement.id].append(status)
    requirements = tuple(
        _requirement_status(requirement, statuses[requirement.id])
        for requirement in state.plan.requirements
        if not requirement.applies.during
    )
    verdict = fold_all(
        status.verdict
        for status in requirements
        if status.requirement.label is Label.LAW
    )
    in_stays: dict[StayId, list[AskStatus]] = defaultdict(list)
    for asked in state.questions():
        if asked.stay is not None:
            in_stays[asked.stay].append(_ask_status(state, asked, blind_since))
    return RoomStatus(
        room=state.plan.room,
        readiness=READINESS[verdict],
        requirements=requirements,
        stays=tuple(
            (stay, tuple(in_stays[stay.id]))
            for stay in state.stays.values()
            if not stay.ended or in_stays[stay.id]
        ),
        alerts=tuple(
            sorted(
                state.alerts.values(), key=lambda a: (URGENCY[a.priority], a.began_at)
            )
        ),
    )


URGENCY = {"urgent": 0, "high": 1, "low": 2, "none": 3}


def fold_all(verdicts: Iterable[Verdict]) -> Verdict:
    """One violated is violated; all met is met; nothing, or anything unknown, is unknown."""
    seen = set(verdicts)
    if Verdict.VIOLATED in seen:
        return Verdict.VIOLATED
    return Verdict.MET if seen == {Verdict.MET} else Verdict.UNKNOWN


def fold_requirement(requirement: Requirement, verdicts: Sequence[Verdict]) -> Verdict:
    """The fold of the asks that count, where all are needed or one is enough."""
    if requirement.proof is Proof.ANY and Verdict.VIOLATED not in verdicts:
        return Verdict.MET if Verdict.MET in verdicts else Verdict.UNKNOWN
    return fold_all(verdicts)


def _requirement_status(
    requirement: Requirement, asks: Sequence[AskStatus]
) -> RequirementStatus:
    counting = [ask for ask in asks if ask.counts]
    verdict = fold_requirement(requirement, [ask.verdict for ask in counting])
    deciding = [ask for ask in counting if ask.verdict is verdict]
    instants = [ask.since for ask in deciding if ask.since is not None]
    if deciding:
        reason = deciding[0].reason
    else:
        reason = asks[0].reason if asks else Reason.NO_DEVICE
    # Violated or unknown since the first ask was, met only since the last one is.
    pick = max if verdict is Verdict.MET else min
    return RequirementStatus(
        requirement=requirement,
        verdict=verdict,
        reason=reason,
        since=pick(instants) if instants else None,
        asks=tuple(asks),
    )


def _ask_status(
    state: RoomState, asked: Question, blind_since: datetime | None
) -> AskStatus:
    obligation = asked.obligation
    standing = state.standings.get(asked.key)
    status = AskStatus(
        obligation=asked.key,
        ask=obligation.ask,
        device=obligation.device,
        verdict=standing.verdict if standing else Verdict.UNKNOWN,
        reason=standing.reason if standing else Reason.NO_READING,
        since=standing.since if standing else None,
        breach_since=standing.breach_began_at if standing else None,
        evidence=_evidence(state, asked),
    )
    if blind_since is not None and obligation.ask.evidence is EvidenceKind.LIVE:
        return replace(
            status,
            verdict=Verdict.UNKNOWN,
            reason=Reason.MONITOR_BLIND,
            since=blind_since,
        )
    return status


def _evidence(state: RoomState, asked: Question) -> Heard | None:
    device = asked.obligation.device
    if device is None:
        return None
    demand = asked.obligation.ask.demand
    quantity = getattr(demand, "quantity", None)
    of_device = state.heard.get(device.id, {})
    if quantity is not None:
        return of_device.get(quantity)
    return max(of_device.values(), key=lambda heard: heard.reading.at, default=None)


# --- When the monitor could see --------------------------------------------------------


class Sight(NamedTuple):
    """Since when the monitor has been blind, if it is."""

    blind_since: datetime | None = None
    why: str = ""


def evolve_sight(sight: Sight, entry: Entry) -> Sight:
    """Follow what the log says of the monitor itself."""
    match entry.event:
        case MonitorStarted(at=at):
            return Sight(at, "it has only just started")
        case BrokerLost(began_at=at):
            return Sight(at, "the broker is away")
        case MonitorStopped():
            return Sight(entry.recorded_at, "the monitor was stopped")
        case GapFound(cause=cause) if cause == "broker_away":
            return Sight()
        case _:
            return sight


# --- What of a period is shown ---------------------------------------------------------


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
    for begin, finish in zip(edges, edges[1:], strict=False):
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


# --- Which stays there were ------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class StaySummary:
    """One stay as the log tells it.

    Attributes:
        ended_at: ``None`` while it is open, and where nobody knows when it ended.
        end_unknown: It is over, nobody recorded when: it has no duration.
        missed: How many check intervals were missed.
        recorded_at: When its begin was recorded.
    """

    stay: StayId
    room: RoomId
    kind: StayKind
    key: str
    began_at: datetime
    recorded_at: datetime
    ended_at: datetime | None = None
    end_unknown: bool = False
    checks: int = 0
    missed: int = 0
    breaches: int = 0

    @property
    def is_open(self) -> bool:
        """Whether it still goes on."""
        return self.ended_at is None and not self.end_unknown


STAY_EVENTS = frozenset({"StayBegan", "StayEnded", "CheckRecorded", "BreachOpened"})


def stay_summaries(entries: Iterable[Entry]) -> list[StaySummary]:
    """All stays in the entries, in the order in which they were recorded."""
    stays: dict[StayId, StaySummary] = {}
    for entry in entries:
        event = entry.event
        if isinstance(event, StayBegan) and entry.room is not None:
            stays[event.stay] = StaySummary(
                stay=event.stay,
                room=entry.room,
                kind=event.kind,
                key=event.key,
                began_at=event.happened_at,
                recorded_at=entry.recorded_at,
            )
        elif isinstance(event, StayEnded | CheckRecorded | BreachOpened):
            known = stays.get(event.stay) if event.stay is not None else None
            if known is not None:
                stays[known.stay] = _told(known, event)
    return list(stays.values())


def _told(
    known: StaySummary, event: StayEnded | CheckRecorded | BreachOpened
) -> StaySummary:
    match event:
        case StayEnded(happened_at=at):
            return replace(known, ended_at=at, end_unknown=at is None)
        case CheckRecorded():
            return replace(known, checks=known.checks + 1)
        case BreachOpened(reason=reason):
            missed = known.missed + (reason is Reason.CHECK_MISSED)
            return replace(known, missed=missed, breaches=known.breaches + 1)


def last_heard(state: RoomState) -> Mapping[DeviceId, datetime | None]:
    """When each device of the room was last heard from."""
    return {device: state.last_heard.get(device) for device in state.plan.devices}
