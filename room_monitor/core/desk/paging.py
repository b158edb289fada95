"""Who must be told by now?"""

from datetime import datetime

from room_monitor.core.desk.record import Desk
from room_monitor.core.events import Event
from room_monitor.core.ids import RoomId
from room_monitor.core.rota import Rota

Said = list[tuple[RoomId | None, Event]]
"""Events, each with where it belongs."""


def advance(
    desk: Desk,
    rota: Rota,  # noqa: ARG001 - to come
    now: datetime,  # noqa: ARG001 - to come
) -> tuple[Desk, Said]:
    """Say who must be told by ``now`` (aware UTC), and that it was said.

    Advancing twice at the same instant says nothing the second time.
    """
    return desk, []


def next_deadline(
    desk: Desk,  # noqa: ARG001 - to come
    rota: Rota,  # noqa: ARG001 - to come
    now: datetime,  # noqa: ARG001 - to come
) -> datetime | None:
    """When time alone may next make somebody be told (aware UTC); ``None`` for never."""
    return None
