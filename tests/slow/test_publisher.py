"""The simulator loses nothing on the way to a real broker, whatever happens to it."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from threading import Event, Thread

import pytest

from sensors.simulator import SCENARIOS, Act, SimulatedDevice, Step, load, play
from sensors.simulator.broker import BrokerAddress, BrokerError, Progress
from sensors.simulator.publisher import publish, real_dates
from tests.sensors.simulator.stage import device, room
from tests.slow.conftest import DEVICE, MONITOR
from tests.support.broker import Broker
from tests.support.talker import SOON, talking

TOPIC = "zigbee2mqtt/climate-1"
CLIMATE = device("climate", topic=TOPIC)


def address(broker: Broker, *, mqtt5: bool = True) -> BrokerAddress:
    return BrokerAddress(host=broker.host, port=broker.port, mqtt5=mqtt5)


def numbered(
    count: int, *, rate: float = 1e6, of: SimulatedDevice = CLIMATE
) -> Iterator[Step]:
    return load([of], rate=rate, count=count, dated=real_dates(1))


def numbers(heard: list[str]) -> list[int]:
    return [json.loads(payload)["seq"] for payload in heard]


@pytest.mark.parametrize("mqtt5", [True, False], ids=["MQTT 5", "MQTT 3.1.1"])
def test_every_message_arrives_once_and_in_order(broker: Broker, mqtt5: bool) -> None:
    with talking(broker, "monitor") as monitor:
        monitor.subscribe("#")
        played = publish(numbered(1000), address(broker, mqtt5=mqtt5), speed=0)
        monitor.wait_until(lambda: len(monitor.heard) >= 1000)

        assert numbers(monitor.heard) == list(range(1, 1001))
        assert played.progress[1:3] == (1000, 1000)
        assert (played.refused, played.reconnected, played.stopped) == ({}, 0, False)


@pytest.mark.parametrize("end", [Broker.stop, Broker.kill], ids=["stop", "kill"])
@pytest.mark.parametrize("mqtt5", [True, False], ids=["MQTT 5", "MQTT 3.1.1"])
def test_a_broker_that_goes_and_comes_back_has_missed_nothing(
    broker: Broker, end: Callable[[Broker], None], mqtt5: bool
) -> None:
    with talking(broker, "monitor") as monitor:
        monitor.subscribe("#")
        time.sleep(0.5)  # the broker saves who listens in its next turn
        half_way = Event()

        def fall_over() -> None:
            assert half_way.wait(SOON)
            end(broker)
            time.sleep(0.3)
            broker.start()

        def watch(progress: Progress) -> None:
            if progress.sent == 1000:
                half_way.set()

        killer = Thread(target=fall_over)
        killer.start()
        played = publish(
            numbered(2000, rate=2000),
            address(broker, mqtt5=mqtt5),
            on_progress=watch,
        )
        killer.join()
        everything = set(range(1, 2001))
        monitor.wait_until(lambda: set(numbers(monitor.heard)) == everything)

        assert played.reconnected >= 1
        assert played.progress.acknowledged == 2000


def test_what_the_broker_does_not_allow_is_named(secure_broker: Broker) -> None:
    assert secure_broker.authority is not None
    safe = replace(
        address(secure_broker),
        tls=True,
        ca_file=str(secure_broker.authority.certificate),
        username=DEVICE.name,
        password=DEVICE.password,
    )
    foreign = device("climate", topic="zigbee2mqtt/climate-2")
    with talking(secure_broker, "monitor", MONITOR) as monitor:
        monitor.subscribe("#")
        played = publish([*numbered(3, of=foreign), *numbered(3)], safe, speed=0)
        monitor.wait_until(lambda: len(monitor.heard) >= 3)

        assert played.refused == {"zigbee2mqtt/climate-2": "Not authorized"}
        assert played.progress[1:3] == (6, 6)
        assert numbers(monitor.heard) == [1, 2, 3]


def test_who_is_not_let_in_is_told_at_once(secure_broker: Broker) -> None:
    assert secure_broker.authority is not None
    stranger = replace(
        address(secure_broker),
        tls=True,
        ca_file=str(secure_broker.authority.certificate),
        username=DEVICE.name,
        password="guessed",
    )

    with pytest.raises(BrokerError, match="does not let us in: Not authorized") as told:
        publish(numbered(1), stranger)
    assert not told.value.may_pass


def test_a_broker_that_is_not_there_is_an_error_at_once(broker: Broker) -> None:
    broker.stop()

    with pytest.raises(BrokerError, match="cannot reach the broker at 127") as told:
        publish(numbered(1), address(broker))
    assert told.value.may_pass


def test_a_broker_that_stays_away_ends_the_play(broker: Broker) -> None:
    def leave(progress: Progress) -> None:
        if progress.sent == 10:
            broker.kill()

    with pytest.raises(BrokerError, match="was away for 1 s"):
        publish(
            numbered(5000, rate=100),
            address(broker),
            on_progress=leave,
            patience=timedelta(seconds=1),
        )


def test_a_play_can_be_stopped_while_it_waits(broker: Broker) -> None:
    stop = Event()
    threading.Timer(0.3, stop.set).start()
    began = time.monotonic()

    played = publish(numbered(100, rate=0.1), address(broker), stop=stop)

    assert time.monotonic() - began < 5
    assert played.stopped
    assert played.progress[1:3] == (1, 1)


def test_a_scenario_is_played_with_its_acts_and_dated_now(broker: Broker) -> None:
    acts: list[Act] = []
    scenario = SCENARIOS["enclosure"]
    with talking(broker, "monitor") as monitor:
        monitor.subscribe("calm-1/climate")
        before = real_dates(0)(timedelta(0))
        played = publish(
            play(scenario, room(), dated=real_dates(3600)),
            address(broker),
            speed=3600,
            on_act=acts.append,
        )
        after = real_dates(0)(timedelta(0))
        monitor.wait_until(lambda: len(monitor.heard) == 105)

    dates = [json.loads(payload)["at"] for payload in monitor.heard]
    assert before.isoformat() < dates[0] < dates[-1] < after.isoformat()
    assert [act.deed for act in acts] == [planned.deed for planned in scenario.acts]
    assert played.progress.acts == len(acts)
