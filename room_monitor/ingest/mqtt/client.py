"""A client of paho-mqtt as we use it, and how it is connected.

What is read here, passwords and certificates, is read again for each connection: they may
have been renewed.
"""

import os
import socket
import ssl
from collections.abc import Callable
from typing import Any, Final, NamedTuple, Protocol

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from room_monitor.settings.values import Broker, Tls
from room_monitor.settings.values import Protocol as Version

SESSION_SECONDS: Final = 7 * 86_400
"""How long the broker keeps what is said while we are away (MQTT 5)."""

MOST_UNANSWERED: Final = 1_000
"""How many of our own messages may be on their way."""

_AT_ONCE: Final = 64 * 1024  # bytes asked of the socket


class Message(Protocol):
    """What came in. The topic raises ``UnicodeDecodeError`` if it is not UTF-8."""

    @property
    def topic(self) -> str:
        """Where it was published."""
        ...

    @property
    def payload(self) -> bytes | bytearray:
        """What was published."""
        ...

    @property
    def mid(self) -> int:
        """Its packet id, 0 for QoS 0."""
        ...

    @property
    def qos(self) -> int:
        """0, 1 or 2."""
        ...

    @property
    def retain(self) -> bool:
        """The broker replays it from its store."""
        ...

    @property
    def dup(self) -> bool:
        """The broker has sent it before."""
        ...


class Received(NamedTuple):
    """A ``Message`` without properties."""

    raw_topic: bytes
    payload: bytes
    mid: int
    qos: int
    retain: bool
    dup: bool

    @property
    def topic(self) -> str:
        """Where it was published."""
        return self.raw_topic.decode()


class LeanClient(Client):
    """Paho with less to do for each message.

    It reads from the socket three times for a message and writes once, and spends half of
    its time on properties that are not there. Here it reads in large pieces, many messages
    are acknowledged at once, and a plain PUBLISH is taken apart without ceremony. Where a
    later version of paho no longer asks these methods, it is only slower.

    Attributes:
        hear: Is told of every message; set it before connecting.
    """

    def __init__(self, **settings: Any) -> None:
        super().__init__(CallbackAPIVersion.VERSION2, **settings)
        self.hear: Callable[[Message], None]
        self.on_message = lambda _client, _user, message: self.hear(message)
        self._read = b""
        self._read_to = 0
        self._acknowledged = bytearray()

    @property
    def has_more(self) -> bool:
        """Whether something was read from the socket that was not looked at."""
        if self._read_to < len(self._read):
            return True
        sock = self.socket()
        return isinstance(sock, ssl.SSLSocket) and sock.pending() > 0

    def _sock_recv(self, bufsize: int) -> bytes:
        start = self._read_to
        if start == len(self._read):
            self._read = super()._sock_recv(max(bufsize, _AT_ONCE))
            start = 0
        self._read_to = end = min(start + bufsize, len(self._read))
        return self._read[start:end]

    def _ssl_wrap_socket(self, tcp_sock: socket.socket) -> ssl.SSLSocket:
        # As paho does, but a socket whose handshake fails is closed.
        if self._ssl_context is None:
            raise ssl.SSLError("there is no context")
        return self._ssl_context.wrap_socket(tcp_sock, server_hostname=self.host)

    def _handle_publish(self) -> MQTTErrorCode:
        # 3.3 of MQTT: topic length, topic, packet id (QoS > 0), properties (MQTT 5)
        flags = self._in_packet["command"]
        body = bytes(self._in_packet["packet"])
        qos = flags >> 1 & 3
        at = topic_end = 2 + int.from_bytes(body[:2], "big")
        if qos:
            at += 2
        if self._protocol == MQTTProtocolVersion.MQTTv5:
            at += 1
            if body[at - 1 : at] != b"\0":
                return super()._handle_publish()
        if qos > 1 or topic_end == 2 or at > len(body):
            return super()._handle_publish()
        mid = int.from_bytes(body[topic_end : topic_end + 2], "big") if qos else 0
        topic, payload = body[2:topic_end], body[at:]
        self.hear(Received(topic, payload, mid, qos, flags & 1 == 1, flags & 8 == 8))
        return MQTTErrorCode.MQTT_ERR_SUCCESS

    def acknowledge(self, mid: int) -> None:
        """Acknowledge a QoS 1 message, together with what else is acknowledged now."""
        self._acknowledged += b"\x40\x02" + mid.to_bytes(2, "big")

    def write_acknowledgements(self) -> None:
        """Send what was acknowledged."""
        if self._acknowledged and self.socket() is not None:
            packets, self._acknowledged = bytes(self._acknowledged), bytearray()
            self._packet_queue(0x40, packets, 0, 1)


def new_client(broker: Broker, will: tuple[str, bytes]) -> LeanClient:
    """A client for one connection. The session stays the same: it is named by the id."""
    if broker.protocol is Version.V5:
        client = LeanClient(
            client_id=broker.client_id,
            protocol=MQTTProtocolVersion.MQTTv5,
            reconnect_on_failure=False,
            manual_ack=True,
        )
    else:
        client = LeanClient(
            client_id=broker.client_id,
            protocol=MQTTProtocolVersion.MQTTv311,
            clean_session=False,
            reconnect_on_failure=False,
            manual_ack=True,
        )
    topic, payload = will
    client.will_set(topic, payload, qos=1, retain=True)
    client.max_inflight_messages = MOST_UNANSWERED
    return client


def connect(client: Client, broker: Broker) -> None:
    """Open the connection and say CONNECT. Blocks: belongs in a thread.

    Raises:
        OSError: A file cannot be read, the broker not be reached, or TLS failed.
    """
    if broker.username is not None:
        client.username_pw_set(broker.username, _password(broker))
    if broker.tls is not None:
        client.tls_set_context(_context(broker.tls))
    keepalive = int(broker.keepalive.total_seconds())
    if broker.protocol is Version.V311:
        client.connect(broker.host, broker.port, keepalive)
        return
    properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
    properties.SessionExpiryInterval = SESSION_SECONDS
    properties.ReceiveMaximum = broker.receive_maximum
    client.connect(
        broker.host, broker.port, keepalive, clean_start=False, properties=properties
    )


def _password(broker: Broker) -> str | None:
    if broker.password_file is not None:
        return broker.password_file.read_text().rstrip("\r\n")
    if broker.password_env is not None:
        return os.environ.get(broker.password_env)
    return None


def _context(tls: Tls) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=tls.ca and str(tls.ca))
    if tls.cert is not None:
        context.load_cert_chain(tls.cert, tls.key)
    return context
