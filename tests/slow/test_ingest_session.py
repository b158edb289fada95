"""Nothing that was said is lost: it is acknowledged after it was stored."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from room_monitor.settings.values import Broker as Settings
from room_monitor.settings.values import Protocol
from tests.slow.ear import SOON, TOPIC, FakeEngine, co2, listening, until
from tests.support.broker import Broker
from tests.support.talker import Talker, talking

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("protocol", Protocol)]


def to(broker: Broker, protocol: Protocol, **more: object) -> Settings:
    return Settings(
        host=broker.host,
        port=broker.port,
        protocol=protocol,
        keepalive=timedelta(seconds=5),
        **more,  # type: ignore[arg-type]
    )


async def say(talker: Talker, *values: int) -> None:
    for value in values:
        await asyncio.to_thread(talker.publish, TOPIC, co2(value))


async def test_what_is_not_stored_is_sent_again_and_known_by_its_id(
    broker: Broker, protocol: Protocol
) -> None:
    engine = FakeEngine()
    async with listening(to(broker, protocol), engine) as ingest:
        await until(lambda: ingest.status().proven)
        engine.holds = True
        with talking(broker, "device") as device:
            await say(device, 600, 700, 800)
        await until(lambda: len([a for a in engine.held if a.readings]) == 3)
    first = [a for a in engine.held if a.readings]

    again = FakeEngine()
    async with listening(to(broker, protocol), again) as ingest:
        await until(lambda: ingest.status().proven)

    second = [a for a in again.offered if a.readings]
    assert again.stored == [600, 700, 800]
    assert [a.delivery for a in second] == [a.delivery for a in first]
    assert [a.redelivered for a in first] == [False, False, False]
    assert [a.redelivered for a in second] == [True, True, True]


async def test_what_is_stored_is_not_sent_again(
    broker: Broker, protocol: Protocol
) -> None:
    engine = FakeEngine()
    async with listening(to(broker, protocol), engine) as ingest:
        await until(lambda: ingest.status().proven)
        with talking(broker, "device") as device:
            await say(device, 600)
        await until(lambda: engine.stored == [600])
        await asyncio.sleep(0.2)

    again = FakeEngine()
    async with listening(to(broker, protocol), again) as ingest:
        await until(lambda: ingest.status().proven)
        assert ingest.status().session_present
        assert again.stored == []


async def test_an_old_connection_acknowledges_nothing_on_a_new_one(
    broker: Broker, protocol: Protocol
) -> None:
    """A late commit of what came before must not confirm what came after."""
    engine = FakeEngine()
    async with listening(to(broker, protocol), engine) as ingest:
        await until(lambda: ingest.status().proven)
        engine.holds = True
        with talking(broker, "device") as device:
            await say(device, 600)
        await until(lambda: any(a.readings for a in engine.held))
    held = engine.held

    again = FakeEngine()
    again.holds = True
    async with listening(to(broker, protocol), again):
        await until(lambda: any(a.readings for a in again.held))
        for arrival in held:
            arrival.done()
        await asyncio.sleep(0.2)

    third = FakeEngine()
    async with listening(to(broker, protocol), third):
        await until(lambda: third.stored == [600])


@pytest.mark.parametrize("end", [Broker.stop, Broker.kill], ids=["stop", "kill"])
async def test_the_broker_may_go_and_come_back(
    broker: Broker, protocol: Protocol, end: Callable[[Broker], None]
) -> None:
    engine = FakeEngine()
    async with listening(to(broker, protocol), engine) as ingest:
        await until(lambda: engine.story == ["new session", "sees"])
        await asyncio.sleep(0.5)  # Mosquitto saves the session in its next turn
        await asyncio.to_thread(end, broker)
        await until(lambda: engine.story == ["new session", "sees", "blinded"])
        assert not ingest.status().connected
        assert "broker: " in (ingest.status().trouble or "")

        await asyncio.to_thread(broker.start)
        await until(lambda: engine.story[3:] == ["sees"])
        with talking(broker, "device") as device:
            await say(device, 600)
        await until(lambda: engine.stored == [600])

        assert engine.story == ["new session", "sees", "blinded", "sees"]
        assert ingest.status().trouble is None


async def test_it_sees_only_when_the_backlog_has_been_heard(
    broker: Broker, protocol: Protocol
) -> None:
    async with listening(to(broker, protocol), FakeEngine()) as ingest:
        await until(lambda: ingest.status().proven)
    with talking(broker, "device") as device:
        await say(device, *range(600, 800))

    engine = FakeEngine()
    engine.holds = True
    async with listening(to(broker, protocol, receive_maximum=50), engine):
        await until(lambda: len(engine.held) >= 20)
        await asyncio.sleep(2)
        assert engine.story == []
        engine.holds = False
        engine.store()
        await until(lambda: engine.story == ["sees"])
        assert engine.stored == list(range(600, 800))


async def test_garbage_does_not_stop_the_flow(
    broker: Broker, protocol: Protocol
) -> None:
    engine = FakeEngine()
    async with listening(to(broker, protocol, receive_maximum=20), engine) as ingest:
        await until(lambda: ingest.status().proven)
        with talking(broker, "device") as device:
            for number in range(300):
                await asyncio.to_thread(device.publish, TOPIC, f"garbage {number}")
                await asyncio.to_thread(device.publish, f"haven/x/{number}", "{}")
            await say(device, 600)
        await until(lambda: engine.stored == [600])
        await ingest.hand_over()

        status = ingest.status()
    assert (status.refused, status.waiting, status.trouble) == (600, 0, None)
    of_climate = [r for r in engine.refusals if r.name == "climate"]
    assert sum(r.count for r in of_climate) == 300
    assert "not JSON" in of_climate[-1].reason
    assert len({r.name for r in engine.refusals}) == 301


async def test_what_is_retained_is_marked(broker: Broker, protocol: Protocol) -> None:
    with talking(broker, "device") as device:
        device._client.publish(TOPIC, co2(600), qos=1, retain=True).wait_for_publish(
            SOON
        )

    engine = FakeEngine()
    async with listening(to(broker, protocol), engine):
        await until(lambda: engine.stored == [600])

    assert [r.retained for a in engine.offered for r in a.readings] == [True]


async def test_a_stored_backlog_longer_than_what_may_wait_is_heard_whole(
    broker: Broker, protocol: Protocol, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("room_monitor.ingest.intake.MOST_WAITING", 10)
    async with listening(to(broker, protocol), FakeEngine()) as ingest:
        await until(lambda: ingest.status().proven)
    with talking(broker, "device") as device:
        await say(device, *range(600, 700))

    engine = FakeEngine()
    engine.holds = True
    async with listening(to(broker, protocol), engine):
        for _ in range(200):
            await asyncio.sleep(0.02)
            engine.store()
            if len(engine.stored) == 100:
                break

    assert engine.stored == list(range(600, 700))
