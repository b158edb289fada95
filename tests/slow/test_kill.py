"""Killed at any moment, a monitor loses nothing, doubles nothing, and dates alike.

Two monitors hear the same devices from one broker with TLS, passwords and access rules.
One is left alone. The other is killed with SIGKILL at random moments, at least fifty times.
Afterwards both must have stored every published reading exactly once, and have found the
same breaches, each with the same begin and the same end.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import Event, Thread
from typing import Self

from room_monitor.core.events import BreachClosed, BreachOpened, Closing, GapFound
from room_monitor.store import NoStore, SqliteReader, StoreUnavailable
from tests.support.authority import Authority
from tests.support.broker import Account, Broker
from tests.support.talker import Talker

KILLS = 50
ROOMS = 4
SEED = 20261122

REQUIREMENTS = """\
catalogue:
  version: kill-test
requirements:
  - id: air
    label: indication
    citation: test
    nl: lucht
    en: air
    applies: {rooms: [safe_room]}
    valid_from: 2024-01-01
    asks:
      - {key: co2, evidence: live, kind: within_range, role: climate, quantity: co2,
         high: 1200 ppm, dwell: 1 s, priority: high}
      - {key: at-once, evidence: live, kind: within_range, role: climate,
         quantity: air_temperature, high: 27 °C, priority: urgent}
  - id: heard
    label: indication
    citation: test
    nl: gehoord
    en: heard
    applies: {rooms: [safe_room]}
    valid_from: 2024-01-01
    asks:
      - {key: heard, evidence: live, kind: heard_from, priority: low}
"""

Published = Counter[tuple[str, int]]
"""How often each numbered message of each device was published: once."""


def write_site(folder: Path, broker: Broker, monitor: Account) -> Path:
    assert broker.authority is not None
    (folder / "requirements").mkdir(parents=True)
    (folder / "requirements" / "all.yaml").write_text(REQUIREMENTS)
    (folder / "password").write_text(monitor.password)
    rooms = "".join(
        f"""
      - id: room-{number}
        name: Room {number}
        kind: safe_room
        building_function: care
        devices:
          - id: climate-{number}
            name: Climate {number}
            role: climate
            profile: native
            topic: kill/climate-{number}
            interval: 2 s
            dated_by: device"""
        for number in range(ROOMS)
    )
    path = folder / "site.yaml"
    path.write_text(
        f"""\
name: Kill
broker:
  host: {broker.host}
  port: {broker.port}
  tls: {{ca: {broker.authority.certificate}}}
  username: {monitor.name}
  password_file: password
  client_id: {monitor.name}
  topic_prefix: {monitor.name}
locations:
  - id: north
    name: North
    latitude: 52.1
    longitude: 5.1
    time_zone: Europe/Amsterdam
    rooms:{rooms}
"""
    )
    return path


def start(site: Path, state: Path) -> "subprocess.Popen[bytes]":
    log = state.with_suffix(".log").open("ab")
    with log:
        return subprocess.Popen(
            [sys.executable, "-m", "room_monitor", "run", str(site), "--state", state],
            stderr=log,
        )


@contextmanager
def undisturbed(site: Path, state: Path) -> Iterator[None]:
    process = start(site, state)
    try:
        yield
        assert process.poll() is None, state.with_suffix(".log").read_text()
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


class Devices:
    """Publish for as long as they are not stopped: good air, bad air, and silences."""

    def __init__(self, broker: Broker, account: Account) -> None:
        self.published: Published = Counter()
        self._random = random.Random(SEED)  # noqa: S311 - a test must repeat
        self._talker = Talker(broker, "devices", account)
        self._stop = Event()
        self._thread = Thread(target=self._publish)

    def __enter__(self) -> Self:
        self._talker.connect()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        self._talker.leave()

    def _publish(self) -> None:
        silent_until = [0.0] * ROOMS
        bad_until = [0.0] * ROOMS
        turn = 0
        while not self._stop.wait(0.05):
            turn += 1
            for number in range(ROOMS):
                now = time.monotonic()
                if now < silent_until[number]:
                    continue
                draw = self._random.random()
                if draw < 0.004:
                    silent_until[number] = now + self._random.uniform(1, 9)
                elif draw < 0.03 and now > bad_until[number]:
                    bad_until[number] = now + self._random.uniform(0.1, 4)
                self._say(number, turn, bad=now < bad_until[number])
        for number in range(ROOMS):
            self._say(number, turn + 1, bad=False)

    def _say(self, number: int, turn: int, *, bad: bool) -> None:
        at = datetime.now(UTC).isoformat(timespec="microseconds")
        co2, warm = (1800, 31) if bad else (600 + turn % 100, 21)
        self._talker.publish(
            f"kill/climate-{number}",
            f'{{"v":1,"at":"{at.replace("+00:00", "Z")}","seq":{turn},'
            f'"readings":{{"co2":{co2},"air_temperature":{warm}}}}}',
        )
        self.published[f"climate-{number}", turn] += 1


def stored(state: Path) -> Counter[tuple[str, int, str]]:
    with SqliteReader.open(state) as store:
        return Counter(
            (reading.device, reading.sequence or 0, reading.quantity)
            for _, reading in store.readings_after(0)
            if reading.sequence is not None
        )


def breaches(state: Path) -> list[tuple[str, datetime, datetime | None]]:
    """Obligation, begin and end of every breach that was one."""
    ends: dict[str, datetime | None] = {}
    begins: dict[str, tuple[str, datetime]] = {}
    withdrawn: set[str] = set()
    with SqliteReader.open(state) as store:
        for entry in store.entries():
            event = entry.event
            if isinstance(event, BreachOpened):
                assert event.breach not in begins, f"opened twice: {event.breach}"
                begins[event.breach] = (event.obligation, event.began_at)
            elif isinstance(event, BreachClosed):
                assert event.breach in begins
                assert event.breach not in ends, f"closed twice: {event.breach}"
                ends[event.breach] = event.ended_at
                if event.closing is Closing.WITHDRAWN:
                    withdrawn.add(event.breach)
        store.verify()
    return sorted(
        (obligation, began_at, ends.get(breach))
        for breach, (obligation, began_at) in begins.items()
        if breach not in withdrawn
    )


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            if condition():
                return True
        except (NoStore, StoreUnavailable):
            pass  # it has not begun to write
        time.sleep(0.2)
    return False


def test_fifty_kills_lose_nothing_and_double_nothing(
    new_broker: Callable[..., Broker], authority: Authority, tmp_path: Path
) -> None:
    left_alone = Account("left-alone", "a1", ("left-alone/#",), ("#",))
    killed = Account("killed", "k1", ("killed/#",), ("#",))
    devices = Account("devices", "d1", ("kill/#",))
    broker = new_broker(accounts=[left_alone, killed, devices], authority=authority)
    site = write_site(tmp_path / "left-alone", broker, left_alone)
    other_site = write_site(tmp_path / "killed", broker, killed)
    state, other_state = tmp_path / "state", tmp_path / "other-state"
    chance = random.Random(SEED)  # noqa: S311 - a test must repeat

    killed_at = datetime.now(UTC)
    process = start(other_site, other_state)
    try:
        with undisturbed(site, state):
            # Both sessions must exist at the broker before anything is published.
            assert wait_until(lambda: _sees(state) and _sees(other_state), 30)
            with Devices(broker, devices) as source:
                for number in range(KILLS):
                    if number % 4:
                        # Most kills hit a monitor at work, the others one that starts.
                        assert wait_until(
                            partial(_started_after, other_state, killed_at), 30
                        )
                    time.sleep(chance.uniform(0.0, 1.2))
                    os.kill(process.pid, signal.SIGKILL)
                    process.wait()
                    killed_at = datetime.now(UTC)
                    process = start(other_site, other_state)
            wanted = {
                (device, number, quantity)
                for device, number in source.published
                for quantity in ("co2", "air_temperature")
            }
            assert wait_until(lambda: stored(state).keys() >= wanted, 30)
            assert wait_until(lambda: stored(other_state).keys() >= wanted, 60), (
                f"{len(wanted - stored(other_state).keys())} readings were lost"
            )
            time.sleep(6)  # both find that all devices are silent now
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)

    assert all(count == 1 for count in source.published.values())
    for folder in (state, other_state):
        found = stored(folder)
        assert set(found) == wanted
        assert max(found.values()) == 1
    expected, actual = breaches(state), breaches(other_state)
    assert len(expected) > 20, "the devices gave too little cause"
    assert {kind.split("/")[2] for kind, _, _ in expected} == {
        "co2",
        "at-once",
        "heard",
    }
    assert actual == expected
    still_open = [obligation for obligation, _, ended_at in actual if ended_at is None]
    assert still_open == [f"room-{n}/heard/heard/climate-{n}" for n in range(ROOMS)]
    with SqliteReader.open(other_state) as store:
        gaps = [e.event for e in store.entries() if isinstance(e.event, GapFound)]
    assert sum(gap.cause == "killed" for gap in gaps) >= KILLS * 0.7


def _started_after(state: Path, at: datetime) -> bool:
    with SqliteReader.open(state) as store:
        return any(store.entries(since=at, types=frozenset({"MonitorStarted"})))


def _sees(state: Path) -> bool:
    with SqliteReader.open(state) as store:
        return any(
            isinstance(entry.event, GapFound) and entry.event.cause == "broker_away"
            for entry in store.entries()
        )
