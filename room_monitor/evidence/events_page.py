"""The events as a page for people: ``docs/events.md`` is this, nothing else.

    python -m room_monitor.evidence.events_page docs/events.md

Meanings come from the docstrings of the events, fields and types from their definition.
The words around the tables stand beside the page, in ``events.frame.md``.
"""

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from inspect import cleandoc
from pathlib import Path
from string import Template
from types import NoneType, UnionType
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

from room_monitor.core.events import (
    AlertEvent,
    BreachEvent,
    DoorMoved,
    Evidence,
    MonitorEvent,
    PagingEvent,
    SensedEvent,
    Source,
    StayEvent,
)
from room_monitor.core.ids import DeviceId, RoomId
from room_monitor.core.site import Role
from room_monitor.evidence.chain import GENESIS, link
from room_monitor.evidence.entries import VERSION, encode
from sensors.quantity import Quantity

EVERYWHERE: Final[Mapping[str, str]] = {
    "alert": "Which alert; made from the id of its breach.",
    "at": "When it happened.",
    "began_at": "Since when it was so.",
    "channel": "By which channel of the site.",
    "breach": "Which breach; made from obligation and begin.",
    "catalogue": "Version and hash of the requirements.",
    "configuration": "Hash of all configuration files in use.",
    "device": "Which device of the site.",
    "ended_at": "Until when it was so.",
    "evidence": "The reading that decided it, if one did.",
    "happened_at": "When it happened; `recorded_at` of the entry says when it was told.",
    "page": "Which page.",
    "obligation": "`room/requirement/ask`, with `/device` and `@stay` where it is of one.",
    "person": "Who: a commitment to a name that is kept elsewhere and can be erased.",
    "priority": "How soon a person must look.",
    "quantity": "What was measured.",
    "reason": "Why.",
    "remark": "A commitment to free text, kept like `person`.",
    "requirement": "Its id in the catalogue.",
    "record": "Its name, by which it can be corrected.",
    "role": "In which role somebody acted.",
    "shift": "Which shift of the site.",
    "source": "What it rests on in the catalogue.",
    "stay": "Which stay it is about.",
}
"""What a field means in every event that says no more about it."""

TYPES: Final[Mapping[type, str]] = {
    str: "text",
    bool: "yes or no",
    int: "whole number",
    float: "number",
    datetime: "instant",
    timedelta: "duration in s",
}


def events_page(frame: Template) -> str:
    """The page.

    Args:
        frame: The text, with a place for each group of events, for what is inside them,
            for the words that fields may hold, and for an example.
    """
    groups = (
        MonitorEvent,
        BreachEvent,
        SensedEvent,
        StayEvent,
        AlertEvent,
        PagingEvent,
    )
    names = ("monitor", "breach", "sensed", "stay", "alert", "paging")
    return frame.substitute(
        {
            name: _sections(get_args(group))
            for name, group in zip(names, groups, strict=True)
        },
        inside=_sections((Source, Evidence)),
        words="\n\n".join(_words((*groups, Source, Evidence))),
        version=VERSION,
        **_example(),
    )


def meaning(kind: type) -> tuple[str, dict[str, str]]:
    """What the docstring of a class says of it, and of each of its fields."""
    told, _, attributes = cleandoc(kind.__doc__ or "").partition("Attributes:")
    of_fields = re.findall(
        r"^ {4}(\w+): (.*(?:\n {8}.*)*)", attributes, flags=re.MULTILINE
    )
    return _line(told), {name: _line(text) for name, text in of_fields}


def described(kind: type, field: Field[Any]) -> str:
    """What a field of an event means.

    Raises:
        KeyError: Neither the event nor this page says.
    """
    _, of_fields = meaning(kind)
    return of_fields.get(field.name) or EVERYWHERE[field.name]


def _sections(kinds: Iterable[type]) -> str:
    return "\n\n".join("\n".join(_section(kind)) for kind in kinds)


def _section(kind: type) -> Iterator[str]:
    told, _ = meaning(kind)
    yield f"### `{kind.__name__}`"
    yield ""
    yield told
    hints = get_type_hints(kind)
    if fields(kind):
        yield ""
        yield "| field | holds | meaning |"
        yield "|---|---|---|"
    for field in fields(kind):
        lackable = field.default is not MISSING and field.default is None
        hint = hints[field.name]
        lacking = ", or left out" if lackable else ", or null"
        holds = _type(hint) + (lacking if NoneType in get_args(hint) else "")
        yield f"| `{field.name}` | {holds} | {described(kind, field)} |"


def _type(hint: Any) -> str:
    """A type in the words of people."""
    if get_origin(hint) in (Union, UnionType):
        members = [each for each in get_args(hint) if each is not NoneType]
        return " or ".join(_type(each) for each in members)
    if get_origin(hint) is tuple:
        return f"list of {_type(get_args(hint)[0])}"
    if supertype := getattr(hint, "__supertype__", None):
        return "id" if supertype is str else _type(supertype)
    if issubclass(hint, Enum) or is_dataclass(hint):
        return f"[`{hint.__name__}`](#{hint.__name__.lower()})"
    return TYPES[hint]


def _words(groups: Iterable[Any]) -> Iterator[str]:
    """The words that fields may hold, by kind of word."""
    kinds = [kind for group in groups for kind in get_args(group) or (group,)]
    found = {
        each.__name__: each
        for kind in kinds
        for hint in get_type_hints(kind).values()
        for each in get_args(hint) or (hint,)
        if isinstance(each, type) and issubclass(each, Enum)
    }
    for name, kind in sorted(found.items()):
        yield f"### `{name}`"
        yield meaning(kind)[0]
        yield " · ".join(f"`{member.value}`" for member in kind)


def _example() -> dict[str, str]:
    at = datetime(2026, 3, 1, 12, tzinfo=UTC)
    moved = DoorMoved(
        device=DeviceId("door-1"),
        role=Role.DOOR_CONTACT,
        quantity=Quantity.DOOR_CONTACT,
        state="open",
        at=at,
    )
    entry = encode(1, at, RoomId("calm-1"), moved)
    return {"entry": entry.decode(), "hash": link(GENESIS, entry).hex()}


def _line(text: str) -> str:
    return " ".join(text.replace("``", "`").split())


def main(page: Path) -> None:
    """Write the page from its frame, which lies beside it."""
    frame = Template(page.with_suffix(".frame.md").read_text("utf-8"))
    page.write_text(events_page(frame), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
