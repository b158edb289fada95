"""Real brokers for the slow tests."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.support import broker as mosquitto
from tests.support.authority import Authority
from tests.support.broker import Account, Broker

MONITOR = Account("room-monitor", "rm-secret", writes=("room-monitor/#",), reads=("#",))
DEVICE = Account("climate-1", "c1-secret", writes=("zigbee2mqtt/climate-1/#",))


@pytest.fixture
def new_broker(tmp_path: Path) -> Iterator[Callable[..., Broker]]:
    """Start a broker at each call, with the arguments of ``Broker``; end them all."""
    if mosquitto.find() is None or mosquitto.find("mosquitto_passwd") is None:
        pytest.skip("Mosquitto is not installed: sudo apt install mosquitto")
    with ExitStack() as running:
        count = 0

        def start(**settings: object) -> Broker:
            nonlocal count
            count += 1
            made = Broker(tmp_path / f"broker-{count}", **settings)  # type: ignore[arg-type]
            return running.enter_context(made)

        yield start


@pytest.fixture
def broker(new_broker: Callable[..., Broker]) -> Broker:
    """A broker that lets everybody do everything, without TLS."""
    return new_broker()


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    """Who signs the certificates of this test."""
    return Authority(tmp_path / "authority")


@pytest.fixture
def secure_broker(new_broker: Callable[..., Broker], authority: Authority) -> Broker:
    """A broker as in production: TLS, passwords, and each account its own topics."""
    return new_broker(accounts=[MONITOR, DEVICE], authority=authority)
