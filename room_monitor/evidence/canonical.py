"""How is a plain value written so that everybody gets the same bytes?

The form is that of RFC 8785 (JSON Canonicalization Scheme) for values made of
objects, arrays, strings, numbers, booleans and null: no spaces, keys sorted by UTF-16
code units, numbers as ECMAScript writes them, UTF-8.
"""

from collections.abc import Callable, Mapping
from json.encoder import encode_basestring
from math import isfinite
from typing import Any

Plain = None | bool | int | float | str | list["Plain"] | dict[str, "Plain"]

quote: Callable[[str], str] = encode_basestring
"""A text as JSON, with no more escapes than needed."""

LARGEST_INTEGER = 2**53 - 1
"""Beyond this, readers that keep numbers as doubles would see another number."""


class NotCanonical(ValueError):  # noqa: N818 - says what it is
    """It has no canonical form: NaN, infinity, a huge integer, a lone surrogate."""


def canonical(value: Plain) -> bytes:
    """The canonical bytes of ``value``.

    Raises:
        NotCanonical: It has no canonical form.
    """
    try:
        return canonical_text(value).encode()
    except UnicodeEncodeError as error:
        raise NotCanonical(f"text that is no Unicode: {error.reason}") from error


def canonical_text(value: Plain) -> str:
    """As ``canonical``, before it is encoded as UTF-8."""
    writer = _WRITERS.get(type(value))
    if writer is None:
        raise NotCanonical(f"{type(value).__name__} is no JSON value")
    return writer(value)


def _write_object(value: Mapping[str, Plain]) -> str:
    # ASCII keys, which ours are, sort alike as code points and as UTF-16 code units.
    keys = sorted(value)
    if not all(map(str.isascii, keys)):
        keys.sort(key=lambda key: key.encode("utf-16-be", "surrogatepass"))
    return (
        "{" + ",".join([f"{quote(k)}:{canonical_text(value[k])}" for k in keys]) + "}"
    )


def _write_array(value: list[Plain]) -> str:
    return "[" + ",".join([canonical_text(item) for item in value]) + "]"


def _write_integer(value: int) -> str:
    if not -LARGEST_INTEGER <= value <= LARGEST_INTEGER:
        raise NotCanonical(f"{value} is beyond ±(2^53 - 1)")
    return str(value)


def _write_float(value: float) -> str:
    if not isfinite(value):
        raise NotCanonical(f"{value} is no JSON number")
    size = abs(value)
    if size <= LARGEST_INTEGER and value == int(value):
        return str(int(value))
    if 1e-4 <= size < 1e16:
        return repr(value).removesuffix(".0")
    return _write_far_float(value)


def _write_far_float(value: float) -> str:
    """ECMA-262, Number::toString, where it differs from ``repr``."""
    sign = "-" if value < 0 else ""
    mantissa, _, power = repr(abs(value)).partition("e")
    exponent = int(power)
    digits = mantissa.replace(".", "")
    if -6 <= exponent < 0:
        return f"{sign}0.{'0' * (-exponent - 1)}{digits}"
    if 0 < exponent < 21:
        return f"{sign}{digits}{'0' * (exponent + 1 - len(digits))}"
    return f"{sign}{mantissa}e{exponent:+d}"


_WRITERS: Mapping[type, Callable[[Any], str]] = {
    str: quote,
    dict: _write_object,
    list: _write_array,
    int: _write_integer,
    float: _write_float,
    bool: lambda value: "true" if value else "false",
    type(None): lambda _: "null",
}
