"""How Zigbee devices speak through Zigbee2MQTT, versions 1 and 2.

One JSON object per message on the device's topic, one key per property; which keys a
device has stands under "Exposes" on its page. Occupancy and presence are left out on
purpose: the young person is not watched.

https://www.zigbee2mqtt.io/guide/usage/mqtt_topics_and_messages.html
https://www.zigbee2mqtt.io/guide/usage/exposes.html
"""

import math
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from sensors.measurement import Measurement
from sensors.profiles.payload import (
    Number,
    PayloadError,
    State,
    guarded,
    read_epoch_time,
    read_iso_time,
    read_label,
    read_object,
    read_part,
    read_percent,
    read_text,
    show,
)
from sensors.profiles.profile import Profile
from sensors.quantity import Quantity

# Every spelling in the field of "the buttons do not work": LOCK/UNLOCK of most valves,
# booleans and ON/OFF of others, unlock and lock1 … lock5 of the Zigbee keypad lockout.
# https://github.com/Koenkk/zigbee-herdsman-converters: src/lib/exposes.ts, constants.ts
_LOCKED_OUT: dict[str | bool, str] = {
    **dict.fromkeys(("LOCK", "LOCKED", "ON", "lock", "locked", True), "locked_out"),
    **dict.fromkeys(("lock1", "lock2", "lock3", "lock4", "lock5"), "locked_out"),
    **dict.fromkeys(("UNLOCK", "UNLOCKED", "OFF", "unlock", "unlocked", False), "free"),
}
_LOCKOUT = State(Quantity.CONTROL_LOCKOUT, _LOCKED_OUT)
_SET_POINT = Number(Quantity.SET_POINT)
_TEMPERATURE = Number(Quantity.AIR_TEMPERATURE)
_ILLUMINANCE = Number(Quantity.ILLUMINANCE)
_CO2 = Number(Quantity.CO2)

# Each may be followed by an endpoint, for devices with several parts: `child_lock_l2`.
TABLE: dict[str, Number | State] = {
    "temperature": _TEMPERATURE,
    "local_temperature": _TEMPERATURE,
    "humidity": Number(Quantity.RELATIVE_HUMIDITY),
    "occupied_heating_setpoint": _SET_POINT,
    "current_heating_setpoint": _SET_POINT,
    "child_lock": _LOCKOUT,
    "keypad_lockout": _LOCKOUT,
    "button_lock": _LOCKOUT,
    # https://www.zigbee2mqtt.io/guide/usage/exposes.html: true is closed.
    "contact": State(Quantity.DOOR_CONTACT, {True: "closed", False: "open"}),
    "tamper": State(Quantity.TAMPER, {True: "tampered", False: "intact"}),
    "fan_state": State(Quantity.FAN_STATE, {"ON": "on", "OFF": "off"}),
    "battery": Number(Quantity.BATTERY),
    "linkquality": Number(Quantity.LINK_QUALITY),
}

_AVAILABILITY = State(Quantity.AVAILABILITY)
_SWITCH = State(Quantity.SWITCH_STATE, {"ON": "on", "OFF": "off"})
_LAMP = State(Quantity.LAMP_STATE, {"ON": "on", "OFF": "off"})
_BLIND = State(Quantity.BLIND_STATE, {"OPEN": "open", "CLOSE": "closed"})
_LOCK = State(
    Quantity.DOOR_LOCK,
    {
        **dict.fromkeys(("LOCK", "LOCKED", "locked"), "locked"),
        **dict.fromkeys(("UNLOCK", "UNLOCKED", "unlocked"), "unlocked"),
    },
)

# What `state` is about shows from what it says.
STATES: dict[object, State] = {
    **dict.fromkeys(("ON", "OFF"), _SWITCH),
    **dict.fromkeys(("OPEN", "CLOSE"), _BLIND),
    **dict.fromkeys(("LOCK", "LOCKED", "UNLOCK", "UNLOCKED"), _LOCK),
}

# `auto` and `smart` do not say whether the fan turns.
FAN_MODES: dict[object, float] = {
    "off": 0.0,
    **dict.fromkeys(("low", "medium", "high", "on", *"123456789"), 1.0),
}

# Not a press: the end of one, and what a lock and its users do.
_NOT_A_PRESS = frozenset({"release", "stop", "unknown", "lock", "unlock"})
_NOT_A_PRESS_ENDINGS = ("_release", "_stop", "_lock", "_unlock", "_pin_or_id")

_ENDPOINTS = (
    *(f"l{number}" for number in range(1, 17)),
    *(str(number) for number in range(1, 17)),
    *("left", "right", "center", "top", "bottom"),
)


def _filters(base: str) -> tuple[str, ...]:
    return (base, f"{base}/availability")


def _decode(topic: str, payload: bytes) -> Iterable[Measurement]:
    if topic.endswith("/availability"):
        return (_read_availability(payload),)
    message = read_object(payload)
    seen = message.get("last_seen")
    at = None if seen is None else _read_last_seen(seen)
    measurements: list[Measurement] = []
    lockouts: dict[str | None, float] = {}
    for key, value in message.items():
        part = _PARTS.get(key)
        if part is None or value is None:
            continue
        reading, channel = part
        if not isinstance(reading, Number | State):
            found = reading(message, key, value)
            if found is None:
                continue
            quantity, number, tag = found
        else:
            quantity, number, tag = reading.quantity, reading.read(key, value), None
        if quantity is Quantity.CONTROL_LOCKOUT:
            # A control is free only if none of its locks is on.
            lockouts[channel] = max(number, lockouts.get(channel, 0.0))
        else:
            measurements.append(Measurement(quantity, number, at, None, channel, tag))
    for channel, locked in lockouts.items():
        measurements.append(
            Measurement(Quantity.CONTROL_LOCKOUT, locked, at, None, channel)
        )
    return measurements


def _read_availability(payload: bytes) -> Measurement:
    # JSON since 2.0; before that plain text unless configured otherwise.
    # https://www.zigbee2mqtt.io/guide/configuration/device-availability.html
    text = read_text(payload)
    value: object = text
    if text.startswith("{"):
        value = read_object(payload).get("state")
    number = _AVAILABILITY.read("availability", value)
    return Measurement(Quantity.AVAILABILITY, number)


def _read_last_seen(value: object) -> datetime:
    # `last_seen: ISO_8601` and `ISO_8601_local` write text, `epoch` milliseconds.
    # https://www.zigbee2mqtt.io/guide/configuration/more-config-options.html
    if isinstance(value, str):
        return read_iso_time("last_seen", value)
    return read_epoch_time("last_seen", value, timedelta(milliseconds=1))


_Found = tuple[Quantity, float, str | None] | None


def _read_state(message: dict[str, object], key: str, value: object) -> _Found:
    if value == "STOP":
        return _read_position(message, "position", message.get("position"))
    kind = STATES.get(value) if value.__class__ is str else None
    if kind is None:
        known = ", ".join(map(str, STATES))
        raise PayloadError(f"{key} is {show(value)}, not one of {known}, STOP")
    if kind is _LOCK and message.get("lock_state") is not None:
        return None  # what the lock really did says more
    if kind is _SWITCH and key.replace("state", "brightness", 1) in message:
        kind = _LAMP
    return kind.quantity, kind.read(key, value), None


def _read_lock_state(_: dict[str, object], key: str, value: object) -> _Found:
    if value == "not_fully_locked":
        return None  # a jammed bolt: neither locked nor unlocked is a fact
    return Quantity.DOOR_LOCK, _LOCK.read(key, value), None


def _read_position(message: dict[str, object], key: str, value: object) -> _Found:
    # A radiator valve has a position too. 0 is closed, 100 is open.
    if value is None or "local_temperature" in message:
        return None
    shut = read_percent(key, value) == 0
    return Quantity.BLIND_STATE, float(shut), None


def _read_position_alone(message: dict[str, object], key: str, value: object) -> _Found:
    return None if "state" in message else _read_position(message, key, value)


def _read_fan_mode(message: dict[str, object], _: str, value: object) -> _Found:
    number = FAN_MODES.get(value) if value.__class__ is str else None
    if number is None or message.get("fan_state") is not None:
        return None
    return Quantity.FAN_STATE, number, None


def _read_action(_: dict[str, object], key: str, value: object) -> _Found:
    # Version 1 sends an empty action after each one, to clear it.
    if value == "":
        return None
    tag = read_label(key, value)
    if tag in _NOT_A_PRESS or tag.endswith(_NOT_A_PRESS_ENDINGS):
        return None
    return Quantity.BUTTON_PRESS, 1.0, tag


def _read_host_flags(_: dict[str, object], key: str, value: object) -> _Found:
    flag = read_part(key, value).get("child_protection")
    if flag is None:
        return None
    locked = _LOCKOUT.read(f"{key}.child_protection", flag)
    return Quantity.CONTROL_LOCKOUT, locked, None


def _read_valve_mode(_: dict[str, object], key: str, value: object) -> _Found:
    # Eurotronic: in mode 1 "the buttons on the device are disabled". Published as a
    # number or as text, depending on the version.
    # https://www.zigbee2mqtt.io/devices/SPZB0001.html
    mode = show(value).strip("'")
    if mode not in {"1", "2"}:
        raise PayloadError(f"{key} is {show(value)}, not one of 1, 2")
    return Quantity.CONTROL_LOCKOUT, float(mode == "1"), None


def _read_co2(_: dict[str, object], key: str, value: object) -> _Found:
    if value.__class__ is int and value == 0:
        return None  # a sensor that warms up; never the air
    return Quantity.CO2, _CO2.read(key, value), None


def _read_lux(message: dict[str, object], key: str, value: object) -> _Found:
    # In version 1 `illuminance` is 10,000 × log10(lux) + 1 and the lux stand beside it
    # in `illuminance_lux`; in version 2 `illuminance` is lux, and an `illuminance_lux`
    # left in its cache never changes again.
    # https://github.com/Koenkk/zigbee2mqtt/discussions/24198 and issue 25379
    lux = _ILLUMINANCE.read(key, value)
    beside = message.get("illuminance")
    if beside is not None:
        raw = _ILLUMINANCE.read("illuminance", beside)
        meant = 10 ** ((raw - 1) / 10_000) if raw else 0.0
        if raw != lux and not math.isclose(meant, lux, rel_tol=0.05, abs_tol=1):
            raise PayloadError(
                f"illuminance_lux is {lux:g} but illuminance is {raw:g}: one of them "
                "is a left-over of another version of Zigbee2MQTT"
            )
    return Quantity.ILLUMINANCE, lux, None


def _read_illuminance(message: dict[str, object], key: str, value: object) -> _Found:
    if message.get("illuminance_lux") is not None:
        return None
    return Quantity.ILLUMINANCE, _ILLUMINANCE.read(key, value), None


# What needs a look at the rest of the message.
_Read = Callable[[dict[str, object], str, object], _Found]
READERS: dict[str, _Read] = {
    "state": _read_state,
    "lock_state": _read_lock_state,
    "position": _read_position_alone,
    "fan_mode": _read_fan_mode,
    "action": _read_action,
    "eurotronic_host_flags": _read_host_flags,
    "trv_mode": _read_valve_mode,
    "co2": _read_co2,
    "illuminance": _read_illuminance,
    "illuminance_lux": _read_lux,
}

_PARTS: dict[str, tuple[Number | State | _Read, str | None]] = {
    **{key: (reading, None) for key, reading in TABLE.items()},
    **{key: (reading, None) for key, reading in READERS.items()},
    **{
        f"{key}_{endpoint}": (reading, endpoint)
        for key, reading in {**TABLE, "state": _read_state}.items()
        for endpoint in _ENDPOINTS
    },
}

PROFILE = Profile("zigbee2mqtt", _filters, guarded(_decode))
