"""What the native format looks like to a machine: its JSON Schema, from the vocabulary.

``python -m sensors.profiles.native_schema`` prints what ``docs/schema/native-v1.json``
must contain; a test compares the two.
"""

import json

from sensors.profiles.native import MAX_SEQUENCE, VERSION, WITH_TAG
from sensors.profiles.payload import ISO_PATTERN, LABEL_PATTERN
from sensors.quantity import SPECS, Quantity

Schema = dict[str, object]


def native_schema() -> Schema:
    """The JSON Schema (2020-12) of one native message."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:room-monitor:native:v{VERSION}",
        "title": f"Room Monitor native message, version {VERSION}",
        "description": (
            "What a device publishes on its base topic. Unknown keys are ignored; "
            "null means not measured. One bad key refuses the whole message."
        ),
        "type": "object",
        "required": ["v", "readings"],
        "properties": {
            "v": {"const": VERSION},
            "at": {
                "description": "When it was measured: ISO 8601 with a zone.",
                "type": ["string", "null"],
                "pattern": ISO_PATTERN,
            },
            "seq": {
                "description": "The device's message number, one higher each time.",
                "type": ["integer", "null"],
                "minimum": 0,
                "maximum": MAX_SEQUENCE,
            },
            "channel": {
                "description": "Which part of the device speaks, if it has several.",
                "type": ["string", "null"],
                "pattern": LABEL_PATTERN,
            },
            "readings": {
                "type": "object",
                "properties": {q.value: _reading(q) for q in Quantity},
            },
        },
    }


def _reading(quantity: Quantity) -> Schema:
    spec = SPECS[quantity]
    if not spec.states:
        return {
            "description": f"In {spec.unit}." if spec.unit else "Without a unit.",
            "type": ["number", "null"],
            "minimum": spec.low,
            "maximum": spec.high,
        }
    states: Schema = {"enum": [*spec.states, None]}
    if quantity not in WITH_TAG:
        return states
    tagged = {
        "description": f"Without a state it is {spec.states[1]!r}.",
        "type": "object",
        "properties": {
            "state": states,
            "tag": {"type": ["string", "null"], "pattern": LABEL_PATTERN},
        },
    }
    return {"anyOf": [states, tagged]}


if __name__ == "__main__":
    print(json.dumps(native_schema(), indent=2, ensure_ascii=False))  # noqa: T201
