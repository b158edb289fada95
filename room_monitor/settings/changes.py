"""What differs between two settings, in words, and where."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from room_monitor.core.events import ConfigurationChanged
from room_monitor.core.ids import RoomId
from room_monitor.core.rota import Rota
from room_monitor.core.site import Device, Room
from room_monitor.settings.shapes import at
from room_monitor.settings.values import SITE_FILE, Settings
from room_monitor.settings.yaml_source import Tree, parse


def changes(before: Settings, after: Settings, now: datetime) -> ConfigurationChanged:
    """Say what changed from one to the other, in force from ``now`` (aware UTC)."""
    rooms_before, rooms_after = dict(before.site.by_id), dict(after.site.by_id)
    lines = [
        *_lines("room", rooms_before, rooms_after, _room),
        *_lines("device", _devices(rooms_before), _devices(rooms_after), _fields),
        *_lines(
            "requirement",
            {r.id: r for r in before.catalogue.requirements},
            {r.id: r for r in after.catalogue.requirements},
            _fields,
        ),
    ]
    if before.catalogue.version != after.catalogue.version:
        lines.append(
            f"catalogue: {before.catalogue.version} → {after.catalogue.version}"
        )
    lines += [
        f"{part}: changed"
        for part in ("broker", "storage", "vigil")
        if getattr(before, part) != getattr(after, part)
    ]
    if _channels(before) != _channels(after):
        lines.append("channels: changed")
    lines += _who_is_told(before.rota, after.rota)
    return ConfigurationChanged(
        at=now,
        configuration=after.hash,
        catalogue=after.catalogue.stamp,
        rooms=tuple(sorted(_watched_otherwise(rooms_before, rooms_after))),
        changes=tuple(lines),
    )


def _who_is_told(before: Rota, after: Rota) -> Iterable[str]:
    shifts, shifts_after = ({s.id: s for s in rota.shifts} for rota in (before, after))
    ladders, ladders_after = (
        {ladder.id: ladder for ladder in rota.ladders} for rota in (before, after)
    )
    yield from _lines("person", before.people, after.people, _fields)
    yield from _lines("shift", shifts, shifts_after, _fields)
    yield from _lines("ladder", ladders, ladders_after, _fields)
    for what, old, new in (
        ("shifts", shifts, shifts_after),
        ("ladders", ladders, ladders_after),
    ):
        if [name for name in old if name in new] != [n for n in new if n in old]:
            yield f"{what}: in another order"
    if before.fallback != after.fallback:
        yield "fallback: changed"
    if before.test_before != after.test_before:
        yield "reachability: test_before changed"
    if before.heard_within != after.heard_within:
        yield "reachability: heard_within changed"


def _channels(settings: Settings) -> Tree | None:
    """As they are written: names of files are read from a folder that is not kept."""
    site = parse(SITE_FILE, settings.sources.get(SITE_FILE, ""))
    return at(site, ("channels",))


def _watched_otherwise(
    before: Mapping[RoomId, Room], after: Mapping[RoomId, Room]
) -> Iterable[RoomId]:
    for room in before.keys() | after.keys():
        old, new = before.get(room), after.get(room)
        if old is None or new is None or old.devices != new.devices:
            yield room


def _devices(rooms: Mapping[RoomId, Room]) -> dict[str, Device]:
    return {device.id: device for room in rooms.values() for device in room.devices}


def _lines(
    what: str, before: Mapping[Any, Any], after: Mapping[Any, Any], differing: Any
) -> Iterable[str]:
    for name in sorted(before.keys() | after.keys()):
        if name not in before:
            yield f"{what} {name}: added"
        elif name not in after:
            yield f"{what} {name}: removed"
        elif changed := differing(before[name], after[name]):
            yield f"{what} {name}: {', '.join(changed)} changed"


def _fields(before: Any, after: Any) -> list[str]:
    return [
        field.name
        for field in fields(before)
        if getattr(before, field.name) != getattr(after, field.name)
    ]


def _room(before: Room, after: Room) -> list[str]:
    return [name for name in _fields(before, after) if name != "devices"]
