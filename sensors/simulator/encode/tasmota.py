"""How devices with the Tasmota firmware write, with the zone in their time (SetOption52).

https://tasmota.github.io/docs/MQTT/
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from sensors.measurement import Measurement
from sensors.profiles.tasmota import CHIPS, TAG_READERS
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
)

_ON_OFF = {"on": "ON", "off": "OFF"}

# The key inside a chip's object, and a chip that has it.
_CHIPS: Mapping[Quantity, tuple[str, str]] = {
    Quantity.AIR_TEMPERATURE: ("Temperature", "SCD40"),
    Quantity.RELATIVE_HUMIDITY: ("Humidity", "SCD40"),
    Quantity.CO2: ("CarbonDioxide", "SCD40"),
    Quantity.ILLUMINANCE: ("Illuminance", "BH1750"),
}

# Where each quantity is published: prefix and last part of the topic.
_SENSOR, _STATE, _RESULT = ("tele", "SENSOR"), ("tele", "STATE"), ("stat", "RESULT")
_PLACES = {
    **dict.fromkeys((*_CHIPS, Quantity.BLIND_STATE, Quantity.PRESENCE_TAP), _SENSOR),
    **dict.fromkeys((Quantity.SWITCH_STATE, Quantity.LAMP_STATE), _STATE),
    **dict.fromkeys((Quantity.FAN_STATE, Quantity.LINK_QUALITY), _STATE),
    Quantity.BUTTON_PRESS: _RESULT,
}

_VOICES: Mapping[Quantity, Voice] = {
    **{quantity: Voice(quantity, chip) for quantity, (_, chip) in _CHIPS.items()},
    Quantity.DAYLIGHT_ILLUMINANCE: Voice(Quantity.ILLUMINANCE, "BH1750"),
    Quantity.SWITCH_STATE: Voice(Quantity.SWITCH_STATE),
    Quantity.LAMP_STATE: Voice(Quantity.LAMP_STATE),
    Quantity.FAN_STATE: Voice(Quantity.FAN_STATE),
    Quantity.LINK_QUALITY: Voice(Quantity.LINK_QUALITY),
    Quantity.AVAILABILITY: Voice(Quantity.AVAILABILITY),
    Quantity.BLIND_STATE: Voice(Quantity.BLIND_STATE, "Shutter1"),
    Quantity.PRESENCE_TAP: Voice(Quantity.PRESENCE_TAP, "PN532"),
    Quantity.CALL_BUTTON: Voice(Quantity.BUTTON_PRESS, "Button1"),
    Quantity.BUTTON_PRESS: Voice(Quantity.BUTTON_PRESS, "Button1"),
}


def _encode(base: str, measurements: Sequence[Measurement]) -> tuple[Message, ...]:
    return tuple(_messages(base, measurements))


def _messages(base: str, measurements: Sequence[Measurement]) -> Iterator[Message]:
    groups: dict[tuple[tuple[str, str], str | None], list[Measurement]] = {}
    for m in measurements:
        refuse_unless(m.sequence is None, m)
        if m.quantity is Quantity.AVAILABILITY:
            refuse_unless(m[2:] == (None,) * 4, m)
            word = m.quantity.describe(m.value).capitalize()
            yield Message(_topic(base, "tele", "LWT"), word.encode(), retain=True)
            continue
        place = _PLACES.get(m.quantity)
        refuse_unless(place is not None, m)
        assert place is not None
        seen = m.measured_at
        at = None if seen is None else seen.isoformat(timespec="seconds")
        groups.setdefault((place, at), []).append(m)
    for (place, at), group in groups.items():
        dated: Fragment = {} if at is None else {("Time",): at}
        for whole in merged(map(_fragment, group), _together):
            celsius = any(path[-1] == "Temperature" for path in whole)
            unit: Fragment = {("TempUnit",): "C"} if celsius else {}
            yield Message(_topic(base, *place), write({**dated, **whole, **unit}))


def _topic(base: str, prefix: str, leaf: str) -> str:
    # FullTopic is `%prefix%/%topic%/` unless the base says otherwise.
    form = base if "%prefix%" in base else f"%prefix%/{base}"
    return f"{form.strip('/')}/{leaf}".replace("%prefix%", prefix)


def _together(one: Fragment, other: Fragment) -> bool:
    # A dimmer in a message makes lamps of all switches in it.
    keys = [path[0] for path in (*one, *other)]
    switches = sum(key.startswith("POWER") for key in keys)
    return switches < 2 or not any(key.startswith("Dimmer") for key in keys)


def _fragment(m: Measurement) -> Fragment:
    refuse_no_air(m)
    refuse_unless(m.channel is None or _is_part(m.channel, m.quantity), m)
    refuse_unless(m.tag is None or m.quantity in _WITH_TAG, m)
    if m.quantity in _CHIPS:
        refuse_unless(m.channel is not None, m)
        return {(str(m.channel), _CHIPS[m.quantity][0]): plain(m.value)}
    power = m.channel or "POWER"
    match m.quantity:
        case Quantity.SWITCH_STATE:
            return {(power,): spelled(_ON_OFF, m)}
        case Quantity.LAMP_STATE:
            refuse_unless(power.startswith("POWER"), m)
            dimmer = power.replace("POWER", "Dimmer")
            return {(power,): spelled(_ON_OFF, m), (dimmer,): 80}
        case Quantity.FAN_STATE:
            return {("FanSpeed",): 2 if m.value else 0}
        case Quantity.LINK_QUALITY:
            return {("Wifi", "Signal"): plain(m.value)}
        case Quantity.BLIND_STATE:
            refuse_unless(m.channel is not None, m)
            return {(str(m.channel), "Position"): 0 if m.value else 100}
        case _:
            refuse_unless(m.value == 1 and None not in (m.tag, m.channel), m)
            inner = "UID" if m.quantity is Quantity.PRESENCE_TAP else "Action"
            return {(str(m.channel), inner): m.tag}


_WITH_TAG = {Quantity.BUTTON_PRESS, Quantity.PRESENCE_TAP}


def _voice(quantity: Quantity, channel: str | None) -> Voice | None:
    voice = _VOICES.get(quantity)
    if voice is None or channel is None or not _is_part(channel, voice.quantity):
        return voice
    return voice._replace(channel=channel)


def _is_part(channel: str, quantity: Quantity) -> bool:
    """Whether a part of a device can be the one that reports a quantity."""
    if quantity in _CHIPS:
        return re.split("[-_]", channel)[0] in CHIPS
    if quantity is Quantity.PRESENCE_TAP:
        return channel in TAG_READERS
    return channel.rstrip("0123456789") in _NUMBERED.get(quantity, ())


_NUMBERED: Mapping[Quantity, tuple[str, ...]] = {
    Quantity.SWITCH_STATE: ("POWER", "Switch"),
    Quantity.LAMP_STATE: ("POWER",),
    Quantity.BLIND_STATE: ("Shutter",),
    Quantity.BUTTON_PRESS: ("Button",),
}

FAMILY = Family("tasmota", _encode, _voice, dates=True, signal=-58.0)
