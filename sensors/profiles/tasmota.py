"""How devices with the Tasmota firmware speak.

``SENSOR``, ``STATE`` and ``LWT`` come under the prefix ``tele``, answers and presses
under ``stat``. A sensor is an object named after its chip; chips that are not in the
table are left alone, because the temperature of ``ESP32`` is that of the processor.

https://tasmota.github.io/docs/MQTT/
"""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime

from sensors.measurement import Measurement
from sensors.profiles.payload import (
    Number,
    PayloadError,
    State,
    guarded,
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

# What a chip measures. `eCO2` is guessed from other gases, so it is not read, and 0 ppm
# is no air at all: https://tasmota.github.io/docs/MH-Z19B/
# https://github.com/arendst/Tasmota/blob/development/tasmota/include/i18n.h
TABLE: dict[str, Number] = {
    "Temperature": Number(Quantity.AIR_TEMPERATURE),
    "Humidity": Number(Quantity.RELATIVE_HUMIDITY),
    "CarbonDioxide": Number(Quantity.CO2),
    "Illuminance": Number(Quantity.ILLUMINANCE),
}

# https://tasmota.github.io/docs/Supported-Peripherals/
CHIPS = frozenset(
    {
        *("AHT1X", "AHT2X", "AM2301", "AM2320", "BME280", "BME680", "BME68X"),
        *("BMP180", "BMP280", "DHT11", "DHT22", "DS18B20", "DS18S20", "DS1822"),
        *("ENS210", "HDC1080", "HDC2010", "HTU21", "LM75AD", "MCP9808", "SHT1X"),
        *("SHT3X", "SHT4X", "SHTC3", "SI7020", "SI7021"),
        *("C8", "HC8", "MHZ19B", "S8", "S88", "SCD30", "SCD40", "SCD41", "STCC4"),
        *("SEN5X", "SEN62", "SEN63C", "SEN65", "SEN66", "SEN68", "SEN69C"),
        *("BH1750", "MAX44009", "TSL2561", "TSL2591", "VEML7700"),
    }
)

# Readers of tags publish the moment they see one, and nothing else.
# https://tasmota.github.io/docs/PN532/ and https://tasmota.github.io/docs/RDM6300/
TAG_READERS = {"PN532": "UID", "RDM6300": "UID", "RC522": "UID"}

SIGNAL = Number(Quantity.LINK_QUALITY)
AVAILABILITY = State(Quantity.AVAILABILITY, {"Online": "online", "Offline": "offline"})
_SWITCH = State(Quantity.SWITCH_STATE, {"ON": "on", "OFF": "off"})
_LAMP = State(Quantity.LAMP_STATE, {"ON": "on", "OFF": "off"})

# The end of a press, and what a dimmer's button adds while it is held.
# https://tasmota.github.io/docs/Buttons-and-Switches/
_NOT_A_PRESS = frozenset({"CLEAR", "INC_DEC", "INV", "POWER_DELAYED", "NONE"})

# `DS18B20-2`, `SHT3X-0x44`, with `_` after SetOption64.
_CHIP = re.compile(r"([A-Z][A-Z0-9]{1,9})(?:[-_][0-9A-Za-z-]{1,16})?").fullmatch
_NUMBERED = re.compile(r"(POWER|Switch|Button|Shutter)([0-9]{0,2})").fullmatch


def _filters(base: str) -> tuple[str, ...]:
    # FullTopic is `%prefix%/%topic%/` or `%topic%/%prefix%/`; any other form is
    # written out in site.yaml, with its `%prefix%`.
    # https://tasmota.github.io/docs/MQTT/#mqtt-topic-definition
    forms = (base,) if "%prefix%" in base else (f"%prefix%/{base}", f"{base}/%prefix%")
    return tuple(
        f"{form.strip('/')}/{leaf}".replace("%prefix%", prefix)
        for form in forms
        for prefix, leaf in (
            ("tele", "SENSOR"),
            ("tele", "STATE"),
            ("tele", "LWT"),
            ("stat", "+"),
        )
    )


def _decode(topic: str, payload: bytes) -> Iterable[Measurement]:
    leaf = topic.rpartition("/")[2]
    if leaf in {"SENSOR", "STATE", "RESULT"}:
        return _read_message(read_object(payload))
    if leaf == "LWT":
        value = AVAILABILITY.read("LWT", read_text(payload))
        return (Measurement(Quantity.AVAILABILITY, value),)
    if leaf.startswith("POWER"):
        return _read_power_topic(leaf, payload)
    if leaf.startswith("BUTTON"):
        return _read_button_topic(leaf, payload)
    if leaf in {"STATUS8", "STATUS10", "STATUS11"}:
        return _read_status(read_object(payload))
    return ()


def _read_message(message: dict[str, object]) -> Iterator[Measurement]:
    at = _read_time(message.get("Time"))
    for key, value in message.items():
        if value is None:
            continue
        chip = _CHIP(key)
        if chip is not None and chip[1] in CHIPS:
            yield from _read_chip(key, read_part(key, value), message, at)
        elif key in TAG_READERS:
            yield from _read_tag(key, read_part(key, value), at)
        elif key == "Wifi":
            yield from _read_signal(read_part(key, value), at)
        elif key == "FanSpeed":
            # 0 to 3. https://tasmota.github.io/docs/Commands/#fanspeed
            turning = read_percent(key, value) > 0
            yield Measurement(Quantity.FAN_STATE, float(turning), at)
        elif (numbered := _NUMBERED(key)) is not None:
            yield from _read_numbered(key, numbered, value, message, at)


def _read_chip(
    name: str, chip: dict[str, object], message: dict[str, object], at: datetime | None
) -> Iterator[Measurement]:
    for key, reading in TABLE.items():
        value = chip.get(key)
        if value is None:
            continue  # the driver writes null when its sensor does not answer
        if key == "CarbonDioxide" and value.__class__ is int and value == 0:
            continue  # a sensor that warms up, or a wrong wire; never the air
        if key == "Temperature":
            value = _to_celsius(f"{name}.{key}", value, message.get("TempUnit"))
        number = reading.read(f"{name}.{key}", value)
        yield Measurement(reading.quantity, number, at, None, name)


def _to_celsius(key: str, value: object, unit: object) -> object:
    # SetOption8 1 makes every temperature Fahrenheit; TempUnit says so.
    # https://tasmota.github.io/docs/Commands/#setoption8
    if unit in (None, "C"):
        return value
    if unit != "F":
        raise PayloadError(f"TempUnit is {show(unit)}, not one of C, F")
    if (value.__class__ is int or value.__class__ is float) and abs(value) < 1e6:
        return round((value - 32) / 1.8, 2)
    raise PayloadError(f"{key} is {show(value)}, not a number")


def _read_numbered(
    key: str,
    numbered: re.Match[str],
    value: object,
    message: dict[str, object],
    at: datetime | None,
) -> Iterator[Measurement]:
    kind, number = numbered.groups()
    if kind == "POWER":
        # A light says how bright it is in the same message.
        dims = f"Dimmer{number}" in message or "Dimmer" in message
        state = _LAMP if dims else _SWITCH
        channel = key if number else None
        yield Measurement(state.quantity, state.read(key, value), at, None, channel)
    elif kind == "Shutter":
        place = read_part(key, value).get("Position")
        if place is not None:
            # 0 is closed. https://tasmota.github.io/docs/Blinds-and-Shutters/
            shut = read_percent(f"{key}.Position", place) == 0
            yield Measurement(Quantity.BLIND_STATE, float(shut), at, None, key)
    else:
        yield from _read_input(key, value, at)


def _read_input(key: str, value: object, at: datetime | None) -> Iterator[Measurement]:
    # `"Switch1":"ON"` in SENSOR; `"Switch1":{"Action":"ON"}` after SetOption114 and
    # `"Button1":{"Action":"SINGLE"}` after SetOption73 in RESULT.
    if isinstance(value, dict):
        value = value.get("Action", value.get("ACTION"))
        if value is None:
            return
    if key.startswith("Switch") and value in ("ON", "OFF"):
        yield Measurement(
            Quantity.SWITCH_STATE, _SWITCH.read(key, value), at, None, key
        )
        return
    action = read_label(key, value)
    if action not in _NOT_A_PRESS:
        yield Measurement(Quantity.BUTTON_PRESS, 1.0, at, None, key, action)


def _read_tag(
    name: str, tag: dict[str, object], at: datetime | None
) -> Iterator[Measurement]:
    identity = tag.get(TAG_READERS[name])
    if identity is not None:
        label = read_label(f"{name}.{TAG_READERS[name]}", identity)
        yield Measurement(Quantity.PRESENCE_TAP, 1.0, at, None, name, label)


def _read_signal(wifi: dict[str, object], at: datetime | None) -> Iterator[Measurement]:
    dbm = wifi.get("Signal")
    if dbm is not None:
        yield Measurement(Quantity.LINK_QUALITY, SIGNAL.read("Wifi.Signal", dbm), at)


def _read_time(value: object) -> datetime | None:
    # Local time without a zone, unless SetOption52 adds the zone; 1970 until the clock
    # was set. https://tasmota.github.io/docs/Commands/#setoption52
    if not isinstance(value, str) or len(value) <= 19 or value.startswith("1970"):
        return None
    return read_iso_time("Time", value)


def _read_power_topic(leaf: str, payload: bytes) -> Iterable[Measurement]:
    text = read_text(payload)
    if text.startswith("{"):
        return _read_message(read_object(payload))
    if _NUMBERED(leaf) is None:
        return ()  # POWER_LOW and its like: about the meter
    return _read_message({leaf: text})


def _read_button_topic(leaf: str, payload: bytes) -> Iterable[Measurement]:
    name = leaf.capitalize()
    if _NUMBERED(name) is None:
        return ()
    return _read_message({name: read_object(payload)})


def _read_status(message: dict[str, object]) -> Iterable[Measurement]:
    for key in ("StatusSNS", "StatusSTS"):
        if key in message:
            return _read_message(read_part(key, message[key]))
    return ()


PROFILE = Profile("tasmota", _filters, guarded(_decode))
