"""What does a sensor make of a true value?

It is a little off, a different little each time, and it rounds. The deviation is drawn
from a key (seed, device, quantity, offset), so the same play says the same again, on
every machine and in every version of Python.
"""

from collections.abc import Mapping
from hashlib import blake2b
from types import MappingProxyType
from typing import NamedTuple

from sensors.quantity import SPECS, Quantity


class Spread(NamedTuple):
    """How far off a sensor may be, ``absolute + relative × value``, and its decimals."""

    absolute: float
    relative: float
    decimals: int


# Far inside the accuracy of the data sheets: that is mostly a constant error, while this
# is what changes from one reading to the next.
SPREADS: Mapping[Quantity, Spread] = MappingProxyType(
    {
        Quantity.ILLUMINANCE: Spread(0.0, 0.02, 0),
        Quantity.DAYLIGHT_ILLUMINANCE: Spread(0.0, 0.02, 0),
        Quantity.AIR_TEMPERATURE: Spread(0.06, 0.0, 2),
        Quantity.SET_POINT: Spread(0.0, 0.0, 1),
        Quantity.RELATIVE_HUMIDITY: Spread(0.5, 0.0, 1),
        Quantity.CO2: Spread(4.0, 0.006, 0),
        Quantity.AIR_FLOW: Spread(0.0, 0.02, 1),
        Quantity.CLOCK_OFFSET: Spread(0.2, 0.0, 1),
        Quantity.BATTERY: Spread(0.0, 0.0, 0),
        Quantity.LINK_QUALITY: Spread(4.0, 0.0, 0),
    }
)


def measured(quantity: Quantity, value: float, key: str) -> float:
    """What the sensor says, in ``quantity.unit``; a state is said as it is."""
    spread = SPREADS.get(quantity)
    if spread is None:
        return value
    off = deviation(key) * (spread.absolute + spread.relative * abs(value))
    spec = SPECS[quantity]
    return round(min(max(value + off, spec.low), spec.high), spread.decimals)


def deviation(key: str) -> float:
    """A number from -1 to 1, near 0 more often than not; always the same for a key."""
    digest = blake2b(key.encode(), digest_size=8).digest()
    one, other = (int.from_bytes(half) / 2**32 for half in (digest[:4], digest[4:]))
    return one - other
