"""Rooms to play in, and what is heard of them."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from sensors.measurement import Measurement, Refused
from sensors.profiles import PROFILES
from sensors.quantity import Quantity
from sensors.simulator import Publish, Role, SimulatedDevice, Step

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def device(
    role: str,
    profile: str = "native",
    *,
    room: str = "calm-1",
    kind: str = "safe_room",
    interval: timedelta = MINUTE,
    channel: str | None = None,
    topic: str | None = None,
) -> SimulatedDevice:
    return SimulatedDevice(
        id=f"{room}-{role}",
        role=role,
        profile=profile,
        topic=topic or f"{room}/{role}",
        channel=channel,
        interval=interval,
        room=room,
        room_kind=kind,
    )


def room(name: str = "calm-1", kind: str = "safe_room") -> list[SimulatedDevice]:
    """A room with a native device in each role."""
    return [device(role, room=name, kind=kind) for role in Role]


def heard(
    steps: Iterable[Step], of: SimulatedDevice
) -> Iterator[tuple[timedelta, Measurement]]:
    """What the profile of a device makes of all that is published for it."""
    filters = PROFILES[of.profile].filters(of.topic)
    heads = tuple(each.removesuffix("+") for each in filters)
    for step in steps:
        if isinstance(step.what, Publish) and step.what.topic.startswith(heads):
            decoded = PROFILES[of.profile].decode(step.what.topic, step.what.payload)
            assert not isinstance(decoded, Refused), decoded.reason
            yield from ((step.offset, measurement) for measurement in decoded)


def series(
    steps: Iterable[Step], of: SimulatedDevice, quantity: Quantity
) -> list[tuple[timedelta, float]]:
    """The values of one quantity of a device."""
    return [(at, m.value) for at, m in heard(steps, of) if m.quantity is quantity]


def moves(values: Iterable[tuple[timedelta, float]]) -> list[tuple[timedelta, float]]:
    """Only the first value, and those that differ from the one before."""
    kept: list[tuple[timedelta, float]] = []
    for at, value in values:
        if not kept or kept[-1][1] != value:
            kept.append((at, value))
    return kept
