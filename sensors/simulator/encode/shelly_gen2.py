"""How Shelly devices of the second and later generations write.

States go to ``<base>/status/<component>:<id>``, which carries no time; what has a time,
and every press, is a notification on ``<base>/events/rpc``.

https://shelly-api-docs.shelly.cloud/gen2/ComponentsAndServices/Mqtt
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from sensors.measurement import Measurement
from sensors.quantity import Quantity
from sensors.simulator.encode.message import (
    Family,
    Fragment,
    Message,
    Path,
    Voice,
    merged,
    plain,
    refuse_unless,
    write,
)

# Quantity → component → where in its status. The first is the usual one.
_PATHS: Mapping[Quantity, Mapping[str, Path]] = {
    Quantity.AIR_TEMPERATURE: {
        "temperature": ("tC",),
        "thermostat": ("current_C",),
        "blutrv": ("current_C",),
    },
    Quantity.SET_POINT: {"thermostat": ("target_C",), "blutrv": ("target_C",)},
    Quantity.RELATIVE_HUMIDITY: {"humidity": ("rh",)},
    Quantity.ILLUMINANCE: {"illuminance": ("lux",)},
    Quantity.SWITCH_STATE: {"switch": ("output",), "input": ("state",)},
    Quantity.LAMP_STATE: dict.fromkeys(
        ("light", "rgb", "rgbw", "cct", "rgbcct"), ("output",)
    ),
    Quantity.BLIND_STATE: {"cover": ("state",)},
    Quantity.BATTERY: {
        "devicepower": ("battery", "percent"),
        "blutrv": ("battery",),
        "bthomedevice": ("battery",),
    },
    Quantity.LINK_QUALITY: {
        "wifi": ("rssi",),
        "blutrv": ("rssi",),
        "bthomedevice": ("rssi",),
    },
}

# A plug or a relay switches what is connected to it.
_BEHIND_A_SWITCH = {Quantity.LAMP_STATE, Quantity.FAN_STATE}


def _encode(base: str, measurements: Sequence[Measurement]) -> tuple[Message, ...]:
    return tuple(_messages(base, measurements))


def _messages(base: str, measurements: Sequence[Measurement]) -> Iterator[Message]:
    groups: dict[tuple[datetime | None, str | None], list[Measurement]] = {}
    for m in measurements:
        refuse_unless(m.sequence is None, m)
        if m.quantity is Quantity.AVAILABILITY:
            refuse_unless(m[2:] == (None,) * 4, m)
            word = b"true" if m.value else b"false"
            yield Message(f"{base}/online", word, retain=True)
        elif m.quantity is Quantity.BUTTON_PRESS:
            yield Message(f"{base}/events/rpc", _write_press(base, m))
        else:
            groups.setdefault((m.measured_at, m.channel), []).append(m)
    for (at, channel), group in groups.items():
        for status in merged(map(_fragment, group)):
            whole = {**_component_id(str(channel)), **status}
            if at is None:
                yield Message(f"{base}/status/{channel}", write(whole))
            else:
                yield Message(
                    f"{base}/events/rpc", _write_status(base, at, str(channel), whole)
                )


def _component_id(channel: str) -> Fragment:
    _, colon, number = channel.partition(":")
    return {("id",): int(number)} if colon else {}


def _fragment(m: Measurement) -> Fragment:
    kind = (m.channel or "").partition(":")[0]
    path = _PATHS.get(m.quantity, {}).get(kind)
    refuse_unless(path is not None and m.tag is None, m)
    assert path is not None
    if m.quantity is Quantity.BLIND_STATE:
        closed = m.value == 1
        place: Fragment = {("current_pos",): 0 if closed else 100}
        return {path: "closed" if closed else "open", **place}
    if m.quantity.states:
        return {path: m.value == 1}
    return {path: plain(m.value)}


def _write_status(base: str, at: datetime, channel: str, status: Fragment) -> bytes:
    params: Fragment = {("params", "ts"): at.timestamp()}
    inner = {("params", channel, *path): value for path, value in status.items()}
    return write({**_envelope(base, "NotifyStatus"), **params, **inner})


def _write_press(base: str, m: Measurement) -> bytes:
    refuse_unless(m.value == 1 and None not in (m.tag, m.channel), m)
    event: dict[str, object] = {"component": m.channel, "event": m.tag}
    if m.measured_at is not None:
        event["ts"] = m.measured_at.timestamp()
    params: Fragment = {("params", "events"): [event]}
    return write({**_envelope(base, "NotifyEvent"), **params})


def _envelope(base: str, method: str) -> Fragment:
    return {("src",): base, ("dst",): f"{base}/events", ("method",): method}


def _voice(quantity: Quantity, channel: str | None) -> Voice | None:
    kind = (channel or "").partition(":")[0]
    match quantity:
        case Quantity.AVAILABILITY:
            return Voice(quantity)
        case Quantity.CALL_BUTTON | Quantity.PRESENCE_TAP | Quantity.BUTTON_PRESS:
            own = channel if kind in ("input", "bthomedevice") else "input:0"
            return Voice(Quantity.BUTTON_PRESS, own)
        case Quantity.DAYLIGHT_ILLUMINANCE:
            quantity = Quantity.ILLUMINANCE
        case _ if quantity in _BEHIND_A_SWITCH and kind in ("switch", ""):
            quantity = Quantity.SWITCH_STATE
    components = _PATHS.get(quantity)
    if components is None:
        return None
    if kind in components:
        return Voice(quantity, channel)
    usual = next(iter(components))
    return Voice(quantity, usual if usual == "wifi" else f"{usual}:0")


FAMILY = Family("shelly_gen2", _encode, _voice, signal=-61.0)
