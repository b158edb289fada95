"""How our own devices speak: one versioned JSON object per message.

    {"v": 1, "at": "2026-11-22T10:00:00.123Z", "seq": 17,
     "readings": {"co2": 812, "door_lock": "locked", "presence_tap": {"tag": "04A2"}}}

Published on the device's base topic; ``online`` or, as Last Will, ``offline`` on
``<base>/availability``. The format is described in ``docs/profiles.md`` and, for
machines, in ``docs/schema/native-v1.json``.
"""

from collections.abc import Iterable

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
    read_text,
    show,
)
from sensors.profiles.profile import Profile
from sensors.quantity import Quantity

VERSION = 1
MAX_SEQUENCE = 2**53 - 1
"""Beyond this, readers of JSON that keep numbers as doubles would see another number."""

WITH_TAG = frozenset(
    {Quantity.BUTTON_PRESS, Quantity.CALL_BUTTON, Quantity.PRESENCE_TAP}
)
"""Quantities that may say who or how: an object with a ``tag``."""

READINGS: dict[str, Number | State] = {
    quantity.value: State(quantity) if quantity.states else Number(quantity)
    for quantity in Quantity
}

_AVAILABILITY = State(Quantity.AVAILABILITY)
_TAGGED = frozenset(quantity.value for quantity in WITH_TAG)


def _filters(base: str) -> tuple[str, ...]:
    return (base, f"{base}/availability")


def _decode(topic: str, payload: bytes) -> Iterable[Measurement]:
    if topic.endswith("/availability"):
        online = _AVAILABILITY.read("availability", read_text(payload))
        return (Measurement(Quantity.AVAILABILITY, online),)
    message = read_object(payload)
    version = message.get("v")
    if version != VERSION or version is True:
        raise PayloadError(
            f"v is {show(version)}, this is a reader of version {VERSION}"
        )
    at = message.get("at")
    measured_at = None if at is None else read_iso_time("at", at)
    seq = message.get("seq")
    sequence = None if seq is None else _read_sequence(seq)
    part = message.get("channel")
    channel = None if part is None else read_label("channel", part)
    measurements = []
    for key, value in _readings(message).items():
        reading = READINGS.get(key)
        if reading is None or value is None:
            continue
        if value.__class__ is dict and key in _TAGGED:
            number, tag = _read_tagged(key, reading, read_part(key, value))
        else:
            number, tag = reading.read(key, value), None
        measurements.append(
            Measurement(reading.quantity, number, measured_at, sequence, channel, tag)
        )
    if not measurements:
        # Nothing was measured, but the device spoke, and under this number.
        return (
            Measurement(Quantity.AVAILABILITY, 1.0, measured_at, sequence, channel),
        )
    return measurements


def _readings(message: dict[str, object]) -> dict[str, object]:
    if "readings" not in message:
        raise PayloadError("readings is missing")
    return read_part("readings", message["readings"])


def _read_sequence(value: object) -> int:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if value.__class__ is int and 0 <= value <= MAX_SEQUENCE:
        return value
    raise PayloadError(f"seq is {show(value)}, not a whole number from 0 to 2^53 - 1")


def _read_tagged(
    key: str, reading: Number | State, value: dict[str, object]
) -> tuple[float, str | None]:
    state = value.get("state")
    tag = value.get("tag")
    return (
        1.0 if state is None else reading.read(f"{key}.state", state),
        None if tag is None else read_label(f"{key}.tag", tag),
    )


PROFILE = Profile("native", _filters, guarded(_decode))
