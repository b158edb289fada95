"""What a family writes is what its profile reads: decoding is the inverse of encoding."""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensors.measurement import Measurement, Refused
from sensors.profiles import PROFILES
from sensors.quantity import SPECS, Quantity
from sensors.simulator import Role
from sensors.simulator.encode import FAMILIES, CannotSayError
from sensors.simulator.scenarios.well import WELL

AT = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
BASES = {"shelly_gen2": "shellyplus1-a8032ab4c5d6"}

# Which parts of a device each family can speak of, and how it names a press.
CHANNELS: dict[str, list[str | None]] = {
    "native": [None, "l1", "switch:0"],
    "zigbee2mqtt": [None, "l1", "left"],
    "tasmota": [None, "POWER1", "SCD40", "BH1750", "Shutter1", "Button2", "PN532"],
    "shelly_gen2": [
        *("temperature:0", "humidity:0", "illuminance:1", "switch:0", "input:2"),
        *("light:0", "cover:0", "thermostat:0", "blutrv:200", "devicepower:0", "wifi"),
    ],
}
TAGS: dict[str, list[str | None]] = {
    "native": [None, "04A2C3D4E5F680"],
    "zigbee2mqtt": [None, "single", "emergency"],
    "tasmota": [None, "SINGLE", "04A2C3D4"],
    "shelly_gen2": [None, "single_push", "long_push"],
}


def values(quantity: Quantity) -> st.SearchStrategy[float]:
    spec = SPECS[quantity]
    if spec.states:
        return st.integers(0, len(spec.states) - 1).map(float)
    return st.floats(spec.low, spec.high).map(lambda value: round(value, 3))


def said(name: str, measurement: Measurement) -> bool:
    try:
        FAMILIES[name].encode("base", [measurement])
    except CannotSayError:
        return False
    return True


@cache
def words(name: str) -> list[Measurement]:
    """Each quantity, part and tag that a family has a word for."""
    return [
        m
        for quantity in Quantity
        for channel in CHANNELS[name]
        for tag in TAGS[name]
        if said(name, m := Measurement(quantity, 1.0, channel=channel, tag=tag))
    ]


@st.composite
def measurements(draw: st.DrawFn, name: str) -> Measurement:
    word = draw(st.sampled_from(words(name)))
    value = draw(values(word.quantity))
    if not said(name, word._replace(value=value)):
        value = 1.0  # a press is said, and nothing when there is none
    if word.quantity is Quantity.AVAILABILITY:
        return word._replace(value=value)
    finest = 1000 if name == "tasmota" else 1
    times = st.integers(0, 10**6).map(lambda n: AT + timedelta(milliseconds=n * finest))
    numbers = st.integers(0, 2**53 - 1) if name == "native" else st.none()
    return word._replace(
        value=value,
        measured_at=draw(st.none() | times),
        sequence=draw(st.none() | numbers),
    )


@pytest.mark.parametrize("name", PROFILES)
@given(data=st.data())
def test_what_is_written_is_read_again(name: str, data: st.DataObject) -> None:
    spoken = data.draw(st.lists(measurements(name), max_size=8))
    base = BASES.get(name, "haven/calm-1")

    read: list[Measurement] = []
    for topic, payload, _ in FAMILIES[name].encode(base, spoken):
        read += decoded(name, topic, payload)

    assert Counter(read) == Counter(spoken)


def test_a_tap_with_a_tag_and_one_without_are_two_messages() -> None:
    taps = [Measurement(Quantity.PRESENCE_TAP, 1.0, tag=tag) for tag in (None, "t1")]
    written = FAMILIES["native"].encode("base", taps)
    read = [m for topic, said, _ in written for m in decoded("native", topic, said)]

    assert read == taps


def decoded(name: str, topic: str, payload: bytes) -> tuple[Measurement, ...]:
    found = PROFILES[name].decode(topic, payload)
    assert not isinstance(found, Refused), (found, payload)
    return found


@pytest.mark.parametrize("name", PROFILES)
def test_every_profile_can_be_simulated(name: str) -> None:
    assert FAMILIES[name].name == name


@pytest.mark.parametrize("name", FAMILIES)
@pytest.mark.parametrize("role", Role)
def test_what_a_family_has_a_word_for_it_can_write(name: str, role: Role) -> None:
    for quantity in WELL[role]:
        voice = FAMILIES[name].voice(quantity, None)
        if voice is not None:
            tag = TAGS[name][1] if quantity in TAGGED else None
            m = Measurement(voice.quantity, 1.0, channel=voice.channel, tag=tag)
            assert FAMILIES[name].encode("base", [m])


TAGGED = {Quantity.CALL_BUTTON, Quantity.PRESENCE_TAP}


@pytest.mark.parametrize(
    ("name", "quantity"),
    [
        ("zigbee2mqtt", Quantity.AIR_FLOW),
        ("tasmota", Quantity.DOOR_CONTACT),
        ("shelly_gen2", Quantity.CLOCK_OFFSET),
    ],
)
def test_what_a_family_has_no_word_for_it_refuses(
    name: str, quantity: Quantity
) -> None:
    assert FAMILIES[name].voice(quantity, None) is None
    with pytest.raises(CannotSayError, match=f"no word for {quantity} = "):
        FAMILIES[name].encode("base", [Measurement(quantity, 1.0)])


def test_a_native_message_has_its_time_and_number() -> None:
    spoken = [
        Measurement(Quantity.CO2, 812.0, AT, 17),
        Measurement(Quantity.AIR_TEMPERATURE, 21.5, AT, 17),
    ]

    (message,) = FAMILIES["native"].encode("haven/climate", spoken)

    assert message.topic == "haven/climate"
    assert json.loads(message.payload) == {
        "v": 1,
        "at": "2026-11-22T10:00:00.000Z",
        "seq": 17,
        "readings": {"co2": 812, "air_temperature": 21.5},
    }


def test_a_radiator_valve_speaks_of_its_local_temperature() -> None:
    spoken = [
        Measurement(Quantity.AIR_TEMPERATURE, 21.5),
        Measurement(Quantity.SET_POINT, 20.0),
        Measurement(Quantity.CONTROL_LOCKOUT, 1.0),
    ]

    (message,) = FAMILIES["zigbee2mqtt"].encode("zigbee2mqtt/valve", spoken)

    assert json.loads(message.payload) == {
        "local_temperature": 21.5,
        "occupied_heating_setpoint": 20,
        "child_lock": "LOCK",
    }


def test_tasmota_writes_under_tele_and_stat() -> None:
    spoken = [
        Measurement(Quantity.CO2, 812.0, channel="SCD40"),
        Measurement(Quantity.LINK_QUALITY, -58.0),
        Measurement(Quantity.BUTTON_PRESS, 1.0, channel="Button1", tag="SINGLE"),
        Measurement(Quantity.AVAILABILITY, 1.0),
    ]

    written = FAMILIES["tasmota"].encode("calm_1", spoken)

    assert [(m.topic, m.payload, m.retain) for m in written] == [
        ("tele/calm_1/LWT", b"Online", True),
        ("tele/calm_1/SENSOR", b'{"SCD40":{"CarbonDioxide":812}}', False),
        ("tele/calm_1/STATE", b'{"Wifi":{"Signal":-58}}', False),
        ("stat/calm_1/RESULT", b'{"Button1":{"Action":"SINGLE"}}', False),
    ]


def test_a_shelly_writes_a_status_for_each_component() -> None:
    spoken = [
        Measurement(Quantity.AIR_TEMPERATURE, 21.5, channel="temperature:0"),
        Measurement(Quantity.SWITCH_STATE, 1.0, channel="switch:1"),
        Measurement(Quantity.AVAILABILITY, 0.0),
    ]

    written = FAMILIES["shelly_gen2"].encode("shelly-x", spoken)

    assert [(m.topic, m.payload, m.retain) for m in written] == [
        ("shelly-x/online", b"false", True),
        ("shelly-x/status/temperature:0", b'{"id":0,"tC":21.5}', False),
        ("shelly-x/status/switch:1", b'{"id":1,"output":true}', False),
    ]
