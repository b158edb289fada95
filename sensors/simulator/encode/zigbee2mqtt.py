"""How Zigbee devices write through Zigbee2MQTT 2.x, with its default settings.

https://www.zigbee2mqtt.io/guide/usage/exposes.html
"""

from collections.abc import Iterator, Mapping, Sequence

from sensors.measurement import Measurement
from sensors.quantity import Quantity
from sensors.simulator.encode.message import (
    Family,
    Fragment,
    Message,
    Voice,
    merged,
    plain,
    refuse_no_air,
    refuse_unless,
    spelled,
    write,
    write_time,
)

_NUMBERS: Mapping[Quantity, str] = {
    Quantity.AIR_TEMPERATURE: "temperature",
    Quantity.RELATIVE_HUMIDITY: "humidity",
    Quantity.CO2: "co2",
    Quantity.SET_POINT: "occupied_heating_setpoint",
    Quantity.BATTERY: "battery",
    Quantity.LINK_QUALITY: "linkquality",
}

_STATES: Mapping[Quantity, tuple[str, Mapping[str, object]]] = {
    Quantity.CONTROL_LOCKOUT: ("child_lock", {"locked_out": "LOCK", "free": "UNLOCK"}),
    Quantity.DOOR_CONTACT: ("contact", {"closed": True, "open": False}),
    Quantity.TAMPER: ("tamper", {"tampered": True, "intact": False}),
    Quantity.FAN_STATE: ("fan_state", {"on": "ON", "off": "OFF"}),
    Quantity.SWITCH_STATE: ("state", {"on": "ON", "off": "OFF"}),
    Quantity.LAMP_STATE: ("state", {"on": "ON", "off": "OFF"}),
    Quantity.BLIND_STATE: ("state", {"open": "OPEN", "closed": "CLOSE"}),
}

_WITHOUT_ENDPOINT = {
    Quantity.CO2,
    Quantity.DOOR_LOCK,
    Quantity.ILLUMINANCE,
    Quantity.BUTTON_PRESS,
}

# What stands beside `state`, and shows what it is the state of.
_BESIDE: Mapping[Quantity, Mapping[float, tuple[str, int]]] = {
    Quantity.LAMP_STATE: {0.0: ("brightness", 203), 1.0: ("brightness", 203)},
    Quantity.BLIND_STATE: {0.0: ("position", 100), 1.0: ("position", 0)},
}


def _encode(base: str, measurements: Sequence[Measurement]) -> tuple[Message, ...]:
    return tuple(_messages(base, measurements))


def _messages(base: str, measurements: Sequence[Measurement]) -> Iterator[Message]:
    said = []
    for m in measurements:
        refuse_unless(m.sequence is None, m)
        if m.quantity is Quantity.AVAILABILITY:
            refuse_unless(m[2:] == (None,) * 4, m)
            state: Fragment = {("state",): m.quantity.describe(m.value)}
            yield Message(f"{base}/availability", write(state), retain=True)
        else:
            said.append(m)
    for seen in dict.fromkeys(m.measured_at for m in said):
        # Off by default; dates all that stands in one message.
        last_seen: Fragment = {} if seen is None else {("last_seen",): write_time(seen)}
        fragments = (_fragment(m) for m in said if m.measured_at == seen)
        for whole in merged(fragments):
            yield Message(base, write({**_as_thermostat(whole), **last_seen}))


def _as_thermostat(message: Fragment) -> Fragment:
    """Whatever has a set point calls its temperature local."""
    if not any(key.startswith("occupied_heating") for (key,) in message):
        return message
    return {
        (key.replace("temperature", "local_temperature"),): value
        for (key,), value in message.items()
    }


def _fragment(m: Measurement) -> Fragment:
    refuse_no_air(m)
    refuse_unless(m.channel is None or m.quantity not in _WITHOUT_ENDPOINT, m)
    refuse_unless((m.tag is None) == (m.quantity is not Quantity.BUTTON_PRESS), m)
    end = "" if m.channel is None else f"_{m.channel}"
    if m.quantity in _NUMBERS:
        return {(_NUMBERS[m.quantity] + end,): plain(m.value)}
    if m.quantity in _STATES:
        key, spellings = _STATES[m.quantity]
        fragment: Fragment = {(key + end,): spelled(spellings, m)}
        if m.quantity in _BESIDE:
            name, value = _BESIDE[m.quantity][m.value]
            fragment[name + end,] = value
        return fragment
    match m.quantity:
        case Quantity.DOOR_LOCK:
            word = spelled({"locked": "LOCK", "unlocked": "UNLOCK"}, m)
            return {("state",): word, ("lock_state",): m.quantity.describe(m.value)}
        case Quantity.ILLUMINANCE:
            return {("illuminance",): plain(m.value)}
        case Quantity.BUTTON_PRESS:
            refuse_unless(m.value == 1, m)
            return {("action",): m.tag}
        case _:
            refuse_unless(said=False, m=m)
            raise AssertionError


def _voice(quantity: Quantity, channel: str | None) -> Voice | None:
    match quantity:
        case Quantity.DAYLIGHT_ILLUMINANCE | Quantity.ILLUMINANCE:
            return Voice(Quantity.ILLUMINANCE)
        case Quantity.CALL_BUTTON | Quantity.PRESENCE_TAP | Quantity.BUTTON_PRESS:
            return Voice(Quantity.BUTTON_PRESS)
        case Quantity.CO2 | Quantity.DOOR_LOCK | Quantity.AVAILABILITY:
            return Voice(quantity)
        case _ if quantity in _NUMBERS or quantity in _STATES:
            return Voice(quantity, channel)
        case _:
            return None


FAMILY = Family("zigbee2mqtt", _encode, _voice, signal=140.0)
