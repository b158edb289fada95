"""Events, readings and turns to store: some to look at, and any that can be made up."""

from collections.abc import Iterable, Sequence
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from room_monitor.core.events import AlertAcknowledged, DoorMoved, Event, MonitorStarted
from room_monitor.core.ids import AlertId, DeviceId, RoomId
from room_monitor.core.readings import Reading
from room_monitor.core.site import Role
from room_monitor.evidence.entries import EVENT_TYPES
from room_monitor.store import Turn
from sensors.quantity import Quantity

CALM = RoomId("calm-1")
REST = RoomId("rest-2")
START = datetime(2026, 3, 1, 12, tzinfo=UTC)

instants = st.datetimes(
    START.replace(tzinfo=None, year=1990),
    START.replace(tzinfo=None, year=2200),
    timezones=st.just(UTC),
)


def second(count: float) -> datetime:
    """So many seconds after the start."""
    return START + timedelta(seconds=count)


def door(number: int, room: RoomId | None = CALM) -> tuple[RoomId | None, Event]:
    """An event that differs from the others by its number."""
    return room, DoorMoved(
        device=DeviceId(f"door-{number}"),
        role=Role.DOOR_CONTACT,
        quantity=Quantity.DOOR_CONTACT,
        state="open",
        at=second(number),
    )


STARTED: tuple[RoomId | None, Event] = (
    None,
    MonitorStarted(
        at=START,
        version="0.1.0",
        configuration="c" * 64,
        catalogue="2026.1+abc",
    ),
)
ACKNOWLEDGED: tuple[RoomId | None, Event] = (
    REST,
    AlertAcknowledged(alert=AlertId("alert-1"), role="care_worker"),
)


def reading(number: int, **changes: Any) -> Reading:
    """A reading that differs from the others by its number."""
    plain = Reading(
        room=CALM,
        device=DeviceId("climate-1"),
        quantity=Quantity.CO2,
        value=400.5 + number,
        at=second(number),
        received_at=second(number),
    )
    return plain._replace(**changes)


def numbered(number: int, **changes: Any) -> Reading:
    """A reading of a device that numbers and dates its messages."""
    return reading(
        number, **{"sequence": number, "measured_at": second(number - 1)} | changes
    )


def turn(
    after: int,
    events: Sequence[tuple[RoomId | None, Event]] = (),
    readings: Iterable[Reading] = (),
    **more: Any,
) -> Turn:
    """A turn, recorded as many seconds after the start as the log is long."""
    return Turn(
        after=after,
        events=events,
        readings=tuple(readings),
        **{"recorded_at": second(after)} | more,
    )


def anything_of(kind: Any) -> st.SearchStrategy[Any]:
    """Any value of a type, from its annotations."""
    if supertype := getattr(kind, "__supertype__", None):
        return anything_of(supertype)
    if kind in _ATOMS:
        return _ATOMS[kind]
    if get_origin(kind) in {Union, UnionType}:
        return st.one_of(*map(anything_of, get_args(kind)))
    if get_origin(kind) is tuple:
        return st.lists(anything_of(get_args(kind)[0]), max_size=3).map(tuple)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return st.sampled_from(kind)
    assert isinstance(kind, type)
    assert is_dataclass(kind), kind
    hints = get_type_hints(kind)
    return st.builds(
        kind,
        **{field.name: anything_of(hints[field.name]) for field in fields(kind)},
    )


_ATOMS: dict[Any, st.SearchStrategy[Any]] = {
    str: st.text(st.characters(codec="utf-8"), max_size=20),
    bool: st.booleans(),
    int: st.integers(-(2**53) + 1, 2**53 - 1),
    float: st.floats(-1e15, 1e15),
    NoneType: st.none(),
    datetime: instants,
    timedelta: st.timedeltas(timedelta(days=-9000), timedelta(days=9000)),
}

any_event = st.one_of(*map(anything_of, EVENT_TYPES.values()))
rooms = st.sampled_from([None, CALM, REST])
