"""Is this payload safe to read, and does a value in it mean what it should?

Everything a device sends passes here first. A payload that is too large, nested too
deep, not UTF-8, not JSON, or that says ``NaN``, is refused before anything looks at it;
a value of the wrong type or outside what nature allows is refused with the name of its
key. The accepted path runs thousands of times a second, so the cheap tests that C does
come first and the careful ones run only when those leave a doubt.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from itertools import accumulate

from sensors.measurement import (
    MAX_DEPTH,
    MAX_PAYLOAD_BYTES,
    Decoded,
    Measurement,
    Refused,
)
from sensors.quantity import SPECS, Quantity

EARLIEST = datetime(2020, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

ISO_PATTERN = (
    r"^20[2-9][0-9]-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}"
    r"(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})$"
)
"""ISO 8601 with a zone, from 2020 up to and including 2099."""

LABEL_PATTERN = r"^[ -~]{1,128}$"
"""The identity of a tag or the name of an action: printable ASCII, not too long."""

_is_iso = re.compile(ISO_PATTERN.rstrip("$")).fullmatch
_is_label = re.compile(LABEL_PATTERN.rstrip("$")).fullmatch

# A string, also one that is never closed: possessive, so it reads every byte once.
_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
_NOT_BRACKETS = bytes(set(range(256)) - set(b"{}[]"))
_STEP = {ord("{"): 1, ord("["): 1, ord("}"): -1, ord("]"): -1}
_SPACE = " \t\n\r"


class PayloadError(ValueError):
    """A payload cannot be used; raised inside a profile and never outside it."""


def guarded(
    decode: Callable[[str, bytes], Iterable[Measurement]],
) -> Callable[[str, bytes], Decoded]:
    """Make a decoder that answers with ``Refused`` instead of raising."""

    def decode_or_refuse(topic: str, payload: bytes) -> Decoded:
        try:
            return tuple(decode(topic, payload))
        except PayloadError as bad:
            return Refused(str(bad))

    return decode_or_refuse


def show(value: object) -> str:
    """Write a value for a refusal: short, on one line, whatever it is."""
    match value:
        case bool() | None:
            return json.dumps(value)
        case dict():
            return "an object"
        case list():
            return "a list"
        case _:
            text = repr(value)
            return text if len(text) <= 40 else f"{text[:37]}..."


def read_text(payload: bytes) -> str:
    """The payload as text, without white space around it."""
    size = len(payload)
    if size > MAX_PAYLOAD_BYTES:
        raise PayloadError(f"payload is {size} bytes, more than {MAX_PAYLOAD_BYTES}")
    try:
        text = payload.decode()
    except UnicodeDecodeError as error:
        raise PayloadError(f"not UTF-8 at byte {error.start}") from None
    text = text.strip(_SPACE)
    if not text:
        raise PayloadError("payload is empty")
    return text


def read_object(payload: bytes) -> dict[str, object]:
    """Parse a payload that must be one JSON object."""
    text = read_text(payload)
    # Fewer brackets than the limit cannot nest deeper than the limit.
    if payload.count(b"{") + payload.count(b"[") > MAX_DEPTH:
        _refuse_deep_nesting(payload)
    try:
        value, end = _scan(text, 0)
    except StopIteration as stop:
        raise PayloadError(f"not JSON at character {stop.value}") from None
    except PayloadError:
        raise
    except (ValueError, RecursionError) as error:
        raise PayloadError(f"not JSON: {_first_line(error)}") from None
    if end != len(text):
        raise PayloadError(f"not JSON at character {end}")
    if value.__class__ is not dict:
        raise PayloadError(f"payload is {show(value)}, not an object")
    return value


def read_part(key: str, value: object) -> dict[str, object]:
    """A value that must be a JSON object itself."""
    if value.__class__ is not dict:
        raise PayloadError(f"{key} is {show(value)}, not an object")
    return value


class Number:
    """A key whose value is a number, in the unit of its quantity."""

    __slots__ = ("_high", "_low", "quantity")

    def __init__(self, quantity: Quantity) -> None:
        spec = SPECS[quantity]
        self.quantity = quantity
        self._low = spec.low
        self._high = spec.high

    def read(self, key: str, value: object) -> float:
        """The value in ``quantity.unit``; a boolean and a text are not numbers."""
        kind = value.__class__
        if kind is not float and kind is not int:
            raise PayloadError(f"{key} is {show(value)}, not a number")
        if self._low <= value <= self._high:  # type: ignore[operator]
            return float(value)  # type: ignore[arg-type]
        unit = f" {self.quantity.unit}".rstrip()
        raise PayloadError(
            f"{key} is {show(value)}{unit}, "
            f"outside {self._low:.12g} to {self._high:.12g}{unit}"
        )


class State:
    """A key whose value names a state; each spelling stands for one state's number."""

    __slots__ = ("_numbers", "quantity")

    def __init__(
        self, quantity: Quantity, spellings: Mapping[str | bool, str] | None = None
    ) -> None:
        names = SPECS[quantity].states
        self.quantity = quantity
        self._numbers: dict[object, float] = {
            spelling: float(names.index(name))
            for spelling, name in (spellings or {n: n for n in names}).items()
        }

    def read(self, key: str, value: object) -> float:
        """The number of the state; the number 1 is not ``true``."""
        if value.__class__ is str or value.__class__ is bool:
            number = self._numbers.get(value)
            if number is not None:
                return number
        known = ", ".join(
            name if isinstance(name, str) else show(name) for name in self._numbers
        )
        raise PayloadError(f"{key} is {show(value)}, not one of {known}")


def read_percent(key: str, value: object) -> float:
    """A share from 0 to 100, such as how far a blind is open."""
    kind = value.__class__
    if (kind is float or kind is int) and 0 <= value <= 100:  # type: ignore[operator]
        return float(value)  # type: ignore[arg-type]
    raise PayloadError(f"{key} is {show(value)}, not a number from 0 to 100")


def read_label(key: str, value: object) -> str:
    """The identity of a tag or the name of an action."""
    if value.__class__ is str and _is_label(value):
        return value
    raise PayloadError(f"{key} is {show(value)}, not 1 to 128 printable characters")


def read_iso_time(key: str, value: object) -> datetime:
    """An ISO 8601 instant with its zone, as aware UTC."""
    if value.__class__ is str and _is_iso(value):
        try:
            return datetime.fromisoformat(value).astimezone(UTC)
        except ValueError:
            pass
    raise PayloadError(
        f"{key} is {show(value)}, not an ISO 8601 time with a zone, from 2020 to 2099"
    )


def read_epoch_time(key: str, value: object, unit: timedelta) -> datetime:
    """A count of ``unit`` since 1970, as aware UTC."""
    kind = value.__class__
    if kind is float or kind is int:
        try:
            instant = EPOCH + value * unit  # type: ignore[operator]
        except (OverflowError, ValueError):
            instant = EPOCH
        if EARLIEST <= instant < LATEST:
            return instant  # type: ignore[no-any-return]
    raise PayloadError(f"{key} is {show(value)}, not a time from 2020 to 2099")


def _refuse_deep_nesting(payload: bytes) -> None:
    brackets = _STRING.sub(b"", payload).translate(None, _NOT_BRACKETS)
    if max(accumulate(map(_STEP.__getitem__, brackets)), default=0) > MAX_DEPTH:
        raise PayloadError(f"nested deeper than {MAX_DEPTH}")


def _object_without_duplicates(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise PayloadError(f"{show(twice)} stands twice in one object")
    return found


def _refuse_constant(name: str) -> object:
    raise PayloadError(f"{name} is not a number in JSON")


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or ["too deep"])[0][:80]


# What JSONDecoder.decode does, without its two regular expressions around it.
_scan: Callable[[str, int], tuple[object, int]] = json.JSONDecoder(
    object_pairs_hook=_object_without_duplicates, parse_constant=_refuse_constant
).scan_once  # type: ignore[attr-defined]
