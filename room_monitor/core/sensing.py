"""What does a reading show that belongs in the log by itself, whatever is asked?"""

from dataclasses import replace
from datetime import datetime

from room_monitor.core.evaluation import Heard
from room_monitor.core.events import (
    ContactRequested,
    DoorMoved,
    Evidence,
    OccupancySuggested,
    SensedEvent,
    SequenceGapFound,
    TagPresented,
)
from room_monitor.core.readings import Reading
from room_monitor.core.site import Role
from room_monitor.core.state import RoomState, evolve
from room_monitor.core.tags import pseudonym
from sensors.quantity import Quantity

DOORS = {Role.DOOR_CONTACT, Role.DOOR_LOCK, Role.SANITARY_DOOR, Role.HATCH}


def sense(
    state: RoomState, reading: Reading, before: Heard | None
) -> list[SensedEvent]:
    """What a reading shows that belongs in the log by itself."""
    sensed: list[SensedEvent] = []
    device = state.plan.devices[reading.device]
    last = state.sequences.get(device.id)
    if (
        reading.sequence is not None
        and last is not None
        and reading.sequence > last + 1
    ):
        sensed.append(
            SequenceGapFound(
                device=device.id, after=last, before=reading.sequence, at=reading.at
            )
        )
    quantity, value = reading.quantity, reading.value
    if device.role in DOORS and quantity in (Quantity.DOOR_CONTACT, Quantity.DOOR_LOCK):
        if before is None or before.reading.value != value:
            moved = DoorMoved(
                device=device.id,
                role=device.role,
                quantity=quantity,
                state=quantity.describe(value),
                at=reading.at,
            )
            locks = state.doors.since is None
            if locks and evolve(state, moved).doors.since is not None:
                moved = replace(moved, co2_ppm=_co2(state, reading.at))
            sensed.append(moved)
    elif quantity is Quantity.PRESENCE_TAP and value:
        tag = None if reading.tag is None else pseudonym(reading.tag)
        sensed.append(TagPresented(device=device.id, at=reading.at, tag=tag))
    elif quantity is Quantity.CO2:
        sensed += _occupied(state, reading)
    elif quantity is Quantity.CALL_BUTTON and value:
        open_stay = next((s.id for s in state.stays.values() if not s.ended), None)
        sensed.append(ContactRequested(device=device.id, at=reading.at, stay=open_stay))
    return sensed


CO2_RISE = 150.0
"""By how many ppm CO₂ must rise behind a locked door to be worth a remark: several times
the uncertainty of a common sensor, and what one person adds to a small room in a quarter
of an hour or less."""


def _co2(state: RoomState, at: datetime) -> float | None:
    """CO₂ in the room, if a fresh reading tells; the lowest, where several do."""
    fresh = [
        heard.reading.value
        for device in state.plan.devices.values()
        if (heard := state.latest(device.id, Quantity.CO2)) is not None
        and at - heard.reading.at < device.silent_after
    ]
    return min(fresh, default=None)


def _occupied(state: RoomState, reading: Reading) -> list[SensedEvent]:
    """Say so, once, if CO₂ rises behind a locked door while no stay is registered."""
    locked_at, from_ppm = state.doors.since, state.doors.co2_ppm
    if locked_at is None or from_ppm is None or state.doors.suggested:
        return []
    if any(not stay.ended for stay in state.stays.values()):
        return []
    if reading.value - from_ppm < CO2_RISE:
        return []
    return [
        OccupancySuggested(
            locked_at=locked_at, from_ppm=from_ppm, evidence=Evidence.of(reading)
        )
    ]
