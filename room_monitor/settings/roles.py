"""Who and what can answer: the roles of people, and what devices in a role tell."""

from collections.abc import Mapping
from types import MappingProxyType

from room_monitor.core.site import Role
from room_monitor.settings.problems import did_you_mean
from sensors.quantity import Quantity

PEOPLE = (
    "administrator",
    "behavioural_scientist",
    "director",
    "facility_manager",
    "inspector",
    "staff",
)

# What the readings of a device in a role are about, beside its own condition. What a
# device calls it is another matter: a plug in the role of a lamp tells of a lamp.
_OF_EVERY_DEVICE = (
    Quantity.AVAILABILITY,
    Quantity.BATTERY,
    Quantity.CONTROL_LOCKOUT,
    Quantity.LINK_QUALITY,
    Quantity.TAMPER,
)
_TOLD_BY: Mapping[Role, tuple[Quantity, ...]] = MappingProxyType(
    {
        Role.CLIMATE: (
            Quantity.AIR_TEMPERATURE,
            Quantity.RELATIVE_HUMIDITY,
            Quantity.CO2,
        ),
        Role.DAYLIGHT: (Quantity.DAYLIGHT_ILLUMINANCE,),
        Role.OUTDOOR_DAYLIGHT: (Quantity.DAYLIGHT_ILLUMINANCE,),
        Role.ROOM_LIGHT: (Quantity.ILLUMINANCE,),
        Role.LAMP: (Quantity.LAMP_STATE,),
        Role.BLIND: (Quantity.BLIND_STATE,),
        Role.THERMOSTAT: (Quantity.AIR_TEMPERATURE, Quantity.SET_POINT),
        Role.VENTILATION: (Quantity.FAN_STATE, Quantity.AIR_FLOW),
        Role.CLOCK: (Quantity.CLOCK_OFFSET,),
        Role.DOOR_CONTACT: (Quantity.DOOR_CONTACT,),
        Role.DOOR_LOCK: (Quantity.DOOR_LOCK,),
        Role.SANITARY_DOOR: (Quantity.DOOR_LOCK, Quantity.DOOR_CONTACT),
        Role.HATCH: (Quantity.DOOR_CONTACT,),
        Role.CALL_BUTTON: (Quantity.CALL_BUTTON,),
        Role.PRESENCE_TAP: (Quantity.PRESENCE_TAP,),
        Role.MEDIA: (Quantity.SWITCH_STATE,),
    }
)


def told_by(role: Role) -> tuple[Quantity, ...]:
    """What the readings of a device in this role can be about."""
    return _TOLD_BY[role] + _OF_EVERY_DEVICE


def answerable(quantity: Quantity, role: object) -> Quantity:
    """The quantity, if a device in this role reports it or the role is unknown.

    Raises:
        ValueError: If no device in this role ever reports it.
    """
    if isinstance(role, Role) and quantity not in told_by(role):
        raise ValueError(
            f"a device in role '{role}' does not report '{quantity}'"
            + did_you_mean("", map(str, told_by(role)))
        )
    return quantity
