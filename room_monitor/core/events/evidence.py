"""What a decision rests on: the reading that decided it, and the text that asks."""

from dataclasses import dataclass
from datetime import datetime

from room_monitor.core.ids import (
    DeviceId,
    RequirementId,
)
from room_monitor.core.readings import Reading
from room_monitor.core.requirements import Label
from sensors.quantity import Quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The reading that decided something, kept with the decision.

    Attributes:
        value: In ``unit``; for states the number of the state.
        unit: That of the quantity.
        at: The instant it is evidence of.
        received_at: Our clock when it came in.
        measured_at: The device's own time, if it told one.
        sequence: The device's own message number, if it sends one.
        late: It told of the past when it came.
    """

    device: DeviceId
    quantity: Quantity
    value: float
    unit: str
    at: datetime
    received_at: datetime
    measured_at: datetime | None = None
    sequence: int | None = None
    late: bool = False

    @classmethod
    def of(cls, reading: Reading) -> "Evidence":
        """Keep what matters of a reading."""
        return cls(
            device=reading.device,
            quantity=reading.quantity,
            value=reading.value,
            unit=reading.quantity.unit,
            at=reading.at,
            received_at=reading.received_at,
            measured_at=reading.measured_at,
            sequence=reading.sequence,
            late=reading.late,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What a verdict rests on in the catalogue: carried by every verdict.

    Attributes:
        citation: The article, in short.
        label: Whether it is law or an indication.
    """

    requirement: RequirementId
    citation: str
    label: Label
    catalogue: str
