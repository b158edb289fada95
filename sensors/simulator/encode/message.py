"""What a device family is to the simulator, and what families share in writing JSON."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sensors.measurement import Measurement
from sensors.quantity import Quantity


class CannotSayError(ValueError):
    """A family has no word for a measurement; the message says which."""


class Message(NamedTuple):
    """One MQTT message; ``retain`` as the family itself publishes it."""

    topic: str
    payload: bytes
    retain: bool = False


class Voice(NamedTuple):
    """As what, and of which part, a family reports a quantity."""

    quantity: Quantity
    channel: str | None = None


@dataclass(frozen=True, slots=True)
class Family:
    """One device family.

    Attributes:
        name: That of its profile.
        encode: From a base topic and measurements of one device at one instant to its
            messages. Raises ``CannotSayError``.
        voice: From a quantity and the configured channel to how it is reported;
            ``None`` if this family cannot.
        dates: Whether its usual messages carry the device's own time.
        numbers: Whether its messages carry a sequence number.
        signal: A good link, as the family puts it in numbers; ``None`` if it does not.
    """

    name: str
    encode: Callable[[str, Sequence[Measurement]], tuple[Message, ...]]
    voice: Callable[[Quantity, str | None], Voice | None]
    dates: bool = False
    numbers: bool = False
    signal: float | None = None


Path = tuple[str, ...]
Fragment = dict[Path, object]
"""Part of a JSON object: the path to a value, and the value."""


def plain(value: float) -> float | int:
    """A whole number without its ``.0``, as devices write it."""
    return int(value) if float(value).is_integer() else value


def write(fragment: Mapping[Path, object]) -> bytes:
    """The JSON object with these values at these paths."""
    whole: dict[str, object] = {}
    for path, value in fragment.items():
        place = whole
        for step in path[:-1]:
            place = place.setdefault(step, {})  # type: ignore[assignment]
        place[path[-1]] = value
    return json.dumps(whole, separators=(",", ":")).encode()


def write_time(at: datetime) -> str:
    """ISO 8601 in UTC, to the millisecond, or finer if it is finer."""
    finer = "microseconds" if at.microsecond % 1000 else "milliseconds"
    return at.isoformat(timespec=finer).replace("+00:00", "Z")


def spelled(spellings: Mapping[str, object], m: Measurement) -> object:
    """How a family spells the state of a measurement."""
    name = m.quantity.describe(m.value)
    if name not in spellings:
        raise CannotSayError(f"{m.quantity} cannot be {name} here")
    return spellings[name]


def _collide(one: Fragment, other: Fragment) -> bool:
    """Whether a value of one stands where the other has a value, or an object."""
    return any(a[: len(b)] == b[: len(a)] for a in one for b in other)


def merged(
    fragments: Iterable[Fragment],
    together: Callable[[Fragment, Fragment], bool] = lambda _one, _other: True,
) -> Iterator[Fragment]:
    """Put fragments in as few objects as possible; no value replaces another.

    Args:
        fragments: In the order in which they should stand.
        together: Whether two that share no path may stand in one object.
    """
    wholes: list[Fragment] = []
    for fragment in fragments:
        for whole in wholes:
            if not _collide(whole, fragment) and together(whole, fragment):
                whole.update(fragment)
                break
        else:
            wholes.append(dict(fragment))
    return iter(wholes)


def refuse_no_air(m: Measurement) -> None:
    """Raise ``CannotSayError`` for 0 ppm CO₂, which sensors say while they warm up."""
    refuse_unless(m.quantity is not Quantity.CO2 or m.value != 0, m)


def refuse_unless(said: bool, m: Measurement) -> None:
    """Raise ``CannotSayError`` unless a condition about a measurement holds."""
    if not said:
        raise CannotSayError(
            f"no word for {m.quantity} = {m.quantity.describe(m.value)} "
            f"(channel {m.channel}, tag {m.tag}, number {m.sequence})"
        )
