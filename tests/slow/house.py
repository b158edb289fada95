"""A small house under the real monitor: a site file, a process, and devices that speak.

Each message of a device carries a number and says another value, so that one that was
lost, and one that was counted twice, can be told.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import Event as Flag
from threading import Thread
from typing import Any, TypeVar

from room_monitor import control
from room_monitor.control import Do, Request
from room_monitor.core.events import Blindness, Entry, Event, GapFound, SequenceGapFound
from room_monitor.core.ids import ObligationId, RoomId
from room_monitor.core.views import spans
from room_monitor.recall import log_of
from room_monitor.store import NoStore, SqliteReader, StoreUnavailable
from tests.support.broker import Broker
from tests.support.talker import Talker

ROOMS = 2
GOOD, BAD = 600, 2400  # ppm
AIR = ObligationId("room-0/air/co2/climate-0")
COMMAND = (sys.executable, "-m", "room_monitor")

REQUIREMENTS = """\
catalogue:
  version: faults
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
         high: 1200 ppm, priority: high}
  - id: check
    label: indication
    citation: test
    nl: controle
    en: check
    applies: {rooms: [safe_room], during: [enclosure]}
    valid_from: 2024-01-01
    asks:
      - {key: gap, evidence: registration, kind: checked_every, fact: check,
         at_most: 15 min, priority: urgent}
"""

T = TypeVar("T")
AnEvent = TypeVar("AnEvent", bound=Event)


def write_site(
    folder: Path,
    broker: Broker,
    *,
    rooms: int = ROOMS,
    also: str = "",
    requirements: str = REQUIREMENTS,
) -> Path:
    """Write the files of the house; again, to change them.

    Args:
        folder: Where; made if it is missing.
        broker: Where the devices speak.
        rooms: How many; each has one climate sensor.
        also: More devices of the last room, as YAML.
        requirements: The catalogue.
    """
    (folder / "requirements").mkdir(parents=True, exist_ok=True)
    (folder / "requirements" / "all.yaml").write_text(requirements)
    path = folder / "site.yaml"
    path.write_text(
        f"""\
name: House
broker: {{host: {broker.host}, port: {broker.port}, keepalive: 5 s}}
locations:
  - id: north
    name: North
    latitude: 52.1
    longitude: 5.1
    time_zone: Europe/Amsterdam
    rooms:"""
        + "".join(
            f"""
      - id: room-{number}
        name: Room {number}
        kind: safe_room
        building_function: care
        devices:
          - {device(f"climate-{number}")}"""
            for number in range(rooms)
        )
        + also
        + "\n"
    )
    return path


def device(name: str) -> str:
    """A climate sensor as the site file has it."""
    return (
        f"{{id: {name}, name: {name}, role: climate, profile: native, "
        f"topic: house/{name}, interval: 60 s}}"
    )


class House:
    """A site, a state folder, and the monitor process between them.

    Attributes:
        site: The site file.
        state: The state folder.
        said: What it has said on standard error, over all its lives.
    """

    def __init__(
        self,
        folder: Path,
        broker: Broker,
        state: Path | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.site = write_site(folder / "site", broker)
        self.state = state or folder / "state"
        self._log = folder / "monitor.log"
        self._environment = {**os.environ, **(environment or {})}
        self._process: subprocess.Popen[bytes] | None = None

    # --- Its life -----------------------------------------------------------------------

    def start(self) -> "House":
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [*COMMAND, "run", self.site, "--state", self.state],
                stderr=log,
                env=self._environment,
                start_new_session=True,  # Ctrl-C is for the tests to handle
            )
        return self

    def send(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def end(self, by: signal.Signals = signal.SIGTERM, within: float = 10) -> int:
        """End it and return its exit code."""
        self.send(by)
        return self.wait(within)

    def wait(self, within: float = 10) -> int:
        """Wait until it ends by itself, and return its exit code."""
        assert self._process is not None
        return self._process.wait(within)

    def kill(self) -> None:
        """End it without a chance to say anything."""
        self.end(signal.SIGKILL)

    def clear_up(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def said(self) -> str:
        return self._log.read_text() if self._log.exists() else ""

    # --- What it says -------------------------------------------------------------------

    def parts(self) -> Mapping[str, str]:
        """What the running monitor says of its parts; nothing if it does not answer."""
        if not (self.state / control.SOCKET).exists():
            return {}
        answer = asyncio.run(control.ask(self.state, Request(do=Do.STATUS)))
        return answer.status if answer is not None else {}

    def command(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Run a command on the state folder."""
        return subprocess.run(
            [*COMMAND, *words, "--state", self.state],
            capture_output=True,
            text=True,
            timeout=30,
            env=self._environment,
            check=False,
        )

    def shows(self, *words: str) -> Any:
        """What a command says to machines."""
        done = self.command(*words, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def verdict_of_air(self) -> tuple[str, bool]:
        """The verdict on the air of the first room, and whether the monitor is blind."""
        told = self.shows("readiness", "room-0")
        (air,) = (
            each["verdict"]
            for each in told["rooms"][0]["requirements"]
            if each["requirement"] == "air"
        )
        return air, told["blind"] is not None

    def entries(self) -> list[Entry]:
        with SqliteReader.open(self.state) as store:
            return list(store.entries())

    def events(self, kind: type[AnEvent]) -> list[AnEvent]:
        return [e.event for e in self.entries() if isinstance(e.event, kind)]

    def gaps(self, cause: Blindness) -> list[GapFound]:
        return [gap for gap in self.events(GapFound) if gap.cause is cause]

    def head(self) -> int:
        with SqliteReader.open(self.state) as store:
            return store.head().position

    def stored(self) -> Counter[tuple[str, int]]:
        """How often each numbered message is in the journal."""
        with SqliteReader.open(self.state) as store:
            return Counter(
                (str(reading.device), reading.sequence)
                for _, reading in store.readings_after(0)
                if reading.sequence is not None
            )

    def is_unknown(self, began_at: datetime, ended_at: datetime) -> bool:
        """Whether nothing is shown of the air of the first room in a stretch of time."""
        with SqliteReader.open(self.state) as store:
            known = spans(log_of(store, RoomId("room-0")), began_at, ended_at)
        return not any(span.verdict != "unknown" for span in known.get(AIR) or ())

    def verify(self) -> None:
        with SqliteReader.open(self.state) as store:
            store.verify()

    def alive_at(self) -> datetime | None:
        with SqliteReader.open(self.state) as store:
            return store.alive_at()

    # --- Waiting ------------------------------------------------------------------------

    def until(self, true: Callable[[], T], within: float = 15) -> T:
        """Wait until something is true of a monitor that runs, and return it."""
        give_up_at = time.monotonic() + within
        while True:
            try:
                if found := true():
                    return found
            except (NoStore, StoreUnavailable, ConnectionError):
                pass  # it has not begun to write, or cannot at the moment
            assert self.is_running, f"the monitor ended:\n{self.said}"
            assert time.monotonic() < give_up_at, f"not in time:\n{self.said}"
            time.sleep(0.1)

    def until_it_sees(self) -> None:
        self.until(lambda: self.parts().get("proven") == "yes")

    def until_stored(self, devices: "Devices", within: float = 15) -> None:
        """Wait until everything that was published is stored; nothing may be twice."""
        self.until(lambda: self.stored().keys() >= devices.published, within)
        found = self.stored()
        assert found.keys() == devices.published
        assert max(found.values(), default=1) == 1, "something was counted twice"
        assert not self.events(SequenceGapFound), "something was heard out of turn"


@contextmanager
def cleared_up(house: House) -> Iterator[House]:
    """End the monitor, whatever happens."""
    try:
        yield house
    finally:
        house.clear_up()


class Devices:
    """The climate sensors of the house.

    Attributes:
        published: Which numbered messages the broker has accepted.
    """

    def __init__(self, broker: Broker) -> None:
        self.published: set[tuple[str, int]] = set()
        self._broker = broker
        self._numbers: Counter[str] = Counter()

    @contextmanager
    def connected(self) -> Iterator["Devices"]:
        self._talker = Talker(self._broker, "devices").connect()
        try:
            yield self
        finally:
            self._talker.leave()

    def say(self, ppm: int = GOOD, *, name: str = "climate-0", times: int = 1) -> None:
        """Publish messages of one device, and wait until the broker has them."""
        for _ in range(times):
            self._numbers[name] += 1
            number = self._numbers[name]
            self._talker.publish(
                f"house/{name}",
                f'{{"v":1,"seq":{number},"readings":{{"co2":{ppm + number % 100}}}}}',
            )
            self.published.add((name, number))

    def publish(self, topic: str, payload: str | bytes) -> None:
        """Publish anything else."""
        self._talker.publish(topic, payload)

    @contextmanager
    def flowing(self, pause: float = 0.01) -> Iterator[None]:
        """Publish in the background for as long as the block lasts."""
        stop = Flag()

        def flow() -> None:
            while not stop.wait(pause):
                for number in range(ROOMS):
                    self.say(name=f"climate-{number}")

        thread = Thread(target=flow)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()
