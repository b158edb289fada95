"""The broker that deploy/ describes starts, and lets each account do its own only."""

import os
from pathlib import Path

import pytest

from tests.support import broker as mosquitto
from tests.support.authority import Authority
from tests.support.broker import Account, Broker
from tests.support.talker import talking

MOSQUITTO = Path(__file__).parents[2] / "deploy" / "mosquitto"
MONITOR = Account("room-monitor", "rm-secret")
VENT = Account("shelly-vent-calm-1", "v-secret")


@pytest.fixture
def deployed(tmp_path: Path, authority: Authority) -> Broker:
    """The example, with the paths and the port of this test."""
    if mosquitto.find() is None:
        pytest.skip("Mosquitto is not installed: sudo apt install mosquitto")
    directory = tmp_path / "deployed"
    broker = Broker(directory, accounts=[MONITOR, VENT], authority=authority)
    server = authority.sign_server()
    settings = (MOSQUITTO / "mosquitto.conf").read_text()
    for theirs, ours in {
        "listener 8883": f"listener {broker.port} {broker.host}",
        "/etc/mosquitto/certs/broker.crt": str(server.certificate),
        "/etc/mosquitto/certs/broker.key": str(server.key),
        "/etc/mosquitto/passwords": str(directory / "passwords"),
        "/etc/mosquitto/access": str(MOSQUITTO / "access"),
    }.items():
        assert theirs in settings
        settings = settings.replace(theirs, ours)
    settings += f"persistence_location {directory / 'store'}/\n"
    if os.geteuid() == 0:
        settings += "user root\n"
    (directory / "mosquitto.conf").write_text(settings)
    return broker


def test_a_device_writes_its_own_topics_and_the_monitor_hears_it(
    deployed: Broker,
) -> None:
    with (
        deployed,
        talking(deployed, "monitor", MONITOR) as monitor,
        talking(deployed, "vent", VENT) as vent,
    ):
        monitor.subscribe("shelly/#")
        denied = vent.publish("shelly/another/status/switch:0", "forged")
        vent.publish("shelly/vent-calm-1/status/switch:0", "on")
        monitor.wait_until(lambda: "on" in monitor.heard)

        assert denied == "Not authorized"
        assert monitor.heard == ["on"]


def test_the_monitor_cannot_speak_for_a_device(deployed: Broker) -> None:
    with deployed, talking(deployed, "monitor", MONITOR) as monitor:
        answer = monitor.publish("shelly/vent-calm-1/status/switch:0", "forged")

        assert answer == "Not authorized"
