"""What becomes of one claim?"""

from dataclasses import replace
from datetime import datetime, timedelta

from room_monitor.core import alert as alerts
from room_monitor.core.alert import Alert, AlertState
from room_monitor.core.desk.record import Claim, Told
from room_monitor.core.events import (
    AcknowledgementExpired,
    AlertAcknowledged,
    AlertReturnedToNormal,
    AlertShelved,
    AlertUnshelved,
    Message,
    Paged,
)
from room_monitor.core.rota import Target

Changed = (
    AlertAcknowledged
    | AcknowledgementExpired
    | AlertShelved
    | AlertUnshelved
    | AlertReturnedToNormal
)


def changed(claim: Claim, event: Changed, at: datetime) -> Claim | None:
    """A claim after what was recorded of its alert; ``None`` if it can be forgotten."""
    alert = alerts.evolve(claim.alert, event)
    if alert is None or alert.state is AlertState.RETURNED:
        return _ended(claim, alert)
    match event:
        case AlertAcknowledged():
            owes = claim.alert.state is AlertState.RAISED and bool(claim.told_now)
            owed = Message.TAKEN_ON if owes else claim.owed
            return replace(claim, alert=alert, owed=owed)
        case AcknowledgementExpired() | AlertUnshelved():
            return replace(
                claim,
                alert=alert,
                since=at,
                round=claim.round + 1,
                repeated=False,
                step=0,
                step_at=None,
                fallback_at=None,
                owed=None,
            )
        case _:
            return replace(claim, alert=alert)


def _ended(claim: Claim, alert: Alert | None) -> Claim | None:
    """It is over, or closed: whoever was told of it is told that, once.

    A trouble that nobody has looked at stays; of a room's alert its room knows that.
    """
    owed = Message.OVER if claim.open and claim.told else None
    if claim.owed is Message.OVER:
        owed = Message.OVER
    stays = alert is not None and alert.trouble is not None
    if owed is None and not stays:
        return None
    closed = replace(claim.alert, state=AlertState.RETURNED, until=None)
    return replace(claim, alert=closed, held=None, owed=owed, closed=not stays)


def told(claim: Claim, page: Paged, at: datetime) -> Claim:
    """A claim after one page of it; the first of a new round begins that round."""
    if page.round > claim.round:
        claim = replace(
            claim, round=page.round, since=at, repeated=True, step=0, step_at=None
        )
    pages = dict(claim.told_now)
    target = Target(person=page.person, channel=page.channel)
    pages[page.page] = Told(target, page.step)
    ever = tuple(dict.fromkeys((*claim.ever, target)))
    claim = replace(claim, told=pages, told_round=claim.round, ever=ever)
    if page.ladder is not None:
        since = claim.unheard_since or at
        claim = replace(claim, ladder=page.ladder, unheard_since=since)
    if page.step == 0:
        return replace(claim, fallback_at=at, fallbacks=claim.fallbacks + 1)
    if page.step > claim.step:
        return replace(claim, step=page.step, step_at=at)
    return claim


def shifted(claim: Claim, by: timedelta) -> Claim:
    """A claim after a step of the clock: what has elapsed stays true."""

    def moved(at: datetime | None) -> datetime | None:
        return None if at is None else at + by

    return replace(
        claim,
        alert=alerts.shift(claim.alert, by),
        since=claim.since + by,
        step_at=moved(claim.step_at),
        unheard_since=moved(claim.unheard_since),
        fallback_at=moved(claim.fallback_at),
    )
