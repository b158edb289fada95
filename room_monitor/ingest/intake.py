"""What becomes of one message: the path that is walked thousands of times a second.

message → probe? → read → refusals counted → offered to the engine
                                                  │ once it is stored
                                                  v
                                            acknowledged
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from hashlib import blake2b
from typing import Final

from room_monitor.clock import Clock
from room_monitor.draft import Arrival
from room_monitor.ingest.decode import Router, Said
from room_monitor.ingest.mqtt import Connection, Message
from room_monitor.ingest.refusals import Refusals
from room_monitor.ingest.topics import OwnTopics
from room_monitor.store import Delivery

MOST_WAITING: Final = 10_000
"""How many messages may wait for the engine. Beyond that QoS 0 is dropped, and nothing
more is read until half of them are stored: the broker keeps the rest."""

_NO_TEXT: Final = "(a topic that is not UTF-8)"
_DROPPED: Final = f"dropped: {MOST_WAITING} messages were waiting"


class Intake:
    """Turns messages into arrivals.

    Attributes:
        received: How many messages came in.
        dropped: How many of them were dropped because too many waited.
        waiting: How many are not stored yet.
    """

    def __init__(
        self,
        refusals: Refusals,
        clock: Clock,
        *,
        offer: Callable[[Arrival], None],
        came_back: Callable[[Connection, bytes], None],
    ) -> None:
        """Call ``listen`` before the first message comes in.

        Args:
            refusals: Where to count what cannot be used.
            clock: Dates what comes in.
            offer: Takes arrivals.
            came_back: Told of a probe when everything before it is stored.
        """
        self.received = self.dropped = self.waiting = 0
        self._refusals = refusals
        self._now = clock.now
        self._offer = offer
        self._came_back = came_back
        self._paused: Connection | None = None

    def listen(self, router: Router, own: OwnTopics) -> None:
        """From now on these devices are listened to, and these topics are our own."""
        self._read = router.read
        self._probe_topic = own.probe
        self._own_topics = own

    def take(self, connection: Connection, message: Message) -> None:
        """A message came in on a connection."""
        self.received += 1
        now = self._now()
        payload = bytes(message.payload)
        qos = message.qos
        try:
            topic = message.topic
        except UnicodeDecodeError:
            topic = _NO_TEXT
        if self.waiting >= MOST_WAITING:
            if not qos:
                self.dropped += 1
                self._refusals.of_topic(topic, _DROPPED, payload, now)
                return
            connection.pause()
            self._paused = connection
        self.waiting += 1
        if topic == self._probe_topic:
            done = partial(self._probed, connection, message.mid, payload)
            self._offer(Arrival((), now, None, message.dup, done))
            return
        said = self._read(topic, payload, received_at=now, retained=message.retain)
        if said.rejections or not said.known:
            self._refuse(said, topic, payload, now)
        if not qos:
            self._offer(Arrival(said.readings, now, None, message.dup, self._stored))
            return
        mid = message.mid
        delivery = None
        if said.readings:
            digest = blake2b(b"%b\0%b" % (topic.encode(), payload), digest_size=16)
            delivery = Delivery(mid, digest.digest())
        done = partial(self._acknowledge, connection, mid)
        self._offer(Arrival(said.readings, now, delivery, message.dup, done))

    def _refuse(self, said: Said, topic: str, payload: bytes, at: datetime) -> None:
        for rejection in said.rejections:
            for device in rejection.devices:
                self._refusals.of_device(device, rejection.reason, payload, at)
        if not said.known and not self._own_topics.has(topic):
            self._refusals.of_topic(topic, "no device lives here", payload, at)

    def _acknowledge(self, connection: Connection, mid: int) -> None:
        connection.acknowledge(mid)
        self._stored()

    def _probed(self, connection: Connection, mid: int, payload: bytes) -> None:
        if mid:
            connection.acknowledge(mid)
        self._stored()
        self._came_back(connection, payload)

    def _stored(self) -> None:
        self.waiting -= 1
        if self._paused is not None and self.waiting <= MOST_WAITING // 2:
            self._paused.resume()
            self._paused = None
