"""Who and what can answer: the roles of people, and what devices in a role tell."""

from collections.abc import Mapping
from types import MappingProxyType

from room_monitor.core.site import Role
from sensors.quantity import Quantity

PEOPLE = (
    "administrator",
    "behavioural_scientist",
    "director",
    "facility_manager",
    "inspector",
    "staff",
)

# What a device in a role can tell, beside its own condition.
_OF_EVERY_DEVICE = (
    Quantity.BATTERY,
    Quantity.LINK_QUALITY,
    Quantity.AVAILABILITY,
    Quantity.TAMPER,
)
_LIGHT = (Quantity.ILLUMINANCE, Quantity.DAYLIGHT_ILLUMINANCE)
_TOLD_BY: Mapping[Role, tuple[Quantity, ...]] = MappingProxyType(
    {
        Role.CLIMATE: (
            Quantity.AIR_TEMPERATURE,
            Quantity.RELATIVE_HUMIDITY,
            Quantity.CO2,
        ),
        Role.DAYLIGHT: _LIGHT,
        Role.OUTDOOR_DAYLIGHT: _LIGHT,
        Role.ROOM_LIGHT: _LIGHT,
        Role.LAMP: (
            Quantity.LAMP_STATE,
            Quantity.SWITCH_STATE,
            Quantity.CONTROL_LOCKOUT,
        ),
        Role.BLIND: (Quantity.BLIND_STATE, Quantity.CONTROL_LOCKOUT),
        Role.THERMOSTAT: (
            Quantity.AIR_TEMPERATURE,
            Quantity.SET_POINT,
            Quantity.CONTROL_LOCKOUT,
        ),
        Role.VENTILATION: (
            Quantity.FAN_STATE,
            Quantity.SWITCH_STATE,
            Quantity.AIR_FLOW,
            Quantity.CONTROL_LOCKOUT,
        ),
        Role.CLOCK: (Quantity.CLOCK_OFFSET,),
        Role.DOOR_CONTACT: (Quantity.DOOR_CONTACT,),
        Role.DOOR_LOCK: (Quantity.DOOR_LOCK, Quantity.DOOR_CONTACT),
        Role.SANITARY_DOOR: (Quantity.DOOR_LOCK, Quantity.DOOR_CONTACT),
        Role.HATCH: (Quantity.DOOR_CONTACT,),
        Role.CALL_BUTTON: (Quantity.CALL_BUTTON, Quantity.BUTTON_PRESS),
        Role.PRESENCE_TAP: (Quantity.PRESENCE_TAP, Quantity.BUTTON_PRESS),
        Role.MEDIA: (Quantity.SWITCH_STATE,),
    }
)


def told_by(role: Role) -> tuple[Quantity, ...]:
    """What a device in this role can report."""
    return _TOLD_BY[role] + _OF_EVERY_DEVICE
