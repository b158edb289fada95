"""The broker of the demo, which needs no system package, serves over MQTT 3.1.1."""

import asyncio
import socket
from collections.abc import Iterator

import pytest
from iotcore import Broker as Embedded

from room_monitor.settings.values import Broker as Settings
from room_monitor.settings.values import Protocol
from tests.slow.ear import TOPIC, FakeEngine, co2, listening, until

pytestmark = pytest.mark.anyio


@pytest.fixture
def embedded() -> Iterator[Settings]:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port: int = asked.getsockname()[1]
    with Embedded(port=port, listen="127.0.0.1", max_payload_size=1 << 20):
        yield Settings(host="127.0.0.1", port=port, protocol=Protocol.V311)


async def test_it_is_heard_and_what_was_not_stored_comes_again(
    embedded: Settings,
) -> None:
    engine = FakeEngine()
    async with listening(embedded, engine) as ingest:
        await until(lambda: ingest.status().proven)
        engine.holds = True
        await ingest.publish(TOPIC, co2(600).encode())
        await until(lambda: any(a.readings for a in engine.held))
    await asyncio.sleep(0.2)

    again = FakeEngine()
    async with listening(embedded, again) as ingest:
        await until(lambda: again.stored == [600])
        await until(lambda: ingest.status().proven)
