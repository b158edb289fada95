"""How long from a limit to the first page: at rest, under load, and after a kill."""

import asyncio
import json
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from room_monitor import control
from room_monitor.control import Do, Request
from room_monitor.core.requirements import StayKind
from tests.bench.latency import alerts
from tests.bench.running import Watched, watching
from tests.bench.sites import climates, write_site
from tests.bench.traffic import send
from tests.support.broker import Broker
from tests.support.receiver import Answer, Received, Receiver

ROOMS = 200
STAGGER = 0.1  # seconds from the limit of one room to that of the next
REMINDED = 45  # seconds from the begin of the stays, of which people are reminded first
LOAD = 1000  # readings a second
KILLS = 5
A_KILL = 20
"""So many checks run out while it is down, each time."""

QUARTER = timedelta(minutes=15)
CHECK = "check-every-quarter"
CHANNELS = ("webhook", "mqtt")

PEOPLE = """\
channels:
  - {{id: webhook, kind: webhook, url: "http://127.0.0.1:{port}/", secret_file: key}}
  - {{id: mqtt-page, kind: mqtt, topic: pages}}
people:
  - {{id: staff-1, channels: [webhook, mqtt-page]}}
shifts:
  - {{id: always, members: [staff-1], from: 00:00, until: 00:00}}
ladders:
  - id: all
    steps:
      - {{after: 0 s, tell: [on-shift]}}
    again_after: 2 h
fallback: [mqtt-page]
"""


def run(folder: Path) -> Iterator[str]:
    """The bare way of an alert first, as it is now; then pages."""
    yield f"  {ROOMS} rooms, a check missed in each, one every {STAGGER * 1e3:.0f} ms"
    for rate in (0, LOAD):
        baseline = sorted(alerts(folder / f"baseline-{rate}", rate or 10))
        where = f"at {rate:,} readings/s" if rate else "at rest"
        bare = _at(baseline, 0.99)
        yield f"  {where}: {_figures('publish → alert', baseline)}   (baseline)"
        found = _missed(folder / f"missed-{rate}", rate)
        for what, delays in found.items():
            ratio = _at(delays, 0.99) / bare
            yield f"  {where}: {_figures(what, delays)}   p99 {ratio:.1f} × baseline"
    for what, delays in _while_down(folder / "down").items():
        yield f"  killed before, {KILLS} times: {_figures(what, delays)}"


def _figures(what: str, delays: Sequence[float]) -> str:
    middle, late, last = (_at(delays, share) * 1e3 for share in (0.5, 0.99, 1))
    told = f"p50 {middle:7.1f} ms   p99 {late:7.1f} ms   max {last:7.1f} ms"
    return f"{what:26} {told}   ({len(delays)})"


def _at(delays: Sequence[float], share: float) -> float:
    return sorted(delays)[min(len(delays) - 1, int(len(delays) * share))]


# --- Whoever is paged --------------------------------------------------------------------


class Ears(Receiver):
    """A receiver over HTTP and a subscriber: when was a missed check first heard of?

    Attributes:
        heard: By channel, for each limit when its first page came, in seconds.
    """

    def __init__(self) -> None:
        super().__init__()
        self.heard: dict[str, dict[tuple[str, float], float]] = {}
        self._reminders = 0
        self._changed = threading.Condition()

    def answer_to(self, got: Received) -> Answer:
        self.hear("webhook", got.body)
        return Answer()

    def hear(self, channel: str, body: bytes) -> None:
        """One message by a channel."""
        now, told = time.time(), json.loads(body)
        if told["kind"] == "prompt" and channel == "webhook":
            with self._changed:
                self._reminders += 1
                self._changed.notify_all()
        if told["kind"] != "page" or told["requirement"] != CHECK:
            return
        since = datetime.fromisoformat(told["since"]).timestamp()
        with self._changed:
            known = self.heard.setdefault(channel, {})
            known.setdefault((told["room"], since), now)
            self._changed.notify_all()

    def wait(self, count: int, within: float) -> None:
        """Until each channel has told of so many missed checks."""

        def done() -> bool:
            return all(len(self.heard.get(c, {})) >= count for c in CHANNELS)

        with self._changed:
            assert self._changed.wait_for(done, within), {
                channel: len(known) for channel, known in self.heard.items()
            }

    def wait_for_reminders(self, count: int, within: float) -> None:
        """Until they are out of the way: each channel sends one after the other."""
        with self._changed:
            said = self._changed.wait_for(lambda: self._reminders >= count, within)
            assert said, f"only {self._reminders} reminders came in time"

    def delays(self, channel: str) -> list[float]:
        """From each limit to its first page, in seconds."""
        return [at - since for (_, since), at in self.heard[channel].items()]


@contextmanager
def listening(broker: Broker) -> Iterator[Ears]:
    """Hear pages beside the benchmark, for as long as the block."""
    ears = Ears()
    loop = asyncio.new_event_loop()
    serving = loop.run_until_complete(
        asyncio.start_server(ears.serve, "127.0.0.1", 0, backlog=1000)
    )
    ears.port = serving.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
    client.on_message = lambda _c, _u, message: ears.hear(
        "mqtt", bytes(message.payload)
    )
    client.connect("127.0.0.1", broker.port)
    client.subscribe("room-monitor/pages", qos=1)
    client.loop_start()
    try:
        yield ears
    finally:
        client.disconnect()
        client.loop_stop()
        loop.call_soon_threadsafe(serving.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


# --- Checks that are missed --------------------------------------------------------------


@contextmanager
def _house(folder: Path) -> Iterator[tuple[Broker, Path, Ears]]:
    with Broker(folder / "broker", durable=False) as broker, listening(broker) as ears:
        site = write_site(
            folder / "site", rooms=ROOMS, port=broker.port, client_id="bench-monitor"
        )
        site.write_text(site.read_text() + PEOPLE.format(port=ears.port))
        (site.parent / "key").write_text("a key of the signature, long enough")
        yield broker, site, ears


def _begin_stays(state: Path, rooms: Sequence[int], first: float, step: float) -> None:
    """A stay in each room; the limits of their checks are ``step`` seconds apart."""

    async def begin() -> None:
        for number, room in enumerate(rooms):
            due_at = datetime.fromtimestamp(first + number * step, UTC)
            answer = await control.ask(
                state,
                Request(
                    do=Do.BEGIN_STAY,
                    target=f"room-{room}",
                    role="staff",
                    person="Bench",
                    kind=StayKind.ENCLOSURE,
                    key=f"k-{room}",
                    at=due_at - QUARTER,
                ),
            )
            assert answer is not None
            assert answer.error is None, answer.error

    asyncio.run(begin())


def _missed(folder: Path, rate: int) -> dict[str, list[float]]:
    """Limits that pass while it runs, and nothing or much is published."""
    with _house(folder) as (broker, site, ears):
        state = folder / "state"
        with watching(site, state) as monitor:
            monitor.wait_until_it_sees()
            first = time.time() + REMINDED
            _begin_stays(state, range(ROOMS), first, STAGGER)
            ears.wait_for_reminders(ROOMS, first - 3 - time.time())
            time.sleep(first - 2 - time.time())
            seconds = int(ROOMS * STAGGER) + 4
            if rate:
                send(broker.port, climates(ROOMS), rate * seconds, rate)
            ears.wait(ROOMS, seconds + 30)
            figures = monitor.end()
    return {
        "limit → Paged committed": figures["paged"],
        "limit → heard by MQTT": ears.delays("mqtt"),
        "limit → heard by webhook": ears.delays("webhook"),
    }


def _while_down(folder: Path) -> dict[str, list[float]]:
    """Limits that pass while it is down: killed a moment before the first of them."""
    found: dict[str, list[float]] = {}
    with _house(folder) as (_, site, ears):
        state = folder / "state"
        monitor = Watched(site, state)
        try:
            monitor.wait_until_it_sees()
            for number in range(KILLS):
                rooms = range(number * A_KILL, (number + 1) * A_KILL)
                first = time.time() + 5
                _begin_stays(state, rooms, first, 0.005)
                time.sleep(first - 0.1 - time.time())
                monitor.kill()
                restarted = time.time()
                monitor = Watched(site, state)
                ears.wait((number + 1) * A_KILL, 60)
                monitor.wait_until_it_sees()
                for channel, known in ears.heard.items():
                    new = [(s, at) for (_, s), at in known.items() if at > restarted]
                    found.setdefault(f"limit → heard by {channel}", []).extend(
                        at - since for since, at in new
                    )
                    found.setdefault(f"restart → heard by {channel}", []).append(
                        min(at for _, at in new) - restarted
                    )
            monitor.end()
        finally:
            monitor.kill()
    return found
