"""How the monitor itself is run: its broker, and how long it keeps telemetry."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator

from room_monitor.settings.problems import Problem
from room_monitor.settings.shapes import Count, Duration, Shape, Text, at, read, word
from room_monitor.settings.values import (
    LEAST_READINGS,
    Broker,
    Protocol,
    Storage,
    Tls,
)
from room_monitor.settings.yaml_source import KeyPath, Source

_NEVER_HERE = (
    "a password is never written in this file, which is stored and shown; write it in "
    "a file of its own and name that: 'password_file: /etc/room-monitor/password', or "
    "name an environment variable: 'password_env: ROOM_MONITOR_BROKER_PASSWORD'"
)
_MAX_TOPIC_BYTES = 1024


def topic(value: object) -> str:
    """A topic one can publish to.

    Raises:
        ValueError: If it is empty, too long, or has wildcards or a slash at an end.
    """
    text = word(value)
    if not text or text != text.strip() or not text.isprintable():
        raise ValueError(f"'{text[:80]}' is not a topic")
    if len(text.encode()) > _MAX_TOPIC_BYTES:
        raise ValueError(f"a topic of more than {_MAX_TOPIC_BYTES} bytes")
    if "+" in text or "#" in text:
        raise ValueError(f"'{text}' has a wildcard in it; name one topic")
    if text.startswith(("/", "$")) or text.endswith("/") or "//" in text:
        raise ValueError(
            f"'{text}' must not begin with '/' or '$', end with '/' or have '//' in it"
        )
    return text


def _host(value: object) -> str:
    text = word(value)
    if not re.fullmatch(r"[A-Za-z0-9_.:-]{1,253}", text):
        raise ValueError(
            f"'{text[:80]}' is not a host name or address; 'port', 'tls' and "
            "'username' are keys of their own"
        )
    return text


def _port(value: object) -> int:
    text = word(value)
    if not re.fullmatch(r"[0-9]{1,5}", text) or not 0 < int(text) < 65_536:
        raise ValueError(f"'{text[:20]}' is not a port: 1 to 65535")
    return int(text)


def _variable(value: object) -> str:
    text = word(value)
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,127}", text):
        raise ValueError(f"'{text[:40]}' is not the name of an environment variable")
    return text


def _protocol(value: object) -> Protocol:
    text = word(value)
    if text not in ("5", "3.1.1"):
        raise ValueError(f"MQTT '{text[:20]}' is not known; write '5' or '3.1.1'")
    return Protocol(text)


Topic = Annotated[str, BeforeValidator(topic)]
FileName = Annotated[Path, BeforeValidator(lambda v: Path(word(v)))]


class _TlsShape(Shape):
    ca: FileName | None = None
    cert: FileName | None = None
    key: FileName | None = None


class _BrokerShape(Shape):
    host: Annotated[str, BeforeValidator(_host)]
    port: Annotated[int | None, BeforeValidator(_port)] = None
    tls: object = None
    username: Text | None = None
    password_file: FileName | None = None
    password_env: Annotated[str | None, BeforeValidator(_variable)] = None
    client_id: Text = "room-monitor"
    protocol: Annotated[Protocol, BeforeValidator(_protocol)] = Protocol.V5
    keepalive: Duration = timedelta(seconds=60)
    receive_maximum: Count = 1000
    topic_prefix: Topic = "room-monitor"


class _StorageShape(Shape):
    keep_readings: Duration = Storage().keep_readings
    keep_rollups: Duration = Storage().keep_rollups


BROKER_KEYS = frozenset(_BrokerShape.model_fields)
TLS_KEYS = frozenset(_TlsShape.model_fields)
STORAGE_KEYS = frozenset(_StorageShape.model_fields)


def read_broker(source: Source, problems: list[Problem]) -> Broker | None:
    """Read ``broker``; ``None`` after adding every problem in it."""
    path: KeyPath = ("broker",)
    before = len(problems)
    shape = read(_BrokerShape, source, path, problems)
    for place in ((*path, "password"), (*path, "tls", "password")):
        if at(source, place) is not None:
            problems[before:] = [
                p for p in problems[before:] if p.key != source.key(place)
            ]
            problems.append(source.problem(place, _NEVER_HERE))
    tls = _read_tls(source, problems)
    if shape is None:
        return None
    problems.extend(_contradictions(shape, source, path))
    default_port = 1883 if tls is None else 8883
    values = shape.model_dump(exclude={"tls", "port"})
    return Broker(tls=tls, port=shape.port or default_port, **values)


def _read_tls(source: Source, problems: list[Problem]) -> Tls | None:
    path: KeyPath = ("broker", "tls")
    match at(source, path):
        case None | "none":
            return None
        case "system":
            return Tls()
        case str(text):
            problems.append(
                source.problem(
                    path, f"'{text}' is not known; write 'none', 'system' or 'ca: file'"
                )
            )
            return None
    shape = read(_TlsShape, source, path, problems)
    if shape is None:
        return None
    if (shape.cert is None) != (shape.key is None):
        problems.append(
            source.problem(path, "'cert' and 'key' belong together; give both")
        )
    return Tls(ca=shape.ca, cert=shape.cert, key=shape.key)


def _contradictions(
    shape: _BrokerShape, source: Source, path: KeyPath
) -> list[Problem]:
    found: list[Problem] = []
    if shape.password_file is not None and shape.password_env is not None:
        message = "there is a 'password_file' as well; keep one of them"
        found.append(source.problem((*path, "password_env"), message))
    has_password = shape.password_file is not None or shape.password_env is not None
    if has_password and shape.username is None:
        found.append(source.problem(path, "a password without a 'username'"))
    if not timedelta(seconds=1) <= shape.keepalive <= timedelta(seconds=65_535):
        message = "must be between 1 s and 65535 s"
        found.append(source.problem((*path, "keepalive"), message))
    if not 1 <= shape.receive_maximum <= 65_535:
        message = "must be between 1 and 65535"
        found.append(source.problem((*path, "receive_maximum"), message))
    return found


def read_storage(source: Source, problems: list[Problem]) -> Storage | None:
    """Read ``storage``; ``None`` after adding every problem in it."""
    path: KeyPath = ("storage",)
    if at(source, path) is None:
        return Storage()
    shape = read(_StorageShape, source, path, problems)
    if shape is None:
        return None
    if shape.keep_readings < LEAST_READINGS:
        message = (
            f"at least {LEAST_READINGS.days} days: daylight is judged over two weeks"
        )
        problems.append(source.problem((*path, "keep_readings"), message))
    if shape.keep_rollups < shape.keep_readings:
        message = "shorter than 'keep_readings'"
        problems.append(source.problem((*path, "keep_rollups"), message))
    return Storage(keep_readings=shape.keep_readings, keep_rollups=shape.keep_rollups)
