"""A monitor that listens to a real broker, without judging anything."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import timedelta
from typing import TypeVar

from room_monitor.clock import SystemClock
from room_monitor.core.site import Role, Site
from room_monitor.draft import Arrival
from room_monitor.ingest import MqttIngest
from room_monitor.settings.values import Broker
from room_monitor.store import Refusal
from tests.ingest.places import device, site

SOON = 20.0  # seconds
CLIMATE = site(
    device("climate", Role.CLIMATE),
    device("climate-1", Role.CLIMATE, "zigbee2mqtt/climate-1", profile="zigbee2mqtt"),
)
TOPIC = "haven/climate"

T = TypeVar("T")


def co2(ppm: int) -> str:
    return f'{{"v": 1, "readings": {{"co2": {ppm}}}}}'


class FakeEngine:
    """Stores at once what it is offered, unless it is told to hold it.

    Attributes:
        stored: The values that are safe, in order.
        held: What was offered and is not stored.
        story: What it was told of the broker, in order.
        refusals: What it was told was refused.
    """

    def __init__(self) -> None:
        self.stored: list[float] = []
        self.held: list[Arrival] = []
        self.offered: list[Arrival] = []
        self.story: list[str] = []
        self.refusals: list[Refusal] = []
        self.holds = False

    def offer(self, arrival: Arrival) -> None:
        self.offered.append(arrival)
        self.held.append(arrival)
        if not self.holds:
            asyncio.get_running_loop().call_soon(self.store)

    def store(self) -> None:
        held, self.held = self.held, []
        for arrival in held:
            self.stored += [reading.value for reading in arrival.readings]
            arrival.done()

    async def sees(self) -> None:
        self.story.append("sees")

    async def forget_deliveries(self) -> None:
        self.story.append("new session")

    async def blinded(self) -> None:
        self.story.append("blinded")

    async def chore(self, work: Callable[[], T]) -> T:
        return work()

    def save_refusals(self, refusals: Sequence[Refusal]) -> None:
        self.refusals += refusals


@contextlib.asynccontextmanager
async def listening(
    broker: Broker,
    engine: FakeEngine,
    *,
    place: Site = CLIMATE,
    discover: bool = True,
    probe_every: timedelta = timedelta(seconds=1),
) -> AsyncIterator[MqttIngest]:
    """Listen until the end of the block; leave as a monitor that stops does."""
    ingest = MqttIngest(
        broker,
        place,
        engine,
        engine,
        SystemClock(),
        discover=discover,
        probe_every=probe_every,
    )
    running = asyncio.create_task(ingest.run())
    try:
        yield ingest
    finally:
        running.cancel()
        await asyncio.wait({running})
        if not running.cancelled() and (error := running.exception()):
            raise error


async def until(said: Callable[[], bool], within: float = SOON) -> None:
    """Wait until something is true."""
    async with asyncio.timeout(within):
        while not said():  # noqa: ASYNC110 - what is waited for happens elsewhere
            await asyncio.sleep(0.01)
