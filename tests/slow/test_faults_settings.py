"""SIGHUP reads the files again: what is asked changes, what is known stays."""

import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from room_monitor.core.events import (
    AlertRaised,
    Blindness,
    BreachClosed,
    BreachOpened,
    BrokerLost,
    ConfigurationChanged,
    StayBegan,
    StayEnded,
)
from tests.slow.house import (
    BAD,
    GOOD,
    REQUIREMENTS,
    Devices,
    House,
    cleared_up,
    device,
    write_site,
)
from tests.support.broker import Broker

ANOTHER = f"\n          - {device('climate-9')}"
LENIENT = REQUIREMENTS.replace("1200 ppm", "5000 ppm")
BROKEN = REQUIREMENTS.replace("high: 1200 ppm", "hihg: 1200 ppm")


@pytest.fixture
def house(broker: Broker, tmp_path: Path) -> Iterator[House]:
    with cleared_up(House(tmp_path, broker)) as house:
        yield house.start()


def test_the_files_are_read_again_without_losing_anything(
    broker: Broker, new_broker: Callable[..., Broker], house: House
) -> None:
    """One life of the monitor, in which everything happens to its files."""
    devices = Devices(broker)
    house.until_it_sees()
    begun = house.command("begin-stay", "room-0", "--kind", "enclosure", "--key", "k")
    assert begun.returncode == 0, begun.stderr
    with devices.connected():
        devices.say(BAD)
        house.until(lambda: house.events(AlertRaised))

        # A mistake: the old settings stay, and every problem is told with its place.
        write_site(house.site.parent, broker, requirements=BROKEN)
        house.send(signal.SIGHUP)
        house.until(lambda: "the old settings stay" in house.said)
        assert (
            "/requirements/all.yaml:13: requirements.air.asks.co2.hihg:" in house.said
        )
        assert house.events(ConfigurationChanged) == []
        devices.say(BAD, times=5)
        house.until_stored(devices)

        assert _reloaded(house, broker, also=ANOTHER) == ("device climate-9: added",)
        devices.say(BAD, name="climate-9")
        house.until(lambda: len(house.events(BreachOpened)) == 2)

        assert _reloaded(house, broker, rooms=1) == (
            "room room-1: removed",
            "device climate-1: removed",
            "device climate-9: removed",
        )
        house.until(lambda: len(house.events(BreachClosed)) == 1)
        (lapsed,) = house.events(BreachClosed)
        assert (lapsed.obligation, lapsed.closing) == (
            "room-1/air/co2/climate-9",
            "lapsed",
        )

        # The limit of a breach that is open.
        assert _reloaded(house, broker, rooms=1, requirements=LENIENT) == (
            "requirement air: asks changed",
        )
        house.until(lambda: len(house.events(BreachClosed)) == 2)
        assert house.verdict_of_air() == ("met", False)
        _reloaded(house, broker, rooms=1)
        house.until(lambda: len(house.events(BreachOpened)) == 3)
        house.until_stored(devices)

    other = new_broker()
    assert _reloaded(house, other, rooms=1) == ("broker: changed",)
    house.until(lambda: house.events(BrokerLost))
    house.until_it_sees()
    with Devices(other).connected() as moved:
        moved.say(GOOD)
        house.until(lambda: len(house.events(BreachClosed)) == 3)
    assert len(house.gaps(Blindness.BROKER_AWAY)) == 2

    (stay,) = house.events(StayBegan)
    assert house.shows("status")["open_stays"] == [stay.stay]
    assert house.events(StayEnded) == []
    assert house.end() == 0
    assert "Traceback" not in house.said
    house.verify()


def _reloaded(
    house: House,
    broker: Broker,
    *,
    rooms: int = 2,
    also: str = "",
    requirements: str = REQUIREMENTS,
) -> tuple[str, ...]:
    """Change the files, let them be read, and return what the log says has changed."""
    count = len(house.events(ConfigurationChanged))
    write_site(
        house.site.parent, broker, rooms=rooms, also=also, requirements=requirements
    )
    house.send(signal.SIGHUP)
    house.until(lambda: len(house.events(ConfigurationChanged)) > count)
    return house.events(ConfigurationChanged)[-1].changes
