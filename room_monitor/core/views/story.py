"""What is known of one stay, all of it, in the order in which it happened?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from room_monitor.core.evaluation import Reason
from room_monitor.core.events import (
    AlertAcknowledged,
    AlertRaised,
    AlertReturnedToNormal,
    BreachClosed,
    BreachOpened,
    BreachRevised,
    ClockStepped,
    ContactRequested,
    Entry,
    RecordCorrected,
)
from room_monitor.core.ids import AlertId, BreachId, RequirementId, RoomId, StayId
from room_monitor.core.requirements import Priority
from room_monitor.core.site import Device
from room_monitor.core.views.breaches import BreachSummary, breach_summaries
from room_monitor.core.views.checks import QUARTERLY, Gap, Rhythm
from room_monitor.core.views.doors import Locked, measured
from room_monitor.core.views.records import Correction, Ledger, Recorded
from room_monitor.core.views.sight import blind_stretches
from room_monitor.core.views.stays import StaySummary, stay_summaries
from room_monitor.core.views.time_line import NONE, Stretch, TimeLine, within


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertLine:
    """A claim on a person because of a breach in the stay.

    Attributes:
        taken_on: Each time somebody took it on.
        over_at: When what it was about was over; ``None`` while it is not.
    """

    alert: AlertId
    breach: BreachId
    requirement: RequirementId
    priority: Priority
    reason: Reason
    began_at: datetime
    raised_at: datetime
    taken_on: tuple[AlertAcknowledged, ...] = ()
    over_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Blind:
    """A time in the stay in which nothing could be seen; ``None`` if it goes on."""

    began_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockSet:
    """The wall clock was set during the stay; ``at`` is what it said after that."""

    at: datetime
    by: timedelta


Happened = (
    Recorded
    | Correction
    | Gap
    | Locked
    | BreachSummary
    | AlertLine
    | ContactRequested
    | ClockSet
    | Blind
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StayStory:
    """All that is known of a stay.

    Attributes:
        records: What people recorded of it, also what was corrected away.
        locked: When the door was closed and locked for it.
        called: When the young person pressed the call button.
        lines: All of it, and the corrections and missed gaps of the summary, in order.
    """

    summary: StaySummary
    records: tuple[Recorded, ...]
    locked: tuple[Locked, ...]
    called: tuple[datetime, ...]
    breaches: tuple[BreachSummary, ...]
    alerts: tuple[AlertLine, ...]
    blind: tuple[Blind, ...]
    lines: tuple[Happened, ...]


def stay_story(
    entries: Iterable[Entry],
    stay: StayId,
    now: datetime,
    devices: Sequence[Device] = (),
    rhythm: Rhythm = QUARTERLY,
) -> StayStory | None:
    """Tell one stay; ``None`` if there is no such stay.

    Args:
        entries: The log of its room and of the monitor itself, from the beginning.
        stay: Which stay.
        now: Up to when it goes on, if it does; aware UTC.
        devices: Those that are in the room now; see ``doors.measured``.
        rhythm: How often somebody must look in.
    """
    log = sorted(entries, key=lambda entry: entry.position)
    of_room: dict[RoomId, Sequence[Device]] = {
        entry.room: devices for entry in log if entry.room is not None
    }
    summaries = stay_summaries(log, now, of_room, rhythm)
    summary = next((s for s in summaries if s.stay == stay), None)
    if summary is None:
        return None
    line = TimeLine.of(log)
    until = summary.lies.ended_at or now
    records = tuple(r for r in Ledger(log, line).records if r.event.stay == stay)
    door = measured(log, summary.room, now, devices)
    locked = [
        (lies.began_at, locked)
        for locked, lies in zip(door.locked, door.lies, strict=True)
        if within([lies], summary.lies.began_at, until)
        and not (summary.void or summary.end_unknown)
    ]
    breaches = tuple(b for b in breach_summaries(log) if b.stay == stay)
    alerts = tuple(_alerts(log, {breach.breach for breach in breaches}))
    written = _written(log, line)
    since_the_end = NONE
    if summary.ended_at is not None and summary.lies.ended_at is not None:
        since_the_end = summary.lies.ended_at - summary.ended_at
    steps, called = _sensed(log, line, summary, until)
    blind = [
        (gap.began_at, _blind(gap, now))
        for gap in blind_stretches(log, line, now)
        if within([gap], summary.lies.began_at, until)
    ]
    unknown = summary.lies.ended_at or summary.lies.began_at
    lines: list[tuple[datetime, Happened]] = [
        *((r.happened or unknown, r) for r in records),
        *((c.at + written[c.record], c) for c in summary.corrections),
        *((gap.due_at + since_the_end, gap) for gap in summary.gaps),
        *locked,
        *((b.began_at + written[b.breach], b) for b in breaches),
        *((a.raised_at + written[a.alert], a) for a in alerts),
        *((at, event) for at, event in called),
        *steps,
        *blind,
    ]
    return StayStory(
        summary=summary,
        records=records,
        locked=tuple(each for _, each in locked),
        called=tuple(event.at for _, event in called),
        breaches=breaches,
        alerts=alerts,
        blind=tuple(each for _, each in blind),
        lines=tuple(each for _, each in sorted(lines, key=lambda told: told[0])),
    )


STORY_EVENTS = frozenset(
    {
        *("StayBegan", "StayEnded", "CheckRecorded", "CheckIntervalAgreed"),
        *("ContactRecorded", "FactRecorded", "RecordCorrected"),
        *("CorrectionConfirmed", "BreachOpened", "BreachClosed", "BreachRevised"),
        *("DoorMoved", "ContactRequested", "AlertRaised", "AlertAcknowledged"),
        "AlertReturnedToNormal",
    }
)
"""The events of a room that are looked at, beside all of the monitor itself."""


def _written(log: Iterable[Entry], line: TimeLine) -> dict[str, timedelta]:
    """By how much the clock was set since the last word on each correction and the like."""
    written: dict[str, timedelta] = {}
    for entry in log:
        match entry.event:
            case RecordCorrected(record=name) | AlertRaised(alert=name):
                written[name] = line.after(entry.position)
            case BreachOpened() | BreachClosed() | BreachRevised():
                written[entry.event.breach] = line.after(entry.position)
            case _:
                pass
    return written


def _blind(gap: Stretch, now: datetime) -> Blind:
    over = gap.ended_at is not None and gap.ended_at < now
    return Blind(began_at=gap.began_at, ended_at=gap.ended_at if over else None)


def _alerts(log: Iterable[Entry], breaches: set[BreachId]) -> Iterable[AlertLine]:
    alerts: dict[AlertId, AlertLine] = {}
    for entry in log:
        event = entry.event
        match event:
            case AlertRaised() if event.breach in breaches:
                alerts[event.alert] = AlertLine(
                    alert=event.alert,
                    breach=event.breach,
                    requirement=event.requirement,
                    priority=event.priority,
                    reason=event.reason,
                    began_at=event.began_at,
                    raised_at=entry.recorded_at,
                )
            case AlertAcknowledged() if event.alert in alerts:
                known = alerts[event.alert]
                told = replace(event, at=event.at or entry.recorded_at)
                alerts[event.alert] = replace(known, taken_on=(*known.taken_on, told))
            case AlertReturnedToNormal() if event.alert in alerts:
                alerts[event.alert] = replace(alerts[event.alert], over_at=event.at)
            case _:
                pass
    return alerts.values()


def _sensed(
    log: Iterable[Entry], line: TimeLine, summary: StaySummary, until: datetime
) -> tuple[list[tuple[datetime, ClockSet]], list[tuple[datetime, ContactRequested]]]:
    """When the clock was set during the stay, and when the call button was pressed."""
    steps: list[tuple[datetime, ClockSet]] = []
    called: list[tuple[datetime, ContactRequested]] = []
    for entry in log:
        event = entry.event
        if isinstance(event, ClockStepped):
            at = line.move(entry.recorded_at, entry.position)
            if summary.lies.began_at <= at <= until:
                steps.append((at, ClockSet(at=entry.recorded_at, by=event.by)))
        elif isinstance(event, ContactRequested) and event.stay == summary.stay:
            called.append((line.move(event.at, entry.position), event))
    return steps, called
