"""The numbers of a box that does several jobs count for all of them: no gap is invented."""

import json
from collections.abc import Sequence
from datetime import timedelta

import pytest

from room_monitor.core import monitor
from room_monitor.core.events import SequenceGapFound
from room_monitor.core.obligations import plan
from room_monitor.core.readings import Reading
from room_monitor.core.requirements import Catalogue
from room_monitor.core.site import DatedBy, Device, Role
from room_monitor.core.state import RoomState
from room_monitor.ingest.decode import Router
from sensors.quantity import Quantity
from tests.ingest.places import NOW, device, site

TOPIC = "haven/box"
TWO_ROLES = (
    device("door", Role.DOOR_CONTACT, TOPIC),
    device("lock", Role.DOOR_LOCK, TOPIC),
)
TWO_CHANNELS = (
    device("door", Role.DOOR_CONTACT, TOPIC, channel="a"),
    device("lock", Role.DOOR_CONTACT, TOPIC, channel="b"),
)
OF_THE_DOOR = {"channel": "a", "readings": {"door_contact": "closed"}}


def said_in_turns(devices: Sequence[Device], number: int) -> bytes:
    """What the box says under a number: of one part, then of the other."""
    first = number % 2 == 0
    if devices is TWO_CHANNELS:
        message: dict[str, object] = {
            "channel": "a" if first else "b",
            "readings": {"door_contact": "open" if number % 4 < 2 else "closed"},
        }
    else:
        message = {
            "readings": {"door_contact": "open"} if first else {"door_lock": "locked"}
        }
    return json.dumps({"v": 1, "seq": number, **message}).encode()


def gaps(devices: Sequence[Device], numbers: Sequence[int]) -> list[SequenceGapFound]:
    """The gaps that are found when messages come in under these numbers."""
    place = site(*devices)
    router = Router(place)
    state = RoomState(
        plan=plan(place.rooms[0], Catalogue(version="", hash="")), watched_since=NOW
    )
    found = []
    for count, number in enumerate(numbers):
        said = router.read(
            TOPIC,
            said_in_turns(devices, number),
            received_at=NOW + timedelta(seconds=count),
            retained=False,
        )
        assert said.rejections == ()
        for reading in said.readings:
            turn = monitor.take(state, reading)
            state = turn.state
            found += [e for e in turn.events if isinstance(e, SequenceGapFound)]
    return found


@pytest.mark.parametrize(
    "devices", [TWO_ROLES, TWO_CHANNELS], ids=["roles", "channels"]
)
def test_what_a_box_says_of_another_part_is_no_gap(devices: Sequence[Device]) -> None:
    assert gaps(devices, range(20)) == []


@pytest.mark.parametrize(
    "devices", [TWO_ROLES, TWO_CHANNELS], ids=["roles", "channels"]
)
@pytest.mark.parametrize("missing", [6, 7])
def test_a_number_that_is_missing_is_found_once_for_each_part(
    devices: Sequence[Device], missing: int
) -> None:
    """Of whichever part it told: what was lost cannot say."""
    found = gaps(devices, [n for n in range(20) if n != missing])

    assert [(gap.device, gap.after, gap.before) for gap in found] == [
        ("door", missing - 1, missing + 1),
        ("lock", missing - 1, missing + 1),
    ]


@pytest.mark.parametrize(
    "devices", [TWO_ROLES, TWO_CHANNELS], ids=["roles", "channels"]
)
def test_a_part_that_is_told_nothing_is_known_to_be_there_under_that_number(
    devices: Sequence[Device],
) -> None:
    said = Router(site(*devices)).read(
        TOPIC, said_in_turns(devices, 4), received_at=NOW, retained=True
    )

    assert [(r.device, r.quantity, r.value, r.sequence) for r in said.readings] == [
        ("door", Quantity.DOOR_CONTACT, 1.0, 4),
        ("lock", Quantity.AVAILABILITY, 1.0, 4),
    ]
    assert all(reading.retained for reading in said.readings)


def test_a_message_without_a_number_says_nothing_of_another_part() -> None:
    payload = json.dumps({"v": 1, **OF_THE_DOOR}).encode()
    said = Router(site(*TWO_CHANNELS)).read(
        TOPIC, payload, received_at=NOW, retained=False
    )

    assert [reading.device for reading in said.readings] == ["door"]


def test_what_was_kept_is_dated_by_the_box_for_all_of_its_parts() -> None:
    """Dated later, the silence before it would be held against a part that spoke."""
    devices = [
        device("door", Role.DOOR_CONTACT, TOPIC, dated_by=DatedBy.DEVICE),
        device("lock", Role.DOOR_LOCK, TOPIC, dated_by=DatedBy.DEVICE),
    ]
    then = NOW - timedelta(hours=1)
    message = {"v": 1, "seq": 3, "at": then.isoformat(), **OF_THE_DOOR}

    def dated(readings: Sequence[Reading]) -> list[tuple[object, ...]]:
        return [(r.device, r.at, r.measured_at, r.late) for r in readings]

    router = Router(site(*devices))
    said = router.read(
        TOPIC, json.dumps(message).encode(), received_at=NOW, retained=False
    )

    assert dated(said.readings) == [
        ("door", then, then, True),
        ("lock", then, then, True),
    ]
    message["at"] = (NOW + timedelta(hours=1)).isoformat()
    absurd = router.read(
        TOPIC, json.dumps(message).encode(), received_at=NOW, retained=False
    )
    assert absurd.readings == ()
    assert [rejection.devices for rejection in absurd.rejections] == [
        ("door",),
        ("lock",),
    ]
