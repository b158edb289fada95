"""Publishes native readings, as fast as the broker takes them or at a steady rate."""

import threading
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

WINDOW = 1000


class Publisher:
    """A client that keeps at most ``WINDOW`` messages in flight."""

    def __init__(self, port: int) -> None:
        self._slots = threading.Semaphore(WINDOW)
        self._client = mqtt.Client(
            CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5, client_id="bench-source"
        )
        self._client.max_inflight_messages_set(WINDOW)
        self._client.on_publish = self._published
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()

    def _published(
        self, _c: mqtt.Client, _u: object, _m: int, _r: ReasonCode, _p: Properties
    ) -> None:
        self._slots.release()

    def publish(self, topic: str, payload: str) -> None:
        """Publish at QoS 1; waits for room in the window."""
        self._slots.acquire()
        self._client.publish(topic, payload, qos=1)

    def close(self) -> None:
        """Wait until the broker has everything."""
        for _ in range(WINDOW):
            self._slots.acquire()
        self._client.disconnect()
        self._client.loop_stop()


def reading(sequence: int, value: float, *, quantity: str = "co2") -> str:
    """One native message, dated now."""
    at = datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    return f'{{"v":1,"at":"{at}","seq":{sequence},"readings":{{"{quantity}":{value}}}}}'


def send(port: int, topics: Sequence[str], count: int, rate: float | None) -> None:
    """Send ``count`` readings over the topics in turn, at ``rate`` a second if given."""
    source = Publisher(port)
    start = time.perf_counter()
    for number, topic in zip(range(count), _around(topics), strict=False):
        if rate is not None:
            ahead = start + number / rate - time.perf_counter()
            if ahead > 0.001:
                time.sleep(ahead)
        turn = number // len(topics)
        source.publish(topic, reading(turn + 1, 600 + turn % 50))
    source.close()


def _around(topics: Sequence[str]) -> Iterator[str]:
    while True:
        yield from topics
