"""What could not be used, counted until the store takes it over.

Values are never kept: of a payload only the shape is shown, its keys and the types of its
values. Anybody who may publish can invent topics, so the number of names is bounded.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from room_monitor.core.ids import DeviceId
from room_monitor.store import Refusal, RefusalKind

MOST_NAMES: Final = 1_000
"""How many names are told apart between two visits of the store."""

OTHER_TOPICS: Final = "(other topics)"
"""Stands for all topics beyond ``MOST_NAMES``."""

_LONGEST_NAME: Final = 200
_MOST_READ: Final = 8 * 1024  # bytes of a payload that are looked at
_MOST_KEYS: Final = 20
_MOST_LEVELS: Final = 3
_LONGEST_KEY: Final = 40
_LONGEST_SHAPE: Final = 500


@dataclass(slots=True)
class _Count:
    count: int
    first_at: datetime
    last_at: datetime
    reason: str
    payload: bytes


class Refusals:
    """Counts per device and per topic, with the last reason and the last payload."""

    def __init__(self) -> None:
        self.total = 0
        self._counts: dict[tuple[RefusalKind, str], _Count] = {}

    def of_device(
        self, device: DeviceId, reason: str, payload: bytes, at: datetime
    ) -> None:
        """A known device sent something that cannot be used."""
        self._add(RefusalKind.DEVICE, device, reason, payload, at)

    def of_topic(self, topic: str, reason: str, payload: bytes, at: datetime) -> None:
        """Something came in where no known device lives, or could not be taken at all."""
        self._add(RefusalKind.TOPIC, topic[:_LONGEST_NAME], reason, payload, at)

    def _add(
        self, kind: RefusalKind, name: str, reason: str, payload: bytes, at: datetime
    ) -> None:
        self.total += 1
        known = self._counts.get((kind, name))
        if known is None and len(self._counts) >= MOST_NAMES:
            kind, name = RefusalKind.TOPIC, OTHER_TOPICS
            known = self._counts.get((kind, name))
        if known is None:
            self._counts[kind, name] = _Count(
                1, at, at, reason, payload[: _MOST_READ + 1]
            )
            return
        known.count += 1
        known.last_at = at
        known.reason = reason
        known.payload = payload[: _MOST_READ + 1]

    def take(self) -> list["Uncollected"]:
        """What was counted since the last time; forget it here."""
        taken = [
            Uncollected(kind, name, count)
            for (kind, name), count in self._counts.items()
        ]
        self._counts = {}
        return taken

    def give_back(self, taken: Sequence["Uncollected"]) -> None:
        """The store could not take it over: count it again, with what came since."""
        newer, self._counts = self._counts, {}
        for each in taken:
            self._counts[each.kind, each.name] = each.count
        for key, count in newer.items():
            older = self._counts.get(key)
            if older is not None:
                total = older.count + count.count
                self._counts[key] = replace(count, count=total, first_at=older.first_at)
            elif len(self._counts) <= MOST_NAMES:
                self._counts[key] = count


@dataclass(frozen=True, slots=True)
class Uncollected:
    """A count on its way to the store."""

    kind: RefusalKind
    name: str
    count: _Count

    def told(self) -> Refusal:
        """As the store keeps it. Reads the payload: not for the event loop."""
        return Refusal(
            kind=self.kind,
            name=_printable(self.name),
            count=self.count.count,
            first_at=self.count.first_at,
            last_at=self.count.last_at,
            reason=self.count.reason,
            shape=shape(self.count.payload),
        )


def shape(payload: bytes) -> str:
    """Keys and types of a payload, never its values: ``{"co2": number}``."""
    if not payload:
        return "empty"
    if len(payload) > _MOST_READ:
        return f"more than {_MOST_READ} bytes"
    try:
        value = json.loads(payload)
    except UnicodeDecodeError:
        return f"{len(payload)} bytes, not text"
    except (ValueError, RecursionError):
        return f"text of {len(payload)} bytes, not JSON"
    text = "".join(_pieces(value, _MOST_LEVELS))
    return text if len(text) <= _LONGEST_SHAPE else f"{text[: _LONGEST_SHAPE - 1]}…"


def _pieces(value: object, levels: int) -> Iterator[str]:
    match value:
        case dict():
            if not levels:
                yield "{…}"
                return
            yield "{"
            for index, (key, inner) in enumerate(value.items()):
                if index == _MOST_KEYS:
                    yield ", …"
                    break
                yield ", " if index else ""
                yield json.dumps(_printable(key[:_LONGEST_KEY]), ensure_ascii=False)
                yield ": "
                yield from _pieces(inner, levels - 1)
            yield "}"
        case list():
            yield f"list of {len(value)}"
        case bool():
            yield "boolean"
        case int() | float():
            yield "number"
        case str():
            yield "text"
        case _:
            yield "null"


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else "�" for c in text)
