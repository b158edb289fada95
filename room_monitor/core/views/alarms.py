"""What needs somebody now, who was told of it, and what became of it?"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, get_args

from room_monitor.core import alert as alerts
from room_monitor.core.alert import Alert, AlertState
from room_monitor.core.desk import Desk
from room_monitor.core.events import (
    AlertAcknowledged,
    AlertEvent,
    AlertHeld,
    AlertRaised,
    AlertReleased,
    AlertShelved,
    DrillBegan,
    Entry,
    Holding,
    Message,
    Paged,
    PageFailed,
    PageSent,
    TroubleFound,
)
from room_monitor.core.ids import (
    AlertId,
    ChannelId,
    LadderId,
    PageId,
    PersonId,
    RoomId,
)
from room_monitor.core.views.status import URGENCY

_Page = Paged | PageSent | PageFailed
_Held = AlertHeld | AlertReleased
_Begun = AlertRaised | DrillBegan | TroubleFound

ALARM_EVENTS: Final = frozenset(
    kind.__name__ for kind in get_args(AlertEvent | _Page | _Held)
)
"""The names of the events that say what became of alerts."""

_STANDING = {
    AlertState.RAISED: 0,
    AlertState.RETURNED: 1,
    AlertState.ACKNOWLEDGED: 2,
    AlertState.SHELVED: 3,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A person, or a channel by itself, was told of an alert.

    Attributes:
        person: A pseudonym; ``None`` for a bare channel.
        step: Of the ladder; 0 for the fallback.
        at: When it was queued.
        sent_at: When the other side took it over; ``None`` while it is on its way.
        failed_at: When it was given up.
        error: What the last attempt said.
    """

    page: PageId
    person: PersonId | None
    channel: ChannelId
    round: int
    step: int
    at: datetime
    sent_at: datetime | None = None
    failed_at: datetime | None = None
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """An alert with what became of it.

    Attributes:
        alert: How it stands; if it is closed, how it stood last.
        room: Where; ``None`` for a trouble of the monitor itself.
        detail: Of a trouble, for whoever mends it.
        raised_at: When that was recorded; ``None`` if no monitor has recorded it yet.
        ladder: By which it climbs.
        round: 1 for the first time through the ladder; 0 if nobody was told.
        step: The highest step reached in that round.
        calls: Everybody who was told that somebody must look, in order.
        taken: How somebody took it on or put it aside last.
        taken_at: When that was recorded.
        held: The alert that tells of the same; this one tells nobody.
        holding: Why it is held.
        closed_at: When it needed nobody any more.
    """

    alert: Alert
    room: RoomId | None
    detail: str = ""
    raised_at: datetime | None = None
    ladder: LadderId | None = None
    round: int = 0
    step: int = 0
    calls: tuple[Call, ...] = ()
    taken: AlertAcknowledged | AlertShelved | None = None
    taken_at: datetime | None = None
    held: AlertId | None = None
    holding: Holding | None = None
    closed_at: datetime | None = None

    @property
    def calls_now(self) -> tuple[Call, ...]:
        """Those of the present round."""
        return tuple(call for call in self.calls if call.round == self.round)


def alarms_now(
    entries: Iterable[Entry],
    desk: Desk,
    rooms: Mapping[RoomId, Mapping[AlertId, Alert]],
) -> list[Alarm]:
    """What needs somebody, the most urgent first; what was put aside comes last.

    Args:
        entries: What the log says of alerts (``ALARM_EVENTS``).
        desk: Who was told of what.
        rooms: The alerts of each room as they stand.
    """
    known = fold_alarms(entries)
    standing: list[tuple[RoomId | None, Alert]] = [
        (room, alert) for room, those in rooms.items() for alert in those.values()
    ]
    standing += [(None, alert) for alert in desk.troubles.values()]
    found = [_as_it_stands(room, alert, known, desk) for room, alert in standing]
    return sorted(found, key=_urgent_first)


def closed_alarms(entries: Iterable[Entry], since: datetime) -> list[Alarm]:
    """Those that are over and seen since an instant (aware UTC), the last one first."""
    closed = [
        (alarm.closed_at, alarm)
        for alarm in fold_alarms(entries).values()
        if alarm.closed_at is not None and alarm.closed_at >= since
    ]
    return [alarm for _, alarm in sorted(closed, key=lambda c: c[0], reverse=True)]


def together(found: Sequence[Alarm]) -> list[tuple[Alarm, list[Alarm]]]:
    """Each alarm with those that are held under it, in the same order."""
    heads = {alarm.alert.id for alarm in found if alarm.held is None}
    return [
        (alarm, [other for other in found if other.held == alarm.alert.id])
        for alarm in found
        if alarm.held not in heads
    ]


def fold_alarms(entries: Iterable[Entry]) -> dict[AlertId, Alarm]:
    """What became of each alert, also of those that are closed."""
    found: dict[AlertId, Alarm] = {}
    paged: dict[PageId, AlertId] = {}
    for entry in entries:
        event = entry.event
        match event:
            case AlertRaised() | DrillBegan() | TroubleFound():
                found[event.alert] = _begun(entry, event)
            case Paged(alert=alert, message=Message.ALERT) if alert in found:
                paged[event.page] = alert
                found[alert] = _called(found[alert], event)
            case PageSent() | PageFailed() if event.page in paged:
                alert = paged[event.page]
                found[alert] = _delivered(found[alert], event)
            case AlertHeld() | AlertReleased() if event.alert in found:
                held = event if isinstance(event, AlertHeld) else None
                found[event.alert] = replace(
                    found[event.alert],
                    held=held.under if held else None,
                    holding=held.holding if held else None,
                )
            case Paged() | PageSent() | PageFailed() | AlertHeld() | AlertReleased():
                pass
            case _ if isinstance(event, AlertEvent) and event.alert in found:
                found[event.alert] = _changed(found[event.alert], entry, event)
            case _:
                pass
    return found


def _as_it_stands(
    room: RoomId | None, alert: Alert, known: Mapping[AlertId, Alarm], desk: Desk
) -> Alarm:
    alarm = known.get(alert.id)
    if alarm is None or alarm.closed_at is not None:
        return Alarm(alert=alert, room=room)
    alarm = replace(alarm, alert=alert)
    claim = desk.claims.get(alert.id)
    if claim is not None and not claim.closed:
        round_ = claim.round if claim.told_round else 0
        return replace(alarm, round=round_, step=claim.step, held=claim.held)
    return replace(alarm, held=None, holding=None)


def _urgent_first(alarm: Alarm) -> tuple[bool, int, int, datetime, str]:
    alert = alarm.alert
    return (
        alert.state is AlertState.SHELVED,
        URGENCY[alert.priority],
        _STANDING[alert.state],
        alert.began_at,
        alert.id,
    )


def _begun(entry: Entry, event: _Begun) -> Alarm:
    alert = alerts.evolve(None, event)
    assert alert is not None
    return Alarm(
        alert=alert,
        room=entry.room,
        detail=event.detail if isinstance(event, TroubleFound) else "",
        raised_at=entry.recorded_at,
    )


def _called(alarm: Alarm, page: Paged) -> Alarm:
    call = Call(
        page=page.page,
        person=page.person,
        channel=page.channel,
        round=page.round,
        step=page.step,
        at=page.at,
    )
    step = max(page.step, alarm.step) if page.round == alarm.round else page.step
    return replace(
        alarm,
        ladder=page.ladder or alarm.ladder,
        round=page.round,
        step=step,
        calls=(*alarm.calls, call),
    )


def _delivered(alarm: Alarm, event: PageSent | PageFailed) -> Alarm:
    def after(call: Call) -> Call:
        if call.page != event.page:
            return call
        if isinstance(event, PageSent):
            return replace(call, sent_at=event.at)
        return replace(call, failed_at=event.at, error=event.error)

    return replace(alarm, calls=tuple(map(after, alarm.calls)))


def _changed(alarm: Alarm, entry: Entry, event: AlertEvent) -> Alarm:
    if alarm.closed_at is not None:
        return alarm
    if isinstance(event, AlertAcknowledged | AlertShelved):
        alarm = replace(alarm, taken=event, taken_at=entry.recorded_at)
    alert = alerts.evolve(alarm.alert, event)
    if alert is None:
        return replace(alarm, closed_at=entry.recorded_at)
    return replace(alarm, alert=alert)
