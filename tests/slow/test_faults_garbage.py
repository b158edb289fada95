"""Whatever is sent, what is good is judged, and what is not is counted and shown."""

import json
import socket
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import pytest

from room_monitor.control import SOCKET
from room_monitor.core.events import BreachOpened
from sensors.measurement import Refused
from sensors.profiles import PROFILES
from tests.slow.house import BAD, Devices, House, cleared_up
from tests.support.broker import Broker

FLOOD = 3_000
NAME = "Jan-Jansen"  # what nobody may read back from the shapes
MOST_GROWTH = 64 * 1024  # kB

CO2 = b'{"v":1,"readings":{"co2":%b}}'
GARBAGE: dict[str, bytes] = {
    "payload is empty": b"",
    "not UTF-8 at byte 0": b"\xff\xfe\x00",
    "not JSON at character 0": NAME.encode(),
    "NaN is not a number in JSON": CO2 % b"NaN",
    "-Infinity is not a number in JSON": CO2 % b"-Infinity",
    "co2 is inf ppm, outside": CO2 % b"1e999",
    "co2 is 100000": CO2 % (b"1" + b"0" * 300),
    "co2 is true, not a number": CO2 % b"true",
    "co2 is '612', not a number": CO2 % b'"612"',
    "co2 is a list, not a number": CO2 % b"[612]",
    "payload is a list, not an object": b"[]",
    "readings is missing": b'{"v":1}',
    "v is 2, this is a reader": b'{"v":2,"readings":{}}',
    "'v' stands twice": b'{"v":1,"v":1,"readings":{}}',
    "nested deeper than 16": CO2 % (b"[" * 30_000 + b"]" * 30_000),
    "payload is 70000 bytes": b" " * 70_000,
    "payload is 1048576 bytes": b"9" * (1 << 20),
    "seq is 9007199254740992, not": b'{"v":1,"seq":9007199254740992,"readings":{}}',
    "seq is -9007199254740992, not": b'{"v":1,"seq":-9007199254740992,"readings":{}}',
    "at is '1970-01-01T00:00:00Z', not": b'{"v":1,"at":"1970-01-01T00:00:00Z",'
    b'"readings":{}}',
    "channel is '\\ud800', not": b'{"v":1,"channel":"\\ud800","readings":{"co2":1}}',
    "presence_tap.tag is '\\udfff', not": b'{"v":1,"readings":{"presence_tap":'
    b'{"tag":"\\udfff"}}}',
    "'\\ud800' stands twice": b'{"\\ud800":1,"\\ud800":2}',
}
"""What a device may send, by how the reason begins for which it is refused."""


NO_REQUESTS = (
    b"",
    b"garbage\n",
    b"\xff\xfe\n",
    b"[" * 50_000 + b"\n",
    b"x" * 100_000 + b"\n",
    b'{"do":"check_in","target":"room-0","at":1e999}\n',
    b'{"do":"begin_stay","target":"room-0","kind":"enclosure","key":"\\ud800"}\n',
    b'{"do":"check_in","target":"\\udfff"}\n',
)
"""What is no act of a person."""


@pytest.fixture
def broker(new_broker: Callable[..., Broker]) -> Broker:
    return new_broker(durable=False)


@pytest.fixture
def house(broker: Broker, tmp_path: Path) -> Iterator[House]:
    with cleared_up(House(tmp_path, broker)) as house:
        yield house.start()


def test_a_flood_of_garbage(broker: Broker, house: House) -> None:
    devices = Devices(broker)
    house.until_it_sees()
    with devices.connected():
        for payload in GARBAGE.values():
            # The first time memory grows to what the largest one needs.
            devices.publish("house/climate-0", payload)
        devices.say()
        house.until_stored(devices)
        before = _memory(house)

        for number, payload in enumerate(islice(cycle(GARBAGE.values()), FLOOD)):
            devices.publish("house/climate-0", payload)
            if not number % 4:
                devices.publish(
                    f"house/stranger-{number}", b'{"who":"%b"}' % payload[:9]
                )
            if not number % 20:
                devices.say()
                devices.say(name="climate-1")
        devices.say(BAD)
        house.until_stored(devices, within=30)
        house.until(lambda: house.events(BreachOpened))
        for topic, payload in (
            ("house/climate-0", b'{"v":1,"name":"%b"}' % NAME.encode()),
            ("house", b"{}"),
            ("house/climate-0/deeper", b"{}"),
            ("house/\u00e9\u4e2d\U0001f600", f'{{"name":"{NAME}"}}'.encode()),
        ):
            devices.publish(topic, payload)
    assert _memory(house) - before < MOST_GROWTH
    assert int(house.parts()["refused"]) >= FLOOD + FLOOD // 4
    _are_shown(house)
    assert house.end() == 0
    assert "Traceback" not in house.said
    house.verify()


def _memory(house: House) -> int:
    """What the process holds in memory, in kB."""
    for line in Path(f"/proc/{house.pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise AssertionError("the kernel does not say")


def _refusals(house: House) -> dict[str, Any]:
    shown = house.shows("status")["refusals"]
    return {each["name"]: each for each in shown}


def _are_shown(house: House) -> None:
    last = "house/\u00e9\u4e2d\U0001f600"
    house.until(lambda: last in _refusals(house), within=25)
    shown = _refusals(house)
    of_device = shown["climate-0"]
    assert of_device["kind"] == "device"
    assert of_device["count"] >= FLOOD
    assert of_device["reason"] == "readings is missing"
    assert of_device["shape"] == '{"v": number, "name": text}'
    of_topics = [each for each in shown.values() if each["kind"] == "topic"]
    assert len(of_topics) == FLOOD // 4 + 2
    assert {each["reason"] for each in of_topics} == {"no device lives here"}
    assert shown[last]["shape"] == '{"name": text}'
    assert not any(NAME in each["shape"] for each in shown.values())


@pytest.mark.parametrize("reason", GARBAGE)
def test_each_kind_of_garbage_is_refused_for_its_own_reason(reason: str) -> None:
    refused = PROFILES["native"].decode("house/climate-0", GARBAGE[reason])

    assert isinstance(refused, Refused)
    assert refused.reason.startswith(reason)


def test_garbage_from_people(house: House) -> None:
    """The socket answers what it cannot use, and the monitor goes on."""
    house.until_it_sees()
    for line in NO_REQUESTS:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(10)
            connection.connect(str(house.state / SOCKET))
            connection.sendall(line)
            connection.shutdown(socket.SHUT_WR)
            answer = connection.makefile("rb").readline()
        assert json.loads(answer)["error"], line[:40]
    typed = house.command(
        "begin-stay", "room-0", "--kind", "enclosure", "--key", "\udcff"
    )
    assert typed.returncode == 2
    assert "'key' is no text: it has bytes that are not UTF-8" in typed.stderr

    begun = house.command("begin-stay", "room-0", "--kind", "enclosure", "--key", "k")
    assert begun.returncode == 0, begun.stderr
    assert house.end() == 0
    assert "Traceback" not in house.said
    house.verify()
