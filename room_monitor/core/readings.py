"""One value heard from one device of one room."""

from datetime import datetime
from typing import NamedTuple

from room_monitor.core.ids import DeviceId, RoomId
from sensors.quantity import Quantity


class Reading(NamedTuple):
    """One value, dated and attributed. All instants are aware UTC.

    Attributes:
        room: Where the device is.
        device: Who said it.
        quantity: What it is about.
        value: In ``quantity.unit``; for states the number of the state.
        at: The instant the value is evidence of: ``received_at``, or ``measured_at`` for
            a device that is dated by its own clock (ADR 6).
        received_at: When our clock saw it arrive.
        measured_at: The device's own time, kept beside ours, if it sent one.
        sequence: The device's own message number, if it sends one.
        late: It arrived so long after ``at`` that it tells of the past, not of now.
        retained: The broker replayed it from its store: not fresh evidence.
        tag: The identity of a presented tag or the name of a button action, if any.
    """

    room: RoomId
    device: DeviceId
    quantity: Quantity
    value: float
    at: datetime
    received_at: datetime
    measured_at: datetime | None = None
    sequence: int | None = None
    late: bool = False
    retained: bool = False
    tag: str | None = None

    def repeats(self, before: "Reading") -> bool:
        """Whether this is ``before``, sent or delivered again."""
        return (
            self.at == before.at
            and self.value == before.value
            and self.sequence == before.sequence
            and self.tag == before.tag
        )
