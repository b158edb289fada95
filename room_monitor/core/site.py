"""What exists: locations, rooms and the devices in them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from zoneinfo import ZoneInfo

from astral import Observer
from astral.sun import elevation

from room_monitor.core.ids import DeviceId, LocationId, RoomId
from sensors.quantity import Quantity


class RoomKind(StrEnum):
    """What a room is for; requirements say to which kinds they apply."""

    SAFE_ROOM = "safe_room"
    BEDROOM = "bedroom"
    OTHER = "other"
    LOCATION = "location"
    """Not a room: carries the duties of the location itself (safety plan, overviews)."""


class BuildingFunction(StrEnum):
    """The function under the Besluit bouwwerken leefomgeving, for building indications."""

    CELL = "cell"
    CARE = "care"
    LIVING = "living"
    OTHER = "other"


class Role(StrEnum):
    """What a device is for in its room."""

    CLIMATE = "climate"
    DAYLIGHT = "daylight"
    OUTDOOR_DAYLIGHT = "outdoor_daylight"
    ROOM_LIGHT = "room_light"
    LAMP = "lamp"
    BLIND = "blind"
    THERMOSTAT = "thermostat"
    VENTILATION = "ventilation"
    CLOCK = "clock"
    DOOR_CONTACT = "door_contact"
    DOOR_LOCK = "door_lock"
    SANITARY_DOOR = "sanitary_door"
    HATCH = "hatch"
    CALL_BUTTON = "call_button"
    PRESENCE_TAP = "presence_tap"
    MEDIA = "media"


class DatedBy(StrEnum):
    """Whose clock dates the readings of a device (ADR 6)."""

    ARRIVAL = "arrival"
    DEVICE = "device"


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How far a sensor may be off: ``absolute + relative × value``.

    Attributes:
        absolute: In the unit of the quantity.
        relative: As a fraction of the value; 0.03 is 3 %.
    """

    absolute: float = 0.0
    relative: float = 0.0

    def of(self, value: float) -> float:
        """The uncertainty at ``value``, in the unit of the quantity."""
        return self.absolute + self.relative * abs(value)


EXACT = Accuracy()


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """One device in one room, in one role. A box that does two jobs is listed twice.

    Attributes:
        id: Unique in the site.
        name: For people.
        role: What it is for.
        profile: Which decoder understands it.
        topic: The device's base topic, as its profile documents it.
        channel: Listen to this part of the device only (``switch:1``); ``None`` for all.
        interval: How often it reports at least; silent after twice this long.
        accuracy: Per quantity, from the data sheet.
        calibrated_on: Date of the last calibration, if it has one.
        dated_by: Whose clock dates its readings.
        gateway: The box behind which it is reached; when that fails, all behind it fall
            silent together. ``None`` where nothing is in between.
        lacks: Quantities that other devices of this role have and this one has not (a
            lamp that cannot be locked out); nothing is asked of them here.
    """

    id: DeviceId
    name: str
    role: Role
    profile: str
    topic: str
    channel: str | None = None
    interval: timedelta
    accuracy: Mapping[Quantity, Accuracy] = field(default_factory=dict)
    calibrated_on: date | None = None
    dated_by: DatedBy = DatedBy.ARRIVAL
    gateway: str | None = None
    lacks: frozenset[Quantity] = frozenset()

    @property
    def silent_after(self) -> timedelta:
        """How long it may say nothing before that is a finding."""
        return 2 * self.interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """One place with one sun and one time zone.

    Attributes:
        latitude: Degrees north.
        longitude: Degrees east.
        time_zone: IANA name, e.g. ``Europe/Amsterdam``.
    """

    id: LocationId
    name: str
    latitude: float
    longitude: float
    time_zone: str

    @property
    def zone(self) -> ZoneInfo:
        """The time zone, for views and calendar days."""
        return ZoneInfo(self.time_zone)

    def sun_elevation(self, at: datetime) -> float:
        """How high the sun stands at an instant (aware UTC), in degrees of elevation."""
        return float(elevation(Observer(self.latitude, self.longitude), at))

    def daylight_seconds(self, day: date, min_elevation: float) -> float:
        """How long the sun is higher than ``min_elevation`` degrees on a calendar day.

        Found by looking every five minutes: exact enough for a fraction of a fortnight.
        """
        return _daylight_seconds(
            self.latitude, self.longitude, self.time_zone, day, min_elevation
        )


@lru_cache(maxsize=4096)
def _daylight_seconds(
    latitude: float, longitude: float, time_zone: str, day: date, min_elevation: float
) -> float:
    step = timedelta(minutes=5)
    observer = Observer(latitude, longitude)
    midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(time_zone))
    start = midnight.astimezone(UTC)
    instants = (start + n * step for n in range(288))
    up = sum(elevation(observer, at) > min_elevation for at in instants)
    return up * step.total_seconds()


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """One room, or the location itself where ``kind`` is ``LOCATION``."""

    id: RoomId
    name: str
    kind: RoomKind
    building_function: BuildingFunction
    location: Location
    devices: tuple[Device, ...] = ()

    def devices_in(self, role: Role | None) -> tuple[Device, ...]:
        """The devices of one role; all of them for ``None``."""
        return tuple(d for d in self.devices if role is None or d.role is role)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Everything one monitor watches."""

    name: str
    rooms: tuple[Room, ...]

    @property
    def by_id(self) -> Mapping[RoomId, Room]:
        """The rooms by their id."""
        return MappingProxyType({room.id: room for room in self.rooms})
