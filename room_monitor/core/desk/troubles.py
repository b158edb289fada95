"""What is wrong with the monitor itself, as an alert like any other."""

from dataclasses import replace
from datetime import datetime

from room_monitor.core import alert as alerts
from room_monitor.core.alert import ACKNOWLEDGED_FOR, AlertState, alert_id
from room_monitor.core.desk.record import Claim, Desk
from room_monitor.core.events import (
    AlertAcknowledged,
    AlertReturnedToNormal,
    AlertShelved,
    AlertUnshelved,
    Event,
    Trouble,
    TroubleFound,
)
from room_monitor.core.requirements import Priority

Told = AlertAcknowledged | AlertShelved | AlertUnshelved
"""What a person can tell of a trouble."""


def trouble_found(  # noqa: PLR0917 - an alert of a room has more, from its question
    desk: Desk,
    trouble: Trouble,
    subject: str,
    detail: str,
    priority: Priority,
    now: datetime,
) -> list[Event]:
    """The alert of a trouble; nothing if it is known already.

    Args:
        desk: What is known.
        trouble: What is wrong.
        subject: What it is about; empty for the only one of its kind.
        detail: For whoever mends it; no secrets, no personal data.
        priority: How urgently it claims a person.
        now: Aware UTC; when it began.
    """
    if _claims(desk, trouble, subject):
        return []
    return [
        TroubleFound(
            alert=alert_id(f"{trouble}/{subject}#{desk.numbered + 1}"),
            trouble=trouble,
            subject=subject,
            detail=detail,
            priority=priority,
            began_at=now,
        )
    ]


def trouble_over(
    desk: Desk, trouble: Trouble, subject: str, now: datetime
) -> list[Event]:
    """What the end of a trouble says of its alert; nothing if there is none."""
    return [
        AlertReturnedToNormal(alert=claim.alert.id, at=now)
        for claim in _claims(desk, trouble, subject)
    ]


def tell(desk: Desk, told: Told, now: datetime) -> list[Event] | str:
    """What a person tells of a trouble, as it will stand in the log; or why it cannot."""
    claim = desk.claims.get(told.alert)
    if claim is None or claim.alert.trouble is None:
        return f"there is no alert {told.alert} that needs anybody"
    if isinstance(told, AlertAcknowledged):
        told = _dated(told, claim, now)
    refused = alerts.refusal(claim.alert, told)
    return [told] if refused is None else refused


def _dated(told: AlertAcknowledged, claim: Claim, now: datetime) -> AlertAcknowledged:
    at = told.at or now
    if claim.alert.state is AlertState.RETURNED:
        return replace(told, at=at, expires_at=None)
    return replace(told, at=at, expires_at=told.expires_at or at + ACKNOWLEDGED_FOR)


def _claims(desk: Desk, trouble: Trouble, subject: str) -> list[Claim]:
    """The claim of a trouble that is not over; at most one."""
    return [
        claim
        for claim in desk.claims.values()
        if claim.alert.trouble is trouble
        and claim.alert.subject == subject
        and claim.open
    ]
