"""The broker of the tests is as strict and as durable as the one in production."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from paho.mqtt.client import Client, ConnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from tests.slow.conftest import DEVICE, MONITOR
from tests.support.authority import Authority
from tests.support.broker import Account, Broker, BrokerFailedError

TOPIC = "zigbee2mqtt/climate-1/state"
SOON = 10.0  # seconds


class Talker:
    """An MQTT 5 client with a persistent session that remembers what it hears."""

    def __init__(
        self, broker: Broker, name: str, account: Account | None = None
    ) -> None:
        self.heard: list[str] = []
        self.answer: ReasonCode | None = None
        self._news = threading.Condition()
        self._broker = broker
        self._client = Client(
            CallbackAPIVersion.VERSION2, name, protocol=MQTTProtocolVersion.MQTTv5
        )
        if account is not None:
            self._client.username_pw_set(account.name, account.password)
        if broker.authority is not None:
            self._client.tls_set(str(broker.authority.certificate))
        self._client.on_message = self._on_message
        self._client.on_connect = self._on_connect

    def connect(self) -> "Talker":
        """Connect, and wait for the broker's answer."""
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        properties.SessionExpiryInterval = 3600
        self._client.connect(
            self._broker.host,
            self._broker.port,
            clean_start=False,
            properties=properties,
        )
        self._client.loop_start()
        self.wait_until(lambda: self.answer is not None)
        return self

    def subscribe(self, topic: str) -> "Talker":
        done = threading.Event()
        self._client.on_subscribe = lambda *_: done.set()
        self._client.subscribe(topic, qos=1)
        assert done.wait(SOON)
        return self

    def publish(self, topic: str, payload: str) -> ReasonCode:
        """Publish with QoS 1 and return the broker's answer to it."""
        answers: list[ReasonCode] = []

        def on_publish(
            _client: Client, _user: object, _mid: int, code: ReasonCode, _p: Properties
        ) -> None:
            with self._news:
                answers.append(code)
                self._news.notify_all()

        self._client.on_publish = on_publish
        self._client.publish(topic, payload, qos=1)
        self.wait_until(lambda: bool(answers))
        return answers[0]

    def wait_until(self, said: Callable[[], bool]) -> None:
        with self._news:
            assert self._news.wait_for(said, SOON)

    def leave(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def _on_connect(
        self,
        _client: Client,
        _user: object,
        _flags: ConnectFlags,
        code: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        with self._news:
            self.answer = code
            self._news.notify_all()

    def _on_message(self, _client: Client, _user: object, message: MQTTMessage) -> None:
        with self._news:
            self.heard.append(message.payload.decode())
            self._news.notify_all()


@contextmanager
def talking(
    broker: Broker, name: str, account: Account | None = None
) -> Iterator[Talker]:
    talker = Talker(broker, name, account)
    try:
        yield talker.connect()
    finally:
        talker.leave()


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
