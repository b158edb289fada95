"""A room in which all is well, whatever the hour: what every scenario starts from."""

from datetime import timedelta

from sensors.quantity import Quantity
from sensors.simulator.air import Air
from sensors.simulator.cast import Role
from sensors.simulator.curves import Constant, Daylight, Presses, state
from sensors.simulator.scenario import Curves

START = timedelta(0)

FULL_FLOW = 45.0
"""m³/h: somewhat more than the 12 dm³/s that a new building owes one person."""

WINDOW_SHARE = 0.03
"""How much of the light outside falls on the table, a step away from a large window."""

FREE = Constant(state(Quantity.CONTROL_LOCKOUT, "free"))
BATTERY = Constant(92.0)
CLOSED = Constant(state(Quantity.DOOR_CONTACT, "closed"))
UNLOCKED = Constant(state(Quantity.DOOR_LOCK, "unlocked"))

WELL: Curves = {
    Role.CLIMATE: {
        Quantity.AIR_TEMPERATURE: Constant(21.4),
        Quantity.RELATIVE_HUMIDITY: Constant(46.0),
        Quantity.CO2: Air(flow=((START, FULL_FLOW),)),
    },
    Role.DAYLIGHT: {Quantity.DAYLIGHT_ILLUMINANCE: Daylight(WINDOW_SHARE)},
    Role.OUTDOOR_DAYLIGHT: {Quantity.DAYLIGHT_ILLUMINANCE: Daylight(1.0)},
    Role.ROOM_LIGHT: {Quantity.ILLUMINANCE: Daylight(WINDOW_SHARE)},
    Role.LAMP: {
        Quantity.LAMP_STATE: Constant(state(Quantity.LAMP_STATE, "off")),
        Quantity.CONTROL_LOCKOUT: FREE,
    },
    Role.BLIND: {
        Quantity.BLIND_STATE: Constant(state(Quantity.BLIND_STATE, "open")),
        Quantity.CONTROL_LOCKOUT: FREE,
    },
    Role.THERMOSTAT: {
        Quantity.AIR_TEMPERATURE: Constant(21.2),
        Quantity.SET_POINT: Constant(21.0),
        Quantity.CONTROL_LOCKOUT: FREE,
        Quantity.BATTERY: BATTERY,
    },
    Role.VENTILATION: {
        Quantity.FAN_STATE: Constant(state(Quantity.FAN_STATE, "on")),
        Quantity.AIR_FLOW: Constant(FULL_FLOW),
        Quantity.CONTROL_LOCKOUT: FREE,
    },
    Role.CLOCK: {Quantity.CLOCK_OFFSET: Constant(1.0)},
    Role.DOOR_CONTACT: {Quantity.DOOR_CONTACT: CLOSED, Quantity.BATTERY: BATTERY},
    Role.DOOR_LOCK: {Quantity.DOOR_LOCK: UNLOCKED},
    Role.SANITARY_DOOR: {Quantity.DOOR_LOCK: UNLOCKED, Quantity.BATTERY: BATTERY},
    Role.HATCH: {Quantity.DOOR_CONTACT: CLOSED, Quantity.BATTERY: BATTERY},
    Role.CALL_BUTTON: {Quantity.CALL_BUTTON: Presses(), Quantity.BATTERY: BATTERY},
    Role.PRESENCE_TAP: {Quantity.PRESENCE_TAP: Presses(), Quantity.BATTERY: BATTERY},
    Role.MEDIA: {Quantity.SWITCH_STATE: Constant(state(Quantity.SWITCH_STATE, "on"))},
}
