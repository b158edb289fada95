"""Every event reads as it was written, from bytes that are the same everywhere."""

import json
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given

from room_monitor.core.events import DoorMoved, Entry, Event
from room_monitor.core.ids import DeviceId, RoomId
from room_monitor.core.site import Role
from room_monitor.evidence import entries
from room_monitor.evidence.canonical import canonical
from room_monitor.evidence.entries import decode, encode
from sensors.quantity import Quantity
from tests.store.samples import CALM, START, any_event, instants, rooms

HASH = bytes(range(32))
OPENED = DoorMoved(
    device=DeviceId("door-1"),
    role=Role.DOOR_CONTACT,
    quantity=Quantity.DOOR_CONTACT,
    state="open",
    at=START,
)


def test_an_entry_is_written_like_this() -> None:
    assert encode(7, START, CALM, OPENED) == (
        b'{"event":{"at":"2026-03-01T12:00:00.000000Z","device":"door-1",'
        b'"quantity":"door_contact","role":"door_contact","state":"open"},"position":7,'
        b'"recorded_at":"2026-03-01T12:00:00.000000Z","room":"calm-1",'
        b'"type":"DoorMoved","version":1}'
    )


@given(any_event, rooms, instants)
def test_every_event_reads_as_it_was_written(
    event: Event, room: RoomId | None, at: datetime
) -> None:
    assert decode(encode(3, at, room, event), HASH) == Entry(
        position=3, recorded_at=at, room=room, event=event, hash=HASH
    )


@given(any_event, rooms, instants)
def test_entries_are_canonical(event: Event, room: RoomId | None, at: datetime) -> None:
    written = encode(3, at, room, event)

    assert canonical(json.loads(written)) == written


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"version": 2}, "newer program"),
        ({"version": "1"}, "newer program"),
        ({"type": "DoorSlammed"}, "no event is called"),
        ({"recorded_at": "yesterday"}, "no instant"),
        ({"event": {}}, "lacks at, device, quantity, role, state"),
        ({"event": []}, "is no DoorMoved"),
        ({"more": 1}, "not the keys"),
    ],
)
def test_what_is_no_entry_is_refused(changes: dict[str, Any], complaint: str) -> None:
    plain = json.loads(encode(1, START, CALM, OPENED)) | changes

    with pytest.raises(ValueError, match=complaint):
        decode(json.dumps(plain).encode(), HASH)


@pytest.mark.parametrize("content", [b"", b"\xff", b"[]", b"{", b"null"])
def test_bytes_that_are_no_entry_are_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="not"):
        decode(content, HASH)


def test_an_entry_of_an_older_version_is_brought_up_to_date(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    old = json.loads(encode(1, START, CALM, OPENED))
    old["version"] = 0
    old["type"], old["event"]["position"] = "DoorOpened", old["event"].pop("state")

    def rename(_name: str, fields: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        return "DoorMoved", {**fields, "state": fields["position"]}

    def drop(name: str, fields: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        return name, {key: fields[key] for key in fields if key != "position"}

    monkeypatch.setitem(
        entries.UPCASTS, 0, lambda name, fields: drop(*rename(name, fields))
    )

    assert decode(canonical(old), HASH).event == OPENED
