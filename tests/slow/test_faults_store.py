"""A store that cannot be written for a while delays everything and loses nothing."""

import resource
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Final

import pytest

from room_monitor.core.events import Blindness, CheckRecorded, ConfigurationChanged
from room_monitor.store.sqlite import DATABASE
from tests.slow.house import BAD, REQUIREMENTS, Devices, House, cleared_up, write_site
from tests.support.broker import Broker
from tests.support.disk import may_mount, mounted

_DISK: Final = 24 * 1024 * 1024  # bytes
_LOCKED: Final = "another program holds the database locked"
_STUCK: Final = "the disk does not read or write"


@contextmanager
def a_full_disk(house: House) -> Iterator[None]:
    """Fill the disk of the state folder to the last byte."""
    ballast = house.state / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            for size in (1 << 20, 1 << 12, 1):
                try:
                    while True:
                        file.write(b"\0" * size)
                except OSError:
                    continue
            yield
        finally:
            ballast.unlink()


@contextmanager
def files_that_may_not_grow(house: House) -> Iterator[None]:
    """What somebody without any rights can do: let every file be too large."""
    _, hard = resource.prlimit(house.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(house.pid, resource.RLIMIT_FSIZE, (1024, hard))
    try:
        yield
    finally:
        resource.prlimit(house.pid, resource.RLIMIT_FSIZE, (hard, hard))


@contextmanager
def another_program_writing(house: House) -> Iterator[None]:
    """Hold the lock of the database, longer than the monitor waits for it."""
    other = sqlite3.connect(house.state / DATABASE, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


@pytest.fixture
def house(broker: Broker, tmp_path: Path) -> Iterator[House]:
    """A house that is watched, on a disk of its own if that may be."""
    if may_mount():
        with (
            mounted(tmp_path / "disk", f"size={_DISK}") as disk,
            cleared_up(House(tmp_path, broker, disk / "state")) as house,
        ):
            yield house
    else:
        with cleared_up(House(tmp_path, broker)) as house:
            yield house


def test_a_store_that_cannot_be_written_for_a_while(
    broker: Broker, house: House
) -> None:
    """One life of the monitor, in which everything happens to its disk."""
    devices = Devices(broker)
    house.start()
    house.until_it_sees()
    with devices.connected():
        devices.say()
        begun = house.command(
            "begin-stay", "room-0", "--kind", "enclosure", "--key", "k"
        )
        assert begun.returncode == 0, begun.stderr

        _cannot_write(house, devices, another_program_writing, _LOCKED)
        _cannot_write(house, devices, files_that_may_not_grow, _STUCK)
        if may_mount():
            _cannot_write(house, devices, a_full_disk, "the disk is full")

        assert house.verdict_of_air() == ("met", False)
    assert house.end() == 0
    assert "Traceback" not in house.said
    house.verify()


def _cannot_write(
    house: House,
    devices: Devices,
    fault: Callable[[House], AbstractContextManager[None]],
    told: str,
) -> None:
    checks = len(house.events(CheckRecorded))
    gaps = len(house.gaps(Blindness.STORE_AWAY))
    checking = Thread(target=house.command, args=("check-in", "room-0"))
    with devices.flowing():
        time.sleep(0.3)
        began_at = datetime.now(UTC)
        with fault(house):
            checking.start()
            house.until(lambda: told in house.parts().get("store", ""))
            time.sleep(1.5)
            assert told in house.shows("status")["parts"]["store"]
            stored = len(house.stored())
        assert len(house.events(CheckRecorded)) == checks
        house.until(lambda: len(house.stored()) > stored)
    house.until_stored(devices)
    checking.join()
    house.until(lambda: len(house.gaps(Blindness.STORE_AWAY)) > gaps)
    gap = house.gaps(Blindness.STORE_AWAY)[-1]
    assert abs(gap.began_at - began_at) < timedelta(seconds=1)
    assert gap.ended_at - gap.began_at > timedelta(seconds=1.5)
    assert house.is_unknown(gap.began_at, gap.ended_at)
    assert "store" not in house.parts()
    assert len(house.events(CheckRecorded)) == checks + 1


def test_new_settings_wait_for_the_store(broker: Broker, house: House) -> None:
    devices = Devices(broker)
    house.start()
    house.until_it_sees()
    with devices.connected():
        devices.say()
        house.until_stored(devices)
    write_site(
        house.site.parent, broker, requirements=REQUIREMENTS.replace("1200", "500")
    )
    with another_program_writing(house):
        house.send(signal.SIGHUP)
        time.sleep(5)
    house.until(lambda: house.events(ConfigurationChanged))
    house.until(lambda: house.verdict_of_air() == ("violated", False))


def test_a_monitor_that_is_told_to_stop_does_not_wait_for_the_store(
    broker: Broker, house: House
) -> None:
    """The broker keeps what was not stored, and hands it out after the restart."""
    devices = Devices(broker)
    house.start()
    house.until_it_sees()
    with devices.connected():
        with another_program_writing(house):
            devices.say(BAD, times=5)
            house.until(lambda: "locked" in house.parts().get("store", ""))
            began = time.monotonic()
            code = house.end()
        assert time.monotonic() - began < 10
        assert code == 1
        assert "Traceback" not in house.said
        assert "locked" in house.said
        house.start()
        house.until_stored(devices)
