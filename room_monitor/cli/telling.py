"""An event in one sentence, for people. English, as the log is."""

from collections.abc import Callable, Mapping
from datetime import datetime, tzinfo

from room_monitor.cli.instants import local, span
from room_monitor.cli.options import Language
from room_monitor.cli.wording import PRIORITIES, REASONS, STAY_KINDS
from room_monitor.core.evaluation import Verdict
from room_monitor.core.events import (
    AlertAcknowledged,
    AlertRaised,
    AlertReturnedToNormal,
    Blindness,
    BreachClosed,
    BreachOpened,
    BrokerLost,
    CheckRecorded,
    ClockStepped,
    Closing,
    ConfigurationChanged,
    ContactRequested,
    DoorMoved,
    EvaluationFailed,
    Event,
    Evidence,
    FactRecorded,
    GapFound,
    LateViolationFound,
    MonitorStarted,
    MonitorStopped,
    ObligationLapsed,
    SequenceGapFound,
    StayBegan,
    StayEnded,
    VerdictChanged,
)
from room_monitor.core.ids import ObligationId

_EN = Language.EN
_VERDICTS: Mapping[Verdict, str] = {
    Verdict.MET: "met",
    Verdict.VIOLATED: "not met",
    Verdict.UNKNOWN: "not shown",
}
_CLOSINGS: Mapping[Closing, str] = {
    Closing.MET: "it is met again",
    Closing.LAPSED: "it is no longer asked",
    Closing.WITHDRAWN: "it never was one",
}
_CAUSES: Mapping[Blindness, str] = {
    Blindness.NOT_RUNNING: "the monitor had been stopped",
    Blindness.KILLED: "the monitor had been killed",
    Blindness.BROKER_AWAY: "the broker was away",
    Blindness.STORE_AWAY: "the store was away",
    Blindness.STOOD_STILL: "the monitor stood still",
}

NameOf = Callable[[str], str | None]
Write = Callable[[datetime], str]


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

    def write(at: datetime) -> str:
        return local(at, zone, now)

    match event:
        case MonitorStarted(version=version):
            return f"the monitor started, version {version}"
        case MonitorStopped():
            return "the monitor stopped"
        case GapFound():
            lasted = span(event.ended_at - event.began_at)
            since = write(event.began_at)
            return f"blind for {lasted} since {since}: {_CAUSES[event.cause]}"
        case BrokerLost():
            return "the broker is away: nothing is heard"
        case ClockStepped(by=by):
            way = "back" if by.total_seconds() < 0 else "forward"
            return f"the wall clock was set {way} by {span(by)}"
        case ConfigurationChanged(changes=changes):
            return "the configuration changed: " + "; ".join(changes)
        case VerdictChanged() | BreachOpened() | BreachClosed() | ObligationLapsed():
            return _judged(event, write)
        case LateViolationFound():
            at = write(event.at)
            return (
                f"{_what(event.obligation)}: a late reading shows that it was not met "
                f"at {at}, {REASONS[event.reason].en}{_value(event.evidence)}"
            )
        case EvaluationFailed(obligation=obligation, error=error):
            return f"{_what(obligation)} could not be judged: {error}"
        case DoorMoved(device=device, state=state):
            return f"{device}: {state}"
        case ContactRequested(device=device):
            return f"{device}: the young person called"
        case SequenceGapFound(device=device, after=after, before=before):
            return f"{device}: {before - after - 1} message(s) were lost on the way"
        case StayBegan() | StayEnded() | CheckRecorded() | FactRecorded():
            return _acted(event, write, name_of)
        case AlertRaised():
            return (
                f"ALERT {event.alert} {PRIORITIES[event.priority].en}: "
                f"{event.requirement}, {REASONS[event.reason].en}, "
                f"since {write(event.began_at)}"
            )
        case AlertAcknowledged(alert=alert):
            return f"alert {alert} was taken on{_who(event, name_of)}"
        case AlertReturnedToNormal(alert=alert):
            return f"alert {alert} is over"


def _judged(
    event: VerdictChanged | BreachOpened | BreachClosed | ObligationLapsed, write: Write
) -> str:
    what = _what(event.obligation)
    match event:
        case VerdictChanged(verdict=verdict, reason=reason):
            why = REASONS[reason].en
            return f"{what}: {_VERDICTS[verdict]}, {why}{_value(event.evidence)}"
        case BreachOpened(reason=reason, began_at=began_at):
            since = write(began_at)
            why = REASONS[reason].en
            return f"BREACH of {what}: {why}{_value(event.evidence)}, since {since}"
        case BreachClosed():
            lasted = span(event.ended_at - event.began_at)
            return (
                f"breach of {what} is over after {lasted}: {_CLOSINGS[event.closing]}"
            )
        case ObligationLapsed():
            return f"{what} is no longer asked"


def _acted(
    event: StayBegan | StayEnded | CheckRecorded | FactRecorded,
    write: Write,
    name_of: NameOf,
) -> str:
    who = _who(event, name_of)
    at: datetime | None = event.happened_at
    when = write(at) if at is not None else "nobody knows when"
    match event:
        case StayBegan(stay=stay, kind=kind, key=key):
            return f"stay {stay} of {key} began {when}: {STAY_KINDS[kind].en}{who}"
        case StayEnded(stay=stay):
            return f"stay {stay} ended {when}{who}"
        case CheckRecorded(stay=stay):
            said = [
                f"contact {'' if answer else 'not '}{word}"
                for word, answer in (
                    ("wished", event.contact_wished),
                    ("given", event.contact_given),
                )
                if answer is not None
            ]
            told = "".join(f", {each}" for each in said)
            return f"check in stay {stay} {when}{told}{who}"
        case FactRecorded(fact=fact, outcome=outcome, stay=stay):
            of = f" of stay {stay}" if stay else ""
            return f"{fact}{of}: {'yes' if outcome else 'no'}, {when}{who}"


def _who(
    event: StayBegan | StayEnded | CheckRecorded | FactRecorded | AlertAcknowledged,
    name_of: NameOf,
) -> str:
    """In which role, and by name and in words as far as these were not erased."""
    name = name_of(event.person) if event.person else None
    remark = name_of(event.remark) if event.remark else None
    who = f", by {name} ({event.role})" if name else f", by {event.role}"
    return who + (f": {remark}" if remark else "")


def _what(obligation: ObligationId) -> str:
    """``requirement (ask, device)``, without the room, which stands beside it."""
    asked, _, stay = obligation.partition("@")
    _, _, rest = asked.partition("/")
    requirement, *ask = (rest or asked).split("/")
    within = ", ".join([*ask, *([f"stay {stay}"] if stay else [])])
    return f"{requirement} ({within})"


def _value(evidence: Evidence | None) -> str:
    if evidence is None:
        return ""
    return f" ({evidence.quantity.describe(round(evidence.value, 1))})"
