"""The channels: each is one way to reach somebody, and names the file of its secret."""

import ipaddress
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import BeforeValidator

from room_monitor.settings.operation import FileName, Topic
from room_monitor.settings.problems import Problem, did_you_mean
from room_monitor.settings.shapes import Shape, Slug, at, items, read, word
from room_monitor.settings.values import (
    AppriseChannel,
    Channel,
    MqttChannel,
    WebhookChannel,
)
from room_monitor.settings.yaml_source import KeyPath, Source

TAKEN: Final = frozenset({"mqtt"})
"""Names of transports that are always there."""

OWN_TOPICS: Final = "alerts"
"""Where every change of an alert is published already."""

_MAX_URL = 2000
_NEVER_HERE = (
    "a secret is never written in this file, which is stored and shown; write it in a "
    "file of its own and name that: '{key}: secrets/{id}'"
)


def web_address(text: str) -> str:
    """The URL of a receiver, if pages may go there.

    ``http://`` is for this machine and for addresses of a private network, written as
    numbers: a name may lead anywhere tomorrow. Everything else is ``https://``.

    Raises:
        ValueError: If they may not. The message never has the URL in it.
    """
    try:
        parts = urlsplit(text)
        _port, host = parts.port, parts.hostname
    except ValueError:
        raise ValueError("not a web address; write it as https://host/path") from None
    if (
        parts.scheme not in ("http", "https")
        or not host
        or len(text) > _MAX_URL
        or not text.isprintable()
        or any(character.isspace() for character in text)
    ):
        raise ValueError("not a web address; write it as https://host/path")
    if parts.fragment:
        raise ValueError("a web address with '#' in it, which is never sent")
    if parts.scheme == "http" and not _is_near(host):
        raise ValueError(
            "'http://' is only for this machine and for addresses like 10.0.0.5 in a "
            "private network; write 'https://'"
        )
    return text


def _is_near(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or (address.is_private and not address.is_unspecified)


def _web_address(value: object) -> str:
    text = web_address(word(value))
    if "@" in urlsplit(text).netloc:
        raise ValueError(
            "a password is never written in this file, which is stored and shown; write "
            "the whole address in a file of its own and name that: 'url_file: …'"
        )
    return text


def _topic_of_its_own(topic: str) -> str:
    if topic.split("/", maxsplit=1)[0] == OWN_TOPICS:
        raise ValueError(f"'{OWN_TOPICS}' is where every alert is published already")
    return topic


class _AppriseShape(Shape):
    id: Slug
    kind: str
    url_file: FileName


class _MqttShape(Shape):
    id: Slug
    kind: str
    topic: Annotated[Topic, BeforeValidator(lambda v: _topic_of_its_own(word(v)))]


class _WebhookShape(Shape):
    id: Slug
    kind: str
    url: Annotated[str | None, BeforeValidator(_web_address)] = None
    url_file: FileName | None = None
    secret_file: FileName
    ca: FileName | None = None


def _apprise(shape: _AppriseShape) -> AppriseChannel:
    return AppriseChannel(id=shape.id, url_file=shape.url_file)


def _mqtt(shape: _MqttShape) -> MqttChannel:
    return MqttChannel(id=shape.id, topic=shape.topic)


def _webhook(shape: _WebhookShape) -> WebhookChannel:
    return WebhookChannel(**shape.model_dump(exclude={"kind"}))


_KINDS: Final[Mapping[str, tuple[type[Shape], Callable[..., Channel]]]] = {
    "apprise": (_AppriseShape, _apprise),
    "mqtt": (_MqttShape, _mqtt),
    "webhook": (_WebhookShape, _webhook),
}
_SECRETS: Final = {
    ("apprise", "url"): "url_file",
    ("webhook", "secret"): "secret_file",
}
KINDS: Final = frozenset(_KINDS)
CHANNEL_KEYS: Final = frozenset(
    key for shape, _ in _KINDS.values() for key in shape.model_fields
)


def read_channels(source: Source, problems: list[Problem]) -> Mapping[str, Channel]:
    """Read ``channels``, by their ids; adds every problem in it."""
    places = list(items(source, ("channels",), problems))
    channels = [_read_channel(source, path, problems) for path in places]
    problems.extend(_doubled_ids(source, places))
    return {channel.id: channel for channel in channels if channel is not None}


def _read_channel(
    source: Source, path: KeyPath, problems: list[Problem]
) -> Channel | None:
    kind = at(source, (*path, "kind"))
    if not isinstance(kind, str) or kind not in _KINDS:
        problems.append(_no_kind(source, path, kind))
        return None
    shape_of_kind, made = _KINDS[kind]
    before = len(problems)
    shape = read(shape_of_kind, source, path, problems)
    problems[before:] = _without_secrets(source, path, kind, problems[before:])
    if shape is None:
        return None
    channel = made(shape)
    if channel.id in TAKEN:
        message = f"'{channel.id}' is always there, and tells every change of an alert"
        problems.append(source.problem((*path, "id"), f"{message}; choose another id"))
    if isinstance(channel, WebhookChannel):
        problems.extend(_contradictions(source, path, channel))
    return channel


def _no_kind(source: Source, path: KeyPath, kind: object) -> Problem:
    if not isinstance(at(source, path), dict):
        return source.problem(path, "must be keys with values")
    place = (*path, "kind")
    if kind is None:
        known = ", ".join(sorted(_KINDS))
        return source.problem(place, f"missing; known are {known}")
    if not isinstance(kind, str):
        return source.problem(
            place, "must be a single value" + did_you_mean("", _KINDS)
        )
    message = f"'{kind[:40]}' is not known" + did_you_mean(kind, _KINDS)
    return source.problem(place, message)


def _without_secrets(
    source: Source, path: KeyPath, kind: str, found: list[Problem]
) -> list[Problem]:
    """The same problems; a secret in the file is called that, not an unknown key."""
    for (of_kind, key), file_key in _SECRETS.items():
        place = (*path, key)
        if kind == of_kind and at(source, place) is not None:
            name = at(source, (*path, "id"))
            # The id is shown in an example only: whatever stands there must be short.
            shown = name if isinstance(name, str) and name.isprintable() else "channel"
            message = _NEVER_HERE.format(key=file_key, id=shown[:40])
            silenced = {source.key(place), source.key((*path, file_key))}
            found = [each for each in found if each.key not in silenced]
            found.append(source.problem(place, message))
    return found


def _contradictions(
    source: Source, path: KeyPath, channel: WebhookChannel
) -> Iterator[Problem]:
    if channel.url is None and channel.url_file is None:
        message = "missing; or name the file it stands in: 'url_file'"
        yield source.problem((*path, "url"), message)
    if channel.url is not None and channel.url_file is not None:
        message = "there is a 'url' as well; keep one of them"
        yield source.problem((*path, "url_file"), message)


def _doubled_ids(source: Source, places: list[KeyPath]) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for path in places:
        place = (*path, "id")
        name = at(source, place)
        if not isinstance(name, str):
            continue
        if name in first:
            message = f"'{name}' is used twice; the first is on line {first[name]}"
            yield source.problem(place, message)
        first.setdefault(name, source.line(place))


def missing_files(channels: Mapping[str, Channel], source: Source) -> Iterator[Problem]:
    """Files that channels name and that are not there.

    A file that is there and cannot be read is none of them: the channel says so at each
    attempt, and the monitor watches on.
    """
    for path in items(source, ("channels",), []):
        name = at(source, (*path, "id"))
        channel = channels.get(name) if isinstance(name, str) else None
        for key in ("url_file", "secret_file", "ca"):
            file: Path | None = getattr(channel, key, None)
            if file is not None and not _is_there(file):
                yield source.problem((*path, key), f"there is no file '{file}'")


def _is_there(file: Path) -> bool:
    try:
        return file.is_file()
    except PermissionError:
        return True  # as far as anybody may know


def under(channels: Mapping[str, Channel], folder: Path) -> Mapping[str, Channel]:
    """The same, with relative file names read from ``folder``."""
    return {name: channel.under(folder) for name, channel in channels.items()}
