"""The canonical form is that of RFC 8785, and nothing without one is written."""

import json
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from room_monitor.evidence.canonical import NotCanonical, Plain, canonical

values: st.SearchStrategy[Plain] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8")),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(codec="utf-8")), inner, max_size=4)
    ),
)


@pytest.mark.parametrize(
    ("bits", "written"),
    [
        # RFC 8785, appendix B.
        ("0000000000000000", "0"),
        ("8000000000000000", "0"),
        ("0000000000000001", "5e-324"),
        ("8000000000000001", "-5e-324"),
        ("7fefffffffffffff", "1.7976931348623157e+308"),
        ("ffefffffffffffff", "-1.7976931348623157e+308"),
        ("4340000000000000", "9007199254740992"),
        ("c340000000000000", "-9007199254740992"),
        ("4430000000000000", "295147905179352830000"),
        ("44b52d02c7e14af5", "9.999999999999997e+22"),
        ("44b52d02c7e14af6", "1e+23"),
        ("44b52d02c7e14af7", "1.0000000000000001e+23"),
        ("444b1ae4d6e2ef4e", "999999999999999700000"),
        ("444b1ae4d6e2ef4f", "999999999999999900000"),
        ("444b1ae4d6e2ef50", "1e+21"),
        ("3eb0c6f7a0b5ed8c", "9.999999999999997e-7"),
        ("3eb0c6f7a0b5ed8d", "0.000001"),
        ("41b3de4355555553", "333333333.3333332"),
        ("41b3de4355555554", "333333333.33333325"),
        ("becbf647612f3696", "-0.0000033333333333333333"),
        ("43143ff3c1cb0959", "1424953923781206.2"),
    ],
)
def test_numbers_are_written_as_ecmascript_writes_them(bits: str, written: str) -> None:
    (number,) = struct.unpack(">d", bytes.fromhex(bits))

    assert canonical(number) == written.encode()


def test_text_is_escaped_no_more_than_needed() -> None:
    # RFC 8785, section 3.2.2.
    text = "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/"

    assert canonical(text) == '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'.encode()


def test_keys_are_sorted_by_utf_16_code_units() -> None:
    # RFC 8785, section 3.2.3.
    keys: list[str] = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    in_order = ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]

    written = canonical(dict.fromkeys(keys))

    assert list(json.loads(written)) == in_order


def as_double(digits: str) -> int | float:
    """Read as other programs do, to which large integers are doubles."""
    return int(digits) if abs(int(digits)) < 2**53 else float(digits)


@given(values)
def test_what_is_written_reads_as_the_same_value_and_is_written_alike(
    value: Plain,
) -> None:
    written = canonical(value)

    back = json.loads(written, parse_int=as_double)

    assert back == value
    assert canonical(back) == written


@pytest.mark.parametrize(
    "value",
    [
        float("nan"),
        float("inf"),
        -float("inf"),
        2**53,
        -(2**53),
        "\ud800",
        {"\udc00": 1},
    ],
)
def test_what_has_no_canonical_form_is_refused(value: Plain) -> None:
    with pytest.raises(NotCanonical):
        canonical([value])


def test_a_value_that_is_no_json_is_refused() -> None:
    with pytest.raises(NotCanonical, match="bytes is no JSON value"):
        canonical(b"")  # type: ignore[arg-type]
