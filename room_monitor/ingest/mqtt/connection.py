"""One connection to the broker, from CONNECT to its loss: the door of paho-mqtt.

Each connection is a client of its own, so nothing of a lost one can reach the next: a
packet id that came in on one connection can only be acknowledged on that one. What must
outlive a connection lives at the broker, in the session kept under the client id.

Everything but opening happens on the event loop.
"""

import asyncio
import socket
import ssl
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

from paho.mqtt.client import (
    Client,
    ConnectFlags,
    DisconnectFlags,
    error_string,
)
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from room_monitor.ingest.mqtt.client import (
    MOST_UNANSWERED,
    Message,
    connect,
    new_client,
)
from room_monitor.settings.values import Broker
from room_monitor.settings.values import Protocol as Version

CONNECT_SECONDS: Final = 10.0
"""How long the broker may take to answer."""

_ONCE: Final = 100  # packets read before others get their turn

_REFUSED = {
    "Bad user name or password": "user name or password is wrong",
    "Not authorized": "not authorised: check user name, password and access rules",
    "Client identifier not valid": "the client id is not accepted",
    "Unsupported protocol version": "it does not speak this version of MQTT; try another",
}


class ConnectError(Exception):
    """The connection did not come about; trying again may help, or a technician.

    Attributes:
        reason: For a technician, without secrets.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class PublishError(ConnectionError):
    """The broker did not take a message; a new connection may."""


class PublishDeniedError(PublishError):
    """The broker said that it does not want a message; it may never do so."""


class Connection:
    """One connection. ``open`` it once; ``lost`` tells when and why it ended."""

    def __init__(
        self,
        broker: Broker,
        on_message: Callable[["Connection", Message], None],
        *,
        will: tuple[str, bytes],
    ) -> None:
        self._broker = broker
        self._loop = asyncio.get_running_loop()
        self._accepted: asyncio.Future[bool] = self._loop.create_future()
        self.lost: asyncio.Future[str] = self._loop.create_future()
        """Why it ended; an exception, if that was our own fault."""
        self._sock: socket.socket | None = None
        self._reading = False
        self._flushing = False
        self._published: dict[int, asyncio.Future[None]] = {}
        self._subscribed: dict[int, asyncio.Future[list[str | None]]] = {}
        self._client = client = new_client(broker, will)
        client.on_socket_open = self._on_socket_open
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        client.on_subscribe = self._on_subscribe
        client.on_publish = self._on_publish
        client.hear = partial(on_message, self)

    # --- Its life -----------------------------------------------------------------------

    async def open(self) -> bool:
        """Connect. Returns whether the broker kept our session.

        Raises:
            ConnectError: The broker cannot be reached, or does not want us.
        """
        opening = asyncio.ensure_future(
            asyncio.to_thread(connect, self._client, self._broker)
        )
        try:
            await asyncio.shield(opening)
            self._attach()
            async with asyncio.timeout(CONNECT_SECONDS):
                return await self._accepted
        except TimeoutError:
            self.close()
            raise ConnectError("the broker does not answer") from None
        except ssl.SSLCertVerificationError as error:
            raise ConnectError(f"TLS: {error.verify_message}") from error
        except ssl.SSLError as error:
            raise ConnectError(f"TLS: {error.reason or error}") from error
        except OSError as error:
            why = error.strerror or str(error)
            if error.filename is not None:
                why = f"{error.filename}: {why}"
            raise ConnectError(why) from error
        except asyncio.CancelledError:
            # The thread cannot be interrupted; what it opens is closed behind it.
            opening.add_done_callback(self._abandon)
            raise

    def give_up(self, reason: str) -> None:
        """It is of no use any more, whatever the broker thinks."""
        self._end(reason)

    def close(self, last_words: tuple[str, bytes] | None = None) -> None:
        """Leave, if it is still there. The session stays at the broker."""
        sock = self._client.socket()
        if sock is not None and self._accepted.done():
            if last_words is not None:
                self._client.publish(*last_words, qos=0, retain=True)
            self.write_acknowledgements()
            self._client.disconnect()
            self._client.loop_write()
        self._drop()
        self._end("closed")

    def _abandon(self, opening: "asyncio.Future[None]") -> None:
        if not opening.cancelled():
            opening.exception()  # nobody waits for it any more
        self._drop()

    def _drop(self) -> None:
        self._detach()
        if self._sock is not None:
            self._sock.close()

    def _end(self, reason: str | Exception) -> None:
        if not self.lost.done():
            if isinstance(reason, str):
                self.lost.set_result(reason)
            else:
                self.lost.set_exception(reason)
        if not self._accepted.done():
            self._accepted.set_exception(ConnectError(str(reason)))
            self._accepted.exception()  # nobody has to ask
        waits: list[asyncio.Future[Any]] = [
            *self._published.values(),
            *self._subscribed.values(),
        ]
        for waiting in waits:
            if not waiting.done():
                waiting.set_exception(PublishError(str(reason)))
                waiting.exception()  # nobody has to ask
        self._published.clear()
        self._subscribed.clear()

    # --- What it does -------------------------------------------------------------------

    def acknowledge(self, mid: int) -> None:
        """Tell the broker that a message is safe here; sent once this turn is over."""
        self._client.acknowledge(mid)
        if not self._flushing:
            self._flushing = True
            self._loop.call_soon(self.write_acknowledgements)

    def write_acknowledgements(self) -> None:
        """Send what was acknowledged since the last time."""
        self._flushing = False
        if not self.lost.done():
            self._client.write_acknowledgements()

    def publish(
        self, topic: str, payload: bytes, *, qos: int = 1, retain: bool = False
    ) -> asyncio.Future[None]:
        """Publish. The answer comes when the broker has it (QoS 1) or it is sent (QoS 0).

        Raises ``PublishError`` through the answer, never itself.
        """
        answer: asyncio.Future[None] = self._loop.create_future()
        if self.lost.done() or not self._accepted.done():
            answer.set_exception(PublishError("not connected"))
        elif len(self._published) >= MOST_UNANSWERED:
            answer.set_exception(PublishError("too many messages are on their way"))
        else:
            sent = self._client.publish(topic, payload, qos=qos, retain=retain)
            if sent.rc:
                answer.set_exception(PublishError(error_string(sent.rc)))
            else:
                self._published[sent.mid] = answer
        if answer.done():
            answer.exception()  # nobody has to ask
        return answer

    def subscribe(self, filters: Sequence[str]) -> asyncio.Future[list[str | None]]:
        """Subscribe with QoS 1. The answer gives, per filter, why it was refused."""
        answer: asyncio.Future[list[str | None]] = self._loop.create_future()
        wanted: list[tuple[str, Any]]
        if self._broker.protocol is Version.V5:
            # What is retained comes with a new subscription only, not with each connection.
            options = SubscribeOptions(
                qos=1, retainHandling=SubscribeOptions.RETAIN_SEND_IF_NEW_SUB
            )
            wanted = [(each, options) for each in filters]
        else:
            wanted = [(each, 1) for each in filters]
        rc, mid = self._client.subscribe(wanted)
        if rc or mid is None:
            answer.set_exception(PublishError(error_string(rc)))
            answer.exception()
        else:
            self._subscribed[mid] = answer
        return answer

    def unsubscribe(self, filters: Sequence[str]) -> None:
        """No longer hear these."""
        if filters and not self.lost.done():
            self._client.unsubscribe(list(filters))

    def pause(self) -> None:
        """Read nothing until ``resume``; the broker has to wait."""
        if self._reading and self._sock is not None:
            self._reading = False
            self._loop.remove_reader(self._sock)

    def resume(self) -> None:
        """Read again."""
        if not self._reading and not self.lost.done() and self._sock is not None:
            self._reading = True
            self._loop.add_reader(self._sock, self._on_readable)
            if self._client.has_more:
                self._loop.call_soon(self._on_readable)

    def keep_alive(self) -> None:
        """Ping the broker when it is time, and notice that it does not answer."""
        if not self.lost.done() and self._accepted.done():
            self._client.loop_misc()

    def _on_socket_open(self, _client: Client, _user: object, sock: Any) -> None:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._sock = sock

    # --- What paho tells, on the event loop ---------------------------------------------

    def _attach(self) -> None:
        self._client.on_socket_register_write = self._wants_to_write
        self._client.on_socket_unregister_write = self._has_written
        self._client.on_socket_close = lambda *_: self._detach()
        if self._client.socket() is None:
            self._end("the broker closed the connection")
            return
        self.resume()
        if self._client.want_write() and self._sock is not None:
            self._loop.add_writer(self._sock, self._on_writable)

    def _wants_to_write(self, _client: Client, _user: object, sock: Any) -> None:
        self._loop.add_writer(sock, self._on_writable)

    def _has_written(self, _client: Client, _user: object, sock: Any) -> None:
        if sock.fileno() >= 0:
            self._loop.remove_writer(sock)

    def _detach(self) -> None:
        self._reading = False
        if self._sock is not None and self._sock.fileno() >= 0:
            self._loop.remove_reader(self._sock)
            self._loop.remove_writer(self._sock)

    def _on_readable(self) -> None:
        client = self._client
        try:
            for _ in range(_ONCE):
                if client.loop_read() or not client.has_more or not self._reading:
                    break
            else:
                self._loop.call_soon(self._on_readable)
        except Exception as error:  # noqa: BLE001 - told to whom waits for the end
            self._drop()
            self._end(error)

    def _on_writable(self) -> None:
        self._client.loop_write()

    def _on_connect(
        self,
        _client: Client,
        _user: object,
        flags: ConnectFlags,
        code: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        if self._accepted.done():
            return
        if code.is_failure:
            name = code.getName()
            reason = _REFUSED.get(name, name)
            self._accepted.set_exception(
                ConnectError(f"the broker refuses us: {reason}")
            )
        else:
            self._accepted.set_result(flags.session_present)

    def _on_disconnect(
        self,
        _client: Client,
        _user: object,
        flags: DisconnectFlags,
        code: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        name = code.getName()
        if name == "Session taken over":
            name = f"another program uses our client id {self._broker.client_id!r}"
        elif not flags.is_disconnect_packet_from_server:
            name = "the connection was lost"
        self._end(name)

    def _on_subscribe(
        self,
        _client: Client,
        _user: object,
        mid: int,
        codes: list[ReasonCode],
        _properties: Properties | None,
    ) -> None:
        answer = self._subscribed.pop(mid, None)
        if answer is not None and not answer.done():
            answer.set_result(
                [code.getName() if code.is_failure else None for code in codes]
            )

    def _on_publish(
        self,
        _client: Client,
        _user: object,
        mid: int,
        code: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        answer = self._published.pop(mid, None)
        if answer is None or answer.done():
            return
        if code.is_failure:
            name = code.getName()
            answer.set_exception(PublishDeniedError(f"the broker refuses it: {name}"))
            answer.exception()
        else:
            answer.set_result(None)
