"""What an alert says to the outside: the room and what is the matter, nobody's name."""

import json
from collections.abc import Sequence
from datetime import datetime

from room_monitor.core.events import (
    AlertAcknowledged,
    AlertEvent,
    AlertRaised,
    AlertReturnedToNormal,
)
from room_monitor.core.ids import RoomId
from room_monitor.store import Notification


def announce(
    transports: Sequence[str], room: RoomId, event: AlertEvent, now: datetime
) -> list[Notification]:
    """One notification per transport for a change in an alert.

    Args:
        transports: The names of the transports that must tell it.
        room: Where.
        event: What changed.
        now: When it is queued, aware UTC.
    """
    what = type(event).__name__
    body = {"alert": event.alert, "room": room, **_told(event)}
    text = json.dumps(body, ensure_ascii=False, sort_keys=True)
    return [
        Notification(
            id=f"{event.alert}/{what}/{name}/{now.isoformat()}",
            alert=event.alert,
            room=room,
            transport=name,
            body=text,
            queued_at=now,
            due_at=now,
        )
        for name in transports
    ]


def _told(event: AlertEvent) -> dict[str, str | None]:
    match event:
        case AlertRaised():
            return {
                "state": "raised",
                "requirement": event.requirement,
                "obligation": event.obligation,
                "priority": event.priority,
                "reason": event.reason,
                "began_at": event.began_at.isoformat(),
            }
        case AlertAcknowledged():
            return {"state": "acknowledged", "role": event.role}
        case AlertReturnedToNormal():
            return {"state": "returned_to_normal", "at": event.at.isoformat()}
