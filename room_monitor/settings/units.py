"""From "27 °C" to 27.0, from "15 min" to a duration: no number without its unit.

A quantity has one unit inside the product. The usual other units are converted; any
other is refused with what to write instead. Months and years are counted in days, as
retention and validity need them: a year is 365 days, a number of months that many
twelfths of it, rounded up to whole days.
"""

import math
import re
from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType

from room_monitor.core.site import Accuracy
from sensors.quantity import SPECS, Quantity

_NUMBER = re.compile(r"([+-]?[0-9]+(?:\.[0-9]+)?)\s*(.*)", re.DOTALL)
_COMMA = re.compile(r"[+-]?[0-9]+,[0-9]")

_SECONDS: Mapping[str, float] = MappingProxyType(
    {
        "ms": 0.001,
        **dict.fromkeys(("s", "sec", "second", "seconds"), 1),
        **dict.fromkeys(("min", "minute", "minutes"), 60),
        **dict.fromkeys(("h", "hour", "hours"), 3600),
        **dict.fromkeys(("d", "day", "days"), 86_400),
        **dict.fromkeys(("week", "weeks"), 7 * 86_400),
    }
)
_DAYS: Mapping[str, float] = MappingProxyType(
    {
        **dict.fromkeys(("month", "months"), 365 / 12),
        **dict.fromkeys(("year", "years"), 365),
    }
)

_BYTES: Mapping[str, int] = MappingProxyType(
    {"MiB": 1 << 20, "GiB": 1 << 30, "MB": 10**6, "GB": 10**9}
)

# Per unit of the product: what may be written, as (factor, what to add before it).
_CONVERSIONS: Mapping[str, Mapping[str, tuple[float, float]]] = MappingProxyType(
    {
        "lx": {"lx": (1, 0), "lux": (1, 0), "klx": (1000, 0)},
        "°C": {
            "°C": (1, 0),
            "C": (1, 0),
            "°F": (5 / 9, -32),
            "F": (5 / 9, -32),
            "K": (1, -273.15),
        },
        "%": {"%": (1, 0)},
        "ppm": {"ppm": (1, 0)},
        "m³/h": {
            "m³/h": (1, 0),
            "m3/h": (1, 0),
            "m³/s": (3600, 0),
            "m3/s": (3600, 0),
            "dm³/s": (3.6, 0),
            "dm3/s": (3.6, 0),
            "l/s": (3.6, 0),
            "L/s": (3.6, 0),
        },
        "s": {unit: (seconds, 0) for unit, seconds in _SECONDS.items()},
        "": {"": (1, 0)},
    }
)
_NOUNS: Mapping[str, str] = MappingProxyType(
    {
        "lx": "an illuminance",
        "°C": "a temperature",
        "%": "a percentage",
        "ppm": "a concentration",
        "m³/h": "an air flow",
        "s": "a time",
        "": "a plain number",
    }
)


def _number(text: str) -> tuple[float, str]:
    """The number and the unit behind it, which may be empty."""
    plain = text.strip().replace("−", "-")
    if _COMMA.match(plain):
        raise ValueError(f"write the number of '{text}' with a point, not a comma")
    found = _NUMBER.fullmatch(plain)
    if found is None:
        raise ValueError(f"'{text}' is not a number with a unit")
    number = float(found[1])
    if not math.isfinite(number):
        raise ValueError(f"{found[1][:12]}… is larger than any number in use")
    return number, found[2].strip()


def read_duration(text: str) -> timedelta:
    """Read ``15 min``, ``24 h``, ``14 d``, ``12 months``.

    Raises:
        ValueError: With what to write instead.
    """
    number, unit = _number(text)
    if not unit:
        raise ValueError(f"{text} has no unit; write '{text} min' or '{text} s'")
    if number < 0:
        raise ValueError(f"{text} is less than no time")
    try:
        if unit in _SECONDS:
            return timedelta(seconds=number * _SECONDS[unit])
        if unit in _DAYS:
            return timedelta(days=math.ceil(round(number * _DAYS[unit], 6)))
    except OverflowError:
        raise ValueError(f"{text} is longer than any time in use") from None
    raise ValueError(
        f"{text} is not a time; write '{number:g} min', with s, min, h, d, weeks, "
        "months or years"
    )


def read_quantity(text: str, quantity: Quantity, *, difference: bool = False) -> float:
    """Read a limit in the unit of its quantity: ``1200 ppm``, ``68 °F``, ``40 dm³/s``.

    Args:
        text: What was written.
        quantity: What it limits.
        difference: It says how far apart two values are, not where one is; 9 °F is
            5 °C.

    Raises:
        ValueError: If there is no unit or the wrong one, or the value is not physical.
    """
    number, unit = _number(text)
    wanted = quantity.unit
    known = _CONVERSIONS[wanted]
    if not unit and wanted:
        raise ValueError(f"{text} has no unit; write '{text} {wanted}'")
    if unit not in known:
        instead = f"{number:g} {wanted}".rstrip()
        raise ValueError(f"{text} is not {_NOUNS[wanted]}; write '{instead}'")
    factor, before = known[unit]
    if difference:
        if number < 0:
            raise ValueError(f"{text} is a difference and cannot be below zero")
        return _tidy(number * factor)
    value = _tidy((number + before) * factor)
    spec = SPECS[quantity]
    if not spec.admits(value):
        raise ValueError(
            f"{text} cannot be: {quantity} lies between {spec.low:g} and "
            f"{spec.high:g} {wanted}".rstrip()
        )
    return value


def read_share(text: str) -> float:
    """Read ``50 %`` as the fraction 0.5.

    Raises:
        ValueError: If it is no percentage from 0 to 100.
    """
    number, unit = _number(text)
    if not unit:
        meant = _tidy(number * 100) if 0 < number <= 1 else number
        raise ValueError(f"{text} has no unit; write '{meant:g} %'")
    if unit != "%":
        raise ValueError(f"{text} is not a percentage; write '{number:g} %'")
    if not 0 <= number <= 100:
        raise ValueError(f"{text} is not between 0 and 100 %")
    return _tidy(number / 100)


def read_size(text: str) -> int:
    """Read ``200 MiB`` as a number of bytes.

    Raises:
        ValueError: With what to write instead.
    """
    number, unit = _number(text)
    if not unit:
        raise ValueError(f"{text} has no unit; write '{text} MiB'")
    if unit not in _BYTES:
        raise ValueError(
            f"{text} is not a size; write '{number:g} MiB', with MiB or GiB"
        )
    if number < 0:
        raise ValueError(f"{text} is less than nothing")
    return round(number * _BYTES[unit])


def read_ratio(text: str) -> float:
    """Read ``10 times``.

    Raises:
        ValueError: If it is anything else.
    """
    number, unit = _number(text)
    if not unit:
        raise ValueError(f"{text} has no unit; write '{text} times'")
    if unit not in ("times", "×"):
        raise ValueError(f"{text} is not a ratio; write '{number:g} times'")
    if number <= 0:
        raise ValueError(f"{text} is not above zero")
    return number


def read_elevation(text: str) -> float:
    """Read ``30°``: how high the sun stands above the horizon.

    Raises:
        ValueError: If it is no angle from 0 to 90 degrees.
    """
    number, unit = _number(text)
    if not unit:
        raise ValueError(f"{text} has no unit; write '{text}°'")
    if unit not in ("°", "deg"):
        raise ValueError(f"{text} is not an angle; write '{number:g}°'")
    if not 0 <= number <= 90:
        raise ValueError(f"{text} is not between 0 and 90°")
    return number


def read_accuracy(text: str, quantity: Quantity) -> Accuracy:
    """Read ``30 ppm + 3 %``, as a data sheet gives it.

    A percentage is a part of the value. Of a quantity that is itself in percent,
    ``2 %`` are two points of it, and a part of the value is written ``2 % of value``.

    Raises:
        ValueError: With what to write instead.
    """
    if quantity.states:
        raise ValueError(f"{quantity} has states and no accuracy; leave it out")
    absolute = relative = 0.0
    for term in (part.strip() for part in text.replace("±", "").split("+")):
        of_value = term.removesuffix("of value").strip()
        if of_value != term or (term.endswith("%") and quantity.unit != "%"):
            relative += read_share(of_value)
        else:
            absolute += read_quantity(term, quantity, difference=True)
    return Accuracy(absolute, relative)


def _tidy(value: float) -> float:
    """Without the dust that converting leaves in the last digits."""
    return float(f"{value:.10g}")
