"""What one reading costs in the core, with 1, 100 and 1,000 rooms."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from room_monitor.clock import ManualClock
from room_monitor.core.ids import RoomId
from room_monitor.core.monitor import judge_all, take
from room_monitor.core.obligations import plan
from room_monitor.core.readings import Reading
from room_monitor.core.state import RoomState
from room_monitor.draft import Draft
from room_monitor.settings import load
from sensors.quantity import Quantity
from tests.bench.running import median
from tests.bench.sites import write_site

READINGS = 20_000
START = datetime(2026, 11, 22, 12, tzinfo=UTC)


def run(folder: Path) -> Iterator[str]:
    """Time ``take`` alone, then a whole turn but for the commit."""
    one = None
    for rooms in (1, 100, 1000):
        states = _states(folder / f"rooms-{rooms}", rooms)
        cost = median(lambda states=states: _cost(states), 3)  # type: ignore[misc]
        one = one or cost
        yield (
            f"  {rooms:>5,} rooms: {cost * 1e6:5.1f} µs a reading"
            f" · {cost / one:.2f} × one room   (to reach: 0.8 to 1.2)"
        )


def _states(folder: Path, rooms: int) -> dict[RoomId, RoomState]:
    settings = load(write_site(folder, rooms=rooms, port=1883, client_id="x"))
    states = {}
    for room in settings.site.rooms:
        state = RoomState(plan=plan(room, settings.catalogue), watched_since=START)
        if room.devices:
            states[room.id] = judge_all(state, START).state
    return states


def _cost(states: dict[RoomId, RoomState]) -> float:
    """Seconds a reading, in turns of 250, the rooms in their order."""
    names = list(states)
    clock = ManualClock(START)
    rooms = dict(states)
    began = time.perf_counter()
    for turn in range(READINGS // 250):
        clock.pass_time(timedelta(milliseconds=50))
        now = clock.now()
        draft = Draft(rooms, now)
        for number in range(250):
            name = names[(turn * 250 + number) % len(names)]
            room = draft.room(name)
            assert room is not None
            device = room.plan.room.devices[0].id
            heard = Reading(
                room.plan.room.id, device, Quantity.CO2, 700 + number % 50, now, now
            )
            draft.enter(room.plan.room.id, take(room, heard))
        rooms = {**rooms, **draft.changed}
    return (time.perf_counter() - began) / READINGS
