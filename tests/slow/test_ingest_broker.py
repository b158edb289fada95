"""What a broker may refuse, and what others may do on it."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from room_monitor.core.site import Role
from room_monitor.ingest import PublishError
from room_monitor.settings.values import Broker as Settings
from room_monitor.settings.values import Protocol, Tls
from tests.ingest.places import device, site
from tests.slow.conftest import DEVICE, MONITOR
from tests.slow.ear import TOPIC, FakeEngine, co2, listening, until
from tests.support.authority import Authority
from tests.support.broker import Account, Broker
from tests.support.talker import talking

pytestmark = pytest.mark.anyio


def to(broker: Broker, protocol: Protocol = Protocol.V5) -> Settings:
    return Settings(
        host=broker.host,
        port=broker.port,
        protocol=protocol,
        keepalive=timedelta(seconds=5),
    )


def secretly(
    broker: Broker, tmp_path: Path, account: Account = MONITOR, **more: Protocol
) -> Settings:
    password = tmp_path / "password"
    password.write_text(f"{account.password}\n")
    assert broker.authority is not None
    return replace(
        to(broker, **more),
        tls=Tls(ca=broker.authority.certificate),
        username=account.name,
        password_file=password,
    )


@pytest.mark.parametrize("protocol", Protocol)
async def test_tls_a_password_and_access_rules(
    secure_broker: Broker, tmp_path: Path, protocol: Protocol
) -> None:
    engine = FakeEngine()
    wanted = secretly(secure_broker, tmp_path, protocol=protocol)
    async with listening(wanted, engine) as ingest:
        await until(lambda: ingest.status().proven)
        with talking(secure_broker, "device", DEVICE) as talker:
            for ppm in range(600, 700):
                said = f'{{"co2": {ppm}}}'
                await asyncio.to_thread(talker.publish, "zigbee2mqtt/climate-1", said)
        await until(lambda: len(engine.stored) == 100)

    assert engine.stored == list(range(600, 700))
    assert ingest.status().trouble is None


async def test_a_wrong_password_is_said_and_a_new_one_is_read(
    secure_broker: Broker, tmp_path: Path
) -> None:
    engine = FakeEngine()
    wanted = secretly(secure_broker, tmp_path, Account(MONITOR.name, "guessed"))
    async with listening(wanted, engine) as ingest:
        await until(lambda: ingest.status().trouble is not None)
        assert ingest.status().trouble == (
            "broker: the broker refuses us: not authorised: check user name, password "
            "and access rules"
        )
        assert engine.story == []

        (tmp_path / "password").write_text(MONITOR.password)
        await until(lambda: ingest.status().proven)
        assert ingest.status().trouble is None


async def test_a_missing_password_file_is_named(
    secure_broker: Broker, tmp_path: Path
) -> None:
    wanted = secretly(secure_broker, tmp_path)
    (tmp_path / "password").unlink()
    async with listening(wanted, FakeEngine()) as ingest:
        await until(lambda: ingest.status().trouble is not None)

    assert ingest.status().trouble == (
        f"broker: {tmp_path / 'password'}: No such file or directory"
    )


async def test_a_certificate_of_another_authority_is_not_believed(
    secure_broker: Broker, tmp_path: Path
) -> None:
    another = Authority(tmp_path / "another", "Somebody else")
    wanted = replace(secretly(secure_broker, tmp_path), tls=Tls(ca=another.certificate))
    async with listening(wanted, FakeEngine()) as ingest:
        await until(lambda: ingest.status().trouble is not None)

    assert "broker: TLS: " in (ingest.status().trouble or "")


async def test_a_broker_that_is_not_there_is_said() -> None:
    wanted = Settings(host="127.0.0.1", port=1)
    async with listening(wanted, FakeEngine()) as ingest:
        await ingest.tried.wait()

    assert ingest.status().trouble == "broker: Connection refused"


@pytest.mark.parametrize(
    ("protocol", "why"),
    [
        (Protocol.V5, "the broker refuses it: Not authorized"),
        (Protocol.V311, "the broker ends the connection when we publish"),
    ],
)
async def test_where_probes_are_denied_it_says_so_and_listens_all_the_same(
    new_broker: Callable[..., Broker],
    monkeypatch: pytest.MonkeyPatch,
    protocol: Protocol,
    why: str,
) -> None:
    monkeypatch.setattr("room_monitor.ingest.probe.PATIENCE", 2.0)
    monkeypatch.setenv("RM_TEST_PASSWORD", "secret")
    mute = Account("room-monitor", "secret", reads=("#",))
    writer = Account("device", "secret", writes=("haven/#",))
    broker = new_broker(accounts=[mute, writer])
    engine = FakeEngine()
    wanted = replace(
        to(broker, protocol), username=mute.name, password_env="RM_TEST_PASSWORD"
    )
    async with listening(wanted, engine) as ingest:
        await until(lambda: "sees" in engine.story)
        with talking(broker, "device", writer) as talker:
            await asyncio.to_thread(talker.publish, TOPIC, co2(600))
        await until(lambda: engine.stored == [600])

        assert engine.story == ["new session", "sees"]
        assert not ingest.status().proven
        assert ingest.status().trouble == (
            "the probe on room-monitor/probe/room-monitor does not come back, the path "
            f"is unproven: {why}"
        )


async def test_a_strange_device_is_seen_with_the_shape_of_what_it_said(
    broker: Broker,
) -> None:
    engine = FakeEngine()
    async with listening(to(broker), engine) as ingest:
        await until(lambda: ingest.status().proven)
        with talking(broker, "stranger") as talker:
            said = '{"name": "Jan", "co2": 1}'
            await asyncio.to_thread(talker.publish, "zigbee2mqtt/new", said)
            await asyncio.to_thread(talker.publish, "elsewhere/new", said)
            await asyncio.to_thread(talker.publish, TOPIC, co2(600))
        await until(lambda: engine.stored == [600])
        await ingest.hand_over()

    assert [(r.name, r.count, r.shape) for r in engine.refusals] == [
        ("zigbee2mqtt/new", 1, '{"name": text, "co2": number}')
    ]


async def test_without_discovery_only_the_devices_are_heard(broker: Broker) -> None:
    engine = FakeEngine()
    async with listening(to(broker), engine, discover=False) as ingest:
        await until(lambda: ingest.status().proven)
        with talking(broker, "stranger") as talker:
            await asyncio.to_thread(talker.publish, "zigbee2mqtt/new", "{}")
            await asyncio.to_thread(talker.publish, TOPIC, co2(600))
        await until(lambda: engine.stored == [600])
        await ingest.hand_over()

    assert engine.refusals == []


async def test_other_devices_are_heard_after_a_change_of_the_site(
    broker: Broker,
) -> None:
    engine = FakeEngine()
    async with listening(to(broker), engine, discover=False) as ingest:
        await until(lambda: ingest.status().proven)
        ingest.reconfigure(site(device("other", Role.CLIMATE, "other/climate")))
        with talking(broker, "device") as talker:

            def say() -> None:
                talker.publish(TOPIC, co2(600))
                talker.publish("other/climate", co2(700))

            for _ in range(100):  # a subscription takes a moment
                await asyncio.to_thread(say)
                if engine.stored:
                    break

    assert set(engine.stored) == {700}


async def test_the_world_is_told_whether_the_monitor_is_there(broker: Broker) -> None:
    with talking(broker, "witness") as witness:
        witness.subscribe("room-monitor/monitor")
        async with listening(to(broker), FakeEngine()) as ingest:
            await until(lambda: ingest.status().proven)
            await asyncio.to_thread(
                witness.wait_until, lambda: states(witness.heard) == ["running"]
            )
            ingest.tell_world(datetime.now(UTC), ["clock_unsure"])
            await asyncio.to_thread(
                witness.wait_until, lambda: "clock_unsure" in witness.heard[-1]
            )
        await asyncio.to_thread(
            witness.wait_until,
            lambda: states(witness.heard) == ["running", "running", "stopped"],
        )


def states(heard: list[str]) -> list[str]:
    return [json.loads(each)["state"] for each in heard]


async def test_what_the_monitor_publishes_is_answered(
    secure_broker: Broker, tmp_path: Path
) -> None:
    engine = FakeEngine()
    async with listening(secretly(secure_broker, tmp_path), engine) as ingest:
        with pytest.raises(PublishError, match="not connected"):
            await ingest.publish("room-monitor/alerts/calm-1", b"{}")
        await ingest.tried.wait()
        await ingest.publish("room-monitor/alerts/calm-1", b"{}")
        await ingest.publish("room-monitor/alerts/calm-1", b"{}", qos=0)
        with pytest.raises(PublishError, match="Not authorized"):
            await ingest.publish("zigbee2mqtt/lamp/set", b"{}")


async def test_a_flood_of_qos_0_drops_nothing_of_qos_1(
    broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("room_monitor.ingest.intake.MOST_WAITING", 100)
    engine = FakeEngine()
    async with listening(to(broker), engine) as ingest:
        await until(lambda: ingest.status().proven)
        engine.holds = True
        with talking(broker, "device") as talker:

            def flood() -> None:
                for number in range(2_000):
                    talker._client.publish(TOPIC, co2(500), qos=0)
                    if number % 100 == 0:
                        talker.publish(TOPIC, co2(600 + number // 100))

            await asyncio.to_thread(flood)
            await until(lambda: ingest.status().dropped > 0)
            engine.holds = False
            engine.store()
            await until(lambda: 619 in engine.stored and not engine.held)

    assert [v for v in engine.stored if v >= 600] == [600 + n for n in range(20)]
    assert len(engine.stored) == 2_020 - ingest.status().dropped
