"""What can be measured, in which unit, and within which physical bounds.

A quantity has exactly one unit inside the product; a decoder converts once, at the edge.
Quantities that are states (a door is open or closed) are numbered from 0 in the order of
``states``: a value is always a ``float``, which keeps storage and rules uniform.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Quantity(StrEnum):
    """One thing a device can report."""

    ILLUMINANCE = "illuminance"
    DAYLIGHT_ILLUMINANCE = "daylight_illuminance"
    AIR_TEMPERATURE = "air_temperature"
    SET_POINT = "set_point"
    RELATIVE_HUMIDITY = "relative_humidity"
    CO2 = "co2"
    AIR_FLOW = "air_flow"
    CLOCK_OFFSET = "clock_offset"
    BATTERY = "battery"
    LINK_QUALITY = "link_quality"
    SWITCH_STATE = "switch_state"
    LAMP_STATE = "lamp_state"
    FAN_STATE = "fan_state"
    BLIND_STATE = "blind_state"
    DOOR_CONTACT = "door_contact"
    DOOR_LOCK = "door_lock"
    BUTTON_PRESS = "button_press"
    CALL_BUTTON = "call_button"
    PRESENCE_TAP = "presence_tap"
    CONTROL_LOCKOUT = "control_lockout"
    TAMPER = "tamper"
    AVAILABILITY = "availability"

    @property
    def unit(self) -> str:
        """The unit of every value of this quantity; empty for states."""
        return SPECS[self].unit

    @property
    def states(self) -> tuple[str, ...]:
        """The names of the states 0, 1, …; empty for what is measured."""
        return SPECS[self].states

    def describe(self, value: float) -> str:
        """Write a value for people: ``812 ppm`` or ``locked``."""
        spec = SPECS[self]
        if spec.states and value in range(len(spec.states)):
            return spec.states[int(value)]
        return f"{value:g} {spec.unit}".rstrip()


@dataclass(frozen=True, slots=True)
class Spec:
    """Unit and physical bounds of a quantity.

    Attributes:
        unit: The one unit used inside the product, empty for states.
        low: The lowest value that can be real, in ``unit``.
        high: The highest value that can be real, in ``unit``.
        states: For states their names, in the order of their numbers.
    """

    unit: str
    low: float
    high: float
    states: tuple[str, ...] = ()

    def admits(self, value: float) -> bool:
        """Whether the value is physically possible; false for NaN and infinity."""
        if self.states:
            return value in range(len(self.states))
        return self.low <= value <= self.high


def _states(*names: str) -> Spec:
    return Spec("", 0, len(names) - 1, names)


# Bounds are those of nature and of the sensors on the market, not of comfort or law:
# full sun is about 120,000 lx; NDIR sensors report up to 40,000 ppm, and less than the
# 420 ppm outdoors by their error; the 0 of one that is warming up would acquit a room.
SPECS: Mapping[Quantity, Spec] = MappingProxyType(
    {
        Quantity.ILLUMINANCE: Spec("lx", 0, 200_000),
        Quantity.DAYLIGHT_ILLUMINANCE: Spec("lx", 0, 200_000),
        Quantity.AIR_TEMPERATURE: Spec("°C", -40, 85),
        Quantity.SET_POINT: Spec("°C", 0, 50),
        Quantity.RELATIVE_HUMIDITY: Spec("%", 0, 100),
        Quantity.CO2: Spec("ppm", 200, 40_000),
        Quantity.AIR_FLOW: Spec("m³/h", 0, 10_000),
        Quantity.CLOCK_OFFSET: Spec("s", -10 * 366 * 86_400, 10 * 366 * 86_400),
        Quantity.BATTERY: Spec("%", 0, 100),
        Quantity.LINK_QUALITY: Spec("", -200, 255),
        Quantity.SWITCH_STATE: _states("off", "on"),
        Quantity.LAMP_STATE: _states("off", "on"),
        Quantity.FAN_STATE: _states("off", "on"),
        Quantity.BLIND_STATE: _states("open", "closed"),
        Quantity.DOOR_CONTACT: _states("closed", "open"),
        Quantity.DOOR_LOCK: _states("unlocked", "locked"),
        Quantity.BUTTON_PRESS: _states("released", "pressed"),
        Quantity.CALL_BUTTON: _states("released", "pressed"),
        Quantity.PRESENCE_TAP: _states("none", "tapped"),
        Quantity.CONTROL_LOCKOUT: _states("free", "locked_out"),
        Quantity.TAMPER: _states("intact", "tampered"),
        Quantity.AVAILABILITY: _states("offline", "online"),
    }
)
