"""The service manager hears of us on its socket; without one nothing happens."""

import os
import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from room_monitor.clock import machine_microseconds
from room_monitor.vigil.systemd import Systemd


class Manager:
    """Listens as systemd does."""

    def __init__(self, address: str) -> None:
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(address.replace("@", "\0", 1))
        self.socket.settimeout(5)

    def heard(self) -> list[str]:
        return self.socket.recv(4096).decode().split("\n")


@pytest.fixture(params=["path", "abstract"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "path":
        return str(tmp_path / "notify")
    return f"@room-monitor-test-{os.getpid()}"


@pytest.fixture
def manager(address: str) -> Iterator[Manager]:
    manager = Manager(address)
    yield manager
    manager.socket.close()


def test_it_is_told_what_we_do(manager: Manager, address: str) -> None:
    systemd = Systemd.of({"NOTIFY_SOCKET": address}, 1)

    systemd.ready("watching\n2 rooms")
    assert manager.heard() == ["READY=1", "STATUS=watching 2 rooms"]
    systemd.alive()
    assert manager.heard() == ["WATCHDOG=1"]
    before = machine_microseconds()
    systemd.reloading()
    reloading, since = manager.heard()
    assert reloading == "RELOADING=1"
    assert (
        before <= int(since.removeprefix("MONOTONIC_USEC=")) <= machine_microseconds()
    )
    systemd.stopping()
    assert manager.heard()[0] == "STOPPING=1"
    systemd.status("broker_away")
    assert manager.heard() == ["STATUS=broker_away"]


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"NOTIFY_SOCKET": ""},
        {"NOTIFY_SOCKET": "vsock:1:2"},
        {"NOTIFY_SOCKET": "/nowhere/at/all"},
    ],
)
def test_without_a_socket_nothing_happens(environment: dict[str, str]) -> None:
    Systemd.of(environment, 1).ready("watching")


def test_a_manager_that_does_not_read_delays_nobody(
    manager: Manager, address: str
) -> None:
    systemd = Systemd.of({"NOTIFY_SOCKET": address}, 1)
    for _ in range(1000):
        systemd.alive()


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"WATCHDOG_USEC": "30000000"}, timedelta(seconds=30)),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "7"}, timedelta(seconds=30)),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "8"}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
        ({}, None),
    ],
)
def test_how_often_it_wants_to_hear_of_us(
    environment: dict[str, str], expected: timedelta | None
) -> None:
    systemd = Systemd.of({"NOTIFY_SOCKET": "/run/notify", **environment}, 7)

    assert systemd.watchdog == expected
