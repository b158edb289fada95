"""The wall clock is set while the monitor runs: what is running goes on, to the second."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from room_monitor.core.events import (
    AlertRaised,
    BreachClosed,
    BreachOpened,
    ClockStepped,
)
from tests.slow.house import AIR, BAD, GOOD, Devices, House, cleared_up
from tests.support import wall_clock
from tests.support.broker import Broker
from tests.support.talker import talking
from tests.support.wall_clock import WallClock

HOUR = timedelta(hours=1)
QUARTER = timedelta(minutes=15)
A_MOMENT = timedelta(seconds=1.5)
LIMIT_IN = timedelta(seconds=20)


@pytest.fixture
def clock(tmp_path: Path) -> WallClock:
    if wall_clock.find() is None:
        pytest.skip("faketime is not installed: sudo apt install faketime")
    return WallClock(tmp_path)


@pytest.fixture
def house(broker: Broker, tmp_path: Path, clock: WallClock) -> Iterator[House]:
    with cleared_up(House(tmp_path, broker, environment=clock.environment)) as house:
        yield house.start()


def test_a_check_is_missed_when_a_quarter_of_an_hour_has_really_passed(
    broker: Broker, house: House, clock: WallClock
) -> None:
    devices = Devices(broker)
    house.until_it_sees()
    with (
        talking(broker, "siren") as siren,
        devices.connected(),
    ):
        siren.subscribe("room-monitor/alerts/#")
        devices.say()
        due_at = datetime.now(UTC) + LIMIT_IN
        began_at = (due_at - QUARTER).isoformat()
        words = ("--kind", "enclosure", "--key", "k", "--at", began_at)
        begun = house.command("begin-stay", "room-0", *words)
        assert begun.returncode == 0, begun.stderr

        for count, by in enumerate((HOUR, -HOUR, -HOUR), start=1):
            clock.step(by)
            _was_set(house, by, count)
            _goes_on(house, devices, clock)
        assert not [b for b in house.events(BreachOpened) if b.obligation != AIR]
        assert datetime.now(UTC) < due_at, "the machine is too slow for this test"

        house.until(
            lambda: [a for a in house.events(AlertRaised) if a.requirement == "check"],
            within=LIMIT_IN.total_seconds() + 5,
        )
        siren.wait_until(lambda: any("check_missed" in text for text in siren.heard))
        told_at = datetime.now(UTC)
    # A scheduler that waits for the hour to come again would have been silent since.
    alive_at = house.alive_at()
    assert alive_at is not None
    assert told_at + clock.ahead - alive_at < timedelta(seconds=11)
    assert house.shows("status")["blind"] is None
    (missed,) = [b for b in house.events(BreachOpened) if b.obligation != AIR]
    assert abs(missed.began_at - (due_at + clock.ahead)) < A_MOMENT
    assert due_at < told_at < due_at + timedelta(seconds=5)
    assert house.end() == 0
    assert "Traceback" not in house.said
    house.verify()


def _was_set(house: House, by: timedelta, count: int) -> None:
    house.until(lambda: len(house.events(ClockStepped)) == count)
    assert abs(house.events(ClockStepped)[-1].by - by) < A_MOMENT


def _goes_on(house: House, devices: Devices, clock: WallClock) -> None:
    """Readings are stored and judged, each dated by the clock as it is now."""
    opened, closed = len(_of_air(house)), len(house.events(BreachClosed))
    devices.say(BAD)
    house.until(lambda: len(_of_air(house)) > opened)
    now = datetime.now(UTC) + clock.ahead
    assert abs(_of_air(house)[-1].began_at - now) < A_MOMENT
    devices.say(GOOD)
    house.until(lambda: len(house.events(BreachClosed)) > closed)
    house.until_stored(devices)


def _of_air(house: House) -> list[BreachOpened]:
    return [b for b in house.events(BreachOpened) if b.obligation == AIR]
