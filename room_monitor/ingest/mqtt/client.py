"""A client of paho-mqtt as we use it, and how it is connected.

What is read here, passwords and certificates, is read again for each connection: they may
have been renewed.
"""

import os
import ssl
from typing import Any, Final

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from room_monitor.settings.values import Broker, Protocol, Tls

SESSION_SECONDS: Final = 7 * 86_400
"""How long the broker keeps what is said while we are away (MQTT 5)."""

MOST_UNANSWERED: Final = 1_000
"""How many of our own messages may be on their way."""

_AT_ONCE: Final = 64 * 1024  # bytes asked of the socket


class LeanClient(Client):
    """Paho with fewer system calls: reads in large pieces, acknowledges many at once.

    Paho reads three times and writes once for each message. Where a later version of it
    no longer asks these methods, it is only slower.
    """

    def __init__(self, **settings: Any) -> None:
        super().__init__(CallbackAPIVersion.VERSION2, **settings)
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
    if broker.protocol is Protocol.V5:
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
    if broker.protocol is Protocol.V311:
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
