"""What does a measurement mean in the role its device has?

A plug says it is "on". In the role of a lamp that is the state of the lamp, in the role of
ventilation that the fan turns. What is no business of the role is left alone: a box that
does two jobs is listed twice, and speaks in each role for itself.
"""

from collections.abc import Mapping
from types import MappingProxyType

from room_monitor.core.site import Role
from sensors.quantity import Quantity

OWN_CONDITION: Mapping[Quantity, Quantity] = MappingProxyType(
    {
        quantity: quantity
        for quantity in (
            Quantity.AVAILABILITY,
            Quantity.BATTERY,
            Quantity.LINK_QUALITY,
            Quantity.TAMPER,
            Quantity.CONTROL_LOCKOUT,
        )
    }
)
"""What a device in any role may say, of itself as a whole."""


def _as_is(*quantities: Quantity) -> dict[Quantity, Quantity]:
    return {quantity: quantity for quantity in quantities}


_DAYLIGHT = {
    Quantity.ILLUMINANCE: Quantity.DAYLIGHT_ILLUMINANCE,
    Quantity.DAYLIGHT_ILLUMINANCE: Quantity.DAYLIGHT_ILLUMINANCE,
}

_OF_ROLE: dict[Role, dict[Quantity, Quantity]] = {
    Role.CLIMATE: _as_is(
        Quantity.AIR_TEMPERATURE, Quantity.RELATIVE_HUMIDITY, Quantity.CO2
    ),
    Role.DAYLIGHT: _DAYLIGHT,
    Role.OUTDOOR_DAYLIGHT: _DAYLIGHT,
    Role.ROOM_LIGHT: _as_is(Quantity.ILLUMINANCE),
    Role.LAMP: {
        Quantity.SWITCH_STATE: Quantity.LAMP_STATE,
        Quantity.LAMP_STATE: Quantity.LAMP_STATE,
    },
    Role.BLIND: _as_is(Quantity.BLIND_STATE),
    Role.THERMOSTAT: _as_is(Quantity.AIR_TEMPERATURE, Quantity.SET_POINT),
    Role.VENTILATION: {
        Quantity.SWITCH_STATE: Quantity.FAN_STATE,
        Quantity.FAN_STATE: Quantity.FAN_STATE,
        Quantity.AIR_FLOW: Quantity.AIR_FLOW,
    },
    Role.CLOCK: _as_is(Quantity.CLOCK_OFFSET),
    Role.DOOR_CONTACT: _as_is(Quantity.DOOR_CONTACT),
    # A lock with a contact in it is listed twice, so that an opening counts once.
    Role.DOOR_LOCK: _as_is(Quantity.DOOR_LOCK),
    Role.SANITARY_DOOR: _as_is(Quantity.DOOR_LOCK, Quantity.DOOR_CONTACT),
    Role.HATCH: _as_is(Quantity.DOOR_CONTACT),
    Role.CALL_BUTTON: {
        Quantity.BUTTON_PRESS: Quantity.CALL_BUTTON,
        Quantity.CALL_BUTTON: Quantity.CALL_BUTTON,
    },
    Role.PRESENCE_TAP: {
        Quantity.BUTTON_PRESS: Quantity.PRESENCE_TAP,
        Quantity.PRESENCE_TAP: Quantity.PRESENCE_TAP,
    },
    Role.MEDIA: _as_is(Quantity.SWITCH_STATE),
}

MEANINGS: Mapping[Role, Mapping[Quantity, Quantity]] = MappingProxyType(
    {
        role: MappingProxyType({**OWN_CONDITION, **of_role})
        for role, of_role in _OF_ROLE.items()
    }
)
"""Per role, from the quantity that was measured to the one it is evidence of."""
