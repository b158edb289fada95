"""The life of an alert: a claim on a person because of a breach.

    Raised --acknowledged--> Acknowledged --breach over--> closed
       |
       +----breach over----> Returned unacknowledged --acknowledged--> closed

Acknowledging never closes the breach. An alert whose breach is over before anybody looked
stays on the list until somebody has (ISA-18.2: returned to normal, unacknowledged).
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from hashlib import blake2s
from typing import assert_never

from room_monitor.core.evaluation import Reason
from room_monitor.core.events import (
    AlertAcknowledged,
    AlertEvent,
    AlertRaised,
    AlertReturnedToNormal,
    BreachClosed,
    BreachOpened,
)
from room_monitor.core.ids import AlertId, BreachId, ObligationId, RequirementId
from room_monitor.core.requirements import Priority


class AlertState(StrEnum):
    """Where an alert stands; a closed one is no longer kept."""

    RAISED = "raised"
    ACKNOWLEDGED = "acknowledged"
    RETURNED = "returned_unacknowledged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """An alert that still needs somebody."""

    id: AlertId
    breach: BreachId
    obligation: ObligationId
    requirement: RequirementId
    priority: Priority
    reason: Reason
    began_at: datetime
    state: AlertState = AlertState.RAISED


def alert_id(breach: BreachId) -> AlertId:
    """A short name a person can type, always the same for the same breach."""
    return AlertId("a" + blake2s(breach.encode(), digest_size=4).hexdigest())


def follow(event: BreachOpened | BreachClosed) -> AlertEvent | None:
    """Say what a breach asks of people: the alert it raises, or the one that is over.

    The alert of a breach that never raised one is no alert: the caller drops a return to
    normal of an alert it does not know.
    """
    match event:
        case BreachOpened(priority=Priority.NONE):
            return None
        case BreachOpened():
            return AlertRaised(
                alert=alert_id(event.breach),
                breach=event.breach,
                obligation=event.obligation,
                requirement=event.source.requirement,
                priority=event.priority,
                reason=event.reason,
                began_at=event.began_at,
                stay=event.stay,
            )
        case BreachClosed():
            return AlertReturnedToNormal(
                alert=alert_id(event.breach), at=event.ended_at
            )
        case _:
            assert_never(event)


def evolve(alert: Alert | None, event: AlertEvent) -> Alert | None:
    """Say how the alert stands after ``event``; ``None`` once it is closed."""
    match event:
        case AlertRaised():
            return Alert(
                id=event.alert,
                breach=event.breach,
                obligation=event.obligation,
                requirement=event.requirement,
                priority=event.priority,
                reason=event.reason,
                began_at=event.began_at,
            )
        case AlertAcknowledged():
            if alert is None or alert.state is AlertState.RETURNED:
                return None
            return replace(alert, state=AlertState.ACKNOWLEDGED)
        case AlertReturnedToNormal():
            if alert is None or alert.state is AlertState.ACKNOWLEDGED:
                return None
            return replace(alert, state=AlertState.RETURNED)
        case _:
            assert_never(event)
