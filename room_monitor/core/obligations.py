"""Which demands are made of one room: the catalogue applied to its devices.

An obligation is one ask of one requirement, for one room and, where the ask is about
devices, for one device: two devices of one role are both judged. Obligations that hold
only during a stay become questions once per stay.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple, TypeVar

from room_monitor.core.events import Source
from room_monitor.core.ids import DeviceId, ObligationId, StayId
from room_monitor.core.requirements import (
    Ask,
    Catalogue,
    Daylight,
    DaylightShare,
    HeardFrom,
    RegisteredWhenLocked,
    Requirement,
    Responds,
    StayKind,
    StaysInState,
    WithinRange,
)
from room_monitor.core.rules import OF_DEVICES
from room_monitor.core.site import Device, Role, Room
from sensors.quantity import Quantity

T = TypeVar("T")
Index = Mapping[DeviceId, Mapping[Quantity | None, tuple[T, ...]]]

DOORS = {
    Role.DOOR_CONTACT: Quantity.DOOR_CONTACT,
    Role.DOOR_LOCK: Quantity.DOOR_LOCK,
}
"""What says whether a room is locked."""

LIGHTS = {Role.OUTDOOR_DAYLIGHT, Role.LAMP, Role.BLIND}
"""What decides how daylight in a room is judged, besides the daylight itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Obligation:
    """One ask, of one room, for one device if it is about devices.

    Attributes:
        id: ``room/requirement/ask`` or ``room/requirement/ask/device``.
        source: What every verdict on it carries.
        begins_at: First instant of its validity, aware UTC.
        ends_at: First instant after its validity, or ``None``.
    """

    id: ObligationId
    requirement: Requirement
    ask: Ask
    device: Device | None
    source: Source
    begins_at: datetime
    ends_at: datetime | None

    def in_force(self, at: datetime) -> bool:
        """Whether the requirement was valid at an instant."""
        return self.begins_at <= at and (self.ends_at is None or at < self.ends_at)


class Question(NamedTuple):
    """An obligation at work: for the room itself, or for one stay in it.

    Attributes:
        key: The obligation's id, and ``@stay`` behind it for a stay.
    """

    key: ObligationId
    obligation: Obligation
    stay: StayId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything asked of one room.

    Attributes:
        always: Obligations that hold with and without a stay.
        during: Obligations per kind of stay.
        watching: Per device and quantity what a reading can change of ``always``; under
            ``None`` for all quantities that are not named.
        watching_stays: The same of ``during``.
        devices: The room's devices by id.
        daylight: What the daylight tallies count, if they are asked for.
    """

    room: Room
    requirements: tuple[Requirement, ...]
    always: tuple[Question, ...]
    during: Mapping[StayKind, tuple[Obligation, ...]]
    watching: Index[Question]
    watching_stays: Index[Obligation]
    devices: Mapping[DeviceId, Device]
    daylight: DaylightShare | None

    def touched(self, device: DeviceId, quantity: Quantity) -> tuple[Question, ...]:
        """What a reading can change of what is always asked."""
        of_device = self.watching[device]
        return of_device.get(quantity, of_device[None])

    def touched_in_stays(
        self, device: DeviceId, quantity: Quantity
    ) -> tuple[Obligation, ...]:
        """What a reading can change of what is asked during stays."""
        of_device = self.watching_stays[device]
        return of_device.get(quantity, of_device[None])


def plan(room: Room, catalogue: Catalogue) -> Plan:
    """Apply the catalogue to a room."""
    requirements = tuple(
        r for r in catalogue.requirements if room.kind in r.applies.rooms
    )
    obligations = [o for r in requirements for o in _of(r, room, catalogue.stamp)]
    always = tuple(
        Question(o.id, o, None) for o in obligations if not o.requirement.applies.during
    )
    in_stays = [o for o in obligations if o.requirement.applies.during]
    return Plan(
        room=room,
        requirements=requirements,
        always=always,
        during={
            kind: tuple(o for o in obligations if kind in o.requirement.applies.during)
            for kind in StayKind
        },
        watching=_index(room, [(q, q.obligation) for q in always]),
        watching_stays=_index(room, [(o, o) for o in in_stays]),
        devices={d.id: d for d in room.devices},
        daylight=next(
            (
                o.ask.demand
                for o in obligations
                if isinstance(o.ask.demand, DaylightShare)
            ),
            None,
        ),
    )


def question(obligation: Obligation, stay: StayId) -> Question:
    """The obligation, asked of one stay."""
    return Question(ObligationId(f"{obligation.id}@{stay}"), obligation, stay)


def _of(requirement: Requirement, room: Room, stamp: str) -> list[Obligation]:
    source = Source(
        requirement=requirement.id,
        citation=requirement.citation,
        label=requirement.label,
        catalogue=stamp,
    )
    begins_at = _midnight(room, requirement.valid_from)
    ends_at = (
        _midnight(room, requirement.valid_until + timedelta(days=1))
        if requirement.valid_until
        else None
    )
    return [
        Obligation(
            id=ObligationId(
                f"{room.id}/{requirement.id}/{ask.key}"
                + (f"/{device.id}" if device else "")
            ),
            requirement=requirement,
            ask=ask,
            device=device,
            source=source,
            begins_at=begins_at,
            ends_at=ends_at,
        )
        for ask in requirement.asks
        for device in _devices(ask, room)
    ]


def _midnight(room: Room, day: date) -> datetime:
    return datetime.combine(day, time(), room.location.zone).astimezone(UTC)


def _devices(ask: Ask, room: Room) -> tuple[Device, ...] | tuple[None]:
    """The devices an ask is made of; one ``None`` for an ask made of people."""
    demand = ask.demand
    if type(demand) not in OF_DEVICES:
        return (None,)
    role: Role | None = getattr(demand, "role", None)
    wanted = getattr(demand, "quantity", None)
    if isinstance(demand, Responds) and not room.devices_in(demand.answer_role):
        return ()  # nothing is there that could show an answer
    return tuple(d for d in room.devices_in(role) if wanted not in d.lacks)


def _index(room: Room, asked: Sequence[tuple[T, Obligation]]) -> Index[T]:
    """Per device and quantity what a reading can change, in the order of ``asked``."""
    pairs: dict[DeviceId, list[tuple[Quantity | None, T]]]
    pairs = {device.id: [] for device in room.devices}
    for each, obligation in asked:
        for device, quantity in _watched(obligation, room):
            pairs[device].append((quantity, each))
    return {
        device: {
            quantity: tuple(each for of, each in of_device if of in (None, quantity))
            for quantity in {None, *(of for of, _ in of_device)}
        }
        for device, of_device in pairs.items()
    }


def _watched(
    obligation: Obligation, room: Room
) -> Iterator[tuple[DeviceId, Quantity | None]]:
    """Whose readings can change it, of which quantity; ``None`` for any quantity.

    A fortnight of daylight is judged once a day, and people's acts when they act.
    """
    device = obligation.device
    if isinstance(obligation.ask.demand, RegisteredWhenLocked):
        for each in room.devices:
            if (quantity := DOORS.get(each.role)) is not None:
                yield each.id, quantity
    if device is None:
        return
    match obligation.ask.demand:
        case HeardFrom():
            yield device.id, None
        case WithinRange(quantity=quantity) | StaysInState(quantity=quantity):
            yield device.id, quantity
        case Responds() as asks:
            yield device.id, asks.quantity
            for answerer in room.devices_in(asks.answer_role):
                yield answerer.id, asks.answer
        case Daylight():
            yield device.id, None
            for other in room.devices:
                if other.role in LIGHTS:
                    yield other.id, None
        case _:
            return
