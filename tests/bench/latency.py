"""How long from publishing to durable, and from publishing to an alert at a subscriber."""

import json
import threading
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from tests.bench.running import watching
from tests.bench.sites import climates, write_site
from tests.bench.traffic import Publisher, reading, send
from tests.support.broker import Broker

ROOMS = 50
SECONDS = 10
RATES = (10, 1000, 5000)
ALERTS = 200


def run(folder: Path) -> Iterator[str]:
    """Steady rates to storage, then single readings to alerts."""
    for rate in RATES:
        figures = _stored(folder / f"rate-{rate}", rate)
        yield (
            f"  publish → stored at {rate:>5,}/s: p50 {figures['p50'] * 1e3:6.1f} ms"
            f"   p99 {figures['p99'] * 1e3:6.1f} ms"
            f"   ({figures['cpu'] / figures['count'] * 1e6:.0f} µs CPU a reading)"
        )
    for rate in (10, 1000):
        delays = sorted(alerts(folder / f"alerts-{rate}", rate))
        yield (
            f"  publish → alert at {rate:>6,}/s:"
            f" p50 {delays[len(delays) // 2] * 1e3:6.1f} ms"
            f"   p99 {delays[len(delays) * 99 // 100] * 1e3:6.1f} ms"
            f"   ({len(delays)} alerts)"
        )


def _stored(folder: Path, rate: int) -> dict[str, float]:
    with Broker(folder / "broker", durable=False) as broker:
        site = write_site(
            folder / "site", rooms=ROOMS, port=broker.port, client_id="bench-monitor"
        )
        with watching(site, folder / "state") as monitor:
            monitor.wait_until_it_sees()
            send(broker.port, climates(ROOMS), rate * SECONDS, rate)
            time.sleep(1)
            return monitor.end()


def alerts(folder: Path, rate: int) -> list[float]:
    """Seconds from publishing one bad reading to its alert at a subscriber, of many."""
    delays: list[float] = []
    enough = threading.Event()

    def heard(_c: mqtt.Client, _u: object, message: mqtt.MQTTMessage) -> None:
        told = json.loads(message.payload)
        if told["state"] == "raised" and "bench-at-once" in told["requirement"]:
            began_at = datetime.fromisoformat(told["began_at"]).timestamp()
            delays.append(time.time() - began_at)
            if len(delays) >= ALERTS:
                enough.set()

    with Broker(folder / "broker", durable=False) as broker:
        site = write_site(
            folder / "site", rooms=ROOMS, port=broker.port, client_id="bench-monitor"
        )
        listener = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
        listener.on_message = heard
        listener.connect("127.0.0.1", broker.port)
        listener.subscribe("room-monitor/alerts/#", qos=1)
        listener.loop_start()
        with watching(site, folder / "state") as monitor:
            monitor.wait_until_it_sees()
            source = Publisher(broker.port)
            topics = climates(ROOMS)
            every = max(1, rate // 20)
            start = time.perf_counter()
            number = alerts = 0
            while alerts < ALERTS:
                ahead = start + number / rate - time.perf_counter()
                if ahead > 0.001:
                    time.sleep(ahead)
                topic = topics[number % ROOMS]
                hot = number % every == 0
                if hot:
                    topic = topics[alerts % ROOMS]
                    # Cool first, so that the hot reading after it opens a new breach.
                    source.publish(topic, _temperature(number, 20.0))
                    source.publish(topic, _temperature(number, 50.0))
                    alerts += 1
                else:
                    source.publish(topic, reading(number, 600))
                number += 1
            source.close()
            enough.wait(5)
            monitor.end()
        listener.loop_stop()
        listener.disconnect()
    return delays


def _temperature(sequence: int, value: float) -> str:
    return reading(sequence, value, quantity="air_temperature")
