"""Nothing a device sends gets past the guard unless it is safe to read."""

from datetime import UTC, datetime, timedelta

import pytest

from sensors.measurement import MAX_DEPTH, MAX_PAYLOAD_BYTES
from sensors.profiles.payload import (
    Number,
    PayloadError,
    State,
    read_epoch_time,
    read_iso_time,
    read_label,
    read_object,
    read_percent,
    show,
)
from sensors.quantity import Quantity

CO2 = Number(Quantity.CO2)
DOOR = State(Quantity.DOOR_CONTACT, {True: "closed", False: "open"})


def refusal(payload: bytes) -> str:
    with pytest.raises(PayloadError) as caught:
        read_object(payload)
    return str(caught.value)


def nested(depth: int) -> bytes:
    return b'{"x":' * (depth - 1) + b"{}" + b"}" * (depth - 1)


def test_the_largest_payload_is_read_and_one_byte_more_is_not() -> None:
    largest = b'{"x":"' + b"a" * (MAX_PAYLOAD_BYTES - 8) + b'"}'

    assert len(largest) == MAX_PAYLOAD_BYTES
    assert read_object(largest)
    assert refusal(largest + b" ") == "payload is 65537 bytes, more than 65536"


def test_the_deepest_payload_is_read_and_one_level_more_is_not() -> None:
    assert read_object(nested(MAX_DEPTH))
    assert refusal(nested(MAX_DEPTH + 1)) == "nested deeper than 16"


def test_many_objects_beside_each_other_are_not_deep() -> None:
    wide = b'{"x":[' + b",".join([b'{"y":[]}'] * 100) + b"]}"

    assert len(read_object(wide)) == 1


def test_brackets_in_a_text_do_not_count() -> None:
    assert read_object(b'{"x":"' + b'[{\\"' * 40 + b'"}')


@pytest.mark.parametrize(
    "payload", [b"[" * MAX_PAYLOAD_BYTES, b'{"x":' * 10_000, b'"\\"' * 20_000]
)
def test_a_hostile_payload_is_refused_without_hanging(payload: bytes) -> None:
    assert refusal(payload)


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"", "payload is empty"),
        (b" \n", "payload is empty"),
        (b"online", "not JSON at character 0"),
        (b"\xc3\x28", "not UTF-8 at byte 0"),
        (b"null", "payload is null, not an object"),
        (b"true", "payload is true, not an object"),
        (b'"co2"', "payload is 'co2', not an object"),
        (b"[1]", "payload is a list, not an object"),
        (b"{} {}", "not JSON at character 2"),
        (b'{"a":Infinity}', "Infinity is not a number in JSON"),
        (b'{"a":-Infinity}', "-Infinity is not a number in JSON"),
        (b'{"a":[NaN]}', "NaN is not a number in JSON"),
        (b'{"a":1,"b":{"c":1,"c":1}}', "'c' stands twice in one object"),
    ],
)
def test_a_payload_is_refused_with_its_reason(payload: bytes, reason: str) -> None:
    assert refusal(payload) == reason


def test_a_number_too_long_for_any_machine_is_refused() -> None:
    assert refusal(b'{"a":' + b"9" * 5000 + b"}").startswith("not JSON: ")


def test_white_space_around_an_object_is_allowed() -> None:
    assert read_object(b'\r\n {"a":1}\t\n') == {"a": 1}


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("warm", "co2 is 'warm', not a number"),
        ("812", "co2 is '812', not a number"),
        (True, "co2 is true, not a number"),
        ([], "co2 is a list, not a number"),
        ({}, "co2 is an object, not a number"),
        (99999, "co2 is 99999 ppm, outside 200 to 40000 ppm"),
        (-1, "co2 is -1 ppm, outside 200 to 40000 ppm"),
        (float("inf"), "co2 is inf ppm, outside 200 to 40000 ppm"),
        (float("nan"), "co2 is nan ppm, outside 200 to 40000 ppm"),
        (10**400, f"co2 is 1{'0' * 36}... ppm, outside 200 to 40000 ppm"),
    ],
)
def test_a_number_is_refused_with_the_name_of_its_key(
    value: object, reason: str
) -> None:
    with pytest.raises(PayloadError) as caught:
        CO2.read("co2", value)

    assert str(caught.value) == reason


@pytest.mark.parametrize(
    ("value", "number"), [(200, 200.0), (812.5, 812.5), (40000, 4e4)]
)
def test_a_number_within_nature_is_read(value: float, number: float) -> None:
    assert CO2.read("co2", value) == number


@pytest.mark.parametrize("value", [1, 0, 1.0, "true", None, [], {}])
def test_only_a_boolean_is_a_boolean(value: object) -> None:
    with pytest.raises(PayloadError, match=r"contact is .*, not one of true, false"):
        DOOR.read("contact", value)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-11-22T10:00:00Z", datetime(2026, 11, 22, 10, tzinfo=UTC)),
        ("2026-11-22T10:00:00+01:00", datetime(2026, 11, 22, 9, tzinfo=UTC)),
        ("2020-01-01T00:00:00.5Z", datetime(2020, 1, 1, 0, 0, 0, 500_000, tzinfo=UTC)),
    ],
)
def test_a_time_with_a_zone_is_read_as_utc(text: str, instant: datetime) -> None:
    read = read_iso_time("at", text)

    assert read == instant
    assert read.tzinfo is UTC


@pytest.mark.parametrize(
    "value",
    [
        "2026-11-22T10:00:00",
        "2026-11-22",
        "2019-12-31T23:59:59Z",
        "2100-01-01T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-11-22T25:00:00Z",
        "2026-11-22T10:00:00Z\n",
        "٢٠٢٦-11-22T10:00:00Z",
        1795341600,
        True,
    ],
)
def test_an_absurd_time_is_refused(value: object) -> None:
    with pytest.raises(PayloadError, match=r"^at is "):
        read_iso_time("at", value)


@pytest.mark.parametrize("value", [0, -1, 1e400, 1e18, 99999999999, True, "1795341600"])
def test_an_absurd_count_of_seconds_is_refused(value: object) -> None:
    with pytest.raises(PayloadError, match=r"^ts is "):
        read_epoch_time("ts", value, timedelta(seconds=1))


@pytest.mark.parametrize("value", ["", "a\nb", "\x00", "é", "x" * 129, 7, None])
def test_a_label_is_short_and_printable(value: object) -> None:
    with pytest.raises(PayloadError, match="not 1 to 128 printable characters"):
        read_label("tag", value)


@pytest.mark.parametrize("value", [-1, 100.5, True, "40", None])
def test_a_share_is_a_number_from_0_to_100(value: object) -> None:
    with pytest.raises(PayloadError, match="not a number from 0 to 100"):
        read_percent("position", value)


def test_a_refusal_shows_a_value_on_one_short_line() -> None:
    assert show("x" * 1000 + "\n") == f"'{'x' * 36}..."
    assert show("a\nb") == "'a\\nb'"
