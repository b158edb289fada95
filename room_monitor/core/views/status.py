"""How a room stands now."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from room_monitor.core.alert import Alert
from room_monitor.core.evaluation import Heard, Reason, Verdict
from room_monitor.core.ids import ObligationId, StayId
from room_monitor.core.obligations import Question
from room_monitor.core.requirements import (
    Ask,
    EvidenceKind,
    Label,
    Requirement,
)
from room_monitor.core.site import Device, Room
from room_monitor.core.state import RoomState
from room_monitor.core.stay import Stay
from room_monitor.core.views.fold import fold_all, fold_requirement


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
    def acquitted(self) -> Verdict:
        """The verdict as it counts: while a breach is open nothing acquits (ADR 4)."""
        return self.verdict if self.breach_since is None else Verdict.VIOLATED

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


def _requirement_status(
    requirement: Requirement, asks: Sequence[AskStatus]
) -> RequirementStatus:
    counting = [ask for ask in asks if ask.counts]
    verdict = fold_requirement(requirement, [ask.acquitted for ask in counting])
    deciding = [ask for ask in counting if ask.acquitted is verdict]
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
