"""Small rooms and catalogues, made in code, for tests of the shell."""

from datetime import UTC, date, datetime, timedelta

from room_monitor.core.ids import DeviceId, LocationId, RequirementId, RoomId
from room_monitor.core.obligations import Plan, plan
from room_monitor.core.readings import Reading
from room_monitor.core.requirements import (
    Applies,
    Ask,
    Catalogue,
    CheckedEvery,
    EvidenceKind,
    HeardFrom,
    Label,
    Priority,
    Requirement,
    StayKind,
    WithinRange,
)
from room_monitor.core.site import (
    BuildingFunction,
    DatedBy,
    Device,
    Location,
    Role,
    Room,
    RoomKind,
)
from sensors.quantity import Quantity

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
CALM = RoomId("calm-1")
CLIMATE = DeviceId("climate-1")


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def requirement(
    name: str, *asks: Ask, during: frozenset[StayKind] = frozenset()
) -> Requirement:
    return Requirement(
        id=RequirementId(name),
        label=Label.LAW,
        citation="Besluit Jeugdwet, art. 0",
        link="",
        nl=name,
        en=name,
        applies=Applies(rooms=frozenset(RoomKind), during=during),
        asks=asks,
        valid_from=date(2024, 1, 1),
    )


CATALOGUE = Catalogue(
    version="test",
    hash="0" * 64,
    requirements=(
        requirement(
            "air",
            Ask(
                key="co2",
                evidence=EvidenceKind.LIVE,
                demand=WithinRange(role=Role.CLIMATE, quantity=Quantity.CO2, high=1200),
                dwell=minutes(5),
                priority=Priority.HIGH,
            ),
        ),
        requirement(
            "heard",
            Ask(
                key="heard",
                evidence=EvidenceKind.LIVE,
                demand=HeardFrom(),
                priority=Priority.LOW,
            ),
        ),
        requirement(
            "check-every-quarter",
            Ask(
                key="checks",
                evidence=EvidenceKind.REGISTRATION,
                demand=CheckedEvery(at_most=minutes(15)),
                priority=Priority.URGENT,
            ),
            during=frozenset({StayKind.ENCLOSURE}),
        ),
    ),
)

LOCATION = Location(
    id=LocationId("north"),
    name="North",
    latitude=52.1,
    longitude=5.1,
    time_zone="Europe/Amsterdam",
)


def device(
    name: str = CLIMATE,
    role: Role = Role.CLIMATE,
    *,
    dated_by: DatedBy = DatedBy.ARRIVAL,
    interval: timedelta = timedelta(minutes=10),
    topic: str = "",
) -> Device:
    return Device(
        id=DeviceId(name),
        name=name,
        role=role,
        profile="native",
        topic=topic or f"rooms/{name}",
        interval=interval,
        dated_by=dated_by,
    )


def room(name: str = CALM, *devices: Device) -> Room:
    return Room(
        id=RoomId(name),
        name=name,
        kind=RoomKind.SAFE_ROOM,
        building_function=BuildingFunction.OTHER,
        location=LOCATION,
        devices=devices or (device(),),
    )


def plans(*rooms: Room) -> dict[RoomId, Plan]:
    return {each.id: plan(each, CATALOGUE) for each in rooms or (room(),)}


def co2(
    value: float,
    at: datetime,
    *,
    in_room: RoomId = CALM,
    of: str = CLIMATE,
    sequence: int | None = None,
) -> Reading:
    return Reading(
        room=in_room,
        device=DeviceId(of),
        quantity=Quantity.CO2,
        value=value,
        at=at,
        received_at=at,
        sequence=sequence,
    )
