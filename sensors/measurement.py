"""One decoded value, or the reason why a payload was refused.

Bad input is a value here, not an exception: whatever a device sends, decoding answers
with measurements or with a ``Refused`` that a technician can act on.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sensors.quantity import Quantity

MAX_PAYLOAD_BYTES = 64 * 1024
MAX_DEPTH = 16


class Measurement(NamedTuple):
    """One value as a device reported it, in the unit of its quantity.

    Attributes:
        quantity: What was measured.
        value: In ``quantity.unit``; for states the number of the state.
        measured_at: The device's own time, aware UTC, if it sent one.
        sequence: The device's own message number, if it sends one.
        channel: Which part of the device spoke (``switch:1``, ``l2``), if it has several.
        tag: The identity of a presented tag or the name of a button action, if any.
    """

    quantity: Quantity
    value: float
    measured_at: datetime | None = None
    sequence: int | None = None
    channel: str | None = None
    tag: str | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """A payload that cannot be used.

    Attributes:
        reason: One line for a technician; names the key at fault where there is one,
            e.g. ``temperature is 'warm', not a number``.
    """

    reason: str


Decoded = tuple[Measurement, ...] | Refused
"""What decoding gives: measurements, none if nothing is measured in it, or why not."""
