"""Decoding never raises, whatever arrives, and never invents what nature forbids."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensors.measurement import Decoded, Measurement, Refused
from sensors.profiles import PROFILES
from sensors.quantity import SPECS
from tests.sensors.samples import read_samples

SAMPLES = read_samples()
TOPICS = sorted({sample.topic for sample in SAMPLES} | {"", "/", "status/x:1"})


def _keys(value: object) -> set[str]:
    match value:
        case dict():
            return set(value).union(*map(_keys, value.values()))
        case list():
            return set().union(*map(_keys, value))
        case _:
            return set()


def _objects() -> list[dict[str, object]]:
    found = []
    for sample in SAMPLES:
        try:
            value = json.loads(sample.payload)
        except ValueError:
            continue
        if isinstance(value, dict):
            found.append(value)
    return found


# A day on either side for the zones.
EARLIEST = datetime(2019, 12, 31, tzinfo=UTC)
LATEST = datetime(2100, 1, 2, tzinfo=UTC)
OBJECTS = _objects()
KEYS = sorted(set().union(*map(_keys, OBJECTS)))
KNOWN = ["ON", "OPEN", "LOCK", "Online", "NotifyEvent", "single_push", "locked", "STOP"]

leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(KNOWN),
)
values = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    ),
    max_leaves=8,
)


@st.composite
def spoiled(draw: st.DrawFn) -> dict[str, object]:
    """A sample of which some keys have another value."""
    message = dict(draw(st.sampled_from(OBJECTS)))
    changes = st.dictionaries(st.sampled_from(sorted(message) or KEYS), values)
    return message | draw(changes)


def assert_sound(decoded: Decoded) -> None:
    if isinstance(decoded, Refused):
        assert decoded.reason
        assert decoded.reason.isprintable()
        assert len(decoded.reason) < 400
        return
    for measurement in decoded:
        assert_physical(measurement)


def assert_physical(measurement: Measurement) -> None:
    assert isinstance(measurement.value, float)
    assert SPECS[measurement.quantity].admits(measurement.value)
    at = measurement.measured_at
    if at is not None:
        assert at.tzinfo is UTC
        assert (
            datetime(2019, 12, 31, tzinfo=UTC) < at < datetime(2100, 1, 2, tzinfo=UTC)
        )
    for label in (measurement.channel, measurement.tag):
        assert label is None or (label.isascii() and label.isprintable())


@pytest.mark.parametrize("name", PROFILES)
@given(topic=st.sampled_from(TOPICS), payload=st.binary(max_size=200))
@settings(max_examples=100, deadline=None)
def test_any_bytes_are_decoded_or_refused(
    name: str, topic: str, payload: bytes
) -> None:
    assert_sound(PROFILES[name].decode(topic, payload))


@pytest.mark.parametrize("name", PROFILES)
@given(topic=st.sampled_from(TOPICS), message=st.one_of(values, spoiled()))
@settings(max_examples=150, deadline=None)
def test_any_json_is_decoded_or_refused(name: str, topic: str, message: object) -> None:
    assert_sound(PROFILES[name].decode(topic, json.dumps(message).encode()))


@pytest.mark.parametrize("name", PROFILES)
@given(topic=st.text(max_size=30))
@settings(max_examples=50, deadline=None)
def test_any_topic_is_decoded_or_refused(name: str, topic: str) -> None:
    assert_sound(PROFILES[name].decode(topic, b'{"temperature":21,"POWER":"ON"}'))
