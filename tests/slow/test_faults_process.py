"""The monitor is stopped, killed, started twice, or started where it cannot work."""

import signal
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from room_monitor.core.events import (
    AlertRaised,
    Blindness,
    BreachClosed,
    BreachOpened,
    CheckRecorded,
    MonitorStopped,
)
from tests.slow.house import AIR, BAD, Devices, House, cleared_up
from tests.support.broker import Broker
from tests.support.disk import not_writable
from tests.support.talker import talking

QUARTER = timedelta(minutes=15)
SOON = timedelta(seconds=8)
VERY_SOON = timedelta(seconds=4)


@pytest.fixture
def house(broker: Broker, tmp_path: Path) -> Iterator[House]:
    with cleared_up(House(tmp_path, broker)) as house:
        yield house.start()


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT], ids=["TERM", "Ctrl-C"])
def test_it_leaves_at_once_and_loses_nothing(
    broker: Broker, house: House, by: signal.Signals
) -> None:
    devices = Devices(broker)
    house.until_it_sees()
    with devices.connected(), devices.flowing(0.002):
        time.sleep(1)
        began = time.monotonic()
        code = house.end(by)
        assert time.monotonic() - began < 5
        assert code == 0
        stopped = house.head()
        assert isinstance(_last(house), MonitorStopped)
        time.sleep(0.5)
        house.start()
        house.until(lambda: house.head() > stopped)
    house.until_stored(devices)
    house.until(lambda: house.gaps(Blindness.NOT_RUNNING))
    gap = house.gaps(Blindness.NOT_RUNNING)[0]
    assert house.is_unknown(gap.began_at, gap.ended_at)
    assert "Traceback" not in house.said


def _last(house: House) -> object:
    return house.entries()[-1].event


def test_a_second_monitor_is_refused(
    broker: Broker, house: House, tmp_path: Path
) -> None:
    house.until_it_sees()
    position = house.head()
    with cleared_up(House(tmp_path / "second", broker, house.state)) as second:
        assert second.start().wait() == 1
        assert f"the monitor, process {house.pid}, is writing here" in second.said
        assert "Traceback" not in second.said
    assert house.head() == position
    assert house.parts()["connected"] == "yes"


def test_a_state_folder_that_cannot_be_written(broker: Broker, tmp_path: Path) -> None:
    with not_writable(tmp_path / "read-only") as folder:
        for state in (folder, folder / "state", tmp_path / "broker-1" / "broker.log"):
            # The file that stands where a folder should is refused as wrong usage.
            house = House(tmp_path / f"of-{state.name}", broker, state)
            with cleared_up(house):
                assert house.start().wait() == (2 if state.is_file() else 1)
                assert str(state) in house.said.replace("\n", "")
                assert "Traceback" not in house.said


def test_a_missed_check_is_told_although_the_monitor_was_killed_before(
    broker: Broker, house: House
) -> None:
    devices = Devices(broker)
    house.until_it_sees()
    with talking(broker, "siren") as siren, devices.connected():
        siren.subscribe("room-monitor/alerts/room-0")
        due_at = _begin_a_stay(house, SOON)
        assert datetime.now(UTC) < due_at, "the machine is too slow for this test"
        time.sleep(max(0, (due_at - datetime.now(UTC)).total_seconds() - 1))
        house.kill()
        house.start()
        devices.say(BAD)
        house.until(lambda: any("check_missed" in text for text in siren.heard))
        told_at = datetime.now(UTC)
        assert due_at < told_at < due_at + timedelta(seconds=5)
        house.until_stored(devices)
        house.until(lambda: len(_alerts(house)) == 2)

        # Killed again with both alerts open: neither is raised nor told twice.
        house.kill()
        house.start()
        house.until_it_sees()
        time.sleep(2)
    assert len(_alerts(house)) == 2
    assert len([text for text in siren.heard if "check_missed" in text]) == 1
    (missed,) = [b for b in house.events(BreachOpened) if b.obligation != AIR]
    assert abs(missed.began_at - due_at) < timedelta(milliseconds=1)
    assert len(house.gaps(Blindness.KILLED)) == 2
    for gap in house.gaps(Blindness.KILLED):
        assert house.is_unknown(gap.began_at, gap.ended_at)
    house.verify()


def _begin_a_stay(house: House, within: timedelta) -> datetime:
    """Begin it so long ago that the first check is due soon; return when."""
    due_at = datetime.now(UTC) + within
    began_at = (due_at - QUARTER).isoformat()
    words = ("--kind", "enclosure", "--key", "k", "--at", began_at)
    begun = house.command("begin-stay", "room-0", *words)
    assert begun.returncode == 0, begun.stderr
    return due_at


def _alerts(house: House) -> list[AlertRaised]:
    return house.events(AlertRaised)


def test_what_people_do_is_recorded_while_no_monitor_runs(
    broker: Broker, house: House
) -> None:
    house.until_it_sees()
    with talking(broker, "siren") as siren:
        siren.subscribe("room-monitor/alerts/room-0")
        due_at = _begin_a_stay(house, VERY_SOON)
        assert house.end() == 0
        while datetime.now(UTC) < due_at:
            time.sleep(0.1)

        assert house.shows("status")["running"] is False
        assert house.verdict_of_air() == ("unknown", True)
        (asked,) = house.shows("readiness", "room-0")["rooms"][0]["stays"][0]["asks"]
        assert asked["verdict"] == "violated"
        refused = house.command("check-in", "room-7")
        assert refused.returncode == 2
        assert "there is no room, stay or open alert 'room-7'" in refused.stderr

        for _ in range(2):
            checked = house.command("check-in", "room-0", "--by", "Jo", "--json")
            assert checked.returncode == 0, checked.stderr
        assert len(house.events(CheckRecorded)) == 2
        assert len(_alerts(house)) == 1
        (closed,) = house.events(BreachClosed)
        assert abs(closed.began_at - due_at) < timedelta(milliseconds=1)
        assert len(house.gaps(Blindness.NOT_RUNNING)) == 3  # one for each look at it
        assert house.gaps(Blindness.BROKER_AWAY)[1:] == []

        house.start()
        house.until_it_sees()
        # Nobody could be told before: it is told now, in its order.
        siren.wait_until(lambda: len(siren.heard) >= 2)
        assert ["raised" in text for text in siren.heard] == [True, False]
        assert "returned_to_normal" in siren.heard[1]
    gaps = house.gaps(Blindness.NOT_RUNNING)
    assert house.is_unknown(gaps[0].began_at, gaps[-1].ended_at)
    house.verify()
