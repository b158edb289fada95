"""An MQTT 5 client for tests: it says things and remembers what it hears."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from paho.mqtt.client import Client, ConnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from tests.support.broker import Account, Broker

SOON = 10.0  # seconds


class Talker:
    """A client with a persistent session.

    Attributes:
        heard: The payloads it received, in order.
        answer: What the broker answered when it connected.
    """

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

    def publish(self, topic: str, payload: str | bytes) -> ReasonCode:
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
        # Paho closes the sockets with which it wakes itself only when it is collected.
        self._client._reset_sockets()

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
    """Connect a client, and let it leave at the end."""
    talker = Talker(broker, name, account)
    try:
        yield talker.connect()
    finally:
        talker.leave()
