"""What bytes stand in the log for an event, and which event do bytes stand for?

An entry is one canonical JSON object (RFC 8785) with these keys:

``event``
    The fields of the event, as ``plain`` writes them.
``position``
    1 for the first entry.
``recorded_at``
    Our clock, ``2026-03-01T12:00:00.000000Z``.
``room``
    The id of the room, or null for the monitor itself.
``type``
    The name of the event's class.
``version``
    Of the form of events. Older entries are never rewritten: ``UPCASTS`` brings them up
    to date when they are read.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from json import JSONDecodeError, loads
from typing import Any, get_args

from room_monitor.core.events import Entry, Event
from room_monitor.core.ids import RoomId
from room_monitor.evidence.canonical import canonical_text
from room_monitor.evidence.plain import shape_of
from room_monitor.evidence.shapes import Misfit, Shape, dump_instant, load_instant

VERSION = 1
"""The form in which events are written now."""

UPCASTS: dict[int, Callable[[str, dict[str, Any]], tuple[str, dict[str, Any]]]] = {}
"""From each older version to the next: type and fields in, type and fields out."""

EVENT_TYPES: Mapping[str, type] = {kind.__name__: kind for kind in get_args(Event)}
"""Every class of event by the name it has in the log."""

_SHAPES: dict[type, Shape[Any]] = {k: shape_of(k) for k in EVENT_TYPES.values()}
_KEYS = frozenset({"event", "position", "recorded_at", "room", "type", "version"})


def encode(
    position: int, recorded_at: datetime, room: RoomId | None, event: Event
) -> bytes:
    """The bytes of an entry.

    Args:
        position: Where it stands.
        recorded_at: Our clock, aware.
        room: Where it happened, if in a room.
        event: What happened.

    Raises:
        ValueError: Something in it has no canonical form.
    """
    kind = type(event)
    return (
        f'{{"event":{_SHAPES[kind].canonical_text(event)},"position":{position},'
        f'"recorded_at":"{dump_instant(recorded_at)}","room":{canonical_text(room)},'
        f'"type":"{kind.__name__}","version":{VERSION}}}'
    ).encode()


def decode(entry: bytes, hash_: bytes) -> Entry:
    """The entry that bytes stand for.

    Args:
        entry: As ``encode`` made them, now or in an older version.
        hash_: Its hash in the chain.

    Raises:
        ValueError: The bytes are no entry, or of a newer version than this program.
    """
    try:
        plain = loads(entry)
    except (JSONDecodeError, UnicodeDecodeError) as error:
        raise Misfit("not JSON") from error
    if type(plain) is not dict or plain.keys() != _KEYS:
        raise Misfit("not the keys of an entry")
    name, fields = plain["type"], plain["event"]
    if plain["version"] != VERSION:
        name, fields = _upcast(name, fields, plain["version"])
    kind = EVENT_TYPES.get(name)
    if kind is None:
        raise Misfit(f"no event is called {name!r}")
    return Entry(
        position=plain["position"],
        recorded_at=load_instant(plain["recorded_at"]),
        room=plain["room"],
        event=_SHAPES[kind].load(fields),
        hash=hash_,
    )


def _upcast(
    name: str, fields: dict[str, Any], version: object
) -> tuple[str, dict[str, Any]]:
    if not isinstance(version, int) or version > VERSION:
        raise Misfit(f"written by a newer program (version {version} of events)")
    for step in range(version, VERSION):
        name, fields = UPCASTS[step](name, fields)
    return name, fields
