"""Which demands are made of one room: the catalogue applied to its devices.

An obligation is one ask of one requirement, for one room and, where the ask is about
devices, for one device: two devices of one role are both judged. Obligations that hold
only during a stay become questions once per stay.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from room_monitor.core.events import Source
from room_monitor.core.ids import DeviceId, ObligationId, StayId
from room_monitor.core.requirements import (
    Ask,
    Catalogue,
    Daylight,
    DaylightShare,
    HeardFrom,
    Requirement,
    Responds,
    StayKind,
    StaysInState,
    WithinRange,
)
from room_monitor.core.rules import OF_DEVICES
from room_monitor.core.site import Device, Role, Room
from sensors.quantity import Quantity


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
        watching: Per device and quantity what a reading can change of ``always``.
        watching_stays: The same of ``during``.
        devices: The room's devices by id.
        daylight: What the daylight tallies count, if they are asked for.
    """

    room: Room
    requirements: tuple[Requirement, ...]
    always: tuple[Question, ...]
    during: Mapping[StayKind, tuple[Obligation, ...]]
    watching: Mapping[DeviceId, Mapping[Quantity, tuple[Question, ...]]]
    watching_stays: Mapping[DeviceId, Mapping[Quantity, tuple[Obligation, ...]]]
    devices: Mapping[DeviceId, Device]
    daylight: DaylightShare | None


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
        watching={
            d.id: {
                q: tuple(a for a in always if _watches(a.obligation, d, q))
                for q in Quantity
            }
            for d in room.devices
        },
        watching_stays={
            d.id: {q: tuple(o for o in in_stays if _watches(o, d, q)) for q in Quantity}
            for d in room.devices
        },
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


def _watches(obligation: Obligation, device: Device, quantity: Quantity | None) -> bool:
    own = obligation.device is not None and obligation.device.id == device.id
    match obligation.ask.demand:
        case HeardFrom():
            return own
        case WithinRange() | StaysInState() as asks:
            return own and quantity is asks.quantity
        case Responds() as asks:
            return (own and quantity is asks.quantity) or (
                device.role is asks.answer_role and quantity is asks.answer
            )
        case Daylight():
            lights = {Role.OUTDOOR_DAYLIGHT, Role.LAMP, Role.BLIND}
            return own or device.role in lights
        case _:
            # A fortnight of daylight is judged once a day, people's acts when they act.
            return False
