"""What one reading costs with 1, 100 and 1,000 rooms: in the core alone, and in all."""

import asyncio
import gc
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from room_monitor.app import plans_of
from room_monitor.clock import ManualClock, SystemClock
from room_monitor.core.desk import Desk
from room_monitor.core.ids import RoomId
from room_monitor.core.monitor import judge_all, take
from room_monitor.core.readings import Reading
from room_monitor.core.state import RoomState
from room_monitor.draft import Arrival, Draft
from room_monitor.engine import Engine
from room_monitor.ingest.decode import Router
from room_monitor.settings import Settings, load
from room_monitor.store import Delivery, SqliteStore
from sensors.quantity import Quantity
from tests.bench.running import median
from tests.bench.sites import climates, write_site
from tests.bench.traffic import reading

READINGS = 20_000
A_TURN = 250
START = datetime(2026, 11, 22, 12, tzinfo=UTC)


def run(folder: Path) -> Iterator[str]:
    """Time ``take`` alone, then the way from a payload to the commit."""
    one: tuple[float, float] | None = None
    for rooms in (1, 100, 1000):
        settings = load(
            write_site(folder / f"{rooms}", rooms=rooms, port=1883, client_id="x")
        )
        gc.collect()
        gc.freeze()
        judged = median(lambda settings=settings: _judged(settings), 5)  # type: ignore[misc]
        in_all = _in_all(settings, folder / f"{rooms}")
        one = one or (judged, in_all)
        yield (
            f"  {rooms:>5,} rooms: judged in {judged * 1e6:4.1f} µs"
            f" ({judged / one[0]:.2f} × one room), from payload to commit"
            f" {in_all * 1e6:4.1f} µs CPU ({in_all / one[1]:.2f} ×; to reach: 0.8 to 1.2)"
        )


def _judged(settings: Settings) -> float:
    """Seconds a reading in the core, in turns, the rooms in their order."""
    rooms: dict[RoomId, RoomState] = {
        room: judge_all(RoomState(plan=plan, watched_since=START), START).state
        for room, plan in plans_of(settings).items()
        if plan.devices
    }
    names = list(rooms)
    clock = ManualClock(START)
    began = time.perf_counter()
    for turn in range(READINGS // A_TURN):
        clock.pass_time(timedelta(milliseconds=50))
        now = clock.now()
        draft = Draft(rooms, Desk(), now)
        for number in range(A_TURN):
            name = names[(turn * A_TURN + number) % len(names)]
            room = draft.room(name)
            assert room is not None
            device = room.plan.room.devices[0].id
            at = now + timedelta(microseconds=number)
            value = 700 + turn % 50
            heard = Reading(name, device, Quantity.CO2, value, at, at)
            draft.enter(name, take(room, heard))
        rooms = {**rooms, **draft.changed}
    return (time.perf_counter() - began) / READINGS


def _in_all(settings: Settings, folder: Path) -> float:
    """Processor seconds a reading: decoded, judged, stored; the median of three runs."""
    runs = [asyncio.run(_stored(settings, folder / f"state-{n}")) for n in range(3)]
    return sorted(runs)[1]


async def _stored(settings: Settings, folder: Path) -> float:
    with SqliteStore.open(folder) as store:
        engine = Engine(store, plans_of(settings), SystemClock())
        await engine.start(version="", configuration="", catalogue="", change=None)
        running = asyncio.create_task(engine.run())
        await engine.sees()
        gc.collect()
        gc.freeze()  # as the monitor does once it has started
        router = Router(settings.site)
        topics = climates(len(settings.site.rooms) - 1)
        # Every device has spoken once before: what is done only then is not counted.
        first = -(-len(topics) // A_TURN) * A_TURN
        messages = [
            (
                topics[number % len(topics)],
                reading(number // len(topics) + 1, 600 + number % 50).encode(),
            )
            for number in range(first + READINGS)
        ]
        waiting = asyncio.Semaphore(0)
        began = 0.0
        for number, (topic, payload) in enumerate(messages):
            if number == first:
                began = time.process_time()
            now = datetime.now(UTC)
            said = router.read(topic, payload, received_at=now, retained=False)
            packet = Delivery(number % 65_535 + 1, payload)
            engine.offer(Arrival(said.readings, now, packet, False, waiting.release))
            if number % A_TURN == A_TURN - 1:
                for _ in range(A_TURN):
                    await waiting.acquire()
        spent = time.process_time() - began
        engine.stop()
        await running
    return spent / READINGS
