"""The published schema of the native format says exactly what the decoder accepts."""

import json
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensors.measurement import Refused
from sensors.profiles import PROFILES
from sensors.profiles.native import MAX_SEQUENCE
from sensors.profiles.native_schema import native_schema
from sensors.quantity import SPECS, Quantity
from tests.sensors.samples import Sample, read_samples

PUBLISHED = Path(__file__).parents[2] / "docs" / "schema" / "native-v1.json"
SCHEMA = jsonschema.Draft202012Validator(native_schema())
DECODE = PROFILES["native"].decode

# What a schema cannot say: the payload is JSON at all, each key stands once, nesting,
# and whether a day exists in its month.
BEYOND = {"key_twice", "nested_too_deep", "not_a_number", "time_that_does_not_exist"}


def _comparable(sample: Sample) -> bool:
    if sample.profile != "native" or sample.topic.endswith("/availability"):
        return False
    try:
        json.loads(sample.payload)
    except ValueError:
        return False
    return sample.case not in BEYOND


SAMPLES = [sample for sample in read_samples() if _comparable(sample)]


def test_the_published_schema_is_the_one_of_the_code() -> None:
    assert json.loads(PUBLISHED.read_text()) == native_schema()


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(native_schema())


@pytest.mark.parametrize("sample", SAMPLES, ids=str)
def test_schema_and_decoder_agree_on_a_sample(sample: Sample) -> None:
    assert SCHEMA.is_valid(json.loads(sample.payload)) is not sample.refused


numbers = st.one_of(st.integers(-50, 50_000), st.floats(-50, 50_000), st.booleans())
state_names = st.sampled_from(
    [*sorted({name for spec in SPECS.values() for name in spec.states}), "ajar", ""]
)
tags = st.one_of(st.none(), st.sampled_from(["04A2", "", "é", "x" * 128, "x" * 129]))
tagged = st.fixed_dictionaries(
    {}, optional={"state": st.one_of(st.none(), state_names), "tag": tags}
)
readings: st.SearchStrategy[dict[str, object]] = st.dictionaries(
    st.sampled_from([*Quantity, "colour"]),
    st.one_of(st.none(), numbers, state_names, tagged, st.just([])),
    max_size=3,
)
messages = st.fixed_dictionaries(
    {"v": st.sampled_from([1, 1, 1, 1.0, 2, True, "1"]), "readings": readings},
    optional={
        "at": st.sampled_from(
            [
                None,
                "2026-11-22T10:00:00Z",
                "2026-11-22T10:00:00",
                "2019-01-01T00:00:00Z",
            ]
        ),
        "seq": st.sampled_from([None, 0, 17, 17.0, 17.5, -1, MAX_SEQUENCE + 1, True]),
        "channel": tags,
    },
)


@given(messages)
@settings(max_examples=300, deadline=None)
def test_schema_and_decoder_agree_on_any_message(message: object) -> None:
    decoded = DECODE("base", json.dumps(message).encode())

    assert SCHEMA.is_valid(message) is not isinstance(decoded, Refused)


@pytest.mark.parametrize("quantity", Quantity)
def test_every_quantity_of_the_vocabulary_can_be_sent(quantity: Quantity) -> None:
    states = quantity.states
    value = states[1] if states else SPECS[quantity].high
    message = {"v": 1, "readings": {quantity.value: value}}

    decoded = DECODE("base", json.dumps(message).encode())

    assert not isinstance(decoded, Refused)
    assert [(m.quantity, m.value) for m in decoded] == [
        (quantity, 1.0 if states else float(SPECS[quantity].high))
    ]
    assert SCHEMA.is_valid(message)
