"""How the monitor itself is watched: ``vigil`` in ``site.yaml``."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Final

from pydantic import BeforeValidator

from room_monitor.settings.problems import Problem
from room_monitor.settings.shapes import (
    Count,
    Duration,
    Shape,
    Share,
    Size,
    at,
    read,
    word,
)
from room_monitor.settings.values import Heartbeat, Vigil
from room_monitor.settings.yaml_source import KeyPath, Source

LEAST: Final = timedelta(seconds=1)
LEAST_EVERY: Final = timedelta(seconds=10)
METHODS: Final = ("get", "post")

_PATH: Final[KeyPath] = ("vigil",)
_HEARTBEAT: Final[KeyPath] = ("vigil", "heartbeat")
_NEVER_HERE = (
    "the address of a heartbeat is a secret and never written in this file, which is "
    "stored and shown; write it in a file of its own and name that: "
    "'url_file: secrets/heartbeat'"
)
_USUAL = Vigil()


def _file(value: object) -> Path:
    text = word(value)
    if "://" in text:
        raise ValueError(_NEVER_HERE)
    return Path(text)


def _method(value: object) -> str:
    text = word(value)
    if text not in METHODS:
        raise ValueError(f"'{text[:20]}' is not known; write 'get' or 'post'")
    return text


class _HeartbeatShape(Shape):
    url_file: Annotated[Path, BeforeValidator(_file)]
    every: Duration = timedelta(minutes=1)
    method: Annotated[str, BeforeValidator(_method)] = "get"
    misses: Count = 5


class _VigilShape(Shape):
    broker_away: Duration = _USUAL.broker_away
    store_away: Duration = _USUAL.store_away
    scheduler_late: Duration = _USUAL.scheduler_late
    engine_stuck: Duration = _USUAL.engine_stuck
    transport_stuck: Duration = _USUAL.transport_stuck
    clock_unsure: Duration = _USUAL.clock_unsure
    disk_free: Size = _USUAL.disk_free
    disk_free_share: Share = _USUAL.disk_free_share
    memory: Size = _USUAL.memory
    settled: Duration = _USUAL.settled
    heartbeat: object = None


VIGIL_KEYS: Final = frozenset(_VigilShape.model_fields) | frozenset(
    _HeartbeatShape.model_fields
)


def read_vigil(source: Source, problems: list[Problem]) -> Vigil | None:
    """Read ``vigil``; ``None`` after adding every problem in it."""
    if at(source, _PATH) is None:
        return Vigil()
    shape = read(_VigilShape, source, _PATH, problems)
    heartbeat = _read_heartbeat(source, problems)
    if shape is None:
        return None
    for key, value in shape:
        if isinstance(value, timedelta) and value < LEAST:
            problems.append(source.problem((*_PATH, key), "must be at least 1 s"))
    values = shape.model_dump(exclude={"heartbeat"})
    return Vigil(heartbeat=heartbeat, **values)


def missing_file(vigil: Vigil, source: Source) -> Iterator[Problem]:
    """That the file with the address is not there."""
    if vigil.heartbeat is not None and not vigil.heartbeat.url_file.is_file():
        message = f"there is no file '{vigil.heartbeat.url_file}'"
        yield source.problem((*_HEARTBEAT, "url_file"), message)


def _read_heartbeat(source: Source, problems: list[Problem]) -> Heartbeat | None:
    before = len(problems)
    shape = read(_HeartbeatShape, source, _HEARTBEAT, problems)
    place = (*_HEARTBEAT, "url")
    if at(source, place) is not None:
        problems[before:] = [p for p in problems[before:] if p.key != source.key(place)]
        problems.append(source.problem(place, _NEVER_HERE))
    if shape is None:
        return None
    if shape.every < LEAST_EVERY:
        message = "must be at least 10 s"
        problems.append(source.problem((*_HEARTBEAT, "every"), message))
    if not shape.misses:
        message = "must be at least 1"
        problems.append(source.problem((*_HEARTBEAT, "misses"), message))
    return Heartbeat(**shape.model_dump())
