"""Which devices play, and which of them are one box?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sensors.quantity import Quantity


class SimulationError(ValueError):
    """What was asked cannot be played; the message says what to change."""


class Role(StrEnum):
    """What a device is for in its room, as ``site.yaml`` calls it."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedDevice:
    """One device to play.

    Attributes:
        id: Unique in the site.
        role: What it is for; one of ``Role``.
        profile: In which family's format it speaks.
        topic: Its base topic, as the profile documents it.
        channel: Which part of a box with several parts it is, or ``None``.
        interval: How often it reports at least.
        room: Where it is.
        room_kind: What that room is for: ``safe_room``, ``bedroom``, …
        lacks: Quantities that others of its role report and this one does not.
    """

    id: str
    role: str
    profile: str
    topic: str
    channel: str | None = None
    interval: timedelta
    room: str
    room_kind: str
    lacks: frozenset[Quantity] = frozenset()

    def __post_init__(self) -> None:
        if self.role not in set(Role):
            known = ", ".join(Role)
            raise SimulationError(
                f"{self.id}: role '{self.role}' is not one of {known}"
            )
        if self.interval <= timedelta(0):
            raise SimulationError(
                f"{self.id}: interval {self.interval} is not positive"
            )


@dataclass(frozen=True, slots=True)
class Box:
    """One physical device. It speaks for all its parts together.

    Attributes:
        parts: The devices that share its profile and base topic.
    """

    parts: tuple[SimulatedDevice, ...]

    @property
    def profile(self) -> str:
        """In which family's format it speaks."""
        return self.parts[0].profile

    @property
    def topic(self) -> str:
        """Its base topic."""
        return self.parts[0].topic

    @property
    def id(self) -> str:
        """The id of its first part."""
        return self.parts[0].id

    @property
    def interval(self) -> timedelta:
        """How often it reports: as often as its most demanding part."""
        return min(part.interval for part in self.parts)


def boxes(devices: Iterable[SimulatedDevice]) -> tuple[Box, ...]:
    """The boxes, in the order of their first parts."""
    found: dict[tuple[str, str], list[SimulatedDevice]] = {}
    for device in devices:
        found.setdefault((device.profile, device.topic), []).append(device)
    return tuple(Box(tuple(parts)) for parts in found.values())
