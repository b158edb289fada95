"""How Shelly devices of the second and later generations speak.

``<base>/status/<component>:<id>`` carries one component, ``<base>/events/rpc`` the
notifications, ``<base>/online`` whether the device is there. What a component means
stands in the table; components that are not in it are left alone.

https://shelly-api-docs.shelly.cloud/gen2/ComponentsAndServices/Mqtt
"""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from sensors.measurement import Measurement
from sensors.profiles.payload import (
    Number,
    PayloadError,
    State,
    guarded,
    read_epoch_time,
    read_label,
    read_object,
    read_part,
    read_percent,
    read_text,
    show,
)
from sensors.profiles.profile import Profile
from sensors.quantity import Quantity

_SWITCH = State(Quantity.SWITCH_STATE, {True: "on", False: "off"})
_LAMP = State(Quantity.LAMP_STATE, {True: "on", False: "off"})
_TEMPERATURE = Number(Quantity.AIR_TEMPERATURE)
_SET_POINT = Number(Quantity.SET_POINT)
_BATTERY = Number(Quantity.BATTERY)
_SIGNAL = Number(Quantity.LINK_QUALITY)

# Component → keys (a dot leads into an object) → what they say. The `temperature` in a
# switch or a light is that of its electronics.
# https://shelly-api-docs.shelly.cloud/gen2/ComponentsAndServices/Introduction
TABLE: dict[str, dict[str, Number | State]] = {
    "temperature": {"tC": _TEMPERATURE},
    "humidity": {"rh": Number(Quantity.RELATIVE_HUMIDITY)},
    "illuminance": {"lux": Number(Quantity.ILLUMINANCE)},
    "switch": {"output": _SWITCH},
    "input": {"state": _SWITCH},
    "light": {"output": _LAMP},
    "rgb": {"output": _LAMP},
    "rgbw": {"output": _LAMP},
    "cct": {"output": _LAMP},
    "rgbcct": {"output": _LAMP},
    "cover": {},
    "thermostat": {"current_C": _TEMPERATURE, "target_C": _SET_POINT},
    "blutrv": {
        "current_C": _TEMPERATURE,
        "target_C": _SET_POINT,
        "battery": _BATTERY,
        "rssi": _SIGNAL,
    },
    "bthomedevice": {"battery": _BATTERY, "rssi": _SIGNAL},
    "devicepower": {"battery.percent": _BATTERY},
    "wifi": {"rssi": _SIGNAL},
}

# A press ends in exactly one of these; btn_down and btn_up come around them.
# https://shelly-api-docs.shelly.cloud/gen2/ComponentsAndServices/Input
# https://shelly-api-docs.shelly.cloud/gen2/DynamicComponents/BTHome/BTHomeDevice
PRESSES = frozenset(
    {
        *("single_push", "double_push", "triple_push"),
        *("long_push", "long_double_push", "long_triple_push", "hold_press"),
    }
)

# A sensor that could not read itself says so; what it still shows is old or wrong.
# https://shelly-api-docs.shelly.cloud/gen2/ComponentsAndServices/Temperature
_UNREADABLE = frozenset({"read", "out_of_range"})

_AVAILABILITY = State(Quantity.AVAILABILITY, {"true": "online", "false": "offline"})
_COMPONENT = re.compile(r"([a-z0-9]{1,20})(?::[0-9]{1,4})?").fullmatch
_COVER_ENDS: dict[object, float] = {"open": 0.0, "closed": 1.0}


def _filters(base: str) -> tuple[str, ...]:
    return (f"{base}/online", f"{base}/status/+", f"{base}/events/rpc")


def _decode(topic: str, payload: bytes) -> Iterable[Measurement]:
    rest, _, leaf = topic.rpartition("/")
    if rest.endswith("/status"):
        component = _COMPONENT(leaf)
        if component is None or component[1] not in TABLE:
            return ()
        return _read_component(leaf, component[1], read_object(payload), None)
    if leaf == "online":
        value = _AVAILABILITY.read("online", read_text(payload))
        return (Measurement(Quantity.AVAILABILITY, value),)
    if leaf == "rpc":
        return _read_notification(read_object(payload))
    return ()


def _read_component(
    name: str, kind: str, status: dict[str, object], at: datetime | None
) -> Iterator[Measurement]:
    errors = status.get("errors")
    if isinstance(errors, list) and any(
        isinstance(error, str) and error in _UNREADABLE for error in errors
    ):
        return
    for path, reading in TABLE[kind].items():
        key, _, inner = path.partition(".")
        value = status.get(key)
        if inner and value is not None:
            value = read_part(f"{name}.{key}", value).get(inner)
        if value is not None:
            number = reading.read(f"{name}.{path}", value)
            yield Measurement(reading.quantity, number, at, None, name)
    if kind == "cover":
        yield from _read_cover(name, status, at)


def _read_cover(
    name: str, status: dict[str, object], at: datetime | None
) -> Iterator[Measurement]:
    # `stopped`, `opening` and `closing` leave it to the position, if it is calibrated.
    # https://shelly-api-docs.shelly.cloud/gen2/ComponentsAndServices/Cover
    state = status.get("state")
    if state is not None and not isinstance(state, str):
        raise PayloadError(f"{name}.state is {show(state)}, not the name of a state")
    closed = _COVER_ENDS.get(state)
    place = status.get("current_pos")
    if closed is None and place is not None:
        closed = float(read_percent(f"{name}.current_pos", place) == 0)
    if closed is not None:
        yield Measurement(Quantity.BLIND_STATE, closed, at, None, name)


def _read_notification(message: dict[str, object]) -> Iterator[Measurement]:
    method = message.get("method")
    if method in ("NotifyStatus", "NotifyFullStatus"):
        parameters = read_part("params", message.get("params"))
        at = _read_time("params.ts", parameters.get("ts"))
        for name, status in parameters.items():
            component = _COMPONENT(name)
            if component is None or component[1] not in TABLE or status is None:
                continue
            yield from _read_component(name, component[1], read_part(name, status), at)
    elif method == "NotifyEvent":
        parameters = read_part("params", message.get("params"))
        events = parameters.get("events")
        if not isinstance(events, list):
            raise PayloadError(f"params.events is {show(events)}, not a list")
        for event in events:
            yield from _read_event(read_part("params.events", event))


def _read_event(event: dict[str, object]) -> Iterator[Measurement]:
    action = event.get("event")
    if isinstance(action, str) and action in PRESSES:
        component = read_label("component", event.get("component"))
        at = _read_time("ts", event.get("ts"))
        yield Measurement(Quantity.BUTTON_PRESS, 1.0, at, None, component, action)


def _read_time(key: str, value: object) -> datetime | None:
    # Seconds since 1970, but since the start of the device until its clock was set: a
    # press of the call button is not refused for that.
    kind = value.__class__
    if value is None or (
        (kind is int or kind is float) and 0 <= value < 1e9  # type: ignore[operator]
    ):
        return None
    return read_epoch_time(key, value, timedelta(seconds=1))


PROFILE = Profile("shelly_gen2", _filters, guarded(_decode))
