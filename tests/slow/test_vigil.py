"""Others see whether the monitor lives, and what it could not see stands in the log."""

import json
import signal
import socket
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from room_monitor.core.events import Blindness, TroubleFound
from room_monitor.store.sqlite import DATABASE
from tests.slow.house import Devices, House, cleared_up
from tests.support.broker import Broker
from tests.support.talker import Talker, talking
from tests.vigil.test_heartbeat import receiving

WATCHDOG = 2.0  # seconds
TOPIC = "room-monitor/monitor"
UNIT = Path(__file__).parents[2] / "deploy/systemd/room-monitor.service"


class Manager:
    """Listens on a socket as systemd does, with a clock of its own."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "notify"
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(str(self.path))

    @property
    def environment(self) -> dict[str, str]:
        return {
            "NOTIFY_SOCKET": str(self.path),
            "WATCHDOG_USEC": str(int(WATCHDOG * 1_000_000)),
        }

    def hear(self, within: float) -> str | None:
        """The next that is said, if anything is."""
        self.socket.settimeout(within)
        try:
            return self.socket.recv(4096).decode()
        except TimeoutError:
            return None

    def wait_for(self, word: str, within: float = 15) -> str:
        give_up_at = time.monotonic() + within
        while time.monotonic() < give_up_at:
            said = self.hear(0.5)
            if said is not None and word in said:
                return said
        raise AssertionError(f"{word} was not said")

    def forget(self) -> None:
        """Whatever was said until now."""
        while self.hear(0.01) is not None:
            pass


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[Manager]:
    manager = Manager(tmp_path)
    yield manager
    manager.socket.close()


@pytest.fixture
def new_house(broker: Broker, tmp_path: Path) -> Iterator[Callable[..., House]]:
    """Start a house; with more settings, and in an environment."""
    with ExitStack() as stack:

        def new(
            vigil: str = "",
            environment: dict[str, str] | None = None,
            protocol: str = "5",
        ) -> House:
            house = House(tmp_path, broker, environment=environment)
            text = house.site.read_text().replace(
                "keepalive:", f"protocol: {protocol}, keepalive:"
            )
            house.site.write_text(f"{text}vigil: {{{vigil}}}\n")
            return stack.enter_context(cleared_up(house)).start()

        yield new


@contextmanager
def locked(house: House) -> Iterator[None]:
    """Hold the lock of the database, longer than the monitor waits for it."""
    other = sqlite3.connect(house.state / DATABASE, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


def test_the_service_manager_hears_that_it_lives_and_that_it_does_not(
    new_house: Callable[..., House], manager: Manager
) -> None:
    house = new_house("scheduler_late: 2 s", manager.environment)
    assert "watching 3 room(s)" in manager.wait_for("READY=1")
    house.until_it_sees()
    manager.forget()
    for _ in range(3):
        assert manager.hear(WATCHDOG) == "WATCHDOG=1"

    house.send(signal.SIGHUP)
    reloading = manager.wait_for("RELOADING=1", 5)
    assert "MONOTONIC_USEC=" in reloading
    manager.wait_for("READY=1", 5)

    house.send(signal.SIGSTOP)
    time.sleep(0.2)
    manager.forget()
    assert manager.hear(2.5 * WATCHDOG) is None
    house.send(signal.SIGCONT)
    manager.wait_for("WATCHDOG=1", 5)
    house.until(lambda: house.gaps(Blindness.STOOD_STILL))
    gap = house.gaps(Blindness.STOOD_STILL)[0]
    assert 4 < (gap.ended_at - gap.began_at).total_seconds() < 9
    assert house.is_unknown(gap.began_at, gap.ended_at)
    found = house.until(lambda: house.events(TroubleFound))
    assert [each.trouble for each in found] == ["scheduler_late"]

    assert house.end() == 0
    manager.wait_for("STOPPING=1", 5)
    assert "Traceback" not in house.said


@pytest.mark.parametrize("protocol", ["5", "3.1.1"])
def test_the_broker_tells_that_it_is_gone_or_was_stopped(
    broker: Broker, new_house: Callable[..., House], protocol: str
) -> None:
    with talking(broker, "tablet") as tablet:
        tablet.subscribe(TOPIC)
        house = new_house(protocol=protocol)
        tablet.wait_until(lambda: _last(tablet)["state"] == "running")
        first = _last(tablet)
        assert first["troubles"] == []
        assert str(first["since"]) <= str(first["at"])
        house.kill()
        tablet.wait_until(lambda: _last(tablet) == {"state": "gone"})
        house.start()
        tablet.wait_until(lambda: _last(tablet)["state"] == "running")
        assert house.end() == 0
        tablet.wait_until(lambda: _last(tablet)["state"] == "stopped")
    with talking(broker, "late") as late:
        late.subscribe(TOPIC)
        late.wait_until(lambda: _last(late)["state"] == "stopped")


def _last(talker: Talker) -> dict[str, object]:
    heard: dict[str, object] = json.loads(talker.heard[-1]) if talker.heard else {}
    return {"state": ""} | heard


def test_while_the_store_is_away_the_heartbeat_stops_and_people_are_told_past_it(
    broker: Broker, new_house: Callable[..., House], manager: Manager, tmp_path: Path
) -> None:
    devices = Devices(broker)
    with (
        receiving() as outside,
        talking(broker, "siren") as siren,
        devices.connected(),
    ):
        (tmp_path / "heartbeat").write_text(outside.url)
        siren.subscribe("room-monitor/alerts/monitor")
        house = new_house(
            f"store_away: 3 s, settled: 1 s, heartbeat: {{url_file: "
            f"{tmp_path / 'heartbeat'}, every: 10 s}}",
            manager.environment,
        )
        house.until_it_sees()
        house.until(lambda: outside.heard)
        with locked(house):
            devices.say()
            siren.wait_until(lambda: any("store_away" in x for x in siren.heard))
            assert "Kijk zelf binnen" in siren.heard[-1]
            assert "store_away" in house.parts()["troubles"]
            assert len(outside.heard) == 1
            manager.forget()
            assert manager.hear(WATCHDOG) == "WATCHDOG=1"
            time.sleep(9)  # the next ping would have been due
            assert len(outside.heard) == 1
        house.until(lambda: len(outside.heard) == 2)
        house.until(lambda: house.gaps(Blindness.STORE_AWAY))
        (found,) = house.until(lambda: house.events(TroubleFound))
        assert found.trouble == "store_away"
        assert found.detail.endswith("people were told past the log")
        house.until(lambda: "troubles" not in house.parts())
        assert house.end() == 0
        assert "0b6f-secret" not in house.said
        assert "Traceback" not in house.said


def test_systemd_can_read_the_unit(tmp_path: Path) -> None:
    text = UNIT.read_text("utf-8")
    for line in ("Type=notify", "WatchdogSec=60", "Restart=always"):
        assert line in text.splitlines()
    unit = tmp_path / UNIT.name
    unit.write_text(
        text.replace("/opt/room-monitor/.venv/bin/room-monitor", "/bin/true")
    )
    try:
        done = subprocess.run(
            ["systemd-analyze", "verify", "--man=no", unit],
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        pytest.skip("there is no systemd here")
    assert (done.returncode, done.stderr) == (0, "")
