"""Plays steps to a broker: a message counts once the broker has acknowledged it.

The connection may break at any time: it is made again after growing pauses, and what was
not acknowledged is sent again. A message can arrive twice, but none is lost on the way to
the broker. Blocking: run it in a thread of its own beside other work.
"""

import socket
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any, Self
from uuid import uuid4

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from sensors.simulator.broker import BrokerAddress, BrokerError, Played, Progress
from sensors.simulator.ledger import Ledger
from sensors.simulator.pace import RealDates, Waiting, paced, speed_factor
from sensors.simulator.steps import Act, Publish, Step

WINDOW = 1000
"""At most so many messages wait for their acknowledgement."""

ANSWERS_WITHIN = 10.0
"""In seconds: how long the broker may take to let us in."""

PARTING = 5.0
"""In seconds: how long to wait for acknowledgements after a stop."""

LONGEST_PAUSE = 8
"""In seconds: between two attempts to connect again."""


def real_dates(speed: float) -> RealDates:
    """What dates the messages of a play at this speed by this machine's clock."""
    return RealDates(speed, lambda: datetime.now(UTC))


class RealTime:
    """The clock of this machine; waiting ends early when the play shall stop."""

    def __init__(self, stop: Event) -> None:
        self._stop = stop

    def monotonic(self) -> float:
        """Seconds since some instant."""
        return time.monotonic()

    def stopped_within(self, seconds: float) -> bool:
        """Wait so long, or until the play shall stop."""
        return self._stop.wait(seconds) if seconds > 0 else self._stop.is_set()


def publish(
    steps: Iterable[Step],
    broker: BrokerAddress,
    *,
    speed: float = 1.0,
    on_act: Callable[[Act], None] = lambda _act: None,
    on_progress: Callable[[Progress], None] = lambda _progress: None,
    stop: Event | None = None,
    clock: Waiting | None = None,
    patience: timedelta = timedelta(minutes=2),
) -> Played:
    """Play steps to a broker, and return once it has acknowledged all of them.

    Args:
        steps: In the order of time; taken one by one as they become due. Dated by
            ``real_dates`` of the same speed if the monitor shall believe them.
        broker: Where to.
        speed: 60 plays an hour in a minute; 0 or infinity waits for nothing but the
            broker.
        on_act: Called when a person does something, in this thread.
        on_progress: Called after each step, in this thread.
        stop: Ends the play early when it is set.
        clock: Tells the time and waits; this machine's if it is not given.
        patience: How long the broker may be away in the middle of a play.

    Raises:
        BrokerError: It cannot be reached, does not let us in, or was away for too long.
        ValueError: The speed is negative.
    """
    speed_factor(speed)
    stop = stop or Event()
    acts, offset = 0, timedelta(0)
    ledger = Ledger(
        time.monotonic,
        stop.is_set,
        patience=patience.total_seconds(),
        window=WINDOW,
    )

    def progress() -> Progress:
        sent, answered = ledger.sent, ledger.acknowledged
        return Progress(offset, sent, answered, acts, ledger.is_connected)

    with _Link(broker, ledger) as link:
        for step in paced(steps, speed, clock or RealTime(stop)):
            offset = step.offset
            if isinstance(step.what, Act):
                on_act(step.what)
                acts += 1
            elif not link.send(step.what):
                break
            on_progress(progress())
        ledger.settle(PARTING)
        on_progress(at_the_end := progress())
    return Played(
        progress=at_the_end,
        refused=ledger.refused,
        reconnected=ledger.connections - 1,
        stopped=stop.is_set(),
    )


class _Link:
    """One connection, made again whenever it breaks.

    Paho calls the methods that begin with ``_on`` in a thread of its own, and holds locks
    while it does; so Paho is never called by somebody who holds the lock of the ledger.
    """

    def __init__(self, broker: BrokerAddress, ledger: Ledger) -> None:
        self._broker = broker
        self._ledger = ledger
        version = "MQTTv5" if broker.mqtt5 else "MQTTv311"
        self._client = Client(
            CallbackAPIVersion.VERSION2,
            broker.client_id or f"simulator-{uuid4().hex[:12]}",
            protocol=MQTTProtocolVersion[version],
        )
        self._client.max_inflight_messages = 0  # the ledger counts them
        self._client.reconnect_delay_set(1, LONGEST_PAUSE)
        if broker.username is not None:
            self._client.username_pw_set(broker.username, broker.password)
        self._client.on_socket_open = _send_at_once
        self._client.on_connect = self._on_connect
        self._client.on_disconnect = lambda *_: ledger.disconnected()
        self._client.on_publish = self._on_publish

    def __enter__(self) -> Self:
        try:
            if self._broker.tls:
                self._client.tls_set(self._broker.ca_file)
            self._client.connect(self._broker.host, self._broker.port)
        except OSError as error:
            message = f"cannot reach the broker at {self._broker}: {error}"
            raise BrokerError(message, may_pass=True) from error
        self._client.loop_start()
        if self._ledger.wait_for_answer(ANSWERS_WITHIN):
            return self
        self.__exit__()
        why = self._ledger.answer
        message = f"does not let us in: {why}" if why else "does not answer"
        raise BrokerError(
            f"the broker at {self._broker} {message}", may_pass=why is None
        )

    def __exit__(self, *_error: object) -> None:
        if not self._ledger.is_settled:
            self._client.drop_out_messages()  # else Paho waits for them for ever
        self._client.disconnect()
        self._client.loop_stop()
        # Nothing holds the client any more: it goes, and with it the sockets with which
        # it wakes its thread.
        self._client.on_connect = self._client.on_publish = None
        self._client.on_disconnect = None

    def send(self, message: Publish) -> bool:
        """Send once there is room; false if the play was stopped before there was."""
        if not self._ledger.make_room():
            return False
        topic, payload, retain, qos, _device = message
        sent = self._client.publish(topic, payload, qos, retain)
        if sent.rc is MQTTErrorCode.MQTT_ERR_QUEUE_SIZE:
            raise AssertionError("more messages in flight than there are numbers")
        self._ledger.name(sent.mid, topic)
        return True

    def _on_connect(
        self,
        _client: Client,
        _userdata: Any,
        _flags: object,
        answer: ReasonCode,
        properties: Properties | None,
    ) -> None:
        if answer.is_failure:
            self._ledger.not_let_in(str(answer))
        else:
            # Paho does not look at how many messages the broker takes at a time.
            self._ledger.connected(getattr(properties, "ReceiveMaximum", None))

    def _on_publish(
        self,
        _client: Client,
        _userdata: Any,
        mid: int,
        answer: ReasonCode,
        _properties: Properties,
    ) -> None:
        self._ledger.answered(mid, str(answer) if answer.is_failure else None)


def _send_at_once(_client: Client, _userdata: Any, connection: Any) -> None:
    # Nagle's algorithm and delayed acknowledgement together cost 40 ms.
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
