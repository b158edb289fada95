"""A monitor that notes when what it heard is durable: ``python -m tests.bench.watched``.

Takes a site file, a state folder and a file for its figures; ends at SIGTERM.
"""

import asyncio
import json
import resource
import signal
import sys
import time
from pathlib import Path

from room_monitor.app import Monitor
from room_monitor.clock import SystemClock
from room_monitor.core.evaluation import Reason
from room_monitor.core.events import AlertRaised, Message, Paged
from room_monitor.core.ids import AlertId
from room_monitor.settings import load
from room_monitor.store import Committed, SqliteStore, Turn


class TimedStore(SqliteStore):
    """Notes for each reading how long after its instant it was durable.

    Of a missed check as well: how long after its limit it was durable who is paged.
    """

    first: float = 0.0
    last: float = 0.0
    count: int = 0

    def commit(self, turn: Turn) -> Committed:
        begun = time.time()
        committed = super().commit(turn)
        if turn.readings:
            self.last = time.time()
            self.first = self.first or begun
            self.count += len(turn.readings)
            now = self.last
            DELAYS.extend(now - each.at.timestamp() for each in turn.readings)
        for _, event in turn.events:
            if isinstance(event, AlertRaised) and event.reason is Reason.CHECK_MISSED:
                MISSED[event.alert] = event.began_at.timestamp()
            elif isinstance(event, Paged) and event.message is Message.ALERT:
                missed_at = MISSED.pop(event.alert or AlertId(""), None)
                if missed_at is not None:
                    PAGED.append(time.time() - missed_at)
        return committed


DELAYS: list[float] = []
MISSED: dict[AlertId, float] = {}
PAGED: list[float] = []


async def watch(site: Path, state: Path) -> str:
    begun = time.perf_counter()
    settings = load(site)
    with TimedStore.open(state) as store:
        monitor = Monitor(settings, store, SystemClock())
        await monitor.start()
        ready = time.perf_counter() - begun
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, monitor.engine.stop)

        async def tell() -> None:
            while not monitor.engine.seeing:  # noqa: ASYNC110 - a benchmark may poll
                await asyncio.sleep(0.02)
            await monitor.engine.chore(
                lambda: None
            )  # the turn that began to see is over
            print("seeing", flush=True)

        telling = asyncio.create_task(tell())
        await monitor.run(state)
        telling.cancel()
        delays = sorted(DELAYS)
        return json.dumps(
            {
                "ready": ready,
                "count": store.count,
                "seconds": store.last - store.first,
                "p50": delays[len(delays) // 2] if delays else None,
                "p99": delays[len(delays) * 99 // 100] if delays else None,
                "paged": PAGED,
                "turns": monitor.engine.turns,
                "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
                "cpu": sum(resource.getrusage(resource.RUSAGE_SELF)[:2]),
            }
        )


if __name__ == "__main__":
    figures = asyncio.run(watch(Path(sys.argv[1]), Path(sys.argv[2])))
    Path(sys.argv[3]).write_text(figures)
