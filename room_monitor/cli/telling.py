"""An event in one sentence, for people. English, as the log is."""

from collections.abc import Mapping
from datetime import datetime, tzinfo

from room_monitor.cli.instants import span
from room_monitor.cli.saying import NameOf, Voice, value, what
from room_monitor.cli.telling_alerts import tell_of_alerts, tell_of_pages
from room_monitor.cli.telling_people import tell_of_people
from room_monitor.cli.wording import CLOSINGS, REASONS
from room_monitor.core.evaluation import Verdict
from room_monitor.core.events import (
    AlertEvent,
    Blindness,
    BreachClosed,
    BreachEvent,
    BreachOpened,
    BreachRevised,
    BrokerLost,
    ClockStepped,
    ConfigurationChanged,
    ContactRequested,
    DoorMoved,
    EvaluationFailed,
    Event,
    GapFound,
    LateViolationFound,
    MonitorEvent,
    MonitorStarted,
    MonitorStopped,
    ObligationLapsed,
    OccupancySuggested,
    PagingEvent,
    Prompted,
    SensedEvent,
    SequenceGapFound,
    StayEvent,
    TagPresented,
    VerdictChanged,
)

_VERDICTS: Mapping[Verdict, str] = {
    Verdict.MET: "met",
    Verdict.VIOLATED: "not met",
    Verdict.UNKNOWN: "not shown",
}
_CAUSES: Mapping[Blindness, str] = {
    Blindness.NOT_RUNNING: "the monitor had been stopped",
    Blindness.KILLED: "the monitor had been killed",
    Blindness.BROKER_AWAY: "the broker was away",
    Blindness.STORE_AWAY: "the store was away",
    Blindness.STOOD_STILL: "the monitor stood still",
}


def tell(
    event: Event,
    zone: tzinfo,
    name_of: NameOf = lambda _: None,
    *,
    now: datetime | None = None,
) -> str:
    """Say what happened.

    Args:
        event: What.
        zone: For the instants in it.
        name_of: The text behind a commitment, if it was not erased.
        now: Of instants on the same day only the time is told.
    """
    voice = Voice(zone, name_of, now)
    if isinstance(event, MonitorEvent):
        return _of_the_monitor(event, voice)
    if isinstance(event, BreachEvent):
        return _judged(event, voice)
    if isinstance(event, SensedEvent):
        return _sensed(event, voice)
    if isinstance(event, StayEvent):
        return tell_of_people(event, voice)
    if isinstance(event, AlertEvent):
        return tell_of_alerts(event, voice)
    paging: PagingEvent = event
    return tell_of_pages(paging, voice)


def _of_the_monitor(event: MonitorEvent, voice: Voice) -> str:
    match event:
        case MonitorStarted(version=version):
            return f"the monitor started, version {version}"
        case MonitorStopped():
            return "the monitor stopped"
        case GapFound():
            lasted = span(event.ended_at - event.began_at)
            since = voice.at(event.began_at)
            return f"blind for {lasted} since {since}: {_CAUSES[event.cause]}"
        case BrokerLost():
            return "the broker is away: nothing is heard"
        case ClockStepped(by=by):
            way = "back" if by.total_seconds() < 0 else "forward"
            return f"the wall clock was set {way} by {span(by)}"
        case ConfigurationChanged(changes=changes):
            return "the configuration changed: " + "; ".join(changes)


def _judged(event: BreachEvent, voice: Voice) -> str:
    about = what(event.obligation)
    match event:
        case VerdictChanged(verdict=verdict, reason=reason):
            why = REASONS[reason].en
            return f"{about}: {_VERDICTS[verdict]}, {why}{value(event.evidence)}"
        case BreachOpened(reason=reason, began_at=began_at):
            why, since = REASONS[reason].en, voice.at(began_at)
            return f"BREACH of {about}: {why}{value(event.evidence)}, since {since}"
        case BreachClosed(began_at=began_at, ended_at=ended_at):
            lasted = _lasted(began_at, ended_at)
            return f"breach of {about} is over{lasted}: {CLOSINGS[event.closing].en}"
        case BreachRevised():
            return f"breach of {about} {_revised(event, voice)}"
        case Prompted(due_at=due_at):
            return f"reminded: {about} is due by {voice.at(due_at)}"
        case ObligationLapsed():
            return f"{about} is no longer asked"
        case LateViolationFound():
            return (
                f"{about}: a late reading shows that it was not met "
                f"at {voice.at(event.at)}, {REASONS[event.reason].en}"
                f"{value(event.evidence)}"
            )
        case EvaluationFailed(error=error):
            return f"{about} could not be judged: {error}"


def _revised(event: BreachRevised, voice: Voice) -> str:
    since = voice.at(event.began_at)
    if event.closing is None:
        return f"is open again, since {since}: what was recorded later shows it"
    lasted = _lasted(event.began_at, event.ended_at)
    return (
        f"since {since} was revised, it is over{lasted}: {CLOSINGS[event.closing].en}"
    )


def _lasted(began_at: datetime, ended_at: datetime | None) -> str:
    if ended_at is None:
        return ", end unknown"
    return f" after {span(ended_at - began_at)}"


def _sensed(event: SensedEvent, voice: Voice) -> str:
    match event:
        case DoorMoved(device=device, state=state):
            return f"{device}: {state}"
        case ContactRequested(device=device):
            return f"{device}: the young person called"
        case TagPresented(device=device, tag=tag):
            whose = f" ({tag})" if tag else ""
            return f"{device}: a tag was presented{whose}; this is no check"
        case OccupancySuggested():
            return (
                f"CO₂ rose from {event.from_ppm:.0f} ppm{value(event.evidence)} behind a "
                f"door locked since {voice.at(event.locked_at)}, and no stay is "
                "registered: a hint, no proof"
            )
        case SequenceGapFound(device=device, after=after, before=before):
            return f"{device}: {before - after - 1} message(s) were lost on the way"
