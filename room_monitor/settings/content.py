"""What the catalogue says, however it is written: the hash that verdicts carry."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, timedelta
from enum import Enum
from typing import Any

from room_monitor.core.requirements import Requirement
from room_monitor.settings.values import Fact


def content_hash(
    version: str, requirements: Iterable[Requirement], facts: Iterable[Fact]
) -> str:
    """SHA-256 of what the catalogue says; comments, order and spelling do not count."""
    content = {
        "version": version,
        "requirements": [_plain(r) for r in sorted(requirements, key=lambda r: r.id)],
        "facts": [_plain(f) for f in sorted(facts, key=lambda f: f.name)],
    }
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    """What JSON can hold. Defaults are left out: a new key with one changes no hash."""
    match value:
        case Enum():
            return value.value
        case timedelta():
            return f"{value.total_seconds()!r} s"
        case date():
            return value.isoformat()
        case frozenset():
            return sorted(str(_plain(each)) for each in value)
        case tuple():
            return [_plain(each) for each in value]
        case Mapping():
            return {str(key): _plain(each) for key, each in value.items()}
        case _ if is_dataclass(value):
            own = {
                field.name: _plain(getattr(value, field.name))
                for field in fields(value)
                if getattr(value, field.name) != _default(field)
            }
            return {"type": type(value).__name__, **own}
        case _:
            return value


def _default(field: Field[Any]) -> object:
    """What a field is where nothing is said; ``MISSING`` equals nothing."""
    if field.default_factory is not MISSING:
        return field.default_factory()
    return field.default
