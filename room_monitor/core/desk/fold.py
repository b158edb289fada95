"""What the log says, folded into what the desk knows."""

from datetime import datetime

from room_monitor.core.desk.record import Desk
from room_monitor.core.events import Event
from room_monitor.core.ids import RoomId


def evolve(
    desk: Desk,
    room: RoomId | None,  # noqa: ARG001 - to come
    event: Event,  # noqa: ARG001 - to come
    at: datetime,  # noqa: ARG001 - to come
) -> Desk:
    """Say what the desk knows after an event.

    Args:
        desk: What it knew.
        room: Where it happened, or ``None`` for the monitor itself.
        event: Any event of the log; one that does not matter changes nothing.
        at: Aware UTC; when it was recorded.
    """
    return desk
