"""From ``site.yaml`` to the site: its locations, their rooms, the devices in them."""

import re
from collections.abc import Collection, Iterator
from datetime import timedelta
from functools import cache
from typing import Annotated
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BeforeValidator, Field

from room_monitor.core.ids import DeviceId, LocationId, RoomId
from room_monitor.core.site import (
    Accuracy,
    BuildingFunction,
    DatedBy,
    Device,
    Location,
    Role,
    Room,
    RoomKind,
    Site,
)
from room_monitor.settings.operation import Topic
from room_monitor.settings.problems import Problem, did_you_mean
from room_monitor.settings.roles import answerable
from room_monitor.settings.shapes import (
    Day,
    Duration,
    Items,
    Shape,
    Slug,
    Text,
    at,
    items,
    read,
    word,
)
from room_monitor.settings.units import read_accuracy
from room_monitor.settings.yaml_source import KeyPath, Source
from sensors.quantity import Quantity

LONGEST_INTERVAL = timedelta(hours=24)
SHARED = frozenset({Role.OUTDOOR_DAYLIGHT})
"""Roles in which one device may serve several rooms: it measures what they share."""


def _degrees(limit: int, sides: str) -> BeforeValidator:
    pattern = re.compile(rf"([+-]?[0-9]+(?:\.[0-9]+)?)\s*°?\s*([{sides}]?)")

    def read_degrees(value: object) -> float:
        text = word(value)
        found = pattern.fullmatch(text.strip())
        if found is None:
            raise ValueError(f"'{text[:40]}' is not degrees; write it as 52.0907")
        degrees = float(found[1]) * (-1 if found[2] == sides[1] else 1)
        if abs(degrees) > limit:
            raise ValueError(f"{text} is not between -{limit} and {limit} degrees")
        return degrees

    return BeforeValidator(read_degrees)


def _zone(value: object) -> str:
    text = word(value)
    if not is_zone(text):
        raise ValueError(
            f"'{text[:60]}' is not a time zone" + _likely(text, available_timezones())
        )
    return text


@cache
def is_zone(text: str) -> bool:
    """Whether there is a time zone of this name."""
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        return False
    return True


def _likely(text: str, known: Collection[str]) -> str:
    hint = did_you_mean(text, known)
    return hint if "did you mean" in hint else "; write it as 'Europe/Amsterdam'"


def _link(value: object) -> str:
    text = word(value).strip().rstrip("/")
    if not re.fullmatch(r"https?://[^\s@]{1,300}", text):
        raise ValueError(
            f"'{text[:60]}' is not an address; write it as 'https://monitor.example.nl'"
        )
    return text


class _SiteShape(Shape):
    name: Text
    broker: object
    storage: object = None
    vigil: object = None
    channels: object = None
    requirements: Text = "requirements"
    link: Annotated[str | None, BeforeValidator(_link)] = None
    locations: object
    people: object = None
    teams: object = None
    shifts: object = None
    ladders: object = None
    fallback: object = None
    reachability: object = None


class _LocationShape(Shape):
    id: Slug
    name: Text
    latitude: Annotated[float, _degrees(90, "NS")]
    longitude: Annotated[float, _degrees(180, "EW")]
    time_zone: Annotated[str, BeforeValidator(_zone)]
    rooms: object


class _RoomShape(Shape):
    id: Slug
    name: Text
    kind: RoomKind
    building_function: BuildingFunction = BuildingFunction.OTHER
    devices: Items = Field(default_factory=list)


class _DeviceShape(Shape):
    id: Slug
    name: Text
    role: Role
    profile: Text
    topic: Topic
    channel: Text | None = None
    interval: Duration
    accuracy: dict[Quantity, object] = Field(default_factory=dict)
    calibrated_on: Day | None = None
    dated_by: DatedBy = DatedBy.ARRIVAL
    gateway: Slug | None = None
    lacks: frozenset[Quantity] = frozenset()


SITE_KEYS = frozenset(
    key
    for shape in (_SiteShape, _LocationShape, _RoomShape, _DeviceShape)
    for key in shape.model_fields
)


def read_site(
    source: Source, profiles: Collection[str], problems: list[Problem]
) -> Site | None:
    """Read the site; ``None`` after adding every problem in it."""
    before = len(problems)
    head = read(_SiteShape, source, (), problems)
    rooms = [
        room
        for path in items(source, ("locations",), problems)
        for room in _read_location(source, path, profiles, problems)
    ]
    problems.extend(_doubles(source))
    if head is None or len(problems) > before:
        return None
    return Site(name=head.name, rooms=tuple(rooms))


def read_link(source: Source) -> str | None:
    """Where people find the monitor; what is wrong with it is told by ``read_site``."""
    found = at(source, ("link",))
    return None if found is None else _link(found)


def _read_location(
    source: Source, path: KeyPath, profiles: Collection[str], problems: list[Problem]
) -> list[Room]:
    shape = read(_LocationShape, source, path, problems)
    location = Location(
        id=LocationId(shape.id if shape else ""),
        name=shape.name if shape else "",
        latitude=shape.latitude if shape else 0,
        longitude=shape.longitude if shape else 0,
        time_zone=shape.time_zone if shape else "UTC",
    )
    rooms = [
        _read_room(source, place, location, profiles, problems)
        for place in items(source, (*path, "rooms"), problems)
    ]
    duties = Room(
        id=RoomId(location.id),
        name=location.name,
        kind=RoomKind.LOCATION,
        building_function=BuildingFunction.OTHER,
        location=location,
    )
    return [duties, *(room for room in rooms if room is not None)]


def _read_room(
    source: Source,
    path: KeyPath,
    location: Location,
    profiles: Collection[str],
    problems: list[Problem],
) -> Room | None:
    shape = read(_RoomShape, source, path, problems)
    devices = [
        _read_device(source, place, profiles, problems)
        for place in _places(source, (*path, "devices"))
    ]
    if shape is None:
        return None
    if shape.kind is RoomKind.LOCATION:
        message = "a location is no room; its duties are watched without being listed"
        problems.append(source.problem((*path, "kind"), message))
    return Room(
        id=RoomId(shape.id),
        name=shape.name,
        kind=shape.kind,
        building_function=shape.building_function,
        location=location,
        devices=tuple(device for device in devices if device is not None),
    )


def _read_device(
    source: Source, path: KeyPath, profiles: Collection[str], problems: list[Problem]
) -> Device | None:
    shape = read(_DeviceShape, source, path, problems)
    profile = at(source, (*path, "profile"))
    if isinstance(profile, str) and profile not in profiles:
        message = f"'{profile}' is not a known profile" + did_you_mean(
            profile, profiles
        )
        problems.append(source.problem((*path, "profile"), message))
    if shape is None:
        return None
    if not timedelta(0) < shape.interval <= LONGEST_INTERVAL:
        message = "must be more than 0 s and at most 24 h; silence shows after twice it"
        problems.append(source.problem((*path, "interval"), message))
    accuracy: dict[Quantity, Accuracy] = {}
    for quantity, text in shape.accuracy.items():
        try:
            told = answerable(quantity, shape.role)
            accuracy[told] = read_accuracy(word(text), told)
        except ValueError as error:
            place = (*path, "accuracy", str(quantity))
            problems.append(source.problem(place, str(error)))
    for quantity in sorted(shape.lacks):
        try:
            answerable(quantity, shape.role)
        except ValueError as error:
            problems.append(source.problem((*path, "lacks"), str(error)))
    return Device(
        id=DeviceId(shape.id),
        name=shape.name,
        role=shape.role,
        profile=shape.profile,
        topic=shape.topic,
        channel=shape.channel,
        interval=shape.interval,
        accuracy=accuracy,
        calibrated_on=shape.calibrated_on,
        dated_by=shape.dated_by,
        gateway=shape.gateway,
        lacks=shape.lacks,
    )


# --- What may be there only once --------------------------------------------------


def _doubles(source: Source) -> Iterator[Problem]:
    """Ids used twice, devices that would hear the same; also in parts with errors."""
    locations = list(_places(source, ("locations",)))
    rooms = [p for path in locations for p in _places(source, (*path, "rooms"))]
    devices = [p for path in rooms for p in _places(source, (*path, "devices"))]
    yield from _doubled_ids(source, [*locations, *rooms])
    yield from _doubled_ids(source, devices)
    yield from _doubled_ears(source, devices)


def _places(source: Source, path: KeyPath) -> Iterator[KeyPath]:
    listed = at(source, path)
    if isinstance(listed, list):
        yield from ((*path, index) for index in range(len(listed)))


def _doubled_ids(source: Source, places: list[KeyPath]) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for path in places:
        place = (*path, "id")
        name = at(source, place)
        if not isinstance(name, str):
            continue
        if name in first:
            message = f"'{name}' is used twice; the first is on line {first[name]}"
            yield source.problem(place, message)
        first.setdefault(name, source.line(place))


def _doubled_ears(source: Source, devices: list[KeyPath]) -> Iterator[Problem]:
    first: dict[tuple[object, ...], int] = {}
    for path in devices:
        device = at(source, path)
        if not isinstance(device, dict):
            continue
        role, base = device.get("role"), device.get("topic")
        if not isinstance(role, str) or not isinstance(base, str):
            continue
        room = path[:-2] if role in SHARED else ()
        ear = (role, base, str(device.get("channel")), room)
        if ear in first:
            message = (
                f"'{base}' is listened to in role '{role}' twice; the first is on line "
                f"{first[ear]}; two parts of one device differ in 'channel'"
            )
            yield source.problem((*path, "topic"), message)
        first.setdefault(ear, source.line((*path, "topic")))
