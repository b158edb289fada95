"""How our own devices write; the format is in ``sensors.profiles.native``."""

import json
from collections.abc import Iterable, Iterator, Sequence

from sensors.measurement import Measurement
from sensors.profiles.native import VERSION, WITH_TAG
from sensors.quantity import Quantity
from sensors.simulator.encode.message import (
    Family,
    Fragment,
    Message,
    Voice,
    merged,
    plain,
    refuse_unless,
    write,
    write_time,
)

_HEAD = ("at", "seq", "channel")


def _encode(base: str, measurements: Sequence[Measurement]) -> tuple[Message, ...]:
    return tuple(_messages(base, measurements))


def _messages(base: str, measurements: Sequence[Measurement]) -> Iterator[Message]:
    said = []
    for m in measurements:
        if m.quantity is Quantity.AVAILABILITY:
            refuse_unless(m[2:] == (None,) * 4, m)
            state = m.quantity.describe(m.value)
            yield Message(f"{base}/availability", state.encode(), retain=True)
        else:
            said.append(m)
    by_head: dict[tuple[object, ...], list[Measurement]] = {}
    for m in said:
        at = None if m.measured_at is None else write_time(m.measured_at)
        head: tuple[object, ...] = (at, m.sequence, m.channel)
        by_head.setdefault(head, []).append(m)
    for head, group in by_head.items():
        yield from _with_head(base, head, group)


def _with_head(
    base: str, head: tuple[object, ...], group: Iterable[Measurement]
) -> Iterator[Message]:
    fields = {k: v for k, v in zip(_HEAD, head, strict=True) if v is not None}
    start = json.dumps({"v": VERSION, **fields}, separators=(",", ":"))[:-1].encode()
    for readings in merged(map(_reading, group)):
        yield Message(base, b"".join((start, b',"readings":', write(readings), b"}")))


def _reading(m: Measurement) -> Fragment:
    key = (m.quantity.value,)
    if m.tag is not None:
        refuse_unless(m.quantity in WITH_TAG, m)
        return {
            (*key, "state"): m.quantity.describe(m.value),
            (*key, "tag"): m.tag,
        }
    if m.quantity.states:
        return {key: m.quantity.describe(m.value)}
    return {key: plain(m.value)}


def _voice(quantity: Quantity, channel: str | None) -> Voice:
    return Voice(quantity, channel)


FAMILY = Family("native", _encode, _voice, dates=True, numbers=True)
