"""What was refused is counted, bounded, and shown without a single value."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from room_monitor.core.ids import DeviceId
from room_monitor.ingest.refusals import MOST_NAMES, OTHER_TOPICS, Refusals, shape
from room_monitor.store import Refusal, RefusalKind
from tests.ingest.places import NOW

LAMP = DeviceId("lamp")


def told(refusals: Refusals) -> list[Refusal]:
    return [each.told() for each in refusals.take()]


def test_the_last_reason_and_shape_stand_for_all() -> None:
    refusals = Refusals()
    refusals.of_device(LAMP, "not JSON", b"x", NOW)
    refusals.of_device(LAMP, "state is 5", b'{"state": 5}', NOW)

    assert told(refusals) == [
        Refusal(
            kind=RefusalKind.DEVICE,
            name="lamp",
            count=2,
            first_at=NOW,
            last_at=NOW,
            reason="state is 5",
            shape='{"state": number}',
        )
    ]
    assert told(refusals) == []
    assert refusals.total == 2


def test_invented_topics_do_not_fill_the_memory() -> None:
    refusals = Refusals()
    for number in range(3 * MOST_NAMES):
        refusals.of_topic(f"invented/{number}", "nobody", b"", NOW)

    seen = told(refusals)

    assert len(seen) == MOST_NAMES + 1
    assert seen[-1].name == OTHER_TOPICS
    assert sum(each.count for each in seen) == 3 * MOST_NAMES


def test_a_topic_is_shown_short_and_printable() -> None:
    refusals = Refusals()
    refusals.of_topic("a\x1b[2J" + "x" * 60_000, "nobody", b"", NOW)

    (seen,) = told(refusals)

    assert seen.name.startswith("a�[2Jx")
    assert len(seen.name) == 200


def test_what_the_store_could_not_take_is_counted_again() -> None:
    refusals = Refusals()
    refusals.of_device(LAMP, "old", b"", NOW)
    taken = refusals.take()
    refusals.of_device(LAMP, "new", b"", NOW)
    refusals.of_topic("t", "nobody", b"", NOW)
    refusals.give_back(taken)

    assert [(r.name, r.count, r.reason) for r in told(refusals)] == [
        ("lamp", 2, "new"),
        ("t", 1, "nobody"),
    ]


@pytest.mark.parametrize(
    ("payload", "seen"),
    [
        (b"", "empty"),
        (b"\xff\xfe\xfd", "3 bytes, not text"),
        (b"Jan Jansen", "text of 10 bytes, not JSON"),
        (b"12", "number"),
        (b'"Jan"', "text"),
        (b"null", "null"),
        (b'{"a": 1, "b": "x", "c": true}', '{"a": number, "b": text, "c": boolean}'),
        (b'{"a": [1, 2]}', '{"a": list of 2}'),
        (b'{"a": {"b": {"c": {"d": 1}}}}', '{"a": {"b": {"c": {…}}}}'),
        (b"[" * 5000, "text of 5000 bytes, not JSON"),
        (b"1" * 9000, "more than 8192 bytes"),
        (b'{"\\ud800": 1}', '{"�": number}'),
    ],
)
def test_a_shape_has_keys_and_types(payload: bytes, seen: str) -> None:
    assert shape(payload) == seen


@given(
    st.recursive(
        st.none() | st.just("SECRET") | st.just(987_654),
        lambda inner: (
            st.lists(inner, max_size=5)
            | st.dictionaries(st.text("abc", min_size=1), inner, max_size=40)
        ),
        max_leaves=60,
    )
)
def test_a_shape_is_short_and_has_no_values(value: object) -> None:
    seen = shape(json.dumps(value).encode())

    assert len(seen) <= 500
    assert "SECRET" not in seen
    assert "987654" not in seen
