"""The life of an alert: a claim on a person, in the states of ISA-18.2.

    Raised --acknowledged--> Acknowledged --over--> closed
     | ^ ^                        |
     | | +----its time is over----+
     | |
     | +--its time is over, or taken back-- Shelved --over--> closed
     |                                         ^
     +--put aside------------------------------+
     |
     +--over--> Returned unacknowledged --acknowledged--> closed

Behind an alert is a breach, a trouble of the monitor itself, or a drill. Acknowledging
never ends what is behind it, and lasts only for a while. An alert that is over before
anybody looked stays on the list until somebody has. One that is insistent (a missed
check, a call for contact, a suspected enclosure) cannot be put aside.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import blake2s
from typing import assert_never

from room_monitor.core.evaluation import Reason
from room_monitor.core.events import (
    AcknowledgementExpired,
    AlertAcknowledged,
    AlertEvent,
    AlertRaised,
    AlertReturnedToNormal,
    AlertShelved,
    AlertUnshelved,
    BreachClosed,
    BreachOpened,
    BreachRevised,
    DrillBegan,
    Trouble,
    TroubleFound,
)
from room_monitor.core.ids import (
    AlertId,
    BreachId,
    ObligationId,
    RequirementId,
    StayId,
)
from room_monitor.core.obligations import Question
from room_monitor.core.requirements import CheckedEvery, Priority
from room_monitor.core.site import Device

ACKNOWLEDGED_FOR = timedelta(minutes=15)
"""How long an acknowledgement lasts where nothing else is said."""

SHELVED_AT_MOST = timedelta(days=7)
"""How long an alert may be put aside: until a spare part has come, not for good."""


class AlertState(StrEnum):
    """Where an alert stands; a closed one is no longer kept."""

    RAISED = "raised"
    ACKNOWLEDGED = "acknowledged"
    RETURNED = "returned_unacknowledged"
    SHELVED = "shelved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """An alert that still needs somebody.

    Attributes:
        breach: The breach behind it, as are the fields up to ``stay``; all ``None`` for a
            trouble of the monitor and for a drill.
        group: As for ``AlertRaised``, like the two that follow.
        trouble: What is wrong with the monitor itself.
        subject: What the trouble is about.
        drill: It is only a drill.
        until: When an acknowledgement, a shelving or a drill is over by itself.
        raised_again: How often it was, after an acknowledgement or a shelving.
    """

    id: AlertId
    priority: Priority
    began_at: datetime
    breach: BreachId | None = None
    obligation: ObligationId | None = None
    requirement: RequirementId | None = None
    reason: Reason | None = None
    stay: StayId | None = None
    group: str = ""
    insistent: bool = False
    inhibited_by: tuple[RequirementId, ...] = ()
    trouble: Trouble | None = None
    subject: str = ""
    drill: bool = False
    state: AlertState = AlertState.RAISED
    until: datetime | None = None
    raised_again: int = 0


def alert_id(what: str) -> AlertId:
    """A short name a person can type, always the same for the same breach or trouble."""
    return AlertId("a" + blake2s(what.encode(), digest_size=4).hexdigest())


def raise_for(opened: BreachOpened, asked: Question) -> AlertRaised | None:
    """The alert that a breach raises, if it raises one."""
    if opened.priority is Priority.NONE:
        return None
    ask, device = asked.obligation.ask, asked.obligation.device
    return AlertRaised(
        alert=alert_id(opened.breach),
        breach=opened.breach,
        obligation=opened.obligation,
        requirement=opened.source.requirement,
        priority=opened.priority,
        reason=opened.reason,
        began_at=opened.began_at,
        stay=opened.stay,
        group=_group(opened, device),
        insistent=ask.insistent,
        inhibited_by=tuple(sorted(ask.inhibited_by)),
    )


def _group(opened: BreachOpened, device: Device | None) -> str:
    """What has one cause, so that one page is enough.

    Devices that fall silent behind one gateway, and one device in several roles; and all
    that was not recorded of one stay.
    """
    if opened.reason is Reason.NOT_RECORDED and opened.stay is not None:
        return f"registration/{opened.stay}"
    if opened.reason is not Reason.SILENT or device is None:
        return ""
    return f"gateway/{device.gateway}" if device.gateway else f"device/{device.id}"


def return_for(closed: BreachClosed | BreachRevised) -> AlertReturnedToNormal:
    """What the end of a breach says of its alert, if there is one."""
    at = closed.ended_at or closed.began_at
    return AlertReturnedToNormal(alert=alert_id(closed.breach), at=at)


def acknowledged_for(asked: Question | None) -> timedelta:
    """How long an acknowledgement lasts: of a missed check one interval."""
    if asked is None:
        return ACKNOWLEDGED_FOR
    ask = asked.obligation.ask
    if ask.acknowledged_for is not None:
        return ask.acknowledged_for
    if isinstance(ask.demand, CheckedEvery):
        return min(ask.demand.at_most, ACKNOWLEDGED_FOR)
    return ACKNOWLEDGED_FOR


def refusal(
    alert: Alert, told: AlertAcknowledged | AlertShelved | AlertUnshelved
) -> str | None:
    """Why a person cannot do this with an alert; ``None`` if they can."""
    match told:
        case AlertAcknowledged() if alert.state is AlertState.SHELVED:
            return f"alert {alert.id} is put aside; take it back first"
        case AlertAcknowledged() if (
            alert.insistent and alert.state is AlertState.ACKNOWLEDGED
        ):
            return (
                f"alert {alert.id} is taken on already; it comes back if what it is "
                "about is not over by then"
            )
        case AlertShelved() if alert.insistent:
            return (
                f"alert {alert.id} cannot be put aside: a missed check, a call for "
                "contact or a suspected enclosure needs somebody now"
            )
        case AlertShelved() if alert.drill:
            return f"alert {alert.id} is a drill; acknowledge it"
        case AlertShelved() if alert.state is AlertState.RETURNED:
            return f"alert {alert.id} is over; acknowledge it"
        case AlertShelved() if told.until <= told.at:
            return "the end of putting it aside lies in the past"
        case AlertShelved() if told.until - told.at > SHELVED_AT_MOST:
            return f"an alert is put aside for at most {SHELVED_AT_MOST.days} days"
        case AlertUnshelved() if alert.state is not AlertState.SHELVED:
            return f"alert {alert.id} is not put aside"
        case _:
            return None


def time_out(alert: Alert, now: datetime) -> AlertEvent | None:
    """What the passing of time alone does to an alert by ``now``."""
    if alert.until is None or now < alert.until:
        return None
    if alert.drill:
        return AlertReturnedToNormal(alert=alert.id, at=alert.until)
    match alert.state:
        case AlertState.ACKNOWLEDGED:
            return AcknowledgementExpired(alert=alert.id, at=alert.until)
        case AlertState.SHELVED:
            return AlertUnshelved(alert=alert.id, at=alert.until)
        case _:
            return None


def evolve(alert: Alert | None, event: AlertEvent) -> Alert | None:
    """Say how the alert stands after ``event``; ``None`` once it is closed."""
    match event:
        case AlertRaised() | TroubleFound() | DrillBegan():
            return _begun(event)
        case _ if alert is None:
            return None
        case AlertAcknowledged():
            if alert.state is AlertState.RETURNED or alert.drill:
                return None
            return replace(alert, state=AlertState.ACKNOWLEDGED, until=event.expires_at)
        case AlertShelved():
            return replace(alert, state=AlertState.SHELVED, until=event.until)
        case AcknowledgementExpired() | AlertUnshelved():
            return replace(
                alert,
                state=AlertState.RAISED,
                until=None,
                raised_again=alert.raised_again + 1,
            )
        case AlertReturnedToNormal():
            if alert.state is AlertState.RETURNED:
                return alert
            if alert.state is not AlertState.RAISED or alert.drill:
                return None
            return replace(alert, state=AlertState.RETURNED, until=None)
        case _:
            assert_never(event)


def _begun(event: AlertRaised | TroubleFound | DrillBegan) -> Alert:
    match event:
        case AlertRaised():
            return Alert(
                id=event.alert,
                priority=event.priority,
                began_at=event.began_at,
                breach=event.breach,
                obligation=event.obligation,
                requirement=event.requirement,
                reason=event.reason,
                stay=event.stay,
                group=event.group,
                insistent=event.insistent,
                inhibited_by=event.inhibited_by,
            )
        case TroubleFound():
            return Alert(
                id=event.alert,
                priority=event.priority,
                began_at=event.began_at,
                trouble=event.trouble,
                subject=event.subject,
            )
        case DrillBegan():
            return Alert(
                id=event.alert,
                priority=event.priority,
                began_at=event.began_at,
                drill=True,
                until=event.ends_at,
            )


def shift(alert: Alert, by: timedelta) -> Alert:
    """Move what is running after a step of the wall clock."""
    return replace(
        alert,
        began_at=alert.began_at + by,
        until=None if alert.until is None else alert.until + by,
    )
