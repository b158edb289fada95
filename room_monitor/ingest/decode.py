"""What does a message say, of which devices? Pure: same input, same answer.

topic → the devices that live there → their profile reads the payload
      → what it means in their role → dated → readings, or why not
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from room_monitor.core.ids import DeviceId, RoomId
from room_monitor.core.readings import Reading
from room_monitor.core.site import DatedBy, Device, Site
from room_monitor.ingest.meanings import MEANINGS, OWN_CONDITION
from room_monitor.ingest.topics import TopicTree
from sensors.measurement import Decoded, Measurement, Refused
from sensors.profiles import PROFILES, Profile
from sensors.quantity import Quantity

AHEAD = timedelta(seconds=2)
"""A device's clock may run this far ahead of ours; what is dated later is refused."""

OLDEST = timedelta(days=7)
"""What a device kept for longer than this is refused."""

LATE = timedelta(seconds=60)
"""What is older than this when it arrives tells of the past, not of now."""

MOST_REMEMBERED: Final = 10_000
"""How many topics that a wildcard matched are remembered."""


class Rejection(NamedTuple):
    """Why what was said of devices cannot be used.

    Attributes:
        devices: The devices that live at the topic.
        reason: One line for a technician; names the key at fault where there is one.
    """

    devices: tuple[DeviceId, ...]
    reason: str


class Said(NamedTuple):
    """What a message said.

    Attributes:
        readings: None, if there is nothing to measure in it.
        rejections: Usually none. One device may be refused what another is believed.
        known: Whether a device lives at the topic, or the topic belongs to one.
    """

    readings: tuple[Reading, ...] = ()
    rejections: tuple[Rejection, ...] = ()
    known: bool = True


@dataclass(frozen=True, slots=True)
class Resident:
    """A device of a room, as it is spoken of at a topic."""

    room: RoomId
    device: DeviceId
    channel: str | None
    by_its_clock: bool
    meanings: Mapping[Quantity, Quantity]


Decode = Callable[[str, bytes], Decoded]
Address = tuple[Decode, tuple[Resident, ...]]

_ONLINE: Final = float(Quantity.AVAILABILITY.states.index("online"))
_NOTHING = Said()
_UNKNOWN = Said(known=False)


class Router:
    """Finds the devices behind a topic and reads what is said of them."""

    def __init__(self, site: Site, profiles: Mapping[str, Profile] = PROFILES) -> None:
        self.filters: frozenset[str]
        """The topic filters on which the devices of the site are heard."""
        self._tree: TopicTree[tuple[Decode, Resident]] = TopicTree()
        self._own: TopicTree[None] = TopicTree()
        self._addresses: dict[str, tuple[Address, ...]] = {}
        filters: set[str] = set()
        for room in site.rooms:
            for device in room.devices:
                profile = profiles[device.profile]
                resident = _resident(room.id, device)
                of_device = profile.filters(device.topic)
                filters.update(of_device)
                for each in of_device:
                    self._tree.add(each, (profile.decode, resident))
                for place in _places(device.topic, of_device):
                    self._own.add(f"{place}/#", None)
        self.filters = frozenset(filters)

    def read(
        self, topic: str, payload: bytes, *, received_at: datetime, retained: bool
    ) -> Said:
        """Read a message.

        Args:
            topic: The full topic.
            payload: Any bytes.
            received_at: Our clock, aware UTC.
            retained: The broker replayed it from its store.
        """
        addresses = self._addresses.get(topic)
        if addresses is None:
            addresses = self._find(topic)
            if not addresses:
                return (
                    _NOTHING if any(True for _ in self._own.find(topic)) else _UNKNOWN
                )
        readings: list[Reading] = []
        rejections: list[Rejection] = []
        for decode, residents in addresses:
            decoded = decode(topic, payload)
            if isinstance(decoded, Refused):
                devices = tuple(dict.fromkeys(r.device for r in residents))
                rejections.append(Rejection(devices, decoded.reason))
                continue
            for resident in residents:
                why = _attribute(resident, decoded, received_at, retained, readings)
                if why is not None:
                    rejections.append(Rejection((resident.device,), why))
        return Said(tuple(readings), tuple(rejections))

    def _find(self, topic: str) -> tuple[Address, ...]:
        found: dict[Decode, list[Resident]] = {}
        for decode, resident in self._tree.find(topic):
            residents = found.setdefault(decode, [])
            if resident not in residents:
                residents.append(resident)
        addresses = tuple((d, tuple(residents)) for d, residents in found.items())
        if addresses:
            if len(self._addresses) >= MOST_REMEMBERED:
                self._addresses.clear()
            self._addresses[topic] = addresses
        return addresses


def _resident(room: RoomId, device: Device) -> Resident:
    return Resident(
        room,
        device.id,
        device.channel,
        device.dated_by is DatedBy.DEVICE,
        MEANINGS[device.role],
    )


def _places(base: str, filters: Iterable[str]) -> set[str]:
    """Below which topics everything is about the device, also what nobody reads."""
    if base in filters:
        return {base}
    return {each.rpartition("/")[0] for each in filters}


def _attribute(
    resident: Resident,
    measurements: tuple[Measurement, ...],
    received_at: datetime,
    retained: bool,
    readings: list[Reading],
) -> str | None:
    """Add what was measured as readings of one device, or say why nothing was added."""
    room, device, channel, by_its_clock, meanings = (
        resident.room,
        resident.device,
        resident.channel,
        resident.by_its_clock,
        resident.meanings,
    )
    added: list[Reading] = []
    for measured, value, measured_at, sequence, part, tag in measurements:
        quantity = meanings.get(measured)
        if quantity is None:
            continue
        # What a box says of itself as a whole it says of each of its parts.
        if (
            channel is not None
            and part != channel
            and (part is not None or measured not in OWN_CONDITION)
        ):
            continue
        at, late = received_at, False
        if by_its_clock and measured_at is not None:
            dated = _dated(measured_at, received_at)
            if isinstance(dated, str):
                return dated
            at, late = dated
        added.append(
            Reading(
                room,
                device,
                quantity,
                value,
                at,
                received_at,
                measured_at,
                sequence,
                late,
                retained,
                tag,
            )
        )
    if not added and measurements and measurements[0].sequence is not None:
        # It told another part of the box; that it spoke, and its number, holds for all.
        _, _, measured_at, sequence, *_ = measurements[0]
        at, late = received_at, False
        if by_its_clock and measured_at is not None:
            dated = _dated(measured_at, received_at)
            if isinstance(dated, str):
                return dated
            at, late = dated
        added.append(
            Reading(
                room,
                device,
                Quantity.AVAILABILITY,
                _ONLINE,
                at,
                received_at,
                measured_at,
                sequence,
                late,
                retained,
            )
        )
    readings += added
    return None


def _dated(measured_at: datetime, received_at: datetime) -> tuple[datetime, bool] | str:
    """When it was and whether that is long ago, or why that cannot be."""
    age = received_at - measured_at
    if age < -AHEAD or age > OLDEST:
        return _absurd(measured_at, age)
    if measured_at < received_at:
        return measured_at, age > LATE
    return received_at, False


def _absurd(measured_at: datetime, age: timedelta) -> str:
    said = f"the device's time is {measured_at.isoformat()}"
    if age < timedelta(0):
        return f"{said}, {-age.total_seconds():.0f} s after it arrived; set its clock"
    return f"{said}, {age.days} days before it arrived; at most {OLDEST.days} are taken"
