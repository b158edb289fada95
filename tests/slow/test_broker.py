"""The broker of the tests is as strict and as durable as the one in production."""

import socket
import ssl
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.slow.conftest import DEVICE, MONITOR
from tests.support.authority import Authority
from tests.support.broker import Account, Broker, BrokerFailedError
from tests.support.talker import SOON, talking

TOPIC = "zigbee2mqtt/climate-1/state"


def test_what_is_published_is_heard(broker: Broker) -> None:
    with talking(broker, "monitor") as monitor, talking(broker, "device") as device:
        monitor.subscribe("#")
        device.publish(TOPIC, "21.5")
        monitor.wait_until(lambda: monitor.heard == ["21.5"])


def test_who_knows_the_authority_gets_in(secure_broker: Broker) -> None:
    with talking(secure_broker, "monitor", MONITOR) as monitor:
        assert monitor.answer == "Success"


def test_a_certificate_of_another_authority_is_not_believed(
    secure_broker: Broker, tmp_path: Path
) -> None:
    another = Authority(tmp_path / "another", "Somebody else")
    context = ssl.create_default_context(cafile=str(another.certificate))
    address = (secure_broker.host, secure_broker.port)

    with (
        socket.create_connection(address, timeout=SOON) as connection,
        pytest.raises(ssl.SSLCertVerificationError),
    ):
        context.wrap_socket(connection, server_hostname=secure_broker.host)


def test_a_wrong_password_is_refused(secure_broker: Broker) -> None:
    with talking(secure_broker, "x", Account(MONITOR.name, "guessed")) as stranger:
        assert stranger.answer == "Not authorized"


def test_nobody_gets_in_without_a_name(secure_broker: Broker) -> None:
    with talking(secure_broker, "x") as stranger:
        assert stranger.answer == "Not authorized"


def test_a_device_cannot_speak_for_another(secure_broker: Broker) -> None:
    with (
        talking(secure_broker, "monitor", MONITOR) as monitor,
        talking(secure_broker, "device", DEVICE) as device,
    ):
        monitor.subscribe("#")
        denied = device.publish("zigbee2mqtt/climate-2/state", "forged")
        allowed = device.publish(TOPIC, "own")
        monitor.wait_until(lambda: "own" in monitor.heard)

        assert denied == "Not authorized"
        assert allowed == "Success"
        assert monitor.heard == ["own"]


@pytest.mark.parametrize("end", [Broker.stop, Broker.kill], ids=["stop", "kill"])
def test_what_was_accepted_survives_the_broker(
    broker: Broker, end: Callable[[Broker], None]
) -> None:
    with talking(broker, "monitor") as monitor:
        monitor.subscribe("#")
    with talking(broker, "device") as device:
        for number in range(20):
            device.publish(TOPIC, str(number))
        # Mosquitto saves in its next turn, not before it answers.
        time.sleep(0.3)
        end(broker)
    broker.start()

    with talking(broker, "monitor") as monitor:
        monitor.wait_until(lambda: len(monitor.heard) == 20)
        assert monitor.heard == [str(number) for number in range(20)]


def test_a_broker_that_cannot_start_says_why(
    broker: Broker, new_broker: Callable[..., Broker]
) -> None:
    with pytest.raises(BrokerFailedError, match="Address already in use"):
        new_broker(port=broker.port)


def test_a_broker_that_was_stopped_comes_back(broker: Broker) -> None:
    broker.stop()

    assert not broker.is_running
    broker.restart()
    assert broker.is_running
