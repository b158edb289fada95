"""Notifications as they are queued, for tests of what sends them."""

import json

from room_monitor.core.ids import AlertId, RoomId
from room_monitor.store import Notification
from tests.support.rooms import NOON

TOLD = {
    "alert": "alert-1",
    "room": "calm-1",
    "room_name": "Rustruimte 1 – «Zee»",
    "kind": "page",
    "priority": "urgent",
    "requirement": "check-every-quarter",
    "what": "Er is langer dan een kwartier niet gekeken: één minuut te laat.",
    "since": "2026-11-22T12:15:00+00:00",
    "due_at": None,
    "drill": False,
    "step": 1,
    "round": 1,
    "link": "https://monitor.example/rooms/calm-1",
}


def note(transport: str = "phone", number: int = 1, **told: object) -> Notification:
    """A page, other than ``TOLD`` where ``told`` says so."""
    return Notification(
        id=f"alert-1/page/{number}/{transport}",
        alert=AlertId("alert-1"),
        room=RoomId("calm-1"),
        transport=transport,
        body=json.dumps({**TOLD, **told}, ensure_ascii=False, sort_keys=True),
        queued_at=NOON,
        due_at=NOON,
    )
