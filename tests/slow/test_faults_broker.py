"""Whatever becomes of the broker, the monitor says so, comes back and has lost nothing."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from room_monitor.core.events import Blindness, BrokerLost
from tests.slow.house import Devices, House, cleared_up
from tests.support.broker import Broker


@pytest.fixture
def store_of(tmp_path: Path) -> Path:
    """Where the broker keeps what it must not forget."""
    return tmp_path / "broker-1" / "store"


def test_a_broker_that_comes_late_and_goes(broker: Broker, tmp_path: Path) -> None:
    devices = Devices(broker)
    broker.stop()
    with cleared_up(House(tmp_path, broker)) as house:
        house.start()
        _sees_that_nobody_listens(house)
        broker.start()
        house.until_it_sees()
        with devices.connected():
            devices.say(times=5)
        house.until_stored(devices)
        assert house.verdict_of_air() == ("met", False)
        _is_away(house, broker, devices, Broker.stop)
        _ends_well(house, lost=1)


def test_a_broker_that_is_killed_and_one_that_forgets(
    broker: Broker, tmp_path: Path, store_of: Path
) -> None:
    devices = Devices(broker)
    with cleared_up(House(tmp_path, broker)) as house:
        house.start()
        house.until_it_sees()
        _is_away(house, broker, devices, Broker.kill)
        _forgets(house, broker, devices, store_of)
        _ends_well(house, lost=2)


def _ends_well(house: House, lost: int) -> None:
    assert house.end() == 0
    assert len(house.events(BrokerLost)) == lost
    assert len(house.gaps(Blindness.BROKER_AWAY)) == lost + 1
    assert "Traceback" not in house.said
    house.verify()


def _sees_that_nobody_listens(house: House) -> None:
    house.until(lambda: "refused" in house.parts().get("trouble", "").lower())
    assert house.parts()["connected"] == "no"
    assert house.verdict_of_air() == ("unknown", True)


def _is_away(
    house: House, broker: Broker, devices: Devices, end: Callable[[Broker], None]
) -> None:
    lost, gaps = len(house.events(BrokerLost)), len(house.gaps(Blindness.BROKER_AWAY))
    with devices.connected(), devices.flowing():
        time.sleep(0.3)
    # Mosquitto saves in its next turn, not before it answers.
    time.sleep(0.3)
    end(broker)
    house.until(lambda: len(house.events(BrokerLost)) == lost + 1)
    assert house.parts()["connected"] == "no"
    assert "broker" in house.parts()["trouble"]
    assert house.verdict_of_air() == ("unknown", True)

    broker.start()
    with devices.connected():
        devices.say(times=5)
    house.until_stored(devices)
    house.until(lambda: len(house.gaps(Blindness.BROKER_AWAY)) == gaps + 1)
    gap = house.gaps(Blindness.BROKER_AWAY)[-1]
    assert gap.began_at == house.events(BrokerLost)[-1].began_at
    assert house.is_unknown(gap.began_at, gap.ended_at)
    assert house.verdict_of_air() == ("met", False)
    assert house.parts()["session_present"] == "yes"
    assert house.parts().get("trouble") is None


def _forgets(house: House, broker: Broker, devices: Devices, store: Path) -> None:
    gaps = len(house.gaps(Blindness.BROKER_AWAY))
    broker.stop()
    shutil.rmtree(store)
    store.mkdir()
    broker.start()
    house.until(lambda: len(house.gaps(Blindness.BROKER_AWAY)) == gaps + 1)
    assert house.parts()["session_present"] == "no"
    # Packet ids begin again at 1: what carries one that was seen before is not a repeat.
    with devices.connected():
        devices.say(times=20)
    house.until_stored(devices)
