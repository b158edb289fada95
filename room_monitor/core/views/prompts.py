"""Of which limits was somebody reminded that still run?

A reminder is known once it was given, never before: checks must not become predictable.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from room_monitor.core.events import Entry, Prompted
from room_monitor.core.ids import RoomId
from room_monitor.core.state import RoomState
from room_monitor.core.views.owed import owed


def running_prompts(
    entries: Iterable[Entry], rooms: Mapping[RoomId, RoomState], at: datetime
) -> list[tuple[RoomId, Prompted]]:
    """Reminders of limits that are not reached and not met yet, the nearest first.

    Args:
        entries: Reminders in the log, oldest first.
        rooms: The rooms as they stand.
        at: Aware UTC; now.
    """
    given = {
        entry.event.obligation: entry.event
        for entry in entries
        if isinstance(entry.event, Prompted)
    }
    running = [
        (room, prompted)
        for room, state in rooms.items()
        for stay in state.stays
        for each in owed(state, stay, at)
        if (prompted := given.get(each.asked.key)) is not None
        and prompted.due_at == each.finding.due_at
        and prompted.due_at > at
    ]
    return sorted(running, key=lambda each: each[1].due_at)
