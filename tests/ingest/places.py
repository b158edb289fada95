"""Small sites for the tests of listening."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from room_monitor.core.ids import DeviceId, LocationId, RoomId
from room_monitor.core.site import (
    BuildingFunction,
    DatedBy,
    Device,
    Location,
    Role,
    Room,
    RoomKind,
    Site,
)

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)

LOCATION = Location(
    id=LocationId("haven"),
    name="De Haven",
    latitude=52.09,
    longitude=5.12,
    time_zone="Europe/Amsterdam",
)


def device(
    name: str,
    role: Role,
    topic: str | None = None,
    *,
    profile: str = "native",
    channel: str | None = None,
    dated_by: DatedBy = DatedBy.ARRIVAL,
) -> Device:
    return Device(
        id=DeviceId(name),
        name=name,
        role=role,
        profile=profile,
        topic=topic or f"haven/{name}",
        channel=channel,
        interval=timedelta(minutes=1),
        dated_by=dated_by,
    )


def room(name: str, devices: Sequence[Device]) -> Room:
    return Room(
        id=RoomId(name),
        name=name,
        kind=RoomKind.SAFE_ROOM,
        building_function=BuildingFunction.CARE,
        location=LOCATION,
        devices=tuple(devices),
    )


def site(*devices: Device) -> Site:
    """One room with these devices."""
    return Site(name="De Haven", rooms=(room("calm-1", devices),))
